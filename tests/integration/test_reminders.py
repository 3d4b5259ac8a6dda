"""People are told what the rounds ask of them: what is due, late, poor or nobody's."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bsc.models import Notice, Unit, User
from bsc.services import load_work_days
from kpi.services import reminders
from tests.factories import make_actual, make_kpi, make_result, make_unit, make_user
from tests.reporting import DUE, City, client_of

pytestmark = pytest.mark.django_db

REFERENCE = json.loads((settings.BASE_DIR / "fixtures" / "workdays.json").read_text())


@pytest.fixture
def city() -> City:
    load_work_days(REFERENCE)
    return City()


def kinds_of(user: User) -> list[str]:
    return sorted(user.notices.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        (date(2027, 1, 3), []),
        (date(2027, 1, 4), ["opening"]),
        (date(2027, 1, 28), ["opening"]),  # four working days before
        (date(2027, 1, 29), ["due-soon", "opening"]),
        (date(2027, 2, 3), ["due-soon", "opening"]),
        (date(2027, 2, 4), ["overdue"]),
        (date(2027, 2, 11), ["overdue"]),
        (date(2027, 6, 1), []),  # long over
    ],
)
def test_sections_are_told_what_is_due(city: City, on: date, kinds: list[str]):
    city.round()

    reminders.tell_of_rounds(on=on)

    assert kinds_of(city.staff[0]) == kinds
    assert kinds_of(city.head) == (["overdue"] if kinds == ["overdue"] else [])


@pytest.mark.slow
def test_nobody_is_told_twice_however_often_it_is_looked(city: City):
    city.round()
    start = date(2027, 1, 1)

    for number in range(70):
        reminders.tell_of_rounds(on=start + timedelta(days=number))

    assert kinds_of(city.staff[0]) == ["due-soon", "opening", "overdue"]
    assert city.staff[0].notices.get(kind="opening").parameters["count"] == 2


def test_who_has_sent_everything_is_not_told_that_it_is_due(city: City):
    city.round()
    city.entry(city.kpis[1])

    reminders.tell_of_rounds(on=DUE)

    assert kinds_of(city.staff[1]) == ["opening"]


def test_heads_and_managers_are_told_of_their_own_days(city: City):
    city.round()
    city.entry(city.kpis[0])
    city.entry(city.kpis[2], "checked")

    reminders.tell_of_rounds(on=date(2027, 2, 17))
    reminders.tell_of_rounds(on=date(2027, 2, 25))

    head = city.head.notices.filter(parameters__step="check")
    assert set(head.values_list("kind", flat=True)) == {"due-soon", "overdue"}
    manager = city.manager.notices.filter(parameters__step="approve")
    assert set(manager.values_list("kind", flat=True)) == {"overdue"}


def test_a_new_due_day_is_told_of_anew(city: City):
    made = city.round()
    reminders.tell_of_rounds(on=DUE)
    made.due_on = made.check_due_on
    made.save()

    reminders.tell_of_rounds(on=made.due_on)

    assert kinds_of(city.staff[0]) == ["due-soon", "due-soon", "opening"]


def test_the_planner_is_told_of_kpis_without_a_unit_once(city: City):
    city.round()
    make_kpi("A8", scorecard=city.card)

    for day in (4, 5, 6):
        reminders.tell_of_rounds(on=date(2027, 1, day))
    assert city.planner.notices.get().parameters["codes"] == ["A8"]

    make_kpi("A9", scorecard=city.card)
    reminders.tell_of_rounds(on=date(2027, 1, 7))
    assert kinds_of(city.planner) == ["no-owner", "no-owner"]


def test_a_light_that_turned_poor_is_told_once_a_figure(city: City):
    city.round()
    kpi = city.kpis[0]
    actual = make_actual(kpi)
    make_result(kpi, "poor")
    make_actual(city.kpis[1])
    make_result(city.kpis[1], "good")

    for _time in range(2):
        reminders.tell_of_rounds(on=date(2027, 1, 5))
    assert kinds_of(city.manager) == kinds_of(city.planner) == ["turned-poor"]
    assert kinds_of(city.staff[0]) == ["opening"]

    actual.version += 1
    actual.save()
    reminders.tell_of_rounds(on=date(2027, 1, 6))
    assert kinds_of(city.manager) == ["turned-poor", "turned-poor"]


def test_a_button_reminds_those_who_have_not_sent_once_a_day(city: City):
    today = timezone.localdate()
    made = city.round(opens_on=today - timedelta(days=2))
    city.entry(city.kpis[1])
    client = client_of(city.planner)

    for _time in range(2):
        assert client.post(f"/rounds/{made.pk}/remind/").status_code == 302

    assert kinds_of(city.staff[0]) == ["reminder"]
    assert kinds_of(city.staff[1]) == []
    assert (
        reminders.remind(round=made, by=city.planner, on=today + timedelta(days=1)) == 1
    )


def test_nobody_is_reminded_before_a_round_opens(city: City):
    made = city.round(opens_on=timezone.localdate() + timedelta(days=1))

    client_of(city.planner).post(f"/rounds/{made.pk}/remind/")

    assert not Notice.objects.exists()


def test_telling_of_many_kpis_takes_the_queries_of_few(city: City):
    made = city.round()
    taken = []
    for count in (0, 30):
        for number in range(count):
            section = make_unit(parent=city.centre, kind=Unit.Kind.SECTION)
            make_user(role="staff", unit=section)
            make_kpi(f"C{number}", scorecard=city.card, owners=(section,))
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert reminders.tell_of_rounds(on=made.due_on)
        taken.append(len(captured))

    assert taken[0] == taken[1]
