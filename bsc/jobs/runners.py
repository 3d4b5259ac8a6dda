"""Where jobs run: at once, on threads of this process, or on Celery's workers."""

import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache as once
from typing import Protocol

from celery import Task
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections, connections

from bsc import processes
from bsc.models import Job

logger = logging.getLogger(__name__)


class Runner(Protocol):
    def submit(self, task: Task, job: Job) -> None: ...


class InlineRunner:
    """Runs a job at once, in the caller's thread and connection."""

    def submit(self, task: Task, job: Job) -> None:
        task.apply(job.arguments, task_id=str(job.pk), throw=False)


class ThreadRunner:
    """Runs jobs in a small pool of threads of this process."""

    def __init__(self) -> None:
        if serving_lock().is_inherited:
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
def runner(name: str) -> Runner:
    return RUNNERS[name]()


def is_embedded() -> bool:
    """Say whether jobs run in the process that queues them."""
    return settings.JOB_RUNNER != "celery"


@once
def serving_lock() -> processes.Lock:
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
    while not serving_lock().take():
        if time.monotonic() > until:
            raise ImproperlyConfigured(
                "Another process serves this database. Without REDIS_URL jobs run"
                " inside the one serving process: use one worker (gunicorn"
                " --workers 1 --threads 8), or set REDIS_URL."
            )
        time.sleep(0.1)
