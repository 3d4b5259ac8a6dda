"""The cells of one KPI: formula, unit of measure, owners, targets and actuals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sheets.cells import (
    BadYear,
    Coded,
    join_wrapped,
    lines_of,
    owners_in,
    year_of,
)
from sheets.forms.figures import figure_of
from sheets.forms.formulas import (
    Formula,
    direction_in,
    direction_of,
    formula_of,
    measure_in,
)
from sheets.forms.headers import Column, Header, heading_of
from sheets.forms.readings import (
    Doubt,
    Figure,
    KpiReading,
    ObjectiveReading,
    Severity,
)
from sheets.grid import Cell, Sheet

type Cells = Mapping[int, Cell]

_KINDS = ("target", "actual")


@dataclass(frozen=True, slots=True)
class Line:
    """A row, and which of its `count` KPIs is meant: each has a line of a cell."""

    row: int
    cells: Cells
    place: int = 0
    count: int = 1


@dataclass(slots=True)
class KpiCells:
    """Reads the cells of a row that belong to its KPIs."""

    sheet: Sheet
    header: Header
    doubts: list[Doubt]
    # In a long table: of which year, and of which kind, the figures of a row are.
    year: int | None = None
    kind: str = ""
    _columns: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        self._columns = {c.key: c for c in reversed(self.header.columns)}

    def enter(self, cells: Cells) -> None:
        """Take the year and the kind of figures that a row of a long table names."""
        for key in ("year", "kind"):
            column = self._columns.get(key)
            cell = cells.get(column.first) if column else None
            if cell is None or not (text := join_wrapped(cell.text)):
                continue
            if key == "year":
                self.year = self._year_in(text, cell.address)
                continue
            heading = heading_of(text)
            self.kind = heading.key if heading and heading.key in _KINDS else ""
            if not self.kind:
                self._ignore(text, cell.address)
            elif heading and heading.year:
                self.year = self._year_in(heading.year, cell.address)

    def _year_in(self, text: str, at: str) -> int | None:
        try:
            return year_of(text)
        except BadYear:
            if text.strip("年度").isdigit():
                self.doubts.append(
                    Doubt(Severity.ERROR, "bad-year", at, {"year": text})
                )
            else:
                self._ignore(text, at)
            return None

    def _ignore(self, text: str, at: str) -> None:
        params = {"text": text[:100]}
        self.doubts.append(Doubt(Severity.NOTE, "line-ignored", at, params))

    def with_figures(self, kpi: KpiReading, line: Line) -> KpiReading:
        """Return a KPI with the figures of a further row of it as well."""
        more = {key: self._figures(line, key) for key in _KINDS}
        return replace(kpi, targets=more["target"], actuals=more["actual"])

    def kpi(
        self,
        line: Line,
        coded: Coded,
        cell: str,
        objective: ObjectiveReading,
        factor: int | None,
    ) -> KpiReading:
        """Return a KPI with all that its row says of it."""
        formula_cell = self._text(line, "formula")
        formula = formula_of(formula_cell)
        measure, measure_text = self._measure(line, formula, coded.name)
        direction = (
            formula.direction
            or direction_in(coded.name)
            or direction_of(self._text(line, "direction"))
        )
        owned = self._columns.get("kpi_owner")
        owners = owners_in(self._shown(line, owned)) if owned else ()
        return KpiReading(
            coded.code,
            coded.name,
            coded.text,
            objective.code,
            objective.perspective,
            cell,
            factor,
            formula.text,
            "\n".join(lines_of(formula_cell)),
            measure,
            measure_text,
            direction,
            "printed" if direction else "",
            formula.notes,
            tuple(owner.name for owner in owners),
            owned.at(line.row) if owned else "",
            self._figures(line, "target"),
            self._figures(line, "actual"),
            tuple(owner.text for owner in owners),
        )

    def place_of_formula(self, line: Line) -> str:
        """Return the address of a row's formula, else of its KPI."""
        column = self._columns.get("formula") or self._columns["kpi"]
        return column.at(line.row)

    def _measure(self, line: Line, formula: Formula, name: str) -> tuple[str, str]:
        """Return the unit of measure and how it is printed: column, formula, name."""
        if measure := join_wrapped(self._text(line, "measure")):
            return measure, measure
        if formula.measure:
            return formula.measure, formula.measure_text
        named = measure_in(name)
        return named, f"({named})" if named else ""

    def _figures(self, line: Line, key: str) -> dict[int, Figure]:
        figures: dict[int, Figure] = {}
        columns = self.header.all(key)
        if self.header.is_long and self.kind == key:
            columns = (*columns, *self.header.all("value"))
        for column in columns:
            text = self._share(line, column)
            year = column.year or (self.year if self.header.is_long else None)
            if year is None or not text:
                continue
            stored = line.cells.get(column.first)
            figures[year] = figure_of(
                text, column.at(line.row), self.doubts.append, stored=stored
            )
        return figures

    def _text(self, line: Line, key: str) -> str:
        column = self._columns.get(key)
        return self._share(line, column) if column else ""

    def _share(self, line: Line, column: Column) -> str:
        """Return what a cell says of the KPI; one that is not parted, of the first."""
        text = self._shown(line, column)
        if line.count == 1:
            return text
        lines = lines_of(text)
        if len(lines) == line.count:
            return lines[line.place]
        if line.place == 0 and lines:
            at, params = column.at(line.row), {"text": join_wrapped(text)[:100]}
            self.doubts.append(Doubt(Severity.WARN, "cell-for-several", at, params))
        return text if line.place == 0 else ""

    def _shown(self, line: Line, column: Column) -> str:
        """Return what a cell shows, also where it lies within a merge."""
        cell = line.cells.get(column.first)
        if cell is not None and cell.text:
            return cell.text.strip()
        merge = self.sheet.merged_into(line.row, column.first)
        if merge is None or merge.first_row <= self.header.row:
            return ""
        return self.sheet.text(merge.first_row, merge.first_column).strip()
