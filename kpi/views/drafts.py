"""One row while somebody types, taken back, or signed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bsc.models import Unit
from bsc.periods import Period
from bsc.permissions import Action, units_where
from kpi.boards.entry import row_board
from kpi.boards.entry_known import to_report
from kpi.forms import VERSION, typed_boxes, version_of
from kpi.models import Entry, Kpi
from kpi.services import entries, rights
from kpi.services.refusals import Conflict

CONFLICT, REFUSED = 409, 422


@login_required
@require_POST
@never_cache
def save_draft(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Keep one row, and answer what follows from it: light, arithmetic, state."""
    period = Period(year)
    kpis = to_report(Kpi.objects.visible_to(request.user), period)
    kpi = get_object_or_404(kpis, pk=pk)
    if not rights.may_record(request.user, kpi):
        raise PermissionDenied
    posted = {name: request.POST[name] for name in request.POST}
    typed = typed_boxes(posted)
    try:
        kept = entries.save_draft(
            kpi=kpi,
            period=period,
            typed=typed,
            by=request.user,
            at=timezone.now(),
            version=version_of(posted.get(VERSION, "")),
        )
    except Conflict as conflict:
        shown = {**conflict.entry.typed, **typed}
        row = row_board(
            kpi,
            period,
            conflict.entry,
            today=timezone.localdate(),
            typed=shown,
            conflict=conflict,
        )
        context = {"row": row}
        return render(request, "kpi/_entry_live.html", context, status=CONFLICT)
    except ValidationError as error:
        context = {"refusals": error.messages}
        return render(request, "kpi/_entry_refused.html", context, status=REFUSED)
    row = row_board(kpi, period, kept, today=timezone.localdate())
    return render(request, "kpi/_entry_live.html", {"row": row})


@login_required
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a figure back that is sent and not checked yet."""
    found = _entry(request, pk)
    kpi = found.kpi
    if not rights.may_record(request.user, kpi):
        raise PermissionDenied
    try:
        entries.recall(
            entry=found,
            by=request.user,
            at=timezone.now(),
            version=version_of(request.POST.get(VERSION, "")) or 0,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("%(code)s is taken back; it is a draft again.") % {"code": kpi.code},
        )
    return _back(request, found)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a figure for a responsible unit that another one enters."""
    found = _entry(request, pk)
    if not rights.may_sign(request.user, found.kpi):
        raise PermissionDenied
    own = set(units_where(request.user, Action.RECORD).values_list("pk", flat=True))
    signers = [o.unit for o in rights.signers_of(found.kpi) if o.unit_id in own]
    try:
        for unit in signers:
            entries.sign(entry=found, unit=unit, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(code)s is signed.") % {"code": found.kpi.code})
    return _back(request, found)


def _entry(request: HttpRequest, pk: int) -> Entry:
    return get_object_or_404(Entry.objects.visible_to(request.user).with_kpi(), pk=pk)


def _back(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Return to the page of the section that the person came from."""
    code = request.POST.get("section", "")
    owners = [owner.unit.code for owner in entry.kpi.owners.all()]
    if not Unit.objects.filter(code=code).exists():
        code = owners[0] if owners else entry.kpi.scorecard.unit.code
    return redirect("kpi:entry", code=code, year=Period.parse(entry.period).year)
