"""Sheets made by hand, and what is read of them."""

from sheets.forms import read_book
from sheets.forms.readings import Doubt, Severity, SheetReading
from sheets.grid import Book, Cell, Merge, Sheet, position

HEADINGS = (
    "策略目標|關鍵成功因素|KPI|計算公式及計量單位|110年實際值|111年目標值|主責科室"
)
PLANNED = f"{HEADINGS}|行動計畫|已編111年概算(千元)|行動計畫主責科室"


def sheet_of(*lines: str | tuple, name: str = "表", merges: str = "") -> Sheet:
    """Return a sheet of lines whose cells are parted by |; / is a line break."""
    rows = {}
    for row, line in enumerate(lines, 1):
        cells = line.split("|") if isinstance(line, str) else line
        rows[row] = {
            column: value
            if isinstance(value, Cell)
            else Cell(row, column, value, value.replace("/", "\n"), False)
            for column, value in enumerate(cells, 1)
            if value
        }
    blocks = []
    for block in merges.split():
        first, _, last = block.partition(":")
        blocks.append(Merge(*position(first), *position(last)))
    return Sheet(
        name, {row: cells for row, cells in rows.items() if cells}, tuple(blocks)
    )


def read(*lines: str | tuple, **more: str) -> SheetReading:
    (reading,) = read_book(Book("a.xlsx", (sheet_of(*lines, **more),)))
    return reading


def codes(reading: SheetReading, severity: Severity | None = None) -> list[str]:
    return [d.code for d in reading.doubts if severity in (None, d.severity)]


def doubt(reading: SheetReading, code: str) -> Doubt:
    return next(doubt for doubt in reading.doubts if doubt.code == code)
