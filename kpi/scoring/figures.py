"""What a KPI was meant to reach, what was measured, and how it was rated."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from operator import eq, ge, gt, le, lt
from typing import Self

# A quotient of two stored values (20 digits at most) that is no tie lies at least
# 1e-22 away from one, so with 60 digits rounding half up never sees a false tie.
EXACT = Context(prec=60)

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Direction(StrEnum):
    """Which way is better; unconfirmed is reckoned as positive, and marked."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCONFIRMED = "unconfirmed"


class Comparator(StrEnum):
    """How an actual must stand to its target."""

    AT_LEAST = "≥"
    ABOVE = ">"
    AT_MOST = "≤"
    BELOW = "<"
    EQUAL = "="

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the comparator of `text`, which may also be >= or <=.

        Raises ValueError where it is none.
        """
        sign = text.strip()
        return cls(_SPELLINGS.get(sign, sign))

    def holds(self, actual: Decimal, target: Decimal) -> bool:
        """Say whether `actual` stands to `target` as this comparator asks."""
        return _TESTS[self](actual, target)


_SPELLINGS = {
    ">=": "≥",
    "≧": "≥",
    "＞": ">",
    "<=": "≤",
    "≦": "≤",
    "＜": "<",
    "==": "=",
    "＝": "=",
}
_TESTS: dict[Comparator, Callable[[Decimal, Decimal], bool]] = {
    Comparator.AT_LEAST: ge,
    Comparator.ABOVE: gt,
    Comparator.AT_MOST: le,
    Comparator.BELOW: lt,
    Comparator.EQUAL: eq,
}


class Light(StrEnum):
    """How a KPI stands, best first; a symbol or a colour is never the light."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


class Absence(StrEnum):
    """Why there is no number, which is not the same as 0 or as nothing entered."""

    NOT_MEASURED = "not-measured"
    NO_STATISTICS = "no-statistics"
    NOT_APPLICABLE = "not-applicable"


def require_number(value: Decimal | None) -> None:
    """Raise ValueError where `value` is infinite or no number."""
    if value is not None and not value.is_finite():
        raise ValueError(f"no number: {value}")


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a target or an actual: 公務 81%以上, 身障3,107."""

    label: str
    value: Decimal | None
    comparator: Comparator | None = None

    def __post_init__(self) -> None:
        require_number(self.value)


@dataclass(frozen=True, slots=True)
class TargetFigure:
    """What a KPI was meant to reach: a number, a text or several parts."""

    value: Decimal | None = None
    comparator: Comparator | None = None
    text: str = ""
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        require_number(self.value)

    @property
    def overall(self) -> Decimal | None:
        """The number of the whole: its own, else that on which all parts agree.

        Source: docs/rules.md, "Reached".
        """
        if self.value is not None or not self.parts:
            return self.value
        first = self.parts[0]
        for part in self.parts:
            if (part.value, part.comparator) != (first.value, first.comparator):
                return None
        return first.value

    @property
    def overall_comparator(self) -> Comparator | None:
        """The comparator of the whole: its own, else that of its first part."""
        if self.value is not None or not self.parts:
            return self.comparator
        return self.comparator or self.parts[0].comparator

    @property
    def is_in_parts(self) -> bool:
        """True where each part is a target of its own, not a share of a sum.

        「公務 81%以上 公彩 81%以上」 is three targets; 「4,143 (身障3,107+ 老人1,036)」
        is one, and says what it is made of.
        """
        if not self.parts:
            return False
        return self.value is None or all(part.comparator for part in self.parts)


@dataclass(frozen=True, slots=True)
class ActualFigure:
    """What was measured: a number, a text, or why there is neither.

    `reached` is what a person stated, for where no two numbers can be compared.
    """

    value: Decimal | None = None
    text: str = ""
    reached: bool | None = None
    absence: Absence | None = None
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        require_number(self.value)


@dataclass(frozen=True, slots=True)
class Rating:
    """A self-rating: three numbers of points. Raises ValueError outside 0 to 100."""

    innovation: Decimal
    challenge: Decimal
    contribution: Decimal

    def __post_init__(self) -> None:
        for points in (self.innovation, self.challenge, self.contribution):
            if not 0 <= points <= 100:
                raise ValueError(f"not from 0 to 100 points: {points}")

    @classmethod
    def of(
        cls,
        innovation: Decimal | None,
        challenge: Decimal | None,
        contribution: Decimal | None,
    ) -> Self | None:
        """Return the rating, or None while one of the three is missing."""
        if innovation is None or challenge is None or contribution is None:
            return None
        return cls(innovation, challenge, contribution)
