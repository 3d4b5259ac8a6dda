"""Periodic work of the ground floor."""

from celery import shared_task
from django.utils import timezone

from bsc import jobs, mail


@shared_task(ignore_result=True)
def recover_lost_jobs() -> None:
    """Give the jobs whose worker is gone to another one. A second run finds no more."""
    jobs.recover_lost()


@shared_task(ignore_result=True)
def mail_notices() -> None:
    """Mail what people were told and have not got by mail, in the hours of offices.

    A second run on the same day sends only what failed before.
    """
    at = timezone.now()
    if mail.is_office_hour(at):
        mail.send_digests(at=at)
