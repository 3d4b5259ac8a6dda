"""Rounds: planned by working days, one a card and period, seen on the wall, told of."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bsc.models import Scorecard, Unit, WorkDay
from bsc.periods import Period
from bsc.services import load_work_days
from kpi.boards.wall import standings_of
from kpi.models import Round
from kpi.services import rounds
from tests.factories import (
    make_actual,
    make_kpi,
    make_scorecard,
    make_unit,
    make_user,
)
from tests.reporting import DUE, City, client_of

pytestmark = pytest.mark.django_db

REFERENCE = json.loads((settings.BASE_DIR / "fixtures" / "workdays.json").read_text())
PERIOD = Period(2026)


@pytest.fixture
def city() -> City:
    load_work_days(REFERENCE)
    return City()


def days(**fields: Any) -> rounds.Days:
    given = {"opens_on": date(2027, 1, 4), "due_on": DUE} | fields
    return rounds.reckon_days(calendar=WorkDay.objects.as_calendar(), **given)


def create(city: City, **fields: Any) -> Round:
    values: dict[str, Any] = {
        "name": "115年填報",
        "period": PERIOD,
        "scorecards": [city.card],
        "days": days(),
        "refuses_late": False,
        "by": city.planner,
    }
    return rounds.create_round(**(values | fields))


def form_of(city: City, **fields: Any) -> dict[str, Any]:
    values = {
        "name": "115年填報",
        "period": "115",
        "opens_on": "116.1.4",
        "due_on": "116.2.3",
        "days_to_check": "5",
        "days_to_approve": "5",
        "days_to_close": "5",
        "check_due_on": "",
        "approve_due_on": "",
        "closes_on": "",
        "refuses_late": "",
        "scorecards": [city.card.pk],
    }
    return values | fields


def test_the_days_are_reckoned_over_the_new_year(city: City):
    reckoned = days()

    assert reckoned.check_due_on == date(2027, 2, 17)
    assert reckoned.approve_due_on == date(2027, 2, 24)
    assert reckoned.closes_on == date(2027, 2, 17)
    assert days(days_to_close=0).closes_on == DUE


def test_a_second_load_of_the_calendar_changes_nothing(city: City):
    before = list(WorkDay.objects.values())

    assert load_work_days(REFERENCE) == (0, 0, len(before))
    assert list(WorkDay.objects.values()) == before


def test_a_day_that_a_person_changed_or_took_away_stays_so(city: City):
    changed, gone = WorkDay.objects.all()[:2]
    changed.name, changed._history_user = "颱風", city.planner
    changed.save()
    gone._history_user = city.planner
    gone.delete()

    load_work_days(REFERENCE)

    changed.refresh_from_db()
    assert changed.name == "颱風"
    assert not WorkDay.objects.filter(day=gone.day).exists()


def test_a_planner_makes_a_round_in_the_browser(city: City):
    client = client_of(city.planner)

    response = client.post("/rounds/new/", form_of(city))

    made = Round.objects.get()
    assert response["Location"] == f"/rounds/{made.pk}/"
    assert (made.period, made.check_due_on) == ("2026", date(2027, 2, 17))
    assert list(made.scorecards.all()) == [city.card]
    assert made.history.get().history_user == city.planner
    page = client.get(f"/rounds/{made.pk}/").content.decode()
    assert "116.2.17（三）" in page


def test_days_that_were_typed_win_over_those_reckoned(city: City):
    typed = form_of(city, check_due_on="2027-02-19", approve_due_on="116.3.5")

    client_of(city.planner).post("/rounds/new/", typed)

    made = Round.objects.get()
    assert made.check_due_on == date(2027, 2, 19)
    assert made.approve_due_on == date(2027, 3, 5)


def test_the_days_are_shown_before_they_are_saved(city: City):
    typed = form_of(city, reckon="1", check_due_on="116.12.1")

    page = client_of(city.planner).post("/rounds/new/", typed).content.decode()

    assert not Round.objects.exists()
    assert 'value="116.2.17"' in page
    assert 'value="116.2.24"' in page
    assert "116.12.1" not in page


@pytest.mark.parametrize(
    ("fields", "box"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 101}, "name"),
        ({"period": "115年度的"}, "period"),
        ({"period": "9" * 12}, "period"),
        ({"opens_on": "116.2.30"}, "opens_on"),
        ({"due_on": "115.12.1"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"days_to_check": "-1"}, "days_to_check"),
        ({"days_to_check": "100000000"}, "days_to_check"),
        ({"check_due_on": "116.1.5"}, "check_due_on"),
        ({"approve_due_on": "116.2.4"}, "approve_due_on"),
        ({"closes_on": "116.1.5"}, "closes_on"),
        ({"scorecards": []}, "scorecards"),
        ({"scorecards": ["999999"]}, "scorecards"),
        ({"period": "114"}, "__all__"),
    ],
)
def test_a_slip_is_told_at_its_box_and_nothing_is_written(
    city: City, fields: dict, box: str
):
    response = client_of(city.planner).post("/rounds/new/", form_of(city, **fields))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [box]
    assert not Round.objects.exists()
    if "name" not in fields:
        assert 'value="115年填報"' in response.content.decode()


def test_a_card_is_in_one_round_of_a_period(city: City):
    first = create(city)
    create(city, period=Period.parse("115H1"), name="半年")

    with pytest.raises(ValidationError, match="115年填報"):
        create(city, name="再一次")
    # The round itself may be saved again.
    changed = rounds.change_round(
        round=first,
        name="改名",
        period=PERIOD,
        scorecards=[city.card],
        days=days(),
        refuses_late=True,
        by=city.planner,
    )

    assert (Round.objects.count(), changed.name) == (2, "改名")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scorecards": []}, "no-cards"),
        ({"period": Period(2025)}, "other-year"),
    ],
)
def test_a_round_has_cards_of_its_own_year(city: City, change: dict, code: str):
    with pytest.raises(ValidationError) as error:
        create(city, **change)

    assert error.value.code == code


def test_a_closed_card_enters_no_round(city: City):
    Scorecard.objects.update(status="closed")

    with pytest.raises(ValidationError) as error:
        create(city)

    assert error.value.code == "closed-card"


def test_a_planner_plans_for_their_own_units(city: City):
    other = make_scorecard(make_unit(parent=city.city), 2026)

    with pytest.raises(ValidationError) as error:
        create(city, scorecards=[city.card, other])

    assert error.value.code == "not-yours"
    assert not Round.objects.exists()
    page = client_of(city.planner).get("/rounds/new/").content.decode()
    assert f'value="{other.pk}"' not in page


def test_others_find_no_round_and_staff_change_none(city: City):
    made = city.round()
    elsewhere = make_user("omar", role="planner")

    assert client_of(elsewhere).get(f"/rounds/{made.pk}/").status_code == 404
    assert client_of(elsewhere).get("/rounds/").status_code == 200
    staff = client_of(city.staff[0])
    assert staff.get(f"/rounds/{made.pk}/").status_code == 200
    assert staff.get(f"/rounds/{made.pk}/edit/").status_code == 403
    assert staff.post(f"/rounds/{made.pk}/remind/").status_code == 403


def test_a_year_without_a_calendar_says_so(city: City):
    made = city.round(approve_due_on=date(2028, 1, 3), check_due_on=date(2027, 12, 25))

    page = client_of(city.planner).get(f"/rounds/{made.pk}/").content.decode()

    assert "117" in page
    assert "not a working day" in client_in_english(city, made)


def client_in_english(city: City, made: Round) -> str:
    client = client_of(city.planner)
    client.cookies["django_language"] = "en"
    page = client.get(f"/rounds/{made.pk}/").content.decode()
    assert "The government calendar of 117 is not in the portal yet" in page
    return page


def test_the_wall_shows_how_far_each_section_is(city: City):
    made = city.round(due_on=date(2026, 1, 5), opens_on=date(2026, 1, 1))
    on_time = timezone.make_aware(datetime(2026, 1, 5, 23, 59))
    city.entry(city.kpis[0], "checked", submitted_at=on_time)
    city.entry(city.kpis[1], "returned", submitted_at=on_time)
    imported = make_kpi("A9", scorecard=city.card, owners=(city.sections[0],))
    make_actual(imported)
    client = client_of(city.planner)
    client.cookies["django_language"] = "en"

    standings = standings_of([made])[made.pk]
    board = client.get(f"/rounds/{made.pk}/wall/").context["board"]

    assert {standings[kpi.pk].state for kpi in city.kpis} == {
        "checked",
        "returned",
        "empty",
    }
    assert standings[imported.pk].state == "approved"
    assert [standings[kpi.pk].is_late for kpi in city.kpis] == [False, True, True]
    (card,) = board.cards
    assert [(row.name, row.sent, row.total) for row in card.rows] == [
        ("成保組", 2, 3),
        ("兒少組", 0, 1),
    ]
    assert (board.total, board.sent, board.late) == (4, 2, 2)


def test_staff_see_their_own_section_on_the_wall(city: City):
    made = city.round()

    board = client_of(city.staff[1]).get(f"/rounds/{made.pk}/wall/").context["board"]

    assert [row.name for card in board.cards for row in card.rows] == ["兒少組"]


def test_the_wall_may_show_only_who_has_not_sent(city: City):
    made = city.round()
    city.entry(city.kpis[1])

    board = (client_of(city.planner).get(f"/rounds/{made.pk}/wall/?show=open")).context[
        "board"
    ]

    assert [row.name for card in board.cards for row in card.rows] == ["成保組"]


def test_a_kpi_without_a_unit_has_its_line_on_the_wall(city: City):
    made = city.round()
    make_kpi("A8", scorecard=city.card)

    board = client_of(city.planner).get(f"/rounds/{made.pk}/wall/").context["board"]

    assert [row.cells[0].code for row in board.cards[0].rows][-1] == "A8"


@pytest.mark.parametrize("address", ["/rounds/", "/rounds/{}/", "/rounds/{}/wall/"])
def test_pages_of_large_rounds_take_the_queries_of_small_ones(address: str):
    city = City(kpis=2)
    made = city.round(period="2026")
    client = client_of(city.planner)
    taken = []
    for count in (0, 40):
        for number in range(count):
            section = make_unit(parent=city.centre, kind=Unit.Kind.SECTION)
            kpi = make_kpi(f"B{number}", scorecard=city.card, owners=(section,))
            city.entry(kpi)
        for number in range(count // 4):
            other = city.round(period=f"2026-{number + 1:02}", name=f"月{number}")
            assert other.pk
        client.get(address.format(made.pk))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address.format(made.pk)).status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 16
