"""Figures as tables show them: aligned at the decimal point, or said in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from actions.models import BudgetLine
from bsc.numbers import MINUS, money, plain
from bsc.periods import Period
from kpi.models import Actual, Statement, Target
from kpi.scoring import Absence
from kpi.wording import ABSENCES

WHOLE_YEAR = (1, 12)
_NUMBER = re.compile(
    r"(?P<comparator>[≥≤<>=])?\s*"
    r"(?P<whole>[-−]?\d[\d,]*)(?P<fraction>\.\d+)?(?P<sign>\s?%)?"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in its parts, or words: `text` as printed, `nothing` in quiet ink.

    `whole` and `fraction` keep the printed places; `marks` are the numbers of the
    notes that stand at it.
    """

    comparator: str = ""
    whole: str = ""
    fraction: str = ""
    note: str = ""
    text: str = ""
    nothing: str = ""
    marks: tuple[int, ...] = ()

    @property
    def plain_text(self) -> str:
        """The figure or its words in one piece, for names that are read aloud."""
        return self.nothing or self.text or self.comparator + self.whole + self.fraction


@dataclass(frozen=True, slots=True)
class MoneyCell:
    """A budget: an amount, words for none, or that nothing is printed at all."""

    text: str = ""
    note: str = ""
    nothing: str = ""
    marks: tuple[int, ...] = ()


def printed_cell(text: str, note: str = "") -> Cell:
    """Return a printed figure taken apart; words stay whole.

    A `note` that is part of the text, such as 109年7-12月, is set beneath.
    """
    bare = text
    if note and note in text:
        bare = text.replace(note, "").replace("()", "").replace("（）", "").strip()
    match = _NUMBER.fullmatch(bare.strip())
    if not match:
        return Cell(text=bare.strip(), note=note)
    return Cell(
        comparator=match["comparator"] or "",
        whole=match["whole"].replace("-", MINUS),
        fraction=(match["fraction"] or "") + (match["sign"] or ""),
        note=note,
    )


def nothing_cell(words: str) -> Cell:
    """Return a cell that says in words why it is empty."""
    return Cell(nothing=words)


def statement_cell(statement: Statement | None) -> Cell:
    """Return what a card prints for one year; nothing is said as the card means it."""
    if statement is None:
        return nothing_cell(_("not published"))
    if statement.absence:
        return nothing_cell(str(ABSENCES[Absence(statement.absence)]))
    return printed_cell(statement.text, statement.note)


def target_cell(target: Target | None) -> Cell:
    """Return a target as printed, or its value where it was entered by hand."""
    if target is None:
        return nothing_cell(_("not published"))
    return printed_cell(target_text(target), target.note)


def target_text(target: Target) -> str:
    """Return a target as people read it: as printed, else its words or value."""
    if target.printed or target.text or target.value is None:
        return target.printed or target.text
    return target.comparator + plain(target.value)


def value_text(value: Decimal | None) -> str:
    """Return a stored value without the zeros that only its column gives it."""
    return "" if value is None else plain(value)


def year_text(year: int) -> str:
    """Return a year in the reader's language: 109年, or 109 in English."""
    return Period(year).label(get_language() or "zh-hant")


def period_text(period: str) -> str:
    """Return a stored period in the reader's language: 109年第3季, or Q3 109."""
    return Period.parse(period).label(get_language() or "zh-hant")


def listed(texts: list[str]) -> str:
    """Return texts as one enumeration, with the comma of the reader's language."""
    return pgettext("enumeration", ", ").join(texts)


def text_cell(text: str | None) -> Cell | None:
    """Return a printed text as a cell, None where there is no text."""
    return printed_cell(text) if text else None


def actual_cell(actual: Actual, decimals: int) -> Cell:
    """Return the figure in force to so many decimals, or why there is no number."""
    if actual.absence:
        return nothing_cell(str(ABSENCES[Absence(actual.absence)]))
    if actual.value is None:
        return printed_cell(actual.text)
    note = ""
    if covers_part(actual):
        note = _("months %(first)s–%(last)s") % {
            "first": actual.month_from,
            "last": actual.month_until,
        }
    places = len(plain(actual.value).partition(".")[2])
    shown = printed_cell(plain(actual.value, max(decimals, places)))
    return replace(shown, note=note)


def covers_part(actual: Actual | None) -> bool:
    """Say whether an actual covers a part of its year only."""
    if actual is None or actual.month_from is None or actual.month_until is None:
        return False
    return (actual.month_from, actual.month_until) != WHOLE_YEAR


def money_cell(
    line: BudgetLine | None, plans: int, marks: tuple[int, ...] = ()
) -> MoneyCell:
    """Return the money of `plans` plans: 0 is a number, none is a word, blank blank."""
    if line is None or line.kind == BudgetLine.Kind.BLANK:
        return MoneyCell(nothing=_("blank"))
    if line.kind == BudgetLine.Kind.NONE:
        return MoneyCell(nothing=pgettext("budget", "none"))
    note = ""
    if plans > 1:
        note = ngettext(
            "for %(count)s plan together", "for %(count)s plans together", plans
        ) % {"count": plans}
    return MoneyCell(line.printed or money(line.amount or 0), note, "", marks)


def budget_heading(stage: str, year: int) -> str:
    """Return the heading of a column of money: 已編111年."""
    names = {
        BudgetLine.Stage.PRELIMINARY: pgettext("stage of a budget", "proposed"),
        BudgetLine.Stage.ESTIMATE: pgettext("stage of a budget", "estimate"),
        BudgetLine.Stage.BUDGET: pgettext("stage of a budget", "budget"),
        BudgetLine.Stage.FINAL: pgettext("stage of a budget", "final"),
    }
    return _("%(stage)s %(year)s") % {
        "stage": names[BudgetLine.Stage(stage)],
        "year": year_text(year),
    }


def money_columns(
    lines: Iterable[BudgetLine],
) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Return the years and stages of budgets in order, and their headings."""
    columns = tuple(sorted({(line.year, line.stage) for line in lines}))
    return columns, tuple(budget_heading(stage, year) for year, stage in columns)


def money_cells(
    lines: Iterable[BudgetLine], columns: Iterable[tuple[int, str]], plans: int
) -> tuple[MoneyCell, ...]:
    """Return a row's money under `columns`, for so many plans together."""
    by_column = {(line.year, line.stage): line for line in lines}
    return tuple(money_cell(by_column.get(column), plans) for column in columns)
