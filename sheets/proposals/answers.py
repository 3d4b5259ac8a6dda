"""What was answered to doubts about cells, put into the readings of those cells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from kpi.models import Kpi
from sheets.forms.readings import (
    Figure,
    KpiReading,
    ResultReading,
    RowReading,
    ScorecardReading,
    SheetReading,
)
from sheets.forms.spread import placed
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.questions import SKIP, Questions
from sheets.proposals.slating import Slates

# Questions of which code a cell bears, and of which direction a KPI has.
OF_CODES = frozenset(
    {"code-completed", "code-glued", "code-from-date", "objective-code"}
)
OF_DIRECTIONS = frozenset({"direction-negative", "direction-doubtful"})
WORDS = "words"
# Where a direction comes from: a person, or the printed achievement.
CONFIRMED = "confirmed"
BY_ACHIEVEMENT = "achievement"


def answered(
    readings: Sequence[SheetReading], questions: Questions
) -> tuple[SheetReading, ...]:
    """Return the readings as the answers to their doubts want them.

    A code that is skipped takes away what bears it, another code takes its place; a
    figure becomes the number that was chosen, or stays in words.
    """
    return tuple(_answered(sheet, questions) for sheet in readings)


def _answered(sheet: SheetReading, questions: Questions) -> SheetReading:
    reading: Any = sheet.reading
    for doubt in sheet.doubts:
        if not doubt.default or reading is None:
            continue
        issue = questions.put(Issue.of(doubt, sheet.name))
        choice = issue.choice
        if choice is None or choice == doubt.default:
            continue
        if doubt.code in OF_CODES:
            reading = _recoded(reading, issue, choice)
        elif doubt.code not in OF_DIRECTIONS and doubt.cell:
            reading = _refigured(reading, doubt.cell, choice)
    return sheet if reading is sheet.reading else replace(sheet, reading=reading)


def _recoded(reading: Any, issue: Issue, choice: str) -> Any:
    """Return a reading in which the thing at a cell bears another code, or is not."""
    code = str(issue.params["code"])
    changes: dict[str, tuple] = {}
    for name in ("objectives", "kpis", "results"):
        things = getattr(reading, name, ())
        if any(_is_it(thing, issue.cell, code) for thing in things):
            changes[name] = tuple(_with_code(things, issue.cell, code, choice))
    if isinstance(reading, ScorecardReading):
        changes |= _parts_recoded(reading, issue, code, choice, changes)
    return replace(reading, **changes) if changes else reading


def _parts_recoded(
    reading: ScorecardReading, issue: Issue, code: str, choice: str, changes: dict
) -> dict[str, tuple]:
    """Return what hangs on the thing that has another code now, and plans of a cell."""
    kpis = changes.get("kpis", reading.kpis)
    factors = reading.factors
    if "objectives" in changes and code not in {o.code for o in changes["objectives"]}:
        if choice == SKIP:
            kpis = tuple(kpi for kpi in kpis if kpi.objective != code)
        else:
            kpis = tuple(_hung(kpi, code, choice) for kpi in kpis)
            factors = tuple(_hung(factor, code, choice) for factor in factors)
    known = {kpi.code for kpi in kpis}
    rows = []
    for row in reading.rows:
        plans = tuple(_with_code(row.plans, issue.cell, code, choice))
        kpi = choice if "kpis" in changes and row.kpi == code != choice else row.kpi
        if kpi not in known:
            kpi = row.kpi
        if kpi in known or row.kpi not in {k.code for k in reading.kpis}:
            rows.append(replace(row, plans=plans, kpi=kpi))
    return {"kpis": kpis, "factors": factors, "rows": tuple(rows)}


def _hung(thing: Any, code: str, choice: str) -> Any:
    return replace(thing, objective=choice) if thing.objective == code else thing


def _is_it(thing: Any, cell: str | None, code: str) -> bool:
    return thing.cell == cell and thing.code == code


def _with_code(things: Sequence, cell: str | None, code: str, choice: str):
    for thing in things:
        if not _is_it(thing, cell, code):
            yield thing
        elif choice != SKIP:
            yield replace(thing, code=choice)


def _refigured(reading: Any, cell: str, choice: str) -> Any:
    """Return a reading in which the figure of a cell says what was chosen."""
    if isinstance(reading, ScorecardReading):
        return replace(
            reading,
            kpis=tuple(_kpi_refigured(kpi, cell, choice) for kpi in reading.kpis),
            rows=tuple(_row_refigured(row, cell, choice) for row in reading.rows),
        )
    if results := getattr(reading, "results", ()):
        found = tuple(_result_refigured(one, cell, choice) for one in results)
        return replace(reading, results=found)
    return reading


def _kpi_refigured(kpi: KpiReading, cell: str, choice: str) -> KpiReading:
    changes = {}
    for name in ("targets", "actuals"):
        figures: Mapping[int, Figure] = getattr(kpi, name)
        if any(figure.cell == cell for figure in figures.values()):
            changes[name] = {
                year: _figure(figure, choice) if figure.cell == cell else figure
                for year, figure in figures.items()
            }
    return replace(kpi, **changes) if changes else kpi


def _result_refigured(result: ResultReading, cell: str, choice: str) -> ResultReading:
    changes = {}
    for name in ("target", "actual"):
        figure = getattr(result, name)
        if figure is not None and figure.cell == cell:
            changes[name] = _figure(figure, choice)
    return replace(result, **changes) if changes else result


def _row_refigured(row: RowReading, cell: str, choice: str) -> RowReading:
    if all(money.cell != cell for money in row.budgets):
        return row
    number = _number(choice)
    said = {"kind": "amount" if number is not None else "blank", "amount": number}
    budgets = tuple(
        replace(money, **said) if money.cell == cell else money for money in row.budgets
    )
    return replace(row, budgets=budgets)


def _figure(figure: Figure, choice: str) -> Figure:
    number = _number(choice)
    words = "" if number is not None else figure.text
    comparator = figure.comparator if number is not None else ""
    return replace(figure, value=number, words=words, absence="", comparator=comparator)


def _number(choice: str) -> Decimal | None:
    """Return the number that was chosen, None for words."""
    try:
        return None if choice == WORDS else Decimal(choice)
    except InvalidOperation:
        return None


def directions_of(
    card: CardSheets, slates: Slates, issues: list[Issue]
) -> tuple[dict[str, tuple[str, str]], list[Issue]]:
    """Return directions with their basis by code, and the issues that stay.

    A direction that somebody has confirmed is not asked again.
    """
    cells = _cells_of(card)
    found: dict[str, tuple[str, str]] = {}
    kept = []
    for issue in issues:
        if issue.code not in OF_DIRECTIONS or (issue.sheet, issue.cell) not in cells:
            kept.append(issue)
            continue
        code = str(issue.params["code"])
        held = slates.kpis.get((*card.key, code))
        if (
            held is not None
            and held.direction_basis == CONFIRMED
            and issue.answer is None
        ):
            continue
        kept.append(issue)
        if issue.answer is not None:
            is_open = issue.answer == Kpi.Direction.UNCONFIRMED
            found[code] = (issue.answer, "" if is_open else CONFIRMED)
        elif issue.is_learned or "by" in issue.params:
            # An answer about another card, or that card itself: offered and taken, and
            # confirmed by nobody.
            if issue.choice == Kpi.Direction.UNCONFIRMED and not issue.is_learned:
                continue
            found[code] = (str(issue.choice), "")
        elif issue.choice == Kpi.Direction.NEGATIVE:
            found[code] = (str(Kpi.Direction.NEGATIVE), BY_ACHIEVEMENT)
    return found, kept


def _cells_of(card: CardSheets) -> set[tuple[str | None, str | None]]:
    """Return sheet and cell of all KPIs and results of a card.

    The sheet alone does not tell: a text prints several cards on its one sheet, and a
    code is another KPI on each.
    """
    cells: set[tuple[str | None, str | None]] = set()
    if card.table:
        sheet, table = card.table
        cells |= {placed(sheet, kpi.cell) for kpi in table.kpis}
    if card.results:
        sheet, results = card.results
        for result in results.results:
            cells |= {placed(sheet, at) for at in (result.cell, *result.cells.values())}
    return cells
