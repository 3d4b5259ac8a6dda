"""The scorecard of a unit as a table, and as JSON."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from bsc.models import MAIN_PLAN, Scorecard
from kpi.boards.plan import edit_url
from reports.dashboards.frame import card_head, with_tabs
from reports.dashboards.scorecards import scorecard_board
from reports.documents.scorecard_json import scorecard_as_json


@login_required
def scorecard(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    card = get_object_or_404(with_tabs(visible), unit__code=code, year=year, plan=plan)
    head = card_head(card, visible, tab="scorecard")
    context = {"board": scorecard_board(card), "head": head, "crumbs": head.crumbs}
    context["edit_url"] = edit_url(card, request.user)
    return render(request, "reports/scorecard.html", context)


@login_required
def scorecard_json(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user).select_related("unit")
    card = get_object_or_404(visible, unit__code=code, year=year, plan=plan)
    response = JsonResponse(
        scorecard_as_json(card), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"scorecard-{code}-{card.roc_year}-{plan}.json"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
