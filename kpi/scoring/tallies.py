"""Many scores at once: the light table, roll-ups, and lights by quota."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from bsc.numbers import half_up
from kpi.scoring.figures import EXACT, HUNDRED, ZERO, Absence, Light
from kpi.scoring.rules import Basis, Rules
from kpi.scoring.totals import light

_FROM_THE_WORST = (Light.POOR, Light.FAIR, Light.GOOD, Light.EXCELLENT)


class Countable(Protocol):
    """What the light table asks of a result: a `Score`, or a stored row."""

    @property
    def reached(self) -> bool | None: ...
    @property
    def light(self) -> str: ...
    @property
    def absence(self) -> str | None: ...


class Ratable(Countable, Protocol):
    """What a roll-up asks of a result besides."""

    @property
    def total(self) -> Decimal | None: ...
    @property
    def counted(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """One row of the light table; `undecided` are the KPIs of none of the three.

    `lights` has every light, best first, also those that nobody has.
    """

    kpis: int
    reached: int
    not_reached: int
    no_statistics: int
    undecided: int
    lights: dict[Light, int]


def counts(results: Iterable[Countable]) -> Counts:
    """Return how many are reached, and how many have each light: two separate facts.

    Source: docs/rules.md, "Counts".
    """
    kpis = reached = not_reached = no_statistics = 0
    lights = dict.fromkeys(Light, 0)
    for result in results:
        kpis += 1
        lights[Light(result.light)] += 1
        if result.reached is not None:
            reached += result.reached
            not_reached += not result.reached
        elif result.absence == Absence.NO_STATISTICS:
            no_statistics += 1
    undecided = kpis - reached - not_reached - no_statistics
    return Counts(kpis, reached, not_reached, no_statistics, undecided, lights)


@dataclass(frozen=True, slots=True)
class Rollup:
    """How several KPIs stand together: a mean with its light, and the worst light.

    `total` is the mean of the totals, in points; under rules on the achievement
    it is None and `achievement` is the mean of the counted parts, in percent.
    `worst` is None where no KPI is rated. `is_red` says that one is poor.
    """

    total: Decimal | None
    achievement: Decimal | None
    light: Light
    worst: Light | None
    rated: int
    counts: Counts

    @property
    def is_red(self) -> bool:
        return self.worst == Light.POOR


def roll_up(
    weighted: Iterable[tuple[Ratable, Decimal]], rules: Rules | None
) -> Rollup | None:
    """Return how the results stand together, each with its weight; None without any.

    A KPI is rated where it has a light; the others leave the mean and its
    weights. Fewer rated than the rules' minimum give no mean and no light.

    Source: docs/rules.md, "Roll-up".
    """
    pairs = list(weighted)
    if not pairs:
        return None
    table = counts(result for result, _ in pairs)
    rated = [pair for pair in pairs if pair[0].light != Light.UNKNOWN]
    present = {Light(result.light) for result, _ in rated}
    worst = next((lamp for lamp in _FROM_THE_WORST if lamp in present), None)
    mean_total = mean_counted = None
    shown = Light.UNKNOWN
    if rules is not None and len(rated) >= max(rules.minimum_rated, 1):
        if rules.basis == Basis.ACHIEVEMENT:
            exact = _weighted_mean([(r.counted, w) for r, w in rated])
            shown = light(exact, rules.bands)
            mean_counted = exact
        else:
            exact = _weighted_mean([(r.total, w) for r, w in rated])
            if exact is not None:
                mean_total = half_up(exact, rules.total_decimals)
            if rules.basis == Basis.TOTAL:
                shown = light(mean_total, rules.bands)
    return Rollup(mean_total, mean_counted, shown, worst, len(rated), table)


def _weighted_mean(pairs: Sequence[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """Return the exact mean of the values that are there; None without any weight."""
    weighed = weights = ZERO
    for value, weight in pairs:
        if value is not None:
            weighed = EXACT.fma(value, weight, weighed)
            weights = EXACT.add(weights, weight)
    return EXACT.divide(weighed, weights) if weights > 0 else None


def lights_by_quota(
    totals: Sequence[Decimal | None], rules: Rules
) -> tuple[Light, ...]:
    """Return the light of each total by its rank among all, in their order.

    A band's lower bound is here the share of rated KPIs, in percent, that do
    no better, itself among them. Equal totals share the better light; without a
    total the light is unknown.

    Source: docs/rules.md, "Light".
    """
    rated = sorted(value for value in totals if value is not None)
    lights = []
    for value in totals:
        if value is None:
            lights.append(Light.UNKNOWN)
            continue
        not_better = bisect_right(rated, value)
        rank = EXACT.divide(EXACT.multiply(HUNDRED, not_better), len(rated))
        lights.append(light(rank, rules.bands))
    return tuple(lights)
