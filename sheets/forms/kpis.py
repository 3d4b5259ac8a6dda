"""The cells of one KPI: formula, unit of measure, owners, targets and actuals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets.cells import Coded, join_wrapped, lines_of, normal, owners_of
from sheets.forms.figures import figure_of
from sheets.forms.formulas import (
    Formula,
    direction_in,
    direction_of,
    formula_of,
    measure_in,
)
from sheets.forms.headers import Column, Header
from sheets.forms.readings import (
    Doubt,
    Figure,
    KpiReading,
    ObjectiveReading,
    Severity,
)
from sheets.grid import Cell, Sheet

type Cells = Mapping[int, Cell]


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
    _columns: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        self._columns = {c.key: c for c in reversed(self.header.columns)}

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
        owners = self._columns.get("kpi_owner")
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
            owners_of(self._shown(line, owners)) if owners else (),
            owners.at(line.row) if owners else "",
            self._figures(line, "target"),
            self._figures(line, "actual"),
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
        for column in self.header.all(key):
            text = self._share(line, column)
            if column.year is None or not text:
                continue
            stored = line.cells.get(column.first)
            figures[column.year] = figure_of(
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


def difference_of(known: KpiReading, again: KpiReading) -> tuple[str, str] | None:
    """Return where two KPIs of one code contradict each other, None if nowhere."""
    pairs = [(known.name, again.name), (known.formula_text, again.formula_text)]
    for year in known.targets.keys() & again.targets.keys():
        pairs.append((known.targets[year].text, again.targets[year].text))
    for year in known.actuals.keys() & again.actuals.keys():
        pairs.append((known.actuals[year].text, again.actuals[year].text))
    for first, second in pairs:
        if first and second and normal(first) != normal(second):
            return first, second
    return None
