"""Small drawings of the entry page: the line of the last years, and the gauge."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bsc.numbers import half_up, plain
from kpi.scoring import Light, Rules
from kpi.wording import LIGHTS, SYMBOLS

WIDTH = 328
_TOP, _BOTTOM = Decimal("10.5"), Decimal("37.5")
_GAP = 1


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Spark:
    """The last years as points in their columns, this year's hollow, the target dashed.

    A year without a number leaves a gap: `lines` join only neighbours.
    """

    points: tuple[Point, ...]
    lines: tuple[str, ...]
    target_y: str
    now: Point | None
    now_line: str


def spark(
    past: Sequence[Decimal | None], target: Decimal | None, now: Decimal | None
) -> Spark | None:
    """Return the drawing of some years, oldest first; None where nothing is known."""
    known = [value for value in (*past, target, now) if value is not None]
    if not known or all(value is None for value in (*past, now)):
        return None
    low, high = min(known), max(known)
    columns = len(past) + 1

    def place(column: int, value: Decimal) -> Point:
        share = (high - value) / (high - low) if high > low else Decimal("0.5")
        x = Decimal(WIDTH) * (2 * column + 1) / (2 * columns)
        return Point(_text(x), _text(_TOP + (_BOTTOM - _TOP) * share))

    places = [
        None if value is None else place(column, value)
        for column, value in enumerate(past)
    ]
    here = None if now is None else place(len(past), now)
    lines = tuple(
        f"M{left.x} {left.y}L{right.x} {right.y}"
        for left, right in pairwise(places)
        if left and right
    )
    last = places[-1] if places else None
    return Spark(
        points=tuple(point for point in places if point),
        lines=lines,
        target_y="" if target is None else place(0, target).y,
        now=here,
        now_line=f"M{last.x} {last.y}L{here.x} {here.y}" if last and here else "",
    )


@dataclass(frozen=True, slots=True)
class Zone:
    """A band of the rules on the gauge, from the worst on the left to the best."""

    x: str
    width: str
    middle: str
    light: str
    word: str
    lower: str
    lower_x: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where a measured number falls among the bands: `x` is its mark."""

    zones: tuple[Zone, ...]
    x: str
    tip: str
    text: str
    text_x: str
    anchor: str


def gauge(rules: Rules, measured: Decimal, text: str) -> Gauge | None:
    """Return the bands in equal widths with a mark at `measured`, in percent or points.

    None where the rules have no bands to fall into.
    """
    bands = list(reversed(rules.bands))
    bounds = [band.lower for band in bands[1:]]
    if len(bands) < 2 or any(bound is None for bound in bounds):
        return None
    width = Decimal(WIDTH) / len(bands)
    zones = tuple(
        Zone(
            x=_text(width * place),
            width=_text(width - _GAP),
            middle=_text(width * place + width / 2),
            light=str(band.light),
            word=f"{SYMBOLS[Light(band.light)]} {LIGHTS[Light(band.light)]}",
            lower="" if band.lower is None else plain(band.lower),
            lower_x=_text(width * place),
        )
        for place, band in enumerate(bands)
    )
    x = width * _place(measured, [bound for bound in bounds if bound is not None])
    is_right = x > WIDTH // 2
    return Gauge(
        zones=zones,
        x=_text(x),
        tip=f"M{_text(x - 5)} 12h10l-5 7z",
        text=text,
        text_x=_text(x - 10 if is_right else x + 10),
        anchor="end" if is_right else "start",
    )


def _place(measured: Decimal, bounds: list[Decimal]) -> Decimal:
    """Return how many bands lie to the left of `measured`, with its part of its own."""
    first, last = bounds[0], bounds[-1]
    step = bounds[1] - first if len(bounds) > 1 else max(abs(first), Decimal(1))
    edges = [first - step, *bounds, last + step]
    inside = min(max(measured, edges[0]), edges[-1])
    for place, (lower, upper) in enumerate(pairwise(edges)):
        if inside < upper or place == len(edges) - 2:
            share = (inside - lower) / (upper - lower)
            return place + min(share, Decimal("0.97"))
    return Decimal(0)


def _text(place: Decimal) -> str:
    return f"{half_up(place, 1):f}"
