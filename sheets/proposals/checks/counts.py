"""Counts in sentences and headings, held against what there is."""

from collections import Counter
from collections.abc import Iterable

from sheets.forms.readings import (
    Claim,
    LightTableReading,
    MapReading,
    Reading,
    ScorecardReading,
)
from sheets.proposals.cards import CardSheets
from sheets.proposals.checks.tallies import Tally
from sheets.proposals.letters import Letters
from sheets.proposals.slating import Slates

# Of each noun, how many there are in each perspective, and "" for all.
type Counts = dict[str, Counter[str]]


def check_claims(
    tally: Tally, card: CardSheets, slates: Slates, reading: Reading
) -> None:
    """Compare the counts that lines of a sheet print with what the sheet shows."""
    claims: tuple[Claim, ...] = getattr(reading, "claims", ())
    if not claims:
        return
    counts = _counts_of(card, slates, reading)
    for claim in claims:
        if claim.noun not in counts:
            continue
        found = counts[claim.noun]
        # A line below the last band may speak of the whole sheet, and a map may count
        # its top row or not: what is nearest is meant.
        possible = [found[claim.perspective], found[""], found[""] + found["top"]]
        count = min(possible, key=lambda number: abs(number - claim.count))
        tally.compare(
            "count-differs",
            claim.cell,
            claim.count,
            count,
            noun=claim.noun,
            text=claim.text,
        )


def _counts_of(card: CardSheets, slates: Slates, reading: Reading) -> Counts:
    match reading:
        case MapReading():
            below = [o for o in reading.objectives if o.row != "top"]
            objectives = _by_perspective(o.perspective for o in below)
            objectives["top"] = len(reading.objectives) - len(below)
            return {
                "objectives": objectives,
                "themes": Counter({"": len(reading.themes)}),
            }
        case ScorecardReading():
            of_kpi = {kpi.code: kpi.perspective for kpi in reading.kpis}
            of_objective = {o.code: o.perspective for o in reading.objectives}
            factors = (of_objective.get(f.objective, "") for f in reading.factors)
            plans = (of_kpi[row.kpi] for row in reading.rows for _ in row.plans)
            return {
                "objectives": _by_perspective(of_objective.values()),
                "ksfs": _by_perspective(factors),
                "kpis": _by_perspective(of_kpi.values()),
                "plans": _by_perspective(plans),
            }
        case LightTableReading():
            return _counts_of_card(card, slates)
    return {}


def _counts_of_card(card: CardSheets, slates: Slates) -> Counts:
    """Return the counts of what stands on the card, from this file or before."""
    letters = Letters(slates)
    objectives = (
        letters.of_objective(row)
        for key, row in slates.objectives.rows.items()
        if key[:3] == card.key
    )
    kpis = (
        letters.of_kpi(row)
        for key, row in slates.kpis.rows.items()
        if key[:3] == card.key and not row.is_withdrawn
    )
    return {"objectives": _by_perspective(objectives), "kpis": _by_perspective(kpis)}


def _by_perspective(letters: Iterable[str]) -> Counter[str]:
    each = list(letters)
    found = Counter(each)
    found[""] = len(each)
    return found
