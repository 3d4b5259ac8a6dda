"""What holds for every formula and every text, not only for those of a table."""

import copy
import pickle
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.formula import (
    Asked,
    Binary,
    Choice,
    Expression,
    Function,
    Label,
    Named,
    Negative,
    Number,
    Parsed,
    Previous,
    Problem,
    Rounded,
    evaluate,
    labels_of,
    parse,
    text_of,
)

WORDS = [
    "案件數",
    "去年度案件數",
    "詢(訊)問件數",
    "A/B-C",
    "100%",
    "OHCA件數",
    "AED use",
    "率。",
]
PIECES = [
    *'甲數件率()[]{}+-*/%‰"「」,，、。：;<>=≤ \n0123456789.xX$\\_',
    *("去年度", "今年度", "案件數", "達成率總和", "100%", "10萬", "每10萬人", "min("),
    *(
        "if(",
        "prev(",
        "round(",
        "\\frac",
        "\\text{",
        "sum(",
        "(含",
        "除以",
        "7-12月",
        "合計",
    ),
]
MEASURES = ["", "%", "‰", "件", "每10萬人"]

labels = st.sampled_from(WORDS).map(Label)
numbers = st.decimals(0, 10**9, places=3).map(Number)
leaves = st.one_of(labels, labels, numbers, st.sampled_from(WORDS).map(Previous))


def branches(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), parts, parts),
        st.builds(Negative, parts),
        st.builds(Named, st.sampled_from(WORDS), parts),
        st.builds(Rounded, parts, st.integers(0, 6)),
        st.builds(Function, st.sampled_from(["min", "max", "sum", "mean"]), several),
        st.builds(Function, st.just("abs"), st.tuples(parts)),
        st.builds(
            Choice, parts, st.sampled_from(["<", ">=", "<>"]), parts, parts, parts
        ),
    )


expressions = st.recursive(leaves, branches, max_leaves=8)
figures = st.dictionaries(
    st.sampled_from(WORDS), st.none() | st.decimals(-(10**13), 10**13, places=6)
)
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
)


@given(expressions)
def test_a_written_formula_reads_back_as_the_same(expression: Expression):
    text = text_of(expression)
    formula = parse(text)
    if isinstance(formula, Parsed):
        assert formula.expression == expression
        assert text_of(formula.expression) == text
    else:
        # Too long, too deep, or without a box; but never read in another way.
        assert formula.code in ("too-long", "too-deep", "too-many", "no-input")
        assert formula.readings == ()


@given(texts, st.sampled_from(MEASURES))
def test_any_text_is_understood_or_asked_about(text: str, measure: str):
    formula = parse(text, measure)
    if isinstance(formula, Asked):
        assert formula.code
        readings = formula.readings
    else:
        readings = (formula.expression,)
    for reading in readings:
        again = parse(text_of(reading), measure)
        assert isinstance(again, Parsed)
        assert again.expression == reading


@given(expressions, figures, figures)
def test_a_formula_gives_a_value_or_says_why_not(
    expression: Expression,
    inputs: dict[str, Decimal | None],
    previous: dict[str, Decimal | None],
):
    outcome = evaluate(expression, inputs, previous, decimals=2)
    assert (outcome.value is None) is (outcome.problem != Problem.NONE)
    is_missing = outcome.problem == Problem.MISSING
    assert not is_missing or outcome.missing or outcome.missing_previous
    assert outcome.value is None or outcome.value.is_finite()
    for step in outcome.trace:
        assert all(isinstance(value, str) for value in step.params.values())


@given(st.decimals(1, 10**13, places=6), st.decimals(1, 10**13, places=6))
def test_a_ratio_is_what_paper_gives(numerator: Decimal, denominator: Decimal):
    formula = parse("(甲數/乙數)*100%", "%")
    assert isinstance(formula, Parsed)
    value = evaluate(formula.expression, {"甲數": numerator, "乙數": denominator}).value
    assert value is not None
    difference = value * denominator - numerator * 100
    assert abs(difference) < Decimal("1e-9") * max(numerator, denominator)


@given(expressions)
def test_a_formula_can_be_copied_and_sent_to_a_worker(expression: Expression):
    evaluate(expression, dict.fromkeys(labels_of(expression), Decimal(1)))
    assert copy.deepcopy(expression) == expression
    assert pickle.loads(pickle.dumps(expression)) == expression
