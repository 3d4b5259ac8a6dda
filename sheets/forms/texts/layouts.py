"""A table of a text laid out as its form has it, and where each cell came from."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, NamedTuple

from sheets.forms.readings import Doubt, RowReading, SheetReading
from sheets.grid import Cell, Merge, Sheet, address, column_letters, position

# The fields of readings that hold the address of a cell.
_ADDRESSES = frozenset({"cell", "owners_cell"})
_FIRST_WORD = re.compile(r"[A-Z]+[0-9]+(?= |$)")

type Home = Callable[[str], str]


class Piece(NamedTuple):
    """A text to lay out, its address in the file, and the cell it is of there."""

    text: str
    home: str
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a text, as a sheet of its own.

    `homes` are the addresses in the file of the cells of `sheet`, `lines` the lines
    of its rows. `year` is told by the section, where the title names none; `asked` is
    a year that a line of the text names, with the question whether it is meant.
    """

    sheet: Sheet
    homes: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)
    year: int | None = None
    doubts: tuple[Doubt, ...] = ()
    asked: tuple[int, Doubt] | None = None

    def at_home(self, readings: list[SheetReading]) -> list[SheetReading]:
        """Return the readings of `sheet` with the addresses of the file."""
        found = []
        for number, reading in enumerate(readings):
            doubts = tuple(self._doubt(doubt) for doubt in reading.doubts)
            own = () if number else self.doubts
            at_home = moved(reading.reading, self._home)
            if at_home is not None and at_home.year is None and self.year is not None:
                at_home = replace(at_home, year=self.year)
            found.append(replace(reading, reading=at_home, doubts=doubts + own))
        return found

    def _home(self, cell: str) -> str:
        if not cell or cell in self.homes:
            return self.homes.get(cell, "")
        # A blank cell: nothing was printed there, but its line and column are known.
        row, column = position(cell)
        return f"{column_letters(column)}{self.lines.get(row, row)}"

    def _doubt(self, doubt: Doubt) -> Doubt:
        params = {
            name: _FIRST_WORD.sub(lambda found: self._home(found[0]), value, count=1)
            if name in ("first", "second")
            else value
            for name, value in doubt.params.items()
        }
        cell = self._home(doubt.cell) if doubt.cell else doubt.cell
        return replace(doubt, cell=cell, params=params)


@dataclass(slots=True)
class Layout:
    """Collects the rows of one table, and remembers where its cells came from."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)

    def add(self, pieces: Mapping[int, Piece]) -> int:
        """Add a row below the others, by column, and return its number."""
        row = len(self.rows) + 1
        cells: dict[int, Cell] = {}
        for column in sorted(pieces):
            text, home, cell = pieces[column]
            if cell is not None and cell.text == text:
                cells[column] = cell._replace(row=row, column=column)
            else:
                cells[column] = Cell(row, column, text, text, False)
            self.homes[address(row, column)] = home
            self.lines.setdefault(row, position(home)[0])
        self.rows[row] = cells
        return row

    def widen(self, row: int, column: int, last_column: int) -> None:
        """Draw the cell of `row` and `column` over the columns beside it."""
        self.merges.append(Merge(row, column, row, last_column))

    def part(self, doubts: Iterable[Doubt] = ()) -> Part:
        sheet = Sheet("", self.rows, tuple(self.merges))
        return Part(sheet, self.homes, self.lines, None, tuple(doubts))


def moved(value: Any, home: Home, *, with_rows: bool = False) -> Any:
    """Return a reading, or a part of one, with every address changed.

    Where a row of plans stands only tells it from the others: that is changed
    `with_rows`.
    """
    if isinstance(value, tuple):
        return tuple(moved(each, home, with_rows=with_rows) for each in value)
    if isinstance(value, dict):
        return {
            key: moved(each, home, with_rows=with_rows) for key, each in value.items()
        }
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for item in fields(value):
        held = getattr(value, item.name)
        if item.name in _ADDRESSES:
            # Rows that a text prints in one cell are still rows of their own.
            is_row = isinstance(value, RowReading) and item.name == "cell"
            if with_rows or not is_row:
                changed[item.name] = home(held)
        elif item.name == "cells":
            changed[item.name] = {key: home(cell) for key, cell in held.items()}
        elif isinstance(held, tuple | dict) or is_dataclass(held):
            changed[item.name] = moved(held, home, with_rows=with_rows)
    return replace(value, **changed)
