"""Jobs while they run: claimed once, watched, tried again, and told how they ended."""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from celery import current_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError

from bsc import processes
from bsc.jobs import notes
from bsc.jobs.runners import is_embedded
from bsc.models import Job

logger = logging.getLogger(__name__)
State = Job.State

# What goes away by itself: a database or a broker that starts again.
PASSING = (OperationalError, InterfaceError, RedisError)
# A job whose worker died as often is not given to another one.
MAX_ATTEMPTS = 3
# After so long a job comes again whose row could not even be looked up.
RETRY_SECONDS = 15


class JobFailed(Exception):
    """Raised by a task that cannot go on, with a code of `bsc.wording`."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.error = {"code": code, **parameters}


class Cancelled(Exception):
    """Raised by `report` in a job that somebody wants to end."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a job: its key, its start, and the time by which it must end."""

    job_id: int
    started_at: datetime
    until: float


_running: ContextVar[_Run | None] = ContextVar("running_job", default=None)


def report(done: int, of: int, code: str) -> None:
    """Note the progress of the job that is running here; nothing where none is.

    Raises Cancelled where somebody wants it to end, and JobFailed where it has taken
    longer than JOB_TIME_LIMIT seconds.
    """
    run = _running.get()
    if run is None:
        return
    notes.progress(run.job_id, done, of, code)
    if notes.is_to_stop(run.job_id):
        raise Cancelled
    if time.monotonic() > run.until:
        raise JobFailed("too-long")


def checkpoint(reached: dict[str, Any]) -> None:
    """Keep how far the job that is running here has come, for its next run.

    Called after what was done is committed: a job that is taken up again goes on
    from there. Nothing where no job runs.
    """
    run = _running.get()
    if run is not None:
        same = Job.objects.filter(pk=run.job_id, started_at=run.started_at)
        same.update(checkpoint=reached)


def checkpoint_of() -> dict[str, Any]:
    """Return how far earlier runs of the job that is running here came; {} at first."""
    run = _running.get()
    if run is None:
        return {}
    found = Job.objects.filter(pk=run.job_id).values_list("checkpoint", flat=True)
    return found.first() or {}


def recorded(work: Callable[..., dict | None]) -> Callable[..., dict | None]:
    """Make a task of `work` leave its outcome in its job's row.

    Stands under `shared_task`. The job is claimed once; what `work` returns is the
    outcome. A JobFailed or ValidationError is told to people by its words, any other
    error by a code, and in full to the log. What passes by itself is waited for and
    tried again. A second run of a job that is over does nothing. Called without a
    job, it is `work` itself.
    """

    @wraps(work)
    def run(*arguments: Any) -> dict | None:
        job_id = _job_of_this_task()
        if job_id is None:
            return work(*arguments)
        lease = uuid4().hex
        started_at = _claim_when_possible(job_id, lease)
        if started_at is None:
            return None
        until = time.monotonic() + settings.JOB_TIME_LIMIT
        token = _running.set(_Run(job_id, started_at, until))
        try:
            state, outcome = _attempt_until_it_holds(work, arguments, job_id)
            _leave_outcome(job_id, started_at, state, outcome)
            return outcome
        finally:
            _running.reset(token)
            notes.leave(job_id, lease)

    return run


def _attempt_until_it_holds(
    work: Callable[..., dict | None], arguments: tuple, job_id: int
) -> tuple[Job.State, dict]:
    for wait in (*settings.JOB_RETRY_SECONDS, None):
        try:
            return _attempt(work, arguments, job_id)
        except PASSING:
            logger.exception("Job %s found a service away", job_id)
            # Inside a transaction of somebody else nothing can be tried again.
            if wait is None or connection.in_atomic_block:
                break
            _pause(job_id, wait)
    return State.FAILED, {"error": {"code": "unavailable"}}


def _attempt(
    work: Callable[..., dict | None], arguments: tuple, job_id: int
) -> tuple[Job.State, dict]:
    try:
        return State.DONE, work(*arguments) or {}
    except PASSING:
        raise
    except Cancelled:
        return State.CANCELLED, {}
    except JobFailed as failure:
        return State.FAILED, {"error": failure.error}
    except ValidationError as error:
        reason = " ".join(error.messages)
        return State.FAILED, {"error": {"code": "invalid", "reason": reason}}
    except SoftTimeLimitExceeded:
        return State.FAILED, {"error": {"code": "too-long"}}
    except Exception:
        logger.exception("Job %s failed", job_id)
        return State.FAILED, {"error": {"code": "unexpected"}}


def _leave_outcome(
    job_id: int, started_at: datetime, state: Job.State, outcome: dict
) -> None:
    """Write how a run ended; whoever took over an expired lease has another start."""
    for wait in (*settings.JOB_RETRY_SECONDS, None):
        try:
            Job.objects.filter(pk=job_id, started_at=started_at).update(
                state=state, outcome=outcome, ended_at=timezone.now()
            )
            return
        except PASSING:
            if wait is None or connection.in_atomic_block:
                raise
            _pause(job_id, wait)


def _pause(job_id: int, seconds: float) -> None:
    done = notes.progress_of(Job(pk=job_id))
    notes.progress(job_id, done.done, done.of, "waiting-for-service")
    close_old_connections()
    time.sleep(seconds)


def _job_of_this_task() -> int | None:
    name = current_task.request.id if current_task else None
    return int(name) if name and name.isdigit() else None


def _claim_when_possible(job_id: int, lease: str) -> datetime | None:
    """Claim a job; where a service is away, let the broker bring it again."""
    try:
        return _claim(job_id, lease)
    except PASSING as error:
        if current_task.request.is_eager:
            raise
        raise current_task.retry(
            exc=error, countdown=RETRY_SECONDS, max_retries=None
        ) from error


def _claim(job_id: int, lease: str) -> datetime | None:
    """Take the job for this run; return its start, None where it is not to be had."""
    # A broker may deliver a job again while it runs, or after its worker died.
    states = [State.QUEUED]
    if not is_embedded():
        states += [State.RUNNING, State.INTERRUPTED]
    waiting = Job.objects.filter(pk=job_id, state__in=states)
    held_by = waiting.values_list("process", flat=True).first()
    if held_by is not None and processes.has_died_here(held_by):
        notes.break_lease(job_id)
    if not notes.take_lease(job_id, lease):
        if not current_task.request.is_eager and held_by is not None:
            raise current_task.retry(countdown=notes.LEASE_SECONDS, max_retries=None)
        return None
    started_at = timezone.now()
    # Whoever saw the same dead process first has put its own name there.
    waiting = waiting.filter(process=held_by or "")
    taken = waiting.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=State.RUNNING,
        process=processes.name_of_this_process(),
        attempts=F("attempts") + 1,
        started_at=started_at,
        ended_at=None,
        outcome={},
    )
    if taken:
        return started_at
    given_up = waiting.update(
        state=State.FAILED,
        outcome={"error": {"code": "gave-up"}},
        ended_at=started_at,
    )
    words = "given up" if given_up else "not waiting; skipped"
    logger.warning("Job %s is %s", job_id, words)
    notes.leave(job_id, lease)
    return None
