"""`read`: what was typed into the boxes of one KPI, as a figure with its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bsc.periods import FIRST_YEAR, Period
from kpi.entries.boxes import POINTS, figure_boxes
from kpi.entries.codes import ProblemCode
from kpi.entries.definitions import Box, Definition, Kind, is_sum
from kpi.entries.missing import missing_in
from kpi.entries.reading import Input, Problem, Reading
from kpi.entries.texts import (
    MOST_DECIMALS,
    MOST_DIGITS,
    Number,
    counts_things,
    date_of,
    last_day,
    months_of,
    number_of,
    places_of,
    unkept_sign,
    unstorable,
)
from kpi.formula import (
    Binary,
    Expression,
    Label,
    Outcome,
    evaluate,
    labels_of,
    previous_of,
    text_of,
)
from kpi.formula import Problem as Failure
from kpi.formula.writing import number_text
from kpi.scoring import Absence, Light, Part

# How many characters a box holds; longer ones are refused where they stand.
LONGEST = {"text": 200, "absence_reason": 500, "late_reason": 500}
LONGEST_TEXT = 5000
CONTROLS = ("inside", "outside")
_LIGHTS = tuple(light for light in Light if light != Light.UNKNOWN)
_ANSWERS = {"yes": True, "no": False}
# What may fall below 0 although it counts things: a change of a count.
_CHANGES = ("增", "減", "差", "變動", "淨", "成長")


def read(typed: Mapping[str, str], definition: Definition) -> Reading:
    """Return what the boxes of a KPI say, whatever was typed into them.

    It never raises. Boxes that are not there say nothing; unknown ones are passed by.

    Source: docs/rules.md, "What people type".
    """
    return _Reader(typed, definition).reading()


@dataclass
class _Figure:
    """The figure itself, as far as its boxes say one."""

    value: Decimal | None = None
    absence: Absence | None = None
    inputs: tuple[Input, ...] = ()
    parts: tuple[Part, ...] = ()
    outcome: Outcome | None = None
    computation: dict[str, Any] = field(default_factory=dict)

    @property
    def is_given(self) -> bool:
        """Whether there are numbers: but for a 0 that nothing can be divided by."""
        if self.outcome is None:
            return self.value is not None
        return self.outcome.problem != Failure.DIVISION_BY_ZERO


class _Reader:
    """One reading: the boxes, and the problems met so far."""

    def __init__(self, typed: Mapping[str, str], definition: Definition) -> None:
        self.typed = typed
        self.definition = definition
        self.boxes = figure_boxes(definition)
        self.problems: list[Problem] = []

    def reading(self) -> Reading:
        definition = self.definition
        figure = self._figure()
        text = self._words("text") if self._has("text") else ""
        stated = self._choice("reached", tuple(_ANSWERS))
        if text and figure.value is not None:
            self._wrong("text", "value-and-text")
            text = ""
        if figure.absence and (text or figure.is_given):
            self._wrong("absence", "value-and-absence")
            figure.absence = None
        is_stated = figure.absence is None and (
            text or (figure.value is not None and definition.goal is None)
        )
        months = months_of(self._typed("months"), definition.period)
        if months.code:
            self._wrong("months", months.code)
        points = [self._points(name) for name in POINTS]
        light = self._choice("light", _LIGHTS)
        reading = Reading(
            value=figure.value,
            text=text,
            is_reached=_ANSWERS.get(stated) if is_stated else None,
            absence=figure.absence,
            absence_reason=self._words("absence_reason"),
            month_from=months.first,
            month_until=months.last,
            inputs=figure.inputs,
            parts=figure.parts,
            innovation=points[0],
            challenge=points[1],
            contribution=points[2],
            basis=self._words("basis"),
            light=Light(light) if light else None,
            control=self._choice("control", CONTROLS),
            explanation=self._words("explanation"),
            remedy=self._words("remedy"),
            remedy_due_on=self._due(),
            late_reason=self._words("late_reason"),
            outcome=figure.outcome,
            computation=figure.computation,
        )
        wrong = {problem.box for problem in self.problems}
        missing = missing_in(reading, definition, self.boxes)
        return replace(
            reading,
            problems=tuple(self.problems),
            missing=tuple(each for each in missing if each.box not in wrong),
        )

    # Single boxes.

    def _typed(self, name: str) -> str:
        return str(self.typed.get(name) or "")

    def _has(self, name: str) -> bool:
        return bool(self._typed(name).strip())

    def _wrong(self, box: str, code: ProblemCode, **params: str) -> None:
        self.problems.append(Problem(box, code, params))

    def _words(self, name: str) -> str:
        """Return the words of a box, "" where they cannot be kept."""
        text = self._typed(name).replace("\r\n", "\n").strip()
        maximum = LONGEST.get(name, LONGEST_TEXT)
        if len(text) > maximum:
            self._wrong(name, "too-long", maximum=str(maximum), length=str(len(text)))
            return ""
        if hidden := unkept_sign(text):
            self._wrong(name, "odd-character", character=hidden)
            return ""
        return text

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        said = self._typed(name).strip()
        if said and said not in choices:
            self._wrong(name, "unknown-choice")
            return ""
        return said

    def _points(self, name: str) -> Decimal | None:
        number = self._number(Box(name, "", Kind(name), "分"))
        if number.absence:
            self._wrong(name, "not-a-number", typed=self._typed(name).strip()[:40])
        value = number.value
        if value is not None and not (0 <= value <= 100 and places_of(value) <= 2):
            self._wrong(name, "not-points")
            return None
        return value

    def _due(self) -> date | None:
        day, code = date_of(self._typed("remedy_due_on"))
        period = self.definition.period
        end = last_day(period)
        if code:
            self._wrong("remedy_due_on", code)
        elif day is not None and day < end:
            self._wrong("remedy_due_on", "due-before-end", end=end.isoformat())
            return None
        elif day is not None and day.year > end.year + 10:
            self._wrong("remedy_due_on", "due-too-late")
            return None
        return day

    def _number(self, box: Box) -> Number:
        number = number_of(self._typed(box.name), box.unit)
        if number.code:
            self._wrong(box.name, number.code, **number.params)
        return number

    # The figure.

    def _figure(self) -> _Figure:
        parts = self._parts()
        if self.definition.parsed is None:
            figure = self._typed_value()
        else:
            figure = self._reckoned(self.definition.parsed.expression)
        figure.parts = parts
        stated = self._choice("absence", tuple(Absence))
        if stated:
            figure.absence = Absence(stated)
        if figure.value is None and figure.absence is None and figure.outcome is None:
            self._sum_of_parts(figure)
        return figure

    def _typed_value(self) -> _Figure:
        box = Box("value", "", Kind.VALUE, self.definition.measure)
        number = self._number(box)
        return _Figure(value=number.value, absence=number.absence)

    def _parts(self) -> tuple[Part, ...]:
        parts = []
        for box in self.boxes:
            if box.kind == Kind.PART:
                number = self._number(box)
                if number.absence:
                    self._wrong(box.name, "absence-in-part")
                parts.append(Part(box.label, number.value))
        return tuple(parts)

    def _reckoned(self, expression: Expression) -> _Figure:
        """Return the value that the formula gives for its boxes."""
        inputs, previous = {}, dict(self.definition.previous)
        absences: list[tuple[str, Absence]] = []
        for box in self.boxes:
            if box.kind not in (Kind.INPUT, Kind.PREVIOUS):
                continue
            number = self._counted(box)
            if number.absence:
                absences.append((box.name, number.absence))
            if box.kind == Kind.INPUT:
                inputs[box.label] = number.value
            elif number.value is not None:
                previous[box.label] = number.value
        figure = _Figure(inputs=tuple(Input(*pair) for pair in inputs.items()))
        figure.absence = self._absence_of(absences, inputs)
        if all(value is None for value in inputs.values()):
            return self._instead(figure)
        # What is typed as it is gets no rounding: only what is reckoned does.
        is_typed = self.definition.is_single
        decimals = None if is_typed else min(self.definition.decimals, MOST_DECIMALS)
        outcome = evaluate(expression, inputs, previous, decimals)
        figure.outcome = outcome
        if outcome.problem != Failure.MISSING:
            figure.computation = _computation(outcome, self.definition.period)
        figure.value = self._storable(outcome)
        self._instead(figure)
        is_undivided = outcome.problem == Failure.DIVISION_BY_ZERO
        if is_undivided and not (figure.absence or self._has("absence")):
            self._wrong(self._divisor(outcome), "division-by-zero")
        return figure

    def _counted(self, box: Box) -> Number:
        """Return the number of an input; things are not counted below 0."""
        number = self._number(box)
        if number.value is None or number.value >= 0 or not counts_things(box.unit):
            return number
        if any(word in box.label for word in _CHANGES):
            return number
        self._wrong(box.name, "count-below-zero", unit=box.unit)
        return Number()

    def _absence_of(
        self, absences: list[tuple[str, Absence]], inputs: Mapping[str, Decimal | None]
    ) -> Absence | None:
        """Return the absence that inputs were filled with, where none has a number."""
        if not absences:
            return None
        is_alone = all(value is None for value in inputs.values())
        if is_alone and len({absence for _, absence in absences}) == 1:
            return absences[0][1]
        for name, _ in absences:
            self._wrong(name, "value-and-absence")
        return None

    def _instead(self, figure: _Figure) -> _Figure:
        """Take in what stands in the box of the value where a formula gives it."""
        number = number_of(self._typed("value"), self.definition.measure)
        if number.absence and figure.absence is None:
            figure.absence = number.absence
        elif (number.value, number.code) != (None, "") and number.value != figure.value:
            self._wrong("value", "value-is-reckoned")
        return figure

    def _storable(self, outcome: Outcome) -> Decimal | None:
        if outcome.problem == Failure.OUT_OF_RANGE:
            self._wrong("value", "too-large", maximum=str(MOST_DIGITS))
        value = outcome.value
        if value is None:
            return None
        if code := unstorable(value):
            self._wrong("value", code, maximum=str(MOST_DIGITS))
            return None
        return value

    def _divisor(self, outcome: Outcome) -> str:
        """Return the box of the formula whose 0 something is divided by."""
        parsed = self.definition.parsed
        divisor = parsed.denominator if parsed is not None else None
        inside = labels_of(divisor) if divisor is not None else ()
        for box in self.boxes:
            is_zero = box.kind == Kind.INPUT and outcome.inputs.get(box.label) == 0
            if is_zero and (not inside or box.label in inside):
                return box.name
        return "value"

    def _sum_of_parts(self, figure: _Figure) -> None:
        """Give the sum of a breakdown as the value, where all parts are there."""
        target = self.definition.target
        if target is None or self._has("value") or not is_sum(target):
            return
        expression: Expression = Label(figure.parts[0].label)
        for part in figure.parts[1:]:
            expression = Binary("+", expression, Label(part.label))
        inputs = {part.label: part.value for part in figure.parts}
        outcome = evaluate(expression, inputs)
        figure.value = self._storable(outcome)
        if figure.value is not None:
            figure.outcome = outcome
            figure.computation = _computation(outcome, self.definition.period)


def _computation(outcome: Outcome, period: Period) -> dict[str, Any]:
    """Return how a value was reckoned, as `Figure.computation` keeps it."""
    before = Period(max(period.year - 1, FIRST_YEAR), period.kind, period.number)
    needed = previous_of(outcome.expression)
    inputs = [
        {"label": label, "period": when.code, "value": number_text(value)}
        for when, figures in ((period, outcome.inputs), (before, outcome.previous))
        for label, value in figures.items()
        if value is not None and (when is period or label in needed)
    ]
    return {"expression": text_of(outcome.expression), "inputs": inputs}
