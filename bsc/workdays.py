"""Working days by the government's calendar, and days as people type and read them.

A calendar maps the days on which offices differ from the week to whether they work:
a holiday on a Tuesday to False, a Saturday on which work is made up (補行上班) to True.
Every other day follows the week.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bsc.periods import common_era, roc

Calendar = Mapping[date, bool]

MOST_DAYS = 1000
_SATURDAY = 5
_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_DAY_NAMES = "MonTueWedThuFriSatSun"
_MONTH_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
_WRITTEN = re.compile(
    r"(?:民國)?(\d{1,4})(?:[./-](\d{1,2})[./-](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
)


def is_work_day(day: date, calendar: Calendar) -> bool:
    """Say whether offices work on `day`."""
    return calendar.get(day, day.weekday() < _SATURDAY)


def add_work_days(day: date, count: int, calendar: Calendar) -> date:
    """Return the working day that is `count` working days after `day`, or before it.

    The day itself is never counted. With 0 it is `day`, or the next working day where
    offices are closed. Raises ValueError for more than 1,000 days either way.
    """
    if abs(count) > MOST_DAYS:
        raise ValueError(f"more than {MOST_DAYS} days: {count}")
    if count == 0 and not is_work_day(day, calendar):
        count = 1
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_work_day(day, calendar)
    return day


def work_days_until(day: date, until: date, calendar: Calendar) -> int:
    """Return how many working days lie after `day`, up to and with `until`.

    Where `until` is earlier, it is the working days that have gone by since, below 0.
    """
    sign, first, last = (1, day, until) if day <= until else (-1, until, day)
    days = ((first + n * _DAY) for n in range(1, (last - first).days + 1))
    return sign * sum(is_work_day(one, calendar) for one in days)


def years_unknown(days: Iterable[date], calendar: Calendar) -> tuple[int, ...]:
    """Return the years of `days`, in order, of which the calendar says nothing."""
    known = {day.year for day in calendar}
    return tuple(sorted({day.year for day in days} - known))


def parse_day(text: str) -> date:
    """Return the day that `text` names: 112.6.30, 112年6月30日, 2023-06-30.

    A year below 1000 is 民國. Raises ValueError for anything else.
    """
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    match = _WRITTEN.fullmatch(compact)
    if match is None:
        raise ValueError(f"no day: {text}")
    year, *rest = (part for part in match.groups() if part is not None)
    month, day = map(int, rest)
    return date(common_era(year), month, day)


def day_text(day: date) -> str:
    """Return a day as it is typed and printed: 112.6.30."""
    return f"{roc(day.year)}.{day.month}.{day.day}"


def day_label(day: date, language: str = "zh-hant") -> str:
    """Return a day with its weekday: 112.6.30（五）, or Fri 30 Jun 2023 in English."""
    if language.lower().startswith("zh"):
        return f"{day_text(day)}（{_WEEKDAYS[day.weekday()]}）"
    name = _DAY_NAMES[3 * day.weekday() :][:3]
    month = _MONTH_NAMES[3 * day.month - 3 :][:3]
    return f"{name} {day.day} {month} {day.year}"
