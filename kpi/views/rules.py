"""Rules of rating: listed, changed with a preview, adopted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bsc import jobs
from bsc.models import User
from kpi import tasks
from kpi.boards.plan import Crumb
from kpi.boards.rules import preview_board, rules_board
from kpi.forms.rules import AdoptForm, RulesForm
from kpi.models import RatingRules
from kpi.services import rulebook
from kpi.views.plans import CONFLICT, METHODS, REFUSED, stand_on, tell


@login_required
@never_cache
def rules_list(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": rules_board(),
        "may_keep": rulebook.may_keep_rules(request.user),
        "crumbs": (Crumb(_("Rules of rating")),),
    }
    return render(request, "kpi/rules_list.html", context)


@login_required
@never_cache
@METHODS
def rules_new(request: HttpRequest) -> HttpResponse:
    """Make rules, beginning from others where the address names them."""
    _require_keeper(request.user)
    asked = request.GET.get("from", "")
    is_key = asked.isascii() and asked.isdecimal() and len(asked) < 19
    start = RatingRules.objects.filter(pk=int(asked)).first() if is_key else None
    row = RatingRules()
    return _edited(request, row, start or row, title=_("New rules"))


@login_required
@never_cache
@METHODS
def rules_edit(request: HttpRequest, pk: int) -> HttpResponse:
    _require_keeper(request.user)
    row = get_object_or_404(RatingRules.objects.prefetch_related("bands"), pk=pk)
    return _edited(request, row, row, title=str(row))


@login_required
@never_cache
@METHODS
def rules_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what adopting rules would change; a POST adopts them."""
    _require_keeper(request.user)
    row = get_object_or_404(RatingRules.objects.prefetch_related("bands"), pk=pk)
    form = AdoptForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = REFUSED
        if form.is_valid():
            try:
                rulebook.adopt_rules(
                    rules=row, by=request.user, reason=form.cleaned_data["reason"]
                )
            except ValidationError as error:
                tell(form, error)
            else:
                return _done(request, row.year, _("The rules are adopted."))
    bands = [rulebook.BandValues(b.light, b.lower) for b in row.bands.all()]
    preview = rulebook.preview_rules(
        rules=row, values={"is_adopted": True}, bands=bands
    )
    context = {
        "rules": row,
        "form": form,
        "preview": preview_board(preview, request.user),
        "crumbs": _crumbs(_("Adopt")),
        "title": _("Adopt %(rules)s") % {"rules": row},
    }
    return render(request, "kpi/rules_adopt.html", context, status=status)


def _require_keeper(user: User) -> None:
    if not rulebook.may_keep_rules(user):
        raise PermissionDenied


def _crumbs(page: str) -> tuple[Crumb, ...]:
    return (Crumb(_("Rules of rating"), reverse("kpi:rules")), Crumb(page))


def _edited(
    request: HttpRequest, row: RatingRules, start: RatingRules, *, title: str
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    version = rulebook.version_of_rules(row)
    form = RulesForm(posted, row=row, start=start, version=version)
    preview: rulebook.Preview | None = None
    status = 200
    if posted is not None:
        status = REFUSED
        if form.is_valid():
            try:
                said: dict[str, Any] = {
                    "rules": row,
                    "values": form.values,
                    "bands": form.bands,
                }
                preview = rulebook.preview_rules(**said)
                if "save" in posted:
                    first = min(row.year or form.values["year"], form.values["year"])
                    rulebook.save_rules(
                        by=request.user,
                        reason=form.cleaned_data["reason"],
                        seen=form.cleaned_data["seen"],
                        version=form.cleaned_data["version"],
                        **said,
                    )
                    return _done(request, first, _("The rules are saved."))
                status = 200
            except ValidationError as error:
                status = tell(form, error)
                if status == CONFLICT:
                    stand_on(form, rulebook.version_of_rules(row))
        if preview is not None:
            form.data = form.data.copy()
            form.data["seen"] = preview.fingerprint
    context = {
        "form": form,
        "title": title,
        "rules": row if row.pk else None,
        "preview": preview_board(preview, request.user) if preview else None,
        "crumbs": _crumbs(title),
    }
    return render(request, "kpi/rules_form.html", context, status=status)


def _done(request: HttpRequest, first: int, words: str) -> HttpResponse:
    """Reckon the years again for which rules of `first` may hold, and say so."""
    for year in rulebook.years_rated(first):
        jobs.enqueue(tasks.rate, None, year, kind="rate", owner=request.user)
    messages.success(request, words)
    return redirect("kpi:rules")
