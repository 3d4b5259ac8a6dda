"""`evaluate`: what a formula gives for the figures that were entered."""

from collections.abc import Callable, Iterator
from decimal import (
    Decimal,
    InvalidOperation,
    Overflow,
    getcontext,
    localcontext,
    setcontext,
)
from enum import StrEnum
from typing import NamedTuple

from bsc.numbers import half_up
from kpi.formula.expressions import (
    Expression,
    Figures,
    Label,
    MissingInput,
    Named,
    OutOfRange,
    Previous,
    ZeroDivisor,
    is_figure,
    labels_of,
    previous_of,
    walk,
)
from kpi.formula.writing import number_text, written
from kpi.scoring.figures import EXACT
from kpi.scoring.traces import SHOWN_DECIMALS, Step

NOTHING: Figures = {}


class Problem(StrEnum):
    """Why a formula gives no number."""

    NONE = ""
    MISSING = "missing"
    DIVISION_BY_ZERO = "division-by-zero"
    OUT_OF_RANGE = "out-of-range"


class Outcome(NamedTuple):
    """What a formula gives: a value, or why there is none.

    `value` is exact to 60 digits, and rounded half up where `decimals` were given.
    `missing` and `missing_previous` name the empty boxes of this year and of the last.
    """

    value: Decimal | None
    problem: Problem
    expression: Expression
    inputs: Figures
    previous: Figures
    decimals: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        return _empty(labels_of(self.expression), self.inputs)

    @property
    def missing_previous(self) -> tuple[str, ...]:
        return _empty(previous_of(self.expression), self.previous)

    @property
    def trace(self) -> tuple[Step, ...]:
        """Return how the value came about, as codes with numbers as decimal strings.

        Source: docs/rules.md, "Formulas".
        """
        return tuple(_steps(self))


def evaluate(
    expression: Expression,
    inputs: Figures,
    previous: Figures = NOTHING,
    decimals: int | None = None,
) -> Outcome:
    """Return what `expression` gives for the figures in `inputs`.

    `previous` holds the figures of the year before, by the same labels. A figure
    that is None or not there gives None: a missing number is not a zero. The value
    is rounded half up, once, where `decimals` says so.

    Source: docs/rules.md, "Formulas".
    """
    value, problem = None, Problem.NONE
    before = getcontext()
    setcontext(EXACT)
    try:
        value = expression.run(inputs, previous)
        if not is_figure(value):
            value, problem = None, Problem.OUT_OF_RANGE
        elif decimals is not None:
            value = half_up(value, decimals)
    except MissingInput:
        problem = Problem.MISSING
    except ZeroDivisor:
        problem = Problem.DIVISION_BY_ZERO
    except (OutOfRange, InvalidOperation, Overflow):
        problem = Problem.OUT_OF_RANGE
    finally:
        setcontext(before)
    return Outcome(value, problem, expression, inputs, previous, decimals)


def _empty(names: tuple[str, ...], figures: Figures) -> tuple[str, ...]:
    return tuple(name for name in names if figures.get(name) is None)


def _steps(outcome: Outcome) -> Iterator[Step]:
    yield from _entered("input", labels_of(outcome.expression), outcome.inputs)
    yield from _entered("previous", previous_of(outcome.expression), outcome.previous)
    if outcome.problem == Problem.MISSING:
        return
    if outcome.problem == Problem.DIVISION_BY_ZERO:
        yield Step("division-by-zero", {"divisor": _divisor_text(outcome)})
        return
    if outcome.problem == Problem.OUT_OF_RANGE:
        yield Step("out-of-range", {})
        return
    for part in walk(outcome.expression):
        if isinstance(part, Named):
            yield _calculation("named", part.inner, outcome, name=part.name)
    if not isinstance(outcome.expression, Label):
        yield _calculation("calculation", outcome.expression, outcome)
    exact, value = _exact(outcome.expression, outcome), outcome.value
    if value is not None and exact is not None and exact != value:
        params = {"exact": _shown(exact)[1], "value": number_text(value)}
        yield Step("rounded", {**params, "decimals": str(outcome.decimals)})


def _entered(code: str, names: tuple[str, ...], figures: Figures) -> Iterator[Step]:
    for name in names:
        value = figures.get(name)
        if value is None:
            yield Step(f"{code}-missing", {"label": name})
        elif not is_figure(value):
            yield Step(f"{code}-out-of-range", {"label": name})
        else:
            yield Step(code, {"label": name, "value": number_text(value)})


def _exact(expression: Expression, outcome: Outcome) -> Decimal | None:
    return evaluate(expression, outcome.inputs, outcome.previous).value


def _calculation(
    code: str, expression: Expression, outcome: Outcome, **params: str
) -> Step:
    """One calculation with its figures put in: (12 / 40) * 100 = 30."""
    exact = _exact(expression, outcome)
    sign, value = ("", "") if exact is None else _shown(exact)
    parts = written(expression, _put_in(outcome))
    return Step(code, {**params, "parts": parts, "sign": sign, "value": value})


def _shown(value: Decimal) -> tuple[str, str]:
    shown = half_up(value, SHOWN_DECIMALS)
    return "=" if shown == value else "≈", number_text(shown)


def _put_in(outcome: Outcome) -> Callable[[Expression], str | None]:
    """Return what a box is written as: its figure; a named sum as what it gives."""

    def text(part: Expression) -> str | None:
        if isinstance(part, Label):
            value = outcome.inputs.get(part.name)
        elif isinstance(part, Previous):
            value = outcome.previous.get(part.name)
        elif isinstance(part, Named):
            value = _exact(part, outcome)
            value = None if value is None else half_up(value, SHOWN_DECIMALS)
        else:
            return None
        if value is None or not is_figure(value):
            return "?"
        shown = number_text(value)
        return f"({shown})" if shown.startswith("-") else shown

    return text


def _divisor_text(outcome: Outcome) -> str:
    try:
        with localcontext(EXACT):
            outcome.expression.run(outcome.inputs, outcome.previous)
    except ZeroDivisor as error:
        return written(error.divisor)
    return ""
