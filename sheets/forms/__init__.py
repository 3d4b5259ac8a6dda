"""Each published form, recognised by the words of its headings, and read.

`read_book` is the door: a book in, one reading or one doubt a sheet out.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from sheets.cells import join_wrapped, squashed
from sheets.forms.claims import claims_of
from sheets.forms.columns import SCORECARD_TITLES
from sheets.forms.completing import Codes, Names, lacks_codes, names_on_maps
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
from sheets.forms.revised import RevisionReading
from sheets.forms.revisions import read_revision
from sheets.forms.scorecards import ScorecardReader
from sheets.forms.tables import Table, above, parted_from_map, tables_of
from sheets.forms.texts import read_parts
from sheets.forms.titles import title_of
from sheets.forms.wordings import Vocabulary, Wording, vocabulary_of
from sheets.grid import Book, Cell, Sheet

__all__ = ["read_book"]

_STAFFING_WORDS = ("人力",)
# How the list of doubts begins that we write into a copy: it is no form, whatever
# words stand in it.
OWN_LIST = "Dengta:"


def read_book(
    book: Book, wordings: Iterable[Wording] = (), held: Codes | None = None
) -> tuple[SheetReading, ...]:
    """Return what every table of a file says, in the order of the sheets.

    `wordings` are words for columns beside those of all offices, `held` codes of a
    stored card by the names that bear them, for what is named in words only. A sheet that is not
    read has no reading and says why; one that holds several tables has a reading for
    each. Where no sheet is known the first one carries the error `unknown-form`,
    which is meant for the file.
    """
    vocabulary = vocabulary_of(wordings)
    names = Names({}, held or {})
    found, is_any_known = _read_sheets(book, vocabulary, names)
    on_maps = names_on_maps(found)
    if on_maps and any(lacks_codes(sheet) for sheet in found):
        # A map may stand behind the table whose objectives it names.
        names = Names(on_maps, names.held)
        found, is_any_known = _read_sheets(book, vocabulary, names)
    if not is_any_known:
        doubt = Doubt(Severity.ERROR, "unknown-form")
        first, *rest = found or [SheetReading("", None, None)]
        return replace(first, doubts=(doubt, *first.doubts)), *rest
    return _with_answers(_with_years(found))


def _read_sheets(
    book: Book, vocabulary: Vocabulary, names: Names
) -> tuple[list[SheetReading], bool]:
    """Return the readings of all sheets, and whether the form of any is known."""
    found: list[SheetReading] = []
    is_any_known = False
    for sheet in book.sheets:
        # A .csv has no name of a sheet either, and is a table all the same.
        is_sheet = sheet.name or book.file_name.lower().endswith(".csv")
        read = _read_sheet if is_sheet else _read_text
        readings, is_known = read(sheet, vocabulary, names=names)
        is_any_known = is_any_known or is_known
        found += _with_notices(readings, book, sheet)
    return found, is_any_known


def _read_sheet(
    sheet: Sheet, vocabulary: Vocabulary, names: Names
) -> tuple[list[SheetReading], bool]:
    """Return the readings of one sheet, and whether its form is known."""
    if sheet.text(1, 1).startswith(OWN_LIST):
        return [_unread(sheet, "doubts")], False
    if tables := tables_of(sheet, vocabulary):
        first, maps = tables[0], []
        if first.form == "scorecard" and (parts := parted_from_map(sheet, tables)):
            over, below = parts
            tables = tables_of(over, vocabulary)
            if (themes := find_themes(below)) is not None:
                maps.append(_read_map(below, themes))
        readings = [*maps, *_read_tables(tables, vocabulary, names)]
        over = above(sheet, first)
        if first.form == "scorecard" and (themes := find_themes(over)) is not None:
            readings.insert(0, _read_map(over, themes))
        return _noted(sheet, readings), True
    if (themes := find_themes(sheet)) is not None:
        return _noted(sheet, [_read_map(sheet, themes)]), True
    if _is_staffing(sheet):
        return [_unread(sheet, "staffing")], True
    if (cell := _titled(sheet)) is not None:
        params = {"title": join_wrapped(cell.text)[:100]}
        error = Doubt(Severity.ERROR, "no-header", cell.address, params)
        return [SheetReading(sheet.name, None, None, (error,))], True
    return [_unread(sheet, "")], False


def _read_text(
    sheet: Sheet, vocabulary: Vocabulary, names: Names
) -> tuple[list[SheetReading], bool]:
    """Return the readings of a text, which has tables among lines and no sheets."""
    read = partial(_read_sheet, names=names)
    readings = read_parts(sheet, vocabulary, read)
    return (readings, True) if readings else read(sheet, vocabulary)


def _read_tables(
    tables: list[Table], vocabulary: Vocabulary, names: Names
) -> list[SheetReading]:
    """Return a reading for each table, and one for all that go on with a card."""
    readings: list[SheetReading] = []
    for place, table in enumerate(tables):
        if table.is_same_card:
            continue
        more = []
        for after in tables[place + 1 :]:
            if not after.is_same_card:
                break
            more.append((after.sheet, _header(after, vocabulary)))
        readings.append(_read_table(table, more, vocabulary, names))
    return readings


def _read_table(
    table: Table,
    more: list[tuple[Sheet, Header]],
    vocabulary: Vocabulary,
    names: Names,
) -> SheetReading:
    sheet = table.sheet
    match table.form:
        case "revision":
            first = table.block.first_row
            revised, doubts = read_revision(sheet, first, table.title, vocabulary)
            count = len(revised.counts) + len(revised.items) + len(revised.targets)
            return _read(table.form, sheet, revised, doubts, count)
        case "light-table":
            lights, doubts = read_light_table(sheet, table.block.first_row)
            lights = replace(lights, claims=claims_of(sheet))
            return _read(table.form, sheet, lights, doubts, len(lights.rows))
        case "results":
            header = _header(table, vocabulary)
            doubts = [*table.title.doubts, *header.doubts]
            results = ResultsReader(sheet, header, table.title, doubts).read(*more)
            return _read(table.form, sheet, results, doubts, len(results.results))
        case "scorecard":
            header = _header(table, vocabulary)
            doubts = [*table.title.doubts, *header.doubts]
            reader = ScorecardReader(sheet, header, table.title, doubts, names)
            card = reader.read(*more)
            claims = claims_of(sheet, *(part for part, _ in more))
            card = replace(card, claims=claims)
            count = len({plans.cell for plans in card.rows}) or len(card.kpis)
            return _read(_form_of(header), sheet, card, doubts, count)
    return _unread(sheet, table.form)


def _header(table: Table, vocabulary: Vocabulary) -> Header:
    return read_header(table.sheet, table.block, table.title.year, vocabulary)


def _read_map(sheet: Sheet, themes: Cell) -> SheetReading:
    reader = MapReader(sheet, themes)
    shown = replace(reader.read(), claims=claims_of(sheet))
    count = len(shown.objectives)
    return _read("strategy-map", sheet, shown, reader.doubts, count)


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
    return SheetReading(sheet.name, form, reading, tuple(doubts), count)


def _noted(sheet: Sheet, readings: list[SheetReading]) -> list[SheetReading]:
    """Note once that hidden rows and columns were read like the others."""
    hidden = sheet.hidden_rows or sheet.hidden_columns or sheet.is_hidden
    if not hidden or not any(reading.reading for reading in readings):
        return readings
    params = {
        "rows": str(len(sheet.hidden_rows)),
        "columns": str(len(sheet.hidden_columns)),
    }
    note = Doubt(Severity.NOTE, "hidden-read", None, params)
    first, *rest = readings
    return [replace(first, doubts=(*first.doubts, note)), *rest]


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


def _with_notices(
    readings: list[SheetReading], book: Book, sheet: Sheet
) -> list[SheetReading]:
    """Add what was odd in the cells themselves, once, where the sheet was read."""
    odd = tuple(
        Doubt(Severity.WARN, code, cell or None)
        for name, cell, code in book.notices
        if name == sheet.name
    )
    first, *rest = readings
    if not odd or first.reading is None:
        return readings
    return [replace(first, doubts=(*first.doubts, *odd)), *rest]


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
        case ResultsReading() | LightTableReading() | RevisionReading():
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
