"""What a file prints twice, held against itself: light tables and results."""

from collections import Counter

from kpi.models import Kpi
from sheets.forms.readings import LightRow, ResultReading, Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.slating import Slates

COUNTED = ("kpis", "reached", "not_reached", "no_statistics")


def check(card: CardSheets, slates: Slates, issues: list[Issue]) -> None:
    """Add a warn for every printed count that the printed rows do not give."""
    if card.lights is None:
        return
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
                            "label": f"{row.label} {name}",
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
    if result.actual is not None and result.actual.absence:
        return "no_statistics"
    if result.achievement is None:
        return "not_reached"
    return "reached" if result.achievement >= 100 else "not_reached"
