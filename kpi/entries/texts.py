"""What people type, one text at a time: numbers, months, dates.

Each reader gives a value or a code that says what is wrong; none of them raises, and
none guesses: a number in 萬, a range or a calculation is asked for in digits.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from unicodedata import category

from bsc.periods import Period, common_era
from kpi.entries.codes import ProblemCode
from kpi.formula import base_of
from kpi.scoring import Absence

type Nothing = Literal[""]

# What a column of 20 digits with six decimals holds, and SQLite's numbers exactly.
MOST_DECIMALS = 6
INTEGER_DIGITS = 14
MOST_DIGITS = 15
LONGEST_NUMBER = 200
HUNDRED = 100

_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NARROW |= dict.fromkeys("\u3000\u00a0\u202f\u2007\u2009\t\r\n", " ")
_NARROW |= dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63", "-")
_NARROW |= {"\ufe6a": "%", "\ufe50": ",", "〜": "~", "～": "~"}
_NARROW_SIGNS = str.maketrans(_NARROW)

# The words of a page for a nothing, in both languages, and what offices write.
_ABSENCES = (
    dict.fromkeys(
        (
            *("無實際值", "尚無實際值", "無資料", "尚無資料", "無數據", "尚無數據"),
            *("未統計", "尚未統計", "統計中", "未公布", "尚未公布", "noactualvalue"),
        ),
        Absence.NOT_MEASURED,
    )
    | dict.fromkeys(
        (
            *("無相關統計數據", "無統計數據", "無相關統計資料", "無統計資料"),
            "nostatisticsavailable",
        ),
        Absence.NO_STATISTICS,
    )
    | dict.fromkeys(("不適用", "n/a", "notapplicable"), Absence.NOT_APPLICABLE)
)
# 0, or no figure at all.
_UNCLEAR = frozenset(
    ("無", "沒有", "-", "--", "---", "—", "——", "―", "─", "──", "none", "nil")
)

# Things that are counted one by one: there is no half of one, and none below 0.
COUNTED = (
    *("人", "人次", "件", "件次", "案", "案次", "案件", "名", "位", "家", "戶", "處"),
    *("所", "區", "里", "校", "班", "隊", "組", "團", "場", "場次", "次", "趟次"),
    *("班次", "輛", "輛次", "張", "份", "床", "組織", "單位", "團體", "個"),
    *("項", "種", "機構", "據點", "通", "筆"),
)
_MEASURED = (
    *("%", "‰", "元", "千元", "萬元", "百萬元", "億元", "分", "分鐘", "小時", "天"),
    *("日", "年", "歲", "倍", "公里", "公尺", "公頃", "公噸", "平方公尺", "度"),
    *("百分點", "人天", "人時"),
)
_MEASURES = frozenset((*COUNTED, *_MEASURED))
_SAME = {"百分比": "%", "百分率": "%", "個百分點": "百分點", "千分比": "‰"}

_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?:NT\$|\$)? ?(?P<digits>\d[\d,]*(?:\.\d*)?|\.\d+) ?"
    r"(?P<unit>[^\d\s,.()+~-]{0,6})",
    re.ASCII,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d*(?:\.\d*)?", re.ASCII)
# Digits in groups of three with spaces between them: 1 234 567.
_SPACED = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:\.\d+)?(?: ?\D{0,6})", re.ASCII)
_SLIPS: tuple[tuple[ProblemCode, re.Pattern[str]], ...] = (
    ("in-words", re.compile(r".*\d.*[億萬千百].*|[〇零一二三四五六七八九十百千萬億]+")),
    ("bracketed", re.compile(r"\(.*\d.*\)")),
    ("comparator", re.compile(r"[≥≤><≧≦]=? ?\d.*|.*\d.*(?:以上|以下|以內)")),
    ("exponent", re.compile(r"[-+]?\d[\d.]*e[-+]?\d+", re.IGNORECASE | re.ASCII)),
    ("range", re.compile(r"\d[\d.,]*%? ?(?:[-~至到]|\.\.) ?\d[\d.,]*\D{0,6}")),
    ("calculation", re.compile(r"=.*|[\d., ()]+[-+*/×÷][-+*/×÷\d., ()%]+")),
    (
        "not-finite",
        re.compile(r"[-+]?(?:inf(?:inity)?|s?nan\d*|∞|無限大?)", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class Number:
    """What a number's box says: a number, a nothing, what is wrong, or not a thing."""

    value: Decimal | None = None
    absence: Absence | None = None
    code: ProblemCode | Nothing = ""
    params: Mapping[str, str] = field(default_factory=dict)


NOTHING = Number()


def narrow(text: str) -> str:
    """Return `text` with full-width signs as half-width ones, without outer spaces."""
    return text.translate(_NARROW_SIGNS).strip()


def hidden_sign(text: str) -> str:
    """Return the first sign that nobody can see, as U+200B, or "" where there is none.

    Line ends and tabulators may stand in a text.
    """
    for sign in text:
        if category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") and sign not in "\n\r\t":
            return f"U+{ord(sign):04X}"
    return ""


def unkept_sign(text: str) -> str:
    """Return the first sign that no sentence holds, as U+0000: a control, half a sign.

    Signs that an office made itself, and those that only shape a word, may stand.
    """
    for sign in text:
        is_turning = "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"
        if is_turning or (category(sign) in ("Cc", "Cs") and sign not in "\n\r\t"):
            return f"U+{ord(sign):04X}"
    return ""


def number_of(text: str, unit: str = "") -> Number:
    """Return the number a box says, which counts `unit`, if that is known.

    Codes: too-long, odd-character, zero-or-nothing, unit-differs, broken-separator,
    too-large, too-many-decimals, too-many-digits, in-words, bracketed, comparator,
    exponent, range, calculation, not-finite, not-a-number.

    Source: docs/rules.md, "What people type".
    """
    if len(text) > LONGEST_NUMBER:
        return Number(code="too-long", params={"maximum": str(LONGEST_NUMBER)})
    if hidden := hidden_sign(text):
        return Number(code="odd-character", params={"character": hidden})
    plain = narrow(text)
    if not plain:
        return NOTHING
    said = plain.replace(" ", "").casefold()
    if absence := _ABSENCES.get(said):
        return Number(absence=absence)
    if said in _UNCLEAR:
        return Number(code="zero-or-nothing")
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    match = _NUMBER.fullmatch(plain.rstrip("。 "))
    typed = unit_word(match["unit"]) if match else ""
    if match is None or (typed and typed not in _MEASURES):
        return Number(code=_slip(plain), params={"typed": plain[:40]})
    is_same = typed == unit_word(unit) or (typed == "%" and is_percentage(unit))
    if unit and typed and not is_same:
        return Number(code="unit-differs", params={"typed": typed, "unit": unit})
    return _stored(match["sign"], match["digits"])


def _slip(plain: str) -> ProblemCode:
    for code, pattern in _SLIPS:
        if pattern.fullmatch(plain):
            return code
    return "not-a-number"


def _stored(sign: str, digits: str) -> Number:
    """Return a number that a column can hold exactly, or why it cannot."""
    if not _THOUSANDS.fullmatch(digits):
        return Number(code="broken-separator", params={"typed": digits[:40]})
    value = Decimal(sign + digits.replace(",", "").rstrip("."))
    if code := unstorable(value):
        maximum = MOST_DECIMALS if code == "too-many-decimals" else MOST_DIGITS
        return Number(code=code, params={"maximum": str(maximum)})
    return Number(value)


def unstorable(value: Decimal) -> ProblemCode | Nothing:
    """Return why no column holds `value` exactly, "" where one does."""
    if not value.is_finite():
        return "not-finite"
    if value.adjusted() >= INTEGER_DIGITS:
        return "too-large"
    if places_of(value) > MOST_DECIMALS:
        return "too-many-decimals"
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    last = min(places_of(value), MOST_DECIMALS)
    if len(digits) and value.adjusted() + last >= MOST_DIGITS:
        return "too-many-digits"
    return ""


def places_of(value: Decimal) -> int:
    """Return how many decimals a number has, closing zeros left out."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return 0
    closing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(-exponent - closing, 0) if value else 0


def unit_word(text: str) -> str:
    """Return a unit of measure as it stands behind a number: 件數 is 件, 百分比 is %."""
    bare = narrow(text).casefold()
    bare = _SAME.get(bare, bare)
    if bare.endswith("數") and bare[:-1] in _MEASURES:
        bare = bare[:-1]
    return bare


def is_percentage(unit: str) -> bool:
    """Say whether a unit of measure is a percentage, however it is printed."""
    return base_of(unit) == HUNDRED and "百分點" not in unit


def counts_things(unit: str) -> bool:
    """Say whether a unit of measure counts things one by one: 件, 人數, 家數."""
    return unit_word(unit) in COUNTED


_LAST_WORDS = tuple(
    sorted(
        {ending: unit for unit in COUNTED for ending in (unit, f"{unit}數")}.items(),
        key=lambda pair: len(pair[0]),
        reverse=True,
    )
)


def unit_of_label(label: str) -> str:
    """Return what the words of an input count: 通報件數 is 件, 保留數 is "" (unsaid)."""
    bare = label.partition("(")[0].rstrip()
    for ending, unit in _LAST_WORDS:
        if bare.endswith(ending):
            return "件" if unit == "案件" else unit
    return ""


_YEAR = r"(?:(?:民國)?(?P<year>\d{2,4})(?:年度?|[./]))?"
_AGAIN = r"(?:(?:民國)?(?P<again>\d{2,4})(?:年度?|[./]))?"
_SPAN = re.compile(
    rf"{_YEAR}(?P<first>\d{{1,2}})月?[-~至到]{_AGAIN}(?P<last>\d{{1,2}})月?[底止]?",
    re.ASCII,
)
_ONE = re.compile(rf"{_YEAR}(?P<first>\d{{1,2}})月", re.ASCII)
_HALF = re.compile(rf"{_YEAR}(?P<half>[上下])半年度?", re.ASCII)
_QUARTER = re.compile(
    rf"{_YEAR}(?:第?(?P<quarter>[1-4一二三四])季|q(?P<q>[1-4]))", re.ASCII
)
_WHOLE = re.compile(rf"{_YEAR}(?:全年度?|整年)", re.ASCII)
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Months:
    """The months that a figure covers, none where it is the whole period."""

    first: int | None = None
    last: int | None = None
    code: ProblemCode | Nothing = ""


WHOLE_PERIOD = Months()


def months_of(text: str, period: Period) -> Months:
    """Return the months a box says: 1-6, 7-12月, 上半年, 第3季.

    Codes: not-months, other-year, months-outside.
    """
    if len(text) > LONGEST_NUMBER:
        return Months(code="not-months")
    plain = narrow(text).replace(" ", "").casefold()
    if not plain:
        return WHOLE_PERIOD
    if match := _SPAN.fullmatch(plain):
        first, last = int(match["first"]), int(match["last"])
    elif match := _ONE.fullmatch(plain):
        first = last = int(match["first"])
    elif match := _HALF.fullmatch(plain):
        first, last = (1, 6) if match["half"] == "上" else (7, 12)
    elif match := _QUARTER.fullmatch(plain):
        numeral = match["quarter"] or match["q"]
        quarter = _NUMERALS.get(numeral) or int(numeral)
        first, last = quarter * 3 - 2, quarter * 3
    elif match := _WHOLE.fullmatch(plain):
        first, last = period.first_month, period.last_month
    else:
        return Months(code="not-months")
    years = {match.groupdict().get(name) for name in ("year", "again")} - {None}
    if any(_year(year or "") != period.year for year in years):
        return Months(code="other-year")
    if not 1 <= first <= last <= 12:
        return Months(code="not-months")
    if first < period.first_month or last > period.last_month:
        return Months(code="months-outside")
    if (first, last) == (period.first_month, period.last_month):
        return WHOLE_PERIOD
    return Months(first, last)


_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?:民國)?(?P<year>\d{2,4})(?P<sign>[./-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
        r"(?:民國)?(?P<year>\d{2,4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日?",
        r"(?P<year>\d{3,4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_NO_DAY = re.compile(r"(?:民國)?\d{2,4}(?:[./-]\d{1,2}|年\d{1,2}月)[底]?", re.ASCII)


def date_of(text: str) -> tuple[date | None, ProblemCode | Nothing]:
    """Return the day a box says, 民國 or common era, or a code: 112.6.30, 2023-06-30.

    Codes: not-a-date, date-without-day, no-such-day.
    """
    if len(text) > LONGEST_NUMBER:
        return None, "not-a-date"
    plain = narrow(text).replace(" ", "")
    if not plain:
        return None, ""
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            year = _year(match["year"])
            try:
                return date(year, int(match["month"]), int(match["day"])), ""
            except ValueError:
                return None, "no-such-day"
    return None, "date-without-day" if _NO_DAY.fullmatch(plain) else "not-a-date"


def last_day(period: Period) -> date:
    """Return the day on which a period ends."""
    days = monthrange(period.year, period.last_month)[1]
    return date(period.year, period.last_month, days)


def _year(digits: str) -> int:
    """Return a year in the common era, 0 where there is none."""
    try:
        return common_era(digits)
    except ValueError:
        return 0
