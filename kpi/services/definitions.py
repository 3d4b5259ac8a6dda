"""What the pure reading of boxes must know of KPIs, loaded for many at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from bsc.models import LineageStep
from bsc.names import comparable
from bsc.periods import Period
from kpi.entries import Counterpart, Definition, Past, formula_of
from kpi.formula import Asked, Parsed
from kpi.models import (
    Actual,
    ActualInput,
    Entry,
    Kpi,
    KpiLineage,
    Result,
    Round,
    Target,
)
from kpi.scoring import Direction, TargetFigure
from kpi.services.inputs import target_figure
from kpi.services.rules import EntryRules, entry_rules

YEARS_BACK = 10
# Names that begin otherwise are not looked at as names of the same thing.
FIRST_LETTERS = 4
_FILLERS = re.compile("[之的()（）,，、。]")


def definitions_of(
    kpis: Iterable[Kpi],
    period: Period,
    *,
    on: date | None = None,
    entries: Mapping[int, Entry] | None = None,
    given: "Given | None" = None,
) -> dict[int, Definition]:
    """Return the definition of each KPI's figure in `period`, by the KPI's key.

    `on` is today, and `entries` are those that stand, by the key of the KPI: with them
    it is known what comes late. A fixed number of queries for any number of KPIs, which
    come `with_owners`; what is `given` is not asked for again.
    """
    kpis = list(kpis)
    if not kpis:
        return {}
    series = {kpi.series_id for kpi in kpis}
    if given is not None:
        rules, rows = given.rules, given.targets.values()
    else:
        rules = entry_rules(kpis, period)
        rows = Target.objects.filter(kpi__in=kpis, year=period.year)
    targets = {row.kpi_id: _target_of(row) for row in rows}
    past, previous = _past(series, period)
    counterparts = _counterparts(kpis, period)
    if given is not None:
        rounds = given.rounds
    else:
        rounds = rounds_of({kpi.scorecard_id for kpi in kpis}, period) if on else {}
    held = entries or {}
    return {
        kpi.pk: Definition(
            period=period,
            measure=kpi.measure,
            decimals=kpi.decimals,
            direction=Direction(kpi.direction),
            target=targets.get(kpi.pk),
            minimum=kpi.minimum,
            maximum=kpi.maximum,
            rate_base=kpi.rate_base,
            formula=_formula_of(kpi),
            previous=previous.get(kpi.series_id, {}),
            past=past.get(kpi.series_id, ()),
            counterparts=counterparts.get(kpi.pk, ()),
            uses_self_rating=rules[kpi.scorecard_id].uses_self_rating,
            light_by_hand=rules[kpi.scorecard_id].light_by_hand,
            is_exempt=kpi.is_exempt,
            is_late=on is not None
            and is_late(rounds.get(kpi.scorecard_id), held.get(kpi.pk), on),
        )
        for kpi in kpis
    }


@dataclass(frozen=True)
class Given:
    """What a page has loaded already: rules and rounds by card, targets by KPI."""

    rules: Mapping[int, EntryRules]
    targets: Mapping[int, Target]
    rounds: Mapping[int, Round]


def definition_of(
    kpi: Kpi, period: Period, *, on: date | None = None, entry: Entry | None = None
) -> Definition:
    """Return the definition of one KPI's figure in `period`."""
    entries = {kpi.pk: entry} if entry is not None else {}
    return definitions_of([kpi], period, on=on, entries=entries)[kpi.pk]


def to_read(kpi: Kpi, period: Period) -> Definition:
    """Return as much of a definition as the reading of what is typed depends on.

    Every box that a KPI may have is known to it. One query, or two where the formula
    looks back.
    """
    formula = _formula_of(kpi)
    target = kpi.targets.filter(year=period.year).first()
    previous = _previous([kpi.series_id], period) if _looks_back(formula) else {}
    return Definition(
        period=period,
        measure=kpi.measure,
        decimals=kpi.decimals,
        direction=Direction(kpi.direction),
        target=_target_of(target) if target is not None else None,
        minimum=kpi.minimum,
        maximum=kpi.maximum,
        rate_base=kpi.rate_base,
        formula=formula,
        previous=previous.get(kpi.series_id, {}),
        uses_self_rating=True,
        light_by_hand=True,
        is_late=True,
    )


def _formula_of(kpi: Kpi) -> Parsed | Asked | None:
    return formula_of(kpi.formula_text, kpi.expression, kpi.measure, kpi.rate_base)


def _looks_back(formula: Parsed | Asked | None) -> bool:
    return isinstance(formula, Parsed) and bool(formula.previous)


def _target_of(row: Target) -> TargetFigure:
    return target_figure(row.value, row.comparator, row.text, row.parts)


def rounds_of(cards: Collection[int], period: Period) -> dict[int, Round]:
    """Return the round of `period` for each card that has one: the last opened."""
    through = Round.scorecards.through.objects.filter(
        scorecard__in=cards, round__period=period.code
    )
    rows = through.select_related("round").order_by("round__opens_on", "round_id")
    return {row.scorecard_id: row.round for row in rows}


def is_late(round: Round | None, entry: Entry | None, on: date) -> bool:
    """Say whether an entry is late that is sent on this day.

    One that came in time and was returned, or that was reopened, is not.
    """
    if round is None or on <= round.closes_on:
        return False
    return entry is None or not (entry.submitted_at or entry.stood)


def _past(
    series: Collection[int], period: Period
) -> tuple[dict[int, tuple[Past, ...]], dict[int, dict[str, Decimal]]]:
    """Return the figures in force of the same period of earlier years, oldest first.

    And, by label, what was entered for the last of them. One query.
    """
    codes = {
        Period(year, period.kind, period.number).code: year
        for year in range(period.year - YEARS_BACK, period.year)
    }
    rows = (
        Actual.objects.filter(
            series__in=series, period__in=codes, state=Actual.State.APPROVED
        )
        .annotate(was_reached=_reached(), unchanged_since=_unchanged_since())
        .order_by("period")
        .values_list(
            "series",
            "period",
            "value",
            "month_from",
            "month_until",
            "was_reached",
            "unchanged_since",
            "inputs__label",
            "inputs__value",
        )
    )
    found: dict[int, dict[int, Past]] = defaultdict(dict)
    previous: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for one, code, value, first, last, is_reached, since, label, figure in rows:
        year = codes[code]
        is_whole = first is None or (
            (first, last) == (period.first_month, period.last_month)
        )
        is_comparable = is_whole and year >= (since or 0)
        found[one][year] = Past(year, value, is_reached, is_comparable)
        if label is not None and year == period.year - 1:
            previous[one][label] = figure
    past = {one: tuple(years.values()) for one, years in found.items()}
    return past, previous


def _reached() -> Subquery:
    """Return whether the target of a figure's period was reached, by its last card."""
    results = Result.objects.filter(
        kpi__series=OuterRef("series"),
        period=OuterRef("period"),
        standing=Result.Standing.OFFICIAL,
    ).order_by("-kpi__scorecard__year")
    return Subquery(results.values("is_reached")[:1])


def _unchanged_since() -> Subquery:
    """Return the first year since which a series' definition goes on unchanged."""
    steps = KpiLineage.objects.filter(
        later__series=OuterRef("series"), kind=LineageStep.Kind.RENAMED
    ).order_by("-later__scorecard__year")
    return Subquery(steps.values("later__scorecard__year")[:1])


def _previous(series: Collection[int], period: Period) -> dict[int, dict[str, Decimal]]:
    """Return what was entered a year before, by label, as it is in force."""
    before = Period(period.year - 1, period.kind, period.number)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = ActualInput.objects.filter(
        actual__series__in=series,
        actual__period=before.code,
        actual__state=Actual.State.APPROVED,
    ).values_list("actual__series", "label", "value")
    for one, label, value in rows:
        found[one][label] = value
    return found


def _counterparts(
    kpis: Collection[Kpi], period: Period
) -> dict[int, tuple[Counterpart, ...]]:
    """Return what other series of the same name say of the period, by the KPI's key.

    減少重複陳述執行率 is 38.65 at the centre and 90.34 at the city: both are shown.
    """
    beginnings = {kpi.name[:FIRST_LETTERS] for kpi in kpis}
    rows = (
        Actual.objects.filter(
            period=period.code, state=Actual.State.APPROVED, value__isnull=False
        )
        .annotate(beginning=Substr("series__kpis__name", 1, FIRST_LETTERS))
        .filter(beginning__in=beginnings)
        .order_by("series__kpis__scorecard__year")
        .values_list(
            "series",
            "series__kpis__name",
            "series__kpis__measure",
            "series__kpis__scorecard__unit__name",
            "series__kpis__scorecard__unit__is_simulated",
            "value",
        )
    )
    # What a simulated unit invents is no counterpart of what a real one measured.
    by_name: dict[tuple[str, str, bool], dict[int, Counterpart]] = defaultdict(dict)
    for one, name, measure, unit, is_simulated, value in rows:
        by_name[_plain(name), measure, is_simulated][one] = Counterpart(unit, value)
    found = {}
    for kpi in kpis:
        is_simulated = kpi.scorecard.unit.is_simulated
        same = by_name.get((_plain(kpi.name), kpi.measure, is_simulated), {})
        others = tuple(each for one, each in same.items() if one != kpi.series_id)
        if others:
            found[kpi.pk] = others
    return found


def _plain(name: str) -> str:
    """Return a KPI's name as two documents may both mean it: without 之 and 的."""
    return _FILLERS.sub("", comparable(name))
