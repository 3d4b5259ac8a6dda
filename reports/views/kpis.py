"""The pages of one KPI, of its history, and of one objective."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bsc.models import Objective, Scorecard
from bsc.permissions import Action, may, require
from kpi.boards.plan import edit_url
from kpi.boards.review import reopening_url
from reports.dashboards.frame import CardHead, card_head, with_tabs
from reports.dashboards.histories import kpi_history as history_of
from reports.dashboards.kpis import find_kpis, kpi_board, kpi_crumbs
from reports.dashboards.lineages import steps_of
from reports.dashboards.objectives import objective_board


@login_required
def kpi_detail(request: HttpRequest, pk: int) -> HttpResponse:
    series = find_kpis(request.user, pk)
    kpi = next((one for one in series if one.pk == pk), None)
    if kpi is None:
        raise Http404
    context = {
        "board": kpi_board(kpi, series),
        "steps": steps_of(kpi),
        "head": _head(request, kpi.scorecard_id),
        "may_audit": may(request.user, Action.AUDIT, kpi),
        "edit_url": edit_url(kpi.scorecard, request.user),
        "reopening_url": reopening_url(kpi, request.user),
        "crumbs": kpi_crumbs(kpi),
    }
    return render(request, "reports/kpi_detail.html", context)


@login_required
def kpi_history(request: HttpRequest, pk: int) -> HttpResponse:
    series = find_kpis(request.user, pk)
    kpi = next((one for one in series if one.pk == pk), None)
    if kpi is None:
        raise Http404
    require(request.user, Action.AUDIT, kpi)
    context = {
        "kpi": kpi,
        "changes": history_of(kpi),
        "is_simulated": kpi.scorecard.unit.is_simulated,
        "crumbs": kpi_crumbs(kpi, is_page_below=True),
    }
    return render(request, "reports/kpi_history.html", context)


@login_required
def objective_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    objective = get_object_or_404(
        Objective.objects.filter(scorecard__in=visible).select_related(
            "scorecard__unit",
            "perspective",
            "theme",
            "same_as__scorecard__unit",
            "supports__scorecard__unit",
        ),
        pk=pk,
    )
    board = objective_board(objective, visible)
    context = {
        "board": board,
        "head": _head(request, objective.scorecard_id),
        "crumbs": board.crumbs,
    }
    return render(request, "reports/objective_detail.html", context)


def _head(request: HttpRequest, card_pk: int) -> CardHead:
    """Return the head of the card that a page hangs under."""
    visible = Scorecard.objects.visible_to(request.user)
    return card_head(with_tabs(visible).get(pk=card_pk), visible, tab="scorecard")
