"""What a change in the admin does to the results that follow from it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bsc.models import Unit, User
from bsc.periods import Period
from kpi import services
from kpi.models import Kpi, RatingRules, Result
from tests.factories import (
    make_actual,
    make_kpi,
    make_rules,
    make_self_rating,
    make_target,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Unit:
    return make_unit("city")


@pytest.fixture
def planner(city: Unit) -> User:
    return make_user(role="planner", unit=city)


@pytest.fixture
def kpi(city: Unit) -> Kpi:
    """Return a KPI of 109 whose target is reached and whose total is 87.5."""
    make_rules()
    kpi = make_kpi(unit=city)
    make_target(kpi, "80")
    make_actual(kpi, "90")
    make_self_rating(kpi)
    services.refresh_results(
        Kpi.objects.all(), Period(kpi.scorecard.year), at=timezone.now()
    )
    assert Result.objects.get().total == Decimal("87.5")
    return kpi


def test_targets_and_rules_are_only_looked_at(client: Client, planner, kpi: Kpi):
    target, rules = kpi.targets.get(), RatingRules.objects.get()
    client.force_login(planner)

    for address in (
        f"/admin/kpi/target/{target.pk}/",
        f"/admin/kpi/ratingrules/{rules.pk}/",
        f"/admin/kpi/kpi/{kpi.pk}/",
        f"/admin/bsc/scorecard/{kpi.scorecard_id}/",
    ):
        page = client.get(f"{address}change/")
        assert page.status_code == 200
        assert 'name="_save"' not in page.text and ">2020<" not in page.text
        assert client.post(f"{address}change/", {}).status_code == 403
        assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_self_ratings_deleted_together_are_reckoned_with(
    client: Client, planner, kpi: Kpi
):
    client.force_login(planner)
    rating = kpi.self_ratings.get()
    sent = {"action": "delete_selected", "_selected_action": [rating.pk], "post": "yes"}

    client.post("/admin/kpi/selfrating/", sent)

    assert not kpi.self_ratings.exists()
    assert not Result.objects.filter(total=Decimal("87.5")).exists()
