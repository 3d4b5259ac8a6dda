"""Tables of revisions: the published one, and as other offices write them."""

import pytest

from sheets.forms.revised import RevisionReading
from tests.unit.forms_by_hand import codes, read
from tests.unit.forms_published import sheets_of, truth_of

PERSPECTIVES = {"C": "顧客", "P": "內部流程", "L": "學習成長", "F": "財務"}
ITEMS = (
    "110年度E組平衡計分卡修正對照表",
    "項次|修正前|修正後|修正說明",
)


def items(*lines: str) -> RevisionReading:
    return read(*ITEMS, *lines).reading


def test_the_published_table_is_read_as_the_truth_has_it():
    sheet = sheets_of("group-e-110")["修正對照表"]
    reading = sheet.reading
    published = truth_of("group-e-110")["revision"]
    assert (sheet.form, sheet.row_count, sheet.doubts) == ("revision", 20, ())
    assert (reading.title, reading.unit_text, reading.year) == (
        published["title"],
        "E組",
        2021,
    )
    assert [text for text, _ in reading.history] == [
        line["text"] for line in published["history"]
    ]
    counted = {
        (count.perspective, count.noun, count.is_after): count.count
        for count in reading.counts
    }
    assert counted == {
        (row["perspective"] or "", noun, is_after): row[f"{name}_{side}"]
        for row in published["comparison_table"]["rows"]
        for noun, name in (("kpis", "kpi"), ("plans", "plans"))
        for is_after, side in ((False, "before"), (True, "after"))
    }
    assert {(c.cell, c.text, c.delta) for c in reading.counts if c.delta} == {
        ("C10", "6(-1)", -1),
        ("E10", "7(-1)", -1),
        ("C11", "9(-1)", -1),
        ("E11", "16(-1)", -1),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("EP5.1 再列管率", "EP5.2 再列管率", [("EP5.1", "EP5.2")]),
        ("EP2.1 據點開辦數", "(刪除)", [("EP2.1", "")]),
        ("EP2.1 據點開辦數", "—", [("EP2.1", "")]),
        ("EP2.1 據點開辦數", "", [("EP2.1", "")]),
        ("", "EP9.9 新指標(新增)", [("", "EP9.9")]),
        ("無", "EP9.9 新指標", [("", "EP9.9")]),
        ("EC2.1 滿意度", "同左", [("EC2.1", "EC2.1")]),
        (
            "EC1.1 甲率/EC1.2 乙率",
            "EC1.2 甲率/EC1.3 乙率",
            [("EC1.1", "EC1.2"), ("EC1.2", "EC1.3")],
        ),
        # Which of two became the one, no row says.
        ("EC1.1 甲率/EC1.2 乙率", "EC1.2 丙率", []),
    ],
)
def test_a_row_says_what_became_of_what(before: str, after: str, expected: list):
    reading = items(f"1|{before}|{after}|")
    assert [(item.before, item.after) for item in reading.items] == expected
    for item in reading.items:
        assert item.cell == ("C3" if item.after_cell else "B3")
        assert item.noun == "kpis"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("原EP5.1改編號EP5.2", [("EP5.1", "EP5.2")]),
        ("原EP5.1改編號為EP5.2。", [("EP5.1", "EP5.2")]),
        ("原ＥＰ５．１ 改列為 ＥＰ５．２", [("EP5.1", "EP5.2")]),
        ("由 EC1.1.1 調整為 EP5.1.1", [("EC1.1.1", "EP5.1.1")]),
        ("原EC1.1弱勢家庭涵蓋率移列至EP5.1", [("EC1.1", "EP5.1")]),
        ("EC1.2→EC1.1", [("EC1.2", "EC1.1")]),
        ("EP2.1 敬老卡成長率(原EP2.2)", [("EP2.2", "EP2.1")]),
        # A KPI is no objective, and a code no other code's successor by itself.
        ("原EP5改編號EP5.2", []),
        ("原EP5.1刪除", []),
        ("配合EP5.1、EP5.2整併業務", []),
    ],
)
def test_words_that_renumber_a_thing_are_found_in_any_cell(words: str, expected: list):
    reading = items(f"1|EC3.1 關懷訪視率|EC3.1 關懷訪視率|{words}")
    assert [(code.before, code.after) for code in reading.codes] == expected
    assert {code.cell for code in reading.codes} <= {"D3"}


def test_a_former_code_beside_a_name_is_no_part_of_it():
    reading = items("1|EP2.2 搭乘成長率|EP2.1 敬老卡成長率(原EP2.2)|")
    (item,) = reading.items
    assert (item.before, item.after, item.after_name) == (
        "EP2.2",
        "EP2.1",
        "敬老卡成長率",
    )


def test_targets_before_and_after_are_of_the_kpi_of_their_row():
    reading = read(
        "110年度E組目標值修正對照表",
        "關鍵績效指標 (KPI)|110年目標值|",
        "|修訂前|修訂後",
        "EC1.1 特定對象就業媒合率|60%|65%",
        "EC1.2 街友脫遊率||25.2",
    ).reading
    assert (reading.unit_text, reading.year) == ("E組", 2021)
    assert [(t.code, t.is_after, t.text, t.cell) for t in reading.targets] == [
        ("EC1.1", False, "60%", "B4"),
        ("EC1.1", True, "65%", "C4"),
        ("EC1.2", True, "25.2", "C5"),
    ]


def test_a_line_that_says_nothing_of_two_plans_is_told():
    reading = read(*ITEMS, "1|EC3.1 關懷訪視率|同左|", "說明：本表供參。")
    assert "line-ignored" in codes(reading)
