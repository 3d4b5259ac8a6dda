"""Rounds of reporting: listed, planned, changed; the wall of who has reported."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bsc.models import Scorecard, WorkDay
from bsc.permissions import Action, may, require, units_where
from kpi.boards.rounds import (
    card_choices,
    form_notes,
    round_board,
    round_line,
    round_rows,
)
from kpi.boards.wall import wall_board
from kpi.forms import RoundForm
from kpi.models import Round
from kpi.services import reminders, rounds

REFUSED = 422
ROUNDS_A_PAGE = 20


@login_required
@never_cache
def round_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(_seen(request), ROUNDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": round_rows(page.object_list, today=timezone.localdate()),
        "may_plan": may(request.user, Action.SET_ROUNDS),
        "is_simulated": request.user.is_simulated,
    }
    return render(request, "kpi/round_list.html", context)


@login_required
@never_cache
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    round = get_object_or_404(_seen(request), pk=pk)
    context = {
        "round": round,
        "is_simulated": round.is_simulated,
        "board": round_board(round, today=timezone.localdate()),
        "may_plan": _may_plan(request, round),
    }
    return render(request, "kpi/round_detail.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.SET_ROUNDS)
    return _edited(request, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    round = get_object_or_404(_seen(request), pk=pk)
    _require_plan(request, round)
    return _edited(request, round)


@login_required
@never_cache
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    round = get_object_or_404(_seen(request), pk=pk)
    only_open = request.GET.get("show") == "open"
    today = timezone.localdate()
    context = {
        "round": round,
        "is_simulated": round.is_simulated,
        "line": round_line(round, today=today),
        "board": wall_board(round, request.user, only_open=only_open),
        "only_open": only_open,
        "may_plan": _may_plan(request, round),
        "is_open": today >= round.opens_on,
    }
    return render(request, "kpi/wall.html", context)


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind every section of the round that has not sent everything."""
    round = get_object_or_404(_seen(request), pk=pk)
    _require_plan(request, round)
    today = timezone.localdate()
    if today < round.opens_on:
        messages.error(request, _("The round has not opened yet."))
        return redirect("kpi:wall", pk=pk)
    told = reminders.remind(round=round, by=request.user, on=today)
    words = ngettext(
        "%(count)s person is reminded.", "%(count)s people are reminded.", told
    )
    if told:
        messages.success(request, words % {"count": told})
    else:
        messages.info(
            request, _("Nobody is to be reminded, or everybody was told today already.")
        )
    return redirect("kpi:wall", pk=pk)


def _seen(request: HttpRequest) -> QuerySet[Round]:
    seen = Round.objects.seen_from(units_where(request.user, Action.SEE_DRAFT))
    return seen.with_simulated()


def _cards(request: HttpRequest, round: Round | None) -> QuerySet[Scorecard]:
    """Return the cards that may be chosen: open ones, and those the round has."""
    own = units_where(request.user, Action.SET_ROUNDS)
    cards = Scorecard.objects.filter(unit__in=own.values("pk")).exclude(
        status=Scorecard.Status.CLOSED
    )
    if round is not None:
        cards = (
            cards | Scorecard.objects.filter(pk__in=round.scorecards.values("pk"))
        ).distinct()
    return cards.select_related("unit").order_by("-year", "unit__path", "plan")


def _may_plan(request: HttpRequest, round: Round) -> bool:
    """Say whether the person plans rounds for every unit that has a card in it."""
    own = units_where(request.user, Action.SET_ROUNDS)
    return (
        own.exists()
        and not round.scorecards.exclude(unit__in=own.values("pk")).exists()
    )


def _require_plan(request: HttpRequest, round: Round) -> None:
    for card in round.scorecards.select_related("unit"):
        require(request.user, Action.SET_ROUNDS, card)


def _edited(request: HttpRequest, round: Round | None) -> HttpResponse:
    cards = _cards(request, round)
    calendar = WorkDay.objects.as_calendar()
    given: dict[str, Any] = {"cards": cards, "calendar": calendar}
    status = 200
    if request.method != "POST":
        form = RoundForm(initial=_initial(request, round), **given)
    elif "reckon" in request.POST:
        form = _reckoned(request, given)
    else:
        form = RoundForm(request.POST, **given)
        if form.is_valid():
            try:
                saved = _save(request, round, form)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The round is saved."))
                return redirect(saved)
        status = REFUSED
    context = {
        "form": form,
        "round": round,
        "is_simulated": request.user.is_simulated,
        "choices": card_choices(form),
        "notes": form_notes(form, calendar),
    }
    return render(request, "kpi/round_form.html", context, status=status)


def _initial(request: HttpRequest, round: Round | None) -> dict[str, Any]:
    if round is not None:
        return RoundForm.initial_of(round)
    chosen = request.GET.getlist("card")
    return {
        "scorecards": [int(one) for one in chosen if one.isascii() and one.isdigit()]
    }


def _reckoned(request: HttpRequest, given: dict[str, Any]) -> RoundForm:
    """Return the form with the days that follow from the working days typed."""
    typed = request.POST.copy()
    for name in RoundForm.RECKONED:
        typed[name] = ""
    form = RoundForm(typed, **given)
    form.is_valid()
    if form.days is None:
        # What keeps the days from being reckoned is said; other boxes may wait.
        for name in ("name", "period", "scorecards"):
            form.errors.pop(name, None)
        return form
    initial = {
        name: typed.getlist(name) if name == "scorecards" else typed.get(name)
        for name in form.fields
    }
    for name in RoundForm.RECKONED:
        initial[name] = getattr(form.days, name)
    return RoundForm(initial=initial, **given)


def _save(request: HttpRequest, round: Round | None, form: RoundForm) -> Round:
    given = form.cleaned_data
    values = {
        "name": given["name"],
        "period": given["period"],
        "scorecards": given["scorecards"],
        "days": form.days,
        "refuses_late": given["refuses_late"],
        "by": request.user,
    }
    if round is None:
        return rounds.create_round(**values)
    return rounds.change_round(round=round, **values)
