"""A file as cells: values, displayed texts, merges, and what is hidden."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

type Value = Decimal | str | bool | datetime | None

_POSITION = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def column_letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return a cell's address as a person reads it: row 7, column 7 is G7."""
    return f"{column_letters(column)}{row}"


def position(address: str) -> tuple[int, int]:
    """Return row and column of an address such as G7.

    Raises ValueError where it is no address of a cell that Excel can have.
    """
    match = _POSITION.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not 1 <= row <= LAST_ROW or column > LAST_COLUMN:
        raise ValueError(address)
    return row, column


class Cell(NamedTuple):
    """One cell that holds something; rows and columns count from 1.

    `value` is what is stored, a number exactly by its shortest text; `text` is what
    Excel displays. A date's value is a datetime, and not a number. A tuple, for it
    is made in half of the time that a frozen dataclass takes, and there are many.
    """

    row: int
    column: int
    value: Value
    text: str
    is_number: bool

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of cells drawn as one; its first cell holds what it shows."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        return (
            self.first_row <= row <= self.last_row
            and self.first_column <= column <= self.last_column
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a book; `rows` keeps only cells that hold something.

    `rows` is ordered by row, each row by column. Hidden rows and columns are kept
    among the cells, and are named here.
    """

    name: str
    rows: Mapping[int, Mapping[int, Cell]]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    row_count: int = field(init=False)
    column_count: int = field(init=False)
    _merges_by_row: dict[int, list[Merge]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        columns = (max(cells) for cells in self.rows.values() if cells)
        object.__setattr__(self, "row_count", max(self.rows, default=0))
        object.__setattr__(self, "column_count", max(columns, default=0))
        by_row: dict[int, list[Merge]] = {}
        # Only rows in use are indexed: a merge may claim a million rows.
        for merge in self.merges:
            last_row = min(merge.last_row, self.row_count)
            for row in range(merge.first_row, last_row + 1):
                by_row.setdefault(row, []).append(merge)
        object.__setattr__(self, "_merges_by_row", by_row)

    def __iter__(self) -> Iterator[Cell]:
        """Yield the cells that hold something, row by row."""
        for cells in self.rows.values():
            yield from cells.values()

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell itself, or None where it is empty.

        A merge is not followed: only its first cell holds something.
        """
        return self.rows.get(row, {}).get(column)

    def text(self, row: int, column: int) -> str:
        """Return the displayed text, "" where there is none."""
        cell = self.cell(row, column)
        return "" if cell is None else cell.text

    def merged_into(self, row: int, column: int) -> Merge | None:
        """Return the merge that covers a cell, its first cell included."""
        if row > self.row_count:
            merges = list(self.merges)
        else:
            merges = self._merges_by_row.get(row, [])
        return next((merge for merge in merges if merge.covers(row, column)), None)

    def row_texts(self, row: int) -> tuple[str, ...]:
        """Return the texts of one row, one for each column up to `column_count`."""
        cells = self.rows.get(row, {})
        return tuple(
            cells[column].text if column in cells else ""
            for column in range(1, self.column_count + 1)
        )


@dataclass(frozen=True, slots=True)
class Book:
    """One file that was read: its sheets in order, and what was odd in it.

    A notice is sheet, cell and code: `control-characters` were taken out of a text,
    `direction-characters` were left in it, `error-value` is a cell that shows an
    error, `formula-without-value` one whose formula was never computed.
    """

    file_name: str
    sheets: tuple[Sheet, ...]
    notices: tuple[tuple[str, str, str], ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold back the search for garbage in cycles.

    Reading makes a hundred thousand small things that all stay, and the search
    would look at each of them over and over: a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
