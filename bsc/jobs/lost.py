"""Jobs whose process is gone: found, told, and on workers given to another one."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from bsc import processes
from bsc.jobs import queue
from bsc.jobs.notes import LEASE_SECONDS, is_leased
from bsc.jobs.runners import is_embedded
from bsc.jobs.running import MAX_ATTEMPTS
from bsc.models import Job

State = Job.State
# A job that no worker has taken for so long may have been lost with its broker.
WAITING_SECONDS = 900


def interrupt_lost(jobs: QuerySet[Job] | None = None) -> int:
    """Mark those of `jobs` (all without it) whose process is gone; return how many.

    Embedded, the process that queued or runs a job is looked for. On workers, a
    running job is lost when its lease has expired; a queued one is the broker's.
    """
    jobs = Job.objects.all() if jobs is None else jobs
    lost = 0
    if is_embedded():
        alive = jobs.filter(state__in=[State.QUEUED, State.RUNNING])
    else:
        began = timezone.now() - timedelta(seconds=LEASE_SECONDS)
        alive = jobs.filter(state=State.RUNNING, started_at__lt=began)
    for job in alive:
        is_lost = (
            processes.is_gone(job.process) if is_embedded() else not is_leased(job.pk)
        )
        if is_lost:
            same = Job.objects.filter(pk=job.pk, state=job.state, process=job.process)
            lost += same.update(state=State.INTERRUPTED, ended_at=timezone.now())
    return lost


def recover_lost() -> int:
    """Give what was lost on workers to the broker again; return how many jobs.

    A job whose worker died, and one that waits so long that the broker may have lost
    it. To hand over what still waits does no harm: a job is claimed once. Embedded,
    and after `MAX_ATTEMPTS` dead workers, a person decides.
    """
    interrupt_lost()
    if is_embedded():
        return 0
    now = timezone.now()
    long_ago = now - timedelta(seconds=WAITING_SECONDS)
    interrupted = Job.objects.filter(
        state=State.INTERRUPTED, attempts__lt=MAX_ATTEMPTS, cancel_asked_at=None
    )
    waiting = Job.objects.filter(state=State.QUEUED, queued_at__lt=long_ago)
    count = 0
    for job in (*interrupted, *waiting):
        same = Job.objects.filter(pk=job.pk, state=job.state, queued_at=job.queued_at)
        if same.update(state=State.QUEUED, queued_at=now, ended_at=None):
            queue.submit(job)
            count += 1
    return count


def settle(job: Job) -> Job:
    """Return `job` as it stands now, interrupted where its process is gone."""
    if not job.is_over and interrupt_lost(Job.objects.filter(pk=job.pk)):
        job.refresh_from_db()
    return job
