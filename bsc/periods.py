"""Periods: a year, half, quarter or month, in the common era and in 民國."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

# 民國 1 is 1912. A number below 1000 is a 民國 year, on every door.
ERA_OFFSET = 1911
FIRST_YEAR, LAST_YEAR = 1912, 2111
LAST_ROC_YEAR = LAST_YEAR - ERA_OFFSET
_ROC_BELOW = 1000

_MONTH_NAMES = (
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
)
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}

_YEAR = r"(?:民國)?(?P<year>\d{1,4})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}(?:年度?)?",
        rf"{_YEAR}-?H(?P<half>[12])",
        rf"{_YEAR}年度?(?P<half_word>[上下])半年",
        rf"{_YEAR}-?Q(?P<quarter>[1-4])",
        rf"{_YEAR}年度?第(?P<quarter_word>[1-4一二三四])季",
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})",
        rf"{_YEAR}年(?P<month>\d{{1,2}})月",
        # Digits only: three of 民國 or four of the common era, and the month.
        # Four digits are always a year: 9807 might be 民國 98 and is refused.
        r"(?P<year>\d{3}|\d{4})(?P<month>\d{2})",
    )
)


def common_era(year: str | int) -> int:
    """Return the common-era year that `year` means: 109 and 2020 give 2020.

    Raises ValueError where it is no year from 民國 1 to 200.
    """
    text = str(year).strip()
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"no year: {year}")
    number = int(text)
    if 0 < number < _ROC_BELOW:
        number += ERA_OFFSET
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(f"no year from 民國 1 to {LAST_ROC_YEAR}: {year}")
    return number


def roc(year: int) -> int:
    """Return the 民國 year of a common-era year: 2020 gives 109."""
    return year - ERA_OFFSET


class Kind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"


_IN_A_YEAR = {Kind.YEAR: 1, Kind.HALF: 2, Kind.QUARTER: 4, Kind.MONTH: 12}
_SUFFIXES = {
    Kind.YEAR: "",
    Kind.HALF: "H{}",
    Kind.QUARTER: "Q{}",
    Kind.MONTH: "-{:02}",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A year, half, quarter or month.

    `year` is of the common era; `number` counts within the year, from 1. Raises
    ValueError where the year or the number does not exist.
    """

    year: int
    kind: Kind = Kind.YEAR
    number: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"no year from 民國 1 to {LAST_ROC_YEAR}: {self.year}")
        if not 1 <= self.number <= _IN_A_YEAR[self.kind]:
            raise ValueError(f"no {self.kind} of a year: {self.number}")

    @classmethod
    def parse(cls, text: str | int) -> Self:
        """Return the period that `text` names: 109, 2020H1, 109Q3, 10907, 2020-07.

        A year below 1000 is 民國; 109年, 109年度, 109年上半年, 109年第3季 and
        109年7月 are read as well. Raises ValueError for anything else.
        """
        compact = "".join(unicodedata.normalize("NFKC", str(text)).split())
        for pattern in _PATTERNS:
            if match := pattern.fullmatch(compact):
                return cls._from_match(match.groupdict())
        raise ValueError(f"no year, half, quarter or month: {text}")

    @classmethod
    def _from_match(cls, found: dict[str, str | None]) -> Self:
        year = common_era(found["year"] or "")
        if half := found.get("half"):
            return cls(year, Kind.HALF, int(half))
        if half := found.get("half_word"):
            return cls(year, Kind.HALF, 1 if half == "上" else 2)
        if quarter := found.get("quarter"):
            return cls(year, Kind.QUARTER, int(quarter))
        if quarter := found.get("quarter_word"):
            return cls(year, Kind.QUARTER, _NUMERALS.get(quarter) or int(quarter))
        if month := found.get("month"):
            return cls(year, Kind.MONTH, int(month))
        return cls(year)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The stored form, common era, at most 7 characters: 2020, 2020H1, 2020-07."""
        return f"{self.year}{_SUFFIXES[self.kind].format(self.number)}"

    @property
    def roc_code(self) -> str:
        """The form of addresses and the API, in 民國: 109, 109H1, 109Q3, 109-07."""
        return f"{self.roc}{_SUFFIXES[self.kind].format(self.number)}"

    @property
    def roc(self) -> int:
        """The 民國 year."""
        return roc(self.year)

    @property
    def first_month(self) -> int:
        return (self.number - 1) * self._months + 1

    @property
    def last_month(self) -> int:
        return self.number * self._months

    @property
    def _months(self) -> int:
        return 12 // _IN_A_YEAR[self.kind]

    def label(self, language: str = "zh-hant") -> str:
        """Return the period in words: 109年第3季, or Q3 109 in English.

        Both count in 民國, as addresses, the API and the published tables do.
        """
        if language.lower().startswith("zh"):
            return self._in_chinese()
        return self._in_english(str(self.roc))

    def title(self, language: str = "zh-hant") -> str:
        """Return the period as a page is headed: 109年, or ROC 109 (2020) in English.

        Whoever reads English may not know which calendar the page counts in.
        """
        if language.lower().startswith("zh"):
            return self._in_chinese()
        return self._in_english(f"ROC {self.roc} ({self.year})")

    def _in_chinese(self) -> str:
        year = self.roc
        match self.kind:
            case Kind.YEAR:
                return f"{year}年"
            case Kind.HALF:
                return f"{year}年{'上下'[self.number - 1]}半年"
            case Kind.QUARTER:
                return f"{year}年第{self.number}季"
            case Kind.MONTH:
                return f"{year}年{self.number}月"

    def _in_english(self, year: str) -> str:
        match self.kind:
            case Kind.YEAR:
                return year
            case Kind.HALF:
                return f"H{self.number} {year}"
            case Kind.QUARTER:
                return f"Q{self.number} {year}"
            case Kind.MONTH:
                return f"{_MONTH_NAMES[self.number - 1]} {year}"

    def next(self) -> Self:
        """Return the period of the same length that follows."""
        return self._moved(1)

    def previous(self) -> Self:
        """Return the period of the same length before this one."""
        return self._moved(-1)

    def _moved(self, steps: int) -> Self:
        count = _IN_A_YEAR[self.kind]
        years, index = divmod(self.number - 1 + steps, count)
        return type(self)(self.year + years, self.kind, index + 1)

    def contains(self, other: "Period") -> bool:
        """Say whether `other` lies wholly within this period; each contains itself."""
        return (
            self.year == other.year
            and self.first_month <= other.first_month
            and other.last_month <= self.last_month
        )
