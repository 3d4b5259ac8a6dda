"""Headings of offices, requirement by requirement: whatever the form, one reading."""

import re

import pytest

from sheets.forms import read_book
from sheets.forms.headings import bare_heading, heading_of
from sheets.forms.readings import Severity
from sheets.forms.wordings import Wording, by_word
from sheets.grid import Book, Cell, Sheet
from tests.unit.forms_by_hand import codes, doubt, read, sheet_of


# S000-08, S003-41: a heading says year, kind, stage and unit, however it is spelled.
@pytest.mark.parametrize(
    ("text", "key", "stage", "year", "scale"),
    [
        ("年度目標值", "target", "", "", 1),
        ("108實績", "actual", "", "108", 1),
        ("主辦科室", "owner", "", "", 1),
        ("權責單位", "owner", "", "", 1),
        ("計算方式", "formula", "", "", 1),
        ("衡量單位", "measure", "", "", 1),
        ("方案", "plan", "", "", 1),
        ("預算(元)", "budget", "budget", "", 1),
        ("預算（千元）", "budget", "budget", "", 1000),
        ("111年度預算(百萬元)", "budget", "budget", "111", 1_000_000),
        ("已編111年概算千元", "budget", "estimate", "111", 1000),
        ("目標(111)", "target", "", "111", 1),
        ("111年度目標", "target", "", "111", 1),
        ("西元2022年目標值", "target", "", "2022", 1),
        ("績效指標", "kpi", "", "", 1),
        ("執行成果", "actual", "", "", 1),
        ("達成率", "achievement", "", "", 1),
        ("達成率(B/A)", "achievement", "", "", 1),
        ("目標值(A)", "target", "", "", 1),
        ("達成度(C=B/A*100%)", "achievement", "", "", 1),
        ("一、策略目標", "objective", "", "", 1),
        ("1.KPI", "kpi", "", "", 1),
        ("K P I", "kpi", "", "", 1),
        ("※行動計畫", "plan", "", "", 1),
        ("行動計畫 主責科室", "plan_owner", "", "", 1),
        ("KPI 主責科室", "kpi_owner", "", "", 1),
        ("指標編號", "kpi_code", "", "", 1),
        ("方案主辦單位", "plan_owner", "", "", 1),
    ],
)
def test_a_heading_is_known_in_the_words_of_offices(text, key, stage, year, scale):
    heading = heading_of(text)
    assert heading is not None
    said = (heading.key, heading.stage, heading.year, heading.scale)
    assert said == (key, stage, year, scale)


@pytest.mark.parametrize(
    ("text", "shift"), [("上年度實際值", -1), ("本年度目標值", 0), ("次年度目標值", 1)]
)
def test_a_year_may_be_counted_from_that_of_the_title(text: str, shift: int):
    assert heading_of(text).shift == shift
    reading = read("某局 111年平衡計分卡", f"策略目標|KPI|{text}", "AC1 甲|AC1.1 乙|5")
    (kpi,) = reading.reading.kpis
    assert {*kpi.targets, *kpi.actuals} == {2022 + shift}


# S000-07, S000-08: two and three rows of headings.

ONE_ROW = (
    "某局 111年平衡計分卡",
    "策略目標|KPI|109年實際值|110年實際值|111年目標值|112年目標值|主責科室|行動計畫",
    "AC1 甲|AC1.1 一率|80|81|82|83|成保組|AC1.1.1 計畫",
)
STACKED_HEADINGS = {
    "merged": (
        (
            "某局 111年平衡計分卡",
            "策略目標|KPI|實際值||目標值||主責科室|行動計畫",
            "||109年|110年|111年|112年",
            ONE_ROW[2],
        ),
        "A2:A3 B2:B3 C2:D2 E2:F2 G2:G3 H2:H3",
    ),
    "blank beside": (
        (
            "某局 111年平衡計分卡",
            "||實際值||目標值",
            "策略目標|KPI|109|110|111|112|主責科室|行動計畫",
            ONE_ROW[2],
        ),
        "",
    ),
    "year over kind": (
        (
            "某局 111年平衡計分卡",
            "策略目標|KPI|109年|110年|111年|112年|主責科室|行動計畫",
            "||實際|實際|目標|目標",
            ONE_ROW[2],
        ),
        "A2:A3 B2:B3 G2:G3 H2:H3",
    ),
    "three rows": (
        (
            "某局 111年平衡計分卡",
            "基本資料||績效||||權責",
            "策略目標|KPI|實際值||目標值||主責科室|行動計畫",
            "||109年度|110年度|111年度|112年度",
            ONE_ROW[2],
        ),
        "A2:B2 C2:F2 G2:H2 A3:A4 B3:B4 C3:D3 E3:F3 G3:G4 H3:H4",
    ),
    "the anchor below": (
        (
            "某局 111年平衡計分卡",
            "|績效指標|實際值||目標值||||",
            "策略目標|名稱|109年|110年|111年|112年|主責科室|行動計畫",
            ONE_ROW[2],
        ),
        "C2:D2 E2:F2",
    ),
}


@pytest.mark.parametrize("name", STACKED_HEADINGS)
def test_headings_of_several_rows_are_one_heading_a_column(name: str):
    lines, merges = STACKED_HEADINGS[name]
    plain, stacked = read(*ONE_ROW), read(*lines, merges=merges)
    assert codes(stacked, Severity.ERROR) == codes(stacked, Severity.WARN) == []
    assert without_places(stacked.reading) == without_places(plain.reading)


def without_places(reading) -> str:
    """Return all that a reading says, without the cells it was found in."""
    return re.sub(r"(?<=cell=)'[A-Z]*[0-9]*'", "''", repr(reading))


def test_years_above_rows_of_numbers_are_no_headings():
    reading = read(
        "某局 111年平衡計分卡",
        "策略目標|KPI|實際值|目標值",
        "AC1 甲|AC1.1 一率|100|110",
        "|AC1.2 二率|108|109",
    )
    assert [k.targets[2022].value for k in reading.reading.kpis] == [110, 109]


def test_a_code_may_have_a_column_of_its_own():
    reading = read(
        "某局 111年平衡計分卡",
        "編號|策略目標|指標編號|指標名稱|目標(111)",
        "AC1|甲|AC1.1|一率|5",
        "||AC1.2|二率|6",
    ).reading
    assert [(o.code, o.name) for o in reading.objectives] == [("AC1", "甲")]
    found = [(k.code, k.name, k.objective) for k in reading.kpis]
    assert found == [("AC1.1", "一率", "AC1"), ("AC1.2", "二率", "AC1")]


def test_code_and_name_may_stand_under_one_heading():
    reading = read(
        "某局 111年平衡計分卡",
        "策略目標||關鍵績效指標||111年目標值",
        "編號|名稱|編號|名稱",
        "AC1|甲|AC1.1|一率|5",
        merges="A2:B2 C2:D2 E2:E3",
    ).reading
    (kpi,) = reading.kpis
    assert (kpi.code, kpi.name, kpi.objective) == ("AC1.1", "一率", "AC1")


@pytest.mark.parametrize(
    ("unit", "owners", "measure"), [("成保組", ("成保組",), ""), ("人次", (), "人次")]
)
def test_a_bare_unit_is_a_measure_or_whose_it_is(unit, owners, measure):
    reading = read("111年平衡計分卡", "策略目標|KPI|單位", f"AC1 甲|AC1.1 乙|{unit}")
    (kpi,) = reading.reading.kpis
    assert (kpi.owners, kpi.measure) == (owners, measure)


def test_the_second_of_two_owners_is_that_of_the_plans():
    reading = read(
        "111年平衡計分卡",
        "策略目標|KPI|權責單位|權責單位|方案",
        "AC1 甲|AC1.1 乙|成保組|兒少組|計畫",
    ).reading
    assert reading.kpis[0].owners == ("成保組",)
    assert reading.rows[0].owners == ("兒少組",)


def test_a_row_that_only_numbers_the_columns_is_no_row():
    reading = read(
        "社會局 109年執行成果",
        "KPI|目標值(A)|實際值(B)|達成率(B/A)",
        "(1)|(2)|(3)|(4)=(3)/(2)",
        "EC1.1 甲|80|88.5|110.6",
    )
    assert [row.code for row in reading.reading.results] == ["EC1.1"]
    assert codes(reading) == []


def test_a_direction_may_have_a_column_of_its_own():
    reading = read(
        "某局 111年平衡計分卡",
        "策略目標|KPI|指標方向",
        "AC1 甲|AC1.1 一|負向",
        "|AC1.2 二|越高越好",
        "|AC1.3 三|待定",
    ).reading
    assert [k.direction for k in reading.kpis] == ["negative", "positive", ""]


def test_a_line_above_the_table_says_what_money_counts_in():
    reading = read(
        "某局 111年平衡計分卡",
        "單位：新臺幣千元",
        "策略目標|KPI|行動計畫|111年預算|112年預算(元)",
        "AC1 甲|AC1.1 乙|計畫|803|900",
    )
    amounts = [money.amount for money in reading.reading.rows[0].budgets]
    assert amounts == [803_000, 900]
    assert doubt(reading, "money-unit-above").cell == "D3"


def test_an_unknown_heading_is_noted_with_the_nearest_known_one():
    reading = read(
        "111年平衡計分卡", "策略目標|KPI|關鏈成功因素|xyz", "AC1 甲|AC1.1 乙"
    )
    found = [d.params for d in reading.doubts if d.code == "column-not-read"]
    assert found[0]["nearest"] == "關鍵成功因素"
    assert "nearest" not in found[1]


# S000-09, S000-10, G-10: repeated headings, bands, page numbers, footnotes.


def test_headings_of_several_rows_may_be_repeated_on_every_page():
    lines, merges = STACKED_HEADINGS["blank beside"]
    again = "|AC1.2 二率|1|2|3|4|兒少組|AC1.2.1 計畫"
    reading = read(*lines, "第 1 頁", *lines[:3], again, "- 2 -", merges=merges)
    assert [k.code for k in reading.reading.kpis] == ["AC1.1", "AC1.2"]
    assert codes(reading, Severity.WARN) == []


def test_a_band_above_the_headings_is_the_perspective_of_what_follows():
    heading = "策略目標|KPI|111年目標值"
    reading = read(
        "某局 111年平衡計分卡",
        "顧客構面",
        heading,
        "AC1 甲|AC1.1 一|5",
        "財務構面",
        heading,
        "AF1 乙|AF1.1 二|5",
    ).reading
    assert [(k.code, k.perspective) for k in reading.kpis] == [
        ("AC1.1", "C"),
        ("AF1.1", "F"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "註：本表每季更新",
        "※資料來源：主計處",
        "第3頁，共10頁",
        "3/10",
        "- 3 -",
        "承辦人：",
    ],
)
def test_a_footnote_a_page_number_or_a_signature_is_no_row(line: str):
    sheet = sheet_of("111年平衡計分卡", "策略目標|KPI|行動計畫", "AC1 甲|AC1.1 乙|計畫")
    rows = {**sheet.rows, 4: {1: Cell(4, 1, line, line, False)}}
    (reading,) = read_book(Book("a.xlsx", (Sheet("表", rows),)))
    assert doubt(reading, "line-ignored").cell == "A4"
    assert len(reading.reading.rows) == 1


# Several tables in one sheet.


def test_two_units_under_each_other_are_two_cards():
    heading = "策略目標|KPI|111年目標值"
    sheet = sheet_of(
        "社會局 111年平衡計分卡",
        heading,
        "AC1 甲|AC1.1 一率|5",
        "註：完",
        "勞動局 111年平衡計分卡",
        heading,
        "AC1 乙|AC1.1 二率|6",
    )
    first, second = read_book(Book("a.xlsx", (sheet,)))
    assert [first.reading.unit_text, second.reading.unit_text] == ["社會局", "勞動局"]
    assert [k.name for k in first.reading.kpis] == ["一率"]
    assert [k.name for k in second.reading.kpis] == ["二率"]
    assert second.reading.kpis[0].cell == "B7"


def test_a_second_table_with_other_headings_goes_on_with_the_card():
    sheet = sheet_of(
        "社會局 111年平衡計分卡",
        "策略目標|KPI|111年目標值",
        "AC1 甲|AC1.1 一率|5",
        "",
        "財務構面",
        "KPI|策略目標|行動計畫|112年目標值",
        "AF1.1 二率|AF1 乙|計畫|6",
    )
    (reading,) = read_book(Book("a.xlsx", (sheet,)))
    kpis = reading.reading.kpis
    assert [(k.code, k.objective, [*k.targets]) for k in kpis] == [
        ("AC1.1", "AC1", [2022]),
        ("AF1.1", "AF1", [2023]),
    ]
    assert kpis[1].perspective == "F"


def test_a_map_above_a_table_and_results_below_it_are_read_too():
    sheet = sheet_of(
        "社會局 111年策略地圖",
        "策略主題||A 甲",
        "策略目標|顧客 C|AC1 甲",
        "",
        "社會局 111年平衡計分卡",
        "策略目標|KPI|111年目標值",
        "AC1 甲|AC1.1 一率|5",
        "",
        "社會局 111年執行成果",
        "KPI|目標值|實際值|達成率",
        "AC1.1 一率|5|6|120",
    )
    found = read_book(Book("a.xlsx", (sheet,)))
    assert [reading.form for reading in found] == [
        "strategy-map",
        "scorecard",
        "results",
    ]
    assert {reading.reading.year for reading in found} == {2022}
    assert found[2].reading.results[0].achievement == 120


def test_the_results_of_two_years_are_told_apart_by_the_year_of_the_sheet():
    reading = read(
        "社會局 110年執行成果",
        "KPI|109年|||110年",
        "|目標|實際|達成率|目標|實際|達成率",
        "AC1.1 一率|1|2|200|4|5|125",
        merges="A2:A3 B2:D2 E2:G2",
    ).reading
    (result,) = reading.results
    assert (result.target.value, result.achievement) == (4, 125)


# The wordings as data.


def test_a_wording_given_as_an_argument_is_read_like_any_other():
    sheet = sheet_of(
        "111年平衡計分卡", "策略目標|KPI|111年期望水準", "AC1 甲|AC1.1 乙|5"
    )
    (before,) = read_book(Book("a.xlsx", (sheet,)))
    assert before.reading.kpis[0].targets == {}
    more = [Wording("target", ("期望水準",))]
    (after,) = read_book(Book("a.xlsx", (sheet,)), more)
    assert after.reading.kpis[0].targets[2022].value == 5


def test_a_given_wording_never_takes_a_word_of_all_offices():
    assert by_word([Wording("plan", ("目標值",))])["目標值"].key == "target"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("111年度預估數(千元)", "預估數"),
        ("期望 水準（分）", "期望水準"),
        ("(元)", ""),
        ("112", ""),
    ],
)
def test_a_new_wording_is_kept_without_year_and_unit_of_money(text, bare):
    assert bare_heading(text) == bare
