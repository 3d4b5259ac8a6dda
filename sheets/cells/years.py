"""Years and months as titles, headings and notes print them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bsc.periods import common_era
from sheets.cells.texts import half_width

# A plan of before 民國 60 is no plan: 12年國教 and 未來2年 are not years.
_FIRST_ROC_YEAR = 60
_TITLE_YEAR = re.compile(r"(?<![\d.,])(?:民國)?\s*(\d{2,4})\s*年(?!以|內|來|國教|級)")
_YEAR = re.compile(r"(?:民國)?\s*(\d{1,4})\s*年?度?")
# 109年, 民國109年度; before numbers of months also 109. and 109/.
_FROM = r"(?:(?:民國)?(?P<year>\d{2,4})\s*年度?\s*|(?P<other>\d{3,4})\s*[./])?\s*"
_TO = r"(?:(?:民國)?\d{2,4}\s*年度?\s*|\d{3,4}\s*[./])?\s*"
_ENDS = r"(?:份|起|底|末|止|\d{1,2}日)*"
_MONTHS = re.compile(
    rf"{_FROM}(?P<first>\d{{1,2}})\s*月?{_ENDS}(?:/\d{{1,2}})?\s*[-~〜至到迄]\s*"
    rf"{_TO}(?P<last>\d{{1,2}})\s*(?P<month>月)?{_ENDS}(?:/\d{{1,2}})?"
)
_MONTH = re.compile(rf"{_FROM}(?P<first>\d{{1,2}})\s*月{_ENDS}")
_UNTIL = re.compile(
    rf"(?:截至|累計至|統計至|計至|至|迄)\s*{_FROM}(?P<last>\d{{1,2}})\s*月{_ENDS}"
)
_HALF = re.compile(rf"{_FROM}(?P<half>上半年|下半年|上半年度|下半年度)(?:止|底)?")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
_QUARTER = r"[1-4一二三四]"
_QUARTERS = re.compile(
    rf"{_FROM}(?:第?\s*(?P<first>{_QUARTER})\s*季?(?:\s*[-~〜至到]\s*第?\s*"
    rf"(?P<last>{_QUARTER}))?\s*季度?|Q(?P<q>[1-4])(?:\s*[-~至]\s*Q?(?P<r>[1-4]))?)",
    re.IGNORECASE,
)
_YEAR_END = 12


class BadYear(ValueError):
    """A year that cannot be: its argument is the year as printed."""


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a year that a figure covers; `year` None where not named."""

    first: int
    last: int
    year: int | None = None


def year_of(text: str) -> int:
    """Return the common-era year of a text that is one: 109, 109年度, 2020.

    Raises BadYear where there is no such year.
    """
    match = _YEAR.fullmatch(half_width(text).strip())
    if match is None:
        raise BadYear(text)
    return _checked(match[1])


def year_named_in(text: str) -> int | None:
    """Return the first year a title names, in the common era, or None.

    Raises BadYear where three or four digits before 年 are no year.
    """
    for match in _TITLE_YEAR.finditer(half_width(text)):
        if len(match[1]) == 2 and int(match[1]) < _FIRST_ROC_YEAR:
            continue
        return _checked(match[1])
    return None


@lru_cache(maxsize=1024)
def months_of(text: str) -> Months | None:
    """Return the months a note names: 109年7-12月, 上半年, 第3季. None if none."""
    text = half_width(text).strip().rstrip(":").strip()
    if match := _HALF.fullmatch(text):
        is_first = match["half"].startswith("上")
        return _months(match, 1 if is_first else 7, 6 if is_first else _YEAR_END)
    if match := _UNTIL.fullmatch(text):
        return _months(match, 1, int(match["last"]))
    if match := _QUARTERS.fullmatch(text):
        first = _number(match["first"] or match["q"])
        last = _number(match["last"] or match["r"] or match["first"] or match["q"])
        return _months(match, first * 3 - 2, last * 3)
    if match := _MONTH.fullmatch(text):
        return _months(match, int(match["first"]), int(match["first"]))
    match = _MONTHS.fullmatch(text)
    # 「7-12」 alone may be a score; with 月 or behind a year it is months.
    if match is None or not (match["month"] or match["year"] or match["other"]):
        return None
    return _months(match, int(match["first"]), int(match["last"]))


def _months(match: re.Match[str], first: int, last: int) -> Months | None:
    if not 1 <= first <= last <= _YEAR_END:
        return None
    year = match["year"] or match["other"]
    return Months(first, last, _year_or_none(year) if year else None)


def _number(numeral: str) -> int:
    return _NUMERALS.get(numeral) or int(numeral)


def _checked(digits: str) -> int:
    try:
        year = common_era(digits)
    except ValueError:
        raise BadYear(digits) from None
    if int(digits) < _FIRST_ROC_YEAR:
        raise BadYear(digits)
    return year


def _year_or_none(text: str) -> int | None:
    try:
        return year_of(text)
    except BadYear:
        return None
