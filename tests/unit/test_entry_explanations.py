"""When a figure is explained, which boxes are asked for, and how far the target is."""

from decimal import Decimal

import pytest

from bsc.periods import Period
from kpi.entries import (
    Definition,
    Distance,
    Past,
    distance,
    missing_explanations,
    must_explain,
    read,
)
from kpi.scoring import (
    Band,
    Basis,
    Comparator,
    Direction,
    Light,
    Part,
    Rules,
    TargetFigure,
)
from tests.unit.entry_cases import AC3_1, make, scored

ALL = ("control", "explanation", "remedy", "remedy_due_on")
BANDS = Rules(
    weights=None,
    bands=(
        Band(Light.EXCELLENT, Decimal(110)),
        Band(Light.GOOD, Decimal(100)),
        Band(Light.FAIR, Decimal(90)),
        Band(Light.POOR, None),
    ),
    basis=Basis.ACHIEVEMENT,
)
NEGATIVE = Direction.NEGATIVE
AT_LEAST_81 = (Decimal(81), Comparator.AT_LEAST)
IN_PARTS = make(
    target=TargetFigure(parts=(Part("公務", *AT_LEAST_81), Part("公彩", *AT_LEAST_81)))
)


def missed(*years: int) -> tuple[Past, ...]:
    return tuple(Past(year, Decimal(40), False) for year in years)


DEMANDS = [
    # Definition, boxes, codes.
    (make(goal="46.5"), {"value": "46.6"}, []),
    (make(goal="46.5"), {"value": "45.65"}, ["not-reached", "light-fair"]),
    (
        make(goal="46.5"),
        {"value": "30"},
        ["not-reached", "below-limit", "light-poor"],
    ),
    (
        make(goal="50"),
        {"value": "40"},
        ["not-reached", "light-poor"],
    ),  # 80 is not below
    (make(goal="≥99.5"), {"value": "99.4"}, ["not-reached", "light-fair"]),
    (make(goal="40"), {"value": "62.07"}, ["far-above"]),  # EC1.2 of 109: 155.2
    (make(goal="40"), {"value": "60"}, []),  # 150 is not above 150
    (make(goal="4.5", measure="分"), {"value": "4.5"}, ["equal-to-target"]),
    (make(goal="100"), {"value": "100"}, []),
    (make(goal="3.57", direction=NEGATIVE), {"value": "2.88"}, []),
    (
        make(goal="7.7", direction=NEGATIVE),
        {"value": "8"},
        ["not-reached", "light-fair"],
    ),
    (
        make(goal="46.5", earlier=missed(2020, 2021)),
        {"value": "46"},
        ["not-reached", "streak", "light-fair"],
    ),
    (
        make(goal="46.5", earlier=missed(2019, 2020)),
        {"value": "46"},
        ["not-reached", "light-fair"],
    ),
    (make(goal="46.5", earlier=missed(2020, 2021)), {"value": "47"}, []),
    (make(goal="高於6都平均值"), {"text": "低於", "reached": "no"}, ["not-reached"]),
    (make(goal="高於6都平均值"), {"text": "高於", "reached": "yes"}, []),
    (make(goal="高於6都平均值"), {"text": "高於"}, []),
    (make(goal="46.5"), {"value": "無實際值"}, []),
    (make(goal="46.5"), {}, []),
    (make(goal="46.5", is_exempt=True), {"value": "30"}, []),
    (make(goal="46.5", period=Period.parse("111H1")), {"value": "20"}, []),
    (make(), {"value": "30"}, []),
]


@pytest.mark.parametrize(("definition", "typed", "expected"), DEMANDS)
def test_a_figure_is_explained_where_a_rule_asks_for_it(
    definition: Definition, typed: dict[str, str], expected: list[str]
):
    reading = read(typed, definition)
    demands = must_explain(reading, definition, scored(definition, reading, BANDS))
    assert [demand.code for demand in demands] == expected


def test_nothing_is_explained_before_it_is_scored():
    assert (
        must_explain(read({"value": "3"}, make(goal="4")), make(goal="4"), None) == ()
    )


def test_what_misses_its_target_asks_for_cause_and_remedy_once():
    definition = make(goal="46.5")
    reading = read({"value": "30"}, definition)
    demands = must_explain(reading, definition, scored(definition, reading, BANDS))
    assert [each.box for each in missing_explanations({}, demands)] == [*ALL]
    typed = {"control": "outside", "explanation": "疫情", "remedy": " "}
    assert [each.box for each in missing_explanations(typed, demands)] == [
        "remedy",
        "remedy_due_on",
    ]


def test_what_exceeds_its_target_by_far_asks_for_the_cause_only():
    definition = make(goal="40")
    reading = read({"value": "62.07"}, definition)
    demands = must_explain(reading, definition, scored(definition, reading))
    assert [each.box for each in missing_explanations({}, demands)] == ["explanation"]
    assert demands[0].params == {"achievement": "155.2", "limit": "150"}


def test_one_confirmation_is_enough_where_a_figure_equals_its_target():
    definition = make(goal="4.5", measure="分")
    reading = read({"value": "4.50"}, definition)
    score = scored(definition, reading)
    confirmed = {"equal-to-target": "4.5"}
    assert must_explain(reading, definition, score, confirmed) == ()
    assert must_explain(reading, definition, score, {"equal-to-target": "4.4"})


def test_a_streak_says_how_many_years_it_lasts():
    definition = make(goal="46.5", earlier=missed(2018, 2019, 2020, 2021))
    reading = read({"value": "46"}, definition)
    demands = must_explain(reading, definition, scored(definition, reading))
    assert {each.code: dict(each.params) for each in demands} == {
        "not-reached": {"target": "46.5"},
        "streak": {"years": "5"},
    }


# Definition, boxes, what is missing: amount, unit, label, value, calculation.
DISTANCES = [
    (
        make(AC3_1, goal="46.5"),
        {"input:0": "21", "input:1": "46"},
        ("1", "件", "", "47.83", "22 ÷ 46 × 100"),
    ),
    (
        make("依限完成派案評估之案件/通報件數*100", goal="100"),
        {"input:0": "8,000", "input:1": "10,000"},
        ("2000", "件", "", "100", "10000 ÷ 10000 × 100"),
    ),
    (  # 99.995 % is printed 100.00, and 9,999.5 of 10,000 cannot be
        make("甲件數/乙件數*100", goal=">99"),
        {"input:0": "9,900", "input:1": "10,000"},
        ("1", "件", "", "99.01", "9901 ÷ 10000 × 100"),
    ),
    (
        make("甲件數/乙件數*100", goal="7.7", direction=NEGATIVE),
        {"input:0": "80", "input:1": "1000"},
        ("-3", "件", "", "7.7", "77 ÷ 1000 × 100"),
    ),
    (
        make("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", goal="98.5"),
        {"input:0": "200", "input:1": "5"},
        ("-2", "件", "無正當理由查詢案件", "98.5", "(200 - 3) ÷ 200 × 100"),
    ),
    (
        make("本年度預算執行數(實際執行數+保留數)/可用預算數*100%", goal="93"),
        {"input:0": "800", "input:1": "100", "input:2": "1000"},
        ("30", "", "實際執行數", "93", None),
    ),
    (
        make("火災死亡人數*10萬/城市人口數", "人數", goal="0.8", direction=NEGATIVE),
        {"input:0": "24", "input:1": "2,683,257"},
        ("-3", "人", "", "0.78", None),
    ),
    (
        make("今年度件數-去年度件數", "件", goal="10", previous={"件數": Decimal(50)}),
        {"input:0": "52"},
        ("8", "件", "", "10", "60 - 50"),
    ),
    (  # one more query that is right would be as near, but stands below as well
        make("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", goal="75"),
        {"input:0": "3", "input:1": "1"},
        ("-1", "件", "無正當理由查詢案件", "100", "(3 - 0) ÷ 3 × 100"),
    ),
    (  # an exact target may lie between two whole numbers
        make("甲件數/乙件數*100", goal="=50"),
        {"input:0": "7", "input:1": "10"},
        ("-20", "%", "", "50", ""),
    ),
    (make(goal="46.5"), {"value": "45.65"}, ("0.85", "%", "", "46.5", "")),
    (make(goal=">46.5"), {"value": "45.65"}, ("0.86", "%", "", "46.51", "")),
    (
        make(goal="7.7", direction=NEGATIVE),
        {"value": "8"},
        ("-0.3", "%", "", "7.7", ""),
    ),
    (make("合作家數", "家數", goal="≥100"), {"input:0": "87"}, ("13", "家", "", "100", "")),
    (make(goal="3.4"), {"value": "-1"}, ("4.4", "%", "", "3.4", "")),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "typed", "expected"), DISTANCES)
def test_the_distance_is_told_in_the_unit_of_the_work(
    definition: Definition,
    typed: dict[str, str],
    expected: tuple[str, str, str, str, str | None],
):
    found = distance(definition, read(typed, definition))
    amount, unit, label, value, calculation = expected
    assert found is not None
    if calculation is None:
        calculation = found.calculation
    assert found == Distance(Decimal(amount), unit, label, Decimal(value), calculation)


@pytest.mark.parametrize(
    ("definition", "typed"),
    [
        (make(AC3_1, goal="46.5"), {"input:0": "22", "input:1": "46"}),
        (make(AC3_1, goal="46.5"), {"input:0": "22"}),
        (make(AC3_1), {"input:0": "22", "input:1": "46"}),
        (make(goal="高於6都平均值"), {"value": "3"}),
        (make(goal="46.5"), {"value": "無實際值"}),
        (make(goal="46.5"), {}),
        (IN_PARTS, {"value": "52.85", "part:0": "52.76", "part:1": "100"}),
    ],
)
def test_there_is_no_distance_where_none_can_be_told(
    definition: Definition, typed: dict[str, str]
):
    assert distance(definition, read(typed, definition)) is None
