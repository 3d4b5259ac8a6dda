"""A formula as a tree, each node of which turns itself into a closure on Decimals.

Nodes are equal where they say the same. Numbers are never below 0: a minus is a node.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from bsc.numbers import half_up
from kpi.scoring.figures import ZERO

# A stored value has 20 digits, six of them decimals; what is beyond is no figure.
MOST_DIGITS = 20

FUNCTIONS = ("min", "max", "abs", "sum", "mean")

type Figures = Mapping[str, Decimal | None]
type Run = Callable[[Figures, Figures], Decimal]


class MissingInput(Exception):
    """A box that the formula needs is empty."""


class OutOfRange(Exception):
    """A figure is beyond what can be stored."""


class ZeroDivisor(Exception):
    """What something is divided by is 0."""

    def __init__(self, divisor: "Expression") -> None:
        super().__init__()
        self.divisor = divisor


def is_figure(value: Decimal) -> bool:
    """Whether a number is one that can be stored: finite, and below 10 to the 20."""
    return value.adjusted() < MOST_DIGITS and value.is_finite()


class Expression:
    """A formula, or a part of one."""

    @cached_property
    def run(self) -> Run:
        """Return the closure that reckons this part; it is made once.

        It works with the digits of the context it is called in: `evaluate` sets 60.
        """
        return self.compiled()

    def compiled(self) -> Run:
        raise NotImplementedError

    @property
    def parts(self) -> tuple["Expression", ...]:
        return ()

    def __getstate__(self) -> dict[str, object]:
        """Leave the closure out of copies: it is made again where it is needed."""
        return {name: part for name, part in self.__dict__.items() if name != "run"}


@dataclass(frozen=True)
class Number(Expression):
    value: Decimal

    def compiled(self) -> Run:
        value = self.value
        return lambda inputs, previous: value


@dataclass(frozen=True)
class Label(Expression):
    """A box: a figure that somebody enters."""

    name: str

    def compiled(self) -> Run:
        name = self.name

        def entered(inputs: Figures, previous: Figures) -> Decimal:
            value = inputs.get(name)
            if value is None:
                raise MissingInput
            # As `is_figure` does, without the price of a call for every box.
            if value.adjusted() >= MOST_DIGITS or not value.is_finite():
                raise OutOfRange
            return value

        return entered


@dataclass(frozen=True)
class Previous(Expression):
    """What the box of that name held a year before; nobody enters it again."""

    name: str

    def compiled(self) -> Run:
        entered = Label(self.name).compiled()
        return lambda inputs, previous: entered(previous, previous)


@dataclass(frozen=True)
class Named(Expression):
    """A word whose bracket says what it is made of: 執行數(實際執行數+保留數)."""

    name: str
    inner: Expression

    def compiled(self) -> Run:
        return self.inner.run

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.inner,)


@dataclass(frozen=True)
class Negative(Expression):
    inner: Expression

    def compiled(self) -> Run:
        inner = self.inner.run
        return lambda inputs, previous: -inner(inputs, previous)

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.inner,)


@dataclass(frozen=True)
class Binary(Expression):
    """Two parts with one of + - * / between them."""

    sign: str
    left: Expression
    right: Expression

    def compiled(self) -> Run:
        left, right = self.left.run, self.right.run
        if self.sign == "+":
            return lambda inputs, previous: (
                left(inputs, previous) + right(inputs, previous)
            )
        if self.sign == "-":
            return lambda inputs, previous: (
                left(inputs, previous) - right(inputs, previous)
            )
        if self.sign == "/":
            return self._quotient(left, right)
        if isinstance(self.right, Number):
            number = self.right.value
            return lambda inputs, previous: left(inputs, previous) * number
        return lambda inputs, previous: left(inputs, previous) * right(inputs, previous)

    def _quotient(self, left: Run, right: Run) -> Run:
        whole = self.right

        def quotient(inputs: Figures, previous: Figures) -> Decimal:
            share, divisor = left(inputs, previous), right(inputs, previous)
            if not divisor:
                raise ZeroDivisor(whole)
            return share / divisor

        return quotient

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Function(Expression):
    """One of min, max, abs, sum, mean over its arguments, none of which may miss."""

    name: str
    arguments: tuple[Expression, ...]

    def compiled(self) -> Run:
        runs = tuple(argument.run for argument in self.arguments)
        count = Decimal(len(runs))

        def values(inputs: Figures, previous: Figures) -> list[Decimal]:
            return [run(inputs, previous) for run in runs]

        def total(inputs: Figures, previous: Figures) -> Decimal:
            return sum(values(inputs, previous), ZERO)

        if self.name == "min":
            return lambda inputs, previous: min(values(inputs, previous))
        if self.name == "max":
            return lambda inputs, previous: max(values(inputs, previous))
        if self.name == "abs":
            return lambda inputs, previous: abs(runs[0](inputs, previous))
        if self.name == "mean":
            return lambda inputs, previous: total(inputs, previous) / count
        return total

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.arguments


@dataclass(frozen=True)
class Rounded(Expression):
    """A part rounded half up, because the formula itself says so."""

    inner: Expression
    decimals: int

    def compiled(self) -> Run:
        inner, decimals = self.inner.run, self.decimals
        return lambda inputs, previous: half_up(inner(inputs, previous), decimals)

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.inner,)


@dataclass(frozen=True)
class Choice(Expression):
    """One of two parts, by a comparison; the other one is not reckoned."""

    left: Expression
    comparison: str
    right: Expression
    then: Expression
    otherwise: Expression

    def compiled(self) -> Run:
        left, right = self.left.run, self.right.run
        then, otherwise = self.then.run, self.otherwise.run
        holds = _HOLDS[self.comparison]

        def chosen(inputs: Figures, previous: Figures) -> Decimal:
            if holds(left(inputs, previous), right(inputs, previous)):
                return then(inputs, previous)
            return otherwise(inputs, previous)

        return chosen

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right, self.then, self.otherwise)


_HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
}


def walk(expression: Expression) -> Iterator[Expression]:
    """Return `expression` and all its parts, in the order in which they are written."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed(part.parts)


def labels_of(expression: Expression) -> tuple[str, ...]:
    """Return the names of the boxes to fill, each once, as they are met."""
    parts = walk(expression)
    return tuple(dict.fromkeys(part.name for part in parts if isinstance(part, Label)))


def previous_of(expression: Expression) -> tuple[str, ...]:
    """Return the names of the boxes whose figure of the year before is needed."""
    parts = walk(expression)
    names = (part.name for part in parts if isinstance(part, Previous))
    return tuple(dict.fromkeys(names))


def is_constant(expression: Expression) -> bool:
    """Whether no figure is needed: 12, (3 + 4)."""
    return not any(isinstance(part, Label | Previous) for part in walk(expression))


def has_ratio(expression: Expression) -> bool:
    """Whether something is divided by a figure; a mean over 12 is no ratio."""
    return any(
        isinstance(part, Binary) and part.sign == "/" and not is_constant(part.right)
        for part in walk(expression)
    )
