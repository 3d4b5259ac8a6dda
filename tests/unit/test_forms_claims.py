"""Counts that a sheet prints of itself."""

import pytest

from sheets.forms.claims import claims_of
from sheets.grid import Cell, Sheet


def claims(*lines: str) -> list[tuple[str, int, str, str]]:
    """Return noun, count, perspective and cell of the claims of lines, | between cells."""
    rows = {
        row: {
            column: Cell(row, column, text, text, False)
            for column, text in enumerate(line.split("|"), 1)
            if text
        }
        for row, line in enumerate(lines, 1)
    }
    found = claims_of(Sheet("表", rows))
    return [(claim.noun, claim.count, claim.perspective, claim.cell) for claim in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "針對內外部顧客研擬9項策略目標，10項關鍵績效指標",
            [("objectives", 9), ("kpis", 10)],
        ),
        (
            "本構面為核心業務範疇，共計18項策略目標，28項關鍵績效指標",
            [("objectives", 18), ("kpis", 28)],
        ),
        ("等4大策略主題，共計35項策略目標", [("themes", 4), ("objectives", 35)]),
        ("◆ 策略目標：１０項", [("objectives", 10)]),
        ("◆ 關鍵績效指標 (KPI)：19項", [("kpis", 19)]),
        ("KPI共46項、行動方案 65 項", [("kpis", 46), ("plans", 65)]),
        ("本局辦理3項宣導活動", []),
        ("AP2.1.1 推動4項行動計畫", []),
        ("107年平衡計分卡", []),
    ],
)
def test_counts_are_read_from_sentences(line: str, expected: list):
    assert [(noun, count) for noun, count, *_ in claims(line)] == expected


def test_a_count_is_of_the_perspective_it_stands_below():
    assert claims(
        "共計35項策略目標",
        "顧客構面",
        "研擬9項策略目標",
        "107年平衡計分卡-內部流程構面",
        "共計18項策略目標",
    ) == [
        ("objectives", 35, "", "A1"),
        ("objectives", 9, "C", "A3"),
        ("objectives", 18, "P", "A5"),
    ]


def test_a_list_of_perspectives_counts_what_the_line_above_names():
    assert claims(
        "◆ 策略目標：4項", "顧客構面3項；財務構面1項", "KPI：2項", "財務構面2項"
    ) == [
        ("objectives", 4, "", "A1"),
        ("objectives", 3, "C", "A2"),
        ("objectives", 1, "F", "A2"),
        ("kpis", 2, "", "A3"),
        ("kpis", 2, "F", "A4"),
    ]


def test_rows_of_a_table_claim_nothing():
    assert claims("AC1 甲|AC1.1 辦理3項策略目標|AC1.1.1 計畫|2項KPI") == []
