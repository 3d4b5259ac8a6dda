"""Working days by the government's calendar of 民國 109 to 116."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bsc.workdays import (
    add_work_days,
    day_label,
    is_work_day,
    parse_day,
    work_days_until,
    years_unknown,
)

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "workdays.json"
CALENDAR = {
    date.fromisoformat(row["day"]): row["working"]
    for row in json.loads(FIXTURE.read_text())["days"]
}


def day(text: str) -> date:
    return parse_day(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("112.1.6", True),  # an ordinary Friday
        ("112.1.7", True),  # a Saturday on which work is made up
        ("112.1.8", False),
        ("112.1.20", False),  # the day before New Year's Eve, made up for on 7 January
        ("112.2.4", True),
        ("114.2.8", True),
        ("115.2.20", False),  # in place of a Sunday of the holidays
        ("115.2.21", False),
        ("115.10.26", False),
        ("116.12.31", False),  # the New Year of 117 is a Saturday
    ],
)
def test_a_day_is_worked_as_the_calendar_says(text: str, works: bool):
    assert is_work_day(day(text), CALENDAR) is works


@pytest.mark.parametrize(
    ("year", "days_off"),
    [(2020, 115), (2021, 116), (2022, 115), (2023, 116), (2024, 115), (2026, 120)],
)
def test_a_year_has_the_days_off_that_were_announced(year: int, days_off: int):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    off = [one for one in days if one.year == year and not is_work_day(one, CALENDAR)]

    assert len(off) == days_off


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("112.3.23", 1, "112.3.24"),
        ("112.3.24", 1, "112.3.25"),  # the Saturday is worked
        ("112.3.25", 1, "112.3.27"),
        ("112.3.31", 1, "112.4.6"),  # five days off in between
        ("115.2.13", 1, "115.2.23"),  # nine days off
        ("115.2.23", -1, "115.2.13"),
        ("115.2.13", 5, "115.3.2"),  # 2.27 is off as well
        ("115.3.2", -5, "115.2.13"),
        ("115.2.14", 0, "115.2.23"),
        ("115.2.13", 0, "115.2.13"),
        ("116.12.30", 1, "117.1.3"),  # a year without data: only its week is known
        ("112.1.6", 2, "112.1.9"),
    ],
)
def test_working_days_are_counted_over_holidays(start: str, count: int, end: str):
    assert add_work_days(day(start), count, CALENDAR) == day(end)


@pytest.mark.parametrize(
    ("start", "until", "count"),
    [
        ("115.2.13", "115.2.23", 1),
        ("115.2.23", "115.2.13", -1),
        ("115.2.13", "115.2.13", 0),
        ("115.2.14", "115.2.22", 0),
        ("112.3.24", "112.3.27", 2),
        ("111.12.30", "112.1.9", 6),
    ],
)
def test_the_days_left_are_working_days(start: str, until: str, count: int):
    assert work_days_until(day(start), day(until), CALENDAR) == count


def test_counting_on_and_back_ends_where_it_began():
    start = date(2026, 1, 2)
    for count in range(1, 260):
        on = add_work_days(start, count, CALENDAR)
        assert work_days_until(start, on, CALENDAR) == count
        assert add_work_days(on, -count, CALENDAR) == start


def test_a_count_out_of_all_bounds_is_refused():
    with pytest.raises(ValueError, match="1000"):
        add_work_days(date(2026, 1, 2), 10**9, CALENDAR)


def test_years_without_data_are_named():
    days = [day("116.12.30"), day("117.1.5"), day("118.1.5"), day("117.2.1")]

    assert years_unknown(days, CALENDAR) == (2028, 2029)
    assert years_unknown(days[:1], CALENDAR) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("112.6.30", date(2023, 6, 30)),
        ("１１２／６／３０", date(2023, 6, 30)),
        ("112年6月30日", date(2023, 6, 30)),
        ("民國 112 年 6 月 30 日", date(2023, 6, 30)),
        ("2023-06-30", date(2023, 6, 30)),
        ("109.2.29", date(2020, 2, 29)),
    ],
)
def test_days_are_read_as_offices_write_them(text: str, expected: date):
    assert parse_day(text) == expected


@pytest.mark.parametrize(
    "text", ["", "112", "112.6", "112.13.1", "110.2.29", "0.1.1", "6/30/2023", "x", "²"]
)
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(ValueError):
        parse_day(text)


def test_a_day_is_shown_with_its_weekday():
    assert day_label(date(2026, 2, 13)) == "115.2.13（五）"
    assert day_label(date(2026, 2, 13), "en") == "Fri 13 Feb 2026"
