"""What the codes of `kpi.formula` say in words: questions, notes, steps, failures."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bsc.numbers import MINUS, plain
from kpi.formula import Asked, Doubt, Expression, Problem, text_of
from kpi.scoring import Step

# Why a text cannot be read, and what can be read in several ways.
QUESTIONS: dict[str, Promise] = {
    "empty": gettext_lazy("There is no formula."),
    "too-long": gettext_lazy("A formula has at most %(maximum)s characters."),
    "too-many": gettext_lazy("A formula has at most %(maximum)s words and signs."),
    "too-deep": gettext_lazy("Brackets stand at most %(maximum)s deep."),
    "odd-character": gettext_lazy(
        "The formula holds a sign that has no place in one (%(character)s)."
    ),
    "odd-number": gettext_lazy("“%(number)s” is no number that a formula can hold."),
    "number-too-long": gettext_lazy("A number has at most %(maximum)s digits."),
    "odd-percent": gettext_lazy("“%(percent)s” stands where no percentage can."),
    "loose-percent": gettext_lazy(
        "“%(sign)s” stands alone: is the result meant times 100, or is it the unit?"
    ),
    "unbalanced": gettext_lazy("“%(sign)s” has no partner."),
    "unknown-function": gettext_lazy("“%(name)s” is no function of formulas."),
    "no-input": gettext_lazy("The formula asks for no figure."),
    "not-understood": gettext_lazy("The formula cannot be read."),
    "sum-after-slash": gettext_lazy(
        "“%(sign)s” stands behind a division without brackets:"
        " does it belong to the denominator?"
    ),
    "sum-before-slash": gettext_lazy(
        "“%(sign)s” stands before a division without brackets:"
        " does it belong to the numerator?"
    ),
    "sum-beside-slash": gettext_lazy(
        "“%(sign)s” and a division stand side by side: set brackets."
    ),
    "two-slashes": gettext_lazy("There are two divisions: what is divided by what?"),
    "product-after-slash": gettext_lazy(
        "A product stands behind a division: is it the whole denominator?"
    ),
    "sign-in-phrase": gettext_lazy(
        "Does “%(sign)s” between “%(left)s” and “%(right)s” reckon,"
        " or does it belong to the words?"
    ),
    "hyphen-in-word": gettext_lazy(
        "Does the hyphen of “%(words)s” belong to the words, or is it a minus?"
    ),
    "bracket-in-word": gettext_lazy(
        "Does “(%(inside)s)” behind “%(words)s” say what it is made of,"
        " or is it a remark?"
    ),
    "words-after-bracket": gettext_lazy(
        "Words stand behind the bracket of “%(words)s”: do they belong to it?"
    ),
    "missing-sign": gettext_lazy(
        "A sign is missing at place %(at)s: is it multiplied, or a remark?"
    ),
    "letter-times": gettext_lazy(
        "Is the x of “%(words)s” a multiplication, or a letter?"
    ),
    "number-with-unit": gettext_lazy("Is “%(words)s” a box to fill, or a number?"),
    "heading-in-word": gettext_lazy(
        "“%(words)s” begins like a heading: does that belong to the box?"
    ),
    "several-sentences": gettext_lazy(
        "“%(words)s” holds several sentences: do all of them belong to the box?"
    ),
    "several-lines": gettext_lazy(
        "The formula goes on behind “%(line)s”: does the next line belong to it?"
    ),
    "percent-in-sum": gettext_lazy(
        "Is %(percent)s in a sum a number of percent, or a share?"
    ),
    "percent-of-no-ratio": gettext_lazy(
        "Nothing is divided, yet there is × 100: is it the unit, or a factor?"
    ),
    "already-percent": gettext_lazy(
        "Rates are divided: are they in percent already, or is it times 100?"
    ),
    "factor-in-part": gettext_lazy(
        "Only a part of the formula is times 100: does the factor hold for the rest?"
    ),
    "whole-less-share": gettext_lazy(
        "A share is taken from a whole number: is the share in percent?"
    ),
    "which-year": gettext_lazy(
        "Does “%(words)s” mean last year, or the year before that?"
    ),
}

NOTES: dict[str, Promise] = {
    "scaled-by-measure": gettext_lazy(
        "No factor is printed; the unit of measure gives it."
    ),
    "factor-unlike-measure": gettext_lazy(
        "The factor of the formula does not go with the unit of measure."
    ),
    "points-of-percent": gettext_lazy(
        "A difference of percentages: it is in percentage points."
    ),
}

PROBLEMS: dict[Problem, Promise] = {
    Problem.MISSING: gettext_lazy("A figure is missing, so there is no value."),
    Problem.DIVISION_BY_ZERO: gettext_lazy(
        "What it is divided by is 0, so there is no value."
    ),
    Problem.OUT_OF_RANGE: gettext_lazy("The value is too large to be stored."),
}

STEPS: dict[str, Promise] = {
    "input": gettext_lazy("%(label)s: %(value)s"),
    "input-missing": gettext_lazy("%(label)s: not entered"),
    "input-out-of-range": gettext_lazy("%(label)s: too large to be stored"),
    "previous": gettext_lazy("%(label)s, last year: %(value)s"),
    "previous-missing": gettext_lazy("%(label)s, last year: not known"),
    "previous-out-of-range": gettext_lazy(
        "%(label)s, last year: too large to be stored"
    ),
    "named": gettext_lazy("%(name)s: %(parts)s %(sign)s %(value)s"),
    "calculation": gettext_lazy("%(parts)s %(sign)s %(value)s"),
    "rounded": gettext_lazy("rounded half up to %(decimals)s decimals: %(value)s"),
    "division-by-zero": gettext_lazy("%(divisor)s is 0: there is no value"),
    "out-of-range": PROBLEMS[Problem.OUT_OF_RANGE],
}

_NUMBERS = frozenset(("value", "exact"))


def question_text(asked: Asked) -> str:
    """Return why a formula is asked about."""
    return str(QUESTIONS[asked.code]) % asked.params


def doubt_text(doubt: Doubt) -> str:
    """Return what a place of a formula leaves open."""
    return str(QUESTIONS[doubt.code]) % doubt.params


def note_text(note: str) -> str:
    """Return what a page says beside a formula that is understood."""
    return str(NOTES[note])


def formula_text(expression: Expression) -> str:
    """Return a formula as people read it: (完成件數 ÷ 總件數) × 100."""
    return signs_of(text_of(expression)).replace('"', "")


def step_text(step: Step) -> str:
    """Return one step of how a formula gave its value."""
    params = {
        name: plain(Decimal(text), grouped=True)
        if name in _NUMBERS and text
        else signs_of(text)
        if name in ("parts", "divisor")
        else text
        for name, text in step.params.items()
    }
    return str(STEPS[step.code]) % params


def trace_text(steps: Iterable[Step]) -> str:
    """Return how a formula gave its value, a line a step."""
    return "\n".join(step_text(step) for step in steps)


def signs_of(text: str) -> str:
    """Return a calculation with the signs that people write: ÷ × −."""
    for sign, written in ((" / ", " ÷ "), (" * ", " × "), (" - ", f" {MINUS} ")):
        text = text.replace(sign, written)
    return text.replace("(-", f"({MINUS}")
