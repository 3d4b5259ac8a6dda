"""Excel's day numbers as moments, and as the text a date format displays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Excel counts 29 February 1900, a day that never was, as day 60.
_FALSE_LEAP_DAY = 60
_LAST_DAY = 2_958_465
_FIRST_OF_1904 = 1_462
_SECONDS = 86_400
_ROC_OFFSET = 1_911

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CHINESE_MONTHS = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
]
_CHINESE_DAYS = "一二三四五六日"

# A token of a format: its kind ("literal", "date", "elapsed", "half-day",
# "fraction" of a second) and its text.
type Token = tuple[str, str]


def moment(serial: Decimal, counts_from_1904: bool) -> datetime | None:
    """Return the moment of a day number, rounded half up to the millisecond.

    None where no such day exists: below day 1, day 60, beyond the year 9999.
    """
    if counts_from_1904:
        serial += _FIRST_OF_1904
    day = int(serial)
    if serial < 1 or day == _FALSE_LEAP_DAY or day > _LAST_DAY:
        return None
    start = datetime(1899, 12, 31 if day < _FALSE_LEAP_DAY else 30)
    milliseconds = ((serial - day) * _SECONDS * 1000).quantize(
        Decimal(1), ROUND_HALF_UP
    )
    try:
        return start + timedelta(days=day, milliseconds=int(milliseconds))
    except OverflowError:
        return None


def serial_of(when: datetime) -> Decimal:
    """Return the day number, counted from 1900, of a moment from March 1900 on."""
    since = when - datetime(1899, 12, 30)
    seconds = Decimal(since.seconds) + Decimal(since.microseconds) / 1_000_000
    return since.days + seconds / _SECONDS


def has_day(tokens: Sequence[Token]) -> bool:
    """Say whether a date format shows a day, a month or a year, not only a time."""
    return any(
        kind == "date" and (text[0] in "ydega" or (text[0] == "m" and not is_minute))
        for (kind, text), is_minute in zip(tokens, _minutes(tokens), strict=True)
    )


def date_text(
    serial: Decimal, tokens: Sequence[Token], is_chinese: bool, from_1904: bool
) -> str | None:
    """Return what a date format displays, or None where no such day exists."""
    decimals = max(
        (len(text) - 1 for kind, text in tokens if kind == "fraction"), default=0
    )
    shows_seconds = any(
        kind in ("date", "elapsed") and text[0] == "s" for kind, text in tokens
    )
    # What is not shown is cut off, but for the last part of a second, half up.
    smallest = Decimal(1).scaleb(-decimals)
    seconds = (serial * _SECONDS).quantize(
        smallest if shows_seconds else Decimal("0.001"), ROUND_HALF_UP
    )
    is_elapsed_only = not has_day(tokens)
    if seconds < 0:
        return None
    day = int(seconds // _SECONDS)
    rest = seconds % _SECONDS
    when = None
    if not is_elapsed_only:
        when = moment(Decimal(day), from_1904)
        if when is None:
            return None
    has_half_day = any(kind == "half-day" for kind, _ in tokens)
    shown = _Shown(when, seconds, rest, has_half_day, is_chinese)
    return "".join(
        shown.part(kind, text, is_minute)
        for (kind, text), is_minute in zip(tokens, _minutes(tokens), strict=True)
    )


def _minutes(tokens: Sequence[Token]) -> list[bool]:
    """Return for each token whether it is an `m` that means minutes."""
    marks = [
        (index, text[0])
        for index, (kind, text) in enumerate(tokens)
        if kind in ("date", "elapsed")
    ]
    answer = [False] * len(tokens)
    for place, (index, letter) in enumerate(marks):
        if letter == "m":
            before = marks[place - 1][1] if place else ""
            after = marks[place + 1][1] if place + 1 < len(marks) else ""
            answer[index] = before == "h" or after == "s"
    return answer


class _Shown:
    """One moment, drawn token by token."""

    def __init__(
        self,
        when: datetime | None,
        seconds: Decimal,
        rest: Decimal,
        has_half_day: bool,
        is_chinese: bool,
    ) -> None:
        self.when = when
        self.seconds = seconds
        self.rest = rest
        self.hour = int(rest // 3600)
        self.has_half_day = has_half_day
        self.is_chinese = is_chinese

    def part(self, kind: str, text: str, is_minute: bool) -> str:
        if kind == "literal":
            return text
        if kind == "elapsed":
            per = {"h": 3600, "m": 60, "s": 1}[text[0]]
            return str(int(self.seconds // per)).zfill(len(text))
        if kind == "half-day":
            is_late = self.hour >= 12
            if text.startswith("上") or self.is_chinese:
                return "下午" if is_late else "上午"
            names = ("A", "P") if len(text) == 3 else ("AM", "PM")
            return names[is_late]
        if kind == "fraction":
            return str(self.rest % 1)[1:] or "." + "0" * (len(text) - 1)
        return self._number(text, is_minute)

    def _number(self, text: str, is_minute: bool) -> str:
        letter = text[0]
        if letter == "h":
            hour = (self.hour + 11) % 12 + 1 if self.has_half_day else self.hour
            return str(hour).zfill(min(len(text), 2))
        if is_minute:
            return str(int(self.rest // 60) % 60).zfill(min(len(text), 2))
        if letter == "s":
            return str(int(self.rest) % 60).zfill(min(len(text), 2))
        when = self.when
        if when is None:
            return ""
        if letter == "y":
            return f"{when.year:04}" if len(text) > 2 else f"{when.year % 100:02}"
        if letter == "e":
            year = when.year - _ROC_OFFSET if self.is_chinese else when.year
            return str(year).zfill(2 if self.is_chinese and len(text) > 1 else 1)
        if letter == "g":
            if not self.is_chinese:
                return ""
            return "中華民國" if len(text) > 2 else "民國"
        if letter == "m":
            return self._month(text, when.month)
        if letter == "a" and len(text) in (3, 4):
            sign = "星期" if len(text) == 4 else "週"
            return sign + _CHINESE_DAYS[when.weekday()]
        if len(text) < 3:
            return str(when.day).zfill(len(text))
        sign = "週" if len(text) == 3 else "星期"
        if self.is_chinese:
            return sign + _CHINESE_DAYS[when.weekday()]
        name = _DAYS[when.weekday()]
        return name[:3] if len(text) == 3 else name

    def _month(self, text: str, number: int) -> str:
        if len(text) < 3:
            return str(number).zfill(len(text))
        if self.is_chinese:
            name = str(number) if len(text) == 3 else _CHINESE_MONTHS[number - 1]
            return name + "月"
        name = _MONTHS[number - 1]
        return {3: name[:3], 5: name[0]}.get(len(text), name)
