"""The points and lights that each level of review gives, and the ranks they move."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpi.models import Entry, Kpi, Result, SelfRating
from kpi.services.results import refresh_results
from tests.factories import (
    make_rules,
)
from tests.integration.offices import AT, PERIOD, Office, again

pytestmark = pytest.mark.django_db

POINTS = {"innovation": "80", "challenge": "85", "contribution": "85"}


@pytest.fixture
def office() -> Office:
    return Office()


def the_light(kpi: Kpi, standing: str = "official") -> str:
    found = Result.objects.filter(kpi=kpi, period=PERIOD.code, standing=standing)
    return found.get().light if found else ""


def test_points_of_every_level_are_kept_and_the_highest_counts():
    office = Office(
        uses_self_rating=True,
        basis="total",
        achievement_weight=Decimal("0.25"),
        innovation_weight=Decimal("0.25"),
        challenge_weight=Decimal("0.30"),
        contribution_weight=Decimal("0.20"),
    )
    own = {"value": "90", **POINTS, "basis": "跨局處合作"}
    entry = office.submit(office.save(own))
    assert the_light(office.kpi, "provisional") == "good"
    entry = office.check(entry, ratings={**POINTS, "innovation": 60, "basis": "初核"})
    provisional = Result.objects.get(standing="provisional")
    assert str(provisional.total) == "82.5000"

    office.approve(entry, ratings={**POINTS, "innovation": "99", "basis": "核定"})
    told = {row.level: row.innovation for row in SelfRating.objects.all()}
    assert told == {"self": 80, "first": 60, "final": 99}
    result = Result.objects.get()
    assert (result.standing, str(result.total)) == ("official", "92.3000")


@pytest.mark.parametrize(
    ("ratings", "code"),
    [
        ({"innovation": "101", "basis": "x"}, "bad-points"),
        ({"innovation": "-1", "basis": "x"}, "bad-points"),
        ({"innovation": "NaN", "basis": "x"}, "bad-points"),
        ({"innovation": "80.005", "basis": "x"}, "bad-points"),
        ({"innovation": "eighty", "basis": "x"}, "bad-points"),
        ({"innovation": "80"}, "bad-points"),
        ({"light": "good", "basis": "x"}, "light-not-by-hand"),
    ],
)
def test_points_that_cannot_be_are_refused(office: Office, ratings: dict, code: str):
    entry = office.submitted()
    with pytest.raises(ValidationError) as refused:
        office.check(entry, ratings=ratings)
    assert refused.value.code == code
    assert again(entry).state == "submitted"


def test_a_light_by_hand_has_its_reason_and_follows_the_highest_level():
    office = Office(basis="by-hand")
    own = {
        "value": "90",
        "light": "fair",
        "basis": "自評",
        "control": "inside",
        "explanation": "資料未齊",
        "remedy": "補正",
        "remedy_due_on": "110.6.30",
    }
    entry = office.submit_after_all(office.save(own))
    assert the_light(office.kpi, "provisional") == "fair"
    with pytest.raises(ValidationError) as refused:
        office.check(entry, ratings={"light": "good"})
    assert refused.value.code == "light-needs-reason"
    office.approve(office.check(entry), ratings={"light": "good", "basis": "核定為良"})

    assert the_light(office.kpi) == "good"
    final = SelfRating.objects.get(level="final")
    assert (final.light, final.basis) == ("good", "核定為良")
    assert ["by-hand", {"light": "good", "standing": "inferred"}] in (
        Result.objects.get().trace
    )


def test_lights_by_quota_follow_the_rank_and_move_with_each_approval():
    office = Office(
        basis="quota",
        uses_self_rating=False,
        achievement_weight=Decimal(1),
        clamp_high=Decimal(200),
    )
    kpis = [office.make_kpi(f"R{at}", owners=(office.adult,)) for at in range(4)]
    lights = {"excellent": "80", "good": "50", "fair": "25"}
    for light, lower in lights.items():
        office.rules.bands.filter(light=light).update(lower=Decimal(lower))
    for kpi, value in zip(kpis, ("81", "84", "88", "92"), strict=True):
        office.approved(value, kpi=kpi)

    def told() -> dict[str, str]:
        return {kpi.code: the_light(kpi) for kpi in kpis}

    assert told() == {"R0": "fair", "R1": "good", "R2": "good", "R3": "excellent"}
    trace = Result.objects.get(kpi=kpis[3]).trace
    assert ["quota", {"light": "excellent", "standing": "inferred"}] in trace
    assert not [step for step in trace if step[0] == "unknown"]

    # A fifth passes them all; the others give way, and nothing else is written.
    before = dict(Result.objects.values_list("kpi__code", "computed_at"))
    sent = office.submit(office.save({"value": "96"}))
    assert the_light(office.kpi, "provisional") == "excellent"
    assert told()["R3"] == "excellent"
    later = AT + timedelta(days=1)
    office.approve(office.check(sent), at=later)
    assert told() == {"R0": "poor", "R1": "fair", "R2": "good", "R3": "excellent"}
    after = dict(Result.objects.values_list("kpi__code", "computed_at"))
    moved = {code for code, at in after.items() if before.get(code) != at}
    assert moved == {"AC1.1", "R0", "R1"}

    done = refresh_results(Kpi.objects.filter(scorecard=office.card), PERIOD, at=later)
    assert (done.changed, done.lights["excellent"], done.lights["unknown"]) == (0, 2, 0)


def test_the_rules_of_a_card_change_with_its_first_self_rating():
    office = Office()
    make_rules("bureau", 2019, uses_self_rating=True, basis="total")
    make_rules("bureau", 2020, uses_self_rating=True, basis="total")
    other = office.make_kpi("R2", owners=(office.adult,))
    office.approved("90", kpi=other)
    assert Result.objects.get(kpi=other).rules.basis == "achievement"
    entry = office.checked("90")
    Entry.objects.filter(pk=entry.pk).update(
        ratings={"self": {**POINTS, "basis": "自評", "light": "", "by": 1}}
    )
    office.approve(entry)
    chosen = {row.rules.basis for row in Result.objects.filter(standing="official")}
    assert len(chosen) == 1
