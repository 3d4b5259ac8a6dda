"""The columns of a scorecard's table, and what is counted above it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from bsc.numbers import money
from reports.dashboards.cells import budget_heading, year_text
from reports.dashboards.contents import CardContent


@dataclass(frozen=True, slots=True)
class BudgetColumn:
    """One year and stage of money, and what its column is called."""

    year: int
    stage: str
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a card has; a three-column card shows three.

    `count` is the number of all of them, for cells that span the table.
    """

    factors: bool
    formula: bool
    measure: bool
    actuals: tuple[int, ...]
    targets: tuple[int, ...]
    actual_labels: tuple[str, ...]
    target_labels: tuple[str, ...]
    owners: bool
    plans: bool
    budgets: tuple[BudgetColumn, ...]
    plan_owners: bool

    @property
    def after_kpi(self) -> int:
        flags = (self.formula, self.measure, self.owners, self.plans, self.plan_owners)
        years = len(self.actuals) + len(self.targets) + len(self.budgets)
        return sum(flags) + years

    @property
    def after_objective(self) -> int:
        return self.count - 1 - self.factors

    @property
    def count(self) -> int:
        return 2 + self.factors + self.after_kpi

    @property
    def has_groups(self) -> bool:
        return bool(self.actuals or self.targets or self.budgets)


def columns_of(content: CardContent) -> Columns:
    """Return the columns that a card's table needs. No queries."""
    kpis, rows = content.all_kpis, content.all_rows
    own = content.card.year
    actuals = sorted({year for one in kpis for year in one.statements})
    targets = sorted({year for one in kpis for year in one.targets})
    if actuals == [own]:
        # Figures of the card's own year alone come from its results sheet, and
        # stand on the results page: the scorecard did not print them.
        actuals = targets = []
    formula = any(one.kpi.formula_text for one in kpis)
    budgets = sorted({(line.year, line.stage) for row in rows for line in row.budgets})
    return Columns(
        factors=any(content.factors.values()),
        formula=formula,
        measure=formula and not targets and any(one.kpi.measure for one in kpis),
        actuals=tuple(actuals),
        targets=tuple(targets),
        actual_labels=tuple(year_text(year) for year in actuals),
        target_labels=tuple(year_text(year) for year in targets),
        owners=any(one.owners for one in kpis),
        plans=any(row.plans for row in rows),
        budgets=tuple(
            BudgetColumn(
                year,
                stage,
                budget_heading(stage, year),
            )
            for year, stage in budgets
        ),
        plan_owners=any(row.owners for row in rows),
    )


def counts_of(content: CardContent) -> tuple[tuple[str, str], ...]:
    """Return how many things of each kind a card has, with their names."""
    plans = sum(len(row.plans) for row in content.all_rows)
    factors = sum(len(found) for found in content.factors.values())
    objectives, kpis = len(content.objectives), len(content.all_kpis)
    words = (
        (objectives, ngettext("objective", "objectives", objectives)),
        (factors, ngettext("KSF", "KSFs", factors)),
        (kpis, ngettext("KPI", "KPIs", kpis)),
        (plans, ngettext("action plan", "action plans", plans)),
    )
    return tuple((str(number), name) for number, name in words if number)


def sums_of(
    content: CardContent, columns: Columns
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return what each budget column adds up to, and whether plans share an amount.

    An amount belongs to its row, so one beside three plans counts once.
    """
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    shares = False
    for row in content.all_rows:
        for line in row.budgets:
            if line.amount is not None:
                sums[line.year, line.stage] += line.amount
                shares = shares or len(row.plans) > 1
    return tuple(
        (year_text(column.year), money(sums[column.year, column.stage]))
        for column in columns.budgets
    ), shares
