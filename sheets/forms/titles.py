"""What stands above a table: its title, whose it is, and its year."""

import re
from dataclasses import dataclass

from sheets.cells import BadYear, half_width, join_wrapped, year_named_in
from sheets.forms.readings import Doubt, Severity
from sheets.grid import Cell, Sheet

FORM_WORDS = re.compile(
    r"策略地圖|平衡計分卡|計分卡|執行成果|自評燈號(?:統計表)?|燈號統計表|關鍵績效指標|KPI|成果報告|施政成果"
)
_YEAR = re.compile(r"[(（]?(?:民國)?\s*\d{2,4}\s*年(?:度)?[)）]?")
_UNIT = re.compile(r"(?:[組室科處局會所府院]|中心)$")
_LINES, _LONGEST_UNIT = 8, 40
_AROUND = " 　()（）-－—:：、,，。·及暨之的"


@dataclass(frozen=True, slots=True)
class Title:
    """The first line of a sheet. `year` is of the common era, None where not named."""

    text: str
    unit_text: str
    year: int | None
    cell: str | None = None
    doubts: tuple[Doubt, ...] = ()


def title_of(sheet: Sheet, until_row: int) -> Title:
    """Return the title above `until_row`; its year may stand in any line there.

    The name of the sheet speaks where the title does not.
    """
    above = [cell for cell in sheet if cell.row < until_row and cell.text.strip()]
    # 附件一, or how to fill the form, may stand above the title.
    named = (
        cell for cell in above[:_LINES] if FORM_WORDS.search(half_width(cell.text))
    )
    first: Cell | None = next(named, above[0] if above else None)
    text = join_wrapped(first.text) if first else ""
    year: int | None = None
    doubts: list[Doubt] = []
    for line, cell in [*((c.text, c) for c in above[:5]), (sheet.name, None)]:
        try:
            year = year_named_in(line)
        except BadYear as bad:
            at = cell.address if cell else None
            params = {"year": str(bad)}
            doubts.append(Doubt(Severity.ERROR, "bad-year", at, params))
            break
        if year is not None:
            break
    unit = unit_in(text) or _unit_beside(above, first)
    return Title(text, unit, year, first.address if first else None, tuple(doubts))


def _unit_beside(above: list[Cell], title: Cell | None) -> str:
    """Return the line that names a unit beside a title that names none."""
    for cell in above[:_LINES]:
        text = join_wrapped(cell.text)
        if cell is not title and len(text) <= _LONGEST_UNIT and _UNIT.search(text):
            return text
    return ""


def unit_in(title: str) -> str:
    """Return what a title says of whose it is: 109年度E組策略地圖 gives E組.

    It is what stands before the first word of a form, less the year; "" where a
    title names the form only.
    """
    words = FORM_WORDS.search(half_width(title))
    before = title[: words.start()] if words else title
    unit = _YEAR.sub(" ", before).strip(_AROUND)
    if unit or words is None:
        return " ".join(unit.split())
    after = FORM_WORDS.sub(" ", half_width(title)[words.start() :])
    return " ".join(_YEAR.sub(" ", after).strip(_AROUND).split())
