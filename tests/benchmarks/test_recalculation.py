"""Results reckoned again: in proportion to what the database itself needs."""

import time
from decimal import Decimal

import pytest
from django.utils import timezone

from bsc.models import Objective, Scorecard, Unit
from bsc.periods import Period
from kpi import services
from kpi.models import (
    Actual,
    Kpi,
    LightBand,
    RatingRules,
    Result,
    SelfRating,
    Series,
    Target,
)

COUNT = 100_000
PERIOD = Period.parse("109")


@pytest.fixture
def kpis(db):
    """Return 100,000 KPIs of one card, each with target, actual and self-rating."""
    rules = RatingRules.objects.create(
        level="city",
        year=PERIOD.year,
        standing="inferred",
        achievement_weight=Decimal("0.25"),
        innovation_weight=Decimal("0.25"),
        challenge_weight=Decimal("0.30"),
        contribution_weight=Decimal("0.20"),
    )
    for place, (light, lower) in enumerate(
        [("excellent", "92.5"), ("good", "80"), ("fair", "75"), ("poor", None)]
    ):
        LightBand.objects.create(rules=rules, light=light, lower=lower, position=place)
    unit = Unit.objects.add_root(instance=Unit(code="city", name="City", kind="city"))
    card = Scorecard.objects.create(unit=unit, year=PERIOD.year)
    objective = Objective.objects.create(scorecard=card, code="AC1", name="Objective")
    series = Series.objects.bulk_create(Series(name=f"KPI {n}") for n in range(COUNT))
    kpis = Kpi.objects.bulk_create(
        Kpi(
            series=each,
            scorecard=card,
            objective=objective,
            code=f"AC1.{number}",
            name=each.name,
            direction="positive",
        )
        for number, each in enumerate(series)
    )
    Target.objects.bulk_create(
        Target(kpi=kpi, year=PERIOD.year, value=Decimal(80 + number % 40))
        for number, kpi in enumerate(kpis)
    )
    Actual.objects.bulk_create(
        Actual(
            series=each,
            period=PERIOD.code,
            value=Decimal(9000 + number % 3001) / 100,
            state=Actual.State.APPROVED,
        )
        for number, each in enumerate(series)
    )
    SelfRating.objects.bulk_create(
        SelfRating(
            kpi=kpi,
            period=PERIOD.code,
            innovation=Decimal(80 + number % 20),
            challenge=Decimal(80 + number % 19),
            contribution=Decimal(80 + number % 17),
        )
        for number, kpi in enumerate(kpis)
    )
    return Kpi.objects.filter(scorecard=card)


def test_a_recalculation_costs_little_more_than_writing_its_rows(kpis):
    started = time.perf_counter()
    first = services.refresh_results(kpis, PERIOD, at=timezone.now())
    reckoned = time.perf_counter() - started
    assert (first.rated, first.changed) == (COUNT, COUNT)

    rows = list(Result.objects.all())
    started = time.perf_counter()
    for row in rows:
        row.pk = None
    Result.objects.bulk_create(
        rows,
        batch_size=services.BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["kpi", "period", "standing"],
        update_fields=[name.removesuffix("_id") for name in services.WRITTEN],
    )
    upsert = time.perf_counter() - started

    started = time.perf_counter()
    second = services.refresh_results(kpis, PERIOD, at=timezone.now())
    unchanged = time.perf_counter() - started
    assert (second.rated, second.changed) == (COUNT, 0)

    print(
        f"\nrecalculation {reckoned / upsert:.2f}x a plain upsert (at most 2.5x);"
        f" unchanged inputs {unchanged / upsert:.2f}x (at most 0.8x)"
    )
    assert reckoned <= 2.5 * upsert
    assert unchanged <= 0.8 * upsert
