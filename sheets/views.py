"""Bringing files in: upload, look at what would change, apply or discard."""

import hashlib
import json
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bsc import jobs
from bsc.permissions import Action, require, units_where
from sheets import services, tasks
from sheets.annotations import annotated, annotated_name
from sheets.boards import Place
from sheets.doubts import answers_in
from sheets.hidden import without_stored
from sheets.history import HistoryForm, history_of
from sheets.models import ImportBatch
from sheets.package.macros import MACRO_ENDINGS, may_hold_macros
from sheets.previews import (
    preview_of,
    told_of,
    trouble_of,
    undo_trouble_of,
    units_to_choose,
    working_of,
)
from sheets.uploads import UploadForm

Status = ImportBatch.Status


@login_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.IMPORT)

    batches = ImportBatch.objects.visible_to(request.user)
    form = HistoryForm(request.GET or None, batches=batches)
    page = Paginator(form.chosen().for_history(), 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [history_of(batch) for batch in page],
        "history": form,
        "form": UploadForm(user=request.user),
    }
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
    place = Place.of(request.GET)
    piece = request.htmx and not request.htmx.boosted
    template = "sheets/_import.html" if piece else "sheets/import_detail.html"
    working = working_of(job)
    if piece and not working:
        # What was polled is over: the whole page speaks of it.
        return HttpResponse(headers={"HX-Refresh": "true"})
    may_apply = _may_apply(request, batch)
    may_answer = may_apply and batch.status in services.ANSWERABLE
    context = {
        "batch": batch,
        "here": place.url(),
        "working": working,
        "trouble": trouble_of(batch, job),
        "undo_trouble": undo_trouble_of(batch, job),
        # While a job works on it, its page is asked for every second.
        "preview": None
        if working
        else preview_of(batch, place, may_answer=may_answer, may_see=may_apply),
        "units": units_to_choose() if may_answer else [],
        "may_apply": may_apply,
        "may_answer": may_answer,
        "seen": _mark_of(batch),
        "may_discard": _may_discard(request, batch),
        "may_undo": may_apply and batch.status == Status.APPLIED and batch.has_undo,
        "may_download": not batch.file_name.lower().endswith(MACRO_ENDINGS),
    }
    return render(request, template, context)


@login_required
@require_POST
def answer_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was answered, or take the default of all that is open."""
    batch = _batch(request, pk)
    if not _may_apply(request, batch):
        raise PermissionDenied

    place = Place.of(request.GET)
    accepts = "accept" in request.POST
    if accepts and not _is_as_seen(request, batch):
        return redirect(reverse("sheets:import-detail", args=[pk]) + place.url())
    if _answers(request, batch) and accepts:
        _path_of(batch)
        try:
            services.accept_defaults(batch, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The defaults are accepted."))
    return redirect(reverse("sheets:import-detail", args=[pk]) + place.url())


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
        # What is chosen in the list and not saved yet is meant, too.
        if not _is_as_seen(request, batch) or not _answers(request, batch):
            return redirect("sheets:import-detail", pk=pk)

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

    open_states = [*services.ANSWERABLE]
    has_stopped = trouble_of(batch, jobs.settle(batch.job) if batch.job else None)
    if has_stopped and batch.status != Status.APPLIED:
        open_states.append(batch.status)
    waiting = ImportBatch.objects.filter(pk=pk, status__in=open_states)
    if waiting.update(status=Status.DISCARDED):
        messages.success(request, _("The file is discarded; nothing was written."))
    return redirect("sheets:import-list")


@login_required
@require_POST
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if not _may_apply(request, batch):
        raise PermissionDenied

    # One of two people who press at once starts the work.
    is_idle = batch.job is None or jobs.settle(batch.job).is_over
    applied = ImportBatch.objects.filter(pk=pk, status=Status.APPLIED, job=batch.job)
    with transaction.atomic():
        is_taken = is_idle and batch.has_undo and applied.update(job=None)
        if is_taken:
            _start(batch, tasks.undo_import, "undo", request)
    if not is_taken:
        messages.warning(request, _("There is nothing of this import to undo."))
    return redirect("sheets:import-detail", pk=pk)


@login_required
@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file as it was uploaded; a file with macros only as a copy."""
    batch = _batch(request, pk)
    require(request.user, Action.IMPORT)

    _path_of(batch)
    file = batch.file.open("rb")
    if may_hold_macros(file, batch.file_name):
        file.close()
        words = _("A file with macros is only given as a copy with comments.")
        messages.warning(request, words)
        return redirect("sheets:import-detail", pk=pk)
    file.seek(0)
    # Never shown by a browser: what it is, only the person's own program decides.
    return FileResponse(
        file,
        as_attachment=True,
        filename=batch.file_name,
        content_type="application/octet-stream",
    )


@login_required
@require_safe
def annotated_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a workbook of what was read, with each doubt as a comment at its cell."""
    batch = _batch(request, pk)
    require(request.user, Action.IMPORT)

    content = services.read(_path_of(batch), batch.file_name)
    if content.book is None:
        raise Http404
    told = told_of(batch)
    if not _may_apply(request, batch):
        told = without_stored(told)
    copy = annotated(content.book, told.get("issues", []))
    return FileResponse(
        copy, as_attachment=True, filename=annotated_name(batch.file_name)
    )


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Return a batch with its job, read at one moment: neither is ahead of the other."""
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.for_page(), pk=pk)


def _path_of(batch: ImportBatch) -> Path:
    """Return where the uploaded file is kept. Raises Http404 where it is not there."""
    if not batch.file or not batch.file.storage.exists(batch.file.name):
        raise Http404
    return Path(batch.file.path)


def _mark_of(batch: ImportBatch) -> str:
    """Return what a page remembers of the proposal and the answers it showed."""
    told = [batch.proposal.get("fingerprint", ""), sorted(batch.answers.items())]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def _is_as_seen(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the page was about what stands now; if not, tell so."""
    if request.POST.get("seen", _mark_of(batch)) == _mark_of(batch):
        return True
    words = _("Somebody has answered meanwhile; please look again before you go on.")
    messages.warning(request, words)
    return False


def _start(batch: ImportBatch, task, kind: str, request: HttpRequest) -> None:
    job = jobs.enqueue(task, batch.pk, kind=kind, owner=request.user)
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)


def _answers(request: HttpRequest, batch: ImportBatch) -> bool:
    """Keep the answers that a form gives anew; say whether they could be kept."""
    given = answers_in(request.POST, told_of(batch).get("issues", []))
    if not given:
        return True
    _path_of(batch)
    try:
        services.answer_batch(batch, given, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, _("The answers are kept."))
    return True


def _may_apply(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the person may import for every unit the file speaks of."""
    codes = {s["unit"] for s in told_of(batch).get("sheets", []) if s["unit"]}
    if batch.unit is not None:
        codes.add(batch.unit.code)
    allowed = units_where(request.user, Action.IMPORT).filter(code__in=codes)
    return bool(codes) and allowed.count() == len(codes)


def _may_discard(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the file is the person's own, or of units they import for."""
    return batch.uploaded_by == request.user or _may_apply(request, batch)
