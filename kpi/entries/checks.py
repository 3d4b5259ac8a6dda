"""`doubts`: figures that ask for a second look, and one confirmation each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bsc.numbers import half_up, plain
from kpi.entries.bounds import (
    SLIPS,
    has_natural_bound_at,
    is_far,
    slip_of,
)
from kpi.entries.boxes import figure_boxes
from kpi.entries.codes import CheckCode
from kpi.entries.definitions import Definition, Kind, is_sum
from kpi.entries.reading import Reading
from kpi.entries.texts import counts_things, places_of
from kpi.formula import Kind as FormulaKind
from kpi.formula import base_of, evaluate
from kpi.formula.writing import number_text

HUNDRED = Decimal(100)
# A whole number below this may well be last year's by chance.
STRIKING = 100


@dataclass(frozen=True, slots=True)
class Check:
    """A figure that may be a slip: asked once, and never in the way of a true one.

    `box` is where it is asked, `value` the figure it is asked about, as a decimal
    string: another figure is asked about again. `key` is what `Entry.confirmed` is
    keyed by: the code, and the box where it is not the figure of the KPI itself.
    """

    code: CheckCode
    box: str
    params: Mapping[str, str] = field(default_factory=dict)
    value: str = ""

    @property
    def key(self) -> str:
        return self.code if self.box == "value" else f"{self.code} {self.box}"


def doubts(reading: Reading, definition: Definition) -> tuple[Check, ...]:
    """Return what is asked about the figures of `reading`, each code once a box.

    Codes: outside-bounds, over-whole, below-zero, tenfold, hundredfold, thousandfold,
    far-from-series, equal-to-target, parts-differ, counterpart-differs, more-decimals,
    unchanged-from-last-year, fraction-of-count.

    Source: docs/rules.md, "Checks while typing".
    """
    if reading.absence is not None:
        return ()
    of_inputs = () if definition.is_single else tuple(_of_inputs(reading, definition))
    has_slip = any(check.code in SLIPS for check in of_inputs)
    return (*of_inputs, *_of_value(reading, definition, has_slip))


def unconfirmed(
    checks: Iterable[Check], confirmed: Mapping[str, str]
) -> tuple[Check, ...]:
    """Return the checks that nobody confirmed for the figure that stands now.

    `confirmed` maps `Check.key` to `Check.value`, as `Entry.confirmed` keeps it.
    """
    return tuple(each for each in checks if confirmed.get(each.key) != each.value)


def _asked(code: CheckCode, value: Decimal, box: str = "value", **params: str) -> Check:
    text = _text(value)
    return Check(code, box, {"value": text, **params}, text)


def _text(value: Decimal) -> str:
    return number_text(value)


# Each input by itself.


def _of_inputs(reading: Reading, definition: Definition) -> Iterator[Check]:
    figures = {each.label: each.value for each in reading.inputs}
    for box in figure_boxes(definition):
        value = figures.get(box.label) if box.kind == Kind.INPUT else None
        if value is None:
            continue
        if counts_things(box.unit) and places_of(value):
            params = {"label": box.label, "unit": box.unit}
            yield _asked("fraction-of-count", value, box.name, **params)
        if box.past is not None and (slip := slip_of(value, (box.past,))):
            params = {"label": box.label, "usual": _text(box.past)}
            yield _asked(slip, value, box.name, **params)


# The figure of the KPI.


def _of_value(
    reading: Reading, definition: Definition, has_slip: bool
) -> Iterator[Check]:
    value = reading.value
    if value is None:
        yield from _of_words(reading, definition)
        return
    odd = None if has_slip else _of_series(value, reading, definition)
    if odd is not None:
        yield odd
    elif not has_slip:
        yield from _of_bounds(value, reading, definition)
    is_whole_year = reading.month_from is None
    if value == definition.goal and not has_natural_bound_at(value, definition):
        yield _asked("equal-to-target", value)
    elif value == definition.last and is_whole_year:
        is_striking = places_of(value) > 0 or abs(value) >= STRIKING
        if is_striking and not has_natural_bound_at(value, definition):
            yield _asked("unchanged-from-last-year", value)
    yield from _of_parts(value, reading, definition)
    yield from _of_counterparts(value, definition)
    # One question where the digits slipped: not also how many stand behind the point.
    has_slip = has_slip or (odd is not None and odd.code in SLIPS)
    is_typed = reading.outcome is None or definition.is_single
    if not is_typed or has_slip:
        return
    if places_of(value) > definition.decimals:
        yield _asked("more-decimals", value, decimals=str(definition.decimals))
    elif counts_things(definition.measure) and places_of(value):
        yield _asked("fraction-of-count", value, unit=definition.measure)


def _of_words(reading: Reading, definition: Definition) -> Iterator[Check]:
    target = definition.target
    if reading.text and target is not None and reading.text == target.text.strip():
        yield Check("equal-to-target", "text", {"value": reading.text}, reading.text)


def _of_bounds(
    value: Decimal, reading: Reading, definition: Definition
) -> Iterator[Check]:
    low, high, known = definition.minimum, definition.maximum, _known(definition)
    if low is not None and value < low:
        yield _asked("outside-bounds", value, bound=_text(low), sign="<")
    elif high is not None and value > high:
        yield _asked("outside-bounds", value, bound=_text(high), sign=">")
    elif high is None and _is_over_whole(value, reading, definition):
        yield _asked("over-whole", value)
    elif low is None and value < 0 and known and min(known) >= 0:
        yield _asked("below-zero", value)


def _known(definition: Definition) -> tuple[Decimal, ...]:
    """Return the figures that say what is usual: earlier years', and the target.

    The target is one of the year: a month may be a twelfth of it without a slip.
    """
    if definition.goal is None or not definition.is_of_year:
        return definition.comparable
    return (*definition.comparable, definition.goal)


def _is_over_whole(value: Decimal, reading: Reading, definition: Definition) -> bool:
    """Say whether a share is more than all, where it never was and is not meant to."""
    parsed = definition.parsed
    if parsed is None or reading.outcome is None:
        known = _known(definition)
        is_share = base_of(definition.measure) == HUNDRED and bool(known)
        return is_share and value > HUNDRED and all(each < HUNDRED for each in known)
    over, under = parsed.numerator, parsed.denominator
    if over is None or under is None or parsed.kind != FormulaKind.RATIO:
        return False
    figures, previous = reading.outcome.inputs, reading.outcome.previous
    share = evaluate(over, figures, previous).value
    whole = evaluate(under, figures, previous).value
    if share is None or whole is None or share <= whole:
        return False
    return all(each <= parsed.factor for each in _known(definition))


def _of_series(
    value: Decimal, reading: Reading, definition: Definition
) -> Check | None:
    """Return a slip of digits, else a figure far from those of earlier years."""
    known = _known(definition)
    # The half of a year is no slip, but may be a tenth of a sum.
    if reading.month_from is None and (slip := slip_of(value, known)):
        usual = definition.last
        if usual is None:
            usual = known[-1]
        return _asked(slip, value, usual=_text(usual))
    if reading.month_from is None and is_far(value, reading, definition):
        series = definition.comparable
        return _asked(
            "far-from-series",
            value,
            lowest=_text(min(series)),
            highest=_text(max(series)),
            years=str(len(series)),
        )
    return None


def _of_parts(
    value: Decimal, reading: Reading, definition: Definition
) -> Iterator[Check]:
    """Ask where parts do not give the whole: their sum, or what lies between them."""
    target, parts = definition.target, reading.measured
    if target is None or not parts or len(parts) < len(target.parts):
        return
    figures = [part.value for part in parts if part.value is not None]
    total = sum(figures, Decimal(0))
    if is_sum(target) and total != value:
        yield _asked("parts-differ", value, sum=_text(total))
    elif target.is_in_parts and not min(figures) <= value <= max(figures):
        low, high = _text(min(figures)), _text(max(figures))
        yield _asked("parts-differ", value, lowest=low, highest=high)


def _of_counterparts(value: Decimal, definition: Definition) -> Iterator[Check]:
    """Ask where another card says something else of the same thing, as it prints it."""
    others = []
    for other in definition.counterparts:
        places = min(places_of(value), places_of(other.value))
        if half_up(value, places) != half_up(other.value, places):
            others.append(f"{other.label} {plain(other.value, grouped=True)}")
    if others:
        yield _asked("counterpart-differs", value, others="、".join(others))
