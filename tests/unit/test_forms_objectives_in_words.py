"""Objectives without codes: which code they get is asked, and nothing is lost."""

import pytest

from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.grid import Book
from tests.unit.forms_by_hand import codes, read, sheet_of

TITLE = "某局 111年平衡計分卡"
HEADINGS = "構面|策略目標|KPI|111年目標值"
MAP = (
    "某局 111年策略地圖",
    "策略主題||A 甲|B 乙",
    "策略目標|顧客 C|AC1 提升服務|BC1 擴大參與",
    "|財務 F|AF1 提升服務|BF1 節流",
)


def asked(reading) -> list[tuple]:
    """Return cell, code and reason of each question about an objective's code."""
    return [
        (d.cell, d.default, d.params["by"])
        for d in reading.doubts
        if d.code == "objective-code" and d.severity is Severity.ASK
    ]


def objectives(reading) -> list[tuple]:
    return [(o.code, o.name, o.perspective) for o in reading.reading.objectives]


def test_an_objective_takes_the_code_of_the_kpi_beside_it():
    found = read(
        TITLE,
        HEADINGS,
        "顧客|提升服務|AC1.1 滿意度|80",
        "顧客|提升服務|AC1.2 完成率|81",
        "財務|提升服務|AF1.1 執行率|82",
    )
    assert asked(found) == [("B3", "AC1", "kpi"), ("B5", "AF1", "kpi")]
    assert objectives(found) == [("AC1", "提升服務", "C"), ("AF1", "提升服務", "F")]
    assert [k.objective for k in found.reading.kpis] == ["AC1", "AC1", "AF1"]


def test_a_card_without_any_code_counts_by_perspective():
    found = read(
        TITLE,
        HEADINGS,
        "顧客|提升服務|滿意度|80",
        "||完成率|81",
        "|擴大參與|參與率|82",
        "財務|提升服務|執行率|83",
        "|提升服務|節約率|84",
    )
    assert asked(found) == [
        ("B3", "TC1", "number"),
        ("B5", "TC2", "number"),
        ("B6", "TF1", "number"),
    ]
    assert [(k.code, k.name) for k in found.reading.kpis] == [
        ("TC1.1", "滿意度"),
        ("TC1.2", "完成率"),
        ("TC2.1", "參與率"),
        ("TF1.1", "執行率"),
        ("TF1.2", "節約率"),
    ]
    assert codes(found, Severity.ERROR) == []


def test_a_card_of_one_theme_goes_on_with_its_letter():
    found = read(TITLE, HEADINGS, "顧客|EC1 甲|EC1.1 乙率|80", "|丙|丁率|81")
    assert asked(found) == [("B4", "EC2", "number")]


def test_a_card_without_perspectives_counts_by_numbers():
    found = read(TITLE, "策略目標|KPI|111年目標值", "提升服務|滿意度|80", "便民|時效|9")
    assert objectives(found) == [("1-1", "提升服務", ""), ("1-2", "便民", "")]
    assert [k.code for k in found.reading.kpis] == ["1-1-1", "1-2-1"]


@pytest.mark.parametrize("is_map_first", [True, False])
def test_the_map_of_a_file_tells_the_code_of_a_name(is_map_first: bool):
    table = sheet_of(
        TITLE,
        HEADINGS,
        "顧客|擴大參與|參與率|80",
        "財務|提升服務|執行率|81",
        "|開源|收入|82",
        name="表",
    )
    sheets = (sheet_of(*MAP, name="地圖"), table)
    book = Book("a.xlsx", sheets if is_map_first else sheets[::-1])
    found = next(s for s in read_book(book) if s.form == "scorecard")
    # A name that stands in two perspectives is that of its own.
    assert asked(found) == [
        ("B3", "BC1", "map"),
        ("B4", "AF1", "map"),
        ("B5", "TF1", "number"),
    ]


def test_a_map_without_codes_counts_by_theme_and_perspective():
    found = read(
        "某局 111年策略地圖",
        "策略主題||A 甲|B 乙",
        "策略目標|顧客 C|提升服務/便民|擴大參與",
        "|財務 F|提升服務|節流",
    )
    assert objectives(found) == [
        ("AC1", "提升服務", "C"),
        ("AC2", "便民", "C"),
        ("BC1", "擴大參與", "C"),
        ("AF1", "提升服務", "F"),
        ("BF1", "節流", "F"),
    ]
    assert len(asked(found)) == 5
    assert {o.theme for o in found.reading.objectives} == {"A", "B"}


def test_words_on_a_map_with_codes_are_told_and_not_read():
    found = read(*MAP[:3], "|財務 F|AF1 提升服務|節流")
    assert "no-code" in codes(found)
    assert [o.code for o in found.reading.objectives] == ["AC1", "BC1", "AF1"]


def test_a_line_of_two_cells_in_words_is_no_objective():
    found = read(
        TITLE, "策略目標|KPI|111年目標值", "AC1 甲|AC1.1 乙|80", "填表人|王小明"
    )
    assert [k.code for k in found.reading.kpis] == ["AC1.1"]
    assert "objective-code" not in codes(found)
