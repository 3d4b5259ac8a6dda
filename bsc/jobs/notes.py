"""How far jobs are, who works on them, and who wants them to stop: kept in the cache."""

import logging
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from bsc.models import Job

logger = logging.getLogger(__name__)

# A lease outlives the longest step between two reports of progress.
LEASE_SECONDS = 300
PROGRESS_SECONDS = 24 * 60 * 60


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


def progress(job_id: int, done: int, of: int, code: str) -> None:
    """Note how far a job is, and keep its lease. No row is written.

    A broker that does not answer stops no work: what is not noted is not seen.
    """
    try:
        cache.set(progress_key(job_id), (done, of, code), PROGRESS_SECONDS)
        cache.touch(lease_key(job_id), LEASE_SECONDS)
    except RedisError:
        logger.warning("Progress of job %s could not be noted", job_id)


def progress_of(job: Job) -> Progress:
    """Return how far `job` is. No query."""
    try:
        noted = cache.get(progress_key(job.pk))
    except RedisError:
        noted = None
    return Progress(*noted) if noted else Progress()


def progress_of_each(jobs: list[Job]) -> dict[int, Progress]:
    """Return how far each of `jobs` is, by key; asked for together. No query."""
    try:
        noted = cache.get_many([progress_key(job.pk) for job in jobs])
    except RedisError:
        noted = {}
    found = {job.pk: noted.get(progress_key(job.pk)) for job in jobs}
    return {pk: Progress(*one) if one else Progress() for pk, one in found.items()}


def is_leased(job_id: int) -> bool:
    """Say whether somebody works on a job; True where nobody can tell."""
    try:
        return cache.get(lease_key(job_id)) is not None
    except RedisError:
        return True


def take_lease(job_id: int, lease: str) -> bool:
    """Take a job's lease unless another holds it."""
    return cache.add(lease_key(job_id), lease, LEASE_SECONDS)


def break_lease(job_id: int) -> None:
    """Take the lease from one that has died."""
    cache.delete(lease_key(job_id))


def leave(job_id: int, lease: str) -> None:
    """Forget the progress of a job that ended, and the lease where it is `lease`."""
    try:
        cache.delete_many([progress_key(job_id), cancel_key(job_id)])
        if cache.get(lease_key(job_id)) == lease:
            cache.delete(lease_key(job_id))
    except RedisError:
        logger.warning("The lease of job %s is left to run out", job_id)


def ask_to_stop(job_id: int) -> None:
    """Let the next report of a running job end it."""
    cache.set(cancel_key(job_id), True, PROGRESS_SECONDS)


def is_to_stop(job_id: int) -> bool:
    """Say whether somebody wants a running job to end. No query."""
    try:
        return cache.get(cancel_key(job_id), False)
    except RedisError:
        return False


def lease_key(job_id: int) -> str:
    return f"job:{job_id}:lease"


def progress_key(job_id: int) -> str:
    return f"job:{job_id}:progress"


def cancel_key(job_id: int) -> str:
    return f"job:{job_id}:cancel"
