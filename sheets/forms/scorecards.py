"""Scorecards in 15, 5 or 3 columns, and tables of KPI definitions.

All are one form: which columns there are is told by the heading row. Objectives,
factors and KPIs fill down over merged or blank cells; bands carry the perspective.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bsc.periods import roc
from sheets.cells import (
    Coded,
    half_width,
    has_code,
    join_wrapped,
    normal,
    parent_of,
    split_code,
    split_items,
    squashed,
)
from sheets.forms.bands import Bands
from sheets.forms.codes import coded_text, report_glued
from sheets.forms.columns import SUMS, perspective_of
from sheets.forms.completing import Completing, Names
from sheets.forms.directions import doubts_of_directions
from sheets.forms.headers import Column, Header
from sheets.forms.joining import difference_of, joined, other_owners
from sheets.forms.kpis import KpiCells, Line
from sheets.forms.names import doubts_of_kpi, doubts_of_stars
from sheets.forms.plans import Plans
from sheets.forms.readings import (
    Doubt,
    FactorReading,
    KpiReading,
    ObjectiveReading,
    ScorecardReading,
    Severity,
)
from sheets.forms.suspicions import doubt_of_dot, doubts_of_formula
from sheets.forms.tables import FOOTNOTE, PAGE
from sheets.forms.titles import Title
from sheets.grid import Cell, Sheet

type Cells = Mapping[int, Cell]

# Cells of a row in words that may be no row of the table.
_FEWEST = 2


@dataclass(slots=True)
class ScorecardReader:
    """Walks down one table and keeps what is open: band, objective, factor, KPIs."""

    sheet: Sheet
    header: Header
    title: Title
    doubts: list[Doubt] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    objectives: dict[str, ObjectiveReading] = field(default_factory=dict)
    factors: list[FactorReading] = field(default_factory=list)
    kpis: dict[str, KpiReading] = field(default_factory=dict)
    bands: Bands = field(init=False)
    plans: Plans = field(init=False)
    kpi_cells: KpiCells = field(init=False)
    completing: Completing = field(init=False)
    _objective: str | None = None
    _factor: int | None = None
    _open: tuple[str, ...] = ()
    _years: list[int] = field(default_factory=list)
    _columns: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        self.bands = Bands(self.title)
        self.bands.open_by_title(self.sheet)
        self.plans = Plans(self.sheet, self.header, self.doubts)
        self.completing = Completing(self.doubts.append, self.names)
        self._take_columns()

    def _take_columns(self) -> None:
        self._columns = {c.key: c for c in reversed(self.header.columns)}
        self.kpi_cells = KpiCells(self.sheet, self.header, self.doubts)
        self._years += [c.year for c in self.header.all("target") if c.year]

    def read(self, *more: tuple[Sheet, Header]) -> ScorecardReading:
        """Return what the table says; the doubts are in `doubts`.

        `more` are tables of the same card, with headings of their own: what is open
        at the end of one is open in the next.
        """
        self._read_rows()
        for sheet, header in more:
            self.sheet, self.header = sheet, header
            self.doubts += header.doubts
            self.plans.go_on(sheet, header)
            self._take_columns()
            self._read_rows()
        self.plans.finish(self.kpis)
        self.doubts += doubts_of_directions(self.kpis.values())
        for kpi in self.kpis.values():
            self.doubts += doubts_of_kpi(kpi)
        names = [(o.name, o.cell) for o in self.objectives.values()]
        names += [(kpi.name, kpi.cell) for kpi in self.kpis.values()]
        self.doubts += doubts_of_stars(names, self.sheet)
        return ScorecardReading(
            self.title.text,
            self.title.unit_text,
            self._year(),
            tuple(self.bands.perspectives.values()),
            tuple(self.bands.themes),
            tuple(self.objectives.values()),
            tuple(self.factors),
            tuple(self.kpis.values()),
            tuple(self.plans.rows),
            tuple(self.plans.sums),
        )

    def _read_rows(self) -> None:
        for row, cells in self.sheet.rows.items():
            if self.header.is_repeated_by(cells):
                continue
            shown = [cell for cell in cells.values() if cell.text.strip()]
            if row <= self.header.row:
                # A band may stand above the headings it is printed with.
                if row < self.header.first_row and len(shown) == 1:
                    self._band_above(shown[0])
            elif len(shown) == 1 and (
                self._is_band(shown[0]) or PAGE.match(_line(shown[0]))
            ):
                self._band(shown[0])
            elif shown and squashed(shown[0].text) in SUMS:
                self._ignore(shown[0])
                self.plans.sum_up(shown[0], cells)
            elif shown:
                self._row(row, cells)

    def _year(self) -> int | None:
        """Return the year of the title, else the first year of targets, and say so."""
        years = self._years or [year for k in self.kpis.values() for year in k.targets]
        if self.title.year is not None or not years:
            return self.title.year
        year = min(years)
        params = {"year": str(roc(year))}
        self.doubts.append(Doubt(Severity.NOTE, "year-from-headings", None, params))
        return year

    # Bands and lines that are no rows

    def _is_band(self, cell: Cell) -> bool:
        first = self.header.columns[0].first
        return cell.column <= first and not has_code(cell.text)

    def _band(self, cell: Cell) -> None:
        text = join_wrapped(cell.text)
        if normal(text) == normal(self.title.text):
            return
        if FOOTNOTE.match(half_width(text)):
            self._ignore(cell)
        elif self.bands.open(cell, self.sheet):
            self._close()
        elif not self.bands.is_band(text):
            self._ignore(cell)

    def _band_above(self, cell: Cell) -> None:
        text = join_wrapped(cell.text)
        if perspective_of(text)[0] and self.bands.enter(text, cell.address):
            self._close()

    def _close(self) -> None:
        self._objective, self._factor, self._open = None, None, ()

    def _ignore(self, cell: Cell) -> None:
        params = {"text": join_wrapped(cell.text)[:100]}
        self.doubts.append(Doubt(Severity.NOTE, "line-ignored", cell.address, params))

    # Rows

    def _row(self, row: int, cells: Cells) -> None:
        self._perspective_cell(cells)
        if self.header.is_long:
            self.kpi_cells.enter(cells)
            self.plans.year = self.kpi_cells.year
        is_new = self._objective_cell(row, cells)
        self._factor_cell(row, cells)
        column = self._columns["kpi"]
        text = self._coded_text(cells, column, 2)
        if text:
            self._open = self._kpis(row, cells, column, text)
            if self._open:
                self.plans.open_row(row, cells, self._open)
        elif self._open and not is_new:
            if self.header.is_long:
                self._go_on(row, cells)
            self.plans.continue_row(row, cells, self._open)
        else:
            self._without_kpi(row, cells, is_new)

    def _without_kpi(self, row: int, cells: Cells, is_new: bool) -> None:
        self._open = ()
        plan = self._columns.get("plan")
        cell = cells.get(plan.first) if plan else None
        if cell is not None and cell.text.strip():
            params = {"text": join_wrapped(cell.text)[:100]}
            self.doubts.append(Doubt(Severity.WARN, "no-kpi", cell.address, params))
        elif not is_new:
            self._ignore(next(cell for cell in cells.values() if cell.text.strip()))

    def _perspective_cell(self, cells: Cells) -> None:
        column = self._columns.get("perspective")
        cell = cells.get(column.first) if column else None
        text = join_wrapped(cell.text) if cell else ""
        if cell is not None and text and self.bands.enter(text, cell.address):
            self._close()

    def _objective_cell(self, row: int, cells: Cells) -> bool:
        """Open the objective of a row; say whether the row prints one anew."""
        column = self._columns.get("objective")
        text = self._coded_text(cells, column, 1) if column else ""
        if not column or not text:
            return False
        at = column.at(row)
        coded = split_code(text)
        report_glued(coded, at, self.doubts.append)
        if not coded.code:
            coded = replace(coded, code=self._code_of(coded.name, cells, at))
        if not coded.code or not coded.name:
            params = {"text": join_wrapped(text)[:100]}
            self.doubts.append(Doubt(Severity.WARN, "no-code", at, params))
            self._close()
            return True
        known = self.objectives.get(coded.code)
        if known and normal(known.name) != normal(coded.name):
            params = {"code": coded.code, "first": known.name, "second": coded.name}
            self.doubts.append(Doubt(Severity.WARN, "name-varies", at, params))
        if not known:
            self.objectives[coded.code] = self._objective_of(coded, at)
        if self._objective != coded.code:
            self._objective, self._factor, self._open = coded.code, None, ()
            return True
        return False

    def _code_of(self, name: str, cells: Cells, at: str) -> str:
        """Return the code of an objective in words beside a KPI, "" beside none.

        Two cells in words, and nothing else in their row, may be any line.
        """
        columns = self._columns["kpi"], self._columns.get("kpi_code")
        kpi = coded_text(cells, *columns, 2, lambda doubt: None)
        code = split_code(kpi).code
        shown = [cell for cell in cells.values() if cell.text.strip()]
        if not kpi or (not code and len(shown) <= _FEWEST):
            return ""
        place = (self.bands.perspective, self.bands.stem)
        return self.completing.objective(name, code, place, self.objectives, at)

    def _objective_of(self, coded: Coded, at: str) -> ObjectiveReading:
        perspective = self.bands.perspective_by(coded.code)
        return ObjectiveReading(
            coded.code,
            coded.name,
            coded.text,
            at,
            theme=self.bands.group_by(coded.code),
            perspective=perspective,
        )

    def _factor_cell(self, row: int, cells: Cells) -> None:
        """Open the factor of a row; a blank fills down only below a blank objective."""
        column = self._columns.get("factor")
        if column is None or self._objective is None:
            return
        cell = cells.get(column.first)
        text = cell.text.strip() if cell else ""
        if not text:
            objective = self._columns.get("objective")
            is_printed = objective is not None and objective.first in cells
            if is_printed and self.sheet.merged_into(row, column.first) is None:
                self._factor = None
            return
        coded = split_code(text)
        factor = FactorReading(
            coded.code,
            coded.name,
            coded.text,
            self._objective,
            column.at(row),
        )
        if self._factor is not None:
            before = self.factors[self._factor]
            same = before.objective == factor.objective
            if same and normal(before.text) == normal(factor.text):
                return
        self._factor = len(self.factors)
        self.factors.append(factor)
        self._dot(factor.name, factor.cell)

    # KPIs

    def _kpis(
        self, row: int, cells: Cells, column: Column, text: str
    ) -> tuple[str, ...]:
        at = column.at(row)
        items = [text] if column.last > column.first else split_items(text, 2)
        codes: list[str] = []
        for place, item in enumerate(items):
            coded = split_code(item)
            report_glued(coded, at, self.doubts.append)
            if self._objective is not None:
                coded = self.completing.kpi(coded, self._objective, self.kpis, at)
            else:
                params = {"code": coded.code, "name": coded.name}
                self.doubts.append(Doubt(Severity.ERROR, "no-objective", at, params))
                continue
            if parent_of(coded.code) != self._objective:
                params = {"code": coded.code, "objective": self._objective}
                self.doubts.append(
                    Doubt(Severity.WARN, "objective-mismatch", at, params)
                )
            line = Line(row, cells, place, len(items))
            objective = self.objectives[self._objective]
            kpi = self.kpi_cells.kpi(line, coded, at, objective, self._factor)
            known = self.kpis.get(coded.code)
            if known is None:
                self.kpis[coded.code] = kpi
                self._suspect(kpi, line)
            elif difference := difference_of(known, kpi):
                self._twice(known, difference, at)
                continue
            else:
                self._join(known, kpi)
            if coded.code not in codes:
                codes.append(coded.code)
        return tuple(codes)

    def _go_on(self, row: int, cells: Cells) -> None:
        """Read the figures of a row below a KPI, of another year or kind."""
        for place, code in enumerate(self._open):
            line = Line(row, cells, place, len(self._open))
            known = self.kpis[code]
            again = self.kpi_cells.with_figures(known, line)
            if difference := difference_of(known, again):
                self._twice(known, difference, self._columns["kpi"].at(row))
            else:
                self.kpis[code] = joined(known, again)

    def _join(self, known: KpiReading, again: KpiReading) -> None:
        """Keep what a KPI that is printed again says beyond what was read of it."""
        if other_owners(known, again):
            params = {
                "code": known.code,
                "first": "、".join(known.owners),
                "second": "、".join(again.owners),
            }
            at = again.owners_cell
            self.doubts.append(Doubt(Severity.WARN, "owners-vary", at, params))
        self.kpis[known.code] = joined(known, again)

    def _twice(self, known: KpiReading, difference: tuple[str, str], at: str) -> None:
        params = {
            "code": known.code,
            "first": f"{known.cell} {difference[0]}",
            "second": difference[1],
        }
        self.doubts.append(Doubt(Severity.ERROR, "duplicate-code", at, params))

    def _suspect(self, kpi: KpiReading, line: Line) -> None:
        """Warn of what is probably a slip in a KPI's name, formula or unit."""
        at = self.kpi_cells.place_of_formula(line)
        self._dot(kpi.name, kpi.cell)
        if at != kpi.cell:
            self._dot(kpi.formula_text, at)
        self.doubts += doubts_of_formula(kpi, at)

    def _dot(self, text: str, cell: str) -> None:
        if doubt := doubt_of_dot(text, cell):
            self.doubts.append(doubt)

    def _coded_text(self, cells: Cells, column: Column, depth: int) -> str:
        """Return the text of a coded item, whose code may have a cell of its own."""
        code = self._columns.get(f"{column.key}_code")
        return coded_text(cells, column, code, depth, self.doubts.append)


def _line(cell: Cell) -> str:
    return half_width(join_wrapped(cell.text))
