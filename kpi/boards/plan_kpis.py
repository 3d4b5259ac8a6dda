"""How a formula is read, and the figures a target stands beside."""

from dataclasses import dataclass

from bsc.numbers import plain, roc_year
from bsc.periods import Period
from kpi.entries import formula_of
from kpi.formula import Asked, Parsed, labels_of, previous_of, text_of
from kpi.formula_wording import doubt_text, formula_text, note_text, question_text
from kpi.models import Actual, Kpi
from kpi.services.targets import YEARS_BACK


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read a formula: as people read it, and as it is reckoned."""

    text: str
    expression: str


@dataclass(frozen=True, slots=True)
class FormulaReading:
    """What a formula gives: boxes to fill, or a question with the ways to read it."""

    is_empty: bool
    is_edited: bool
    text: str
    boxes: tuple[str, ...]
    previous: tuple[str, ...]
    notes: tuple[str, ...]
    question: str
    doubts: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class YearFigure:
    """What was measured in a year before."""

    year: str
    text: str


def formula_reading(
    *, formula_text: str, expression: str, measure: str, rate_base: object
) -> FormulaReading:
    """Return how a formula is read as it stands typed."""
    base = str(rate_base or "").strip()
    number = (
        int(base) if base.isascii() and base.isdecimal() and len(base) < 9 else None
    )
    read = formula_of(formula_text, expression, measure.strip(), number)
    return _reading(read, is_edited=bool(expression.strip()))


def _reading(read: Parsed | Asked | None, *, is_edited: bool) -> FormulaReading:
    text = question = ""
    boxes: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    if isinstance(read, Parsed):
        text = formula_text(read.expression)
        boxes = tuple(labels_of(read.expression))
        previous = tuple(previous_of(read.expression))
        notes = tuple(note_text(note) for note in read.notes)
    elif isinstance(read, Asked):
        question = question_text(read)
        doubts = tuple(
            dict.fromkeys(
                words
                for doubt in read.doubts
                if (words := doubt_text(doubt)) != question
            )
        )
        choices = tuple(
            Choice(formula_text(each), text_of(each)) for each in read.readings
        )
    return FormulaReading(
        is_empty=read is None,
        is_edited=is_edited,
        text=text,
        boxes=boxes,
        previous=previous,
        notes=notes,
        question=question,
        doubts=doubts,
        choices=choices,
    )


def earlier_figures(kpi: Kpi) -> tuple[YearFigure, ...]:
    """Return the figures in force of whole years up to the card's, oldest first."""
    last = kpi.scorecard.year
    years = [str(year) for year in range(last - YEARS_BACK, last + 1)]
    rows = kpi.series.actuals.filter(period__in=years, state=Actual.State.APPROVED)
    return tuple(
        YearFigure(
            roc_year(Period.parse(row.period).year),
            plain(row.value, grouped=True) if row.value is not None else str(row),
        )
        for row in rows.order_by("period")
    )
