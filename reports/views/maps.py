"""The strategy map of a unit's card, and the way to a unit's newest card."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bsc.models import Scorecard
from bsc.models.strategy import MAIN_PLAN
from kpi.boards.plan import edit_url
from reports.dashboards.frame import card_head, with_tabs
from reports.dashboards.map_focus import focus_board
from reports.dashboards.map_kpis import map_content
from reports.dashboards.maps import map_board


@login_required
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the newest card of a unit, its main plan first."""
    cards = Scorecard.objects.visible_to(request.user).filter(unit__code=code)
    found = sorted(cards.select_related("unit"), key=lambda card: card.year)
    if not found:
        raise Http404
    main = [card for card in found if card.plan == MAIN_PLAN]
    return redirect((main or found)[-1])


@login_required
def strategy_map(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    card = get_object_or_404(with_tabs(visible), unit__code=code, year=year, plan=plan)
    content = map_content(card)
    focus = None
    if chosen := request.GET.get("objective", ""):
        if not chosen.isdecimal():
            raise Http404
        focus = focus_board(content, int(chosen))
        if focus is None:
            raise Http404
    if focus and request.htmx and request.htmx.target == "drawer":
        return render(request, "reports/_map_drawer.html", {"focus": focus})
    head = card_head(card, visible, tab="map")
    board = map_board(content, focus=focus.pk if focus else None)
    context = {"board": board, "focus": focus, "head": head, "crumbs": head.crumbs}
    context["edit_url"] = edit_url(card, request.user)
    return render(request, "reports/map.html", context)
