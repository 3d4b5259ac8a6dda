"""A planner confirms on one page which way the KPIs of a card are better."""

from decimal import Decimal

import pytest
from django.utils import timezone

from bsc.periods import Period
from kpi.models import Kpi, KpiLineage, Result
from kpi.services import refresh_results
from tests.factories import (
    make_actual,
    make_kpi,
    make_objective,
    make_published_result,
    make_rules,
    make_scorecard,
    make_target,
)
from tests.integration.test_plan_editing import Plan

pytestmark = pytest.mark.django_db

URL = "/units/bureau/112/plan/directions/"


def make_open(plan: Plan, code: str, name: str = "指標", **fields) -> Kpi:
    fields = {"direction": "unconfirmed"} | fields
    return make_kpi(code, objective=plan.objective, name=name, **fields)


def confirm(plan: Plan, ways: dict[Kpi, str], **more):
    """Tick some of what the page shows, and send it as a browser would."""
    rows = plan.client.get(URL).context["rows"]
    sent = {f"was-{row.pk}": row.was for row in rows}
    ticked = [(row.pk, o.value) for row in rows for o in row.options if o.is_chosen]
    sent |= {f"way-{pk}": value for pk, value in ticked}
    sent |= {f"way-{kpi.pk}": way for kpi, way in ways.items()}
    return plan.client.post(URL, sent | {"reason": "逐項確認"} | more)


def row_of(plan: Plan, kpi: Kpi):
    return next(r for r in plan.client.get(URL).context["rows"] if r.pk == kpi.pk)


def test_what_speaks_for_a_direction_stands_beside_it_and_nothing_is_ticked():
    plan = Plan()
    by_name = make_open(plan, "A1", "家暴再犯率")
    falling = make_open(plan, "A2")
    for year, value in ((2023, "10"), (2024, "8")):
        make_target(falling, value, year)
    printed = make_open(plan, "A3")
    make_target(printed, "10", comparator="≤")
    make_actual(printed, "8")
    make_published_result(printed, achievement=Decimal(125))
    before = make_kpi("Z1", scorecard=make_scorecard(plan.bureau, 2022))
    since = make_open(plan, "A4")
    KpiLineage.objects.create(earlier=before, later=since, kind="same")
    bare = make_open(plan, "A5")

    found = {
        kpi.code: [(one.direction, one.text) for one in row_of(plan, kpi).hints]
        for kpi in (by_name, falling, printed, since, bare)
    }

    assert found["A1"] == [("negative", "its name says “再犯”")]
    assert found["A2"] == [("negative", "the targets fall: 10 → 8")]
    assert [way for way, _text in found["A3"]] == ["negative", "negative"]
    assert "target 10, actual 8" in found["A3"][0][1] and "125" in found["A3"][0][1]
    assert found["A4"] == [("positive", "so it was in 111 (Z1)")]
    assert found["A5"] == []
    rows = plan.client.get(URL).context["rows"]
    assert not any(o.is_chosen for row in rows if row.is_open for o in row.options)


def test_a_direction_that_only_was_reckoned_is_not_ticked_either():
    plan = Plan()
    Kpi.objects.update(direction_basis="results")
    row = row_of(plan, plan.kpi)

    assert row.is_open and row.stands and not any(o.is_chosen for o in row.options)
    Kpi.objects.update(direction_basis="printed")
    row = row_of(plan, plan.kpi)
    assert not row.is_open and [o.is_chosen for o in row.options] == [True, False]


def test_directions_are_confirmed_at_once_and_results_reckoned_again():
    plan = Plan()
    make_rules(
        "bureau",
        2023,
        basis="achievement",
        uses_self_rating=False,
        achievement_weight=1,
        innovation_weight=0,
        challenge_weight=0,
        contribution_weight=0,
    )
    down, up, left = (make_open(plan, f"A{n}") for n in range(3))
    for kpi in (down, up, left):
        make_target(kpi, "10")
        make_actual(kpi, "8")
    refresh_results(Kpi.objects.all(), Period(2023), at=timezone.now())

    refused = confirm(plan, {down: "negative"}, reason="")
    assert refused.status_code == 422
    assert row_of(plan, down).is_open
    assert any(o.is_chosen for r in refused.context["rows"] for o in r.options)
    assert confirm(plan, {down: "negative", up: "positive"}).status_code == 302

    said = {k.code: (k.direction, k.direction_basis) for k in plan.card.kpis.all()}
    assert said["A0"] == ("negative", "confirmed")
    assert said["A1"] == ("positive", "confirmed")
    assert said["A2"] == ("unconfirmed", "")
    reached = {r.kpi.code: r.achievement for r in Result.objects.select_related("kpi")}
    assert reached == {"A0": 125, "A1": 80, "A2": 80}
    newest = down.history.first()
    assert (newest.history_user, newest.history_change_reason) == (
        plan.ines,
        "逐項確認",
    )
    # Sent again, nothing is written again.
    count = Kpi.history.count()
    confirm(plan, {})
    assert Kpi.history.count() == count


def test_who_comes_second_is_told_and_nothing_of_the_page_is_written():
    plan = Plan()
    one, two = make_open(plan, "A1"), make_open(plan, "A2")
    sent = {f"was-{one.pk}": "unconfirmed", f"was-{two.pk}": "unconfirmed"}
    confirm(plan, {one: "negative"})

    late = {f"way-{one.pk}": "positive", f"way-{two.pk}": "positive", "reason": "x"}
    answer = plan.client.post(URL, sent | late)

    assert answer.status_code == 422
    [error] = answer.context["errors"]
    assert "A1" in error and "Ines" in error
    two.refresh_from_db()
    assert two.direction == "unconfirmed"


def test_a_kpi_of_another_card_and_a_closed_card_are_refused():
    plan = Plan()
    other = make_kpi("X1", objective=make_objective(make_scorecard(plan.bureau, 2021)))
    sent = {f"was-{other.pk}": "positive", f"way-{other.pk}": "negative", "reason": "x"}
    assert plan.client.post(URL, sent).status_code == 422
    kpi = make_open(plan, "A1")
    type(plan.card).objects.filter(pk=plan.card.pk).update(status="closed")
    assert confirm(plan, {kpi: "negative"}).status_code == 422
    other.refresh_from_db()
    kpi.refresh_from_db()
    assert (other.direction, kpi.direction) == ("positive", "unconfirmed")
