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


def test_another_target_is_reckoned_with_at_once(client: Client, planner, kpi: Kpi):
    target = kpi.targets.get()
    client.force_login(planner)
    sent = {"kpi": kpi.pk, "year": "109", "value": "180", "parts": "[]"}

    answer = client.post(f"/admin/kpi/target/{target.pk}/change/", sent)

    assert answer.status_code == 302, answer.context["errors"]
    result = Result.objects.get()
    assert (result.achievement, result.is_reached) == (Decimal("50.000000"), False)


def test_without_its_target_a_kpi_has_no_total(client: Client, planner, kpi: Kpi):
    client.force_login(planner)

    client.post(f"/admin/kpi/target/{kpi.targets.get().pk}/delete/", {"post": "yes"})

    assert not kpi.targets.exists()
    assert not Result.objects.filter(total__isnull=False).exists()


def test_self_ratings_deleted_together_are_reckoned_with(
    client: Client, planner, kpi: Kpi
):
    client.force_login(planner)
    rating = kpi.self_ratings.get()
    sent = {"action": "delete_selected", "_selected_action": [rating.pk], "post": "yes"}

    client.post("/admin/kpi/selfrating/", sent)

    assert not kpi.self_ratings.exists()
    assert not Result.objects.filter(total=Decimal("87.5")).exists()


def test_other_rules_are_reckoned_with_from_their_year_on(
    client: Client, planner, kpi: Kpi, django_capture_on_commit_callbacks
):
    rules = RatingRules.objects.get()
    client.force_login(planner)
    page = client.get(f"/admin/kpi/ratingrules/{rules.pk}/change/")
    sent = _as_sent(page.context["adminform"].form)
    for inline in page.context["inline_admin_formsets"]:
        sent |= _as_sent(inline.formset.management_form)
        for form in inline.formset.initial_forms:
            sent |= _as_sent(form)
    sent |= {"achievement_weight": "0.35", "contribution_weight": "0.10"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/admin/kpi/ratingrules/{rules.pk}/change/", sent)

    assert answer.status_code == 302, answer.context["errors"]
    # 100 × 35% + 80 × 25% + 85 × 30% + 85 × 10%
    assert Result.objects.get().total == Decimal("89.0")


def _as_sent(form) -> dict:
    """Return what a browser sends of a form that nobody changed."""
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    # Not "in (None, False)", for 0 is equal to False.
    nothing = (type(None), bool)
    return {
        name: value
        for name, value in values.items()
        if value or not isinstance(value, nothing)
    }
