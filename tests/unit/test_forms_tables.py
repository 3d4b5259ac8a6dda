"""Scorecards as offices might type them: rows, codes, money, figures."""

from datetime import datetime
from decimal import Decimal

import pytest

from sheets.forms.formulas import formula_of
from sheets.forms.readings import Severity
from sheets.grid import Cell
from tests.unit.forms_by_hand import HEADINGS, PLANNED, codes, doubt, read


def test_objectives_fill_down_and_factors_only_below_a_blank_objective():
    reading = read(
        "平衡計分卡 111年",
        HEADINGS,
        "AC1 甲|AC1 因素一|AC1.1 一率",
        "|AC1.2 因素二|AC1.2 二率",
        "||AC1.3 三率",
        "AC2 乙||AC2.1 四率",
    ).reading
    assert [(k.objective, k.factor) for k in reading.kpis] == [
        ("AC1", 0),
        ("AC1", 1),
        ("AC1", 1),
        ("AC2", None),
    ]
    assert [f.objective for f in reading.factors] == ["AC1", "AC1"]


def test_everything_repeated_in_every_row_is_the_same_once():
    reading = read(
        "平衡計分卡 111年",
        PLANNED,
        "AC1 甲|AC1 因素|AC1.1 一率|單位：%|無實際值|5|成保組|AC1.1.1 一計畫",
        "AC1 甲|AC1 因素|AC1.1 一率|單位：%|無實際值|5|成保組|AC1.1.2 二計畫",
    )
    assert len(reading.reading.objectives) == len(reading.reading.factors) == 1
    assert len(reading.reading.kpis) == len(reading.reading.rows) == 1
    assert [p.code for p in reading.reading.rows[0].plans] == ["AC1.1.1", "AC1.1.2"]
    assert codes(reading, Severity.ERROR) == []


def test_headings_repeated_on_every_page_are_no_rows_and_bands_carry_on():
    reading = read(
        "平衡計分卡 111年",
        HEADINGS,
        "顧客構面",
        "AC1 甲||AC1.1 一率",
        HEADINGS,
        "||AC1.2 二率",
        "第 2 頁",
        "||AC1.3 三率",
        "財務構面",
        "AF1 乙||AF1.1 四率",
        "註：本表每季更新",
    )
    assert [(k.code, k.objective, k.perspective) for k in reading.reading.kpis] == [
        ("AC1.1", "AC1", "C"),
        ("AC1.2", "AC1", "C"),
        ("AC1.3", "AC1", "C"),
        ("AF1.1", "AF1", "F"),
    ]
    ignored = [d.cell for d in reading.doubts if d.code == "line-ignored"]
    assert ignored == ["A7", "A11"]


@pytest.mark.parametrize(
    "band", ["一、顧客構面", "【顧客構面】", "客戶構面", "市民構面"]
)
def test_a_perspective_in_other_words_has_the_letter_of_its_objectives(band: str):
    reading = read("平衡計分卡", HEADINGS, band, "AC1 甲||AC1.1 一率").reading
    assert [k.perspective for k in reading.kpis] == ["C"]
    assert [(p.code, p.label) for p in reading.perspectives] == [("C", band)]


def test_a_figure_merged_over_rows_and_columns_belongs_to_all_of_them():
    reading = read(
        "平衡計分卡",
        "策略目標|KPI|109年實際值|110年實際值|111年目標值",
        "AC1 甲|AC1.1 一率|無實際值||50",
        "|AC1.2 二率",
        merges="C3:D4 E3:E4",
    ).reading
    for kpi in reading.kpis:
        assert [f.absence for f in kpi.actuals.values()] == ["not-measured"] * 2
        assert kpi.targets[2022].value == 50


def test_one_code_with_two_contents_is_an_error_with_both_places():
    reading = read(
        "平衡計分卡", HEADINGS, "AC1 甲||AC1.1 一率", "||AC1.1 全然不同的指標"
    )
    twice = doubt(reading, "duplicate-code")
    assert (twice.severity, twice.cell) == (Severity.ERROR, "C4")
    assert twice.params == {
        "code": "AC1.1",
        "first": "C3 一率",
        "second": "全然不同的指標",
    }


def test_a_kpi_without_an_objective_is_an_error():
    reading = read("平衡計分卡", HEADINGS, "顧客構面", "||AC1.1 一率")
    assert doubt(reading, "no-objective").cell == "C4"
    assert reading.reading.kpis == ()


@pytest.mark.parametrize("text", ["-5,000", "(5,000)", "−1"])
def test_negative_money_is_an_error(text: str):
    reading = read("平衡計分卡", PLANNED, f"AC1 甲||AC1.1 一率|||||計畫|{text}")
    assert doubt(reading, "negative-amount").cell == "I3"


def test_a_name_longer_than_the_database_keeps_is_an_error():
    reading = read("平衡計分卡", HEADINGS, f"AC1 甲||AC1.1 {'長' * 201}")
    assert doubt(reading, "too-long-to-keep").cell == "C3"


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("1,500", "amount", 1500000),
        ("0", "amount", 0),
        ("1900,000", "amount", 1900000000),
        ("無", "none", None),
        ("-", "none", None),
        ("", "blank", None),
        ("另行籌措", "blank", None),
    ],
)
def test_a_budget_is_an_amount_none_or_blank(text: str, kind: str, amount: int | None):
    reading = read("平衡計分卡", PLANNED, f"AC1 甲||AC1.1 一率|||||計畫|{text}|成保組")
    (money,) = reading.reading.rows[0].budgets
    assert (money.kind, money.amount, money.stage) == (kind, amount, "estimate")
    assert (money.text, money.cell) == (text, "I3")


def test_a_budget_shared_by_merged_rows_is_counted_once():
    reading = read(
        "平衡計分卡",
        PLANNED,
        "AC1 甲||AC1.1 一率|||||AC1.1.1 一|5|成保組",
        "|||||||AC1.1.2 二|",
        "|||||||AC1.1.3 三|7|兒少組",
        merges="I3:I4 J3:J4 C3:C5",
    ).reading
    assert [[p.code for p in row.plans] for row in reading.rows] == [
        ["AC1.1.1", "AC1.1.2"],
        ["AC1.1.3"],
    ]
    assert [[m.amount for m in row.budgets] for row in reading.rows] == [[5000], [7000]]


def test_words_for_a_number_are_kept_and_told():
    reading = read("平衡計分卡", HEADINGS, "AC1 甲||AC1.1 一率||140萬1,30人|持續提升")
    (kpi,) = reading.reading.kpis
    assert kpi.targets[2022].words == "持續提升"
    assert kpi.actuals[2021].words == "140萬1,30人"
    told = [d.cell for d in reading.doubts if d.code == "text-for-number"]
    assert told == ["F3"]
    # What a number was is asked; until then it stays words.
    assert doubt(reading, "broken-number").cell == "E3"


def test_the_displayed_text_counts_and_the_stored_number_where_it_shows_none():
    stored = Cell(3, 6, Decimal("1234.5"), "####", True)
    rounded = Cell(3, 5, Decimal("88.46"), "88.5", True)
    line = ("AC1 甲", "", "AC1.1 一率", "", rounded, stored)
    (kpi,) = read("平衡計分卡", HEADINGS, line).reading.kpis
    assert kpi.actuals[2021].value == Decimal("88.5")
    assert kpi.targets[2022].value == Decimal("1234.5")


def test_several_kpis_of_a_row_share_it_line_by_line():
    reading = read(
        "平衡計分卡",
        PLANNED,
        "AC1 甲||AC1.1 一率/AC1.2 二率|||60/70|成保組|AC1.2.1 丙/AC1.1.1 丁|9",
    ).reading
    assert [k.targets[2022].value for k in reading.kpis] == [60, 70]
    assert [(r.kpi, [p.code for p in r.plans]) for r in reading.rows] == [
        ("AC1.1", ["AC1.1.1"]),
        ("AC1.2", ["AC1.2.1"]),
    ]
    assert [len(r.budgets) for r in reading.rows] == [1, 0]
    assert {r.cell for r in reading.rows} == {"C3"}


def test_codes_are_completed_from_the_objective_and_asked():
    reading = read("平衡計分卡", HEADINGS, "AF1 甲||F1.1 一率", "||沒有代碼的指標")
    assert [k.code for k in reading.reading.kpis] == ["AF1.1", "AF1.2"]
    asked = [d for d in reading.doubts if d.code == "code-completed"]
    assert [(d.severity, d.default) for d in asked] == [
        (Severity.ASK, "AF1.1"),
        (Severity.ASK, "AF1.2"),
    ]


def test_a_code_that_became_a_date_is_asked():
    rows = (
        "某計畫 107年 KPI",
        "策略目標||關鍵績效指標(KPI)||計算公式|計量單位",
        (
            Cell(3, 1, datetime(2018, 1, 2), "1月2日", False),
            "提升安全感",
            Cell(3, 3, datetime(2001, 2, 3), "2001/2/3", False),
            "滿意度",
            "調查",
            "%",
        ),
    )
    reading = read(*rows, merges="A2:B2 C2:D2")
    assert [o.code for o in reading.reading.objectives] == ["1-2"]
    assert [k.code for k in reading.reading.kpis] == ["1-2-3"]
    assert codes(reading).count("code-from-date") == 2


@pytest.mark.parametrize(
    ("cell", "text", "measure", "direction", "notes"),
    [
        (
            "(甲/乙)*100% (負向指標) 單位：% 註1：說明",
            "(甲/乙)*100%",
            "%",
            "negative",
            ("(負向指標)", "註1：說明"),
        ),
        ("合作家數\n計量單位: 家數", "合作家數", "家數", "", ()),
        (
            "轉知教育單位數/在學中目睹兒少數",
            "轉知教育單位數/在學中目睹兒少數",
            "",
            "",
            (),
        ),
        ("協助詢(訊)問人數\n單位：人", "協助詢(訊)問人數", "人", "", ()),
        ("單位：場次", "", "場次", "", ()),
        ("", "", "", "", ()),
    ],
)
def test_a_formula_cell_is_taken_apart(cell, text, measure, direction, notes):
    formula = formula_of(cell)
    assert (formula.text, formula.measure) == (text, measure)
    assert (formula.direction, formula.notes) == (direction, notes)


def test_falling_targets_and_telling_names_are_asked_for_their_direction():
    reading = read(
        "平衡計分卡",
        "策略目標|KPI|111年目標值|112年目標值",
        "AC1 甲|AC1.1 服務率|9|10",
        "|AC1.2 等候率|9|8",
        "|AC1.3 再犯率|9|9",
        "|AC1.4 完成率(正向指標)|9|8",
    )
    asked = {
        d.params["code"]: d.params["evidence"]
        for d in reading.doubts
        if d.code == "direction-doubtful"
    }
    assert asked == {"AC1.2": "9 → 8", "AC1.3": "再犯"}
    assert doubt(reading, "direction-unconfirmed").params == {"count": "3"}
