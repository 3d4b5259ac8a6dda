"""The formula language: published texts and edited expressions, read and reckoned.

`parse` gives a formula or a question, never a guess; `text_of` writes a formula so
that it is read as the same again; `evaluate` reckons it on Decimals. Nothing is ever
evaluated as code. What docs/rules.md states under "Formulas" has its only home here.
"""

from kpi.formula.divisors import open_divisor
from kpi.formula.doubts import Asked, Doubt
from kpi.formula.evaluation import Outcome, Problem, evaluate
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
    labels_of,
    previous_of,
)
from kpi.formula.parsing import Kind, Parsed, Source, parse
from kpi.formula.scales import base_of
from kpi.formula.texts import MAXIMUM
from kpi.formula.writing import text_of

__all__ = [
    "MAXIMUM",
    "Asked",
    "Binary",
    "Choice",
    "Doubt",
    "Expression",
    "Function",
    "Kind",
    "Label",
    "Named",
    "Negative",
    "Number",
    "Outcome",
    "Parsed",
    "Previous",
    "Problem",
    "Rounded",
    "Source",
    "base_of",
    "evaluate",
    "labels_of",
    "open_divisor",
    "parse",
    "previous_of",
    "text_of",
]
