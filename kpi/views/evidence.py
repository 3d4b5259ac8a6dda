"""Files that prove a figure: given, handed out, taken away."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bsc.models import Evidence
from bsc.periods import Period
from kpi.boards.entry import evidence_of
from kpi.forms import EvidenceForm
from kpi.models import Entry, Kpi
from kpi.services import evidence as services
from kpi.services import rights

REFUSED = 422
# Should a browser show a file all the same, it may do nothing and load nothing.
SANDBOX = "default-src 'none'; sandbox"


@login_required
@require_POST
@never_cache
def evidence_upload(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    kpis = Kpi.objects.visible_to(request.user).with_owners()
    kpi = get_object_or_404(kpis, pk=pk)
    if not rights.may_record(request.user, kpi):
        raise PermissionDenied
    period = Period(year)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.add_evidence(
                kpi=kpi,
                period=period,
                name=file.name,
                size=file.size,
                chunks=file.chunks(),
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("file", error)
    return _answered(request, kpi, period, form.errors.get("file", []))


@login_required
@require_GET
@never_cache
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a file out to whoever sees the figure that it proves, and to nobody else."""
    evidence = get_object_or_404(Evidence, pk=pk)
    _seen(request, evidence)
    response = FileResponse(
        evidence.file.open("rb"), content_type=evidence.content_type
    )
    response["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(evidence.name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(Evidence, pk=pk)
    entry = _seen(request, evidence)
    if not rights.may_record(request.user, entry.kpi):
        raise PermissionDenied
    errors = []
    try:
        services.remove_evidence(entry=entry, evidence=evidence, by=request.user)
    except ValidationError as error:
        errors = error.messages
    return _answered(request, entry.kpi, Period.parse(entry.period), errors)


def _seen(request: HttpRequest, evidence: Evidence) -> Entry:
    """Return the figure that a file proves, where the person sees it; else 404."""
    for entry in evidence.entries.with_kpi():
        if rights.may_see_entry(request.user, entry.kpi):
            return entry
    raise Http404


def _answered(
    request: HttpRequest, kpi: Kpi, period: Period, errors: list[str]
) -> HttpResponse:
    """Answer a script with the list of files, and a browser with the page."""
    if request.headers.get("X-Part"):
        row = evidence_of(kpi, period, may_edit=True)
        context = {"row": row, "errors": errors}
        status = REFUSED if errors else 200
        response = render(request, "kpi/_entry_files.html", context, status=status)
        if row.version is not None:
            response["X-Version"] = str(row.version)
        return response
    if errors:
        messages.error(request, f"{kpi.code}: {' '.join(errors)}")
    else:
        messages.success(request, _("%(code)s: done.") % {"code": kpi.code})
    owners = [owner.unit.code for owner in kpi.owners.all()]
    code = request.POST.get("section") or (owners[0] if owners else "")
    if code not in owners:
        code = owners[0] if owners else kpi.scorecard.unit.code
    place = redirect("kpi:entry", code=code, year=period.year)
    place["Location"] += f"#row-{kpi.pk}"
    return place
