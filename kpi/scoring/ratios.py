"""Achievement, and whether the target is reached."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bsc.numbers import half_up
from kpi.scoring.figures import (
    EXACT,
    HUNDRED,
    ActualFigure,
    Comparator,
    Direction,
    TargetFigure,
)


def achievement(
    direction: Direction, target: Decimal | None, actual: Decimal | None
) -> Decimal | None:
    """Return the achievement, in percent, exact and uncapped.

    None where a number is missing, and for a target of 0. An unconfirmed
    direction is reckoned as positive.

    Source: docs/rules.md, "Achievement".
    """
    if target is None or actual is None or not target:
        return None
    if direction == Direction.NEGATIVE:
        if target > 0 and actual > 0:
            return EXACT.divide(EXACT.multiply(target, HUNDRED), actual)
        gain = EXACT.subtract(target, actual)
    elif target > 0:
        return EXACT.divide(EXACT.multiply(actual, HUNDRED), target)
    else:
        gain = EXACT.subtract(actual, target)
    percent = EXACT.divide(EXACT.multiply(gain, HUNDRED), EXACT.abs(target))
    return EXACT.add(HUNDRED, percent)


def is_ratio_meaningless(
    direction: Direction, target: Decimal | None, actual: Decimal | None
) -> bool:
    """Say whether a negative KPI has no ratio, its actual or target being below 0.

    Source: docs/rules.md, "Achievement".
    """
    if direction != Direction.NEGATIVE or not target or actual is None:
        return False
    return target < 0 or actual <= 0


def printed_achievement(value: Decimal, decimals: int = 1) -> Decimal:
    """Return an achievement as it is printed: half up, never capped.

    Source: docs/rules.md, "Achievement".
    """
    return half_up(value, decimals)


class Ground(StrEnum):
    """What decided whether a target is reached."""

    COMPARATOR = "comparator"
    DIRECTION = "direction"
    PARTS = "parts"
    OVERALL = "overall"
    STATED = "stated"


class Verdict(NamedTuple):
    """Whether the target is reached, None while nobody can say, and on what ground."""

    reached: bool | None
    ground: Ground | None


_OPEN = Verdict(None, None)


def required(direction: Direction, comparator: Comparator | None) -> Comparator:
    """Return how the actual must stand: the comparator, else what direction asks."""
    if comparator:
        return comparator
    if direction == Direction.NEGATIVE:
        return Comparator.AT_MOST
    return Comparator.AT_LEAST


def is_against(direction: Direction, comparator: Comparator | None) -> bool:
    """Say whether a comparator asks for the opposite of what the direction does."""
    if comparator is None:
        return False
    if direction == Direction.NEGATIVE:
        return comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
    return comparator in (Comparator.AT_MOST, Comparator.BELOW)


def reached(
    direction: Direction, target: TargetFigure | None, actual: ActualFigure | None
) -> bool | None:
    """Return whether the target is reached, exactly; None while nobody can say.

    It follows neither from a light nor from a rounded achievement.

    Source: docs/rules.md, "Reached".
    """
    return verdict(direction, target, actual).reached


def verdict(
    direction: Direction, target: TargetFigure | None, actual: ActualFigure | None
) -> Verdict:
    """Return whether the target is reached, and what decided it.

    Source: docs/rules.md, "Reached".
    """
    if target is None or actual is None or actual.absence:
        return _OPEN
    if target.is_in_parts:
        by_parts = _reached_in_parts(direction, target, actual)
        if by_parts is not None:
            return Verdict(by_parts, Ground.PARTS)
    overall = target.overall
    if overall is not None and actual.value is not None:
        comparator = target.overall_comparator
        if target.is_in_parts:
            ground = Ground.OVERALL
        else:
            ground = Ground.COMPARATOR if comparator else Ground.DIRECTION
        holds = required(direction, comparator).holds(actual.value, overall)
        return Verdict(holds, ground)
    if actual.reached is not None:
        return Verdict(actual.reached, Ground.STATED)
    return _OPEN


def pairs_of_parts(
    target: TargetFigure, actual: ActualFigure
) -> list[tuple[str, Decimal, Comparator | None, Decimal]]:
    """Return label, target, comparator and actual of each part that has both."""
    measured = {part.label: part.value for part in actual.parts}
    pairs = []
    for part in target.parts:
        value = measured.get(part.label)
        if part.value is not None and value is not None:
            comparator = part.comparator or target.comparator
            pairs.append((part.label, part.value, comparator, value))
    return pairs


def _reached_in_parts(
    direction: Direction, target: TargetFigure, actual: ActualFigure
) -> bool | None:
    """Return whether every part is reached; None unless each of them was measured."""
    pairs = pairs_of_parts(target, actual)
    if len(pairs) < len(target.parts):
        return None
    return all(
        required(direction, comparator).holds(value, aim)
        for _, aim, comparator, value in pairs
    )
