"""Jobs on their way to a runner: queued, run again, or cancelled."""

import logging
from typing import Any

from celery import Task, current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

from bsc import processes
from bsc.jobs import notes, runners
from bsc.models import Job, User

logger = logging.getLogger(__name__)
State = Job.State


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
        process=own_process(),
    )
    transaction.on_commit(lambda: submit(job))
    return job


def run_again(job: Job) -> None:
    """Hand a job that stopped to the runner once more; it goes on where it can.

    Raises ValidationError where it is done, or still runs.
    """
    fresh = Job.objects.filter(pk=job.pk, state=job.state)
    taken = job.may_run_again and fresh.update(
        state=State.QUEUED,
        process=own_process(),
        outcome={},
        attempts=0,
        cancel_asked_at=None,
        queued_at=timezone.now(),
        started_at=None,
        ended_at=None,
    )
    if not taken:
        raise ValidationError(_("This job is done or still runs: it cannot run again."))
    job.refresh_from_db()
    transaction.on_commit(lambda: submit(job))


def cancel(job: Job) -> None:
    """End a job: at once where it waits, at its next report where it runs.

    Raises ValidationError where it is over.
    """
    now = timezone.now()
    same = Job.objects.filter(pk=job.pk)
    waiting = same.filter(state=State.QUEUED)
    if waiting.update(state=State.CANCELLED, cancel_asked_at=now, ended_at=now):
        job.refresh_from_db()
        return
    if not same.filter(state=State.RUNNING).update(cancel_asked_at=now):
        raise ValidationError(_("This job is over."))
    notes.ask_to_stop(job.pk)
    job.refresh_from_db()


def submit(job: Job) -> None:
    """Hand a queued job to the runner; it has failed where the queue does not answer."""
    task = current_app.tasks[job.task]
    try:
        runners.runner(settings.JOB_RUNNER).submit(task, job)
    except (QueueError, RedisError, OSError):
        logger.exception("Job %s could not be queued", job.pk)
        Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
            state=State.FAILED,
            outcome={"error": {"code": "not-queued"}},
            ended_at=timezone.now(),
        )


def own_process() -> str:
    """Return the process a new job belongs to; "" where any worker may take it."""
    return processes.name_of_this_process() if runners.is_embedded() else ""
