"""Scorecards and results over the API."""

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from bsc.models import MAIN_PLAN, Scorecard
from bsc.periods import common_era
from reports.documents.scorecard_json import scorecard_as_json

router = Router(tags=["scorecards"])


@router.get("/scorecards/{unit}/{year}", response=dict)
def scorecard(
    request: HttpRequest, unit: str, year: str, plan: str = MAIN_PLAN
) -> dict:
    """Return a unit's scorecard of one year, whole."""
    return scorecard_as_json(_card(request, unit, year, plan))


@router.get("/results/{unit}/{year}", response=dict)
def results(request: HttpRequest, unit: str, year: str, plan: str = MAIN_PLAN) -> dict:
    """Return the results of a unit's KPIs in one year, by code."""
    card = _card(request, unit, year, plan)
    told = scorecard_as_json(card)
    period = str(card.roc_year)
    mark = {"simulated": True} if card.unit.is_simulated else {}
    return {
        **mark,
        "unit": unit,
        "year": card.roc_year,
        "plan": plan,
        "results": {
            kpi["code"]: kpi["results"][period]
            for kpi in told["kpis"]
            if period in kpi["results"]
        },
    }


def _card(request: HttpRequest, unit: str, year: str, plan: str) -> Scorecard:
    try:
        wanted = common_era(year)
    except ValueError as error:
        raise HttpError(404, "Not Found") from error
    card = (
        Scorecard.objects.visible_to(request.user)
        .filter(unit__code=unit, year=wanted, plan=plan)
        .select_related("unit")
        .first()
    )
    if card is None:
        raise HttpError(404, "Not Found")
    return card
