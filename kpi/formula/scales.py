"""The scale of a ratio: percent, per mille, per 100,000."""

import re
from collections.abc import Callable
from decimal import Decimal

from kpi.formula.expressions import (
    Binary,
    Expression,
    Named,
    Negative,
    Number,
    has_ratio,
    is_constant,
    labels_of,
    walk,
)

ONE = Decimal(1)
_POWERS = frozenset(Decimal(10) ** power for power in range(9))

# 每10萬人 and 人/10萬人 are bases, 萬元 and 百萬元 are not.
_BASES = (
    (re.compile(r"%|百分比|百分率|百分點"), 100),
    (re.compile(r"‰|千分比|千分率|[每/]1?千"), 1000),
    (re.compile(r"[每/](?:10|十)萬|十萬分"), 100_000),
    (re.compile(r"[每/]1?萬|萬分"), 10_000),
)
_RATE = re.compile(r"(?:率|百分比|比例|滿意度)(?:之?(?:合計|總和|總計|加總|和))?$")


def base_of(measure: str) -> Decimal | None:
    """Return what a unit of measure counts by: % is 100, ‰ is 1000, 件 is nothing."""
    measure = measure.replace("％", "%").replace("／", "/")
    for pattern, base in _BASES:
        if pattern.search(measure):
            return Decimal(base)
    return None


def is_count(measure: str) -> bool:
    """Whether a measure counts things (件, 人次): then a ratio is not what it is of."""
    measure = measure.replace("／", "/")
    is_rate = re.search("[/比率倍分]|平均|每", measure) or base_of(measure)
    return bool(measure) and not is_rate


def scaled(
    expression: Expression, base: Decimal, choose: Callable[..., int]
) -> Expression:
    """Return a ratio times `base`: times 1 where it is made of rates, and meant so."""
    if _is_of_rates(expression) and choose("already-percent") == 1:
        base = ONE
    return Binary("*", expression, Number(base))


def scaled_by_measure(
    expression: Expression, base: Decimal, choose: Callable[..., int]
) -> Expression:
    """Return a ratio whose text prints no factor, times the base of its measure.

    Source: docs/rules.md, "Formulas".
    """
    if not has_ratio(expression) or is_scaled(expression):
        return expression
    if _is_scaled_in_part(expression):
        factor = ONE if choose("factor-in-part") == 0 else base
        return Binary("*", expression, Number(factor))
    if isinstance(expression, Binary) and expression.sign in "+-":
        whole, share = expression.left, expression.right
        if whole == Number(base) and choose("whole-less-share") == 0:
            return Binary(expression.sign, whole, scaled(share, base, choose))
    return scaled(expression, base, choose)


def is_scaled(expression: Expression) -> bool:
    """Whether a factor is printed: times 1, 100, 1000 …, on every ratio of a sum."""
    match expression:
        case Binary("*", left, right):
            is_factor = any(_is_power(part) for part in (left, right))
            return is_factor or is_scaled(left) or is_scaled(right)
        case Binary("/", left, _):
            is_factor = isinstance(left, Binary) and left.sign != "/"
            return is_factor and is_scaled(left)
        case Negative(inner) | Named(_, inner):
            return is_scaled(inner)
    shares = [part for part in expression.parts if has_ratio(part)]
    return bool(shares) and all(map(is_scaled, shares))


def _is_scaled_in_part(expression: Expression) -> bool:
    return any(
        isinstance(part, Binary) and part.sign in "*/" and is_scaled(part)
        for part in walk(expression)
        if has_ratio(part)
    )


def ratio_of(
    expression: Expression,
) -> tuple[Expression | None, Expression | None, Decimal]:
    """Return numerator, denominator and factor; no two where it is not a ratio."""
    part, factor = _without_factor(expression)
    if isinstance(part, Binary) and part.sign == "/" and not is_constant(part.right):
        numerator, more = _without_factor(part.left)
        return numerator, part.right, factor * more
    return None, None, factor


def _without_factor(expression: Expression) -> tuple[Expression, Decimal]:
    factor = ONE
    while isinstance(expression, Binary) and expression.sign == "*":
        if isinstance(expression.right, Number):
            factor *= expression.right.value
            expression = expression.left
        elif isinstance(expression.left, Number):
            factor *= expression.left.value
            expression = expression.right
        else:
            break
    return expression, factor


def _is_power(expression: Expression) -> bool:
    return isinstance(expression, Number) and expression.value in _POWERS


def _is_of_rates(expression: Expression) -> bool:
    """Whether rates are divided by what is none: 各機關達成率總和/機關數."""
    for part in walk(expression):
        if isinstance(part, Binary) and part.sign == "/":
            over, under = labels_of(part.left), labels_of(part.right)
            if under and any(map(_RATE.search, over)):
                return not any(map(_RATE.search, under))
    return False
