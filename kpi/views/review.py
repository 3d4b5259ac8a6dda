"""Review: the queue of what waits, one figure with its steps, and each step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bsc.periods import Period
from bsc.permissions import Action, require
from kpi.boards.review import entry_page, queue_board
from kpi.boards.review_items import entry_url, figure_text
from kpi.forms import version_of
from kpi.models import Actual, Entry, Kpi, ReviewStep
from kpi.services import reminders, reopening, review, rights

REFUSED = 422
MOST_AT_ONCE = 500
POINTS = ("innovation", "challenge", "contribution", "basis", "light")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person; pass on or return what they chose."""
    require(request.user, Action.REVIEW)
    refused: dict[int, ValidationError] = {}
    wrong = ""
    if request.method == "POST":
        picked = _picked(request)
        is_return = request.POST.get("do") == "return"
        if not picked:
            wrong = _("Choose at least one figure.")
        elif is_return and not request.POST.get("note", "").strip():
            wrong = _("Say what is to be mended.")
        else:
            done, refused = _review_many(request, picked, is_return=is_return)
            _tell_how_many(request, done, is_return=is_return)
            if not refused:
                return redirect("kpi:review-queue")
    is_kept = bool(wrong or refused)
    context = {
        "queue": queue_board(
            request.user,
            refused=refused,
            picked=set(refused or (_picked(request) if wrong else ())),
        ),
        "is_simulated": request.user.is_simulated,
        "wrong": wrong,
        "gone": [error for pk, error in refused.items() if not _waits(request, pk)],
        "note": request.POST.get("note", "") if is_kept else "",
    }
    return render(
        request, "kpi/review_queue.html", context, status=REFUSED if is_kept else 200
    )


def _waits(request: HttpRequest, pk: int) -> bool:
    return Entry.objects.waiting_for(request.user).filter(pk=pk).exists()


def _picked(request: HttpRequest) -> dict[int, int]:
    """Return the chosen entries with the version that was seen of each."""
    found = {}
    for one in request.POST.getlist("pick")[:MOST_AT_ONCE]:
        pk, _colon, version = one.partition(":")
        key, seen = version_of(pk), version_of(version)
        if key is not None and seen is not None:
            found[key] = seen
    return found


def _review_many(
    request: HttpRequest, picked: dict[int, int], *, is_return: bool
) -> tuple[int, dict[int, ValidationError]]:
    """Take the step of each chosen entry; return how many, and why others were not."""
    seen = Entry.objects.visible_to(request.user).with_kpi().filter(pk__in=picked)
    entries = {entry.pk: entry for entry in seen}
    refused: dict[int, ValidationError] = {}
    done = 0
    for pk, version in picked.items():
        if pk not in entries:
            continue
        entry = entries[pk]
        given: dict[str, Any] = {"note": request.POST.get("note", "").strip()}
        act: Callable[..., Any] = review.return_entry
        if not is_return and entry.state == Entry.State.SUBMITTED:
            act = review.check
        elif not is_return:
            act = review.approve
            given["confirmed"] = _confirmed(request, pk)
        try:
            _take(request, entry, act, version=version, **given)
        except ValidationError as error:
            refused[pk] = error
        else:
            done += 1
    return done, refused


def _confirmed(request: HttpRequest, pk: int) -> list[str]:
    """Return the codes that were confirmed for one entry."""
    prefix = f"{pk}:"
    chosen = request.POST.getlist("confirm")
    return [one.removeprefix(prefix) for one in chosen if one.startswith(prefix)]


def _take(
    request: HttpRequest, entry: Entry, act: Callable[..., Any], **given: Any
) -> None:
    """Take a step of review, and tell those whom it concerns."""
    act(entry=entry, by=request.user, at=timezone.now(), **given)
    _tell_of_last_step(entry)
    if act is review.approve:
        reminders.tell_of_poor([entry.kpi], Period.parse(entry.period))


def _tell_of_last_step(entry: Entry) -> None:
    step = (
        ReviewStep.objects.filter(entry=entry)
        .select_related(
            "by",
            "entry__submitted_by",
            "entry__entered_by",
            "entry__kpi__scorecard__unit__lead",
        )
        .order_by("-at", "-pk")
        .first()
    )
    if step is not None:
        reminders.tell_of_step(step)


def _tell_how_many(request: HttpRequest, done: int, *, is_return: bool) -> None:
    if not done:
        return
    words = (
        ngettext(
            "%(count)s figure is returned.", "%(count)s figures are returned.", done
        )
        if is_return
        else ngettext(
            "%(count)s figure is passed on.", "%(count)s figures are passed on.", done
        )
    )
    messages.success(request, words % {"count": done})


@login_required
@never_cache
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _seen(request, pk)
    _require(rights.may_check(request.user, entry))
    words = _("The figure is checked and passed on.")
    return _stepped(request, entry, review.check, words, ratings=_points(request))


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _seen(request, pk)
    _require(rights.may_approve(request.user, entry))
    return _stepped(
        request,
        entry,
        review.approve,
        _("The figure is approved and in force."),
        ratings=_points(request),
        confirmed=_confirmed(request, pk),
    )


@login_required
@require_POST
def return_entry(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _seen(request, pk)
    _require(
        rights.may_check(request.user, entry) or rights.may_approve(request.user, entry)
    )
    words = _("The figure is returned to its section.")
    return _stepped(request, entry, review.return_entry, words)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reopening(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Ask to reopen the figure in force of one KPI and year, also an imported one."""
    kpi = get_object_or_404(Kpi.objects.visible_to(request.user).with_owners(), pk=pk)
    _require(rights.may_plan(request.user, kpi))
    period = Period(year)
    error: ValidationError | None = None
    if request.method == "POST":
        try:
            step = reopening.ask_reopening(
                kpi=kpi,
                period=period,
                by=request.user,
                at=timezone.now(),
                reason=request.POST.get("reason", "").strip(),
            )
        except ValidationError as refused:
            error = refused
        else:
            reminders.tell_of_step(step)
            messages.success(request, _("A manager is asked to agree."))
            return redirect(entry_url(step.entry))
    in_force = Actual.objects.filter(
        series=kpi.series_id, period=period.code, state=Actual.State.APPROVED
    ).first()
    context = {
        "kpi": kpi,
        "is_simulated": kpi.scorecard.unit.is_simulated,
        "period": period.label(request.LANGUAGE_CODE),
        "in_force": in_force,
        "figure": figure_text(in_force, kpi) if in_force else "",
        "errors": error.messages if error else (),
        "reason": request.POST.get("reason", ""),
    }
    status = REFUSED if error else 200
    return render(request, "kpi/review_reopen.html", context, status=status)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a reopening, or refuse it with a reason."""
    entry = _seen(request, pk)
    _require(rights.may_agree(request.user, entry.kpi))
    given = {"kpi": entry.kpi, "period": Period.parse(entry.period)}
    asked = reopening.request_of(entry)
    at = timezone.now()
    try:
        if asked is None:
            raise ValidationError(_("Nobody asked to reopen this figure."))
        if request.POST.get("do") == "refuse":
            reason = request.POST.get("note", "").strip()
            reopening.refuse_reopening(**given, by=request.user, at=at, reason=reason)
            words = _("The figure stays approved.")
        else:
            reopening.reopen(
                **given,
                by=asked.by,
                approved_by=request.user,
                at=at,
                reason=asked.note,
            )
            words = _(
                "The figure is reopened; it stays in force until the next approval."
            )
    except ValidationError as error:
        return _page(request, _seen(request, pk), refused=error)
    _tell_of_last_step(entry)
    messages.success(request, words)
    return redirect(entry_url(entry))


def _seen(request: HttpRequest, pk: int) -> Entry:
    seen = Entry.objects.visible_to(request.user).with_kpi()
    return get_object_or_404(seen, pk=pk)


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def _points(request: HttpRequest) -> dict[str, str]:
    """Return the points that the reviewer gave; empty where none."""
    given = {name: request.POST.get(name, "").strip() for name in POINTS}
    return {name: text for name, text in given.items() if text}


def _stepped(
    request: HttpRequest,
    entry: Entry,
    act: Callable[..., Any],
    words: str,
    **given: Any,
) -> HttpResponse:
    """Take a step from the page of one figure, and show that page again."""
    try:
        _take(
            request,
            entry,
            act,
            version=version_of(request.POST.get("version", "")) or 0,
            note=request.POST.get("note", "").strip(),
            **given,
        )
    except ValidationError as error:
        return _page(request, _seen(request, entry.pk), refused=error)
    messages.success(request, words)
    return redirect(entry_url(entry))


def _page(
    request: HttpRequest, entry: Entry, *, refused: ValidationError | None = None
) -> HttpResponse:
    is_refused = refused is not None
    context = {
        "page": entry_page(entry, request.user, refused=refused),
        "is_simulated": entry.kpi.scorecard.unit.is_simulated,
        "note": request.POST.get("note", "") if is_refused else "",
        "typed": _points(request) if is_refused else {},
    }
    status = REFUSED if is_refused else 200
    return render(request, "kpi/review_entry.html", context, status=status)
