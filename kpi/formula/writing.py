"""An expression as the one text that reads back as the same expression."""

from collections.abc import Callable
from decimal import Decimal

from kpi.formula.expressions import (
    Binary,
    Choice,
    Expression,
    Function,
    Label,
    Named,
    Negative,
    Number,
    Previous,
    Rounded,
)

# What may stand to the left of a sign without brackets: sums before + and -,
# products before *. A quotient never may, so that no text is read in two ways.
_CHAINS = {"+": "+-", "-": "+-", "*": "*", "/": ""}

type Texts = Callable[[Expression], str | None]


def no_text(part: Expression) -> None:
    return None


def text_of(expression: Expression) -> str:
    """Return `expression` in the language: ("完成件數" / "總件數") * 100.

    `parse` reads the text as the same expression again.
    """
    return written(expression)


def written(expression: Expression, text: Texts = no_text) -> str:
    """Return `expression` as a text, with `text` of a part in its place, if any."""
    own = text(expression)
    if own is not None:
        return own

    def whole(part: Expression) -> str:
        return written(part, text)

    def bracketed(part: Expression) -> str:
        is_open = isinstance(part, Binary | Negative)
        return f"({whole(part)})" if is_open else whole(part)

    match expression:
        case Number(value):
            return number_text(value)
        case Label(name):
            return f'"{name}"'
        case Previous(name):
            return f'prev("{name}")'
        case Named(name, inner):
            return f'"{name}"({whole(inner)})'
        case Negative(inner):
            return f"-{bracketed(inner)}"
        case Binary(sign, left, right):
            is_chain = isinstance(left, Binary) and left.sign in _CHAINS[sign]
            opens = is_chain or isinstance(left, Negative)
            first = whole(left) if opens else bracketed(left)
            return f"{first} {sign} {bracketed(right)}"
        case Function(name, arguments):
            return f"{name}({', '.join(map(whole, arguments))})"
        case Rounded(inner, decimals):
            return f"round({whole(inner)}, {decimals})"
        case Choice(left, comparison, right, then, otherwise):
            condition = f"{whole(left)} {comparison} {whole(right)}"
            return f"if({condition}, {whole(then)}, {whole(otherwise)})"
    raise TypeError(expression)


def number_text(value: Decimal) -> str:
    """Return a number for machines, without exponent and closing zeros: 100, 0.3."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
