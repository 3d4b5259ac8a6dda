"""What was answered to doubts about cells changes what the sheet says."""

from dataclasses import replace
from decimal import Decimal

from sheets.forms.readings import (
    Doubt,
    Figure,
    KpiReading,
    Money,
    ObjectiveReading,
    PlanReading,
    ResultReading,
    ResultsReading,
    RowReading,
    ScorecardReading,
    Severity,
    SheetReading,
)
from sheets.proposals.answers import answered
from sheets.proposals.issues import Issue
from sheets.proposals.questions import Questions

WORDS = Figure("140萬1,30人", "E4", words="140萬1,30人")
MONEY = Money("1,23,000", "M4", 2022, "adopted", "blank")


def kpi(code: str, cell: str, **more) -> KpiReading:
    return KpiReading(code, f"指標{code}", code, "AC1", "C", cell, **more)


def row(code: str, *plans: PlanReading, budgets=()) -> RowReading:
    return RowReading(code, plans, (), "", budgets, "L4")


READING = ScorecardReading(
    "平衡計分卡",
    "家防中心",
    2022,
    objectives=(ObjectiveReading("AC1", "目標", "AC1 目標", "A4"),),
    kpis=(kpi("AC1.1", "C4", actuals={2021: WORDS}), kpi("AC1.2", "C5")),
    rows=(
        row("AC1.1", PlanReading("AC1.1.1", "甲", "甲", "L4"), budgets=(MONEY,)),
        row("AC1.2", PlanReading("AC1.2.1", "乙", "乙", "L5")),
    ),
)


def asked(code: str, cell: str, default: str, choices=(), /, **params) -> Doubt:
    return Doubt(Severity.ASK, code, cell, params, default, choices)


def with_answer(doubt: Doubt, choice: str, reading=READING):
    """Return the reading as it is after `choice` was answered to its one doubt."""
    sheet = SheetReading("表", "scorecard", reading, (doubt,))
    key = Issue.of(doubt, "表").key
    return answered((sheet,), Questions({key: choice}))[0].reading


COMPLETED = asked("code-completed", "C4", "AC1.1", code="AC1.1", printed="1")
BROKEN = asked(
    "broken-number", "E4", "words", ("words", "1400130", "140130"), text=WORDS.text
)


def test_the_default_changes_nothing():
    assert with_answer(COMPLETED, "AC1.1") is READING
    assert with_answer(BROKEN, "words") is READING


def test_a_kpi_that_is_skipped_takes_its_rows_along():
    found = with_answer(COMPLETED, "skip")
    assert [one.code for one in found.kpis] == ["AC1.2"]
    assert [one.kpi for one in found.rows] == ["AC1.2"]
    assert found.objectives == READING.objectives


def test_a_kpi_that_bears_another_code_keeps_its_rows():
    doubt = replace(COMPLETED, choices=("AC1.1", "AC1.9"))
    found = with_answer(doubt, "AC1.9")
    assert [one.code for one in found.kpis] == ["AC1.9", "AC1.2"]
    assert [one.kpi for one in found.rows] == ["AC1.9", "AC1.2"]


def test_an_objective_that_is_skipped_takes_its_kpis_along():
    doubt = asked("code-completed", "A4", "AC1", code="AC1", printed="C1")
    found = with_answer(doubt, "skip")
    assert (found.objectives, found.kpis, found.rows) == ((), (), ())


def test_a_plan_that_is_skipped_leaves_its_row():
    doubt = asked("code-glued", "L4", "AC1.1.1", code="AC1.1.1", name="甲")
    found = with_answer(doubt, "skip")
    assert [len(one.plans) for one in found.rows] == [0, 1]


def test_a_broken_number_is_the_one_that_was_chosen():
    figure = with_answer(BROKEN, "1400130").kpis[0].actuals[2021]
    assert (figure.value, figure.words) == (Decimal(1400130), "")
    assert figure.text == WORDS.text


def test_a_broken_amount_is_the_one_that_was_chosen():
    doubt = asked("broken-number", "M4", "words", ("words", "123000"), text="1,23,000")
    money = with_answer(doubt, "123000").rows[0].budgets[0]
    assert (money.kind, money.amount) == ("amount", Decimal(123000))


def test_a_figure_of_a_results_sheet_is_the_one_that_was_chosen():
    result = ResultReading("AC1.1", "指標", {}, "A4", {}, actual=WORDS)
    reading = ResultsReading("執行成果", "", 2022, (result,))
    found = with_answer(BROKEN, "140130", reading).results[0]
    assert found.actual.value == Decimal(140130)
