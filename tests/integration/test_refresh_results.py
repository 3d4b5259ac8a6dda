"""Results are reckoned again: written where their inputs changed, and only there."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bsc.models import Scorecard
from bsc.periods import Period
from kpi import services
from kpi.models import Actual, Kpi, Result
from kpi.services import Refreshed
from tests.factories import (
    make_actual,
    make_kpi,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_target,
)

pytestmark = pytest.mark.django_db

PERIOD = Period.parse("109")
FIRST, LATER = datetime(2021, 1, 5, tzinfo=UTC), datetime(2021, 2, 5, tzinfo=UTC)


@pytest.fixture
def kpi() -> Kpi:
    """Return EC1.1 of 109: 88.5 of 80, rated 80, 85 and 85."""
    make_rules("city", 2020)
    kpi = make_kpi("EC1.1", scorecard=make_scorecard(year=2020))
    make_target(kpi, "80")
    make_actual(kpi, "88.5")
    make_self_rating(kpi)
    return kpi


def refresh(at: datetime = FIRST, **wanted: object) -> Refreshed:
    return services.refresh_results(Kpi.objects.filter(**wanted), PERIOD, at=at)


def test_a_result_says_what_the_rules_give_and_how(kpi: Kpi):
    done = refresh()
    assert (done.rated, done.changed, done.lights["good"]) == (1, 1, 1)
    result = Result.objects.get()
    assert (str(result.achievement), str(result.total)) == ("110.625000", "87.5000")
    assert (result.is_reached, result.light, result.computed_at) == (
        True,
        "good",
        FIRST,
    )
    assert ["direction", {"direction": "positive"}] in result.trace


def test_unchanged_inputs_write_nothing(kpi: Kpi):
    refresh()
    before = Result.objects.values().get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert refresh(LATER).changed == 0
    assert Result.objects.values().get() == before
    writes = ("INSERT", "UPDATE", "DELETE")
    assert not [q for q in queries if q["sql"].startswith(writes)]


def test_a_changed_input_is_written_in_the_place_of_the_old_result(kpi: Kpi):
    refresh()
    key = Result.objects.get().pk
    kpi.series.actuals.update(value=70)
    assert refresh(LATER).changed == 1
    result = Result.objects.get()
    assert (result.pk, result.is_reached, result.computed_at) == (key, False, LATER)


def test_a_result_whose_figure_is_gone_goes(kpi: Kpi):
    refresh()
    Actual.objects.update(state=Actual.State.RETURNED)
    done = refresh(LATER)
    assert (done.rated, done.changed) == (0, 1)
    assert not Result.objects.exists()


def test_parts_of_a_target_count_as_parts(kpi: Kpi):
    parts = [
        {"label": label, "value": "81", "comparator": "≥"} for label in ("公務", "社發")
    ]
    kpi.targets.update(value=None, text="各 81%", parts=parts)
    measured = [part | {"value": "90", "comparator": ""} for part in parts]
    kpi.series.actuals.update(parts=measured)
    refresh()
    assert ["reached-in-parts", {"parts": "2"}] in Result.objects.get().trace


@pytest.mark.parametrize("count_between", [0, 50])
def test_only_the_kpis_asked_for_are_rated(kpi: Kpi, count_between: int):
    """Few between are passed over; many, and the others are asked for one by one."""
    others = [make_kpi(scorecard=kpi.scorecard) for _ in range(1 + count_between)]
    last = make_kpi("last", scorecard=kpi.scorecard)
    for each in (*others, last):
        make_target(each)
        make_actual(each)
    done = refresh(code__in=[kpi.code, last.code])
    assert done.rated == 2
    assert {result.kpi for result in Result.objects.all()} == {kpi, last}


def test_the_results_of_a_closed_card_stay_as_they_were(kpi: Kpi):
    refresh()
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)
    Actual.objects.update(value="40")

    assert refresh(LATER).rated == 0
    assert Result.objects.get().computed_at == FIRST


def test_progress_reaches_its_end_though_a_kpi_is_not_reported(kpi: Kpi):
    make_kpi("EC1.2", scorecard=kpi.scorecard)
    told: list[tuple[int, int]] = []

    services.refresh_results(
        Kpi.objects.all(), PERIOD, at=FIRST, progress=lambda *done: told.append(done)
    )

    assert told[-1] == (2, 2)
