"""Review in the browser: a figure goes up the tree, comes back, and is reopened."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.models import Actual, Entry, Result
from kpi.services import entries
from tests.factories import (
    make_actual,
    make_rules,
    make_self_rating,
    make_statement,
    make_user,
)
from tests.reviewing import (
    Centre,
    State,
    client_of,
    fresh,
    kinds_of,
    reopened,
    review,
    step,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_a_figure_waits_for_the_head_and_then_for_the_centre(centre: Centre):
    entry = centre.sent()
    assert (waiting(centre.head), waiting(centre.manager)) == (["A1"], ["A1"])

    review(centre.head, entry)
    assert (waiting(centre.head), waiting(centre.manager)) == ([], ["A1"])

    review(centre.manager, fresh(entry))
    assert waiting(centre.manager) == []
    assert Actual.objects.get().value == 90
    assert kinds_of(centre.staff) == ["approved"]


def test_many_are_passed_on_at_once(centre: Centre):
    sent = [centre.sent(centre.kpi(f"A{number}")) for number in range(3)]

    response = review(centre.head, *sent[:2])

    assert response.status_code == 302
    states = [fresh(entry).state for entry in sent]
    assert states == [State.CHECKED, State.CHECKED, State.SUBMITTED]


def test_the_queue_shows_what_a_reviewer_weighs(centre: Centre):
    kpi = centre.kpi()
    make_statement(kpi, "85.5%", "2025", value=Decimal("85.5"))
    entry = centre.sent(
        kpi,
        value="60",
        control="outside",
        explanation="案量大增",
        remedy="增聘督導",
        remedy_due_on="116.6.30",
    )

    page = client_of(centre.head).get("/review/").content.decode()

    for shown in ("85.5", "80", "60", "案量大增", "增聘督導", "outside our control"):
        assert shown in page
    assert f'value="{entry.pk}:{entry.version}"' in page


def test_returning_demands_a_note_and_keeps_what_was_chosen(centre: Centre):
    entry = centre.sent()

    response = review(centre.head, entry, do="return", note="  ")

    assert response.status_code == 422
    assert fresh(entry).state == State.SUBMITTED
    page = response.content.decode()
    assert "Say what is to be mended." in page
    assert f'aria-labelledby="h-{entry.pk}" checked' in page


def test_a_returned_figure_goes_back_with_its_note(centre: Centre):
    entry = centre.sent()

    review(centre.head, entry, do="return", note="請補分母")

    assert fresh(entry).state == State.RETURNED
    assert kinds_of(centre.staff) == ["returned"]
    assert centre.staff.notices.get().url == f"/entries/{entry.pk}/"
    assert "請補分母" in client_of(centre.staff).get("/notices/").content.decode()


@pytest.mark.parametrize("pick", ["", "x", "1", "0:1", "9" * 30 + ":1", "²:³"])
def test_a_choice_that_is_none_changes_nothing(centre: Centre, pick: str):
    entry = centre.sent()

    response = client_of(centre.head).post("/review/", {"pick": pick, "do": "pass"})

    assert response.status_code == 422
    assert fresh(entry).state == State.SUBMITTED


def test_the_second_reviewer_is_told_who_was_first(centre: Centre):
    entry = centre.sent()
    other = make_user(
        "other", role="manager", unit=centre.section, display_name="林組長"
    )
    review(other, entry, do="return", note="請補分母")

    response = review(centre.head, entry)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert fresh(entry).state == State.RETURNED


def test_a_figure_that_changed_since_is_not_passed_on_unseen(centre: Centre):
    entry = centre.sent()
    entries.recall(
        entry=fresh(entry), by=centre.staff, at=timezone.now(), version=entry.version
    )
    centre.sent(entry.kpi, value="95")

    response = review(centre.head, entry)

    assert response.status_code == 422
    assert "staff changed this" in response.content.decode()
    assert fresh(entry).state == State.SUBMITTED


def test_one_that_is_refused_keeps_none_of_the_others_back(centre: Centre):
    first, second = (centre.sent(centre.kpi(code)) for code in ("A1", "A2"))
    first.version += 1

    response = review(centre.head, first, second)

    assert response.status_code == 422
    assert fresh(first).state == State.SUBMITTED
    assert fresh(second).state == State.CHECKED


def test_nobody_reviews_their_own(centre: Centre):
    both = make_user("both", role="staff", unit=centre.section)
    both.memberships.create(unit=centre.centre, role="manager")
    entry = centre.sent(by=both)

    assert waiting(both) == []
    assert step(both, entry, "check").status_code == 403
    assert step(both, entry, "return", note="x").status_code == 403
    assert fresh(entry).state == State.SUBMITTED


@pytest.mark.parametrize("name", ["check", "approve", "return"])
def test_staff_and_planners_take_no_step_of_review(centre: Centre, name: str):
    entry = centre.sent()

    for person in (centre.staff, centre.planner):
        assert step(person, entry, name, note="x").status_code == 403
    assert client_of(centre.staff).get("/review/").status_code == 403
    assert fresh(entry).state == State.SUBMITTED


def test_others_do_not_find_what_is_under_way(centre: Centre):
    entry = centre.sent()
    elsewhere = make_user(role="manager")

    assert client_of(elsewhere).get(f"/entries/{entry.pk}/").status_code == 404
    assert step(elsewhere, entry, "check").status_code == 404


def test_an_auditor_sees_a_figure_and_no_button(centre: Centre):
    entry = centre.sent()
    auditor = make_user(role="auditor", unit=centre.centre)

    response = client_of(auditor).get(f"/entries/{entry.pk}/")

    page = response.context["page"]
    assert not any((page.may_check, page.may_approve, page.may_return, page.may_ask))
    assert "/check/" not in response.content.decode()


def test_the_steps_of_a_figure_stand_on_its_page(centre: Centre):
    entry = centre.approved()

    steps = client_of(centre.staff).get(f"/entries/{entry.pk}/").context["page"].steps

    assert [(one.action, one.who) for one in steps] == [
        ("approved", "manager"),
        ("checked by the section", "head"),
        ("submitted", "staff"),
    ]
    assert {one.said for one in steps} == {"90%"}


def test_each_step_is_taken_on_the_page_of_the_figure_too(centre: Centre):
    entry = centre.sent()

    assert step(centre.head, entry, "check", note="已核對").status_code == 302
    assert step(centre.manager, fresh(entry), "approve").status_code == 302

    assert fresh(entry).state == State.APPROVED
    page = client_of(centre.staff).get(f"/entries/{entry.pk}/").content.decode()
    assert "已核對" in page


def test_a_stale_page_of_a_figure_says_so_and_keeps_the_note(centre: Centre):
    entry = centre.sent()
    entry.version -= 1

    response = step(centre.head, entry, "check", note="已核對")

    assert response.status_code == 422
    assert "已核對" in response.content.decode()
    assert "changed this" in response.content.decode()


def test_what_changed_since_the_last_approval_is_shown(centre: Centre):
    entry = centre.approved()
    reopened(centre, entry)
    centre.sent(entry.kpi, value="95")

    page = client_of(centre.head).get(f"/entries/{entry.pk}/").context["page"]

    assert page.item.in_force == "90%"
    assert [(one.before, one.now) for one in page.item.changes] == [("90%", "95%")]


def test_a_figure_in_force_that_changed_meanwhile_is_to_be_confirmed(centre: Centre):
    kpi = centre.kpi()
    entry = centre.checked(kpi)
    make_actual(kpi, "77")

    response = review(centre.manager, entry)

    assert response.status_code == 422
    confirmed = f"{entry.pk}:in-force-changed"
    assert f'name="confirm" value="{confirmed}"' in response.content.decode()
    assert Actual.objects.get().value == 77

    assert review(centre.manager, entry, confirm=confirmed).status_code == 302
    assert Actual.objects.get().value == 90


def test_a_light_that_turned_poor_is_told_on_approval(centre: Centre):
    make_rules(
        "city",
        2026,
        uses_self_rating=False,
        basis="achievement",
        is_adopted=True,
        achievement_weight=1,
        innovation_weight=0,
        challenge_weight=0,
        contribution_weight=0,
    )
    explained = {
        "control": "inside",
        "explanation": "案量大增",
        "remedy": "增聘督導",
        "remedy_due_on": "116.6.30",
    }

    centre.approved(value="20", **explained)

    assert Result.objects.get(standing="official").light == "poor"
    assert kinds_of(centre.manager) == ["turned-poor"]
    assert kinds_of(centre.planner) == ["turned-poor"]


def test_points_of_the_review_are_kept_with_the_figure(centre: Centre):
    make_rules("city", 2026)
    make_self_rating(centre.kpi("A0"))
    entry = centre.sent(
        innovation="80", challenge="85", contribution="85", basis="首創"
    )
    points = {"innovation": "82", "challenge": "86", "contribution": "88"}

    wrong = step(centre.head, entry, "check", **points | {"innovation": "182"})
    right = step(centre.head, entry, "check", **points, basis="初核")

    assert wrong.status_code == 422
    assert 'value="182"' in wrong.content.decode()
    assert right.status_code == 302
    page = client_of(centre.manager).get(f"/entries/{entry.pk}/").content.decode()
    assert "初核" in page


def address_of_queue(entry: Entry) -> str:
    return "/review/"


def address_of_entry(entry: Entry) -> str:
    return f"/entries/{entry.pk}/"


@pytest.mark.parametrize("address", [address_of_queue, address_of_entry])
def test_a_long_queue_takes_the_queries_of_a_short_one(
    centre: Centre, address: Callable[[Entry], str]
):
    taken = []
    client = client_of(centre.head)
    for count in (2, 18):
        for number in range(count):
            entry = centre.sent(centre.kpi(f"A{count}.{number}"))
        client.get(address(entry))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(entry)).status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 36, taken
