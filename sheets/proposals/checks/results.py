"""Printed results, held against the rules and against the scorecard."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bsc.names import comparable
from kpi.models import Kpi, RatingRules
from kpi.scoring import (
    Direction,
    Light,
    Rating,
    Rules,
    Score,
    printed_achievement,
    score,
)
from kpi.services import actual_figure, choose_rules, rules_of, target_figure
from sheets.cells import decimals_of
from sheets.forms.readings import ResultReading, ResultsReading
from sheets.proposals.cards import CardSheets
from sheets.proposals.checks.tallies import Tally
from sheets.proposals.filling.filler import parts_of
from sheets.proposals.filling.results import stated
from sheets.proposals.slating import Slates

# A unit behind a name stands in one list and not in the other: 「…涵蓋率(%)」.
UNITS = ("(%)", "(‰)")


class Comparison(NamedTuple):
    """One column of a row: what is printed and computed, as values and as texts."""

    column: str
    printed: object
    found: object
    texts: tuple[str, str]


def check_results(
    tally: Tally,
    card: CardSheets,
    slates: Slates,
    rows: Iterable[RatingRules],
    reading: ResultsReading,
) -> None:
    """Compare achievement, total and light with what the rules give."""
    carries = any(row.innovation is not None for row in reading.results)
    chosen = choose_rules(
        card.unit, card.year, has_self_ratings=carries, rows=rows
    ).rules
    rules = rules_of(chosen) if chosen is not None else None
    for result in reading.results:
        kpi = slates.kpis.get((*card.key, result.code))
        if kpi is None or result.exemption or result.actual is None:
            continue
        given = _scored(card, slates, kpi, result, rules)
        for column, printed, found, texts in _compared(result, given):
            at = result.cells.get(column, result.cell)
            told = {"code": result.code, "column": column}
            tally.compare("result-differs", at, printed, found, texts, **told)


def check_names(
    tally: Tally, card: CardSheets, slates: Slates, reading: ResultsReading
) -> None:
    """Compare the names of KPIs with those of the scorecard, less a unit behind."""
    for result in reading.results:
        kpi = slates.kpis.get((*card.key, result.code))
        if kpi is not None and result.name:
            tally.compare(
                "kpi-name-differs",
                result.cell,
                _bare(result.name),
                _bare(kpi.name),
                (result.name, kpi.name),
                code=result.code,
            )


def _bare(name: str) -> str:
    bare = comparable(name)
    for unit in UNITS:
        bare = bare.removesuffix(unit)
    return bare


def _scored(
    card: CardSheets,
    slates: Slates,
    kpi: Kpi,
    result: ResultReading,
    rules: Rules | None,
) -> Score:
    """Return what the rules give for the figures that the row prints."""
    target = slates.targets.get((*card.key, result.code, card.year))
    actual = result.actual
    points = (result.innovation, result.challenge, result.contribution)
    words = "" if actual.value is not None or actual.absence else actual.text
    return score(
        Direction(kpi.direction),
        target_figure(target.value, target.comparator, target.text, target.parts)
        if target is not None
        else None,
        actual_figure(
            actual.value, words, actual.absence, stated(result), parts_of(actual)
        ),
        Rating(*points) if None not in points else None,
        rules,
    )


def _compared(result: ResultReading, given: Score) -> Iterator[Comparison]:
    """Yield what both the row and the rules have; what either lacks is no doubt."""
    texts = result.texts
    if result.achievement is not None and given.achievement is not None:
        decimals = decimals_of(texts["achievement"])
        found = printed_achievement(given.achievement, decimals)
        shown = (texts["achievement"], f"{found:f}")
        yield Comparison("achievement", result.achievement, found, shown)
    if None not in (result.total, given.total):
        shown = (texts["total"], f"{given.total:f}")
        yield Comparison("total", result.total, given.total, shown)
    light = given.light.value
    if Light.UNKNOWN.value not in {result.light, light}:
        yield Comparison("light", result.light, light, (texts["light"], light))
