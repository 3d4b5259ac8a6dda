"""Background work on imports."""

from pathlib import Path

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.utils import translation

from bsc import jobs
from sheets import services
from sheets.annotations import annotated
from sheets.copies import Copy
from sheets.models import ImportBatch

Status = ImportBatch.Status


@shared_task(ignore_result=True)
@jobs.recorded
def propose_import(batch_id: int) -> dict:
    """Read an uploaded file and keep what it would change.

    Safe to run twice: it writes nothing but the proposal of its batch.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.status == Status.UPLOADED:
        services.propose_batch(batch, report=jobs.report)
    return {"status": batch.status}


@shared_task(ignore_result=True)
@jobs.recorded
def apply_import(batch_id: int) -> dict:
    """Apply the proposal of one uploaded file, all of its rows or none, and rate.

    Safe to run twice: a batch that is over is only rated again, and results whose
    inputs are as before are not written.
    """
    batch = ImportBatch.objects.select_related("job__owner").get(pk=batch_id)
    if batch.status == Status.RUNNING:
        by = batch.job.owner if batch.job else None
        services.apply_batch(batch, by=by, report=jobs.report)
    if batch.status == Status.APPLIED:
        jobs.report(3, 4, "rating")
        services.rate_cards(batch.verdict["sheets"])
    return {"status": batch.status}


@shared_task(ignore_result=True)
@jobs.recorded
def undo_import(batch_id: int) -> dict:
    """Take back what one import wrote, all of it or nothing, and rate.

    Safe to run twice: what is undone is not undone again.
    """
    batch = ImportBatch.objects.select_related("job__owner").get(pk=batch_id)
    if batch.status == Status.APPLIED:
        by = batch.job.owner if batch.job else None
        try:
            services.undo_batch(batch, by, report=jobs.report)
        except PermissionDenied as refused:
            raise jobs.JobFailed("not-allowed") from refused
    return {"status": batch.status}


@shared_task(ignore_result=True)
@jobs.recorded
def annotate_import(batch_id: int, language: str, may_see: bool, mark: str) -> dict:
    """Write the copy of a file in which each doubt is a comment at its cell.

    Safe to run twice: a copy that is there is not written again, and one of doubts
    that are no longer so (their `mark` is another) is not written at all.
    """
    copy = Copy(ImportBatch.objects.get(pk=batch_id), language, may_see)
    if copy.mark == mark and not copy.is_there:
        jobs.report(0, 4, "opening")
        path, name = Path(copy.batch.file.path), copy.batch.file_name
        content = services.read(path, name)
        jobs.report(2, 4, "annotating")
        with translation.override(language):
            if content.book is not None:
                copy.keep(annotated(content.book, copy.issues))
    return {"copy": mark}
