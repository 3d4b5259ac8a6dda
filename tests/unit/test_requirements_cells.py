"""What cells say, requirement by requirement: id, cell, and what is read or asked."""

from datetime import datetime
from decimal import Decimal

import pytest

from sheets.cells import Months, owners_of, quantity_of, split_items
from sheets.forms.formulas import formula_of
from sheets.forms.readings import Severity
from sheets.grid import Cell
from tests.unit.forms_by_hand import HEADINGS, PLANNED, doubt, read

ERROR, ASK, WARN, NOTE = Severity


def value_read(text: str, stored=None, is_number: bool = False):
    """Return the target that a cell gives, and the doubts about that cell."""
    cell = Cell(3, 6, stored if is_number else text, text, is_number)
    line = ("AC1 甲", "", "AC1.1 乙率", "", "", cell)
    found = read("111年平衡計分卡", HEADINGS, line)
    told = [d for d in found.doubts if d.cell == "F3"]
    return found.reading.kpis[0].targets[2022], told


# Requirement, cell, the number that is read, its comparator.
NUMBERS = [
    ("S000-23", "91.60", "91.60", ""),
    ("S000-24", "≥99.5", "99.5", "≥"),
    ("S000-25", "≧100", "100", "≥"),
    ("S000-24", ">=99.5", "99.5", "≥"),
    ("S000-24", "=>99.5", "99.5", "≥"),
    ("S000-24", "＞＝９９．５％", "99.5", "≥"),
    ("S000-24", "⩾99.5", "99.5", "≥"),
    ("S003-27", "81%以上", "81", "≥"),
    ("S003-27", "81%(含)以上", "81", "≥"),
    ("S003-27", "81%以上(含)", "81", "≥"),
    ("S000-24", "達90%", "90", "≥"),
    ("S000-24", "應達90%", "90", "≥"),
    ("S000-24", "不低於90", "90", "≥"),
    ("S000-24", "不得低於90", "90", "≥"),
    ("S000-24", "至少 90 件", "90", "≥"),
    ("S000-24", "90↑", "90", "≥"),
    ("S000-24", "≤3.5", "3.5", "≤"),
    ("S000-24", "≦3.5", "3.5", "≤"),
    ("S000-24", "3.5以下", "3.5", "≤"),
    ("S000-24", "不超過3.5%", "3.5", "≤"),
    ("S000-24", "不得超過3.5%", "3.5", "≤"),
    ("S000-24", "控制在3.5%以內", "3.5", "≤"),
    ("S000-24", "低於3.5", "3.5", "<"),
    ("S000-24", "未達3.5", "3.5", "<"),
    ("S000-24", "高於3.5", "3.5", ">"),
    ("S000-24", "逾3.5", "3.5", ">"),
    ("G-02", "１，２３４．５０", "1234.50", ""),
    ("G-02", " 1 234 567 ", "1234567", ""),
    ("G-02", "1,234 ,567", "1234567", ""),
    ("S003-24", "100％", "100", ""),
    ("S003-40", "4.5分 (滿分5分)", "4.5", ""),
    ("S003-31", "-29.4", "-29.4", ""),
    ("S003-31", "－２９．４", "-29.4", ""),
    ("S004-02", "268萬3,257人", "2683257", ""),
    ("S004-02", "105萬755戶", "1050755", ""),
    ("S004-02", "2萬7,447張", "27447", ""),
    ("S004-02", "6億3,944萬2,789", "639442789", ""),
    ("S004-02", "200萬人次以上", "2000000", "≥"),
    ("S004-02", "1.5億元", "150000000", ""),
    ("S004-02", "3千萬元", "30000000", ""),
    ("S000-21", "0", "0", ""),
]


@pytest.mark.parametrize(("requirement", "text", "value", "comparator"), NUMBERS)
def test_a_number_is_read_without_a_doubt(requirement, text, value, comparator):
    figure, told = value_read(text)
    assert (figure.value, figure.comparator) == (Decimal(value), comparator)
    assert told == []
    assert figure.text == text.strip()


# Requirement, cell, issue and severity, the number that is read or None for words.
DOUBTFUL = [
    ("S000-71", "1900,000", "broken-separator", WARN, "1900000"),
    ("S004-03", "140萬1,30人", "broken-number", ASK, None),
    ("S004-04", "2,18萬9,197元", "broken-number", ASK, None),
    ("S000-71", "1,90,000", "broken-number", ASK, None),
    ("S000-71", "12,5", "broken-number", ASK, None),
    ("S003-27", "公務 81%以上 公彩 90%以上", "parts-differ", ASK, None),
    ("S000-22", "88 (109年7-12月)", "part-year", NOTE, "88"),
    ("S003-34", "高於6都平均值", "text-for-number", WARN, None),
    ("S002-17", "約800件", "text-for-number", WARN, None),
    ("S002-18", "5-10", "text-for-number", WARN, None),
    ("S004-05", "1:110", "text-for-number", WARN, None),
    ("G-06", "=1+1", "text-for-number", WARN, None),
    ("G-06", "@SUM(A1)", "text-for-number", WARN, None),
    ("G-06", "+甲", "text-for-number", WARN, None),
    ("G-06", "-甲", "text-for-number", WARN, None),
    ("G-09", "(29.4)", "bracketed-number", WARN, "-29.4"),
    ("S004-18", "3390(5971)", "two-numbers", WARN, "3390"),
    ("S004-19", "3,000/5,000 (與現行制度一致) 15", "text-for-number", WARN, None),
]


@pytest.mark.parametrize(("requirement", "text", "code", "severity", "value"), DOUBTFUL)
def test_a_doubtful_cell_is_told_and_keeps_its_text(
    requirement, text, code, severity, value
):
    figure, told = value_read(text)
    assert [(d.code, d.severity) for d in told] == [(code, severity)]
    assert figure.text == text
    if value is None:
        assert (figure.value, figure.words) == (None, text)
    else:
        assert figure.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("140萬1,30人", "1400130", "1401030"),
        ("2,18萬9,197", "2189197", "20189197"),
        ("1,90,000", "190000", "1090000"),
        ("12,5", "12.5", "125"),
    ],
)
def test_a_broken_number_is_asked_with_both_readings(text, first, second):
    _, (told,) = value_read(text)
    assert told.choices == ("words", first, second)
    assert told.default == "words"
    assert told.params == {"text": text, "first": first, "second": second}


# S000-22: parts of a year, in many spellings.
@pytest.mark.parametrize(
    ("text", "first", "last", "year"),
    [
        ("88 (109年7-12月)", 7, 12, 2020),
        ("88（109年7月至12月）", 7, 12, 2020),
        ("88 [109.7-109.12]", 7, 12, 2020),
        ("88(7~12月)", 7, 12, None),
        ("88 (109年下半年)", 7, 12, 2020),
        ("109年下半年：88", 7, 12, 2020),
        ("88 109年7-12月", 7, 12, 2020),
        ("88%(截至109年9月底)", 1, 9, 2020),
        ("88 (第3季)", 7, 9, None),
        ("88 (109年1-3季)", 1, 9, 2020),
        ("88 (109/7/1-109/12/31)", 7, 12, 2020),
        ("88 (9月)", 9, 9, None),
    ],
)
def test_a_part_of_a_year_is_kept_with_the_number(text, first, last, year):
    said = quantity_of(text)
    assert (said.value, said.months) == (Decimal(88), Months(first, last, year))


def test_a_whole_year_is_no_part_of_it():
    said = quantity_of("88 (109年1-12月)")
    assert (said.value, said.months, said.note) == (Decimal(88), None, "109年1-12月")


# S000-20, G-09: the kinds of nothing stay apart.
@pytest.mark.parametrize(
    ("text", "absence"),
    [
        *[
            (text, "not-measured")
            for text in (
                *("無實際值", "無實 際值", "尚無資料", "未統計", "尚未公布", "無"),
                *("—", "－", "-", "––", "─", "無資料(疫情停辦)"),
                *("――", "——", "－－", "──", "— —", "﹣"),
            )
        ],
        ("無相關統計數據", "no-statistics"),
        ("無統計資料", "no-statistics"),
        ("不適用", "not-applicable"),
        ("N/A", "not-applicable"),
        ("ｎ／ａ", "not-applicable"),
        ("免填", "not-applicable"),
    ],
)
def test_a_nothing_says_which_it_is_and_keeps_its_text(text: str, absence: str):
    figure, told = value_read(text)
    assert (figure.absence, figure.value, figure.words) == (absence, None, "")
    assert figure.text == text
    assert told == []


def test_a_blank_says_nothing_at_all():
    found = read("111年平衡計分卡", HEADINGS, "AC1 甲||AC1.1 乙率|||")
    assert found.reading.kpis[0].targets == {}


def test_a_stored_number_counts_as_it_is_displayed():
    percent, _ = value_read("85%", Decimal("0.85"), True)
    assert (percent.value, percent.text) == (85, "85%")
    negative, told = value_read("(1,000)", Decimal(-1000), True)
    assert (negative.value, told) == (-1000, [])
    zero, told = value_read("-", Decimal(0), True)
    assert (zero.value, zero.absence, told) == (0, "", [])


# S003-26, S003-27: totals and targets in parts.
def test_components_stay_with_their_total():
    figure, told = value_read("4,143 (身障3,107+ 老人1,036)")
    assert figure.value == 4143
    assert [(label, number) for label, number, _ in figure.parts] == [
        ("身障", 3107),
        ("老人", 1036),
    ]
    assert told == []


# S000-70 to S000-72: money.
@pytest.mark.parametrize(
    ("text", "kind", "amount", "issue"),
    [
        ("803", "amount", 803_000, ""),
        ("803,500元", "amount", 803_500_000, ""),
        ("803千元", "amount", 803_000, ""),
        ("80.35萬元", "amount", 803_500, ""),
        ("NT$1,000", "amount", 1_000_000, ""),
        ("1900,000", "amount", 1_900_000_000, "broken-separator"),
        ("1,90,000", "blank", None, "broken-number"),
        ("約80萬", "blank", None, "text-for-number"),
        ("0", "amount", 0, ""),
        ("無", "none", None, ""),
        ("－", "none", None, ""),
        ("無需經費", "none", None, ""),
        ("――", "none", None, ""),
        ("——", "none", None, ""),
        ("－－", "none", None, ""),
        ("", "blank", None, ""),
    ],
)
def test_money_is_an_amount_none_or_blank(text, kind, amount, issue):
    line = f"AC1 甲||AC1.1 乙率|||||計畫|{text}|成保組"
    found = read("111年平衡計分卡", PLANNED, line)
    (money,) = found.reading.rows[0].budgets
    assert (money.kind, money.amount, money.text) == (kind, amount, text)
    assert [d.code for d in found.doubts if d.cell == "I3"] == [issue] * bool(issue)


@pytest.mark.parametrize("text", ["(1,000)", "-1,000", "－１，０００"])
def test_money_below_zero_is_an_error(text: str):
    found = read("111年平衡計分卡", PLANNED, f"AC1 甲||AC1.1 乙率|||||計畫|{text}")
    assert doubt(found, "negative-amount").cell == "I3"


def test_a_stored_zero_that_is_shown_as_a_dash_is_an_amount():
    dash = Cell(3, 9, Decimal(0), "-", True)
    line = ("AC1 甲", "", "AC1.1 乙率", "", "", "", "", "計畫", dash)
    (money,) = read("111年平衡計分卡", PLANNED, line).reading.rows[0].budgets
    assert (money.kind, money.amount, money.text) == ("amount", 0, "-")


# S000-60: owners.
@pytest.mark.parametrize(
    "text",
    [
        "成保組\n兒少組",
        "成保組、兒少組",
        "成保組/兒少組",
        "成保組，兒少組",
        "成保組 兒少組",
        "成保組　兒少組",
        "成保組<br/>兒少組",
        "成保組；兒少組",
        "成保組及兒少組",
        "成保組｜兒少組",
        "主辦：成保組\n協辦：兒少組",
        "成保組(主辦)、兒少組(協辦)",
        "成保組(主辦)兒少組(協辦)",
        "成保組（主辦）兒少組（協辦）",
        "(主辦)成保組、(協辦)兒少組",
        "主辦：成保組 協辦：兒少組",
        "主辦：成保組協辦：兒少組",
        "主辦單位：\n成保組\n協辦單位：\n兒少組",
        "成保組／兒少組",
    ],
)
def test_owners_are_parted_however_they_are_listed(text: str):
    assert owners_of(text) == ("成保組", "兒少組")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("成保組(主辦)兒少組（協辦）", ("成保組(主辦)", "兒少組（協辦）")),
        ("主辦：成保組 協辦：兒少組", ("主辦：成保組", "協辦：兒少組")),
        ("主辦:成保組、性保組\n協辦:兒少組", ("主辦:成保組", "性保組", "協辦:兒少組")),
        ("成保組 兒少組(協辦)", ("成保組", "兒少組(協辦)")),
        ("成保組及兒少組", ("成保組", "兒少組")),
    ],
)
def test_the_part_that_an_owner_takes_is_kept_as_printed(text: str, printed: tuple):
    line = f"AC1 甲||AC1.1 乙率|||80|{text}".split("|")
    cell = Cell(3, 7, text, text, False)
    (kpi,) = read("111年平衡計分卡", HEADINGS, (*line[:6], cell)).reading.kpis
    assert kpi.owner_texts == printed


# S000-63 to S000-66, S001-08: several codes and plans in a cell.
@pytest.mark.parametrize(
    ("text", "plans"),
    [
        (
            "AC1.1.1. 甲計畫/AC1.1.2. 乙計畫",
            [("AC1.1.1", "甲計畫"), ("AC1.1.2", "乙計畫")],
        ),
        ("AC1.1.1甲計畫 AC1.1.2乙計畫", [("AC1.1.1", "甲計畫"), ("AC1.1.2", "乙計畫")]),
        ("1.甲計畫/2.乙計畫", [("", "甲計畫"), ("", "乙計畫")]),
        ("(1)甲計畫/續行/(2)乙計畫", [("", "甲計畫續行"), ("", "乙計畫")]),
        ("①甲計畫/②乙計畫", [("", "甲計畫"), ("", "乙計畫")]),
        ("一、甲計畫/二、乙計畫", [("", "甲計畫"), ("", "乙計畫")]),
        ("1.甲計畫 2.乙計畫", [("", "甲計畫"), ("", "乙計畫")]),
        ("12區服務計畫", [("", "12區服務計畫")]),
        ("甲、乙及丙計畫", [("", "甲、乙及丙計畫")]),
        ("=cmd計畫/@乙計畫", [("", "=cmd計畫"), ("", "@乙計畫")]),
    ],
)
def test_the_plans_of_a_cell_are_parted(text: str, plans: list):
    found = read("111年平衡計分卡", PLANNED, f"AC1 甲||AC1.1 乙率|||||{text}|5")
    (row,) = found.reading.rows
    assert [(plan.code, plan.name) for plan in row.plans] == plans


def test_a_number_in_a_name_opens_no_item():
    assert split_items("提供24小時服務 3.5次", 3) == ["提供24小時服務 3.5次"]
    assert split_items("2.甲 1.乙", 3) == ["2.甲 1.乙"]


# S004-06: codes that a workbook turned into dates are restored and asked.
@pytest.mark.parametrize(
    ("stored", "text", "code"),
    [
        (datetime(2018, 1, 1), "1月1日", "1-1"),
        ("1月1日", "1月1日", "1-1"),
        ("1-Jan", "1-Jan", "1-1"),
        ("Jan-01", "Jan-01", "1-1"),
        ("2018/1/1", "2018/1/1", "1-1"),
    ],
)
def test_a_code_that_became_a_date_is_restored_and_asked(stored, text, code):
    found = read(
        "某計畫 107年 KPI",
        "策略目標||關鍵績效指標(KPI)||計算公式",
        (Cell(3, 1, stored, text, False), "安全感", "1-1-1", "滿意度", "調查"),
        merges="A2:B2 C2:D2",
    )
    assert [o.code for o in found.reading.objectives] == [code]
    asked = doubt(found, "code-from-date")
    assert (asked.severity, asked.cell, asked.default) == (ASK, "A3", code)


# S000-26, S000-40 to S000-43: formula, direction, unit and notes in one cell.
@pytest.mark.parametrize(
    ("cell", "text", "direction", "measure", "notes"),
    [
        ("(甲/乙)*100% (負向指標) 單位：%", "(甲/乙)*100%", "negative", "%", 1),
        ("甲/乙\n【反向指標】\n單位: %", "甲/乙", "negative", "%", 1),
        ("甲/乙\n越低越好\n計量單位：%", "甲/乙", "negative", "%", 1),
        ("甲/乙\n指標方向：正向\n單位：人次", "甲/乙", "positive", "人次", 1),
        ("計算公式：甲/乙\n單位：%\n註1：員工\n註2：11月底", "甲/乙", "", "%", 2),
        ("甲數*100\n單位：家數", "甲數*100", "", "家數", 0),
        ("協助詢(訊)問人數", "協助詢(訊)問人數", "", "", 0),
        ("甲/乙*100%，負向，%", "甲/乙*100%", "negative", "%", 1),
        ("甲/乙，負向，單位：%", "甲/乙", "negative", "%", 1),
        ("負向指標，甲/乙", "甲/乙", "negative", "", 1),
        ("甲/乙；越低越好；件\n註1：乙", "甲/乙", "negative", "件", 2),
        ("負向，%", "", "negative", "%", 1),
        ("甲，乙，人", "甲，乙，人", "", "", 0),
        ("甲、正向、乙", "甲、正向、乙", "", "", 0),
    ],
)
def test_a_formula_cell_is_split(cell, text, direction, measure, notes):
    formula = formula_of(cell)
    assert (formula.text, formula.direction, formula.measure, len(formula.notes)) == (
        text,
        direction,
        measure,
        notes,
    )


@pytest.mark.parametrize(
    ("name", "direction", "measure"),
    [
        ("再犯率，負向，%", "negative", "%"),
        ("再犯率，%，負向", "negative", "%"),
        ("再犯率(負向)", "negative", ""),
        ("積極、正向、樂觀服務率", "", ""),
        ("受理，正向服務率", "", ""),
    ],
)
def test_a_name_may_say_direction_and_measure_between_commas(name, direction, measure):
    (kpi,) = read("111年平衡計分卡", HEADINGS, f"AC1 甲||AC1.1 {name}").reading.kpis
    assert (kpi.direction, kpi.measure, kpi.name) == (direction, measure, name)
