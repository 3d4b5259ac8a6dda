"""What is usual for a figure: natural bounds, slips of digits, distance from a series."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kpi.entries.codes import CheckCode
from kpi.entries.definitions import Definition
from kpi.entries.reading import Reading
from kpi.entries.texts import counts_things
from kpi.formula import base_of, evaluate
from kpi.scoring.figures import EXACT

# How many places the digits slipped, either way.
SLIPS: dict[CheckCode, int] = {"tenfold": 1, "hundredfold": 2, "thousandfold": 3}
# Moved back, a slip lies that near to a usual figure …
NEAREST, FARTHEST = Decimal("0.6"), Decimal("1.6")
# … and as it stands, that far from all of them.
APART = Decimal(4)

FEWEST_YEARS = 3
# So many spreads from the middle of the series are far.
FAR = Decimal(4)
# The middle deviation, made comparable with a standard deviation.
ROBUST = Decimal("1.4826")
LEAST_SPREAD = Decimal("0.05")
HUNDRED = Decimal(100)


def has_natural_bound_at(value: Decimal, definition: Definition) -> bool:
    """Say whether `value` is as much or as little as there can be: 100 %, 0."""
    is_all = base_of(definition.measure) == HUNDRED and value == HUNDRED
    return is_all or value in (definition.minimum, definition.maximum, 0)


def slip_of(value: Decimal, known: Sequence[Decimal]) -> CheckCode | None:
    """Return the slip that makes `value` of a usual figure, None where it is none.

    One usual figure must be near once the digits are moved back, and none of them
    may be near as they stand.
    """
    usual = [abs(each) for each in known if each]
    size = abs(value)
    if not size or any(size < APART * each and each < APART * size for each in usual):
        return None
    for code, places in SLIPS.items():
        for moved in (size.scaleb(-places), size.scaleb(places)):
            if any(each * NEAREST <= moved <= each * FARTHEST for each in usual):
                return code
    return None


def is_far(value: Decimal, reading: Reading, definition: Definition) -> bool:
    """Say whether a figure is far from the middle of at least three earlier years.

    A figure between the series and the target is never far: it is what is worked for.
    How far a small count, or a share of few cases, moves by chance is allowed for.
    """
    series = definition.comparable
    if len(series) < FEWEST_YEARS:
        return False
    middle = _median(series)
    spread = max(
        EXACT.multiply(ROBUST, _median([abs(each - middle) for each in series])),
        EXACT.multiply(LEAST_SPREAD, abs(middle)),
        _chance(middle, reading, definition),
    )
    goal = middle if definition.goal is None else definition.goal
    reach = EXACT.multiply(FAR, spread)
    return not min(middle, goal) - reach <= value <= max(middle, goal) + reach


def _chance(middle: Decimal, reading: Reading, definition: Definition) -> Decimal:
    """Return how far a figure moves by chance alone: a count, a share of few cases."""
    if counts_things(definition.measure):
        return EXACT.sqrt(max(abs(middle), Decimal(1)))
    parsed = definition.parsed
    if parsed is None or parsed.denominator is None or reading.outcome is None:
        return Decimal(0)
    outcome = reading.outcome
    cases = evaluate(parsed.denominator, outcome.inputs, outcome.previous).value
    if cases is None or cases <= 0 or parsed.factor <= 0:
        return Decimal(0)
    share = EXACT.divide(middle, parsed.factor)
    variance = max(EXACT.multiply(share, 1 - share), Decimal("0.01"))
    return EXACT.multiply(parsed.factor, EXACT.sqrt(EXACT.divide(variance, cases)))


def _median(values: Iterable[Decimal]) -> Decimal:
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return EXACT.divide(EXACT.add(ordered[half - 1], ordered[half]), Decimal(2))
