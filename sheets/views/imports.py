"""Bringing files in: upload, look at what would change, apply, discard or undo it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from bsc import jobs
from bsc.permissions import Action, require
from sheets import services, tasks
from sheets.boards import Place
from sheets.copies import state_of
from sheets.history import HistoryForm, history_of
from sheets.messages import message
from sheets.models import ImportBatch
from sheets.package import Refused
from sheets.previews import (
    own_units,
    preview_of,
    trouble_of,
    undo_trouble_of,
    units_to_choose,
    working_of,
    year_in_words,
)
from sheets.undone import foreseen_of
from sheets.uploads import UploadForm
from sheets.views import finding
from sheets.views.answers import keep_answers

Status = ImportBatch.Status
# An import that wrote no more is looked through while a person waits for the page.
ROWS_AT_ONCE = 4_000


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
        try:
            with transaction.atomic():
                batch = services.store_upload(
                    file=file,
                    file_name=file.name,
                    by=request.user,
                    options=form.options,
                )
                finding.start(batch, tasks.propose_import, "import", request)
        except Refused as refused:
            form.add_error("file", message(refused.code, refused.params))
        else:
            return redirect("sheets:import-detail", pk=batch.pk)
    status = 422 if form.is_bound else 200
    return render(request, "sheets/import_form.html", {"form": form}, status=status)


@login_required
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = finding.batch_of(request, pk)
    require(request.user, Action.IMPORT)

    job = jobs.settle(batch.job) if batch.job else None
    place = Place.of(request.GET)
    piece = request.htmx and not request.htmx.boosted
    template = "sheets/_import.html" if piece else "sheets/import_detail.html"
    working = working_of(job)
    if piece and not working:
        # What was polled is over: the whole page speaks of it.
        return HttpResponse(headers={"HX-Refresh": "true"})
    may_apply = finding.may_apply(request, batch)
    may_answer = finding.may_answer(request, batch)
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
        "copy": None
        if working
        else state_of(finding.copy_of(request, batch, may_apply)),
        "units": units_to_choose() if may_answer else [],
        "own_units": own_units(request.user) if may_answer and not batch.unit else [],
        "said_year": year_in_words(batch.options.get("year")),
        "may_apply": may_apply,
        "may_answer": may_answer,
        "seen": finding.mark_of(batch),
        "may_teach": may_answer and finding.may_teach(request),
        "may_discard": finding.may_discard(request, batch),
        "may_undo": may_apply and batch.status == Status.APPLIED and batch.has_undo,
    }
    return render(request, template, context)


@login_required
@require_POST
def apply_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a file, or try again what stopped: reading it or applying it."""
    batch = finding.batch_of(request, pk)
    has_stopped = trouble_of(batch, jobs.settle(batch.job) if batch.job else None)
    if has_stopped and batch.status == Status.UPLOADED:
        task, kind = tasks.propose_import, "import"
        if not finding.may_discard(request, batch):
            raise PermissionDenied
    else:
        task, kind = tasks.apply_import, "apply"
        if not finding.may_apply(request, batch):
            raise PermissionDenied
        # What is chosen in the list and not saved yet is meant, too.
        if not finding.is_as_seen(request, batch) or not keep_answers(request, batch):
            return redirect("sheets:import-detail", pk=pk)

    # One of two people who press at once starts the work.
    waiting = ImportBatch.objects.filter(pk=pk, status=Status.PROPOSED)
    stopped = ImportBatch.objects.filter(pk=pk, status=batch.status, job=batch.job)
    with transaction.atomic():
        taken = stopped.update(job=None) if has_stopped else 0
        is_taken = taken or waiting.update(status=Status.RUNNING)
        if is_taken:
            finding.start(batch, task, kind, request)
    if not is_taken:
        messages.warning(request, _("This file is no longer waiting to be applied."))
    return redirect("sheets:import-detail", pk=pk)


@login_required
@require_POST
def discard_import(request: HttpRequest, pk: int) -> HttpResponse:
    batch = finding.batch_of(request, pk)
    if not finding.may_discard(request, batch):
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
@require_http_methods(["GET", "HEAD", "POST"])
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what undoing would take away and what would stay; by POST, do it."""
    batch = finding.batch_of(request, pk)
    if not finding.may_apply(request, batch):
        raise PermissionDenied

    is_idle = batch.job is None or jobs.settle(batch.job).is_over
    if request.method != "POST" and is_idle:
        return _undo_page(request, batch)

    # One of two people who press at once starts the work.
    applied = ImportBatch.objects.filter(pk=pk, status=Status.APPLIED, job=batch.job)
    with transaction.atomic():
        is_taken = is_idle and batch.has_undo and applied.update(job=None)
        if is_taken:
            finding.start(batch, tasks.undo_import, "undo", request)
    if not is_taken:
        messages.warning(request, _("There is nothing of this import to undo."))
    return redirect("sheets:import-detail", pk=pk)


def _undo_page(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Show what undoing would do; of a large import that is looked up by the page."""
    is_applied = batch.status == Status.APPLIED and batch.has_undo
    if is_applied and _is_large(batch) and "look" not in request.GET:
        context = {"batch": batch, "foreseen": None}
        return render(request, "sheets/import_undo.html", context)
    try:
        told = services.foresee_undo(batch, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("sheets:import-detail", pk=batch.pk)
    piece = request.htmx and not request.htmx.boosted
    template = "sheets/_foreseen.html" if piece else "sheets/import_undo.html"
    context = {"batch": batch, "foreseen": foreseen_of(told)}
    return render(request, template, context)


def _is_large(batch: ImportBatch) -> bool:
    changes = batch.verdict.get("changes", {}).values()
    wrote = sum(sum(counts.values()) - counts["unchanged"] for counts in changes)
    return wrote > ROWS_AT_ONCE
