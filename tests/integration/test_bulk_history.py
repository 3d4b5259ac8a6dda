"""Rows written at once, as simple-history's own bulk functions write them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from bsc.history import create_with_history, update_with_history
from bsc.models import User
from kpi.models import Actual, Kpi, Series, Statement, Target
from tests.factories import ines, make_kpi, make_unit

pytestmark = pytest.mark.django_db

OF_THE_WRITING = {"history_date", "history_id"}


@pytest.fixture
def kpi() -> Kpi:
    return make_kpi()


@pytest.fixture
def by() -> User:
    return ines(make_unit("planning"))


def new_targets(kpi: Kpi, first: int) -> list[Target]:
    parts = [{"label": "公務", "value": "81", "comparator": "≥"}]
    return [
        Target(kpi=kpi, year=first, value=Decimal("99.5"), comparator="≥"),
        Target(kpi=kpi, year=first + 1, value=None, text="高於6都平均值"),
        Target(kpi=kpi, year=first + 2, value=Decimal("81.000000"), parts=parts),
        Target(kpi=kpi, year=first + 3, value=Decimal(0), printed="0"),
    ]


def told(rows: models.QuerySet, *unlike: str) -> list[dict]:
    """Return every column but the keys and the moment, and those that are `unlike`."""
    left_out = {*OF_THE_WRITING, *unlike}
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in rows.values()
    ]


def versions(rows: list[Target]) -> models.QuerySet:
    kept = Target.history.filter(id__in=[row.pk for row in rows])
    return kept.order_by("history_id")


def test_new_rows_are_written_as_by_simple_history(kpi: Kpi, by: User):
    ours, theirs = new_targets(kpi, 2001), new_targets(kpi, 2011)
    for rows in (ours, theirs):
        rows[2]._change_reason = "import 7: moved"
    create_with_history(ours, by=by, reason="import 7")
    bulk_create_with_history(
        theirs, Target, default_user=by, default_change_reason="import 7"
    )

    def written(rows: list[Target]) -> models.QuerySet:
        return Target.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")

    assert told(written(ours), "id", "year") == told(written(theirs), "id", "year")
    assert told(versions(ours), "id", "year") == told(versions(theirs), "id", "year")
    assert [v.history_type for v in versions(ours)] == ["+"] * 4
    reasons = [version.history_change_reason for version in versions(ours)]
    assert reasons == ["import 7", "import 7", "import 7: moved", "import 7"]


def test_changed_rows_are_written_as_by_simple_history(kpi: Kpi, by: User):
    ours, theirs = new_targets(kpi, 2001), new_targets(kpi, 2011)
    for rows in (ours, theirs):
        create_with_history(rows, by=None, reason="")
        for row in rows:
            row.value, row.text, row.note = Decimal("7.25"), "", "restated"
    update_with_history(ours, ["value", "text"], by=by, reason="import 8")
    bulk_update_with_history(
        theirs,
        Target,
        ["value", "text"],
        default_user=by,
        default_change_reason="import 8",
    )

    def changed(rows: list[Target]) -> models.QuerySet:
        return versions(rows).filter(history_type="~")

    assert changed(ours).count() == 4
    assert told(changed(ours), "id", "year") == told(changed(theirs), "id", "year")
    for rows in (ours, theirs):
        for row in rows:
            row.refresh_from_db()
            assert (row.value, row.text, row.note) == (Decimal("7.25"), "", "")


def test_new_rows_may_point_at_rows_that_were_new_before_them(kpi: Kpi):
    series = [Series(name=f"KPI {number}") for number in range(3)]
    actuals = [
        Actual(series=one, period="2020", value=Decimal(1), state="approved")
        for one in series
    ]
    create_with_history(series, by=None, reason="")
    create_with_history(actuals, by=None, reason="")
    for one, actual in zip(series, actuals, strict=True):
        assert Actual.objects.get(series=one).pk == actual.pk
        assert Actual.history.get(series=one).id == actual.pk


def test_rows_with_a_key_keep_it_and_later_ones_get_others(kpi: Kpi):
    first, second, *rest = new_targets(kpi, 2001)
    create_with_history([first], by=None, reason="")
    key = first.pk
    Target.objects.filter(pk=key).delete()
    again = new_targets(kpi, 2001)[0]
    again.pk = key
    create_with_history([again, second], by=None, reason="")
    assert again.pk == key != second.pk
    later = rest[0]
    later.save()
    assert later.pk not in {key, second.pk}


def test_models_without_history_are_written_too(kpi: Kpi):
    row = Statement(
        scorecard=kpi.scorecard,
        series=kpi.series,
        period="2020",
        text="88 (109年7-12月)",
    )
    create_with_history([row], by=None, reason="")
    row.text = "88"
    update_with_history([row], ["text"], by=None, reason="")
    assert Statement.objects.get(pk=row.pk).text == "88"


def test_what_the_database_forbids_is_written_neither_here_nor_there(kpi: Kpi):
    wrong = new_targets(kpi, 2001)
    wrong[3].year = wrong[0].year
    with pytest.raises(IntegrityError), transaction.atomic():
        create_with_history(wrong, by=None, reason="")
    assert not Target.objects.filter(kpi=kpi).exists()
    assert not Target.history.filter(kpi=kpi).exists()
