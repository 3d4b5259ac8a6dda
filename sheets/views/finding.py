"""What every page of an import asks first: which one it is, and who may what with it."""

import hashlib
import json
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bsc import jobs
from bsc.permissions import Action, units_where
from sheets.copies import Copy, told_of
from sheets.models import ImportBatch
from sheets.services import ANSWERABLE


def batch_of(request: HttpRequest, pk: int) -> ImportBatch:
    """Return a batch with its job, read at one moment: neither is ahead of the other."""
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.for_page(), pk=pk)


def path_of(batch: ImportBatch) -> Path:
    """Return where the uploaded file is kept. Raises Http404 where it is not there."""
    if not batch.file or not batch.file.storage.exists(batch.file.name):
        raise Http404
    return Path(batch.file.path)


def copy_of(request: HttpRequest, batch: ImportBatch, may_see: bool) -> Copy:
    return Copy(batch, request.LANGUAGE_CODE, may_see)


def may_apply(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the person may import for every unit the file speaks of."""
    codes = _units_of(batch)
    allowed = units_where(request.user, Action.IMPORT).filter(code__in=codes)
    return bool(codes) and allowed.count() == len(codes)


def may_say(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the person may say whose the file is, or answer for its units."""
    if batch.uploaded_by == request.user and not _units_of(batch):
        return units_where(request.user, Action.IMPORT).exists()
    return may_apply(request, batch)


def may_answer(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the doubts of the file may be answered, and by this person."""
    return batch.status in ANSWERABLE and may_say(request, batch)


def _units_of(batch: ImportBatch) -> set[str]:
    codes = {s["unit"] for s in told_of(batch).get("sheets", []) if s["unit"]}
    return codes | ({batch.unit.code} if batch.unit is not None else set())


def may_discard(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the file is the person's own, or of units they import for."""
    return batch.uploaded_by == request.user or may_apply(request, batch)


def may_teach(request: HttpRequest) -> bool:
    """Say whether the person plans for the whole city: a wording holds for all."""
    return units_where(request.user, Action.IMPORT).filter(depth=1).exists()


def mark_of(batch: ImportBatch) -> str:
    """Return what a page remembers of the proposal and the answers it showed."""
    told = [batch.proposal.get("fingerprint", ""), sorted(batch.answers.items())]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def is_as_seen(request: HttpRequest, batch: ImportBatch) -> bool:
    """Say whether the page was about what stands now; if not, tell so."""
    if request.POST.get("seen", mark_of(batch)) == mark_of(batch):
        return True
    words = _("Somebody has answered meanwhile; please look again before you go on.")
    messages.warning(request, words)
    return False


def start(batch: ImportBatch, task, kind: str, request: HttpRequest) -> None:
    job = jobs.enqueue(task, batch.pk, kind=kind, owner=request.user)
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)
