"""Which form a sheet is, by the words of its headings, and the page that lists them."""

import re
from pathlib import Path

import pytest

from sheets.cells import squashed
from sheets.forms import read_book
from sheets.forms.columns import by_word
from sheets.forms.headers import heading_of
from sheets.forms.readings import Severity
from sheets.forms.wordings import TABLES
from sheets.grid import Book
from sheets.messages import MESSAGES
from tests.unit.forms_by_hand import HEADINGS, codes, doubt, read, sheet_of


@pytest.mark.parametrize(
    ("text", "key", "stage", "year", "scale"),
    [
        ("108年 實際值", "actual", "", "108", 1),
        ("109目標值", "target", "", "109", 1),
        ("2022年目標值", "target", "", "2022", 1),
        ("民國111年度目標值", "target", "", "111", 1),
        ("目標值(111年)", "target", "", "111", 1),
        ("行動計畫 已編111年概算 (元)", "budget", "estimate", "111", 1),
        ("行動計畫 預編112年概算 （千元）", "budget", "preliminary", "112", 1000),
        ("111年度預算(萬元)", "budget", "budget", "111", 10000),
        ("110年決算", "budget", "final", "110", 1),
        ("關鍵績效指標\n(KPI)", "kpi", "", "", 1),
        ("創新度(分)", "innovation", "", "", 1),
        ("已達成109年目標值", "reached", "", "109", 1),
    ],
)
def test_a_heading_tells_kind_year_stage_and_unit(text, key, stage, year, scale):
    heading = heading_of(text)
    assert (heading.key, heading.stage, heading.year, heading.scale) == (
        key,
        stage,
        year,
        scale,
    )


@pytest.mark.parametrize("text", ["1-2月", "備註", "執行情形", "109年", "x" * 5000])
def test_other_headings_are_not_guessed(text: str):
    assert heading_of(text) is None


def test_columns_are_found_in_any_order_and_others_noted():
    reading = read(
        "某局 111年平衡計分卡",
        "備註|111年目標值|KPI|策略目標",
        "略|90|AC1.1 甲率|AC1 提升",
    )
    (kpi,) = reading.reading.kpis
    assert (kpi.code, kpi.objective, kpi.targets[2022].value) == ("AC1.1", "AC1", 90)
    assert doubt(reading, "column-not-read").cell == "A2"


def test_a_file_without_any_known_sheet_is_an_unknown_form():
    sheets = (sheet_of("採購清單", "品名|數量"), sheet_of("備忘", name="二"))
    first, second = read_book(Book("a.xlsx", sheets))
    assert [d.code for d in first.doubts] == ["unknown-form", "sheet-not-read"]
    assert [d.code for d in second.doubts] == ["sheet-not-read"]
    assert first.doubts[0].severity is Severity.ERROR


def test_a_file_without_sheets_is_an_unknown_form():
    (reading,) = read_book(Book("a.xlsx", ()))
    assert codes(reading) == ["unknown-form"]


def test_an_irrelevant_sheet_beside_a_known_one_is_only_not_read():
    sheets = (sheet_of("KPI|策略目標", "AC1.1 甲|AC1 乙"), sheet_of("備忘"))
    known, other = read_book(Book("a.xlsx", sheets))
    assert known.form == "scorecard"
    assert codes(other) == ["sheet-not-read"]
    assert other.doubts[0].params == {"form": ""}


def test_a_title_without_headings_is_an_error_at_the_title():
    reading = read("某局 111年平衡計分卡", "AC1 提升|AC1.1 甲率")
    assert (doubt(reading, "no-header").cell, reading.reading) == ("A1", None)


def test_the_year_comes_from_another_sheet_or_from_the_headings():
    table = sheet_of("某中心 111年平衡計分卡", "策略目標|KPI", "AC1 甲|AC1.1 乙")
    plan = sheet_of("某中心策略地圖", "策略主題||A 甲", "策略目標|顧客 C|AC1 甲")
    shown, _ = read_book(Book("a.xlsx", (plan, table)))
    assert (shown.form, shown.reading.year) == ("strategy-map", 2022)
    alone = read("平衡計分卡", HEADINGS, "AC1 甲||AC1.1 乙率|||5|")
    assert alone.reading.year == 2022
    assert doubt(alone, "year-from-headings").params == {"year": "111"}


@pytest.mark.parametrize(
    ("title", "headings", "cell"),
    [
        ("1110年平衡計分卡", "策略目標|KPI|111年目標值", "A1"),
        ("111年平衡計分卡", "策略目標|KPI|999年目標值", "C2"),
    ],
)
def test_an_impossible_year_is_an_error_at_its_cell(title, headings, cell):
    reading = read(title, headings, "AC1 甲|AC1.1 乙|5")
    bad = doubt(reading, "bad-year")
    assert (bad.severity, bad.cell) == (Severity.ERROR, cell)


ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_sheets_lists_every_wording():
    page = squashed((ROOT / "docs" / "sheets.md").read_text("utf-8"))
    assert [word for word in by_word() if word not in page] == []


def test_the_page_of_sheets_lists_every_doubt_with_its_severity():
    page = (ROOT / "docs" / "sheets.md").read_text("utf-8")
    listed = dict(
        re.findall(r"^\| `([a-z-]+)` \| (error|ask|warn|note) ", page, re.MULTILINE)
    )
    sources = (ROOT / "sheets" / "forms").glob("*.py")
    text = " ".join(" ".join(p.read_text("utf-8").split()) for p in sources)
    raised = re.findall(r'Doubt\( ?Severity\.([A-Z]+), "([a-z-]+)"', text)
    assert raised
    assert [pair for pair in raised if listed.get(pair[1]) != pair[0].lower()] == []


def test_the_page_of_sheets_lists_just_the_wordings_there_are():
    page = (ROOT / "docs" / "sheets.md").read_text("utf-8")
    part = page[page.index("## Headings") : page.index("## Rows")]
    listed = sorted(
        word.strip().casefold()
        for row in re.findall(r"^\| `.*?\| (.*) \|$", part, re.MULTILINE)
        for word in row.split(", ")
    )
    assert listed == sorted(
        word.casefold()
        for table in TABLES
        for wording in table
        for word in wording.words
    )


def test_the_page_of_sheets_lists_every_code_with_an_example():
    page = (ROOT / "docs" / "sheets.md").read_text("utf-8")
    rows = [
        row.split(" | ") for row in re.findall(r"^\| (`.*) \|$", page, re.MULTILINE)
    ]
    shown: dict[str, str] = {}
    for cells in rows:
        example = cells[3] if len(cells) > 3 else cells[-1]
        for code in re.findall(r"`([a-z-]+)`", cells[0]):
            shown[code] = example.strip(" |")
    assert sorted(code for code in MESSAGES if not shown.get(code)) == []
