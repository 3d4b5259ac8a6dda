"""The files that a person gets back: the one that is kept, and the copy with comments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bsc import jobs
from bsc.permissions import Action, require
from sheets import services, tasks
from sheets.annotations import annotated, annotated_name
from sheets.copies import KIND, arguments_of, is_copied_at_once, jobs_of, state_of
from sheets.models import ImportBatch
from sheets.package.macros import may_hold_macros
from sheets.views import finding


@login_required
@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file as it is kept; one that may hold macros only as a copy."""
    batch = finding.batch_of(request, pk)
    require(request.user, Action.IMPORT)

    finding.path_of(batch)
    file = batch.file.open("rb")
    if not batch.is_given_out or may_hold_macros(file):
        file.close()
        words = _("A file with macros is only given as a copy with comments.")
        messages.warning(request, words)
        return redirect("sheets:import-detail", pk=pk)
    file.seek(0)
    # Never shown by a browser: what it is, only the person's own program decides.
    return FileResponse(
        file,
        as_attachment=True,
        filename=batch.kept_name,
        content_type="application/octet-stream",
    )


@login_required
@require_safe
def annotated_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a workbook of what was read, with each doubt as a comment at its cell."""
    batch = finding.batch_of(request, pk)
    require(request.user, Action.IMPORT)

    path = finding.path_of(batch)
    copy = finding.copy_of(request, batch, finding.may_apply(request, batch))
    if copy.is_there:
        file = copy.open()
    elif is_copied_at_once(batch):
        content = services.read(path, batch.file_name)
        if content.book is None:
            raise Http404
        file = annotated(content.book, copy.issues)
    else:
        return redirect("sheets:import-detail", pk=pk)
    return FileResponse(
        file, as_attachment=True, filename=annotated_name(batch.file_name)
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the copy of a large file written; tell how far it is."""
    batch = finding.batch_of(request, pk)
    require(request.user, Action.IMPORT)

    finding.path_of(batch)
    copy = finding.copy_of(request, batch, finding.may_apply(request, batch))
    if request.method == "POST" and batch.pictures:
        with transaction.atomic():
            # One of two people who press at once starts the work.
            ImportBatch.objects.select_for_update().get(pk=pk)
            running = [job for job in jobs_of(copy) if not jobs.settle(job).is_over]
            if not running and not state_of(copy).is_ready:
                told = arguments_of(copy)
                jobs.enqueue(
                    tasks.annotate_import, *told, kind=KIND, owner=request.user
                )
    if not request.htmx:
        return redirect("sheets:import-detail", pk=pk)
    context = {"batch": batch, "copy": state_of(copy)}
    return render(request, "sheets/_copy.html", context)
