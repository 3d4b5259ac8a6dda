"""What every sheet of a card puts on the slates in the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bsc.models import Scorecard, Unit
from bsc.numbers import plain
from bsc.periods import ERA_OFFSET
from kpi.models import Actual, Kpi, Statement
from sheets.forms.readings import Figure, MapReading, ScorecardReading, Severity
from sheets.forms.spread import placed
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key, Slate, align, places
from sheets.proposals.slating import Slates
from sheets.proposals.units import Units, unit_key

# The columns in which a figure says something: exactly one of them is set.
WHAT_IT_SAYS = ("value", "text", "absence")


@dataclass(slots=True)
class Filler:
    """Puts one card on the slates, collecting doubts on the way.

    `directions` are direction and basis of KPIs that do not print theirs, by code.
    """

    slates: Slates
    card: CardSheets
    issues: list[Issue]
    questions: Questions
    units_named: Units
    directions: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def scorecard(self) -> Scorecard:
        said: dict[str, object] = {}
        if self.card.map:
            reading = self.card.map[1]
            said["map_title"] = reading.title
            for name in ("mission", "vision", "core_values_text", "parent_text"):
                if text := getattr(reading, name):
                    said[name] = text
            if reading.core_values:
                said["core_values"] = list(reading.core_values)
        if self.card.table:
            said["title"] = self.card.table[1].title
        return self.slates.scorecards.put(
            self.card.key,
            unit=self.card.unit,
            year=self.card.year,
            plan=self.card.plan,
            **said,
        )

    def themes(self, scorecard, reading: MapReading | ScorecardReading) -> dict:
        return {
            theme.code: self.slates.themes.put(
                (*self.card.key, theme.code),
                scorecard=scorecard,
                code=theme.code,
                name=theme.name,
                label=theme.label,
                position=place,
            )
            for place, theme in enumerate(reading.themes, 1)
        }

    def perspectives(self, scorecard, reading, label: str) -> dict:
        """Return the perspectives by code; the map's order stands where both show."""
        found = {}
        for place, perspective in enumerate(reading.perspectives, 1):
            key = (*self.card.key, perspective.code)
            known = self.slates.perspectives.get(key)
            ranked = label == "table_label" and known is not None
            found[perspective.code] = self.put_below(
                self.slates.perspectives,
                key,
                self.slates.scorecards,
                self.card.key,
                scorecard=scorecard,
                code=perspective.code,
                name=perspective.name,
                **{label: perspective.label},
                **({} if ranked else {"position": place}),
            )
        return found

    def target(self, kpi: Kpi, key, year: int, figure: Figure) -> None:
        self.slates.targets.put(
            (*key, year),
            kpi=kpi,
            year=year,
            value=figure.value,
            comparator=figure.comparator,
            text="" if figure.value is not None else figure.words or figure.text,
            printed=figure.text,
            note=figure.note,
            parts=parts_of(figure),
        )

    def statement(
        self, scorecard, sheet, key, year, figure: Figure, reached: bool | None = None
    ) -> None:
        """Put what the card prints, and the figure in force where it came from here.

        A figure in force that says something else than the card said before was
        restated or corrected by somebody: it stays, and what is newly printed is
        asked. Answered so, what is printed becomes the figure in force. Of several
        cards that print a year the earliest decides, whichever was brought in first.
        The figure of a year whose card is closed stays: a difference is only told.
        """
        period = str(year)
        at, place = (*key, period), (*self.slates.series_key(key), period)
        series = self.slates.series.rows[place[:-1]]
        before = self.slates.statements.get(at)
        said_before = _said(before) if before else None
        said_now = _said(figure)
        self.slates.statements.put_at(
            at,
            dict(zip(("sheet", "cell"), placed(sheet, figure.cell), strict=True)),
            scorecard=scorecard,
            series=series,
            period=period,
            text=figure.text,
            value=figure.value,
            comparator=figure.comparator,
            absence=figure.absence,
            note=figure.note,
        )
        actual = self.slates.actuals.get(place)
        in_force = (actual.value, actual.text, actual.absence) if actual else None
        earlier, later = self._elsewhere(key, period)
        if self.slates.is_sealed(key, year):
            held = actual and _as_printed(
                actual, earlier.get(in_force) or later.get(in_force)
            )
            self._note_sealed(sheet, key, year, figure, held)
            return
        differs = place in self.slates.conflicts
        restated: dict[str, object] = {}
        if in_force == said_now and in_force in earlier:
            # An earlier card prints the same, and tells more of it.
            self.slates.actuals.seen.add(place)
            self.slates.actuals.note_shown(place, WHAT_IT_SAYS)
            return
        if in_force == said_now or in_force is None:
            pass
        elif in_force in later and not earlier and (before is None or differs):
            if self._is_restated(
                sheet, key[-1], year, figure, figure.text, later[in_force]
            ):
                self.slates.actuals.seen.add(place)
                return
        elif in_force != said_before or in_force in earlier:
            self.slates.actuals.seen.add(place)
            is_new = said_before != said_now or differs
            if not is_new:
                return
            held = _as_printed(actual, earlier.get(in_force) or later.get(in_force))
            if not self._is_restated(sheet, key[-1], year, figure, held):
                return
            # Whoever has the earlier figure open finds that somebody wrote in between.
            restated = {
                "state": Actual.State.APPROVED,
                "version": actual.version + 1,
                "is_reached": None,
            }
            self.slates.actuals.reasons[place] = "restated"
        else:
            restated = {"version": actual.version + 1}
        self.slates.actuals.put(
            place,
            series=series,
            period=period,
            **dict(zip(WHAT_IT_SAYS, said_now, strict=True)),
            parts=parts_of(figure),
            month_from=figure.month_from,
            month_until=figure.month_until,
            # A figure that waits for review is not approved by being printed.
            **({} if actual is not None else {"state": Actual.State.APPROVED}),
            **restated,
            **({} if reached is None else {"is_reached": reached}),
        )

    def _note_sealed(
        self, sheet: str, key: Key, year: int, figure: Figure, held: str | None
    ) -> None:
        """Tell what is printed of a closed year where it is not the figure in force.

        `held` is None where there is none.
        """
        place = (*self.slates.series_key(key), str(year))
        actual = self.slates.actuals.get(place)
        if actual is not None:
            self.slates.actuals.seen.add(place)
            if (actual.value, actual.text, actual.absence) == _said(figure):
                self.slates.actuals.note_shown(place, WHAT_IT_SAYS)
                return
        elif figure.absence:
            # That nothing was measured is no other figure than none.
            return
        told = {"code": key[-1], "year": str(year - ERA_OFFSET)}
        told |= {"printed": figure.text, "held": held or ""}
        self.issues.append(
            Issue(Severity.WARN, sheet, figure.cell, "restated-closed", told)
        )

    def _is_restated(
        self, sheet, code, year: int, figure: Figure, held: str, later=None
    ) -> bool:
        """Ask whether a printed figure takes the place of `held`, that is in force.

        `later` is the statement of a later card that prints another one than this.
        """
        told = {"code": code, "printed": (later or figure).text, "held": held}
        told["year"] = str(year - ERA_OFFSET)
        if later is not None:
            told["by"] = "later"
        issue = self.ask(
            Issue(Severity.ASK, sheet, figure.cell, "restated", told, "keep")
        )
        return issue.choice == "restate"

    def _elsewhere(self, key: Key, period: str) -> tuple[dict, dict]:
        """Return what earlier and later cards of the series print, by what they say."""
        found: tuple[dict, dict] = {}, {}
        for other in self.slates.same_series(key):
            if statement := self.slates.statements.get((*other, period)):
                found[other[1] > key[1]].setdefault(_said(statement), statement)
        return found

    def ask(self, issue: Issue) -> Issue:
        """Add an issue, and return it with what was answered."""
        asked = self.questions.put(issue)
        self.issues.append(asked)
        return asked

    def units(self, names, sheet: str, cell: str) -> list[tuple[Unit, str, int]]:
        """Return the units that a cell names, each once, with its name and place."""
        found: dict[int | str, tuple[Unit, str, int]] = {}
        for order, name in enumerate(names, 1):
            if unit := self.unit(name, sheet, cell):
                if unit_key(unit) in found:
                    self.note_unit_twice(name, sheet, cell)
                found.setdefault(unit_key(unit), (unit, name, order))
        return list(found.values())

    def note_unit_twice(self, name: str, sheet: str, cell: str) -> None:
        told = {"name": name}
        self.issues.append(Issue(Severity.WARN, sheet, cell, "unit-twice", told))

    def unit(self, name: str, sheet: str, cell: str) -> Unit | None:
        unit = self.units_named.find(name, self.card.unit)
        if unit is None:
            issue, unit = self.units_named.ask(name, sheet, cell, self.card.unit)
            self.issues.append(issue)
        return unit

    def in_order(
        self, slate: Slate, parent: Key, printed: Sequence, tests
    ) -> list[tuple[Key, int]]:
        """Return key and position for things printed in an order below `parent`.

        Each is found among the rows that stand by `tests` (see `align`). What stands
        and is not printed comes after them.
        """
        known = slate.below(parent)
        known.sort(key=lambda key: (slate.rows[key].position, slate.rows[key].pk))
        found = align(known, printed, tests)
        left = [key for key in known if key not in found]
        position = {key: slate.rows[key].position for key in known}
        positions = places([position.get(key) for key in [*found, *left]])
        for key, place in zip(left, positions[len(found) :], strict=True):
            slate.change(key, position=place)
        return [
            (key or (*parent, ("new", place)), place)
            for key, place in zip(found, positions, strict=False)
        ]

    def put_owners(
        self, slate: Slate, owners: Slate, key: Key, names, cell: str, texts, **of
    ) -> None:
        """Put the units that a cell names, in its order: these and no others.

        `texts` are the names as they are printed. An empty cell says nothing.
        """
        sheet = self.card.table[0] if self.card.table else ""
        found = self.units(names, sheet, cell)
        shown = {(*key, unit_key(unit)) for unit, _, _ in found}
        for unit, _, order in found:
            self.put_below(
                owners,
                (*key, unit_key(unit)),
                slate,
                key,
                **of,
                unit=unit,
                name=texts[order - 1],
                position=order,
            )
        if found:
            self.keep_only(slate, key, owners, shown)

    def keep_only(self, slate: Slate, key: Key, parts: Slate, shown: set[Key]) -> None:
        """Take away what a printed list names no longer; its owner has changed."""
        for part in parts.below(key):
            if part not in shown:
                parts.remove(part)
                slate.has_part(key, parts, part)

    def put_below(self, slate, key, parents, parent_key, **values):
        """Put a row that is counted with its parent."""
        parents.has_part(parent_key, slate, key)
        return slate.put(key, **values)


def _said(figure: Figure | Statement) -> tuple[Decimal | None, str, str]:
    """Return value, words and absence of a printed figure: one of the three."""
    has_words = figure.value is None and not figure.absence
    return figure.value, figure.text if has_words else "", figure.absence


def _as_printed(actual: Actual, statement: Statement | None) -> str:
    """Return a figure in force as the sheet that brought it prints it."""
    if statement is not None:
        return statement.text
    return str(actual) if actual.value is None else plain(actual.value)


def parts_of(figure: Figure) -> list[dict[str, str]]:
    return [
        {"label": label, "value": _plain(value), "comparator": comparator}
        for label, value, comparator in figure.parts
    ]


def _plain(value: Decimal) -> str:
    """Return a decimal as a string without an exponent."""
    return format(value, "f")
