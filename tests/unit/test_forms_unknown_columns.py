"""Columns nobody knows by their headings: asked by what their cells look like."""

import pytest

from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.forms.wordings import Wording
from sheets.grid import Book
from tests.unit.forms_by_hand import codes, doubt, read, sheet_of

TITLE = "某局 111年平衡計分卡"


def asked(heading: str, first: str, second: str, *, title: str = TITLE):
    """Return the doubts of a card with one column under a heading."""
    reading = read(
        title,
        f"策略目標|KPI|110年實際值|{heading}|行動計畫",
        f"AC1 甲|AC1.1 乙|80|{first}|AC1.1.1 計畫",
        f"|AC1.2 丙|81|{second}|AC1.2.1 方案",
    )
    return [d for d in reading.doubts if d.cell == "D2"]


# Heading, two cells, what they look like, and what the column may be.
COLUMNS = [
    ("推估水準", "85", "≥90", "figures", ("actual", "target")),
    ("112推估", "85%", "無實際值", "figures", ("actual", "target")),
    ("所需財源", "1,200,000", "無", "money", ("actual", "budget:budget")),
    ("擔當", "成保組", "兒少組、性保組", "owners", ("kpi_owner", "plan_owner")),
    ("量詞", "%", "人次", "measures", ("measure",)),
    ("好壞", "越高越好", "負向", "directions", ("direction",)),
    ("怎麼算", "(甲÷乙)*100%", "丙數/單位：件", "formulas", ("formula",)),
    ("歸屬", "顧客構面", "財務構面", "perspectives", ("perspective",)),
    ("因素", "AC1 因素", "AC1 又一", "objectives", ("factor",)),
]


@pytest.mark.parametrize(("heading", "first", "second", "kind", "columns"), COLUMNS)
def test_a_column_is_asked_with_what_it_may_be(heading, first, second, kind, columns):
    (told,) = asked(heading, first, second)
    assert (told.severity, told.code) == (Severity.ASK, "unknown-column")
    assert (told.params["heading"], told.params["kind"]) == (heading, kind)
    assert (told.default, told.choices[0]) == ("aside", "aside")
    assert set(columns) <= set(told.choices)
    assert told.choices[1] == columns[0]


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("備註", "如期辦理", "配合辦理"),
        ("項次", "1", "2"),
        ("流水號", "11", "12"),
        ("xyz", "", ""),
        ("說明", "無", "-"),
        # No words are left by which an answer could be kept.
        ("(元)", "5", "7"),
    ],
)
def test_a_column_that_looks_like_nothing_is_noted(heading, first, second):
    (told,) = asked(heading, first, second)
    assert (told.severity, told.code) == (Severity.NOTE, "column-not-read")


def test_a_column_that_the_table_has_already_is_not_offered():
    reading = read(
        TITLE,
        "策略目標|KPI|推估|111年目標值|111年實際值",
        "AC1 甲|AC1.1 乙|80|85|86",
    )
    assert "unknown-column" not in codes(reading)
    (told,) = asked("112推估", "80", "85")
    assert {"target", "actual"} <= set(told.choices)


def test_figures_of_no_year_are_not_offered_as_those_of_one():
    reading = read("社會局平衡計分卡", "策略目標|KPI|推估", "AC1 甲|AC1.1 乙|80")
    assert "unknown-column" not in codes(reading)


def test_points_of_results_are_asked_too():
    reading = read(
        "某局 109年執行成果",
        "KPI|109目標值|109實際值|總得分|新意",
        "AC1.1 乙|80|85|90|88",
        "AC1.2 丙|80|85|90|70",
    )
    told = doubt(reading, "unknown-column")
    assert (told.params["kind"], told.choices[1]) == ("points", "innovation")


def test_an_answer_kept_as_a_wording_is_read_and_asked_no_more():
    sheet = sheet_of(TITLE, "策略目標|KPI|112推估水準", "AC1 甲|AC1.1 乙|85")
    (before,) = read_book(Book("a.xlsx", (sheet,)))
    told = doubt(before, "unknown-column")
    assert before.reading.kpis[0].targets == {}
    assert "target" in told.choices
    more = [Wording("target", ("推估水準",))]
    (after,) = read_book(Book("a.xlsx", (sheet,)), more)
    assert "unknown-column" not in codes(after)
    assert after.reading.kpis[0].targets[2023].value == 85


def test_a_column_without_a_heading_is_told_at_its_first_cell():
    reading = read(TITLE, "策略目標|KPI|111年目標值", "AC1 甲|AC1.1 乙|80|漏了標題")
    told = doubt(reading, "column-not-read")
    assert (told.cell, told.params["text"]) == ("D3", "漏了標題")


def test_headings_printed_again_are_no_cells_of_a_column():
    heading = "策略目標|KPI|擔當"
    reading = read(
        TITLE, heading, "AC1 甲|AC1.1 乙|成保組", heading, "|AC1.2 丙|兒少組"
    )
    assert doubt(reading, "unknown-column").params["kind"] == "owners"
