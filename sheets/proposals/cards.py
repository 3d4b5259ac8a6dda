"""Which sheets of a file speak of which card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bsc.models import Unit
from bsc.periods import common_era, roc
from sheets.forms.readings import (
    LightTableReading,
    MapReading,
    Reading,
    ResultsReading,
    ScorecardReading,
    Severity,
    SheetReading,
)
from sheets.forms.revised import RevisionReading
from sheets.forms.spread import spread_over
from sheets.proposals.issues import Issue
from sheets.proposals.naming import plan_of, unit_of, year_in_file_name
from sheets.proposals.units import Units


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said beside the file; None where they said nothing.

    `answers` are choices by the key of their issue; `learned` those of earlier imports
    by topic (see `sheets.proposals.questions`). `is_whole`: the file is the whole plan,
    so that what it does not list is taken away.
    """

    unit: Unit | None = None
    year: int | None = None
    plan: str | None = None
    file_name: str = ""
    is_whole: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    learned: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class CardSheets:
    """The sheets of one file that speak of one card; sheet names beside them."""

    unit: Unit
    year: int
    plan: str
    map: tuple[str, MapReading] | None = None
    table: tuple[str, ScorecardReading] | None = None
    results: tuple[str, ResultsReading] | None = None
    lights: tuple[str, LightTableReading] | None = None
    revision: tuple[str, RevisionReading] | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        return (self.unit.pk, self.year, self.plan)

    @property
    def places(self) -> tuple[tuple[str, Reading] | None, ...]:
        return (self.map, self.table, self.results, self.lights, self.revision)

    @property
    def is_told_of(self) -> bool:
        """Say whether the sheets only compare cards, and show nothing of this one."""
        return not any((self.map, self.table, self.results, self.lights))

    @property
    def first_sheet(self) -> str:
        """The sheet that a doubt about the whole card is told at."""
        return next(place[0] for place in self.places if place)

    def shown_years(self) -> dict[str, frozenset[int] | None]:
        """Return the nouns these sheets show; yearly ones with their years.

        What a sheet has no column for it does not lack.
        """
        shown: dict[str, frozenset[int] | None] = {}
        if self.map:
            shown |= {"themes": None, "objectives": None}
        if self.table:
            table = self.table[1]
            shown |= {"objectives": None, "series": None, "kpis": None}
            if table.themes:
                shown["themes"] = None
            if table.factors:
                shown["ksfs"] = None
            if table.rows:
                shown |= {"plan_rows": None, "action_plans": None}
            years = {
                "targets": [kpi.targets for kpi in table.kpis],
                "actuals": [kpi.actuals for kpi in table.kpis],
                "budget_lines": [
                    {money.year for money in row.budgets} for row in table.rows
                ],
            }
            for noun, each in years.items():
                shown[noun] = frozenset(year for some in each for year in some)
            shown["statements"] = shown["actuals"]
        if self.results:
            shown["published_results"] = None
            if any(row.innovation is not None for row in self.results[1].results):
                shown["self_ratings"] = None
        return shown


@dataclass(slots=True)
class Gathered:
    """All cards of a file, what each sheet is, and what was in doubt so far."""

    cards: list[CardSheets] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


_PLACES = {
    MapReading: "map",
    ScorecardReading: "table",
    ResultsReading: "results",
    LightTableReading: "lights",
    RevisionReading: "revision",
}


def gather(
    readings: tuple[SheetReading, ...], options: Options, units: Units
) -> Gathered:
    """Return the cards the readings speak of, in the order of the sheets.

    Unit and year of a sheet are what the person said, else what the sheet's title
    says, else what another sheet of the file says, else what was answered.
    """
    found = Gathered()
    put = units.questions.put
    cards: dict[tuple[int, int, str], CardSheets] = {}
    years = [r.reading.year for r in readings if r.reading and r.reading.year]
    for sheet in readings:
        found.issues += [put(Issue.of(doubt, sheet.name)) for doubt in sheet.doubts]
        if sheet.reading is None:
            found.sheets.append(_told(sheet))
            continue
        unit = unit_of(sheet, readings, units.directory)
        if options.unit is not None:
            found.issues += _doubts_of_unit(sheet, unit, options)
            unit = options.unit
        plan = options.plan or plan_of(sheet.reading.title)[0]
        year = options.year or sheet.reading.year or (years[0] if years else None)
        of_year = [put(issue) for issue in _doubts_of_year(sheet, year, options)]
        found.issues += of_year
        if year is None:
            answers = (issue.choice for issue in of_year if issue.choice)
            year = next(map(common_era, answers), None)
        if unit is None:
            name = sheet.reading.unit_text or sheet.reading.title
            issue, unit = units.ask(name, sheet.name, "A1", None)
            found.issues.append(issue)
        if year is None:
            found.issues.append(Issue(Severity.ERROR, sheet.name, "A1", "no-year"))
        found.sheets.append(_told(sheet, unit, year, plan))
        if unit is None or year is None:
            continue
        key = (unit.pk, year, plan)
        card = cards.setdefault(key, CardSheets(unit, year, plan))
        place = _PLACES[type(sheet.reading)]
        if (held := getattr(card, place)) is not None:
            spread = spread_over(held[1], sheet.reading, sheet.name)
            if spread is None:
                told = {"form": place}
                found.issues.append(
                    Issue(Severity.ERROR, sheet.name, None, "sheet-twice", told)
                )
                continue
            found.issues += [put(Issue.of(one, sheet.name)) for one in spread.doubts]
            told = {"first": held[0]}
            found.issues.append(
                Issue(Severity.NOTE, sheet.name, None, "card-spread", told)
            )
            setattr(card, place, (held[0], spread.reading))
            continue
        setattr(card, place, (sheet.name, sheet.reading))
    found.cards = list(cards.values())
    return found


def _told(
    sheet: SheetReading,
    unit: Unit | None = None,
    year: int | None = None,
    plan: str | None = None,
) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "form": sheet.form,
        "unit": unit.code if unit else None,
        "year": roc(year) if year else None,
        "plan": plan,
        "rows": sheet.row_count,
    }


def _doubts_of_unit(
    sheet: SheetReading, printed: Unit | None, options: Options
) -> list[Issue]:
    """Return what to say where a sheet is another unit's than the person named.

    Taken as the whole plan it would put one unit's card in the place of another's.
    """
    if printed is None or options.unit is None or printed.pk == options.unit.pk:
        return []
    severity = Severity.ERROR if options.is_whole else Severity.WARN
    params = {"printed": printed.name, "unit": options.unit.name}
    return [Issue(severity, sheet.name, None, "unit-differs", params)]


def _doubts_of_year(
    sheet: SheetReading, year: int | None, options: Options
) -> list[Issue]:
    """Return what to say of a year that is not the sheet's own."""
    printed = sheet.reading.year
    if options.year and printed and printed != options.year:
        params = {"printed": str(roc(printed)), "year": str(roc(options.year))}
        return [Issue(Severity.WARN, sheet.name, None, "year-differs", params)]
    guessed = year_in_file_name(options.file_name) if year is None else None
    if guessed is None:
        return []
    told = str(roc(guessed))
    params = {"year": told}
    around = (told, str(roc(guessed - 1)), str(roc(guessed + 1)))
    return [
        Issue(
            Severity.ASK, sheet.name, None, "year-from-file-name", params, told, around
        )
    ]
