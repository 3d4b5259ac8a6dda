"""Doubts about codes: eaten by dates, glued to numbers of the name."""

import re
from collections.abc import Mapping
from datetime import datetime

from sheets.cells import Coded, half_width
from sheets.forms.figures import Report
from sheets.forms.headers import Column
from sheets.forms.readings import Doubt, Severity
from sheets.grid import Cell

# A date as a workbook shows it, or as a file of plain text keeps it.
_DAY = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"|(?P<year>\d{4})[/-](?P<of_year>\d{1,2})[/-](?P<last>\d{1,2})"
    r"|(?P<second>\d{1,2})-(?P<named>[A-Z][a-z]{2})"
    r"|(?P<first>[A-Z][a-z]{2})-(?P<number>\d{2})"
)
_LONGEST_DAY = 12
# A code as people type it in a column of codes: ac1.1, AC 1.1, AC-1.1, AC1-1.
_TYPED = re.compile(r"([A-HT][CPLF])-?(\d+(?:[.-]\d+){0,2})(\.?)")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def code_of_cell(cell: Cell, depth: int, report: Report) -> str:
    """Return the text of a code's cell; a date is the code that was typed: 1-1.

    Excel turns 1-1 and 1-1-1 into dates; which code was meant is asked.
    """
    value = cell.value
    if isinstance(value, datetime):
        code = f"{value.month}-{value.day}"
        if depth == 2:
            code = f"{value.year % 100}-{code}"
    else:
        code = _code_of_day(cell.text, depth) if len(cell.text) <= _LONGEST_DAY else ""
    if not code:
        return cell.text
    params = {"printed": cell.text, "code": code}
    report(Doubt(Severity.ASK, "code-from-date", cell.address, params, default=code))
    return code


def _as_spelled(text: str) -> str:
    """Return a code that stands alone as codes are spelled: ac 1-1 is AC1.1."""
    bare = re.sub(r"\s+", "", half_width(text)).upper().replace("_", "-")
    match = _TYPED.fullmatch(bare)
    return match[1] + match[2].replace("-", ".") if match else text


def _code_of_day(text: str, depth: int) -> str:
    """Return the code that a text such as 1月2日 or 2-Jan was, "" where it is none."""
    match = _DAY.fullmatch(half_width(text).strip())
    if match is None:
        return ""
    if match["month"]:
        return f"{match['month']}-{match['day']}"
    if match["year"]:
        code = f"{int(match['of_year'])}-{int(match['last'])}"
        return f"{int(match['year']) % 100}-{code}" if depth == 2 else code
    name = match["named"] or match["first"]
    if name not in _MONTHS:
        return ""
    return f"{_MONTHS.index(name) + 1}-{int(match['second'] or match['number'])}"


def coded_text(
    cells: Mapping[int, Cell],
    column: Column,
    code: Column | None,
    depth: int,
    report: Report,
) -> str:
    """Return code and name of an item: of one cell, of two, or of two columns.

    A code that the name begins with too is printed once.
    """
    places = [*range(column.first, column.last + 1)]
    if code is not None and code.first not in places:
        places.insert(0, code.first)
    texts = []
    for place in places:
        if cell := cells.get(place):
            text = code_of_cell(cell, depth, report).strip()
            if len(places) > 1 and place == (code.first if code else column.first):
                text = _as_spelled(text)
            texts += [text] if text else []
    if len(texts) > 1 and texts[1].startswith(texts[0]):
        texts = texts[1:]
    return " ".join(texts)


def report_glued(coded: Coded, cell: str, report: Report) -> None:
    """Ask where a code ends that runs into a number of the name."""
    if coded.is_glued:
        params = {"printed": coded.text, "code": coded.code, "name": coded.name}
        report(Doubt(Severity.ASK, "code-glued", cell, params, default=coded.code))
