"""Rows and figures that headings, codes or empty words must never swallow."""

from decimal import Decimal

import pytest

from sheets.cells import split_code
from sheets.forms.formulas import formula_of
from sheets.forms.readings import Severity
from sheets.grid import Cell
from tests.unit.forms_by_hand import codes, read

TITLE = "臺北市政府社會局112年度平衡計分卡"
ROWS = (
    "AC1 甲目標|AC1.1 甲率|85|95|90",
    "AC2 乙目標|AC2.1 乙率|90|95|91",
    "AC3 丙目標|AC3.1 丙率|100|95|98",
    "AC4 丁目標|AC4.1 丁率|70|95|98",
)
ALL = ["AC1.1", "AC2.1", "AC3.1", "AC4.1"]


def test_headings_printed_again_in_one_row_lose_no_row_above_them():
    heading = "策略目標|KPI|112年目標值|113年目標值|112年實際值"
    reading = read(TITLE, heading, *ROWS[:2], heading, *ROWS[2:])
    assert [kpi.code for kpi in reading.reading.kpis] == ALL
    assert codes(reading, Severity.ERROR) == []


def test_headings_printed_again_in_two_rows_lose_no_row_above_them():
    headings = ("策略目標|KPI|目標值||實際值", "||112年|113年|112年")
    reading = read(
        TITLE,
        *headings,
        *ROWS[:2],
        *headings,
        *ROWS[2:],
        merges="C2:D2 A2:A3 B2:B3 C6:D6 A6:A7 B6:B7",
    ).reading
    assert [kpi.code for kpi in reading.kpis] == ALL
    shown = [
        (kpi.targets[2023].value, kpi.targets[2024].value, kpi.actuals[2023].value)
        for kpi in reading.kpis
    ]
    assert shown == [(85, 95, 90), (90, 95, 91), (100, 95, 98), (70, 95, 98)]


def test_undated_headings_printed_again_keep_every_figure():
    heading = "策略目標|KPI|目標值|實際值"
    reading = read(
        TITLE,
        heading,
        "AC1 甲目標|AC1.1 甲率|85|90",
        "AC2 乙目標|AC2.1 乙率|90|91",
        heading,
        "AC3 丙目標|AC3.1 丙率|100|98",
    ).reading
    assert [(k.code, k.targets[2023].value) for k in reading.kpis] == [
        ("AC1.1", 85),
        ("AC2.1", 90),
        ("AC3.1", 100),
    ]


def test_three_rows_of_headings_with_the_years_in_the_middle_keep_all_figures():
    reading = read(
        TITLE,
        "構面|策略目標|關鍵績效指標|績效||||備註",
        "|||111年||112年",
        "|||目標|實際|目標|實際",
        "顧客|AC1 甲目標|AC1.1 甲率|1|2|3|4|x",
        "||AC1.2 乙率|5|6|7|8",
        merges="D2:G2 D3:E3 F3:G3 A2:A4 B2:B4 C2:C4 A5:A6 B5:B6",
    ).reading
    figures = [
        [kpi.targets[y].value for y in (2022, 2023)]
        + [kpi.actuals[y].value for y in (2022, 2023)]
        for kpi in reading.kpis
    ]
    assert figures == [[1, 3, 2, 4], [5, 7, 6, 8]]


@pytest.mark.parametrize("typed", ["ac{}", "AC {}", "AC-{}", "ａｃ{}"])
def test_codes_in_a_column_of_their_own_may_be_typed_in_any_manner(typed: str):
    one, first = typed.format("1"), typed.format("1.1")
    reading = read(
        TITLE,
        "目標編號|策略目標|KPI編號|KPI|112年目標值",
        f"{one}|甲目標|{first}|甲率|5",
    )
    (kpi,) = reading.reading.kpis
    assert (kpi.objective, kpi.code, kpi.name) == ("AC1", "AC1.1", "甲率")
    assert kpi.targets[2023].value == Decimal(5)


@pytest.mark.parametrize("typed", ["ac{}", "AC {}", "AC-{}", "AC - {}", "ａｃ{}."])
def test_codes_beside_their_names_may_be_typed_in_any_manner(typed: str):
    one, first, second = map(typed.format, ("1", "1.1", "1.2"))
    reading = read(
        TITLE,
        "策略目標|KPI|112年目標值|行動計畫",
        f"{one} 甲目標|{first} 甲率|5|{typed.format('1.1.1')} 計畫甲",
        f"|{second} 乙率|6",
    )
    assert [(k.objective, k.code, k.name) for k in reading.reading.kpis] == [
        ("AC1", "AC1.1", "甲率"),
        ("AC1", "AC1.2", "乙率"),
    ]
    assert [p.code for p in reading.reading.rows[0].plans] == ["AC1.1.1"]
    assert codes(reading, Severity.ERROR) == codes(reading, Severity.ASK) == []


def test_a_line_like_a_typed_code_beside_codes_as_printed_is_a_wrapped_part():
    kpis = read(
        TITLE, "策略目標|KPI|112年目標值", "AC1 甲目標|AC1.1 採用/tl-2 系統之比率|5"
    ).reading.kpis
    assert [(k.code, k.text) for k in kpis] == [("AC1.1", "AC1.1 採用 tl-2 系統之比率")]


@pytest.mark.parametrize("text", ["TL-9000 認證", "PM2.5 濃度", "AC 2.15% 達成", "CPI"])
def test_names_with_letters_and_numbers_of_their_own_have_no_code(text: str):
    assert split_code(text).code == ""


@pytest.mark.parametrize(
    "mark", ["(越低越好)", "（愈少愈好）", "【望小】", "[數值越小越佳]", "望小"]
)
def test_a_direction_in_brackets_parts_the_formula_from_its_measure(mark: str):
    formula = formula_of(f"(甲/乙)*100% {mark} 單位：%")
    assert formula.text == "(甲/乙)*100%"
    assert (formula.direction, formula.measure) == ("negative", "%")


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("甲率（越低越好）", "negative"),
        ("甲率(望小)", "negative"),
        ("甲率(%)(負向指標)", "negative"),
        ("甲率(愈高愈好)", "positive"),
    ],
)
def test_a_direction_in_brackets_after_the_name_is_the_kpis(name: str, direction: str):
    (kpi,) = read(
        TITLE, "策略目標|KPI|112年目標值", f"AC1 甲目標|AC1.1 {name}|90"
    ).reading.kpis
    assert kpi.direction == direction


@pytest.mark.parametrize(
    "text", ["無", "—", "－", "N/A", "n/a", "無計畫", "無相關計畫", "不適用", "免填"]
)
def test_a_cell_that_says_there_is_no_plan_is_no_plan(text: str):
    reading = read(
        TITLE,
        "策略目標|KPI|112年目標值|行動計畫",
        ("AC1 甲目標", "AC1.1 甲率", "90", Cell(3, 4, text, text, False)),
        "AC2 乙目標|AC2.1 乙率|90|計畫乙",
    ).reading
    assert [[p.name for p in row.plans] for row in reading.rows] == [[], ["計畫乙"]]
