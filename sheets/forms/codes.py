"""Doubts about codes: eaten by dates, glued to numbers of the name."""

from datetime import datetime

from sheets.cells import Coded
from sheets.forms.figures import Report
from sheets.forms.readings import Doubt, Severity
from sheets.grid import Cell


def code_of_cell(cell: Cell, depth: int, report: Report) -> str:
    """Return the text of a code's cell; a date is the code that was typed: 1-1.

    Excel turns 1-1 and 1-1-1 into dates; which code was meant is asked.
    """
    value = cell.value
    if not isinstance(value, datetime):
        return cell.text
    code = f"{value.month}-{value.day}"
    if depth == 2:
        code = f"{value.year % 100}-{code}"
    params = {"printed": cell.text, "code": code}
    report(Doubt(Severity.ASK, "code-from-date", cell.address, params, default=code))
    return code


def report_glued(coded: Coded, cell: str, report: Report) -> None:
    """Ask where a code ends that runs into a number of the name."""
    if coded.is_glued:
        params = {"printed": coded.text, "code": coded.code, "name": coded.name}
        report(Doubt(Severity.ASK, "code-glued", cell, params, default=coded.code))
