"""A table of lights, held against the printed results or against itself."""

from collections import Counter

from kpi.scoring import Absence, Light
from sheets.cells import squashed
from sheets.forms.columns import EXEMPTIONS
from sheets.forms.readings import LightRow, LightTableReading, ResultReading
from sheets.proposals.cards import CardSheets
from sheets.proposals.checks.tallies import Tally
from sheets.proposals.letters import Letters
from sheets.proposals.slating import Slates

COUNTED = ("kpis", "reached", "not_reached", "no_statistics")
STATED = COUNTED[1:]


def check_lights(
    tally: Tally, card: CardSheets, slates: Slates, table: LightTableReading
) -> None:
    """Compare every count of the table with the results that the file prints.

    Without results the table is held against itself: each row adds up to its KPIs,
    and the rows to their sum.
    """
    if card.results is None:
        _check_itself(tally, table)
        return
    letters = Letters(slates)
    for row in table.rows:
        found = _counts(card, slates, row, letters)
        for column, count in _printed(row).items():
            _compare(tally, row, column, count, found[column])
        for column, note in row.notes.items():
            if any(word in squashed(note) for word in EXEMPTIONS):
                printed = _printed(row).get(column.removeprefix("light-"), 0)
                _compare(tally, row, "exempt", printed, found["exempt"], at=column)


def _printed(row: LightRow) -> dict[str, int]:
    return {name: getattr(row, name) for name in COUNTED} | row.lights


def _compare(
    tally: Tally, row: LightRow, column: str, printed: int, found: int, at: str = ""
) -> None:
    place = at or (column if column in COUNTED else f"light-{column}")
    cell = row.cells.get(place, row.cell)
    told = {"label": row.label, "column": column}
    tally.compare("total-differs", cell, printed, found, **told)


def _counts(
    card: CardSheets, slates: Slates, row: LightRow, letters: Letters
) -> Counter[str]:
    found: Counter[str] = Counter()
    for result in card.results[1].results:
        kpi = slates.kpis.get((*card.key, result.code))
        if kpi is None or row.perspective not in ("", letters.of_kpi(kpi)):
            continue
        found["kpis"] += 1
        found[result.light] += 1
        found[_reached(result)] += 1
        found["exempt"] += bool(result.exemption)
    return found


def _reached(result: ResultReading) -> str:
    """Return the column a printed row is counted in; its achievement decides."""
    if result.actual is not None and result.actual.absence == Absence.NO_STATISTICS:
        return "no_statistics"
    if result.achievement is None:
        return "not_reached"
    return "reached" if result.achievement >= 100 else "not_reached"


def _check_itself(tally: Tally, table: LightTableReading) -> None:
    for row in table.rows:
        for columns in (STATED, tuple(f"light-{light}" for light in Light)):
            if any(column in row.cells for column in columns):
                printed = _printed(row)
                parts = sum(printed.get(c.removeprefix("light-"), 0) for c in columns)
                _compare(tally, row, "kpis", row.kpis, parts)
    sums = [row for row in table.rows if not row.perspective]
    each = [_printed(row) for row in table.rows if row.perspective]
    for row in sums if each else ():
        for column, count in _printed(row).items():
            found = sum(printed.get(column, 0) for printed in each)
            _compare(tally, row, column, count, found)
