"""Names of published sheets, requirement by requirement: told, and kept as printed."""

import pytest

from sheets.forms.readings import Severity
from tests.unit.forms_by_hand import HEADINGS, PLANNED, codes, doubt, read
from tests.unit.forms_published import doubts_of, scorecard_of
from tests.unit.forms_texts import doubts_of as doubts_of_text
from tests.unit.forms_texts import source

CENTRE = ("center-111", "平衡計分卡")

# Requirement, book and sheet, issue, cells.
TOLD = [
    ("S000-24", *CENTRE, "bound-is-maximum", ["I7", "J7"]),
    ("S000-52", *CENTRE, "name-no-measure", ["C13", "C17", "C20", "C22"]),
    ("S000-69", *CENTRE, "plans-alike", ["L11"]),
    ("S001-10", "bureau-107", "平衡計分卡", "plans-in-one", ["C21", "C21", "C35"]),
    ("S001-11", "bureau-107", "平衡計分卡", "plans-alike", ["C30"]),
    ("S003-49", "group-e-109", "平衡計分卡", "plans-in-one", ["E16", "E26", "E8"]),
    ("S003-49", "group-e-110", "平衡計分卡", "plans-in-one", ["E24", "E7"]),
]


@pytest.mark.parametrize(("requirement", "book", "sheet", "code", "cells"), TOLD)
def test_a_name_is_told_at_its_cell(requirement, book, sheet, code, cells):
    assert sorted(cell for cell, _ in doubts_of(book, sheet, code)) == cells


# S000-52: what the formula counts is offered.
def test_a_deed_is_told_with_the_measure_of_its_formula():
    offered = {
        params["code"]: params["offered"]
        for _, params in doubts_of(*CENTRE, "name-no-measure")
    }
    assert offered == {
        "BC3.3": "人次",
        "CC2.1": "組織數",
        "AP2.1": "家數",
        "TL1.1": "比率",
    }


@pytest.mark.parametrize(
    "name", ["提供服務人次", "辦理場次(場)", "提升家庭暴力處理率", "再犯率", "友善環境"]
)
def test_a_name_that_says_what_it_measures_is_no_deed(name: str):
    found = read("111年平衡計分卡", HEADINGS, f"AC1 甲||AC1.1 {name}")
    assert "name-no-measure" not in codes(found)


# S000-24, S000-25, S000-53: only the bound of a share can be its maximum.
@pytest.mark.parametrize(
    ("name", "measure", "target", "count"),
    [
        ("滿意率", "%", "≥100", 1),
        ("滿意率", "%", "≥100%", 1),
        ("滿意率", "%", "100", 0),
        ("滿意率", "%", "≥99.5", 0),
        ("滿意率", "%", "≤100", 0),
        ("使用成長率", "%", "≥100", 0),
        ("合作家數", "家數", "≥100", 0),
    ],
)
def test_a_bound_of_a_whole_share_is_told(name, measure, target, count):
    line = f"AC1 甲||AC1.1 {name}|單位：{measure}||{target}"
    found = read("111年平衡計分卡", HEADINGS, line)
    assert codes(found).count("bound-is-maximum") == count


# S000-69: near-equal plans are told, and never merged.
@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ("臺北市兒少保護跨網絡計畫", "兒少保護跨網絡合作實施計畫", True),
        ("兒少保護跨網絡計畫", "兒少保護跨網絡方案", True),
        ("兒少保護跨網絡計畫", "兒少保護跨網絡計畫。", False),
        ("兒少保護跨網絡計畫第1期", "兒少保護跨網絡計畫第2期", False),
        ("兒少保護跨網絡計畫", "老人福利服務計畫", False),
    ],
)
def test_plans_of_nearly_the_same_name_stay_two(first, second, is_told):
    found = read(
        "111年平衡計分卡",
        PLANNED,
        f"AC1 甲||AC1.1 乙率|||||AC1.1.1 {first}",
        f"||AC1.2 丙率|||||AC1.2.1 {second}",
    )
    assert ("plans-alike" in codes(found)) is is_told
    names = [plan.name for row in found.reading.rows for plan in row.plans]
    assert names == [first, second]
    if is_told:
        told = doubt(found, "plans-alike")
        assert (told.severity, told.cell) == (Severity.NOTE, "H4")


# S003-46: a star wants a line that explains it.
def test_a_star_is_told_unless_a_line_explains_it():
    line = "AC1 甲||AC1.1 風險家庭數(New)*"
    found = read("111年平衡計分卡", HEADINGS, line)
    assert doubt(found, "star-unexplained").cell == "C3"
    explained = read("111年平衡計分卡", HEADINGS, line, "*新增指標")
    assert "star-unexplained" not in codes(explained)


# Requirement, and words that are kept as they are printed, whatever they seem to be.
KEPT = [
    ("S000-16", "結束後追達積極結案"),
    ("S000-16", "處遇業務管單位"),
    ("S000-16", "落實進減率"),
    ("S000-51", "依衛生福利部開結案指標"),
    ("S000-74", "衛生福利部「目睹家庭暴力兒童及少年輔導處遇原則」"),
    ("S000-74", "以預(決)算數計算預算支出達成率"),
]


@pytest.mark.parametrize(("requirement", "words"), KEPT)
def test_words_that_seem_odd_stay_as_they_are_printed(requirement: str, words: str):
    card = scorecard_of("center-111")
    said = [kpi.name + kpi.formula_cell for kpi in card.kpis]
    said += [factor.text for factor in card.factors]
    said += [objective.text for objective in card.objectives]
    said += [plan.text for row in card.rows for plan in row.plans]
    assert any(words in text.replace("\n", "") for text in said)


# S004-17, S004-23: what a text prints beside its tables is listed, line by line.
def test_debris_and_figures_beside_the_tables_are_listed():
    told = doubts_of_text(source("004"), "lines-ignored")
    ranges = [(int(p["first"]), int(p["last"])) for _, p in told]
    lines = source("004").splitlines()
    for words in ("成长工具卡043", "169名", "2,18萬9,197"):
        row = next(n for n, line in enumerate(lines, 1) if words in line)
        assert any(first <= row <= last for first, last in ranges), words
