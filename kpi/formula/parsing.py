"""`parse`: a published or an edited text as a formula, or as a question."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kpi.formula.doubts import ATTEMPTS, SHOWN, Asked, Decisions, Doubt, Refused
from kpi.formula.expressions import (
    Binary,
    Expression,
    Label,
    has_ratio,
    is_constant,
    labels_of,
    previous_of,
)
from kpi.formula.grammar import tree_of
from kpi.formula.meaning import Meaning
from kpi.formula.scales import base_of, is_count, is_scaled, ratio_of, scaled_by_measure
from kpi.formula.texts import plain
from kpi.formula.words import tokens_of
from kpi.formula.writing import text_of

PERCENT = 100

_SURVEY = re.compile("問卷|民調|民意調查|調查結果|調查第|滿意度")
_ROSTER = re.compile("名冊|清冊|名單")


class Kind(StrEnum):
    """What a formula is, by its outermost sign."""

    BOX = "box"
    RATIO = "ratio"
    CHANGE = "change"
    COMPUTED = "computed"


class Source(StrEnum):
    """Where the one box of a formula without signs comes from, as its words say."""

    SURVEY = "survey"
    MEAN = "mean"
    ROSTER = "roster"
    UNSAID = ""


@dataclass(frozen=True)
class Parsed:
    """A text that is understood.

    `name` is what stands on the left of =. `notes` are codes of what a page says
    beside it: `scaled-by-measure` (the factor is not printed), `factor-unlike-measure`
    (times 100, but counted in 件), `points-of-percent` (a change of a percentage).
    """

    expression: Expression
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the boxes that somebody fills in."""
        return labels_of(self.expression)

    @property
    def previous(self) -> tuple[str, ...]:
        """Return the boxes whose figure of the year before the system fills in."""
        return previous_of(self.expression)

    @property
    def numerator(self) -> Expression | None:
        return ratio_of(self.expression)[0]

    @property
    def denominator(self) -> Expression | None:
        return ratio_of(self.expression)[1]

    @property
    def factor(self) -> Decimal:
        return ratio_of(self.expression)[2]

    @property
    def kind(self) -> Kind:
        expression = self.expression
        if isinstance(expression, Label):
            return Kind.BOX
        if self.denominator is not None:
            return Kind.RATIO
        is_difference = isinstance(expression, Binary) and expression.sign == "-"
        return Kind.CHANGE if is_difference and self.previous else Kind.COMPUTED

    @property
    def source(self) -> Source:
        if not isinstance(self.expression, Label):
            return Source.UNSAID
        name = self.expression.name
        if _SURVEY.search(name):
            return Source.SURVEY
        if "平均" in name:
            return Source.MEAN
        return Source.ROSTER if _ROSTER.search(name) else Source.UNSAID


@lru_cache(maxsize=2048)
def parse(text: str, measure: str = "", rate_base: int | None = None) -> Parsed | Asked:
    """Return what `text` says, or the question it leaves open.

    `measure` is the KPI's unit of measure and `rate_base` its own rate base (100,
    1000, 100000), which goes before it: a ratio that prints no factor is taken times
    that. Every reading of a question, written by `text_of`, is parsed without one.
    """
    base = base_of(measure) if rate_base is None else Decimal(rate_base)
    kind = _Measure(base, bool(measure), base is None and is_count(measure))
    try:
        words = plain(text)
    except Refused as refused:
        return Asked(refused.code, refused.params)
    readings: dict[Expression, Parsed] = {}
    refusals: list[Refused] = []
    doubts: list[tuple[Doubt, ...]] = []
    waiting: list[tuple[int, ...]] = [()]
    while waiting and len(doubts) < ATTEMPTS:
        decisions = Decisions(waiting.pop(0))
        try:
            formula = _read(words, kind, decisions)
            _require_readable(formula.expression, kind)
        except Refused as refused:
            refusals.append(refused)
        else:
            readings.setdefault(formula.expression, formula)
        doubts.append(tuple(decisions.doubts))
        waiting += decisions.others()
    if not readings:
        return Asked(refusals[0].code, refusals[0].params)
    if not doubts[0]:
        return next(iter(readings.values()))
    first = doubts[0][0]
    return Asked(first.code, first.params, tuple(readings)[:SHOWN], doubts[0])


class _Measure(NamedTuple):
    """What a unit of measure says: the base of its ratios, whether it counts things."""

    base: Decimal | None
    is_given: bool
    is_counted: bool


def _read(words: str, measure: _Measure, decisions: Decisions) -> Parsed:
    tree = tree_of(tokens_of(words, decisions))
    name, expression = Meaning(tree, measure.is_counted, decisions).whole()
    notes = []
    if measure.base is not None:
        printed = expression
        expression = scaled_by_measure(printed, measure.base, decisions.choose)
        if expression is not printed:
            notes.append("scaled-by-measure")
    factor = ratio_of(expression)[2]
    is_other = is_scaled(expression) and factor not in (1, measure.base)
    if measure.is_given and has_ratio(expression) and is_other:
        notes.append("factor-unlike-measure")
    is_change = previous_of(expression) and not has_ratio(expression)
    if is_change and measure.base == PERCENT:
        notes.append("points-of-percent")
    return Parsed(expression, name, tuple(notes))


def _require_readable(expression: Expression, measure: _Measure) -> None:
    """Refuse what asks for no figure, or cannot be written down and read back."""
    if is_constant(expression):
        raise Refused("no-input")
    decisions = Decisions()
    again = _read(plain(text_of(expression)), measure, decisions)
    if decisions.doubts or again.expression != expression:
        raise Refused("not-understood", at="", sign="")
