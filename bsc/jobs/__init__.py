"""The one door to background work, in this process or on Celery's workers.

An entry point calls `enqueue`; the task is an ordinary Celery task under
`recorded`, and the same object runs on whichever runner `settings.JOB_RUNNER`
names: "threads" (a pool in the one serving process), "celery", or "inline" (tests).
"""

from bsc.jobs.lost import interrupt_lost, recover_lost, settle
from bsc.jobs.notes import (
    LEASE_SECONDS,
    Progress,
    progress,
    progress_of,
    progress_of_each,
)
from bsc.jobs.queue import cancel, enqueue, run_again
from bsc.jobs.runners import begin_serving
from bsc.jobs.running import (
    Cancelled,
    JobFailed,
    checkpoint,
    checkpoint_of,
    recorded,
    report,
)

__all__ = [
    "LEASE_SECONDS",
    "Cancelled",
    "JobFailed",
    "Progress",
    "begin_serving",
    "cancel",
    "checkpoint",
    "checkpoint_of",
    "enqueue",
    "interrupt_lost",
    "progress",
    "progress_of",
    "progress_of_each",
    "recorded",
    "recover_lost",
    "report",
    "run_again",
    "settle",
]
