"""Background work on imports."""

from celery import shared_task
from django.utils import timezone

from bsc import jobs
from bsc.models import Unit
from bsc.periods import Period
from kpi.models import Kpi
from kpi.services import refresh_results
from sheets import services
from sheets.models import ImportBatch

Status = ImportBatch.Status


@shared_task(ignore_result=True)
@jobs.recorded
def propose_import(batch_id: int) -> dict:
    """Read an uploaded file and keep what it would change.

    Safe to run twice: it writes nothing but the proposal of its batch.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.status == Status.UPLOADED:
        services.propose_batch(batch, report=jobs.report)
    return {"status": batch.status}


@shared_task(ignore_result=True)
@jobs.recorded
def apply_import(batch_id: int) -> dict:
    """Apply the proposal of one uploaded file, all of its rows or none, and rate.

    Safe to run twice: a batch that is over is only rated again, and results whose
    inputs are as before are not written.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.status == Status.RUNNING:
        services.apply_batch(batch, report=jobs.report)
    if batch.status == Status.APPLIED:
        jobs.report(2, 3, "rating")
        rate_cards(batch.verdict["sheets"])
    return {"status": batch.status}


def rate_cards(sheets: list[dict]) -> None:
    """Reckon the results of the cards that the sheets of a verdict speak of."""
    cards = {(s["unit"], s["year"]) for s in sheets if s["unit"] and s["year"]}
    for code, year in sorted(cards):
        unit = Unit.objects.get(code=code)
        period = Period.parse(year)
        kpis = Kpi.objects.open_in(unit=unit.code, year=period.year)
        refresh_results(kpis, period, at=timezone.now())
