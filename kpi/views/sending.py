"""The last look before figures are sent, and the sending itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bsc.models import Unit
from bsc.periods import Period
from bsc.permissions import Action, require
from kpi.boards.entry import entry_board
from kpi.boards.entry_heads import entry_head, unit_with_above
from kpi.boards.entry_sending import sending_board
from kpi.forms import version_of
from kpi.models import Kpi
from kpi.services import entries

REFUSED = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def send(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """List what is ready, what is missing and what to confirm; send what is chosen."""
    unit, above = unit_with_above(code)
    require(request.user, Action.SEE_DRAFT, unit)
    period = Period(year)
    refused, status = {}, 200
    if request.method == "POST":
        require(request.user, Action.RECORD, unit)
        sent = _sent(request, unit, period)
        refused = sent.refused
        if sent.sent:
            count = len(sent.sent)
            words = ngettext(
                "%(count)s figure is sent.", "%(count)s figures are sent.", count
            )
            messages.success(request, words % {"count": count})
        if sent.sent and not refused:
            return redirect("kpi:entry-sent", code=code, year=year)
        status = REFUSED if refused else 200
    board = entry_board(unit, period, request.user, today=timezone.localdate())
    head = entry_head(unit, above, period, request.user, "entry")
    context = {
        "board": board,
        "sending": sending_board(board.open_rows, refused),
        "head": head,
        "crumbs": head.crumbs,
    }
    return render(request, "kpi/entry_send.html", context, status=status)


def _sent(request: HttpRequest, unit: Unit, period: Period) -> entries.Sent:
    """Send the chosen figures with what was confirmed for each."""
    chosen = {int(key) for key in request.POST.getlist("send") if _is_key(key)}
    units = Unit.objects.at_or_below([unit])
    kpis = Kpi.objects.entered_by_units(units, period.year).with_owners()
    return entries.submit(
        entries=[
            (kpi, period, version_of(request.POST.get(f"k{kpi.pk}-version", "")) or 0)
            for kpi in kpis.filter(pk__in=chosen)
        ],
        by=request.user,
        at=timezone.now(),
        confirmed={key: request.POST.getlist(f"k{key}-confirmed") for key in chosen},
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
