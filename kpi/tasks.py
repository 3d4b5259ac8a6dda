"""Background work on KPIs."""

from celery import shared_task
from django.utils import timezone

from bsc import jobs
from bsc.periods import Period
from kpi import services
from kpi.models import Kpi
from kpi.services import reminders


@shared_task(ignore_result=True)
@jobs.recorded
def rate(unit: str | None, year: int | None) -> dict:
    """Reckon open results again: of one unit or all, of one year or all.

    Safe to run twice: results whose inputs are as before are not written. A run that
    was interrupted is taken up where its last chunk was committed.
    """
    open_kpis = Kpi.objects.open_in(unit=unit, year=year).in_plan()
    reached = jobs.checkpoint_of()
    counts = {name: reached.get(name, 0) for name in ("rated", "changed")}
    for code in services.periods_of(open_kpis):
        if code < reached.get("period", ""):
            continue
        period = Period.parse(code)

        def keep(key: int, done: services.Refreshed, code: str = code) -> None:
            counts["rated"] += done.rated
            counts["changed"] += done.changed
            jobs.checkpoint({"period": code, "after": key, **counts})

        services.refresh_results(
            open_kpis.filter(scorecard__year=period.year),
            period,
            at=timezone.now(),
            after=reached["after"] if code == reached.get("period") else 0,
            chunk_done=keep,
            progress=lambda done, of: jobs.report(done, of, "rating"),
        )
    return counts


@shared_task(ignore_result=True)
def tell_of_rounds() -> None:
    """Tell people what the rounds ask of them today. A second run tells nobody twice."""
    reminders.tell_of_rounds(on=timezone.localdate())


@shared_task(ignore_result=True)
def repair() -> None:
    """Start a job that reckons every open result again, as each night.

    Results whose inputs are as before are not written, so a second run finds nothing.
    """
    jobs.enqueue(rate, None, None, kind="rate", owner=None)
