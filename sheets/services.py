"""Bring a file in: read it, propose, apply all of it or nothing."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from bsc.linking import link_cards
from bsc.models import Scorecard, Unit, User
from bsc.services import UnitDirectory
from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.limits import limits
from sheets.models import ImportBatch
from sheets.package import Refused, read_safely
from sheets.proposals import Issue, Options, Proposal, propose
from sheets.proposals.slates import Slate

BATCH_SIZE = 500

# Told (done, of, code of the step) while a file is worked on.
Report = Callable[[int, int, str], None]


def silent(done: int, of: int, code: str) -> None:
    """Report to nobody."""


def store_upload(
    *, file: File, file_name: str, by: User | None, options: dict
) -> ImportBatch:
    """Keep an uploaded file with its checksum; nobody has read it yet.

    Raises Refused where it is larger than a file may be.
    """
    if file.size > limits().packed:
        raise Refused("file-too-large", {"limit": str(limits().packed)})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    batch = ImportBatch(
        file_name=file_name[-200:],
        checksum=digest.hexdigest(),
        uploaded_by=by,
        options=options,
        unit=Unit.objects.filter(code=options.get("unit") or "").first(),
    )
    batch.file.save(f"{digest.hexdigest()}{Path(file_name).suffix.lower()}", file)
    return batch


def read_and_propose(
    path: Path, options: Options, *, report: Report = silent
) -> Proposal:
    """Return what the file at `path` would change. Writes nothing.

    A file that cannot be read gives a proposal with one error and no changes.
    """
    report(0, 3, "opening")
    try:
        book = read_safely(path, options.file_name, limits())
    except Refused as refusal:
        issue = Issue(Severity.ERROR, None, None, refusal.code, refusal.params)
        return Proposal(options.file_name, [], [issue])
    report(1, 3, "comparing")
    return propose(read_book(book), options, UnitDirectory.load())


def propose_batch(batch: ImportBatch, *, report: Report = silent) -> Proposal:
    """Read the file of `batch` and keep its proposal, or the reason it is refused."""
    proposal = read_and_propose(Path(batch.file.path), options_of(batch), report=report)
    batch.proposal = proposal.as_json(applied=False, with_params=True)
    batch.status = (
        ImportBatch.Status.REFUSED
        if proposal.is_refused
        else ImportBatch.Status.PROPOSED
    )
    if batch.unit is None and proposal.cards:
        batch.unit = proposal.cards[0].unit
    batch.save(update_fields=["proposal", "status", "unit"])
    return proposal


def options_of(batch: ImportBatch) -> Options:
    said = batch.options
    return Options(
        unit=Unit.objects.filter(code=said.get("unit") or "").first(),
        year=said.get("year"),
        plan=said.get("plan") or None,
        whole=bool(said.get("whole")),
        file_name=batch.file_name,
    )


@transaction.atomic
def apply_file(
    path: Path,
    options: Options,
    *,
    by: User | None,
    reason: str,
    report: Report = silent,
) -> Proposal:
    """Write what the file at `path` says: all of it, or nothing.

    The proposal is made again inside the transaction, so that it speaks of the
    database as it is now. Imports take turns. Where the proposal is refused
    nothing is written.
    """
    list(Unit.objects.select_for_update().filter(depth=1))
    proposal = read_and_propose(path, options, report=report)
    report(2, 3, "applying")
    if not proposal.is_refused:
        write(proposal, by=by, reason=reason)
    return proposal


def write(proposal: Proposal, *, by: User | None, reason: str) -> None:
    """Write the rows of a proposal, with their history, in bulk."""
    if proposal.slates is None:
        return
    for slate in proposal.slates:
        _write_slate(slate, by=by, reason=reason)
    units = [card.unit for card in proposal.cards]
    link_cards(Scorecard.objects.touching(units), by=by, reason=reason)


def _write_slate(slate: Slate, *, by: User | None, reason: str) -> None:
    created = list(slate.created.values())
    changed = [slate.rows[key] for key in slate.changed]
    fields = sorted({name for names in slate.changed.values() for name in names})
    if not hasattr(slate.model, "history"):
        slate.model.objects.bulk_create(created, batch_size=BATCH_SIZE)
        if changed:
            slate.model.objects.bulk_update(changed, fields, batch_size=BATCH_SIZE)
        return
    kept = {
        "batch_size": BATCH_SIZE,
        "default_user": by,
        "default_change_reason": reason,
    }
    if created:
        bulk_create_with_history(created, slate.model, **kept)
    if changed:
        bulk_update_with_history(changed, slate.model, fields, **kept)


@transaction.atomic
def apply_batch(batch: ImportBatch, *, report: Report = silent) -> Proposal:
    """Apply an uploaded file and keep the verdict on its batch, in one go."""
    proposal = apply_file(
        Path(batch.file.path),
        options_of(batch),
        by=batch.uploaded_by,
        reason=f"import {batch.pk}",
        report=report,
    )
    batch.verdict = proposal.as_json(applied=not proposal.is_refused, with_params=True)
    batch.status = (
        ImportBatch.Status.REFUSED
        if proposal.is_refused
        else ImportBatch.Status.APPLIED
    )
    batch.applied_at = None if proposal.is_refused else timezone.now()
    batch.save(update_fields=["verdict", "status", "applied_at"])
    return proposal
