"""Each published form, recognised by the words of its headings, and read.

`read_book` is the door: a book in, one reading or one doubt a sheet out.
"""

from collections.abc import Mapping
from dataclasses import replace

from sheets.cells import join_wrapped, squashed
from sheets.forms.columns import SCORECARD_TITLES
from sheets.forms.headers import Header, headings_in, read_header
from sheets.forms.lengths import doubts_of_lengths
from sheets.forms.lights import read_light_table
from sheets.forms.maps import MapReader, find_themes
from sheets.forms.readings import (
    Doubt,
    LightTableReading,
    MapReading,
    Reading,
    ResultsReading,
    ScorecardReading,
    Severity,
    SheetReading,
)
from sheets.forms.results import ResultsReader
from sheets.forms.scorecards import ScorecardReader
from sheets.forms.titles import Title, title_of
from sheets.grid import Book, Cell, Sheet

__all__ = ["read_book"]

_REVISED = frozenset({"before", "after"})
# Which headings make a row the heading row of which form; the first that fits.
_MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("light-table", frozenset({"kpis"})),
    ("main-tasks", frozenset({"objective", "task"})),
    ("work-plan", frozenset({"goal", "measures"})),
    ("revision", _REVISED),
    ("results", frozenset({"kpi", "target", "actual", "achievement"})),
    ("results", frozenset({"kpi", "target", "actual", "total"})),
    ("results", frozenset({"kpi", "target", "actual", "light"})),
    ("scorecard", frozenset({"kpi", "objective"})),
    ("scorecard", frozenset({"kpi", "plan"})),
    ("scorecard", frozenset({"kpi", "target"})),
    ("scorecard", frozenset({"kpi", "formula"})),
)
_STAFFING_WORDS = ("人力",)


def read_book(book: Book) -> tuple[SheetReading, ...]:
    """Return what every sheet of a file says, in the order of the sheets.

    A sheet that is not read has no reading and says why. Where no sheet is known
    the first one carries the error `unknown-form`, which is meant for the file.
    """
    found: list[SheetReading] = []
    is_any_known = False
    for sheet in book.sheets:
        reading, is_known = _read_sheet(sheet)
        is_any_known = is_any_known or is_known
        found.append(_with_notices(reading, book, sheet))
    if not is_any_known:
        doubt = Doubt(Severity.ERROR, "unknown-form")
        first, *rest = found or [SheetReading("", None, None)]
        return replace(first, doubts=(doubt, *first.doubts)), *rest
    return _with_answers(_with_years(found))


def _read_sheet(sheet: Sheet) -> tuple[SheetReading, bool]:
    """Return the reading of one sheet, and whether its form is known."""
    form, row = _heading_row(sheet)
    match form:
        case "light-table":
            table, doubts = read_light_table(sheet, row)
            return _read(form, sheet, table, doubts, len(table.rows)), True
        case "results":
            header, title, doubts = _head(sheet, row)
            results = ResultsReader(sheet, header, title, doubts).read()
            return _read(form, sheet, results, doubts, len(results.results)), True
        case "scorecard":
            header, title, doubts = _head(sheet, row)
            card = ScorecardReader(sheet, header, title, doubts).read()
            count = len({plans.cell for plans in card.rows}) or len(card.kpis)
            return _read(_form_of(header), sheet, card, doubts, count), True
        case str():
            return _unread(sheet, form), True
    if (themes := find_themes(sheet)) is not None:
        reader = MapReader(sheet, themes)
        shown = reader.read()
        count = len(shown.objectives)
        return _read("strategy-map", sheet, shown, reader.doubts, count), True
    if _is_staffing(sheet):
        return _unread(sheet, "staffing"), True
    if (cell := _titled(sheet)) is not None:
        params = {"title": join_wrapped(cell.text)[:100]}
        error = Doubt(Severity.ERROR, "no-header", cell.address, params)
        return SheetReading(sheet.name, None, None, (error,)), True
    return _unread(sheet, ""), False


def _heading_row(sheet: Sheet) -> tuple[str | None, int]:
    """Return the form and the row of the first headings that make one."""
    for row, cells in sheet.rows.items():
        keys = _keys(cells)
        form = next((form for form, marks in _MARKS if keys >= marks), None)
        # A revision compares a scorecard's columns, with 修訂前 and 修訂後 below.
        if form == "scorecard" and _keys(sheet.rows.get(row + 1, {})) >= _REVISED:
            return "revision", row
        if form is not None:
            return form, row
    return None, 0


def _keys(cells: Mapping[int, Cell]) -> set[str]:
    return {heading.key for heading in headings_in(cells).values()}


def _head(sheet: Sheet, row: int) -> tuple[Header, Title, list[Doubt]]:
    title = title_of(sheet, row)
    header = read_header(sheet, row, title.year)
    return header, title, [*title.doubts, *header.doubts]


def _form_of(header: Header) -> str:
    """Return scorecard, or kpi-definitions for a table without plans and figures."""
    is_definitions = "formula" in header.keys and not (
        header.keys & {"plan", "target", "actual", "budget"}
    )
    return "kpi-definitions" if is_definitions else "scorecard"


def _read(
    form: str, sheet: Sheet, reading: Reading, doubts: list[Doubt], count: int
) -> SheetReading:
    doubts = [*doubts, *doubts_of_lengths(reading)]
    if sheet.hidden_rows or sheet.hidden_columns or sheet.is_hidden:
        params = {
            "rows": str(len(sheet.hidden_rows)),
            "columns": str(len(sheet.hidden_columns)),
        }
        doubts.append(Doubt(Severity.NOTE, "hidden-read", None, params))
    return SheetReading(sheet.name, form, reading, tuple(doubts), count)


def _unread(sheet: Sheet, form: str) -> SheetReading:
    doubt = Doubt(Severity.WARN, "sheet-not-read", None, {"form": form})
    return SheetReading(sheet.name, None, None, (doubt,))


def _is_staffing(sheet: Sheet) -> bool:
    """Say whether a sheet counts staff by strategy and year."""
    title = title_of(sheet, 3).text
    return any(word in title for word in _STAFFING_WORDS) and any(
        heading.key == "strategy"
        for cells in sheet.rows.values()
        for heading in headings_in(cells).values()
    )


def _titled(sheet: Sheet) -> Cell | None:
    """Return the cell that claims a scorecard or results in the first lines."""
    for cell in sheet:
        if cell.row > 5:
            return None
        if any(word in squashed(cell.text) for word in SCORECARD_TITLES):
            return cell
    return None


def _with_notices(reading: SheetReading, book: Book, sheet: Sheet) -> SheetReading:
    """Add what was odd in the cells themselves, where the sheet was read."""
    if reading.reading is None:
        return reading
    odd = tuple(
        Doubt(Severity.WARN, code, cell or None)
        for name, cell, code in book.notices
        if name == sheet.name
    )
    return replace(reading, doubts=(*reading.doubts, *odd))


def _with_years(readings: list[SheetReading]) -> list[SheetReading]:
    """Give a sheet that names no year the year of the first that does."""
    years = (sheet.reading.year for sheet in readings if sheet.reading is not None)
    known = next((year for year in years if year is not None), None)
    if known is None:
        return readings
    found = []
    for sheet in readings:
        reading = sheet.reading
        if reading is not None and reading.year is None:
            sheet = replace(sheet, reading=_dated(reading, known))
        found.append(sheet)
    return found


def _dated(reading: Reading, year: int) -> Reading:
    match reading:
        case MapReading() | ScorecardReading():
            return replace(reading, year=year)
        case ResultsReading() | LightTableReading():
            return replace(reading, year=year)


def _with_answers(readings: list[SheetReading]) -> tuple[SheetReading, ...]:
    """Leave out the questions of direction that printed achievements answer."""
    answered = {
        result.code
        for sheet in readings
        if isinstance(sheet.reading, ResultsReading)
        for result in sheet.reading.results
        if result.achievement is not None
        and result.target is not None
        and result.target.value is not None
    }
    return tuple(
        replace(
            sheet,
            doubts=tuple(
                doubt
                for doubt in sheet.doubts
                if doubt.code != "direction-doubtful"
                or doubt.params["code"] not in answered
            ),
        )
        for sheet in readings
    )
