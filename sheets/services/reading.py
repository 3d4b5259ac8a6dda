"""Keep a file, read it, and say what it would change."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction

from bsc.models import Unit, User
from bsc.services import UnitDirectory
from sheets.forms import read_book
from sheets.forms.readings import Severity, SheetReading
from sheets.forms.wordings import Wording
from sheets.grid import Book
from sheets.limits import limits
from sheets.models import ColumnWording, ImportBatch, SheetPage
from sheets.package import Refused, read_safely, without_macros
from sheets.package.macros import MACRO_ENDINGS
from sheets.pictures import Picture, pictures_of
from sheets.proposals import Issue, Options, Proposal, propose
from sheets.services.columns import read_as_answered
from sheets.services.doubting import head_of, keep_doubts
from sheets.services.recalling import codes_held
from sheets.services.remembering import learned_for

LONGEST_SUFFIX = 8

# Told (done, of, code of the step) while a file is worked on.
Report = Callable[[int, int, str], None]


def silent(done: int, of: int, code: str) -> None:
    """Report to nobody."""


def store_upload(
    *, file: File, file_name: str, by: User | None, options: dict
) -> ImportBatch:
    """Keep an uploaded file with its checksum; nobody has read it yet.

    Macros are taken out before it is kept; the checksum is of what was sent, and
    `options` tell that some were there. Raises Refused where it is larger than a file
    may be, or holds macros that cannot be taken out.
    """
    if file.size > limits().packed:
        raise Refused("file-too-large", {"limit": str(limits().packed)})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    plain = without_macros(file)
    file.seek(0)
    if plain is not None:
        file, options = ContentFile(plain), {**options, "macros": "removed"}
    elif file_name.lower().endswith(MACRO_ENDINGS):
        options = {**options, "macros": "none"}
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
    """What a file says: its cells and their readings, or why it is refused.

    `wordings` are those of planners by which it was read.
    """

    readings: tuple[SheetReading, ...] = ()
    book: Book | None = None
    refusal: Issue | None = None
    wordings: tuple[Wording, ...] = ()


def read(path: Path, file_name: str) -> Content:
    """Return what the file at `path` says.

    Touches no table but that of wordings, before it reads: it may take as long as
    reading a file may take.
    """
    wordings = ColumnWording.objects.as_wordings()
    try:
        book = read_safely(path, file_name, limits())
    except Refused as refused:
        sheet, cell = (str(refused.params.get(name, "")) for name in ("sheet", "cell"))
        told = dict(refused.params)
        issue = Issue(Severity.ERROR, sheet or None, cell or None, refused.code, told)
        return Content(refusal=issue)
    return Content(read_book(book, wordings), book, wordings=wordings)


def propose_content(content: Content, options: Options) -> Proposal:
    """Return what the content of a file would change. Writes nothing.

    A file that was refused gives a proposal with one error and no changes.
    """
    if content.refusal is not None:
        return Proposal(options.file_name, [], [content.refusal])
    directory = UnitDirectory.load()
    readings, held = content.readings, codes_held(content.readings, options, directory)
    if held and content.book is not None:
        readings = read_book(content.book, content.wordings, held)
    readings = read_as_answered(readings, content.book, content.wordings, options, held)
    return propose(readings, options, directory)


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
    pictures = pictures_of(content.book) if content.book else []
    batch.pictures = [picture.outline for picture in pictures]
    keep_proposal(batch, proposal)
    # Somebody may have discarded it while it was read.
    waiting = ImportBatch.objects.filter(
        pk=batch.pk, status=ImportBatch.Status.UPLOADED
    )
    with transaction.atomic():
        _keep_pages(batch, pictures)
        keep_doubts(batch, proposal.issues)
        waiting.update(
            pictures=batch.pictures,
            proposal=batch.proposal,
            status=batch.status,
            unit=batch.unit,
        )
    return proposal


def keep_proposal(batch: ImportBatch, proposal: Proposal) -> None:
    """Set what is proposed on a batch, and whether it may be applied; saves nothing.

    Its doubts are rows of their own: `keep_doubts` keeps them.
    """
    batch.proposal = head_of(proposal, applied=False)
    batch.status = (
        ImportBatch.Status.REFUSED
        if proposal.is_refused
        else ImportBatch.Status.PROPOSED
    )
    if batch.unit is None and proposal.cards:
        batch.unit = proposal.cards[0].unit


def _keep_pages(batch: ImportBatch, pictures: list[Picture]) -> None:
    """Keep how the sheets of a file look, in place of what was kept before."""
    batch.pages.all().delete()
    SheetPage.objects.bulk_create(
        SheetPage(batch=batch, sheet=sheet, number=number, rows=rows)
        for sheet, picture in enumerate(pictures, 1)
        for number, rows in enumerate(picture.pages, 1)
    )


def options_of(batch: ImportBatch) -> Options:
    """Return what the person said, what they answered, and what was answered before."""
    said = batch.options
    return Options(
        unit=Unit.objects.filter(code=said.get("unit") or "").first(),
        year=said.get("year"),
        plan=said.get("plan") or None,
        file_name=batch.file_name,
        is_whole=bool(said.get("whole")),
        answers=dict(batch.answers),
        learned=learned_for(batch),
    )
