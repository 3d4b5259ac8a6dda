"""A proposal or a verdict as its page shows it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bsc import jobs, numbers
from bsc.models import MAIN_PLAN, Job, Unit, User
from bsc.periods import common_era
from bsc.permissions import Action, units_where
from bsc.wording import failure_in_words, step_in_words
from sheets.boards import Board, Grid, Place, Tab, board_of, marks_of, rows_drawn
from sheets.copies import told_of
from sheets.counts import NounCount, nouns_of
from sheets.differences import Differences, differences_of
from sheets.doubts import Doubts, doubts_of
from sheets.hidden import without_stored
from sheets.messages import FORM_WORDS
from sheets.models import ImportBatch, SheetPage
from sheets.pictures import unpack
from sheets.proposals.questions import ALIAS
from sheets.undone import Undone, undone_of

Status = ImportBatch.Status

# The kind of the job that takes an import back.
UNDO = "undo"
# The page of a card, beside its map, on which what a form says is seen.
PAGES = {
    "scorecard": "scorecard",
    "kpi-definitions": "scorecard",
    "results": "results",
    "light-table": "lights",
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet of the file and what it is."""

    name: str
    form: str
    is_read: bool
    unit: str
    year: str
    plan: str
    rows: int

    @property
    def words(self) -> str:
        """What it is, in one line."""
        if not self.is_read:
            return self.form
        rows = ngettext("%(count)s row", "%(count)s rows", self.rows)
        told = [self.form, self.year, rows % {"count": numbers.count(self.rows)}]
        return gettext(", ").join(part for part in told if part)


@dataclass(frozen=True, slots=True)
class CardLinks:
    """A card that was written: its map, and the pages of its forms by their names."""

    name: str
    url: str
    pages: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows of a file: its sheets, counts, doubts, and the drawn sheet."""

    sheets: list[SheetLine]
    cards: list[CardLinks]
    summary: str
    nouns: list[NounCount]
    doubts: Doubts
    heading: str
    verdict: str
    undone: Undone | None
    differences: Differences | None
    tabs: list[Tab]
    drawn: SheetLine | None
    grid: Grid | None
    place: Place

    @property
    def is_read(self) -> bool:
        """Say whether any sheet of the file is read."""
        return any(sheet.is_read for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Working:
    """What a job is doing; `percent` is None where the end is not known."""

    words: str
    percent: int | None


def working_of(job: Job | None) -> Working | None:
    """Return what the job of a batch is doing; None where it is over."""
    if job is None or job.is_over:
        return None
    progress = jobs.progress_of(job)
    return Working(step_in_words(progress.code), progress.percent)


def trouble_of(batch: ImportBatch, job: Job | None) -> str:
    """Return why a batch stopped half way; "" where it did not."""
    if batch.status == Status.APPLIED:
        if job is not None and job.kind == UNDO:
            return ""
        is_rated = job is None or job.state == Job.State.DONE or not job.is_over
        return "" if is_rated else gettext("Applied, but the results are not reckoned.")
    if batch.status not in {Status.UPLOADED, Status.RUNNING}:
        return ""
    if job is None or job.state == Job.State.DONE:
        return gettext("The work was never started. Nothing was written.")
    if not job.is_over:
        return ""
    if job.state == Job.State.INTERRUPTED:
        return gettext("The work was interrupted. Nothing half done was kept.")
    return failure_in_words(job)


def undo_trouble_of(batch: ImportBatch, job: Job | None) -> str:
    """Return why an import could not be undone; "" where nobody tried."""
    is_tried = job is not None and job.kind == UNDO and job.is_over
    if not is_tried or batch.status != Status.APPLIED:
        return ""
    if job.state == Job.State.INTERRUPTED:
        return gettext("The work was interrupted. Nothing half done was kept.")
    return failure_in_words(job)


def preview_of(
    batch: ImportBatch, place: Place, *, may_answer: bool, may_see: bool
) -> Preview | None:
    """Return what the page shows of a batch; None while it is being read.

    Without `may_see` nothing is told of what is stored. Costs five queries whatever
    the size of the file.
    """
    told = told_of(batch)
    if not told:
        return None
    counts = nouns_of(told["changes"], told.get("withdrawn"), told.get("kinds"))
    told = told if may_see else without_stored(told)
    counted = told.get("doubts", {})
    board = board_of(batch.pictures, counted.get("cells", {}), place)
    drawn = board.outline["name"] if board.outline else None
    if drawn is not None and not place.page:
        board.open_at(batch.doubts.first_row(drawn))
    rows = _rows(batch, board)
    if drawn is not None:
        doubtful = batch.doubts.drawn(drawn, *rows_drawn(rows))
        board.marks = marks_of(doubtful, board.place)
    doubts = doubts_of(
        batch.doubts, counted, board, may_answer=may_answer, may_see=may_see
    )
    count = doubts.numbers.total()
    names = dict(
        Unit.objects.filter(code__in={s["unit"] for s in told["sheets"]}).values_list(
            "code", "name"
        )
    )
    sheets = [_sheet(sheet, names) for sheet in told["sheets"]]
    is_applied = batch.status == Status.APPLIED
    return Preview(
        sheets=sheets,
        cards=_cards(told["sheets"], names) if is_applied else [],
        summary=_summary(sheets),
        nouns=counts,
        doubts=doubts,
        heading=ngettext("%(count)s doubt", "%(count)s doubts", count)
        % {"count": count},
        verdict=_verdict(batch, told, counts, doubts),
        undone=undone_of(told),
        differences=differences_of(told),
        tabs=board.tabs(),
        drawn=next((sheet for sheet in sheets if sheet.name == drawn), None),
        grid=board.grid(rows),
        place=board.place,
    )


def own_units(user: User) -> list[tuple[str, str]]:
    """Return the units that a person may say a file is of, by code, with their names."""
    units = units_where(user, Action.IMPORT).order_by("name")
    return [*units.values_list("code", "name")]


def year_in_words(year: int | None) -> str:
    """Return the year a person said, as it is typed here; "" where none was said."""
    return numbers.roc_year(year) if year else ""


def units_to_choose() -> list[tuple[str, str]]:
    """Return every unit as an answer to whose name it is, with its own name."""
    units = Unit.objects.order_by("name").values_list("code", "name")
    return [(f"{ALIAS}{code}", name) for code, name in units]


def _rows(batch: ImportBatch, board: Board) -> list:
    place = board.place
    page = SheetPage.objects.filter(
        batch=batch, sheet=place.sheet, number=place.page
    ).values_list("rows", flat=True)
    packed = page.first()
    return unpack(packed) if packed is not None else []


def _summary(sheets: list[SheetLine]) -> str:
    """Return how many sheets there are and as what they are recognised."""
    forms = list(dict.fromkeys(sheet.form for sheet in sheets if sheet.is_read))
    if not forms:
        return ""
    return ngettext(
        "%(count)s sheet, recognised as %(forms)s",
        "%(count)s sheets, recognised as %(forms)s",
        len(sheets),
    ) % {"count": len(sheets), "forms": gettext(", ").join(forms)}


def _verdict(
    batch: ImportBatch, told: dict, counts: list[NounCount], doubts: Doubts
) -> str:
    """Return the sentence at the foot of the page."""
    if batch.status == Status.UNDONE:
        kept = told.get("undone", {}).get("kept_count", 0)
        if not kept:
            return gettext("Undone. What it wrote is taken back.")
        return ngettext(
            "Undone; %(count)s thing stays, as it was changed since or is in use.",
            "Undone; %(count)s things stay, as they were changed since or are in use.",
            kept,
        ) % {"count": numbers.count(kept)}
    changes = any(count.created or count.changed or count.removed for count in counts)
    if batch.status == Status.REFUSED:
        if doubts.can_be_answered:
            return gettext("Nothing was written. Answer the errors, or mend the file.")
        return gettext("Nothing was written. Mend the errors and upload it again.")
    if batch.status == Status.DISCARDED:
        return gettext("Discarded. Nothing was written.")
    if not any(sheet["form"] for sheet in told["sheets"]):
        return gettext("No sheet of this file is read yet; there is nothing to write.")
    if batch.status == Status.APPLIED:
        return gettext("Applied.") if changes else gettext("Applied; nothing changed.")
    if not counts:
        return gettext("No errors. These sheets are compared, and nothing is written.")
    if not changes:
        return gettext("No errors. Everything on these sheets is already stored.")
    if doubts.open:
        return ngettext(
            "No errors. %(count)s question takes its default unless you answer it.",
            "No errors. %(count)s questions take their defaults unless you answer.",
            doubts.open,
        ) % {"count": doubts.open}
    return gettext("No errors, ready to apply. Nothing is written yet.")


def _sheet(sheet: dict, names: dict[str, str]) -> SheetLine:
    plan = sheet["plan"] or ""
    return SheetLine(
        name=sheet["name"],
        form=_form_in_words(sheet["form"]),
        is_read=bool(sheet["form"]),
        unit=names.get(sheet["unit"], ""),
        year=str(sheet["year"] or ""),
        plan="" if plan == MAIN_PLAN else plan,
        rows=sheet["rows"],
    )


def _form_in_words(form: str | None) -> str:
    word = FORM_WORDS.get(form)
    return str(word) if word else gettext("not read")


def _cards(sheets: list[dict], names: dict[str, str]) -> list[CardLinks]:
    """Return the cards that the sheets speak of, each once, in their order."""
    found: dict[tuple, CardLinks] = {}
    for sheet in sheets:
        card = (sheet["unit"], sheet["year"], sheet["plan"] or MAIN_PLAN)
        if not sheet["unit"] or not sheet["year"]:
            continue
        if card not in found:
            name = f"{names.get(sheet['unit'], sheet['unit'])} {sheet['year']}"
            found[card] = CardLinks(name, _page_of(card, "map"), [])
        page = PAGES.get(sheet["form"])
        if page:
            link = (_form_in_words(sheet["form"]), _page_of(card, page))
            found[card].pages.append(link)
    return list(found.values())


def _page_of(card: tuple[str, object, str], page: str) -> str:
    code, year, plan = card
    place = {"code": code, "year": common_era(year)}
    if plan == MAIN_PLAN:
        return reverse(f"reports:{page}", kwargs=place)
    return reverse(f"reports:plan-{page}", kwargs={**place, "plan": plan})
