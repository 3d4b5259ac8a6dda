"""Many KPIs as a grid: a row each, their boxes in columns, as in a spreadsheet."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.boards.entry_fields import Field
from kpi.boards.entry_rows import EntryRow


@dataclass(frozen=True, slots=True)
class GridRow:
    """A KPI in the grid: its boxes, filled up with empty cells to the widest row."""

    row: EntryRow
    cells: tuple[Field | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows, and the numbers of the columns that hold boxes."""

    columns: tuple[int, ...]
    rows: tuple[GridRow, ...]


def grid_board(rows: Iterable[EntryRow]) -> Grid:
    """Return the boxes of the figures themselves; no queries."""
    listed = [(row, _cells(row)) for row in rows]
    width = max((len(cells) for _row, cells in listed), default=1)
    return Grid(
        columns=tuple(range(1, width + 1)),
        rows=tuple(
            GridRow(row, (*cells, *[None] * (width - len(cells))))
            for row, cells in listed
        ),
    )


def _cells(row: EntryRow) -> tuple[Field, ...]:
    words = [field for field in (row.text,) if field is not None]
    return (*row.figure, *words)
