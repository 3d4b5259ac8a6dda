"""All slates of a proposal: what the database holds of the cards a file speaks of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import batched

from django.db.models import Q

from actions.models import (
    ActionPlan,
    BudgetLine,
    PlanLineage,
    PlanLink,
    PlanRow,
    PlanRowOwner,
)
from bsc.models import (
    Objective,
    ObjectiveLineage,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeLineage,
    ThemeMember,
    Unit,
    UnitName,
)
from kpi.models import (
    Actual,
    Kpi,
    KpiLineage,
    KpiOwner,
    PublishedResult,
    SelfRating,
    Series,
    Statement,
    Target,
)
from sheets.models import ObjectiveAnswer
from sheets.proposals.cards import CardSheets
from sheets.proposals.slates import Key, Slate
from sheets.proposals.units import Units

# A query takes no more parameters than this on every database.
NAMES_A_QUERY = 10_000


@dataclass(slots=True)
class Slates:
    """One slate a model, in the order they are written.

    Keys are tuples that begin with the card's key (unit, year, plan); the key of
    what belongs to a row begins with that row's. Action plans are keyed by name,
    series and their figures through the KPI; units by the unit above and their name;
    a step of lineage by the keys of both its ends.

    The cards of other years of the same unit and plan stand here too, with their
    objectives, KPIs and entries of plans. A series of several years has the key of one
    of its KPIs: `series_keys` leads there from each.
    """

    units: Slate[Unit]
    unit_names: Slate[UnitName]
    scorecards: Slate[Scorecard]
    perspectives: Slate[Perspective]
    themes: Slate[Theme]
    members: Slate[ThemeMember]
    objectives: Slate[Objective]
    twins: Slate[ObjectiveAnswer]
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
    theme_steps: Slate[ThemeLineage]
    objective_steps: Slate[ObjectiveLineage]
    kpi_steps: Slate[KpiLineage]
    plan_steps: Slate[PlanLineage]
    series_keys: dict[Key, Key] = field(default_factory=dict)
    # KPIs of closed cards: neither their series nor the figures of their years change.
    closed: set[Key] = field(default_factory=set)
    # KPIs outside of the file whose figures are printed with a percent sign.
    percents: set[Key] = field(default_factory=set)
    # Figures of two series that are one now and say different things.
    conflicts: set[Key] = field(default_factory=set)
    # Series that KPIs of more years lead to now, and may bear another name.
    renamed_series: set[Key] = field(default_factory=set)
    # Steps of lineage that a person has answered for.
    confirmed: list[tuple[Slate, Key]] = field(default_factory=list)
    _members: dict[Key, list[Key]] | None = None

    def __iter__(self):
        named = (getattr(self, item.name) for item in fields(self))
        return (slate for slate in named if isinstance(slate, Slate))

    def series_key(self, key: Key) -> Key:
        """Return the key of the series of the KPI under `key`."""
        return self.series_keys.get(key, key)

    def same_series(self, key: Key) -> list[Key]:
        """Return the keys of the KPIs of other years in the series of `key`, by year."""
        if self._members is None:
            self._members = {}
            for kpi, series in sorted(self.series_keys.items(), key=lambda i: i[0][1]):
                self._members.setdefault(series, []).append(kpi)
        members = self._members.get(self.series_key(key), ())
        return [other for other in members if other[:3] != key[:3]]

    def is_sealed(self, key: Key, year: int) -> bool:
        """Say whether a closed card of `year` has a KPI of the series of `key`."""
        return any(
            other in self.closed and other[1] == year
            for other in (key, *self.same_series(key))
        )

    def lead(self, kpi: Key, series: Key) -> None:
        """Put the KPI under `kpi` into the series under `series`."""
        self.series_keys[kpi] = series
        self._members = None


def load(
    cards: list[CardSheets], plan_names: set[str], elsewhere: Iterable[int] = ()
) -> Slates:
    """Load what the database holds of `cards`. One query a model, whatever the size.

    KPIs of other units' cards that may be the same, by key, come with their series.
    """
    wanted = Q(pk__in=[])
    for card in cards:
        wanted |= Q(unit=card.unit, plan=card.plan)
    every = list(Scorecard.objects.filter(wanted).select_related("unit"))
    key_of = {card.pk: (card.unit_id, card.year, card.plan) for card in every}
    in_file = {card.key for card in cards}
    of_file = [card for card in every if key_of[card.pk] in in_file]
    of_card = {"scorecard__in": every}

    perspectives = list(Perspective.objects.filter(**of_card))
    themes = list(Theme.objects.filter(**of_card))
    theme_key = {t.pk: (*key_of[t.scorecard_id], t.code) for t in themes}
    objectives = list(Objective.objects.filter(**of_card))
    objective_key = {o.pk: (*key_of[o.scorecard_id], o.code) for o in objectives}
    factors = list(SuccessFactor.objects.filter(objective__scorecard__in=every))
    factor_key = _numbered(factors, lambda f: objective_key[f.objective_id])
    # A series may lead to cards of other units, where a person has joined them.
    others_too = Q(**of_card) | Q(pk__in=elsewhere)
    series = Kpi.objects.filter(others_too).order_by().values("series")
    kpis = list(
        Kpi.objects.filter(series__in=series).select_related(
            "series", "scorecard__unit"
        )
    )
    kpi_key = {
        k.pk: (k.scorecard.unit_id, k.scorecard.year, k.scorecard.plan, k.code)
        for k in kpis
    }
    # The series is that of the file's KPI, else of its latest: the last one stands.
    order = sorted(kpis, key=lambda k: (k.scorecard in of_file, k.scorecard.year))
    series_key = {k.series_id: kpi_key[k.pk] for k in order}
    kpi_at = {(k.scorecard_id, k.series_id): kpi_key[k.pk] for k in kpis}
    of_kpi = {"kpi__scorecard__in": of_file}
    # A table of revisions prints targets of the card before as well.
    with_targets = every if any(card.revision for card in cards) else of_file
    rows = list(PlanRow.objects.filter(kpi__scorecard__in=every))
    row_key = {r.pk: (*kpi_key[r.kpi_id], r.position) for r in rows}
    of_row = {"row__kpi__scorecard__in": of_file}
    links = list(
        PlanLink.objects.filter(row__kpi__scorecard__in=every).select_related("plan")
    )
    link_key = {k.pk: (*row_key[k.row_id], k.position) for k in links}
    others = [card for card in every if card not in of_file]
    percents = (
        Target.objects.filter(kpi__scorecard__in=others)
        .filter(Q(printed__contains="%") | Q(printed__contains="％"))
        .values_list("kpi_id", flat=True)
        if others
        else ()
    )

    return Slates(
        # Only what an answer adds to them is ever written: none need be loaded.
        units=Slate(Unit, (), lambda u: (u.pk, u.code), noun="units"),
        unit_names=Slate(UnitName, (), lambda n: (n.unit_id, n.name)),
        scorecards=Slate(Scorecard, every, lambda c: key_of[c.pk], noun="scorecards"),
        perspectives=Slate(
            Perspective,
            perspectives,
            lambda p: (*key_of[p.scorecard_id], p.code),
        ),
        themes=Slate(Theme, themes, lambda t: theme_key[t.pk], noun="themes"),
        members=Slate(
            ThemeMember,
            ThemeMember.objects.filter(theme__scorecard__in=of_file),
            lambda m: (*theme_key[m.theme_id], m.unit_id),
        ),
        objectives=Slate(
            Objective, objectives, lambda o: objective_key[o.pk], noun="objectives"
        ),
        twins=Slate(
            ObjectiveAnswer,
            ObjectiveAnswer.objects.filter(
                Q(own__scorecard__in=every) | Q(other__scorecard__in=every)
            ).select_related("own__scorecard"),
            _key_of_twin,
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
            Target.objects.filter(kpi__scorecard__in=with_targets),
            lambda t: (*kpi_key[t.kpi_id], t.year),
            noun="targets",
        ),
        actuals=Slate(
            Actual,
            Actual.objects.filter(series__in=series),
            lambda a: (*series_key[a.series_id], a.period),
            noun="actuals",
        ),
        statements=Slate(
            Statement,
            Statement.objects.filter(series__in=series),
            # Of a KPI that has left its card there is no key to begin with.
            lambda s: (
                *kpi_at.get((s.scorecard_id, s.series_id), (0, 0, "", s.pk)),
                s.period,
            ),
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
            links,
            lambda k: link_key[k.pk],
            noun="action_plans",
        ),
        budgets=Slate(
            BudgetLine,
            BudgetLine.objects.filter(**of_row),
            lambda b: (*row_key[b.row_id], b.year, b.stage),
            noun="budget_lines",
        ),
        theme_steps=_steps(ThemeLineage, "scorecard", every, theme_key),
        objective_steps=_steps(ObjectiveLineage, "scorecard", every, objective_key),
        kpi_steps=_steps(KpiLineage, "scorecard", every, kpi_key),
        plan_steps=_steps(PlanLineage, "row__kpi__scorecard", every, link_key),
        series_keys={kpi_key[k.pk]: series_key[k.series_id] for k in kpis},
        closed={
            kpi_key[k.pk] for k in kpis if k.scorecard.status == Scorecard.Status.CLOSED
        },
        percents={kpi_key[pk] for pk in percents},
    )


def _key_of_twin(answer: ObjectiveAnswer) -> Key:
    """Return the key of the group's objective, whoever's cards are loaded."""
    card = answer.own.scorecard
    return (card.unit_id, card.year, card.plan, answer.own.code)


def _steps(model, to_card: str, cards: list[Scorecard], keys: dict[int, Key]) -> Slate:
    """Return the steps that lead from the rows of `cards`; one card alone has none."""
    found = (
        model.objects.filter(**{f"earlier__{to_card}__in": cards})
        if len(cards) > 1
        else ()
    )
    return Slate(
        model,
        (step for step in found if step.later_id in keys),
        lambda step: (*keys[step.earlier_id], *keys[step.later_id]),
    )


def put_units(slates: Slates, units: Units) -> None:
    """Put the units and names that answers add; a unit with a new name has changed."""
    for key, unit in units.sections.items():
        slates.units.add(key, unit)
    for (pk, _), (unit, name) in units.aliases.items():
        key = (pk, unit.code)
        slates.units.show(key, unit)
        slates.units.has_part(key, slates.unit_names, (*key, name))
        slates.unit_names.put(
            (*key, name), unit=unit, name=name, kind=UnitName.Kind.ALIAS
        )


def _plans_named(names: set[str]) -> Iterator[ActionPlan]:
    """Return the plans with these names. One query for every thousands of names."""
    for some in batched(sorted(names), NAMES_A_QUERY):
        yield from ActionPlan.objects.filter(name__in=some)


def _numbered(factors: list[SuccessFactor], owner) -> dict[int, Key]:
    """Return keys of factors: their objective's key and their place under it."""
    places: dict[Key, int] = {}
    keys = {}
    for factor in sorted(factors, key=lambda f: (f.objective_id, f.position, f.pk)):
        place = places[owner(factor)] = places.get(owner(factor), 0) + 1
        keys[factor.pk] = (*owner(factor), place)
    return keys
