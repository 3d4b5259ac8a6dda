"""What a KPI asks for in one period, as plain values: the boxes of its row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bsc.periods import Kind as PeriodKind
from bsc.periods import Period
from kpi.formula import Asked, Parsed, parse
from kpi.formula import Kind as FormulaKind
from kpi.scoring import Direction, TargetFigure


class Kind(StrEnum):
    """What stands in a box."""

    VALUE = "value"
    INPUT = "input"
    PREVIOUS = "previous"
    PART = "part"
    TEXT = "text"
    REACHED = "reached"
    ABSENCE = "absence"
    REASON = "reason"
    MONTHS = "months"
    INNOVATION = "innovation"
    CHALLENGE = "challenge"
    CONTRIBUTION = "contribution"
    BASIS = "basis"
    LIGHT = "light"
    CONTROL = "control"
    EXPLANATION = "explanation"
    REMEDY = "remedy"
    REMEDY_DUE = "remedy-due"
    LATE_REASON = "late-reason"


@dataclass(frozen=True, slots=True)
class Box:
    """One box to type into.

    `name` is its key in `Entry.typed` and in forms. `label` is what is printed where
    the document has words for it (an input, a part), else "" and the wording gives
    some. `unit` is what it counts (%, 件), `past` what it held a year before.
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    past: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A figure of an earlier year; `reached` is None where nobody can say.

    One that is not comparable covers a part of its year, or stands before a break of
    the definition: it is no ground to doubt a figure on.
    """

    year: int
    value: Decimal | None = None
    reached: bool | None = None
    is_comparable: bool = True


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What another card says of the same thing: whose it is, and its figure."""

    label: str
    value: Decimal


NO_FIGURES: Mapping[str, Decimal] = {}


@dataclass(frozen=True)
class Definition:
    """All that the boxes, their reading and the checks of one KPI depend on.

    `formula` comes from `formula_of`. `previous` holds last year's figures of the
    formula's boxes by label; `past` the figures of earlier years, oldest first.
    `decimals` are those of the actual. `is_late` asks why an entry is late.
    """

    period: Period
    measure: str = ""
    decimals: int = 2
    direction: Direction = Direction.UNCONFIRMED
    target: TargetFigure | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    rate_base: int | None = None
    formula: Parsed | Asked | None = None
    previous: Mapping[str, Decimal] = field(default_factory=lambda: NO_FIGURES)
    past: tuple[Past, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    uses_self_rating: bool = False
    light_by_hand: bool = False
    is_exempt: bool = False
    is_late: bool = False

    @property
    def parsed(self) -> Parsed | None:
        """The formula where it is understood; None where the value itself is typed."""
        return self.formula if isinstance(self.formula, Parsed) else None

    @property
    def is_single(self) -> bool:
        """Whether the formula is one box, whose figure is the value: 合作家數."""
        return self.parsed is not None and self.parsed.kind == FormulaKind.BOX

    @property
    def goal(self) -> Decimal | None:
        """The number of the target, if it has one."""
        return self.target.overall if self.target is not None else None

    @property
    def is_of_year(self) -> bool:
        """Whether a whole year is reported: only then is the target due."""
        return self.period.kind == PeriodKind.YEAR

    @property
    def comparable(self) -> tuple[Decimal, ...]:
        """The figures of earlier years that this one may be compared with."""
        return tuple(
            past.value
            for past in self.past
            if past.is_comparable and past.value is not None
        )

    @property
    def last(self) -> Decimal | None:
        """The comparable figure of the year before, if there is one."""
        for past in self.past:
            if past.year == self.period.year - 1 and past.is_comparable:
                return past.value
        return None

    @property
    def is_rated(self) -> bool:
        """Whether a self-rating is asked for."""
        return self.uses_self_rating and not self.is_exempt

    @property
    def is_light_given(self) -> bool:
        """Whether a person gives the light."""
        return self.light_by_hand and not self.is_exempt


def formula_of(
    text: str, expression: str = "", measure: str = "", rate_base: int | None = None
) -> Parsed | Asked | None:
    """Return what a KPI's formula says: its edited expression, else its printed text.

    None where there is neither.
    """
    said = expression.strip() or text.strip()
    return parse(said, measure, rate_base) if said else None


def is_sum(target: TargetFigure) -> bool:
    """Say whether a target says what it is made of: 4,143 (身障3,107+ 老人1,036)."""
    values = [part.value for part in target.parts if part.value is not None]
    labels = {part.label for part in target.parts}
    is_whole = len(values) == len(target.parts) == len(labels) > 1
    return is_whole and not target.is_in_parts and sum(values) == target.value
