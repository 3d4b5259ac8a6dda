"""One KPI's result: achievement, reached, total, light, and what was doubtful."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from kpi.scoring.figures import (
    HUNDRED,
    ZERO,
    Absence,
    ActualFigure,
    Direction,
    Light,
    Rating,
    TargetFigure,
)
from kpi.scoring.ratios import (
    Ground,
    achievement,
    is_against,
    is_ratio_meaningless,
    verdict,
)
from kpi.scoring.rules import Basis, Rules, ZeroTarget
from kpi.scoring.totals import counted_part, light, rounded_total
from kpi.scoring.traces import Mark, Reason, Step, explain


class Question(NamedTuple):
    """All that a score depends on."""

    direction: Direction
    target: TargetFigure | None
    actual: ActualFigure | None
    rating: Rating | None
    rules: Rules | None
    exempt: bool
    achievement_decimals: int
    by_hand: Light | None


@dataclass(frozen=True, slots=True)
class Score:
    """What the rules give for one KPI and period; None is what they do not give.

    `achievement` is in percent, exact; `counted` is the part of it that counts;
    `total` is in points. `reason` says why the light is unknown.
    """

    achievement: Decimal | None
    counted: Decimal | None
    reached: bool | None
    total: Decimal | None
    light: Light
    reason: Reason | None
    marks: tuple[Mark, ...]
    absence: Absence | None
    ground: Ground | None
    question: Question = field(repr=False)

    @property
    def trace(self) -> tuple[Step, ...]:
        """How it was reckoned, step by step; made anew at each asking."""
        return explain(self)


def score(
    direction: Direction,
    target: TargetFigure | None,
    actual: ActualFigure | None,
    rating: Rating | None,
    rules: Rules | None,
    *,
    exempt: bool = False,
    achievement_decimals: int = 1,
    by_hand: Light | None = None,
) -> Score:
    """Return all that the rules give for one KPI and period.

    `rules` is None where none hold for the card: achievement and reached stand
    without a total or a light. `by_hand` is the light a person chose, which
    counts only under rules that leave it to people.

    Source: docs/rules.md, all headings in turn.
    """
    question = Question(
        direction, target, actual, rating, rules, exempt, achievement_decimals, by_hand
    )
    is_reached, ground = verdict(direction, target, actual)
    goal = target.overall if target is not None else None
    value = actual.value if actual is not None else None
    ratio = achievement(direction, goal, value)
    if is_reached and (goal is None or value is None):
        ratio = HUNDRED

    counted = points = None
    if rules is not None and not exempt:
        if ratio is not None:
            counted = counted_part(ratio, rules)
        elif goal is not None and value is not None and is_reached is not None:
            counted = _counted_at_zero(is_reached, rules)
        if counted is not None:
            points = rounded_total(counted, rating, rules)

    shown = Light.UNKNOWN
    if rules is not None and not exempt:
        if rules.basis == Basis.TOTAL:
            shown = light(points, rules.bands)
        elif rules.basis == Basis.ACHIEVEMENT:
            shown = light(counted if ratio is None else ratio, rules.bands)
        elif rules.basis == Basis.BY_HAND and by_hand is not None:
            shown = by_hand
    return Score(
        achievement=ratio,
        counted=counted,
        reached=is_reached,
        total=points,
        light=shown,
        reason=_reason(question, ratio, counted, is_reached)
        if shown == Light.UNKNOWN
        else None,
        marks=_marks(direction, target, goal, value, ground),
        absence=actual.absence if actual is not None else None,
        ground=ground,
        question=question,
    )


def _counted_at_zero(is_reached: bool, rules: Rules) -> Decimal | None:
    """Return what counts where the target is 0, by the rules' policy."""
    if rules.zero_target == ZeroTarget.NOTHING:
        return None
    return HUNDRED if is_reached else ZERO


_NO_MARKS: tuple[Mark, ...] = ()


def _marks(
    direction: Direction,
    target: TargetFigure | None,
    goal: Decimal | None,
    value: Decimal | None,
    ground: Ground | None,
) -> tuple[Mark, ...]:
    marks = _NO_MARKS
    if direction == Direction.UNCONFIRMED:
        marks = (Mark.UNCONFIRMED,)
    if target is not None and is_against(direction, target.overall_comparator):
        marks = (*marks, Mark.AGAINST_DIRECTION)
    if is_ratio_meaningless(direction, goal, value):
        marks = (*marks, Mark.RATIO_MEANINGLESS)
    if goal is not None and not goal and value is not None:
        marks = (*marks, Mark.ZERO_TARGET)
    if ground == Ground.OVERALL:
        marks = (*marks, Mark.BY_OVERALL)
    return marks


def _reason(
    question: Question,
    ratio: Decimal | None,
    counted: Decimal | None,
    is_reached: bool | None,
) -> Reason:
    """Return the first of the reasons, the nearest to the figures first."""
    actual, rules = question.actual, question.rules
    if question.exempt:
        return Reason.EXEMPT
    if question.target is None:
        return Reason.NO_TARGET
    if actual is None:
        return Reason.NOT_ENTERED
    if actual.absence:
        return Reason(actual.absence.value)
    if rules is None:
        return Reason.NO_RULES
    if rules.basis == Basis.BY_HAND:
        return Reason.BY_HAND
    if ratio is None and counted is None:
        if is_reached is None:
            return Reason.NOT_STATED
        if actual.value is not None and question.target.overall is not None:
            return Reason.ZERO_TARGET
        return Reason.STATED_NOT_REACHED
    if rules.uses_self_rating and question.rating is None:
        return Reason.NO_SELF_RATING
    return Reason.QUOTA
