"""Actuals made of several: means, and rates of pooled amounts."""

from collections.abc import Sequence
from decimal import Decimal

from bsc.numbers import half_up
from kpi.scoring.figures import EXACT, HUNDRED, ZERO


def _sum(values: Sequence[Decimal]) -> Decimal:
    answer = ZERO
    for value in values:
        answer = EXACT.add(answer, value)
    return answer


def mean(
    parts: Sequence[Decimal | None], decimals: int | None = None
) -> Decimal | None:
    """Return the unweighted mean, rounded half up where `decimals` says so.

    None where a part is missing, or where there is none: a missing part is not 0.

    Source: docs/rules.md, "Composite actuals".
    """
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    answer = EXACT.divide(_sum(known), Decimal(len(known)))
    return answer if decimals is None else half_up(answer, decimals)


def pooled_rate(
    numerators: Sequence[Decimal],
    denominators: Sequence[Decimal],
    exclusions: Sequence[Decimal] = (),
    *,
    base: Decimal = HUNDRED,
    decimals: int | None = None,
) -> Decimal | None:
    """Return the sum of the numerators over the sum of the denominators.

    Amounts in `exclusions` leave the denominator. The rate is in percent, or
    of another `base` (1,000; 100,000). None where no denominator is left.

    Source: docs/rules.md, "Composite actuals".
    """
    whole = EXACT.subtract(_sum(denominators), _sum(exclusions))
    if whole <= 0:
        return None
    answer = EXACT.divide(EXACT.multiply(_sum(numerators), base), whole)
    return answer if decimals is None else half_up(answer, decimals)
