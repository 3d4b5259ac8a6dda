"""Bringing files in: upload, look at what would change, apply or discard."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bsc import jobs
from bsc.permissions import Action, require, units_where
from sheets import services, tasks
from sheets.models import ImportBatch
from sheets.previews import preview_of, trouble_of, working_of
from sheets.uploads import UploadForm

Status = ImportBatch.Status


@login_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.IMPORT)

    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "unit", "uploaded_by"
    )
    page = Paginator(batches.defer("pictures", "proposal", "verdict"), 30).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "form": UploadForm(user=request.user)}
    return render(request, "sheets/import_list.html", context)


@login_required
def upload_file(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.IMPORT)

    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, user=request.user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with transaction.atomic():
            batch = services.store_upload(
                file=file, file_name=file.name, by=request.user, options=form.options
            )
            _start(batch, tasks.propose_import, "import", request)
        return redirect("sheets:import-detail", pk=batch.pk)
    status = 422 if form.is_bound else 200
    return render(request, "sheets/import_form.html", {"form": form}, status=status)


@login_required
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    require(request.user, Action.IMPORT)

    job = jobs.settle(batch.job) if batch.job else None
    piece = request.htmx and not request.htmx.boosted
    template = "sheets/_import.html" if piece else "sheets/import_detail.html"
    context = {
        "batch": batch,
        "working": working_of(job),
        "trouble": trouble_of(batch, job),
        "preview": preview_of(batch, request.GET.get("sheet", "")),
        "may_apply": _may_apply(request, batch),
        "may_discard": _may_discard(request, batch),
    }
    return render(request, template, context)


@login_required
@require_POST
def apply_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a file, or try again what stopped: reading it or applying it."""
    batch = _batch(request, pk)
    has_stopped = trouble_of(batch, jobs.settle(batch.job) if batch.job else None)
    if has_stopped and batch.status == Status.UPLOADED:
        task, kind = tasks.propose_import, "import"
        if not _may_discard(request, batch):
            raise PermissionDenied
    else:
        task, kind = tasks.apply_import, "apply"
        if not _may_apply(request, batch):
            raise PermissionDenied

    # One of two people who press at once starts the work.
    waiting = ImportBatch.objects.filter(pk=pk, status=Status.PROPOSED)
    stopped = ImportBatch.objects.filter(pk=pk, status=batch.status, job=batch.job)
    with transaction.atomic():
        taken = stopped.update(job=None) if has_stopped else 0
        is_taken = taken or waiting.update(status=Status.RUNNING)
        if is_taken:
            _start(batch, task, kind, request)
    if not is_taken:
        messages.warning(request, _("This file is no longer waiting to be applied."))
    return redirect("sheets:import-detail", pk=pk)


@login_required
@require_POST
def discard_import(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if not _may_discard(request, batch):
        raise PermissionDenied

    open_states = [Status.PROPOSED, Status.REFUSED]
    has_stopped = trouble_of(batch, jobs.settle(batch.job) if batch.job else None)
    if has_stopped and batch.status != Status.APPLIED:
        open_states.append(batch.status)
    waiting = ImportBatch.objects.filter(pk=pk, status__in=open_states)
    if waiting.update(status=Status.DISCARDED):
        messages.success(request, _("The file is discarded; nothing was written."))
    return redirect("sheets:import-list")


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Return a batch with its job, read at one moment: neither is ahead of the other."""
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("job", "unit"), pk=pk)


def _start(batch: ImportBatch, task, kind: str, request: HttpRequest) -> None:
    job = jobs.enqueue(task, batch.pk, kind=kind, owner=request.user)
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)


def _may_apply(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the person may import for every unit the file speaks of."""
    codes = {s["unit"] for s in batch.proposal.get("sheets", []) if s["unit"]}
    if batch.unit is not None:
        codes.add(batch.unit.code)
    allowed = units_where(request.user, Action.IMPORT).filter(code__in=codes)
    return bool(codes) and allowed.count() == len(codes)


def _may_discard(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the file is the person's own, or of units they import for."""
    return batch.uploaded_by == request.user or _may_apply(request, batch)
