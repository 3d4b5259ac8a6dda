"""The plans of a row: their codes, their budgets, who is responsible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sheets.cells import (
    DASHES,
    depth_of,
    normal,
    owners_in,
    parent_of,
    split_code,
    split_items,
    squashed,
    without_bullet,
)
from sheets.cells.codes import PLAN
from sheets.forms.codes import report_glued
from sheets.forms.figures import money_of
from sheets.forms.headers import Column, Header
from sheets.forms.names import doubt_of_compound, doubts_of_alike
from sheets.forms.readings import (
    Doubt,
    KpiReading,
    Money,
    PlanReading,
    PrintedSum,
    RowReading,
    Severity,
)
from sheets.forms.suspicions import doubt_of_dot
from sheets.grid import Cell, Sheet

# Cells that say that there is no plan.
_NONE = DASHES | {"", "無", "無計畫", "無相關計畫", "n/a", "不適用", "免填", "/"}

type Cells = Mapping[int, Cell]


def _says_none(text: str) -> bool:
    return squashed(text) in _NONE


@dataclass(slots=True)
class Plans:
    """Collects the rows of plans of one table, in order."""

    sheet: Sheet
    header: Header
    doubts: list[Doubt]
    rows: list[RowReading] = field(default_factory=list)
    sums: list[PrintedSum] = field(default_factory=list)
    # The year of a row of a long table.
    year: int | None = None
    _places: dict[str, int] = field(default_factory=dict)
    _codes: dict[str, PlanReading] = field(default_factory=dict)
    _blank: dict[str, str] = field(default_factory=dict)
    _plan: Column | None = field(init=False)
    _owner: Column | None = field(init=False)
    _budgets: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.go_on(self.sheet, self.header)

    def go_on(self, sheet: Sheet, header: Header) -> None:
        """Go on in another table of the same card."""
        self.sheet, self.header = sheet, header
        self._plan = self.header.column("plan")
        self._owner = self.header.column("plan_owner")
        self._budgets = self.header.all("budget")

    def open_row(self, row: int, cells: Cells, kpis: tuple[str, ...]) -> None:
        """Read the plans of a row that prints KPIs, or prints them again."""
        if not (self._plan or self._owner or self._budgets):
            return
        if self.header.is_long and not self._says_anything(row, cells):
            return
        again = all(kpi in self._places for kpi in kpis)
        if again and self._pays_another_year(row, cells, kpis):
            return
        if again and not self._has_own_money(row, cells):
            self._append(row, cells, kpis)
        else:
            self._add(row, cells, kpis)

    def continue_row(self, row: int, cells: Cells, kpis: tuple[str, ...]) -> None:
        """Read a row below: its own where it has money or owners, else joined."""
        is_first = kpis[0] not in self._places
        if self.header.is_long and (is_first or not self._says_anything(row, cells)):
            self.open_row(row, cells, kpis)
        elif self._pays_another_year(row, cells, kpis):
            return
        elif self._has_own_money(row, cells):
            self._add(row, cells, kpis)
        else:
            self._append(row, cells, kpis)

    def _pays_another_year(self, row: int, cells: Cells, kpis: tuple[str, ...]) -> bool:
        """Add budgets of a further year to the same plans; say whether they were."""
        if not (self.header.is_long and kpis[0] in self._places):
            return False
        place = self._places[kpis[0]]
        before = self.rows[place]
        names = {normal(plan.text) for plan in before.plans}
        printed = cells.get(self._plan.first) if self._plan else None
        items = split_items(printed.text, PLAN) if printed else []
        owners = owners_in(self._shown(row, self._owner)) if self._owner else ()
        if not {normal(item) for item in items if not _says_none(item)} <= names:
            return False
        if owners and tuple(owner.name for owner in owners) != before.owners:
            return False
        known = {(money.year, money.stage): money for money in before.budgets}
        more = [money for money in self._money(row, cells) if money.kind != "blank"]
        if any(
            (other := known.get((money.year, money.stage))) is not None
            and (other.kind, other.amount) != (money.kind, money.amount)
            for money in more
        ):
            return False
        new = [money for money in more if (money.year, money.stage) not in known]
        self.rows[place] = replace(before, budgets=(*before.budgets, *new))
        return True

    def sum_up(self, label: Cell, cells: Cells) -> None:
        """Keep the amounts in a row of sums, which is no row of plans."""
        first = max((held.last for held in self.sums), default=0)
        for column in self._dated():
            cell = cells.get(column.first)
            if cell is None:
                continue
            money = money_of(
                cell.text, cell.address, column, self.doubts.append, stored=cell
            )
            if money is not None and money.amount is not None:
                text = squashed(label.text)
                self.sums.append(PrintedSum(text, money, first, len(self.rows)))

    def finish(self, kpis: Mapping[str, KpiReading]) -> None:
        """Report the KPIs without a plan, where the table has plans at all."""
        if self._plan is None:
            return
        planned = {row.kpi for row in self.rows if row.plans}
        for code in kpis:
            if code not in planned:
                at = self._blank.get(code, kpis[code].cell)
                self.doubts.append(Doubt(Severity.WARN, "no-plan", at, {"code": code}))
        plans = (plan for row in self.rows for plan in row.plans)
        self.doubts += doubts_of_alike(plans)

    def _has_own_money(self, row: int, cells: Cells) -> bool:
        columns = [*self._budgets, *([self._owner] if self._owner else [])]
        return any(
            column.first in cells and cells[column.first].text.strip()
            for column in columns
        )

    def _says_anything(self, row: int, cells: Cells) -> bool:
        """Say whether a row names plans, money or owners of plans."""
        plan = cells.get(self._plan.first) if self._plan else None
        return bool(plan and plan.text.strip()) or self._has_own_money(row, cells)

    def _add(self, row: int, cells: Cells, kpis: tuple[str, ...]) -> None:
        kpi_column = self.header.column("kpi")
        assert kpi_column is not None
        at = kpi_column.at(row)
        plans = self._plans(row, cells, kpis)
        owners = owners_in(self._shown(row, self._owner)) if self._owner else ()
        owners_cell = self._owner.at(row) if self._owner else ""
        budgets = self._money(row, cells)
        for place, kpi in enumerate(kpis):
            self._places[kpi] = len(self.rows)
            self.rows.append(
                RowReading(
                    kpi,
                    tuple(plans[kpi]),
                    tuple(owner.name for owner in owners),
                    owners_cell,
                    budgets if place == 0 else (),
                    at,
                    kpis,
                    tuple(owner.text for owner in owners),
                )
            )

    def _append(self, row: int, cells: Cells, kpis: tuple[str, ...]) -> None:
        for kpi, plans in self._plans(row, cells, kpis).items():
            if not plans:
                continue
            place = self._places[kpi]
            before = self.rows[place]
            known = {(plan.code, normal(plan.name)) for plan in before.plans}
            new = [p for p in plans if (p.code, normal(p.name)) not in known]
            self.rows[place] = replace(before, plans=(*before.plans, *new))

    def _plans(
        self, row: int, cells: Cells, kpis: tuple[str, ...]
    ) -> dict[str, list[PlanReading]]:
        """Return the plans of a row by KPI: by prefix where the row has several."""
        found: dict[str, list[PlanReading]] = {kpi: [] for kpi in kpis}
        if self._plan is None:
            return found
        at = self._plan.at(row)
        cell = cells.get(self._plan.first)
        if cell is None or _says_none(cell.text):
            for kpi in kpis:
                self._blank.setdefault(kpi, at)
            return found
        for item in split_items(cell.text, 3):
            coded = split_code(item)
            if 0 < depth_of(coded.code) < 2:
                coded = replace(coded, code="", name=coded.text)
            report_glued(coded, at, self.doubts.append)
            name = without_bullet(coded.name)
            plan = PlanReading(coded.code, name, coded.text, at)
            for doubt in (doubt_of_dot(plan.name, at), doubt_of_compound(plan)):
                if doubt is not None:
                    self.doubts.append(doubt)
            parent = parent_of(plan.code)
            kpi = parent if parent in found else kpis[0]
            if plan.code and parent != kpi:
                params = {"code": plan.code, "kpi": kpi}
                self.doubts.append(Doubt(Severity.WARN, "code-mismatch", at, params))
            self._check_reuse(plan)
            found[kpi].append(plan)
        return found

    def _check_reuse(self, plan: PlanReading) -> None:
        known = self._codes.setdefault(plan.code, plan) if plan.code else plan
        if normal(known.name) != normal(plan.name):
            params = {"code": plan.code, "first": known.name, "second": plan.name}
            self.doubts.append(Doubt(Severity.WARN, "code-reused", plan.cell, params))

    def _money(self, row: int, cells: Cells) -> tuple[Money, ...]:
        """Return the budgets of a row; a merged cell counts in its first row only."""
        found = []
        for column in self._dated():
            cell = cells.get(column.first)
            if cell is None and self._is_covered(row, column):
                continue
            at = column.at(row)
            text = cell.text if cell else ""
            if self.header.is_long and not text.strip():
                continue
            money = money_of(text, at, column, self.doubts.append, stored=cell)
            if money is not None:
                found.append(money)
        return tuple(found)

    def _dated(self) -> Sequence[Column]:
        """Return the columns of budgets, those of no year as of that of the row."""
        if not self.header.is_long:
            return self._budgets
        dated = (
            replace(column, year=column.year or self.year) for column in self._budgets
        )
        return [column for column in dated if column.year is not None]

    def _is_covered(self, row: int, column: Column) -> bool:
        merge = self.sheet.merged_into(row, column.first)
        return merge is not None and (merge.first_row, merge.first_column) != (
            row,
            column.first,
        )

    def _shown(self, row: int, column: Column | None) -> str:
        if column is None:
            return ""
        merge = self.sheet.merged_into(row, column.first)
        if merge is not None and merge.first_row > self.header.row:
            return self.sheet.text(merge.first_row, merge.first_column)
        return self.sheet.text(row, column.first)
