"""A bullet bar: one actual against its target, as numbers an SVG can draw.

Pure: a scale of few round numbers that holds 0, the actual and the target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bsc.numbers import half_up, plain

WIDTH = 384
MOST_STEPS = 4
_MULTIPLES = (Decimal(1), Decimal(2), Decimal(5))


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on the scale: where it stands, and how its text is anchored."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bar from 0 to the actual, a mark at the target; places are SVG units."""

    ticks: tuple[Tick, ...]
    bar_x: str
    bar_width: str
    zero_x: str
    target_x: str
    label_x: str
    label_anchor: str


def bullet(actual: Decimal, target: Decimal) -> Bullet:
    """Return the bar of `actual` against `target` on a scale of at most 5 numbers."""
    low = min(actual, target, Decimal(0))
    high = max(actual, target, Decimal(0)) if actual or target else Decimal(1)
    step = _step(low, high)
    start = (low / step).to_integral_value(ROUND_FLOOR) * step
    end = (high / step).to_integral_value(ROUND_CEILING) * step

    def place(value: Decimal) -> Decimal:
        return (value - start) / (end - start) * WIDTH

    zero, mark, tip = place(Decimal(0)), place(target), place(actual)
    is_right = mark > WIDTH // 3
    return Bullet(
        ticks=tuple(
            Tick(_text(place(value)), plain(value), _anchor(value, start, end))
            for value in _values(start, end, step)
        ),
        bar_x=_text(min(zero, tip)),
        bar_width=_text(abs(tip - zero)),
        zero_x=_text(zero),
        target_x=_text(mark),
        label_x=_text(mark - 6 if is_right else mark + 6),
        label_anchor="end" if is_right else "start",
    )


def _step(low: Decimal, high: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 5, 10 … that takes few steps from low to high."""
    power = Decimal(1).scaleb((high - low).adjusted() - 1)
    while True:
        for multiple in _MULTIPLES:
            step = multiple * power
            below = (low / step).to_integral_value(ROUND_FLOOR)
            above = (high / step).to_integral_value(ROUND_CEILING)
            if 1 <= above - below <= MOST_STEPS:
                return step
        power *= 10


def _values(start: Decimal, end: Decimal, step: Decimal) -> Iterator[Decimal]:
    value = start
    while value <= end:
        yield value
        value += step


def _anchor(value: Decimal, start: Decimal, end: Decimal) -> str:
    if value == start:
        return "start"
    return "end" if value == end else "middle"


def _text(place: Decimal) -> str:
    return f"{half_up(place, 1):f}"
