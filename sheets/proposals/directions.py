"""Directions that a KPI had a year before, offered where the sheet prints none."""

from collections.abc import Iterable
from dataclasses import replace

from bsc.periods import roc
from kpi.models import Kpi
from sheets.forms.readings import KpiReading, Severity
from sheets.forms.spread import placed
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

DOUBTFUL, BY_RESULTS = "direction-doubtful", "direction-negative"
OPEN = str(Kpi.Direction.UNCONFIRMED)
# Said by a person or by a sheet: what is only reckoned is offered, and not taken.
SURE = frozenset({"confirmed", "printed"})


def with_year_before(
    card: CardSheets, slates: Slates, questions: Questions, issues: Iterable[Issue]
) -> list[Issue]:
    """Return the issues with one for each KPI that had a direction a year before.

    It takes the place of the doubt about that KPI's own words. A direction that the
    KPI has already, or that its results tell, is not asked.
    """
    issues = list(issues)
    if card.table is None:
        return issues
    sheet, table = card.table
    sheets = {sheet} | {placed(sheet, kpi.cell)[0] for kpi in table.kpis}
    if card.results:
        at, results = card.results
        sheets |= {placed(at, result.cell)[0] for result in results.results}
    told = {
        str(issue.params["code"])
        for issue in issues
        if issue.code == BY_RESULTS and issue.sheet in sheets
    }
    for kpi in table.kpis:
        key = (*card.key, kpi.code)
        held = slates.kpis.get(key)
        if kpi.direction or kpi.code in told or (held and held.direction_basis):
            continue
        if (before := _year_before(slates, key)) is None:
            continue
        asked = questions.put(_question(sheet, kpi, before, card.year - 1))
        issues = [
            issue
            for issue in issues
            if (issue.code, issue.sheet, issue.cell)
            != (DOUBTFUL, *placed(sheet, kpi.cell))
        ]
        issues.append(asked)
    return issues


def _year_before(slates: Slates, key: Key) -> Kpi | None:
    """Return the KPI of the series on the card of a year before, if it has a direction.

    The card is one of the same unit and plan: of another nothing is told here.
    """
    unit, year, plan = key[:3]
    for other in slates.same_series(key):
        kpi = slates.kpis.get(other)
        if other[:3] != (unit, year - 1, plan) or kpi is None:
            continue
        if kpi.direction != OPEN and kpi.direction_basis:
            return kpi
    return None


def _question(sheet: str, kpi: KpiReading, before: Kpi, year: int) -> Issue:
    direction = str(before.direction)
    default = direction if before.direction_basis in SURE else OPEN
    first = tuple(dict.fromkeys((default, direction, OPEN)))
    others = (str(way) for way in (Kpi.Direction.NEGATIVE, Kpi.Direction.POSITIVE))
    params = {
        "code": kpi.code,
        "name": kpi.name,
        "evidence": f"{roc(year)} {before.code}",
        "direction": direction,
        "by": "year-before",
    }
    issue = Issue(Severity.ASK, sheet, kpi.cell, DOUBTFUL, params, default)
    choices = tuple(dict.fromkeys((*first, *others)))
    return replace(issue, choices=choices)
