"""What a file prints twice, held against itself and against the rules."""

from collections import Counter
from collections.abc import Iterable, Iterator

from kpi.models import Kpi, RatingRules
from kpi.scoring import (
    Absence,
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
from sheets.forms.readings import LightRow, ResultReading, Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.filling.filler import parts_of
from sheets.proposals.filling.results import stated
from sheets.proposals.issues import Issue
from sheets.proposals.slating import Slates

COUNTED = ("kpis", "reached", "not_reached", "no_statistics")


def check(
    card: CardSheets,
    slates: Slates,
    rules: Iterable[RatingRules],
    issues: list[Issue],
) -> None:
    """Add a warn for every printed result and count that something else contradicts.

    Results are held against the rules, counts of lights against the printed results.
    """
    if card.results is not None:
        _check_results(card, slates, rules, issues)
    if card.lights is not None:
        _check_lights(card, slates, issues)


def _check_results(
    card: CardSheets,
    slates: Slates,
    rows: Iterable[RatingRules],
    issues: list[Issue],
) -> None:
    sheet, reading = card.results
    carries = any(row.innovation is not None for row in reading.results)
    chosen = choose_rules(
        card.unit, card.year, has_self_ratings=carries, rows=rows
    ).rules
    rules = rules_of(chosen) if chosen is not None else None
    for result in reading.results:
        kpi = slates.kpis.get((*card.key, result.code))
        if kpi is None or result.exemption or result.actual is None:
            continue
        found = _scored(card, slates, kpi, result, rules)
        for column, printed, computed in _differences(result, found):
            told = {
                "code": result.code,
                "column": column,
                "printed": printed,
                "found": computed,
            }
            cell = result.cells.get(column, result.cell)
            issues.append(Issue(Severity.WARN, sheet, cell, "result-differs", told))


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


def _differences(result: ResultReading, found: Score) -> Iterator[tuple[str, str, str]]:
    """Yield column, printed text and computed text; what either lacks is no doubt."""
    texts = result.texts
    if result.achievement is not None and found.achievement is not None:
        decimals = decimals_of(texts["achievement"])
        computed = printed_achievement(found.achievement, decimals)
        if computed != result.achievement:
            yield "achievement", texts["achievement"], f"{computed:f}"
    if None not in (result.total, found.total) and result.total != found.total:
        yield "total", texts["total"], f"{found.total:f}"
    lights = {result.light, found.light.value}
    if Light.UNKNOWN.value not in lights and len(lights) > 1:
        yield "light", texts["light"], found.light.value


def _check_lights(card: CardSheets, slates: Slates, issues: list[Issue]) -> None:
    sheet, table = card.lights
    if card.results is None:
        return
    for row in table.rows:
        found = _counts(card, slates, row)
        printed = {name: getattr(row, name) for name in COUNTED} | row.lights
        for name, count in printed.items():
            if found.get(name, 0) != count:
                issues.append(
                    Issue(
                        Severity.WARN,
                        sheet,
                        row.cell,
                        "total-differs",
                        {
                            "label": row.label,
                            "column": name,
                            "printed": str(count),
                            "found": str(found.get(name, 0)),
                        },
                    )
                )


def _counts(card: CardSheets, slates: Slates, row: LightRow) -> Counter[str]:
    found: Counter[str] = Counter()
    for result in card.results[1].results:
        kpi = slates.kpis.get((*card.key, result.code))
        if kpi is None or row.perspective not in ("", _perspective(kpi)):
            continue
        found["kpis"] += 1
        found[result.light] += 1
        found[_reached(result)] += 1
    return found


def _perspective(kpi: Kpi) -> str:
    perspective = kpi.objective.perspective
    return perspective.code if perspective else ""


def _reached(result: ResultReading) -> str:
    """Return the column a printed row is counted in; its achievement decides."""
    if result.actual is not None and result.actual.absence == Absence.NO_STATISTICS:
        return "no_statistics"
    if result.achievement is None:
        return "not_reached"
    return "reached" if result.achievement >= 100 else "not_reached"
