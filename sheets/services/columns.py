"""Read a file again by what was answered of columns that nobody knew."""

from collections.abc import Iterable
from dataclasses import replace

from sheets.forms import read_book
from sheets.forms.completing import Codes
from sheets.forms.headings import bare_heading
from sheets.forms.readings import Doubt, SheetReading
from sheets.forms.wordings import Wording
from sheets.grid import Book
from sheets.proposals import Issue, Options
from sheets.proposals.questions import Questions

UNKNOWN = "unknown-column"
ASIDE = "aside"

type Asked = list[tuple[SheetReading, Doubt]]


def column_of(choice: str) -> tuple[str, str]:
    """Return column and stage of the choice of a column: budget:estimate, target."""
    column, _, stage = choice.partition(":")
    return column, stage


def read_as_answered(
    readings: tuple[SheetReading, ...],
    book: Book | None,
    wordings: tuple[Wording, ...],
    options: Options,
    held: Codes | None = None,
) -> tuple[SheetReading, ...]:
    """Return what a file says once its unknown columns are those that were answered.

    `readings` are by `wordings` alone. An answered question stays with its sheet, so
    that it can be answered otherwise. Another heading of the same words is read alike.
    `held` are codes that are stored, by name.
    """
    questions = Questions(options.answers, options.learned)
    chosen: dict[str, Wording] = {}
    asked: Asked = []
    for sheet in readings:
        for doubt in sheet.doubts:
            if doubt.code != UNKNOWN:
                continue
            choice = questions.put(Issue.of(doubt, sheet.name)).choice
            bare = bare_heading(str(doubt.params["heading"]))
            if choice and choice != ASIDE:
                column, stage = column_of(choice)
                chosen.setdefault(bare, Wording(column, (bare,), stage))
                asked.append((sheet, doubt))
    if not chosen or book is None:
        return readings
    again = read_book(book, (*wordings, *chosen.values()), held)
    return tuple(_with_questions(again, asked))


def _with_questions(
    readings: Iterable[SheetReading], asked: Asked
) -> Iterable[SheetReading]:
    waiting = list(asked)
    for sheet in readings:
        own = [doubt for before, doubt in waiting if before.name == sheet.name]
        waiting = [one for one in waiting if one[0].name != sheet.name]
        cells = {doubt.cell for doubt in own}
        kept = tuple(
            doubt
            for doubt in sheet.doubts
            if doubt.code != UNKNOWN or doubt.cell not in cells
        )
        yield replace(sheet, doubts=(*kept, *own)) if own else sheet
