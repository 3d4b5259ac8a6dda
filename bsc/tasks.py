"""Periodic work of the ground floor."""

from celery import shared_task

from bsc import jobs


@shared_task(ignore_result=True)
def interrupt_lost_jobs() -> None:
    """Mark the jobs whose worker is gone. A second run finds nothing more."""
    jobs.interrupt_lost()
