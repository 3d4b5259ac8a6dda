"""Nothing that stands in a sheet is lost in silence: it is read, or told at its cell."""

import random
from dataclasses import replace

import pytest

from sheets.forms import read_book
from sheets.forms.readings import SheetReading
from sheets.grid import Book, Cell, Sheet, read_workbook
from tests.unit.forms_published import ROOT
from tests.unit.mutations import CHANGES, Draft, mutated

WORDS = "怪字文書"
CELLS_A_SHEET = 25
# What a table of lights prints over several headings.
GROUPS = {"KPI執行成果", "KPI自評績效燈號"}


def book_of(name: str) -> Book:
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    return read_workbook(path, path.name)


def read_sheets() -> list[tuple[str, str]]:
    """Return workbook and sheet of every published sheet that has a reading."""
    names = sorted(p.stem for p in (ROOT / "fixtures" / "workbooks").glob("*.xlsx"))
    return [
        (name, sheet.name)
        for name in names
        for sheet in read_book(book_of(name))
        if sheet.reading is not None
    ]


def with_words(book: Book, sheet_name: str, at: Cell) -> Book:
    sheets = []
    for sheet in book.sheets:
        if sheet.name == sheet_name:
            rows = {row: dict(cells) for row, cells in sheet.rows.items()}
            rows[at.row][at.column] = Cell(at.row, at.column, WORDS, WORDS, False)
            sheet = replace(sheet, rows=rows)
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets))


def is_told(readings: tuple[SheetReading, ...], sheet: str, cell: str) -> bool:
    """Say whether the words were kept, or a doubt leads to them or to their sheet."""
    own = [reading for reading in readings if reading.name == sheet]
    return (
        any(WORDS in repr(reading) for reading in own)
        or any(doubt.cell == cell for reading in own for doubt in reading.doubts)
        or all(reading.reading is None and reading.doubts for reading in own)
    )


def is_group(sheet: Sheet, cell: Cell) -> bool:
    """Say whether a cell only heads a group of headings: its words are nobody's."""
    merge = sheet.merged_into(cell.row, cell.column)
    return (
        merge is not None
        and merge.last_column > merge.first_column > 1
        and cell.text in GROUPS
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sheet"), read_sheets())
def test_words_in_any_cell_are_read_or_told_at_that_cell(name: str, sheet: str):
    book = book_of(name)
    found = book.sheet(sheet)
    assert found is not None
    cells = [cell for cell in found if not is_group(found, cell)]
    random.Random(name + sheet).shuffle(cells)
    for cell in cells[:CELLS_A_SHEET]:
        readings = read_book(with_words(book, sheet, cell))
        assert is_told(readings, sheet, cell.address), (cell.address, cell.text)


def test_a_seed_gives_the_same_change_and_every_change_comes():
    book = book_of("group-e-109")
    told = [mutated(book, random.Random(seed))[1] for seed in range(300)]
    assert told == [mutated(book, random.Random(seed))[1] for seed in range(300)]
    draft = Draft.of(book.sheets[0])
    words = {change(draft, random.Random(1)).split()[-1] for change in CHANGES}
    assert {"deleted", "repeated", "swapped", "inserted", "blanked", "hidden"} <= words
