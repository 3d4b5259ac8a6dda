"""What a file prints twice, held against itself and against the rules."""

from collections.abc import Iterable, Iterator

from kpi.models import RatingRules
from sheets.forms.readings import (
    Figure,
    ResultsReading,
    ScorecardReading,
    Severity,
)
from sheets.proposals.cards import CardSheets
from sheets.proposals.checks.counts import check_claims
from sheets.proposals.checks.lights import check_lights
from sheets.proposals.checks.results import check_names, check_results
from sheets.proposals.checks.revisions import check_revision
from sheets.proposals.checks.sums import budget_sums, check_budgets, check_parts
from sheets.proposals.checks.tallies import Tally
from sheets.proposals.issues import Issue
from sheets.proposals.slating import Slates

__all__ = ["check"]


def check(
    card: CardSheets,
    slates: Slates,
    rules: Iterable[RatingRules],
    issues: list[Issue],
) -> None:
    """Add a warn for everything printed that something else contradicts.

    Results are held against the rules, sums against what they sum up, counts against
    what they count. A sheet of which all agrees has one note that says how much was
    looked at.
    """
    for place in card.places:
        if place is None:
            continue
        sheet, reading = place
        tally = Tally(sheet)
        check_claims(tally, card, slates, reading)
        if place is card.table:
            check_budgets(tally, reading)
            check_parts(tally, _figures_of_table(reading))
            issues += _sums_shown(sheet, reading)
        elif place is card.results:
            check_results(tally, card, slates, rules, reading)
            check_names(tally, card, slates, reading)
            check_parts(tally, _figures_of_results(reading))
        elif place is card.lights:
            check_lights(tally, card, slates, reading)
        elif place is card.revision:
            check_revision(tally, card, slates, reading)
        issues += tally.issues
        if tally.count and not tally.issues:
            told = {"count": str(tally.count)}
            issues.append(Issue(Severity.NOTE, sheet, None, "checked", told))


def _sums_shown(sheet: str, table: ScorecardReading) -> Iterator[Issue]:
    """Yield a note with the sum of each budget column, for the person to compare."""
    if sums := list(budget_sums(table)):
        told = {"sums": "；".join(f"{year}：{amount}" for year, amount in sums)}
        yield Issue(Severity.NOTE, sheet, None, "budget-sums", told)


def _figures_of_table(table: ScorecardReading) -> Iterator[tuple[str, Figure]]:
    for kpi in table.kpis:
        for figure in (*kpi.targets.values(), *kpi.actuals.values()):
            yield kpi.code, figure


def _figures_of_results(reading: ResultsReading) -> Iterator[tuple[str, Figure]]:
    for result in reading.results:
        for figure in (result.target, result.actual):
            if figure is not None:
                yield result.code, figure
