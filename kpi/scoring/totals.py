"""The part of an achievement that counts, the total, and its light."""

from decimal import Decimal

from bsc.numbers import half_up
from kpi.scoring.figures import EXACT, Light, Rating
from kpi.scoring.rules import Band, Rules


def counted_part(achievement: Decimal, rules: Rules) -> Decimal:
    """Return the part of an achievement, in percent, that counts.

    Source: docs/rules.md, "Total".
    """
    low, high = rules.clamp
    if low is not None and achievement < low:
        return low
    if high is not None and achievement > high:
        return high
    return achievement


def raw_total(counted: Decimal, rating: Rating | None, rules: Rules) -> Decimal | None:
    """Return the total before rounding; None without its weights or its rating."""
    weights = rules.weights
    if weights is None:
        return None
    points = EXACT.multiply(counted, weights.achievement)
    if not rules.uses_self_rating:
        return points
    if rating is None:
        return None
    points = EXACT.fma(rating.innovation, weights.innovation, points)
    points = EXACT.fma(rating.challenge, weights.challenge, points)
    return EXACT.fma(rating.contribution, weights.contribution, points)


def total(
    achievement: Decimal | None, rating: Rating | None, rules: Rules
) -> Decimal | None:
    """Return a KPI's total, in points, rounded half up to the rules' decimals.

    `achievement` is in percent and may be any number, but only the part within
    the rules' clamp counts. A missing part makes the total missing, never 0.

    Source: docs/rules.md, "Total".
    """
    if achievement is None:
        return None
    return rounded_total(counted_part(achievement, rules), rating, rules)


def rounded_total(
    counted: Decimal, rating: Rating | None, rules: Rules
) -> Decimal | None:
    """Return the total, in points, of an achievement's counted part."""
    raw = raw_total(counted, rating, rules)
    return None if raw is None else half_up(raw, rules.total_decimals)


def light(measured: Decimal | None, bands: tuple[Band, ...]) -> Light:
    """Return the light of the first band whose lower bound `measured` reaches.

    It is a total in points or an achievement in percent, as the rules' basis
    has it; without one the light is unknown.

    Source: docs/rules.md, "Light".
    """
    if measured is None:
        return Light.UNKNOWN
    for band in bands:
        if band.lower is None or measured >= band.lower:
            return band.light
    return Light.UNKNOWN
