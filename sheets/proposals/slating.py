"""All slates of a proposal: what the database holds of the cards a file speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import batched

from django.db.models import Q

from actions.models import ActionPlan, BudgetLine, PlanLink, PlanRow, PlanRowOwner
from bsc.models import (
    Objective,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeMember,
)
from kpi.models import (
    Actual,
    Kpi,
    KpiOwner,
    PublishedResult,
    SelfRating,
    Series,
    Statement,
    Target,
)
from sheets.proposals.cards import CardSheets
from sheets.proposals.slates import Key, Slate

# A query takes no more parameters than this on every database.
NAMES_A_QUERY = 10_000


@dataclass(slots=True)
class Slates:
    """One slate a model, in the order they are written.

    Keys are tuples that begin with the card's key (unit, year, plan); the key of
    what belongs to a row begins with that row's. Action plans are keyed by name,
    series and their figures through the KPI.
    """

    scorecards: Slate[Scorecard]
    perspectives: Slate[Perspective]
    themes: Slate[Theme]
    members: Slate[ThemeMember]
    objectives: Slate[Objective]
    factors: Slate[SuccessFactor]
    series: Slate[Series]
    kpis: Slate[Kpi]
    owners: Slate[KpiOwner]
    targets: Slate[Target]
    actuals: Slate[Actual]
    statements: Slate[Statement]
    self_ratings: Slate[SelfRating]
    published: Slate[PublishedResult]
    plans: Slate[ActionPlan]
    rows: Slate[PlanRow]
    row_owners: Slate[PlanRowOwner]
    links: Slate[PlanLink]
    budgets: Slate[BudgetLine]

    def __iter__(self):
        return (getattr(self, item.name) for item in fields(self))


def load(cards: list[CardSheets], plan_names: set[str]) -> Slates:
    """Load what the database holds of `cards`. One query a model, whatever the size."""
    wanted = Q(pk__in=[])
    for card in cards:
        wanted |= Q(unit=card.unit, year=card.year, plan=card.plan)
    scorecards = list(Scorecard.objects.filter(wanted).select_related("unit"))
    key_of = {card.pk: (card.unit_id, card.year, card.plan) for card in scorecards}
    of_card = {"scorecard__in": scorecards}

    themes = list(Theme.objects.filter(**of_card))
    theme_key = {t.pk: (*key_of[t.scorecard_id], t.code) for t in themes}
    objectives = list(Objective.objects.filter(**of_card))
    objective_key = {o.pk: (*key_of[o.scorecard_id], o.code) for o in objectives}
    factors = list(SuccessFactor.objects.filter(objective__scorecard__in=scorecards))
    factor_key = _numbered(factors, lambda f: objective_key[f.objective_id])
    kpis = list(Kpi.objects.filter(**of_card).select_related("series"))
    kpi_key = {k.pk: (*key_of[k.scorecard_id], k.code) for k in kpis}
    series_key = {k.series_id: kpi_key[k.pk] for k in kpis}
    of_kpi = {"kpi__scorecard__in": scorecards}
    rows = list(PlanRow.objects.filter(**of_kpi))
    row_key = {r.pk: (*kpi_key[r.kpi_id], r.position) for r in rows}
    of_row = {"row__kpi__scorecard__in": scorecards}

    return Slates(
        scorecards=Slate(
            Scorecard, scorecards, lambda c: key_of[c.pk], noun="scorecards"
        ),
        perspectives=Slate(
            Perspective,
            Perspective.objects.filter(**of_card),
            lambda p: (*key_of[p.scorecard_id], p.code),
        ),
        themes=Slate(Theme, themes, lambda t: theme_key[t.pk], noun="themes"),
        members=Slate(
            ThemeMember,
            ThemeMember.objects.filter(theme__scorecard__in=scorecards),
            lambda m: (*theme_key[m.theme_id], m.unit_id),
        ),
        objectives=Slate(
            Objective, objectives, lambda o: objective_key[o.pk], noun="objectives"
        ),
        factors=Slate(SuccessFactor, factors, lambda f: factor_key[f.pk], noun="ksfs"),
        series=Slate(
            Series,
            {k.series_id: k.series for k in kpis}.values(),
            lambda s: series_key[s.pk],
            noun="series",
        ),
        kpis=Slate(Kpi, kpis, lambda k: kpi_key[k.pk], noun="kpis"),
        owners=Slate(
            KpiOwner,
            KpiOwner.objects.filter(**of_kpi),
            lambda o: (*kpi_key[o.kpi_id], o.unit_id),
        ),
        targets=Slate(
            Target,
            Target.objects.filter(**of_kpi),
            lambda t: (*kpi_key[t.kpi_id], t.year),
            noun="targets",
        ),
        actuals=Slate(
            Actual,
            Actual.objects.filter(
                series__in=Kpi.objects.filter(**of_card).values("series")
            ),
            lambda a: (*series_key[a.series_id], a.period),
            noun="actuals",
        ),
        statements=Slate(
            Statement,
            Statement.objects.filter(**of_card),
            lambda s: (*series_key[s.series_id], s.period),
            noun="statements",
        ),
        self_ratings=Slate(
            SelfRating,
            SelfRating.objects.filter(level=SelfRating.Level.SELF, **of_kpi),
            lambda r: (*kpi_key[r.kpi_id], r.period),
            noun="self_ratings",
        ),
        published=Slate(
            PublishedResult,
            PublishedResult.objects.filter(**of_kpi),
            lambda r: (*kpi_key[r.kpi_id], r.period),
            noun="published_results",
        ),
        plans=Slate(
            ActionPlan,
            _plans_named(plan_names),
            lambda p: (p.name,),
        ),
        rows=Slate(
            PlanRow,
            rows,
            lambda r: row_key[r.pk],
            noun="plan_rows",
            # A printed row of two KPIs is two rows here, and is counted once.
            group=lambda key, row: (*key[:3], row.printed_row),
        ),
        row_owners=Slate(
            PlanRowOwner,
            PlanRowOwner.objects.filter(**of_row),
            lambda o: (*row_key[o.row_id], o.unit_id),
        ),
        links=Slate(
            PlanLink,
            PlanLink.objects.filter(**of_row),
            lambda k: (*row_key[k.row_id], k.position),
            noun="action_plans",
        ),
        budgets=Slate(
            BudgetLine,
            BudgetLine.objects.filter(**of_row),
            lambda b: (*row_key[b.row_id], b.year, b.stage),
            noun="budget_lines",
        ),
    )


def _plans_named(names: set[str]) -> Iterator[ActionPlan]:
    """Return the plans with these names. One query for every thousands of names."""
    for some in batched(sorted(names), NAMES_A_QUERY, strict=False):
        yield from ActionPlan.objects.filter(name__in=some)


def _numbered(factors: list[SuccessFactor], owner) -> dict[int, Key]:
    """Return keys of factors: their objective's key and their place under it."""
    places: dict[Key, int] = {}
    keys = {}
    for factor in sorted(factors, key=lambda f: (f.objective_id, f.position, f.pk)):
        place = places[owner(factor)] = places.get(owner(factor), 0) + 1
        keys[factor.pk] = (*owner(factor), place)
    return keys
