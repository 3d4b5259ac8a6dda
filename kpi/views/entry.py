"""A person's own work: the KPIs of a section, with their figures to fill in."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bsc.models import Unit
from bsc.periods import Period
from bsc.permissions import Action, require
from kpi.boards.entry import EntryBoard, entry_board
from kpi.boards.entry_grid import grid_board
from kpi.boards.entry_heads import entry_head, first_place, unit_with_above
from kpi.boards.entry_words import words_of_scripts
from kpi.boards.entry_years import years_board
from kpi.forms import TypedRow, typed_rows
from kpi.models import Kpi
from kpi.services import entries, rights
from kpi.services.refusals import Conflict

REFUSED = 422


@login_required
@require_GET
@never_cache
def my_work(request: HttpRequest) -> HttpResponse:
    """Lead a person to their section and its open round; say where there is none."""
    place = first_place(request.user, timezone.localdate())
    if place is None:
        context = {"is_simulated": request.user.is_simulated}
        return render(request, "kpi/entry_none.html", context)
    code, year = place
    return redirect("kpi:entry", code=code, year=year)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def entry(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _filled(request, code, year, "kpi/entry.html", "kpi:entry")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def entry_grid(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _filled(request, code, year, "kpi/entry_grid.html", "kpi:entry-grid")


def _filled(
    request: HttpRequest, code: str, year: int, template: str, page: str
) -> HttpResponse:
    """Show a section's rows; keep what a browser without scripts sends of them."""
    unit, above = unit_with_above(code)
    require(request.user, Action.SEE_DRAFT, unit)
    period = Period(year)
    typed: dict[int, Mapping[str, str]] = {}
    conflicts: dict[int, Conflict] = {}
    if request.method == "POST":
        require(request.user, Action.RECORD, unit)
        is_kept, refused = _keep_rows(request, unit, period)
        if not refused:
            if request.POST.get("then") == "send":
                return redirect("kpi:send", code=code, year=year)
            messages.success(request, _kept_words(is_kept))
            return redirect(page, code=code, year=year)
        for key, (row, error) in refused.items():
            typed[key] = row.typed
            if isinstance(error, Conflict):
                conflicts[key] = error
                typed[key] = {**error.entry.typed, **row.typed}
            else:
                messages.error(request, " ".join(error.messages))
    board = entry_board(
        unit,
        period,
        request.user,
        today=timezone.localdate(),
        typed=typed,
        conflicts=conflicts,
    )
    context = _context(request, board, above, page.removeprefix("kpi:"))
    if page == "kpi:entry-grid":
        context["grid"] = grid_board(board.open_rows)
    status = REFUSED if typed else 200
    return render(request, template, context, status=status)


def _keep_rows(
    request: HttpRequest, unit: Unit, period: Period
) -> tuple[int, dict[int, tuple[TypedRow, ValidationError]]]:
    """Keep each row that was sent; return how many, and why the others were not."""
    sent = typed_rows(_flat(request.POST))
    units = Unit.objects.at_or_below([unit])
    kpis = Kpi.objects.entered_by_units(units, period.year).with_owners()
    kept, refused = 0, {}
    for kpi in kpis.filter(pk__in=sent):
        row = sent[kpi.pk]
        is_empty = row.version is None and not any(row.typed.values())
        # Boxes of a row that another unit enters are sent too, though none can type.
        if is_empty or not rights.may_record(request.user, kpi):
            continue
        try:
            entries.save_draft(
                kpi=kpi,
                period=period,
                typed=row.typed,
                by=request.user,
                at=timezone.now(),
                version=row.version,
            )
        except ValidationError as error:
            refused[kpi.pk] = (row, error)
        else:
            kept += 1
    return kept, refused


def _flat(posted: QueryDict) -> dict[str, str]:
    return {name: posted[name] for name in posted}


def _kept_words(count: int) -> str:
    return ngettext(
        "The draft of %(count)s KPI is saved.",
        "The drafts of %(count)s KPIs are saved.",
        count,
    ) % {"count": count}


def _context(
    request: HttpRequest, board: EntryBoard, above: list[Unit], tab: str
) -> dict[str, Any]:
    shown = "entry" if tab == "entry-grid" else tab
    head = entry_head(board.unit, above, board.period, request.user, shown)
    return {
        "board": board,
        "head": head,
        "crumbs": head.crumbs,
        "tab": tab,
        "words": words_of_scripts(board.whole, board.sent),
    }


@login_required
@require_GET
@never_cache
def entry_sent(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _shown(request, code, year, "entry-sent", "kpi/entry_sent.html")


@login_required
@require_GET
@never_cache
def entry_print(request: HttpRequest, code: str, year: int) -> HttpResponse:
    return _shown(request, code, year, "entry-print", "kpi/entry_print.html")


def _shown(
    request: HttpRequest, code: str, year: int, tab: str, template: str
) -> HttpResponse:
    unit, above = unit_with_above(code)
    require(request.user, Action.SEE_DRAFT, unit)
    board = entry_board(unit, Period(year), request.user, today=timezone.localdate())
    return render(request, template, _context(request, board, above, tab))


@login_required
@require_GET
@never_cache
def entry_years(request: HttpRequest, code: str, year: int) -> HttpResponse:
    unit, above = unit_with_above(code)
    require(request.user, Action.SEE_DRAFT, unit)
    period = Period(year)
    head = entry_head(unit, above, period, request.user, "entry-years")
    context = {
        "head": head,
        "crumbs": head.crumbs,
        "board": years_board(unit, period),
        "title": _("All years"),
    }
    return render(request, "kpi/entry_years.html", context)
