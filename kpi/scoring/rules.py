"""The rules of a year and level: weights, clamps, bands; and which a card uses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol

from kpi.scoring.figures import HUNDRED, ZERO, Light


class Basis(StrEnum):
    """What a light is read from."""

    TOTAL = "total"
    ACHIEVEMENT = "achievement"
    BY_HAND = "by-hand"
    QUOTA = "quota"


class Standing(StrEnum):
    """What rules rest on: an announcement, published rows, or our own default."""

    ANNOUNCED = "announced"
    INFERRED = "inferred"
    DEFAULT = "default"


class ZeroTarget(StrEnum):
    """What counts where the target is 0 and no achievement exists."""

    FULL_WHEN_REACHED = "full-when-reached"
    NOTHING = "nothing"


class Level(StrEnum):
    """Whose rules they are, highest first."""

    CITY = "city"
    BUREAU = "bureau"
    CENTRE = "centre"


_FROM_THE_TOP = tuple(Level)


@dataclass(frozen=True, slots=True)
class Weights:
    """The shares of a total's four parts. Raises ValueError unless they sum to 1."""

    achievement: Decimal
    innovation: Decimal = ZERO
    challenge: Decimal = ZERO
    contribution: Decimal = ZERO

    def __post_init__(self) -> None:
        shares = (self.achievement, self.innovation, self.challenge, self.contribution)
        if min(shares) < 0 or sum(shares) != 1:
            raise ValueError(f"weights do not sum to 1: {shares}")


@dataclass(frozen=True, slots=True)
class Band:
    """A light and its inclusive lower bound; the lowest band has none."""

    light: Light
    lower: Decimal | None


@dataclass(frozen=True, slots=True)
class Rules:
    """How the results of one level are reckoned in one year.

    `bands` stand from the best light to the worst, the last without a bound.
    `clamp` is the range of the achievement that counts, either end None for no
    limit. Raises ValueError where bands or weights cannot be.
    """

    weights: Weights | None
    bands: tuple[Band, ...]
    basis: Basis = Basis.TOTAL
    uses_self_rating: bool = True
    clamp: tuple[Decimal | None, Decimal | None] = (ZERO, HUNDRED)
    total_decimals: int = 1
    zero_target: ZeroTarget = ZeroTarget.FULL_WHEN_REACHED
    standing: Standing = Standing.DEFAULT
    minimum_rated: int = 1

    def __post_init__(self) -> None:
        if self.basis != Basis.BY_HAND:
            _require_ordered(self.bands)
        if self.basis in (Basis.TOTAL, Basis.QUOTA) and self.weights is None:
            raise ValueError("a light from totals needs weights")
        if self.weights and not self.uses_self_rating and self.weights.achievement != 1:
            raise ValueError("without self-ratings the achievement weighs 1")
        low, high = self.clamp
        if low is not None and high is not None and low > high:
            raise ValueError("the clamp's low end lies above its high end")


def _require_ordered(bands: tuple[Band, ...]) -> None:
    if not bands or bands[-1].lower is not None:
        raise ValueError("the lowest band has no lower bound")
    bounds = [band.lower for band in bands[:-1]]
    for bound in bounds:
        if bound is None:
            raise ValueError("only the lowest band has no lower bound")
    for upper, lower in pairwise(bounds):
        if upper is not None and lower is not None and upper <= lower:
            raise ValueError("the bands' bounds do not fall")


def rules_from_fields(fields: Mapping[str, Any]) -> Rules:
    """Return the rules that a stored row or fixtures/rating_rules.json describes.

    Numbers may be Decimals or their texts. Raises ValueError or KeyError where
    a field is wrong or missing.
    """
    weights = fields["weights"]
    return Rules(
        weights=Weights(**{name: Decimal(text) for name, text in weights.items()})
        if weights
        else None,
        bands=tuple(
            Band(Light(band["light"]), _decimal(band["lower"]))
            for band in fields["bands"]
        ),
        basis=Basis(fields["basis"]),
        uses_self_rating=fields["uses_self_rating"],
        clamp=(_decimal(fields["clamp_low"]), _decimal(fields["clamp_high"])),
        total_decimals=fields["total_decimals"],
        zero_target=ZeroTarget(fields["zero_target"]),
        standing=Standing(fields["standing"]),
        minimum_rated=fields["minimum_rated"],
    )


def _decimal(value: Decimal | str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class Candidate(Protocol):
    """Rules with the level and year they hold for: a row, or a test's stand-in."""

    @property
    def level(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def uses_self_rating(self) -> bool: ...
    @property
    def is_adopted(self) -> bool: ...


class Why(StrEnum):
    """Why a card uses the rules that it uses, or none."""

    OWN = "own"
    EARLIER_YEAR = "earlier-year"
    LEVEL_ABOVE = "level-above"
    NOT_ADOPTED = "not-adopted"
    NO_SELF_RATINGS = "no-self-ratings"
    NO_EARLIER_RULES = "no-earlier-rules"


@dataclass(frozen=True, slots=True)
class Choice[Row: Candidate]:
    """The rules a card uses, or None; why; and those that stand nearest instead."""

    rules: Row | None
    why: Why
    instead: Row | None = None


def choose_rules[Row: Candidate](
    candidates: Iterable[Row], level: str, year: int, *, has_self_ratings: bool
) -> Choice[Row]:
    """Return which of the candidates a card of `level` and `year` uses, and why.

    Its level's of its year, else of the nearest earlier year, else those of the
    level above. Rules that use self-ratings hold only for cards that carry
    some; rules that nobody adopted hold for none. Where none holds, `instead`
    names the nearest that would, once adopted or once there are self-ratings.

    Source: docs/rules.md, "Which rules a card uses".
    """
    upward = _FROM_THE_TOP[_FROM_THE_TOP.index(Level(level)) :: -1]
    near = sorted(
        (row for row in candidates if row.level in upward and row.year <= year),
        key=lambda row: (upward.index(Level(row.level)), -row.year),
    )
    fitting = [row for row in near if has_self_ratings or not row.uses_self_rating]
    for row in fitting:
        if row.is_adopted:
            return Choice(row, _why(row, level, year))
    if fitting:
        return Choice(None, Why.NOT_ADOPTED, fitting[0])
    if near:
        return Choice(None, Why.NO_SELF_RATINGS, near[0])
    return Choice(None, Why.NO_EARLIER_RULES)


def _why(row: Candidate, level: str, year: int) -> Why:
    if row.level != level:
        return Why.LEVEL_ABOVE
    return Why.OWN if row.year == year else Why.EARLIER_YEAR
