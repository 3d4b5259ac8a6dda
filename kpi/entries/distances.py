"""`distance`: how much is missing to the target, in the unit of the work."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpi.entries.definitions import Definition
from kpi.entries.reading import Reading
from kpi.entries.texts import INTEGER_DIGITS, places_of, unit_of_label, unit_word
from kpi.formula import Outcome, Parsed, evaluate, labels_of
from kpi.scoring import Comparator, Ground, verdict
from kpi.scoring.ratios import required

_UPWARDS = (Comparator.AT_LEAST, Comparator.ABOVE)
_OPERAND = r"(?:[^\s()]+|\([^()]*\))"
# (22 / 46) * 100: brackets around what is reckoned first anyway say nothing.
_FIRST = re.compile(rf"^\(({_OPERAND} [*/] {_OPERAND})\)(?= [*/] )")


@dataclass(frozen=True, slots=True)
class Distance:
    """What would have been enough: 再 1 件即達標：22 ÷ 46 × 100 ＝ 47.83.

    `amount` is how much more (below 0: how much less) of a box, counted in `unit`. The
    box is the one named `label`, or the whole numerator where that is "". `value` is what the KPI would be then, and `calculation` how it is reckoned
    with the figures put in: "22 ÷ 46 × 100". Where the value itself is typed, it is "",
    and `unit` is the measure.
    """

    amount: Decimal
    unit: str
    label: str
    value: Decimal
    calculation: str = ""


def distance(definition: Definition, reading: Reading) -> Distance | None:
    """Return the smallest change that reaches the target; None where none is needed.

    It is a change of one box of the numerator, in whole units where whole ones were
    entered, else one of the value in its measure. None also without a number on both
    sides.

    Source: docs/rules.md, "Distance to the target".
    """
    value, goal, target = reading.value, definition.goal, definition.target
    if value is None or goal is None or target is None:
        return None
    decided = verdict(definition.direction, target, reading.figure)
    if decided.reached is not False or decided.ground == Ground.PARTS:
        return None
    asked = required(definition.direction, target.overall_comparator)
    # An exact target is met by no smallest change, but told by how far it is.
    is_searched = not definition.is_single and asked != Comparator.EQUAL
    parsed = definition.parsed if is_searched else None
    if parsed is not None and reading.outcome is not None:
        changes = [*_changes(parsed, reading.outcome, asked, goal)]
        if changes:
            return min(changes, key=lambda change: abs(change.amount))
    return _in_measure(definition, value, goal, asked)


def _in_measure(
    definition: Definition, value: Decimal, goal: Decimal, asked: Comparator
) -> Distance:
    enough = goal
    if not asked.holds(goal, goal):
        places = max(definition.decimals, places_of(goal))
        step = Decimal(1).scaleb(-min(places, 6))
        enough = goal + step if asked == Comparator.ABOVE else goal - step
    return Distance(enough - value, unit_word(definition.measure), "", enough)


def _changes(
    parsed: Parsed, outcome: Outcome, asked: Comparator, goal: Decimal
) -> Iterator[Distance]:
    """Return what each box of the numerator would have to be, where one is enough."""
    below = set(labels_of(parsed.denominator)) if parsed.denominator else set()
    above = labels_of(parsed.numerator) if parsed.numerator else parsed.labels
    units = [unit_of_label(label) for label in (*above, *parsed.labels)]
    for label in above:
        if label in below:
            continue
        change = _smallest(label, outcome, asked, goal)
        if change is not None:
            unit = unit_of_label(label) or next(filter(None, units), "")
            name = "" if above == (label,) else label
            now = outcome.inputs[label] or Decimal(0)
            then = _with(label, now + change, outcome)
            enough = then.value or Decimal(0)
            yield Distance(change, unit, name, enough, calculation_text(then))


def _smallest(
    label: str, outcome: Outcome, asked: Comparator, goal: Decimal
) -> Decimal | None:
    """Return the smallest change of one box that is enough, None where none is.

    The steps are doubled until one is enough, then halved: what the box does to the
    value goes one way, or the answer is not found and none is given.
    """
    now = outcome.inputs.get(label)
    if now is None:
        return None
    step = Decimal(1).scaleb(-places_of(now))

    def is_enough(steps: int) -> bool:
        value = _with(label, now + steps * step, outcome).value
        return value is not None and asked.holds(value, goal)

    for sign in (1, -1):
        if _goes_up(label, now, sign * step, outcome) is (asked in _UPWARDS):
            steps = _fewest(is_enough, sign, now, step)
            return None if steps is None else steps * step
    return None


def _fewest(
    is_enough: Callable[[int], bool], sign: int, now: Decimal, step: Decimal
) -> int | None:
    high = 1
    most = int(now / step) if sign < 0 else 10**INTEGER_DIGITS
    while not is_enough(sign * min(high, most)):
        if high >= most:
            return None
        high *= 2
    low, high = high // 2, min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        if is_enough(sign * middle):
            high = middle
        else:
            low = middle
    return sign * high


def _goes_up(
    label: str, now: Decimal, change: Decimal, outcome: Outcome
) -> bool | None:
    """Return whether a change of one box raises the value, None where it stays."""
    exact = evaluate(outcome.expression, outcome.inputs, outcome.previous).value
    inputs = {**outcome.inputs, label: now + change}
    moved = evaluate(outcome.expression, inputs, outcome.previous).value
    if exact is None or moved is None or exact == moved:
        return None
    return moved > exact


def _with(label: str, value: Decimal, outcome: Outcome) -> Outcome:
    inputs = {**outcome.inputs, label: value}
    return evaluate(outcome.expression, inputs, outcome.previous, outcome.decimals)


def calculation_text(outcome: Outcome) -> str:
    """Return a calculation with its figures put in: 22 ÷ 46 × 100; "" without one."""
    for step in outcome.trace:
        if step.code == "calculation":
            parts = _FIRST.sub(r"\1", step.params["parts"])
            return parts.replace(" / ", " ÷ ").replace(" * ", " × ")
    return ""
