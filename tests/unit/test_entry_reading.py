"""A row of boxes read as one figure: what it says, what is wrong, what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from bsc.periods import Period
from kpi.entries import Definition, Reading, read
from kpi.scoring import Absence, Light, Part
from tests.unit.entry_cases import AC3_1, make, target

RATIO = make(AC3_1, goal="46.5", past="48.39 46.15")
TYPED = make(goal="≥99.5")
IN_WORDS = make(goal="高於6都平均值")
RATED = make(goal="46.5", uses_self_rating=True)
SUM = make(
    measure="趟次",
    target=target("4143", Part("身障", Decimal(3107)), Part("老人", Decimal(1036))),
)

SAYS = [
    # Definition, boxes, what the reading says.
    (RATIO, {"input:0": "21", "input:1": "46"}, {"value": Decimal("45.65")}),
    (RATIO, {"input:0": "0", "input:1": "46"}, {"value": Decimal("0.00")}),
    (RATIO, {"value": "無實際值"}, {"absence": Absence.NOT_MEASURED}),
    (
        RATIO,
        {"input:0": "無實際值", "input:1": "無實際值"},
        {"absence": Absence.NOT_MEASURED, "value": None},
    ),
    (RATIO, {"input:0": "21", "input:1": "46", "value": "45.65"}, {"problems": ()}),
    (
        RATIO,
        {"input:0": "0", "input:1": "0", "value": "無實際值"},
        {"absence": Absence.NOT_MEASURED},
    ),
    (TYPED, {"value": "９９．７７％"}, {"value": Decimal("99.77")}),
    (TYPED, {"value": "無相關統計數據"}, {"absence": Absence.NO_STATISTICS}),
    (TYPED, {"absence": "not-applicable"}, {"absence": Absence.NOT_APPLICABLE}),
    (TYPED, {"value": "50", "months": "1-6"}, {"month_from": 1, "month_until": 6}),
    (TYPED, {"value": "50", "reached": "no"}, {"is_reached": None}),
    (TYPED, {"remedy_due_on": "112.6.30"}, {"remedy_due_on": date(2023, 6, 30)}),
    (TYPED, {"remedy_due_on": "111.12.31"}, {"remedy_due_on": date(2022, 12, 31)}),
    (TYPED, {"control": "outside"}, {"control": "outside"}),
    (TYPED, {"explanation": " 疫情\r\n停辦 "}, {"explanation": "疫情\n停辦"}),
    (
        IN_WORDS,
        {"text": "高於6都平均值", "reached": "yes"},
        {"text": "高於6都平均值", "is_reached": True, "missing": ()},
    ),
    (IN_WORDS, {"value": "88.2", "reached": "no"}, {"is_reached": False}),
    (
        RATED,
        {"innovation": "80", "challenge": "85.5", "contribution": "100"},
        {"innovation": Decimal(80), "challenge": Decimal("85.5")},
    ),
    (make(light_by_hand=True), {"light": "good"}, {"light": Light.GOOD}),
    (
        SUM,
        {"part:0": "4,631", "part:1": "1,289"},
        {"value": Decimal(5920), "missing": ()},
    ),
    (SUM, {"value": "5920", "part:0": "4,631"}, {"value": Decimal(5920)}),
    (SUM, {"part:0": "4,631"}, {"value": None}),
]

WRONG = [
    # Definition, boxes, where and what is wrong.
    (TYPED, {"value": "1,23"}, ("value", "broken-separator")),
    (
        TYPED,
        {"value": "50", "absence": "not-measured"},
        ("absence", "value-and-absence"),
    ),
    (TYPED, {"value": "50", "text": "約半數"}, ("text", "value-and-text")),
    (
        TYPED,
        {"text": "半數", "absence": "not-measured"},
        ("absence", "value-and-absence"),
    ),
    (
        RATIO,
        {"input:0": "21", "input:1": "46", "absence": "not-measured"},
        ("absence", "value-and-absence"),
    ),
    (
        RATIO,
        {"input:0": "21", "absence": "not-measured"},
        ("absence", "value-and-absence"),
    ),
    (RATIO, {"input:0": "21", "input:1": "無實際值"}, ("input:1", "value-and-absence")),
    (RATIO, {"input:0": "21", "input:1": "0"}, ("input:1", "division-by-zero")),
    (RATIO, {"input:0": "21", "input:1": "-46"}, ("input:1", "count-below-zero")),
    (RATIO, {"input:0": "21%", "input:1": "46件%"}, ("input:1", "not-a-number")),
    (RATIO, {"value": "45.65"}, ("value", "value-is-reckoned")),
    (
        RATIO,
        {"input:0": "21", "input:1": "46", "value": "45.6"},
        ("value", "value-is-reckoned"),
    ),
    (
        make("甲件數*乙件數", "件"),
        {"input:0": "99999999", "input:1": "99999999"},
        ("value", "too-large"),
    ),
    (TYPED, {"absence": "gone"}, ("absence", "unknown-choice")),
    (TYPED, {"reached": "maybe"}, ("reached", "unknown-choice")),
    (TYPED, {"control": "<b>"}, ("control", "unknown-choice")),
    (TYPED, {"light": "unknown"}, ("light", "unknown-choice")),
    (TYPED, {"months": "13"}, ("months", "not-months")),
    (TYPED, {"remedy_due_on": "111.12.30"}, ("remedy_due_on", "due-before-end")),
    (TYPED, {"remedy_due_on": "123.1.1"}, ("remedy_due_on", "due-too-late")),
    (TYPED, {"remedy_due_on": "112.2.30"}, ("remedy_due_on", "no-such-day")),
    (TYPED, {"explanation": "因" * 5001}, ("explanation", "too-long")),
    (TYPED, {"absence_reason": "因" * 501}, ("absence_reason", "too-long")),
    (TYPED, {"late_reason": "因" * 501}, ("late_reason", "too-long")),
    (TYPED, {"text": "因" * 201}, ("text", "too-long")),
    (TYPED, {"remedy": "甲\x00"}, ("remedy", "odd-character")),
    (RATED, {"innovation": "101"}, ("innovation", "not-points")),
    (RATED, {"innovation": "-1"}, ("innovation", "not-points")),
    (RATED, {"innovation": "80.555"}, ("innovation", "not-points")),
    (RATED, {"innovation": "無實際值"}, ("innovation", "not-a-number")),
    (SUM, {"part:0": "不適用"}, ("part:0", "absence-in-part")),
]

MISSING = [
    # Definition, boxes, what must be there before it is sent.
    (TYPED, {}, [("value", "nothing-entered")]),
    (RATIO, {}, [("input:0", "nothing-entered")]),
    (RATIO, {"input:1": "46"}, [("input:0", "input-missing")]),
    (TYPED, {"value": "無實際值"}, [("absence_reason", "reason-missing")]),
    (TYPED, {"value": "不適用", "absence_reason": "業務移撥"}, []),
    (IN_WORDS, {"text": "第3名"}, [("reached", "reached-missing")]),
    (IN_WORDS, {"value": "88.2"}, [("reached", "reached-missing")]),
    (make(), {"value": "88.2"}, []),
    (SUM, {"part:0": "4,631"}, [("value", "value-missing")]),
    (
        RATED,
        {"value": "47", "innovation": "80"},
        [
            ("challenge", "points-missing"),
            ("contribution", "points-missing"),
            ("basis", "basis-missing"),
        ],
    ),
    (RATED, {"value": "無資料", "absence_reason": "停辦"}, []),
    (
        make(light_by_hand=True),
        {"value": "47", "light": "good"},
        [("basis", "basis-missing")],
    ),
    (make(light_by_hand=True), {"value": "47"}, [("light", "light-missing")]),
    (make(is_late=True), {"value": "47"}, [("late_reason", "late-reason-missing")]),
    # A box that is wrong is not also missing.
    (TYPED, {"value": "abc"}, []),
]


def found(problems) -> list[tuple[str, str]]:
    return [(problem.box, problem.code) for problem in problems]


@pytest.mark.parametrize(("definition", "typed", "says"), SAYS)
def test_a_row_says_what_was_typed(
    definition: Definition, typed: dict[str, str], says: dict[str, object]
):
    reading = read(typed, definition)
    assert reading.problems == ()
    assert {name: getattr(reading, name) for name in says} == says


@pytest.mark.parametrize(("definition", "typed", "problem"), WRONG)
def test_what_cannot_be_is_said_at_its_box(
    definition: Definition, typed: dict[str, str], problem: tuple[str, str]
):
    assert found(read(typed, definition).problems) == [problem]


@pytest.mark.parametrize(("definition", "typed", "missing"), MISSING)
def test_what_is_missing_is_named_before_it_is_sent(
    definition: Definition, typed: dict[str, str], missing: list[tuple[str, str]]
):
    assert found(read(typed, definition).missing) == missing


def test_a_zero_denominator_and_the_reason_for_no_number_go_together():
    typed = {"input:0": "0", "input:1": "0", "absence": "not-applicable"}
    reading = read({**typed, "absence_reason": "本年無案件"}, RATIO)
    assert (reading.problems, reading.missing) == ((), ())
    assert (reading.value, reading.absence) == (None, Absence.NOT_APPLICABLE)
    assert [each["value"] for each in reading.computation["inputs"]] == ["0", "0"]


def test_an_empty_denominator_is_not_a_zero():
    reading = read({"input:0": "0"}, RATIO)
    assert (reading.value, reading.computation) == (None, {})
    assert read({"input:0": ""}, RATIO).is_empty


def test_a_typed_value_is_kept_as_it_is_and_a_reckoned_one_rounded_once():
    assert read({"value": "94.7867"}, make()).value == Decimal("94.7867")
    single = read({"input:0": "12.345"}, make("合作家數", "家數"))
    assert single.value == Decimal("12.345")
    mean = make("(甲得分+乙得分+丙得分)/3", "分")
    reading = read({"input:0": "97.43", "input:1": "95.88", "input:2": "91.86"}, mean)
    assert reading.value == Decimal("95.06")


def test_only_parts_that_make_a_whole_are_summed():
    both = {"part:0": "4,631", "part:1": "1,289"}
    apart = target("5000", Part("身障", Decimal(3107)), Part("老人", Decimal(1036)))
    assert read(both, make(measure="趟次", target=apart)).value is None
    # What stands in the box of the value is mended, and not overruled.
    assert read({**both, "value": "約六千"}, SUM).value is None


def test_the_columns_are_what_the_database_keeps():
    columns = read({"part:0": "4,631", "part:1": "1,289"}, SUM).columns
    assert columns["parts"] == [
        {"label": "身障", "value": "4631", "comparator": ""},
        {"label": "老人", "value": "1289", "comparator": ""},
    ]
    assert columns["computation"]["expression"] == '"身障" + "老人"'
    empty = read({}, SUM).columns
    assert (empty["value"], empty["text"], empty["absence"]) == (None, "", "")
    assert empty.keys() == columns.keys()


def test_the_half_of_a_year_is_compared_with_the_same_half():
    half = make("今年度自殺死亡率-去年度自殺死亡率", period=Period.parse("111H1"))
    reading = read({"input:0": "6.1", "previous:0": "6.4", "months": "1-6"}, half)
    assert [each["period"] for each in reading.computation["inputs"]] == [
        "2022H1",
        "2021H1",
    ]
    assert reading.month_from is None  # its own months are the whole of it


def test_what_nobody_knows_is_passed_by():
    assert read({"evil": "1", "input:9": "3"}, TYPED) == read({}, TYPED)
    assert read({"value": 50}, TYPED).value == Decimal(50)  # type: ignore[dict-item]


def test_an_empty_reading_has_no_figure():
    assert Reading().figure is None
    assert Reading().rating is None
    assert Reading().is_empty
