"""Background work on KPIs."""

from celery import shared_task
from django.utils import timezone

from bsc import jobs
from bsc.periods import Period
from kpi import services
from kpi.models import Kpi


@shared_task(ignore_result=True)
@jobs.recorded
def rate(unit: str | None, year: int) -> dict:
    """Reckon the open results of one year again, of one unit or of all.

    Safe to run twice: results whose inputs are as before are not written.
    """
    refreshed = services.refresh_results(
        Kpi.objects.open_in(unit=unit, year=year).in_plan(),
        Period.parse(year),
        at=timezone.now(),
        progress=lambda done, of: jobs.report(done, of, "rating"),
    )
    return {"rated": refreshed.rated, "changed": refreshed.changed}
