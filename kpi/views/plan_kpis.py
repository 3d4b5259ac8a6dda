"""One KPI as planners make and edit it, its targets, and how its formula is read."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bsc import planning as plans
from bsc.models import Scorecard
from bsc.periods import common_era, roc
from bsc.permissions import Action, require
from kpi.boards.plan import plan_head, plan_url
from kpi.boards.plan_kpis import earlier_figures, formula_reading
from kpi.forms.plan_kpis import KpiForm, TargetForm
from kpi.models import Kpi
from kpi.services import planning, targets
from kpi.views.plans import CONFLICT, METHODS, REFUSED, find_card, stand_on, tell

SAID = ("formula_text", "expression", "measure", "rate_base")


@login_required
@never_cache
@METHODS
def plan_kpi_new(request: HttpRequest, pk: int) -> HttpResponse:
    card = find_card(request, pk=pk)
    kpi = Kpi(scorecard=card, is_withdrawn=False)
    asked = request.GET.get("objective", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        kpi.objective = card.objectives.filter(pk=int(asked)).first()
    return _edited(request, card, kpi, title=_("New KPI"))


@login_required
@never_cache
@METHODS
def plan_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = _find(request, pk)
    return _edited(request, kpi.scorecard, kpi, title=str(kpi))


def _find(request: HttpRequest, pk: int) -> Kpi:
    kpis = Kpi.objects.visible_to(request.user).select_related("scorecard__unit")
    kpi = get_object_or_404(kpis, pk=pk)
    require(request.user, Action.EDIT_PLAN, kpi)
    return kpi


def _edited(
    request: HttpRequest, card: Scorecard, kpi: Kpi, *, title: str
) -> HttpResponse:
    if card.status == Scorecard.Status.CLOSED and request.method != "POST":
        messages.error(request, plans.WORDS["closed-card"])
        return redirect(plan_url(card))
    posted = request.POST if request.method == "POST" else None
    version = planning.version_of_kpi(kpi)
    form = KpiForm(posted, row=kpi, card=card, version=version)
    status = 200
    if posted is not None and ("read" in posted or "take" in posted):
        form = _read_only(posted, kpi, card)
    elif posted is not None:
        status = REFUSED
        if form.is_valid():
            try:
                answer = _act(request, kpi, form)
            except ValidationError as error:
                status = tell(form, error)
                if status == CONFLICT:
                    stand_on(form, planning.version_of_kpi(kpi))
            else:
                return answer
    said = {name: form[name].value() or "" for name in SAID}
    head = plan_head(card, page=kpi.code or title)
    context = {
        "form": form,
        "head": head,
        "crumbs": head.crumbs,
        "title": title,
        "kpi": kpi if kpi.pk else None,
        "reading": formula_reading(**said),
    }
    return render(request, "kpi/plan_kpi.html", context, status=status)


def _read_only(posted: Any, kpi: Kpi, card: Scorecard) -> KpiForm:
    """Return the form with what was typed, not checked: only its formula is read."""
    typed = posted.copy()
    if "take" in typed:
        typed["expression"] = typed["take"]
    lists = ("owners",)
    start = {
        name: typed.getlist(name) if name in lists else typed.get(name, "")
        for name in KpiForm.base_fields
    }
    form = KpiForm(row=kpi, card=card, version=typed.get("version", ""))
    form.initial.update(start)
    return form


def _act(request: HttpRequest, kpi: Kpi, form: KpiForm) -> HttpResponse:
    given = form.cleaned_data
    said = {
        "by": request.user,
        "reason": given.get("reason", ""),
        "version": given["version"],
    }
    is_new = kpi.pk is None
    done = _("Saved.")
    if "remove" in request.POST and not is_new:
        is_gone = planning.remove_kpi(kpi=kpi, **said)
        done = _("Removed.") if is_gone else _("Withdrawn; its figures stay.")
    elif "restore" in request.POST and not is_new:
        planning.restore_kpi(kpi=kpi, **said)
        done = _("The KPI is part of its plan again.")
    else:
        planning.save_kpi(
            kpi=kpi,
            values=form.values,
            owners=list(given["owners"]),
            editor=given["editor"],
            **said,
        )
    if kpi.pk:
        planning.reckon_again(Kpi.objects.filter(pk=kpi.pk), at=timezone.now())
    messages.success(request, done)
    if is_new:
        return redirect("kpi:plan-targets", pk=kpi.pk)
    return redirect(plan_url(kpi.scorecard))


@login_required
@never_cache
def plan_formula(request: HttpRequest) -> HttpResponse:
    """Say how a formula is read, while somebody types it: a part of the form."""
    require(request.user, Action.EDIT_PLAN)
    said = {name: request.GET.get(name, "")[:5000] for name in SAID}
    context = {"reading": formula_reading(**said)}
    return render(request, "kpi/_plan_formula.html", context)


@login_required
@never_cache
@METHODS
def plan_targets(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the targets of a KPI, a row a year; all rows are saved, or none."""
    kpi = _find(request, pk)
    card = kpi.scorecard
    if card.status == Scorecard.Status.CLOSED and request.method != "POST":
        messages.error(request, plans.WORDS["closed-card"])
        return redirect(plan_url(card))
    posted = request.POST if request.method == "POST" else None
    held = {row.year: row for row in kpi.targets.all()}
    years = {card.year, *held, *_asked_years(request)}
    forms = [
        TargetForm(
            posted,
            year=year,
            row=held.get(year),
            version=targets.version_of_target(kpi, year),
        )
        for year in sorted(years)
    ]
    status = 200
    if posted is not None and "another" not in posted:
        status = REFUSED
        are_valid = [form.is_valid() for form in forms]
        if all(are_valid):
            status = _save_targets(request, kpi, forms)
        if status == 200:
            planning.reckon_again(Kpi.objects.filter(pk=kpi.pk), at=timezone.now())
            messages.success(request, _("The targets are saved."))
            return redirect(plan_url(card))
    head = plan_head(card, page=_("Targets"))
    context = {
        "kpi": kpi,
        "forms": forms,
        "head": head,
        "crumbs": head.crumbs,
        "figures": earlier_figures(kpi),
        "next_year": roc(max(years) + 1),
        "has_errors": status != 200,
        "in_force": card.status == Scorecard.Status.IN_FORCE,
    }
    return render(request, "kpi/plan_targets.html", context, status=status)


def _asked_years(request: HttpRequest) -> set[int]:
    """Return the years that the page shows though they have no target yet."""
    found = set()
    for text in (*request.GET.getlist("year"), *request.POST.getlist("year")):
        try:
            found.add(common_era(text))
        except ValueError:
            continue
    return set(sorted(found)[:12])


def _save_targets(request: HttpRequest, kpi: Kpi, forms: list[TargetForm]) -> int:
    """Save every row or none; return the status of the answer."""
    status = 200
    with transaction.atomic():
        for form in forms:
            given = form.cleaned_data
            try:
                targets.set_target(
                    kpi=kpi,
                    year=form.year,
                    target=form.target,
                    by=request.user,
                    reason=given["reason"],
                    version=given["version"],
                )
            except ValidationError as error:
                told = tell(form, error)
                if told == CONFLICT:
                    stand_on(form, targets.version_of_target(kpi, form.year))
                status = CONFLICT if CONFLICT in (status, told) else told
        if status != 200:
            transaction.set_rollback(True)
    return status
