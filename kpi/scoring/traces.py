"""How a result was reckoned, as codes with parameters; words are made above."""

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bsc.numbers import half_up
from kpi.scoring.figures import (
    ActualFigure,
    Comparator,
    Direction,
    Light,
    TargetFigure,
)
from kpi.scoring.ratios import (
    Ground,
    is_ratio_meaningless,
    pairs_of_parts,
    printed_achievement,
    required,
)
from kpi.scoring.rules import Basis
from kpi.scoring.totals import raw_total

if TYPE_CHECKING:
    from kpi.scoring.scores import Score

# As many decimals as the interface gives; what has more is shown with ≈.
SHOWN_DECIMALS = 6

_OPPOSITES = {
    Comparator.AT_LEAST: "<",
    Comparator.ABOVE: "≤",
    Comparator.AT_MOST: ">",
    Comparator.BELOW: "≥",
    Comparator.EQUAL: "≠",
}


class Mark(StrEnum):
    """What a page warns of beside a result."""

    UNCONFIRMED = "unconfirmed"
    AGAINST_DIRECTION = "against-direction"
    RATIO_MEANINGLESS = "ratio-meaningless"
    ZERO_TARGET = "zero-target"
    BY_OVERALL = "by-overall"


class Reason(StrEnum):
    """Why a light is unknown."""

    EXEMPT = "exempt"
    NO_TARGET = "no-target"
    NOT_ENTERED = "not-entered"
    NOT_MEASURED = "not-measured"
    NO_STATISTICS = "no-statistics"
    NOT_APPLICABLE = "not-applicable"
    NOT_STATED = "not-stated"
    STATED_NOT_REACHED = "stated-not-reached"
    ZERO_TARGET = "zero-target"
    NO_RULES = "no-rules"
    NO_SELF_RATING = "no-self-rating"
    BY_HAND = "by-hand"
    QUOTA = "quota"


class Step(NamedTuple):
    """One step: its code, and the texts it speaks of; numbers are decimal strings."""

    code: str
    params: dict[str, str]


# Weights, bounds, ratings and targets come back in nearly every result of a card.
@lru_cache(maxsize=8192)
def _text(value: Decimal) -> str:
    shown = f"{half_up(value, SHOWN_DECIMALS):f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


@lru_cache(maxsize=256)
def _percent(weight: Decimal) -> str:
    return _text(weight * 100)


def _equals(value: Decimal) -> str:
    return "=" if half_up(value, SHOWN_DECIMALS) == value else "≈"


def explain(score: "Score") -> tuple[Step, ...]:
    """Return how `score` came about, in the order in which it was reckoned.

    Direction, ratio, reached (part by part where it was), what counts, total,
    band or why there is no light, then the marks that no step has spoken of.

    Source: docs/rules.md, "Trace".
    """
    question = score.question
    steps = [Step("direction", {"direction": str(question.direction)})]
    if question.target is not None and question.actual is not None:
        steps += _ratio(score, question.target, question.actual)
        steps += _reached(score, question.target, question.actual)
    steps += _counted(score)
    steps += _total(score)
    steps += _light(score)
    said = {Mark.UNCONFIRMED}
    if score.counted is not None or score.reason == Reason.ZERO_TARGET:
        said.add(Mark.ZERO_TARGET)
    steps += [
        Step("mark", {"mark": str(mark)}) for mark in score.marks if mark not in said
    ]
    return tuple(steps)


def _ratio(
    score: "Score", target: TargetFigure, actual: ActualFigure
) -> tuple[Step, ...]:
    goal, value, ratio = target.overall, actual.value, score.achievement
    if goal is None or value is None or ratio is None:
        return ()
    direction = score.question.direction
    params = {
        "target": _text(goal),
        "actual": _text(value),
        "sign": _equals(ratio),
        "achievement": _text(ratio),
    }
    if is_ratio_meaningless(direction, goal, value):
        return (Step("shortfall-below-target", params),)
    if direction == Direction.NEGATIVE:
        return (Step("target-by-actual", params),)
    if goal < 0:
        return (Step("excess-over-target", params),)
    return (Step("actual-by-target", params),)


def _reached(
    score: "Score", target: TargetFigure, actual: ActualFigure
) -> tuple[Step, ...]:
    direction, ground = score.question.direction, score.ground
    if ground is None:
        return ()
    verdict = "reached" if score.reached else "not-reached"
    if ground == Ground.PARTS:
        parts = tuple(
            _comparison("part", label, value, required(direction, comparator), aim)
            for label, aim, comparator, value in pairs_of_parts(target, actual)
        )
        return (*parts, Step(f"{verdict}-in-parts", {"parts": str(len(parts))}))
    goal = target.overall
    if ground == Ground.STATED or goal is None or actual.value is None:
        said = {"target": target.text or _or_nothing(goal)}
        said["actual"] = actual.text or _or_nothing(actual.value)
        return (Step(f"stated-{verdict}", said),)
    asked = required(direction, target.overall_comparator)
    step = _comparison(verdict, "", actual.value, asked, goal)
    step.params["ground"] = str(ground)
    return (step,)


def _or_nothing(value: Decimal | None) -> str:
    return "" if value is None else _text(value)


def _comparison(
    code: str, label: str, value: Decimal, asked: Comparator, aim: Decimal
) -> Step:
    holds = asked.holds(value, aim)
    sign = str(asked) if holds else _OPPOSITES[asked]
    params = {"actual": _text(value), "sign": sign, "target": _text(aim)}
    if code == "part":
        code = "part-reached" if holds else "part-not-reached"
        params["label"] = label
    return Step(code, params)


def _counted(score: "Score") -> tuple[Step, ...]:
    ratio, counted = score.achievement, score.counted
    if ratio is None:
        if counted is None:
            return ()
        return (Step("zero-target-counted", {"counted": _text(counted)}),)
    printed = printed_achievement(ratio, score.question.achievement_decimals)
    params = {"achievement": _text(printed)}
    if counted is None or counted == ratio:
        return (Step("achievement", params),)
    params["counted"] = _text(counted)
    return (Step("counted", params),)


def _total(score: "Score") -> tuple[Step, ...]:
    question, rules = score.question, score.question.rules
    if score.total is None or score.counted is None or rules is None:
        return ()
    weights, rating = rules.weights, question.rating
    raw = raw_total(score.counted, rating, rules)
    if weights is None or raw is None:
        return ()
    shares = [(score.counted, weights.achievement)]
    if rules.uses_self_rating and rating is not None:
        shares += [
            (rating.innovation, weights.innovation),
            (rating.challenge, weights.challenge),
            (rating.contribution, weights.contribution),
        ]
    parts = " + ".join(f"{_text(part)}×{_percent(weight)}%" for part, weight in shares)
    return (
        Step(
            "total",
            {
                "parts": parts,
                "sign": _equals(raw),
                "raw": _text(raw),
                "total": f"{score.total:f}",
            },
        ),
    )


def _light(score: "Score") -> tuple[Step, ...]:
    rules = score.question.rules
    if score.light == Light.UNKNOWN or rules is None:
        return (Step("unknown", {"reason": str(score.reason)}),)
    params = {"light": str(score.light), "standing": str(rules.standing)}
    if rules.basis == Basis.BY_HAND:
        return (Step("by-hand", params),)
    if rules.basis == Basis.TOTAL:
        measured = score.total
    else:
        measured = score.counted if score.achievement is None else score.achievement
    params["basis"] = str(rules.basis)
    params["measured"] = _or_nothing(measured)
    above = None
    for band in rules.bands:
        if band.light == score.light and band.lower is not None:
            params["lower"] = _text(band.lower)
            return (Step("band", params),)
        if band.light == score.light:
            break
        above = band.lower
    params["upper"] = _or_nothing(above)
    return (Step("lowest-band", params),)
