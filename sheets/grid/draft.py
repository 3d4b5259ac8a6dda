"""A sheet while it is read: what was found so far, and whether that may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sheets.grid.book import (
    LAST_COLUMN,
    LAST_ROW,
    Cell,
    Merge,
    Sheet,
    address,
    position,
)
from sheets.grid.limits import Limits, Refused
from sheets.grid.values import Values

_TRUE = ("1", "true")


@dataclass(slots=True)
class Used:
    """What the sheets of one file used up together, and what was odd in them."""

    filled: int = 0
    empty: int = 0
    merges: int = 0
    characters: int = 0
    notices: list[tuple[str, str, str]] = field(default_factory=list)

    def copy(self) -> "Used":
        return replace(self, notices=[*self.notices])


class Draft:
    """One sheet while it is read; every finding is held against the limits."""

    def __init__(
        self, part: str, name: str, values: Values, used: Used, limits: Limits
    ) -> None:
        self.part = part
        self.name = name
        self.values = values
        self.used = used
        self.limits = limits
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.column_marks = 0

    def sheet(self, is_hidden: bool) -> Sheet:
        """Return what was found as a sheet. Raises Refused."""
        rows = {row: cells for row, cells in _sorted(self.rows).items() if cells}
        return Sheet(
            self.name,
            {row: _sorted(cells) for row, cells in rows.items()},
            self._checked_merges(),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            is_hidden,
        )

    def take_cell(
        self,
        row: int,
        column: int,
        kind: str,
        style: str,
        raw: str,
        has_formula: bool,
    ) -> None:
        """Take one cell, from its `t` and `s` attributes and its text as stored."""
        limits = self.limits
        if not raw or row > limits.rows or column > limits.columns:
            self.take_empty_or_far(row, column, raw, has_formula)
            return
        try:
            value, text, is_number, notice = self.values.read(raw, kind, style)
        except Refused as refused:
            raise self.at(refused, row, column) from None
        if notice:
            self.notice(row, column, notice)
        cells = self.cells_of(row)
        if column in cells:
            raise self.broken("twice", row, column)
        if text or value != "":
            cells[column] = Cell(row, column, value, text, is_number)
        self.count(1, len(text))

    def cells_of(self, row: int) -> dict[int, Cell]:
        return self.rows.setdefault(row, {})

    def count(self, filled: int, characters: int) -> None:
        """Count cells that were taken. Raises Refused where there are too many."""
        used, limits = self.used, self.limits
        used.filled += filled
        used.characters += characters
        if used.filled > limits.filled_cells:
            raise Refused("too-many-cells", limit=limits.filled_cells)
        if used.characters > limits.characters:
            raise Refused("too-much-text", limit=limits.characters)

    def take_empty_or_far(
        self, row: int, column: int, raw: str, has_formula: bool
    ) -> None:
        """Count a cell without content, or refuse one that stands too far."""
        limits = self.limits
        if not 0 < row <= LAST_ROW or not 0 < column <= LAST_COLUMN:
            raise Refused("file-broken", part=self.part, reason="address")
        if raw:
            refused = Refused("cell-too-far", rows=limits.rows, columns=limits.columns)
            raise self.at(refused, row, column)
        if has_formula:
            self.notice(row, column, "formula-without-value")
        self.used.empty += 1
        if self.used.empty > limits.empty_cells:
            raise Refused("too-many-cells", limit=limits.empty_cells)

    def take(self, element: str, attributes: Mapping[str, str]) -> None:
        """Take an element that stands outside of the cells."""
        if element == "mergeCell":
            self._take_merge(attributes.get("ref", ""))
        elif element == "col" and attributes.get("hidden", "").lower() in _TRUE:
            self._hide_columns(attributes)

    def take_row(self, attributes: Mapping[str, str], before: int) -> int:
        """Take the start of a row, and return its number."""
        text = attributes.get("r")
        if text is None:
            row = before + 1
        else:
            row = int(text) if text.isdecimal() and len(text) <= 7 else 0
        if not 1 <= row <= LAST_ROW:
            raise Refused("file-broken", part=self.part, reason="address")
        hidden = attributes.get("hidden")
        if hidden and hidden.lower() in _TRUE and row <= self.limits.rows:
            self.hidden_rows.add(row)
        return row

    def position_of(self, reference: str) -> tuple[int, int]:
        try:
            return position(reference)
        except ValueError:
            raise Refused("file-broken", part=self.part, reason="address") from None

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        self.column_marks += 1
        first, last = attributes.get("min", ""), attributes.get("max", "")
        is_number = first.isdecimal() and last.isdecimal()
        if self.column_marks > LAST_COLUMN or not is_number or len(first + last) > 10:
            raise Refused("file-broken", part=self.part, reason="address")
        last_column = min(int(last), self.limits.columns)
        self.hidden_columns.update(range(max(int(first), 1), last_column + 1))

    def _take_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if not last:
            return
        self.count_merges(1)
        rows, columns = zip(
            self.position_of(first), self.position_of(last), strict=True
        )
        self.merges.append(Merge(min(rows), min(columns), max(rows), max(columns)))

    def count_merges(self, count: int) -> None:
        """Count merges that are about to be taken. Raises Refused."""
        self.used.merges += count
        if self.used.merges > self.limits.merges:
            raise Refused("too-many-merges", limit=self.limits.merges)

    def _checked_merges(self) -> tuple[Merge, ...]:
        """Return the merges in order, where they could lie side by side."""
        limits = self.limits
        rows = sum(
            min(merge.last_row, limits.rows) - merge.first_row + 1
            for merge in self.merges
            if merge.first_row <= limits.rows
        )
        # More of them than columns in each row must overlap, and cost memory.
        if rows > limits.rows * limits.columns // 2:
            raise Refused("file-broken", part=self.part, reason="merge")
        merges = self.merges
        merges.sort(key=lambda merge: (merge.first_row, merge.first_column))
        return tuple(merges)

    def notice(self, row: int, column: int, code: str) -> None:
        self.used.notices.append((self.name, address(row, column), code))

    def at(self, refused: Refused, row: int, column: int) -> Refused:
        place = {"sheet": self.name, "cell": address(row, column)}
        return Refused(refused.code, **place, **refused.params)

    def too_long(self, row: int, column: int) -> Refused:
        refused = Refused("text-too-long", limit=self.limits.cell_characters)
        return self.at(refused, row, column)

    def broken(self, reason: str, row: int, column: int) -> Refused:
        refused = Refused("file-broken", part=self.part, reason=reason)
        return self.at(refused, row, column)


def _sorted[T](numbered: dict[int, T]) -> dict[int, T]:
    """Return what is numbered in order; a file may have its cells in any."""
    order = sorted(numbered)
    if order == list(numbered):
        return numbered
    return {number: numbered[number] for number in order}
