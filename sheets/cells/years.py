"""Years and months as titles, headings and notes print them."""

import re
from dataclasses import dataclass

from bsc.periods import common_era
from sheets.cells.texts import half_width

# A plan of before 民國 60 is no plan: 12年國教 and 未來2年 are not years.
_FIRST_ROC_YEAR = 60
_TITLE_YEAR = re.compile(r"(?<![\d.,])(?:民國)?\s*(\d{2,4})\s*年(?!以|內|來|國教|級)")
_YEAR = re.compile(r"(?:民國)?\s*(\d{1,4})\s*年?度?")
_MONTHS = re.compile(
    r"(?:(?P<year>\d{2,4})\s*年度?)?\s*(?P<first>\d{1,2})\s*月?"
    r"\s*[-~～至到]\s*(?P<last>\d{1,2})\s*月(?:底)?"
)
_MONTH = re.compile(
    r"(?:(?P<year>\d{2,4})\s*年度?)?\s*(?P<first>\d{1,2})\s*月(?:份|底)?"
)
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}


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


def months_of(text: str) -> Months | None:
    """Return the months a note names: 109年7-12月, 上半年, 1至6月. None if none."""
    text = half_width(text).strip()
    for words, (first, last) in _HALVES.items():
        if text.endswith(words):
            before = text[: -len(words)].strip()
            return (
                Months(first, last, _year_or_none(before))
                if before
                else Months(first, last)
            )
    match = _MONTHS.fullmatch(text) or _MONTH.fullmatch(text)
    if match is None:
        return None
    first = int(match["first"])
    last = int(match.groupdict().get("last") or first)
    if not 1 <= first <= last <= 12:
        return None
    return Months(first, last, _year_or_none(match["year"]) if match["year"] else None)


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
