"""`must_explain`: when a figure is sent with a cause, and when with a remedy too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kpi.entries.bounds import has_natural_bound_at
from kpi.entries.codes import DemandCode
from kpi.entries.definitions import Definition
from kpi.entries.reading import Problem, Reading
from kpi.formula.writing import number_text
from kpi.scoring import Light, Score, printed_achievement

CAUSE = ("explanation",)
CAUSE_AND_REMEDY = ("control", "explanation", "remedy", "remedy_due_on")
NOTHING_CONFIRMED: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Demand:
    """Why a figure needs an explanation, and the boxes that it asks for."""

    code: DemandCode
    params: Mapping[str, str] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """What a condition looks at."""

    reading: Reading
    definition: Definition
    score: Score
    confirmed: Mapping[str, str]
    limit: Decimal


type Condition = Callable[[_Case], dict[str, str] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition under which a figure is explained, and the boxes that it asks for.

    `holds` gives the parameters of its words, None where it does not hold.
    """

    code: DemandCode
    boxes: tuple[str, ...]
    holds: Condition
    limit: Decimal = Decimal(0)


def must_explain(
    reading: Reading,
    definition: Definition,
    score: Score | None,
    confirmed: Mapping[str, str] = NOTHING_CONFIRMED,
) -> tuple[Demand, ...]:
    """Return why the figure must be explained before it is sent; () where it need not.

    `score` is what the card's rules give for `reading`. Codes: those of `RULES`, in
    their order. One that equals its target needs no words where its check is in
    `confirmed`, as `Entry.confirmed` keeps it. What is exempt is not explained, and
    neither is a half, quarter or month: the target is one of the year.

    Source: docs/rules.md, "Explanations".
    """
    if score is None or definition.is_exempt or not definition.is_of_year:
        return ()
    if reading.figure is None or reading.absence is not None:
        return ()
    demands = []
    for rule in RULES:
        case = _Case(reading, definition, score, confirmed, rule.limit)
        params = rule.holds(case)
        if params is not None:
            demands.append(Demand(rule.code, params, rule.boxes))
    return tuple(demands)


def missing_explanations(
    typed: Mapping[str, str], demands: Iterable[Demand]
) -> tuple[Problem, ...]:
    """Return the boxes that `demands` ask for and that are empty, each once."""
    boxes = dict.fromkeys(box for demand in demands for box in demand.boxes)
    return tuple(
        Problem(box, "explanation-missing")
        for box in boxes
        if not str(typed.get(box) or "").strip()
    )


def _not_reached(case: _Case) -> dict[str, str] | None:
    if case.score.reached is not False:
        return None
    goal = case.definition.goal
    return {} if goal is None else {"target": number_text(goal)}


def _streak(case: _Case) -> dict[str, str] | None:
    """Hold where so many years in a row, this one among them, missed the target."""
    if case.score.reached is not False:
        return None
    missed = {past.year for past in case.definition.past if past.reached is False}
    years, year = 1, case.definition.period.year - 1
    while year in missed:
        years, year = years + 1, year - 1
    return {"years": str(years)} if years >= case.limit else None


def _below(case: _Case) -> dict[str, str] | None:
    achieved = case.score.achievement
    if achieved is None or achieved >= case.limit:
        return None
    return _achieved(achieved, case.limit)


def _above(case: _Case) -> dict[str, str] | None:
    achieved = case.score.achievement
    if achieved is None or achieved <= case.limit:
        return None
    return _achieved(achieved, case.limit)


def _achieved(achieved: Decimal, limit: Decimal) -> dict[str, str]:
    printed = printed_achievement(achieved)
    return {"achievement": number_text(printed), "limit": number_text(limit)}


def _lit(light: Light) -> Condition:
    return lambda case: {} if case.score.light == light else None


def _equal(case: _Case) -> dict[str, str] | None:
    value, definition = case.reading.value, case.definition
    if value is None or value != definition.goal:
        return None
    is_confirmed = case.confirmed.get("equal-to-target") == number_text(value)
    if is_confirmed or has_natural_bound_at(value, definition):
        return None
    return {"target": number_text(value)}


RULES = (
    Rule("not-reached", CAUSE_AND_REMEDY, _not_reached),
    Rule("streak", CAUSE_AND_REMEDY, _streak, Decimal(3)),
    Rule("below-limit", CAUSE_AND_REMEDY, _below, Decimal(80)),
    Rule("light-poor", CAUSE_AND_REMEDY, _lit(Light.POOR)),
    Rule("light-fair", CAUSE_AND_REMEDY, _lit(Light.FAIR)),
    Rule("far-above", CAUSE, _above, Decimal(150)),
    Rule("equal-to-target", CAUSE, _equal),
)
