"""Bring a file in: read it, propose, apply all of it or nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from bsc.linking import link_cards
from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from bsc.services import UnitDirectory
from kpi.models import Kpi
from kpi.services import refresh_results
from sheets.forms import read_book
from sheets.forms.readings import Severity, SheetReading
from sheets.limits import limits
from sheets.models import ImportBatch
from sheets.package import Refused, read_safely
from sheets.pictures import pictures_of
from sheets.proposals import Issue, Options, Proposal, propose
from sheets.proposals.slates import Slate

BATCH_SIZE = 500
OPEN = {ImportBatch.Status.PROPOSED, ImportBatch.Status.RUNNING}
LONGEST_SUFFIX = 8

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
    suffix = Path(file_name).suffix.lower()
    kept = suffix if suffix[1:].isalnum() and len(suffix) <= LONGEST_SUFFIX else ""
    batch.file.save(f"{digest.hexdigest()}{kept}", file)
    return batch


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says: readings and pictures of its sheets, or why it is refused."""

    readings: tuple[SheetReading, ...] = ()
    pictures: tuple[dict, ...] = ()
    refusal: Issue | None = None


def read(path: Path, file_name: str) -> Content:
    """Return what the file at `path` says.

    Touches no table: it may take as long as reading a file may take.
    """
    try:
        book = read_safely(path, file_name, limits())
    except Refused as refused:
        sheet, cell = (str(refused.params.get(name, "")) for name in ("sheet", "cell"))
        told = dict(refused.params)
        issue = Issue(Severity.ERROR, sheet or None, cell or None, refused.code, told)
        return Content(refusal=issue)
    return Content(read_book(book), tuple(pictures_of(book)))


def propose_content(content: Content, options: Options) -> Proposal:
    """Return what the content of a file would change. Writes nothing.

    A file that was refused gives a proposal with one error and no changes.
    """
    if content.refusal is not None:
        return Proposal(options.file_name, [], [content.refusal])
    return propose(content.readings, options, UnitDirectory.load())


def read_and_propose(path: Path, options: Options) -> Proposal:
    """Return what the file at `path` would change. Writes nothing."""
    return propose_content(read(path, options.file_name), options)


def propose_batch(batch: ImportBatch, *, report: Report = silent) -> Proposal:
    """Read the file of `batch` and keep its proposal, or the reason it is refused."""
    options = options_of(batch)
    report(0, 2, "opening")
    content = read(Path(batch.file.path), options.file_name)
    report(1, 2, "comparing")
    proposal = propose_content(content, options)
    batch.pictures = content.pictures
    batch.proposal = proposal.as_json(applied=False, with_params=True)
    batch.status = (
        ImportBatch.Status.REFUSED
        if proposal.is_refused
        else ImportBatch.Status.PROPOSED
    )
    if batch.unit is None and proposal.cards:
        batch.unit = proposal.cards[0].unit
    # Somebody may have discarded it while it was read.
    waiting = ImportBatch.objects.filter(
        pk=batch.pk, status=ImportBatch.Status.UPLOADED
    )
    waiting.update(
        pictures=batch.pictures,
        proposal=batch.proposal,
        status=batch.status,
        unit=batch.unit,
    )
    return proposal


def options_of(batch: ImportBatch) -> Options:
    said = batch.options
    return Options(
        unit=Unit.objects.filter(code=said.get("unit") or "").first(),
        year=said.get("year"),
        plan=said.get("plan") or None,
        file_name=batch.file_name,
    )


def apply_file(
    path: Path,
    options: Options,
    *,
    by: User | None,
    reason: str,
    strict: bool = False,
    report: Report = silent,
) -> Proposal:
    """Write what the file at `path` says: all of it, or nothing.

    Where the proposal is refused, or `strict` and it asks something, nothing is
    written. What was read is rated afterwards.
    """
    report(0, 4, "opening")
    content = read(path, options.file_name)
    report(1, 4, "comparing")
    with transaction.atomic():
        proposal = _write_content(content, options, by, reason, strict, report)
    if not proposal.is_refused:
        report(3, 4, "rating")
        rate_cards(proposal.sheets)
    return proposal


def _write_content(
    content: Content,
    options: Options,
    by: User | None,
    reason: str,
    strict: bool,
    report: Report = silent,
) -> Proposal:
    """Propose and write inside the caller's transaction; imports take turns.

    The proposal is made there, so that it speaks of the database as it is now.
    """
    list(Unit.objects.select_for_update().filter(depth=1))
    proposal = propose_content(content, options)
    if strict and proposal.is_asking:
        proposal.refuse()
    if not proposal.is_refused:
        report(2, 4, "applying")
        write(proposal, by=by, reason=reason)
    return proposal


def write(proposal: Proposal, *, by: User | None, reason: str) -> None:
    """Write the rows of a proposal, with their history, in bulk."""
    if proposal.slates is None:
        return
    for slate in reversed([*proposal.slates]):
        for row in slate.removed.values():
            row._history_user, row._change_reason = by, reason
            row.delete()
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


def apply_batch(
    batch: ImportBatch, *, by: User | None = None, report: Report = silent
) -> None:
    """Apply an uploaded file and keep the verdict on its batch, in one go.

    `by` is who applied it; who uploaded it where nobody is named.
    """
    options = options_of(batch)
    report(0, 4, "opening")
    content = read(Path(batch.file.path), options.file_name)
    report(1, 4, "comparing")
    reason = f"import {batch.pk}"
    with transaction.atomic():
        # A second run of a job finds here what the first has done.
        held = ImportBatch.objects.select_for_update()
        batch.refresh_from_db(fields=["status"], from_queryset=held)
        if batch.status not in OPEN:
            return
        proposal = _write_content(
            content, options, by or batch.uploaded_by, reason, False, report
        )
        is_applied = not proposal.is_refused
        batch.verdict = proposal.as_json(applied=is_applied, with_params=True)
        batch.status = (
            ImportBatch.Status.APPLIED if is_applied else ImportBatch.Status.REFUSED
        )
        batch.applied_at = timezone.now() if is_applied else None
        batch.save(update_fields=["verdict", "status", "applied_at"])


def rate_cards(sheets: list[dict]) -> None:
    """Reckon the results of the cards that the sheets of a verdict speak of."""
    cards = {(s["unit"], s["year"]) for s in sheets if s["unit"] and s["year"]}
    for code, year in sorted(cards):
        period = Period.parse(year)
        kpis = Kpi.objects.open_in(unit=code, year=period.year)
        refresh_results(kpis, period, at=timezone.now())
