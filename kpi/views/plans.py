"""Plans made and edited: the page of a plan, a new card, its parts, its directions."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bsc import planning
from bsc.models import (
    MAIN_PLAN,
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
)
from bsc.permissions import Action, require, units_where
from kpi.boards.plan import Crumb, plan_board, plan_head, plan_url
from kpi.boards.plan_directions import directions_board
from kpi.forms import plan_parts
from kpi.forms.plan_fields import PlanForm
from kpi.models import Kpi
from kpi.services import copying
from kpi.services.planning import Said, confirm_directions, reckon_again

CONFLICT, REFUSED = 409, 422


class Kind(NamedTuple):
    """A kind of part: its model, its form, and what its page is called."""

    model: type[planning.Part]
    form: type[PlanForm]
    new: Promise


KINDS: dict[str, Kind] = {
    "themes": Kind(Theme, plan_parts.ThemeForm, gettext_lazy("New theme")),
    "perspectives": Kind(
        Perspective, plan_parts.PerspectiveForm, gettext_lazy("New perspective")
    ),
    "objectives": Kind(
        Objective, plan_parts.ObjectiveForm, gettext_lazy("New objective")
    ),
    "ksfs": Kind(SuccessFactor, plan_parts.SuccessFactorForm, gettext_lazy("New KSF")),
    "links": Kind(ObjectiveLink, plan_parts.LinkForm, gettext_lazy("New link")),
}
METHODS = require_http_methods(["GET", "HEAD", "POST"])


def tell(form: forms.BaseForm, error: ValidationError) -> int:
    """Show at its boxes why a service refused, and return the status of the answer.

    Where somebody wrote in between, the form stands on what is there now: who was told
    may send it again.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return CONFLICT if is_stale(error) else REFUSED
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
    return REFUSED


def is_stale(error: ValidationError) -> bool:
    """Say whether a service refused because somebody wrote in between."""
    return any(each.code == "stale" for each in getattr(error, "error_list", ()))


def stand_on(form: forms.BaseForm, version: str) -> None:
    """Let a form that is shown again be of what stands now."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = version


def find_card(request: HttpRequest, **where: Any) -> Scorecard:
    """Return a card that the person may plan; refuse who may only see it."""
    cards = Scorecard.objects.visible_to(request.user).select_related("unit")
    card = get_object_or_404(cards, **where)
    require(request.user, Action.EDIT_PLAN, card)
    return card


@login_required
@never_cache
def plan(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    card = find_card(request, unit__code=code, year=year, plan=plan)
    head = plan_head(card, tab="plan")
    context = {"board": plan_board(card), "head": head, "crumbs": head.crumbs}
    return render(request, "kpi/plan.html", context | {"card": card})


@login_required
@never_cache
@METHODS
def plan_new(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.EDIT_PLAN)
    units = units_where(request.user, Action.EDIT_PLAN).filter(is_open=True)
    cards = Scorecard.objects.filter(unit__in=units.values("pk"))
    cards = cards.select_related("unit").order_by("unit__path", "plan", "-year")
    start = {name: request.GET[name] for name in request.GET}
    form = plan_parts.NewCardForm(
        request.POST if request.method == "POST" else None,
        units=units,
        cards=cards,
        initial=start,
    )
    if form.is_valid():
        try:
            card = copying.new_card(
                by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The draft is made: nobody below sees it yet."))
            return redirect(plan_url(card))
    crumbs = (Crumb(_("New card")),)
    context = {"form": form, "crumbs": crumbs, "title": _("New card")}
    status = REFUSED if form.errors else 200
    return render(request, "kpi/plan_new.html", context, status=status)


@login_required
@never_cache
@METHODS
def plan_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit what a card says at its head, and put a draft in force."""
    card = find_card(request, pk=pk)
    history = Scorecard.history.filter(id=card.pk)
    form = plan_parts.CardForm(
        request.POST if request.method == "POST" else None,
        row=card,
        card=card,
        version=planning.version_of(history),
    )

    def save() -> None:
        planning.save_card(card=card, values=form.values, **_said(request, form))

    return _edited(
        request,
        card,
        form,
        save,
        title=_("Head of the card"),
        version=lambda: planning.version_of(history),
    )


@login_required
@never_cache
@METHODS
def plan_part_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    card = find_card(request, pk=pk)
    known = _kind(kind)
    if known.model is SuccessFactor:
        part = SuccessFactor()
        objective = card.objectives.filter(pk=_key(request, "objective")).first()
        part.objective = objective or card.objectives.first()
        if part.objective is None:
            messages.error(request, _("A KSF needs an objective: make one first."))
            return redirect(plan_url(card))
    elif known.model is ObjectiveLink:
        part = ObjectiveLink()
    else:
        part = known.model(scorecard=card)
    return _part(request, card, part, known, title=str(known.new))


@login_required
@never_cache
@METHODS
def plan_part(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    known = _kind(kind)
    part = get_object_or_404(known.model, pk=pk)
    card = find_card(request, pk=planning.card_of(part).pk)
    return _part(request, card, part, known, title=str(part))


def _part(
    request: HttpRequest, card: Scorecard, part: Any, kind: Kind, *, title: str
) -> HttpResponse:
    form = kind.form(
        request.POST if request.method == "POST" else None,
        row=part,
        card=card,
        version=planning.version_of_part(part),
    )

    def save() -> None:
        if "remove" in request.POST and part.pk:
            planning.remove_part(part=part, **_said(request, form))
            return
        values = form.values
        if kind.model is ObjectiveLink:
            part.cause = values["cause"]
        elif kind.model is SuccessFactor:
            part.objective = values["objective"]
        more = {}
        if kind.model is Theme:
            more = {
                "members": list(form.cleaned_data["members"]),
                "lead": form.cleaned_data["lead"],
            }
        planning.save_part(part=part, values=values, **more, **_said(request, form))

    return _edited(
        request,
        card,
        form,
        save,
        title=title,
        is_removable=part.pk is not None,
        version=lambda: planning.version_of_part(part),
    )


def _said(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    """Return who changes a plan, why, and upon what they saw."""
    given = form.cleaned_data
    return {
        "by": request.user,
        "reason": given.get("reason", ""),
        "version": given.get("version", ""),
    }


def _edited(
    request: HttpRequest,
    card: Scorecard,
    form: PlanForm,
    save: Callable[[], None],
    *,
    title: str,
    version: Callable[[], str],
    is_removable: bool = False,
) -> HttpResponse:
    """Show a form of a card's part; save what was sent and lead back to the plan."""
    if card.status == Scorecard.Status.CLOSED and request.method != "POST":
        messages.error(request, planning.WORDS["closed-card"])
        return redirect(plan_url(card))
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                save()
            except ValidationError as error:
                status = tell(form, error)
                if status == CONFLICT:
                    stand_on(form, version())
            else:
                done = _("Removed.") if "remove" in request.POST else _("Saved.")
                messages.success(request, done)
                return redirect(plan_url(card))
    head = plan_head(card, page=title)
    context = {
        "form": form,
        "head": head,
        "crumbs": head.crumbs,
        "title": title,
        "is_removable": is_removable,
    }
    return render(request, "kpi/plan_part.html", context, status=status)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@login_required
@never_cache
@METHODS
def directions(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    """Confirm on one page which way each KPI of a card is better."""
    card = find_card(request, unit__code=code, year=year, plan=plan)
    errors: list[str] = []
    chosen: dict[int, str] = {}
    status = 200
    if request.method == "POST":
        said = _directions_said(request)
        chosen = {pk: each.direction for pk, each in said.items()}
        try:
            changed = confirm_directions(
                scorecard=card,
                said=said,
                by=request.user,
                reason=request.POST.get("reason", "")[: planning.LONGEST_REASON],
            )
        except ValidationError as error:
            errors, status = list(error.messages), REFUSED
        else:
            reckon_again(Kpi.objects.filter(pk__in=changed), at=timezone.now())
            words = ngettext(
                "The direction of %(count)s KPI is confirmed.",
                "The directions of %(count)s KPIs are confirmed.",
                len(changed),
            )
            messages.success(request, words % {"count": len(changed)})
            return redirect(plan_url(card, "directions"))
    head = plan_head(card, tab="directions", page=_("Directions"))
    context = {
        "rows": directions_board(card, chosen),
        "head": head,
        "crumbs": head.crumbs,
        "errors": errors,
        "asks_reason": card.status == Scorecard.Status.IN_FORCE,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "kpi/plan_directions.html", context, status=status)


def _directions_said(request: HttpRequest) -> dict[int, Said]:
    """Return the directions that were ticked; rows left open say nothing."""
    ways = {Kpi.Direction.POSITIVE.value, Kpi.Direction.NEGATIVE.value}
    found = {}
    for name, way in request.POST.items():
        key = name.removeprefix("way-")
        if key == name or way not in ways or not key.isdecimal() or len(key) > 18:
            continue
        found[int(key)] = Said(way, request.POST.get(f"was-{key}", ""))
    return found
