"""Which way a KPI seems to be better, and what speaks for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from kpi.scoring import (
    Direction,
    TargetFigure,
    achievement,
    printed_achievement,
)

# Words of names where a smaller number is usually the better one.
LOWER_IS_BETTER = (
    "再通報",
    "再次通報",
    "再列管",
    "再犯",
    "再發生",
    "再被害",
    "死亡",
    "輟學",
    "失業",
    "中輟",
    "發生率",
    "違規",
    "逾期",
    "申訴",
    "負向",
)


@dataclass(frozen=True)
class Hint:
    """One thing that speaks for a direction, as a code with parameters."""

    code: str
    direction: Direction
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Printed:
    """A printed achievement of one year, beside its target and actual."""

    year: int
    target: Decimal
    actual: Decimal
    achievement: Decimal
    decimals: int = 1


def hints_of(
    name: str,
    targets: Mapping[int, TargetFigure],
    printed: Iterable[Printed] = (),
) -> tuple[Hint, ...]:
    """Return what speaks for a KPI's direction, the strongest first.

    A printed achievement that only one direction gives; a comparator; targets that
    rise or fall through the years; words such as 再犯.
    """
    found = [each for one in printed for each in _by_achievement(one)]
    found += _by_comparator(targets)
    found += _by_targets(targets)
    word = next((each for each in LOWER_IS_BETTER if each in name), "")
    if word:
        found.append(Hint("word", Direction.NEGATIVE, {"word": word}))
    return tuple(found)


def _by_achievement(one: Printed) -> list[Hint]:
    fits = [
        direction
        for direction in (Direction.POSITIVE, Direction.NEGATIVE)
        if _fits(direction, one)
    ]
    if len(fits) != 1:
        return []
    params = {
        "year": str(one.year),
        "target": str(one.target),
        "actual": str(one.actual),
        "achievement": str(one.achievement),
    }
    return [Hint("achievement", fits[0], params)]


def _fits(direction: Direction, one: Printed) -> bool:
    exact = achievement(direction, one.target, one.actual)
    if exact is None:
        return False
    return printed_achievement(exact, one.decimals) == one.achievement


def _by_comparator(targets: Mapping[int, TargetFigure]) -> list[Hint]:
    found = []
    for signs, direction in (
        ("≥>", Direction.POSITIVE),
        ("≤<", Direction.NEGATIVE),
    ):
        years = [
            year
            for year, target in sorted(targets.items())
            if target.comparator is not None and str(target.comparator) in signs
        ]
        if years:
            target = targets[years[-1]]
            params = {"year": str(years[-1]), "sign": str(target.comparator)}
            found.append(Hint("comparator", direction, params))
    return found


def _by_targets(targets: Mapping[int, TargetFigure]) -> list[Hint]:
    values = [
        target.value
        for _year, target in sorted(targets.items())
        if target.value is not None
    ]
    if len(values) < 2 or values[0] == values[-1]:
        return []
    falls = all(later <= earlier for earlier, later in pairwise(values))
    rises = all(later >= earlier for earlier, later in pairwise(values))
    if not falls and not rises:
        return []
    direction = Direction.NEGATIVE if falls else Direction.POSITIVE
    code = "targets-fall" if falls else "targets-rise"
    return [Hint(code, direction, {"values": " ".join(map(str, values))})]


def is_weaker(direction: Direction, one: Decimal, other: Decimal) -> bool:
    """Say whether `one` asks for less than `other`; unconfirmed counts as positive."""
    return one > other if direction == Direction.NEGATIVE else one < other
