"""Each KPI of a card with its official result: as printed, else as reckoned."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bsc.models import Scorecard
from bsc.numbers import achievement_text, half_up, points
from kpi.models import Actual, Kpi, PublishedResult, Result
from kpi.scoring import Absence, Light, Step
from kpi.wording import trace_text

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class OfficialResult:
    """One KPI in one period: what was printed, what the rules give, both or neither.

    It can be counted by `kpi.scoring.counts` and rolled up by `roll_up`.
    """

    kpi: Kpi
    published: PublishedResult | None
    computed: Result | None
    actual: Actual | None

    @property
    def light(self) -> str:
        found = self.published or self.computed
        return found.light if found else Light.UNKNOWN.value

    @property
    def total(self) -> Decimal | None:
        found = self.published or self.computed
        return found.total if found else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached: by the rules, else by the printed ratio."""
        if self.computed and self.computed.is_reached is not None:
            return self.computed.is_reached
        if self.published and self.published.achievement is not None:
            return self.published.achievement >= FULL
        return None

    @property
    def absence(self) -> str | None:
        if self.actual is not None and self.actual.absence:
            return Absence(self.actual.absence)
        return None

    @property
    def counted(self) -> Decimal | None:
        found = self.published or self.computed
        if found is None or found.achievement is None:
            return None
        return min(max(found.achievement, Decimal(0)), FULL)

    @property
    def exists(self) -> bool:
        return self.published is not None or self.computed is not None

    @property
    def achievement_text(self) -> str:
        """The printed achievement, else the one reckoned, as it would be printed."""
        if self.published and self.published.texts.get("achievement"):
            return self.published.texts["achievement"]
        return self.computed_achievement_text

    @property
    def computed_achievement_text(self) -> str:
        if self.computed is None or self.computed.achievement is None:
            return ""
        return achievement_text(
            self.computed.achievement, self.kpi.achievement_decimals
        )

    @property
    def total_text(self) -> str:
        if self.published and self.published.texts.get("total"):
            return self.published.texts["total"]
        return self.computed_total_text

    @property
    def computed_total_text(self) -> str:
        if self.computed is None or self.computed.total is None:
            return ""
        return points(self.computed.total, total_decimals(self.computed))

    @property
    def trace_lines(self) -> tuple[str, ...]:
        return trace_lines(self.computed)

    @property
    def differences(self) -> tuple[str, ...]:
        """What was reckoned otherwise than printed: achievement, total, light.

        Compared at the printed precision; a value that neither has is the same.
        """
        printed, result = self.published, self.computed
        if printed is None or result is None:
            return ()
        found = []
        decimals = max(
            self.kpi.achievement_decimals,
            places_of(printed.texts.get("achievement", "")),
        )
        if _rounded(printed.achievement, decimals) != _rounded(
            result.achievement, decimals
        ):
            found.append("achievement")
        if _rounded(printed.total, 1) != _rounded(result.total, 1):
            found.append("total")
        if printed.light != result.light:
            found.append("light")
        return tuple(found)


def total_decimals(result: Result) -> int:
    return result.rules.total_decimals if result.rules else 1


def places_of(text: str) -> int:
    return len(text.partition(".")[2].rstrip("%"))


def _rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    return None if value is None else half_up(value, decimals)


def trace_lines(result: Result | None) -> tuple[str, ...]:
    """Return how a result was reckoned, in words, a thought a line."""
    if result is None:
        return ()
    text = trace_text(Step(code, params) for code, params in result.trace)
    return tuple(text.splitlines())


def official_results(card: Scorecard) -> list[OfficialResult]:
    """Return the card's KPIs in order with their results of its year. 4 queries."""
    kpis = list(
        Kpi.objects.filter(scorecard=card)
        .in_plan()
        .select_related("objective__perspective", "objective__theme")
        .order_by("position", "pk")
    )
    return results_of(kpis, str(card.year))


def results_of(kpis: Iterable[Kpi], period: str) -> list[OfficialResult]:
    """Return the results of `kpis` in `period`, in their order. 3 queries."""
    kpis = list(kpis)
    cards = {kpi.scorecard_id for kpi in kpis}
    published = {
        row.kpi_id: row
        for row in PublishedResult.objects.filter(
            kpi__scorecard__in=cards, period=period
        )
    }
    computed = {
        row.kpi_id: row
        for row in Result.objects.filter(
            kpi__scorecard__in=cards,
            period=period,
            standing=Result.Standing.OFFICIAL,
        ).select_related("rules")
    }
    actuals = {
        row.series_id: row
        for row in Actual.objects.filter(
            series__kpis__scorecard__in=cards,
            period=period,
            state=Actual.State.APPROVED,
        ).distinct()
    }
    return [
        OfficialResult(
            kpi,
            published.get(kpi.pk),
            computed.get(kpi.pk),
            actuals.get(kpi.series_id),
        )
        for kpi in kpis
    ]
