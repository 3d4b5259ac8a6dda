"""What a formula gives: exact, rounded once, and nothing where a figure is missing."""

from collections.abc import Mapping
from decimal import Decimal, getcontext

import pytest

from kpi.formula import Expression, Outcome, Parsed, Problem, evaluate, parse


def formula(text: str, measure: str = "") -> Expression:
    parsed = parse(text, measure)
    assert isinstance(parsed, Parsed), parsed
    return parsed.expression


def figures(**values: str | None) -> dict[str, Decimal | None]:
    return {
        name: None if value is None else Decimal(value)
        for name, value in values.items()
    }


def steps(outcome: Outcome) -> list[tuple[str, dict[str, str]]]:
    return [(step.code, step.params) for step in outcome.trace]


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("(甲數/乙數)*100%", {"甲數": "12", "乙數": "40"}, "30"),
        ("甲數/乙數*10萬", {"甲數": "3", "乙數": "2500000"}, "0.12"),
        ("(甲數-乙數)/甲數*100%", {"甲數": "120", "乙數": "6"}, "95"),
        ("執行數(甲數+乙數)/丙數", {"甲數": "1", "乙數": "2", "丙數": "4"}, "0.75"),
        ("-甲數", {"甲數": "2"}, "-2"),
        ("甲數*30%", {"甲數": "90"}, "27"),
        ("0.1*甲數", {"甲數": "0.2"}, "0.02"),
        ("min(甲數,乙數)", {"甲數": "2", "乙數": "-3"}, "-3"),
        ("max(甲數,乙數)", {"甲數": "2", "乙數": "-3"}, "2"),
        ("abs(甲數-乙數)", {"甲數": "2", "乙數": "5"}, "3"),
        ("sum(甲數,乙數)", {"甲數": "0.1", "乙數": "0.2"}, "0.3"),
        ("mean(甲數,乙數)", {"甲數": "1", "乙數": "2"}, "1.5"),
        ("round(甲數,1)", {"甲數": "0.25"}, "0.3"),
        ("round(甲數,1)", {"甲數": "-0.25"}, "-0.3"),
        ("if(甲數>0,乙數/甲數,0)", {"甲數": "0", "乙數": "5"}, "0"),
        ("if(甲數>0,乙數/甲數,0)", {"甲數": "2", "乙數": "5"}, "2.5"),
        ("if(甲數<>乙數,1,2)", {"甲數": "2", "乙數": "2.0"}, "2"),
        ("甲數", {"甲數": "0"}, "0"),
    ],
)
def test_a_formula_is_reckoned_exactly(
    text: str, inputs: Mapping[str, str], expected: str
):
    outcome = evaluate(formula(text), figures(**inputs))
    assert outcome.problem == Problem.NONE
    assert outcome.value == Decimal(expected)


@pytest.mark.parametrize(
    ("inputs", "decimals", "expected"),
    [
        ({"甲數": "947867", "乙數": "10000"}, 2, "94.79"),  # EC2.1 of 109: 94.7867
        ({"甲數": "9025", "乙數": "100"}, 1, "90.3"),  # half up, not to the even digit
        ({"甲數": "-9025", "乙數": "100"}, 1, "-90.3"),
        ({"甲數": "1", "乙數": "3"}, 2, "0.33"),
        ({"甲數": "1", "乙數": "4"}, 0, "0"),
        ({"甲數": "2", "乙數": "4"}, 0, "1"),
    ],
)
def test_a_value_is_rounded_half_up_once_where_the_caller_says_so(
    inputs: Mapping[str, str], decimals: int, expected: str
):
    outcome = evaluate(formula("甲數/乙數"), figures(**inputs), decimals=decimals)
    assert str(outcome.value) == expected


def test_a_quotient_keeps_the_digits_that_rounding_needs():
    one_third = evaluate(formula("甲數/乙數"), figures(甲數="1", 乙數="3")).value
    assert one_third is not None
    assert len(one_third.as_tuple().digits) == 60


def test_the_context_of_the_caller_is_left_as_it_was():
    before = getcontext().prec
    evaluate(formula("甲數/乙數"), {})
    evaluate(formula("甲數/乙數"), figures(甲數="1", 乙數="0"))
    assert getcontext().prec == before


@pytest.mark.parametrize("inputs", [{}, {"甲數": None}, {"甲數": None, "乙數": "3"}])
def test_a_missing_figure_gives_no_value_and_is_named(inputs: Mapping[str, str | None]):
    outcome = evaluate(formula("甲數/乙數"), figures(**inputs))
    assert outcome.value is None
    assert outcome.problem == Problem.MISSING
    assert "甲數" in outcome.missing
    assert ("乙數" in outcome.missing) is ("乙數" not in inputs)


@pytest.mark.parametrize(
    "text", ["sum(甲數,乙數)", "mean(甲數,乙數)", "min(甲數,乙數)"]
)
def test_a_missing_part_is_not_left_out_of_a_sum_or_mean(text: str):
    outcome = evaluate(formula(text), figures(甲數="3", 乙數=None))
    assert outcome.value is None
    assert outcome.missing == ("乙數",)


def test_last_years_figure_comes_from_the_year_before():
    change = formula("今年度案件數-去年度案件數")
    this, last = figures(案件數="7"), figures(案件數="10")
    assert evaluate(change, this, last).value == Decimal(-3)
    outcome = evaluate(change, this)
    assert outcome.problem == Problem.MISSING
    assert outcome.missing == ()
    assert outcome.missing_previous == ("案件數",)


@pytest.mark.parametrize("nothing", ["0", "0.000000", "-0"])
def test_dividing_by_zero_gives_no_value_and_names_the_divisor(nothing: str):
    inputs = figures(甲數="5", 乙數=nothing)
    outcome = evaluate(formula("甲數/(乙數*2)", "%"), inputs, decimals=2)
    assert outcome.value is None
    assert outcome.problem == Problem.DIVISION_BY_ZERO
    assert steps(outcome)[-1] == ("division-by-zero", {"divisor": '"乙數" * 2'})


@pytest.mark.parametrize(
    "absurd", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+900000"]
)
@pytest.mark.parametrize("text", ["甲數", "乙數/甲數", "min(甲數,乙數)", "甲數*乙數"])
def test_an_absurd_figure_gives_no_value(absurd: str, text: str):
    outcome = evaluate(formula(text), figures(甲數=absurd, 乙數="1"), decimals=2)
    assert outcome.value is None
    assert outcome.problem == Problem.OUT_OF_RANGE
    assert outcome.trace


def test_a_result_beyond_what_can_be_stored_is_no_value():
    outcome = evaluate(formula("甲數*甲數"), figures(甲數="9" * 14), decimals=2)
    assert outcome.problem == Problem.OUT_OF_RANGE
    assert outcome.value is None


def test_the_trace_shows_the_figures_put_in_and_the_rounding():
    text = "執行數(實際數+保留數)/可用數*100%"
    inputs = figures(實際數="-1", 保留數="3", 可用數="6")
    outcome = evaluate(formula(text, "%"), inputs, decimals=2)
    assert steps(outcome) == [
        ("input", {"label": "實際數", "value": "-1"}),
        ("input", {"label": "保留數", "value": "3"}),
        ("input", {"label": "可用數", "value": "6"}),
        ("named", {"name": "執行數", "parts": "(-1) + 3", "sign": "=", "value": "2"}),
        (
            "calculation",
            {"parts": "(2 / 6) * 100", "sign": "≈", "value": "33.333333"},
        ),
        ("rounded", {"exact": "33.333333", "value": "33.33", "decimals": "2"}),
    ]


def test_the_trace_of_one_box_is_its_figure():
    outcome = evaluate(formula("合作家數"), figures(合作家數="120"), decimals=0)
    assert steps(outcome) == [("input", {"label": "合作家數", "value": "120"})]


def test_the_trace_names_what_is_missing():
    outcome = evaluate(formula("今年度案件數-去年度案件數"), figures(案件數="7"))
    assert steps(outcome) == [
        ("input", {"label": "案件數", "value": "7"}),
        ("previous-missing", {"label": "案件數"}),
    ]
