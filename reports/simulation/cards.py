"""The cards of 模擬市 written: maps, KPIs with targets, plans with budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Model
from django.utils import timezone

from actions.models import ActionPlan, BudgetLine, PlanLink, PlanRow, PlanRowOwner
from bsc.history import create_with_history
from bsc.models import (
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeMember,
    Unit,
    User,
)
from kpi.models import Actual, Kpi, KpiOwner, Series, Statement, Target
from reports.simulation.city_cards import CARDS
from reports.simulation.plans import (
    CITY,
    PERSPECTIVES,
    YEARS_KNOWN,
    CardPlan,
    KpiPlan,
)

REASON = "make_city"
# Behind the name of each plan, which all units share: no real one is called so.
MARK = "（模擬）"
EXEMPT_AT = 1
SPENT = Decimal("0.93")

type Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """The cards of one year by unit, their KPIs and what those were made of."""

    cards: dict[str, Scorecard]
    kpis: dict[Place, Kpi]
    plans: dict[Place, KpiPlan]


class CardWriter:
    """Writes the cards of one year after the other."""

    def __init__(
        self, units: Mapping[str, Unit], by: User, years: tuple[int, ...]
    ) -> None:
        self.units, self.by, self.years = units, by, years
        self.series: dict[Place, Series] = {}
        self.programmes: dict[str, ActionPlan] = {}

    def write(self, at: int) -> Written:
        """Write the cards of the year at place `at`, and return them."""
        year = self.years[at]
        written = Written({}, {}, {})
        objectives: dict[Place, Objective] = {}
        for plan in CARDS:
            card = self._card(plan, year, written.cards)
            written.cards[plan.unit] = card
            objectives |= self._map(plan, card, objectives)
            made = self._kpis(plan, card, objectives, at)
            for one in plan.kpis:
                written.kpis[plan.unit, one.code] = made[one.code]
                written.plans[plan.unit, one.code] = one
            self._statements(plan, card, made, year)
            self._plans(plan, made, at)
        self._date(written, year)
        return written

    def _add[Row: Model](self, rows: list[Row]) -> list[Row]:
        create_with_history(rows, by=self.by, reason=REASON)
        return rows

    def _card(
        self, plan: CardPlan, year: int, cards: Mapping[str, Scorecard]
    ) -> Scorecard:
        card = Scorecard(
            unit=self.units[plan.unit],
            year=year,
            mission=plan.mission,
            vision=plan.vision,
            core_values=list(plan.values),
            core_values_text="、".join(plan.values),
        )
        if plan.parent_theme:
            theme = cards[CITY].themes.get(code=plan.parent_theme)
            card.parent_theme, card.parent_text = theme, f"{theme.code} {theme.name}"
        return self._add([card])[0]

    def _map(
        self, plan: CardPlan, card: Scorecard, above: Mapping[Place, Objective]
    ) -> dict[Place, Objective]:
        """Write themes, perspectives, objectives, their links and factors."""
        themes = {
            one.code: Theme(scorecard=card, code=one.code, name=one.name, position=at)
            for at, one in enumerate(plan.themes)
        }
        used = {one.code[1] for one in plan.objectives}
        perspectives = {
            code: Perspective(scorecard=card, code=code, name=name, position=at)
            for at, (code, name) in enumerate(PERSPECTIVES)
            if code in used
        }
        self._add(list(themes.values()))
        self._add(list(perspectives.values()))
        self._add(
            [
                ThemeMember(
                    theme=themes[one.code],
                    unit=self.units[code],
                    name=self.units[code].short_name,
                    is_lead=at == 0,
                    position=at,
                )
                for one in plan.themes
                for at, code in enumerate(one.members)
            ]
        )
        first, *_rest = themes.values()
        *_rest, last = themes.values()
        made = {}
        for at, one in enumerate(plan.objectives):
            row = Objective(
                scorecard=card,
                code=one.code,
                name=one.name,
                position=at,
                supports=above.get((CITY, one.supports)),
            )
            if one.code in plan.top:
                row.row = Objective.Row.TOP
                row.first_theme, row.last_theme = first, last
            else:
                row.theme = themes[one.code[0]]
                row.perspective = perspectives[one.code[1]]
            made[plan.unit, one.code] = row
        self._add(list(made.values()))
        self._add(
            [
                ObjectiveLink(
                    cause=made[plan.unit, one.code], effect=made[plan.unit, other]
                )
                for one in plan.objectives
                for other in one.helps
            ]
        )
        self._add(
            [
                SuccessFactor(
                    objective=made[plan.unit, one.code],
                    code=one.code,
                    name=one.factor,
                )
                for one in plan.objectives
            ]
        )
        return made

    def _kpis(
        self,
        plan: CardPlan,
        card: Scorecard,
        objectives: Mapping[Place, Objective],
        at: int,
    ) -> dict[str, Kpi]:
        is_first = at == 0
        if is_first:
            new = {(plan.unit, one.code): Series(name=one.name) for one in plan.kpis}
            self._add(list(new.values()))
            self.series |= new
        factors = {
            factor.objective_id: factor
            for factor in SuccessFactor.objects.filter(objective__scorecard=card)
        }
        made = {}
        for position, one in enumerate(plan.kpis):
            objective = objectives[plan.unit, one.objective]
            is_share = one.measure == "%"
            is_exempt = bool(one.exemption) and at == EXEMPT_AT
            made[one.code] = Kpi(
                series=self.series[plan.unit, one.code],
                scorecard=card,
                objective=objective,
                success_factor=factors[objective.pk],
                code=one.code,
                name=one.name,
                formula_text=one.formula_text,
                measure=one.measure,
                direction="negative" if one.is_negative else "positive",
                direction_basis="confirmed",
                minimum=Decimal(0),
                maximum=Decimal(100) if is_share else None,
                source=one.source,
                decimals=one.decimals,
                is_exempt=is_exempt,
                exemption_reason=one.exemption if is_exempt else "",
                position=position,
            )
        self._add(list(made.values()))
        self._add(
            [
                KpiOwner(
                    kpi=made[one.code],
                    unit=self.units[code],
                    name=self.units[code].short_name,
                    position=place,
                    is_editor=place == 0 and len(one.owners) > 1,
                )
                for one in plan.kpis
                if one.ways[at] != "no-owner"
                for place, code in enumerate(one.owners)
            ]
        )
        self._add([self._target(one, made[one.code], at) for one in plan.kpis])
        if is_first:
            self._known(plan)
        return made

    def _target(self, plan: KpiPlan, kpi: Kpi, at: int) -> Target:
        said = plan.targets[at]
        row = Target(kpi=kpi, year=self.years[at])
        if plan.is_in_words:
            row.text = said
        else:
            row.value = Decimal(said)
            row.printed = f"{row.value:,}"
        return row

    def _known(self, plan: CardPlan) -> None:
        """Write the figures of the years before the first, which nobody entered here."""
        rows = []
        for one in plan.kpis:
            for before, said in zip(range(YEARS_KNOWN, 0, -1), one.known, strict=True):
                if said:
                    rows.append(
                        Actual(
                            series=self.series[plan.unit, one.code],
                            period=str(self.years[0] - before),
                            value=Decimal(said),
                            state=Actual.State.APPROVED,
                        )
                    )
        self._add(rows)

    def _statements(
        self, plan: CardPlan, card: Scorecard, kpis: Mapping[str, Kpi], year: int
    ) -> None:
        """Let a card print the figures of the years before, as they were printed."""
        known = {
            (one.series_id, one.period): one
            for one in Statement.objects.filter(
                series__in=[kpi.series_id for kpi in kpis.values()]
            )
        }
        rows = []
        for one in plan.kpis:
            kpi = kpis[one.code]
            printed = [str(year - before) for before in (2, 1)]
            for actual in kpi.series.actuals.filter(period__in=printed):
                before = known.get((actual.series_id, actual.period))
                text = before.text if before else f"{actual.value:,.{one.decimals}f}"
                rows.append(
                    Statement(
                        scorecard=card,
                        series=kpi.series,
                        period=actual.period,
                        text=text,
                        value=actual.value,
                        absence=actual.absence,
                        note=before.note if before else "",
                    )
                )
        Statement.objects.bulk_create(rows)

    def _plans(self, plan: CardPlan, kpis: Mapping[str, Kpi], at: int) -> None:
        names = {one.plan for one in plan.kpis} - {"", *self.programmes}
        new = {name: ActionPlan(name=f"{name}{MARK}") for name in sorted(names)}
        self._add(list(new.values()))
        self.programmes |= new
        planned = [one for one in plan.kpis if one.plan]
        rows = [
            PlanRow(kpi=kpis[one.code], position=0, printed_row=place)
            for place, one in enumerate(planned, start=1)
        ]
        self._add(rows)
        pairs = list(zip(planned, rows, strict=True))
        self._add(
            [
                PlanLink(
                    row=row,
                    plan=self.programmes[one.plan],
                    code=f"{one.code}.1",
                    text=f"{one.code}.1 {one.plan}{MARK}",
                )
                for one, row in pairs
            ]
        )
        self._add(
            [
                PlanRowOwner(
                    row=row,
                    unit=self.units[one.owners[0]],
                    name=self.units[one.owners[0]].short_name,
                )
                for one, row in pairs
            ]
        )
        self._add([line for one, row in pairs for line in self._budgets(one, row, at)])

    def _budgets(self, plan: KpiPlan, row: PlanRow, at: int) -> list[BudgetLine]:
        """Return a row's budget, and of years gone by what was spent of it."""
        year, stages = self.years[at], BudgetLine.Stage
        # Each year asks for a little more than the one before.
        amount = Decimal(plan.budget) * (100 + 4 * at) / 100
        lines = {stages.BUDGET: amount}
        if at < len(self.years) - 1:
            lines[stages.FINAL] = (amount * SPENT).quantize(Decimal(1))
        kind = BudgetLine.Kind.AMOUNT if plan.budget else BudgetLine.Kind.NONE
        return [
            BudgetLine(
                row=row,
                year=year,
                stage=stage,
                kind=kind,
                amount=each if plan.budget else None,
            )
            for stage, each in lines.items()
        ]

    def _date(self, written: Written, year: int) -> None:
        """Date the versions of what was written: plans are made before their year."""
        moment = timezone.make_aware(datetime(year - 1, 12, 20, 10, 30))
        kpis = [kpi.pk for kpi in written.kpis.values()]
        for rows in (
            Kpi.history.filter(id__in=kpis),
            Target.history.filter(kpi_id__in=kpis),
            KpiOwner.history.filter(kpi_id__in=kpis),
        ):
            rows.update(history_date=moment)
        first = f"{self.years[0]}"
        series = [one.pk for one in self.series.values()]
        if year == self.years[0]:
            known = Actual.history.filter(series_id__in=series, period__lt=first)
            known.update(history_date=moment)
