"""The one door to background work, in this process or on Celery's workers.

An entry point calls `enqueue`; the task is an ordinary Celery task under
`recorded`, and the same object runs on whichever runner `settings.JOB_RUNNER`
names: "threads" (a pool in the one serving process), "celery", or "inline" (tests).
"""

import hashlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as once
from functools import wraps
from typing import Any, Protocol
from uuid import uuid4

from celery import Task, current_app, current_task
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import close_old_connections, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueError

from bsc import processes
from bsc.models import Job, User

logger = logging.getLogger(__name__)

# A lease outlives the longest step between two reports of progress.
LEASE_SECONDS = 300
PROGRESS_SECONDS = 24 * 60 * 60
State = Job.State


class JobFailed(Exception):
    """Raised by a task that cannot go on, with a code of `bsc.wording`."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.error = {"code": code, **parameters}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `of` pieces of the step `code`; `of` 0: unknown."""

    done: int = 0
    of: int = 0
    code: str = "waiting"

    @property
    def percent(self) -> int | None:
        """Whole percent, downwards; None where the end is not known."""
        return min(100 * self.done // self.of, 100) if self.of else None


class Runner(Protocol):
    def submit(self, task: Task, job: Job) -> None: ...


class InlineRunner:
    """Runs a job at once, in the caller's thread and connection."""

    def submit(self, task: Task, job: Job) -> None:
        task.apply(job.arguments, task_id=str(job.pk), throw=False)


class ThreadRunner:
    """Runs jobs in a small pool of threads of this process."""

    def __init__(self) -> None:
        if _serving_lock().is_inherited:
            raise ImproperlyConfigured(
                "Embedded jobs run in the process that loaded the application:"
                " serve without preloading it."
            )
        self.pool = ThreadPoolExecutor(settings.JOB_THREADS, "job")

    def submit(self, task: Task, job: Job) -> None:
        self.pool.submit(self._run, task, job.arguments, str(job.pk))

    @staticmethod
    def _run(task: Task, arguments: list, job_id: str) -> None:
        close_old_connections()
        try:
            task.apply(arguments, task_id=job_id, throw=False)
        except Exception:
            logger.exception("Job %s left its task", job_id)
        finally:
            connections.close_all()


class CeleryRunner:
    """Hands jobs to the workers of the broker."""

    def submit(self, task: Task, job: Job) -> None:
        task.apply_async(job.arguments, task_id=str(job.pk))


RUNNERS = {"inline": InlineRunner, "threads": ThreadRunner, "celery": CeleryRunner}


@once
def _runner(name: str) -> Runner:
    return RUNNERS[name]()


def _is_embedded() -> bool:
    return settings.JOB_RUNNER != "celery"


def enqueue(task: Task, *arguments: Any, kind: str, owner: User | None) -> Job:
    """Store a job and hand it to the runner once the transaction is committed.

    `arguments` are ids and words that JSON can keep. `kind` has its words in
    `bsc.wording`.
    """
    job = Job.objects.create(
        kind=kind,
        task=task.name,
        arguments=list(arguments),
        owner=owner,
        process=processes.name_of_this_process() if _is_embedded() else "",
    )
    transaction.on_commit(lambda: _submit(job))
    return job


def run_again(job: Job) -> None:
    """Hand a job that was interrupted, or never queued, to the runner once more.

    Raises ValidationError where it is in any other state.
    """
    fresh = Job.objects.filter(pk=job.pk, state=job.state)
    process = processes.name_of_this_process() if _is_embedded() else ""
    taken = job.may_run_again and fresh.update(
        state=State.QUEUED, process=process, outcome={}, started_at=None, ended_at=None
    )
    if not taken:
        raise ValidationError(_("Only an interrupted job can run again."))
    job.refresh_from_db()
    transaction.on_commit(lambda: _submit(job))


def _submit(job: Job) -> None:
    task = current_app.tasks[job.task]
    try:
        _runner(settings.JOB_RUNNER).submit(task, job)
    except (QueueError, OSError):
        logger.exception("Job %s could not be queued", job.pk)
        Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
            state=State.FAILED,
            outcome={"error": {"code": "not-queued"}},
            ended_at=timezone.now(),
        )


_running: ContextVar[int | None] = ContextVar("running_job", default=None)


def report(done: int, of: int, code: str) -> None:
    """Note the progress of the job that is running here; nothing where none is."""
    job_id = _running.get()
    if job_id is not None:
        progress(job_id, done, of, code)


def progress(job_id: int, done: int, of: int, code: str) -> None:
    """Note how far a job is, and keep its lease. No row is written."""
    cache.set(_progress_key(job_id), (done, of, code), PROGRESS_SECONDS)
    cache.touch(_lease_key(job_id), LEASE_SECONDS)


def progress_of(job: Job) -> Progress:
    """Return how far `job` is. No query."""
    noted = cache.get(_progress_key(job.pk))
    return Progress(*noted) if noted else Progress()


def recorded(work: Callable[..., dict | None]) -> Callable[..., dict | None]:
    """Make a task of `work` leave its outcome in its job's row.

    Stands under `shared_task`. The job is claimed once; what `work` returns is the
    outcome. A JobFailed or ValidationError is told to people by its words, any other
    error by a code, and in full to the log. A second run of a job that is over does
    nothing. Called without a job, it is `work` itself.
    """

    @wraps(work)
    def run(*arguments: Any) -> dict | None:
        job_id = _job_of_this_task()
        if job_id is None:
            return work(*arguments)
        lease = uuid4().hex
        started_at = _claim(job_id, lease)
        if started_at is None:
            return None
        token = _running.set(job_id)
        try:
            state, outcome = _attempt(work, arguments, job_id)
            # Whoever took over an expired lease has another start.
            Job.objects.filter(pk=job_id, started_at=started_at).update(
                state=state, outcome=outcome, ended_at=timezone.now()
            )
            return outcome
        finally:
            _running.reset(token)
            cache.delete(_progress_key(job_id))
            if cache.get(_lease_key(job_id)) == lease:
                cache.delete(_lease_key(job_id))

    return run


def _attempt(
    work: Callable[..., dict | None], arguments: tuple, job_id: int
) -> tuple[Job.State, dict]:
    try:
        return State.DONE, work(*arguments) or {}
    except JobFailed as failure:
        return State.FAILED, {"error": failure.error}
    except ValidationError as error:
        reason = " ".join(error.messages)
        return State.FAILED, {"error": {"code": "invalid", "reason": reason}}
    except Exception:
        logger.exception("Job %s failed", job_id)
        return State.FAILED, {"error": {"code": "unexpected"}}


def _job_of_this_task() -> int | None:
    name = current_task.request.id if current_task else None
    return int(name) if name and name.isdigit() else None


def _claim(job_id: int, lease: str) -> datetime | None:
    """Take the job for this run; return its start, None where it is not to be had."""
    # A broker may deliver a job again while it runs, or after its worker died.
    states = [State.QUEUED]
    if not _is_embedded():
        states += [State.RUNNING, State.INTERRUPTED]
    waiting = Job.objects.filter(pk=job_id, state__in=states)
    if not cache.add(_lease_key(job_id), lease, LEASE_SECONDS):
        if not current_task.request.is_eager and waiting.exists():
            raise current_task.retry(countdown=LEASE_SECONDS, max_retries=None)
        return None
    started_at = timezone.now()
    taken = waiting.update(
        state=State.RUNNING,
        process=processes.name_of_this_process(),
        started_at=started_at,
        ended_at=None,
        outcome={},
    )
    if not taken:
        logger.warning("Job %s is not waiting; skipped", job_id)
        cache.delete(_lease_key(job_id))
        return None
    return started_at


def interrupt_lost(jobs: QuerySet[Job] | None = None) -> int:
    """Mark those of `jobs` (all without it) whose process is gone; return how many.

    Embedded, the process that queued or runs a job is looked for. On workers, a
    running job is lost when its lease has expired; a queued one is the broker's.
    """
    jobs = Job.objects.all() if jobs is None else jobs
    lost = 0
    if _is_embedded():
        alive = jobs.filter(state__in=[State.QUEUED, State.RUNNING])
    else:
        began = timezone.now() - timedelta(seconds=LEASE_SECONDS)
        alive = jobs.filter(state=State.RUNNING, started_at__lt=began)
    for job in alive:
        if processes.is_gone(job.process) if _is_embedded() else _is_unleased(job):
            same = Job.objects.filter(pk=job.pk, state=job.state, process=job.process)
            lost += same.update(state=State.INTERRUPTED, ended_at=timezone.now())
    return lost


def settle(job: Job) -> Job:
    """Return `job` as it stands now, interrupted where its process is gone."""
    if not job.is_over and interrupt_lost(Job.objects.filter(pk=job.pk)):
        job.refresh_from_db()
    return job


def _is_unleased(job: Job) -> bool:
    return cache.get(_lease_key(job.pk)) is None


def _lease_key(job_id: int) -> str:
    return f"job:{job_id}:lease"


def _progress_key(job_id: int) -> str:
    return f"job:{job_id}:progress"


@once
def _serving_lock() -> processes.Lock:
    # One portal is one database: another one may be served beside it.
    name = hashlib.sha256(settings.DATABASE_URL.encode()).hexdigest()[:8]
    return processes.Lock(settings.VAR_DIR / f"serving-{name}.lock")


def begin_serving(*, wait_seconds: float = 10) -> None:
    """Make this process the one that serves; nothing to do where workers run jobs.

    A server that reloads itself starts the new process before the old one ends, so
    the lock is waited for. Raises ImproperlyConfigured where another process keeps
    it: progress and threads of embedded jobs are known to one process only.
    """
    if settings.JOB_RUNNER != "threads":
        return
    until = time.monotonic() + wait_seconds
    while not _serving_lock().take():
        if time.monotonic() > until:
            raise ImproperlyConfigured(
                "Another process serves this database. Without REDIS_URL jobs run"
                " inside the one serving process: use one worker (gunicorn"
                " --workers 1 --threads 8), or set REDIS_URL."
            )
        time.sleep(0.1)
