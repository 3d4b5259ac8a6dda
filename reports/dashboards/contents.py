"""All that one scorecard holds, fetched once: what pages and exports are made of."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F

from actions.models import BudgetLine, PlanRow
from bsc.models import Objective, Scorecard
from kpi.models import Kpi, Statement, Target


@dataclass(frozen=True, slots=True)
class FactorContent:
    """A key success factor: its code, its text, and both as printed."""

    pk: int
    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanContent:
    """A plan in a row, under the code that the row prints."""

    pk: int
    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class RowContent:
    """A printed row of plans: its plans, the money beside them, its owners' names."""

    row: PlanRow
    owners: list[str] = field(default_factory=list)
    plans: list[PlanContent] = field(default_factory=list)
    budgets: list[BudgetLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KpiContent:
    """A KPI with what its card prints of it; figures are keyed by year."""

    kpi: Kpi
    owners: list[str] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    statements: dict[int, Statement] = field(default_factory=dict)
    rows: list[RowContent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CardContent:
    """A card's objectives, factors and KPIs, each list in printed order.

    `kpis` holds the KPIs by objective, `factors` the factors by objective.
    """

    card: Scorecard
    objectives: list[Objective]
    factors: dict[int, list[FactorContent]]
    kpis: dict[int, list[KpiContent]]

    @property
    def all_kpis(self) -> list[KpiContent]:
        return [one for found in self.kpis.values() for one in found]

    @property
    def all_rows(self) -> list[RowContent]:
        return [row for one in self.all_kpis for row in one.rows]


def card_content(card: Scorecard) -> CardContent:
    """Return all that `card` holds, whatever its size, in 6 queries."""
    objectives, factors = _objectives(card)
    by_pk = _kpis(card)
    by_series = {one.kpi.series_id: one for one in by_pk.values()}
    in_plan = Kpi.objects.filter(scorecard=card).in_plan()
    for target in Target.objects.filter(kpi__in=in_plan).order_by("year"):
        by_pk[target.kpi_id].targets[target.year] = target
    for statement in card.statements.order_by("period"):
        # A part of a year has its own page; the card's columns are whole years.
        if statement.period.isdigit() and statement.series_id in by_series:
            by_series[statement.series_id].statements[int(statement.period)] = statement
    for row in plan_rows(in_plan):
        by_pk[row.row.kpi_id].rows.append(row)
    kpis: dict[int, list[KpiContent]] = {objective.pk: [] for objective in objectives}
    for one in by_pk.values():
        kpis[one.kpi.objective_id].append(one)
    return CardContent(card, objectives, factors, kpis)


def _objectives(
    card: Scorecard,
) -> tuple[list[Objective], dict[int, list[FactorContent]]]:
    """Return the objectives and their factors, which one join brings together."""
    found: dict[int, Objective] = {}
    factors = defaultdict(list)
    for objective in (
        Objective.objects.filter(scorecard=card)
        .select_related("perspective", "theme", "first_theme", "last_theme")
        .annotate(
            factor_pk=F("success_factors__pk"),
            factor_code=F("success_factors__code"),
            factor_name=F("success_factors__name"),
            factor_text=F("success_factors__text"),
        )
        .order_by("position", "pk", "success_factors__position", "success_factors__pk")
    ):
        found.setdefault(objective.pk, objective)
        if objective.factor_pk:
            factors[objective.pk].append(
                FactorContent(
                    objective.factor_pk,
                    objective.factor_code,
                    objective.factor_name,
                    objective.factor_text,
                )
            )
    return list(found.values()), factors


def _kpis(card: Scorecard) -> dict[int, KpiContent]:
    """Return the card's KPIs by key; the join brings a row for each of their owners."""
    found: dict[int, KpiContent] = {}
    for kpi in (
        Kpi.objects.filter(scorecard=card)
        .in_plan()
        .select_related("success_factor")
        .annotate(owner_name=F("owners__name"))
        .order_by("position", "pk", "owners__position")
    ):
        kpi.scorecard = card
        content = found.setdefault(kpi.pk, KpiContent(kpi))
        if kpi.owner_name:
            content.owners.append(kpi.owner_name)
    return found


def plan_rows(kpis) -> list[RowContent]:
    """Return the printed rows of `kpis` in order, in 2 queries.

    The first joins rows, owners and plans; a row comes once for each pair of them.
    """
    found: dict[int, RowContent] = {}
    for row in (
        PlanRow.objects.filter(kpi__in=kpis)
        .annotate(
            owner_name=F("owners__name"),
            link_pk=F("links__pk"),
            link_code=F("links__code"),
            link_text=F("links__text"),
            plan_name=F("links__plan__name"),
        )
        .order_by(
            "kpi__position", "position", "pk", "owners__position", "links__position"
        )
    ):
        content = found.setdefault(row.pk, RowContent(row))
        if row.owner_name and row.owner_name not in content.owners:
            content.owners.append(row.owner_name)
        if row.link_pk and all(plan.pk != row.link_pk for plan in content.plans):
            content.plans.append(
                PlanContent(row.link_pk, row.link_code, row.plan_name, row.link_text)
            )
    for line in BudgetLine.objects.filter(row__kpi__in=kpis).order_by("year"):
        found[line.row_id].budgets.append(line)
    return list(found.values())
