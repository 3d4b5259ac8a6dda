"""Results reckoned again: in proportion to what the database itself needs."""

import gc
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from bsc.history import BATCH_SIZE
from bsc.periods import Period
from kpi import services
from kpi.models import Actual, Kpi, Result, SelfRating, Series, Target
from tests.factories import (
    make_actual,
    make_kpi,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_target,
)

COUNT, ROUNDS = 100_000, 2
PERIOD = Period.parse("109")


def multiply(row: models.Model, **columns: str) -> None:
    """Make COUNT rows of one, numbered from it: `columns` say how the others differ.

    They are made inside the database: as objects they would take minutes. `n` is the
    number of a row, counted from 1.
    """
    table = row._meta.db_table
    columns = {"id": f"{row.pk} - 1 + n", **columns}
    names = [field.column for field in row._meta.concrete_fields]
    values = ", ".join(columns.get(name, f"first.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL"
            f" SELECT n + 1 FROM numbers WHERE n < {COUNT})"
            f" INSERT INTO {table} ({', '.join(names)}) SELECT {values}"
            f" FROM numbers, {table} first WHERE first.id = {row.pk}"
        )


@pytest.fixture
def kpis(db):
    """Return 100,000 KPIs of one card, each with target, actual and self-rating."""
    make_rules("city", PERIOD.year)
    kpi = make_kpi("K1", scorecard=make_scorecard(year=PERIOD.year))
    target, actual = make_target(kpi, "80"), make_actual(kpi, "90")
    rating = make_self_rating(kpi)
    multiply(kpi.series, name="'KPI ' || n")
    multiply(kpi, series_id=f"{kpi.series_id} - 1 + n", code="'K' || n")
    multiply(target, kpi_id=f"{kpi.pk} - 1 + n", value="80 + n % 40")
    multiply(
        actual,
        series_id=f"{kpi.series_id} - 1 + n",
        value="(9000 + n % 3001) / 100.0",
    )
    multiply(
        rating,
        kpi_id=f"{kpi.pk} - 1 + n",
        innovation="80 + n % 20",
        challenge="80 + n % 19",
        contribution="80 + n % 17",
    )
    for model in (Series, Kpi, Target, Actual, SelfRating):
        assert model.objects.count() == COUNT
    return Kpi.objects.all()


def seconds_of(work: Callable[[], None]) -> float:
    """Return the processor's seconds, which a busy machine does not lengthen."""
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def refresh(kpis, *, changed: int) -> None:
    done = services.refresh_results(kpis, PERIOD, at=timezone.now())
    assert (done.rated, done.changed) == (COUNT, changed)


def upsert(rows: list[Result]) -> None:
    Result.objects.bulk_create(
        rows,
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=services.PLACE,
        update_fields=services.WRITTEN,
    )


def test_a_recalculation_costs_little_more_than_writing_its_rows(kpis):
    reckoned = written = unchanged = Decimal(0)
    for _ in range(ROUNDS):
        Result.objects.all().delete()
        reckoned += Decimal(seconds_of(lambda: refresh(kpis, changed=COUNT)))
        rows = list(Result.objects.all())
        for row in rows:
            row.pk = None
        written += Decimal(seconds_of(lambda rows=rows: upsert(rows)))
        del rows
        unchanged += Decimal(seconds_of(lambda: refresh(kpis, changed=0)))
    print(
        f"\n{COUNT} results: recalculated {reckoned / written:.2f}x a plain upsert"
        f" (at most 2.5x), unchanged {unchanged / written:.2f}x (at most 0.8x)"
    )
    assert reckoned <= written * Decimal("2.5")
    assert unchanged <= written * Decimal("0.8")


def test_a_recalculation_with_few_changed_inputs_costs_in_proportion(kpis):
    few = COUNT // 100
    full = seconds_of(lambda: refresh(kpis, changed=COUNT))
    # Every hundredth figure is measured again, none as it was.
    Actual.objects.annotate(rest=F("pk") % 100).filter(rest=0).update(
        value=F("value") + 1
    )
    partly = seconds_of(lambda: refresh(kpis, changed=few))
    print(
        f"\n1% changed: {few / COUNT:.1%} of the writes (at most 5%),"
        f" {partly / full:.0%} of the time of a full recalculation (at most 40%)"
    )
    assert partly <= full * 0.4
