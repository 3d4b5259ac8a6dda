"""Slips of published sheets, requirement by requirement: told, and never corrected."""

import pytest

from tests.unit.forms_by_hand import HEADINGS, codes, doubt, read
from tests.unit.forms_published import doubts_of, scorecard_of

# S000-15, S000-44, S000-49, S004-11 to S004-13, S004-16: slips that are told.
SUSPICIONS = [
    ("center-111", "平衡計分卡", "middle-dot", ["B14", "B16", "B17", "C17"]),
    ("center-111", "平衡計分卡", "subtraction-without-brackets", ["D10"]),
    ("center-111", "平衡計分卡", "unit-mismatch", ["D14", "D16", "D17"]),
    (
        "safety-net-107",
        "KPI",
        "unit-mismatch",
        ["E10", "E17", "E18", "E19", "E20", "E21", "E23"],
    ),
]


@pytest.mark.parametrize(("book", "sheet", "code", "cells"), SUSPICIONS)
def test_slips_of_the_published_sheets_are_told_at_their_cells(
    book: str, sheet: str, code: str, cells: list
):
    assert sorted(cell for cell, _ in doubts_of(book, sheet, code)) == cells


def test_a_dot_is_told_with_the_comma_it_may_be():
    found = read("111年平衡計分卡", HEADINGS, "AC1 甲|AC1 工作坊·落實|AC1.1 乙率")
    assert doubt(found, "middle-dot").params == {
        "text": "工作坊·落實",
        "offered": "工作坊，落實",
    }


def test_a_dot_that_parts_no_words_is_no_slip():
    found = read("111年平衡計分卡", HEADINGS, "AC1 甲||AC1.1 A·B率")
    assert "middle-dot" not in codes(found)


@pytest.mark.parametrize(
    "formula", ["(甲-乙)/甲*100%", "甲/乙*100%", "甲/(乙-丙)", "1-6月件數/7-12月件數"]
)
def test_a_subtraction_that_says_what_it_means_is_no_slip(formula: str):
    found = read("111年平衡計分卡", HEADINGS, f"AC1 甲||AC1.1 乙率|{formula}")
    assert "subtraction-without-brackets" not in codes(found)


# S000-65, S000-66, S000-67, S000-68: what the published card says about its plans.
def test_the_plans_of_the_centre_are_told_as_they_disagree():
    def told(code: str) -> list[dict]:
        return [params for _, params in doubts_of("center-111", "平衡計分卡", code)]

    assert sorted((p["code"], p["kpi"]) for p in told("code-mismatch")) == [
        ("AP2.1.1", "AP1.1"),
        ("BC1.1.2", "BC1.2"),
        ("BC1.1.3", "BC1.3"),
        ("BC4.1.2", "BC4.2"),
        ("BP2.1.1", "BC2.1"),
    ]
    assert [params["code"] for params in told("code-reused")] == ["AP2.1.1"]
    assert [params["code"] for params in told("no-plan")] == ["BC3.2"]
    rows = scorecard_of("center-111").rows
    kinds = [money.kind for row in rows for money in row.budgets]
    assert (kinds.count("none"), kinds.count("blank")) == (18, 0)
