"""The results of a unit's year, and the table of its lights."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bsc.models import MAIN_PLAN, Scorecard
from bsc.permissions import Action, may
from kpi.boards.plan import edit_url
from reports.dashboards.frame import card_head, with_tabs
from reports.dashboards.light_tables import light_table
from reports.dashboards.results import Choice, results_board


@login_required
def results(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    card = get_object_or_404(with_tabs(visible), unit__code=code, year=year, plan=plan)
    choice = Choice.of(request.GET)
    head = card_head(card, visible, tab="results")
    board = results_board(card, choice)
    context = {
        "board": board,
        "head": head,
        "crumbs": head.crumbs,
        "card": card,
        "may_rate": may(request.user, Action.RATE, card),
        "close_url": _close_url(request, card),
        "edit_url": edit_url(card, request.user),
    }
    return render(request, "reports/results.html", context)


def _close_url(request: HttpRequest, card: Scorecard) -> str:
    """Return where the person may close the card's year; "" where they may not."""
    is_open = card.status == Scorecard.Status.IN_FORCE
    return (
        card.url_of("close")
        if is_open and may(request.user, Action.CLOSE, card)
        else ""
    )


@login_required
def lights(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    card = get_object_or_404(with_tabs(visible), unit__code=code, year=year, plan=plan)
    head = card_head(card, visible, tab="lights")
    context = {"table": light_table(card), "head": head, "crumbs": head.crumbs}
    return render(request, "reports/lights.html", context)
