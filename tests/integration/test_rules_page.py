"""The rules of rating: changed with a preview, adopted, and kept from closed years."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bsc.periods import Period
from kpi.models import Kpi, LightBand, RatingRules, Result
from kpi.services import refresh_results
from tests.factories import (
    ines,
    make_actual,
    make_kpi,
    make_objective,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_target,
    make_unit,
    make_user,
    omar,
)
from tests.integration.test_plan_editing import as_drawn, errors_of

pytestmark = pytest.mark.django_db


class City:
    """A city with a card of 109: three KPIs rated by the rules of 109."""

    def __init__(self) -> None:
        self.city = make_unit("city")
        self.card = make_scorecard(self.city, 2020)
        self.rules = make_rules()
        objective = make_objective(self.card)
        for number, actual in enumerate(("80", "76", "40")):
            kpi = make_kpi(f"E{number}", objective=objective)
            make_target(kpi, "80")
            make_actual(kpi, actual)
            make_self_rating(kpi)
        self.rate()
        self.ines = ines(self.city)
        self.client = Client()
        self.client.force_login(self.ines)
        self.client.cookies["django_language"] = "en"

    def rate(self) -> None:
        refresh_results(Kpi.objects.all(), Period(2020), at=timezone.now())

    def lights(self) -> dict[str, str]:
        return dict(Result.objects.values_list("kpi__code", "light"))

    def send(self, address: str = "", **typed):
        address = address or f"/rules/{self.rules.pk}/"
        form = self.client.get(address).context["form"]
        return self.client.post(address, as_drawn(form) | typed)


def test_rules_are_previewed_with_every_light_that_flips_and_nothing_is_written(
    django_capture_on_commit_callbacks,
):
    city = City()
    before = city.lights()
    assert set(before.values()) == {"good", "fair"}
    versions = RatingRules.history.count(), LightBand.history.count()

    page = city.send(good="87.5", preview="1")

    assert page.status_code == 200
    preview = page.context["preview"]
    # E0: 25 + 20 + 25.5 + 17 = 87.5 stays good; E1: 86.25, half up 86.3, turns fair.
    assert [(flip.code, flip.light, flip.new_light) for flip in preview.flips] == [
        ("E1", "good", "fair")
    ]
    counts = {one.light: (one.before, one.after) for one in preview.counts}
    assert (counts["good"], counts["fair"]) == ((2, 1), (1, 2))
    assert (preview.kpis, preview.lit, preview.totalled) == (3, 1, 0)
    assert city.lights() == before
    assert (RatingRules.history.count(), LightBand.history.count()) == versions
    # Saved as it was looked at, it does what was foreseen.
    typed = as_drawn(page.context["form"]) | {"save": "1"}
    assert errors_of(city.client.post(f"/rules/{city.rules.pk}/", typed))["reason"]
    with django_capture_on_commit_callbacks(execute=True):
        done = city.client.post(f"/rules/{city.rules.pk}/", typed | {"reason": "會議"})
    assert done.status_code == 302
    assert city.lights() == before | {"E1": "fair"}
    assert city.rules.bands.get(light="good").lower == Decimal("87.5")
    assert LightBand.history.first().history_user == city.ines


def test_nothing_is_saved_that_was_not_looked_at():
    city = City()
    page = city.send(good="87.5", preview="1")
    typed = as_drawn(page.context["form"]) | {"save": "1", "reason": "x"}

    answer = city.client.post(f"/rules/{city.rules.pk}/", typed | {"good": "86"})

    assert answer.status_code == 422
    assert "Look first" in errors_of(answer)["__all__"][0]
    assert answer.context["preview"].lit == 0
    assert city.rules.bands.get(light="good").lower == 80


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"standing": "announced"}, "document"),
        ({"good": "95"}, "__all__"),
        ({"innovation_weight": "30"}, "__all__"),
        ({"innovation_weight": "1e9"}, "innovation_weight"),
        ({"good": "NaN"}, "good"),
        ({"clamp_low": "200"}, "__all__"),
        ({"year": "3000"}, "year"),
        ({"total_decimals": "9"}, "total_decimals"),
    ],
)
def test_what_rules_cannot_be_is_said_at_its_box(typed: dict, box: str):
    city = City()

    answer = city.send(**typed, preview="1")

    assert answer.status_code == 422
    assert box in errors_of(answer)


def test_rules_of_a_closed_year_stay_and_rules_of_a_later_year_are_made_from_them(
    django_capture_on_commit_callbacks,
):
    city = City()
    later = make_scorecard(city.city, 2021)
    kpi = make_kpi("E0", scorecard=later)
    make_target(kpi, "80")
    make_actual(kpi, "76")
    make_self_rating(kpi)
    type(city.card).objects.filter(pk=city.card.pk).update(status="closed")
    page = city.send(good="87.5", preview="1")
    # The closed card is not even counted.
    assert page.context["preview"].kpis == 1
    typed = as_drawn(page.context["form"]) | {"save": "1", "reason": "x"}
    refused = city.client.post(f"/rules/{city.rules.pk}/", typed)
    assert "closed under these rules" in errors_of(refused)["__all__"][0]

    address = f"/rules/new/?from={city.rules.pk}"
    new = {"year": "110", "standing": "announced", "document": "府研管字第1號"}
    page = city.send(address, good="87.5", preview="1", **new)
    assert page.context["preview"].lit == 1
    typed = as_drawn(page.context["form"]) | {"save": "1", "reason": "x"}
    with django_capture_on_commit_callbacks(execute=True):
        assert city.client.post(address, typed).status_code == 302
    made = RatingRules.objects.get(year=2021)
    assert (made.document, made.is_adopted) == ("府研管字第1號", True)
    assert [str(band.lower) for band in made.bands.all()] == [
        "92.50",
        "87.50",
        "75.00",
        "None",
    ]
    assert kpi.results.get().light == "fair"
    assert len(city.lights()) == 2 + 1
    # The same level and year once more.
    assert "year" in errors_of(city.client.post(address, typed))


def test_default_bands_are_adopted_once_they_were_looked_at(
    django_capture_on_commit_callbacks,
):
    city = City()
    city.rules.bands.all().delete()
    Result.objects.all().delete()
    city.rules.delete()
    rules = make_rules(
        standing="default",
        is_adopted=False,
        basis="achievement",
        uses_self_rating=False,
        achievement_weight=1,
        innovation_weight=0,
        challenge_weight=0,
        contribution_weight=0,
        clamp_high=120,
    )
    city.rate()
    assert set(city.lights().values()) == {"unknown"}
    address = f"/rules/{rules.pk}/adopt/"

    page = city.client.get(address)
    assert page.context["preview"].lit == 3
    assert {flip.new_light for flip in page.context["preview"].flips} == {
        "excellent",
        "poor",
    }
    assert city.client.post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert city.client.post(address, {"reason": "採用"}).status_code == 302

    rules.refresh_from_db()
    assert rules.is_adopted and rules.history.first().history_user == city.ines
    assert city.lights() == {"E0": "excellent", "E1": "excellent", "E2": "poor"}
    assert city.client.post(address, {"reason": "x"}).status_code == 422


def test_the_second_of_two_keepers_is_told_who_changed_what():
    city = City()
    page = city.send(good="87.5", preview="1")
    typed = as_drawn(page.context["form"]) | {"save": "1", "reason": "x"}
    city.client.post(f"/rules/{city.rules.pk}/", typed)

    answer = city.client.post(f"/rules/{city.rules.pk}/", typed)

    assert answer.status_code == 409
    assert "Ines" in errors_of(answer)["__all__"][0]


def test_rules_are_seen_by_all_and_kept_by_planners_of_the_city():
    city = City()
    bureau = make_unit("bureau", parent=city.city)
    for user in (omar(), make_user(role="planner", unit=bureau)):
        city.client.force_login(user)
        assert city.client.get("/rules/").status_code == 200
        for address in ("/rules/new/", f"/rules/{city.rules.pk}/"):
            assert city.client.get(address).status_code == 403
            assert city.client.post(address, {}).status_code == 403
        adopt = f"/rules/{city.rules.pk}/adopt/"
        assert city.client.post(adopt, {"reason": "x"}).status_code == 403
