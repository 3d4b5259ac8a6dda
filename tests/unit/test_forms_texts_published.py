"""The published texts as forms, however they were saved."""

import random

import pytest

from sheets.forms import read_book
from sheets.forms.readings import MapReading, ResultsReading, ScorecardReading
from sheets.grid import position, read_workbook
from tests.unit.forms_texts import (
    CARD,
    card_of,
    doubts_of,
    readings_of,
    sheets_of,
    source,
)

# What the published texts show


def test_the_counts_of_the_centre_are_those_of_its_text():
    shown, card = readings_of(source("000"))
    assert isinstance(shown, MapReading)
    assert isinstance(card, ScorecardReading)
    by_letter = [o.perspective for o in shown.objectives]
    assert [by_letter.count(letter) for letter in "CPLF"] == [9, 2, 3, 1]
    assert len(card.factors) == 17
    assert [[k.perspective for k in card.kpis].count(c) for c in "CPLF"] == [
        14,
        2,
        3,
        1,
    ]
    plans = [plan.code for row in card.rows for plan in row.plans]
    assert (len(plans), len(set(plans))) == (22, 21)


def test_values_are_split_and_the_vision_is_one_sentence():
    shown = readings_of(source("000"))[0]
    assert isinstance(shown, MapReading)
    assert shown.vision == "創造安全尊重的環境 減少家庭暴力及性別暴力發生"
    assert shown.core_values == ("團隊合作", "同理接納", "尊重信任", "積極回應")


def test_a_slide_show_lists_the_lines_it_ignores():
    ignored = doubts_of(source("001"), "lines-ignored")
    assert ignored[-1] == (
        "A242",
        {
            "first": "242",
            "last": "245",
            "count": "4",
            "text": "**THANKS / FOR / YOUR / WATCHING**",
        },
    )
    text = " ".join(params["text"] for _, params in ignored)
    assert "K / P / I" in text
    assert "- A** 打造友善生養城市" in text


def test_numbers_in_names_are_no_targets_and_brackets_stay_in_names():
    card = card_of(source("001"))
    names = {kpi.code: kpi.name for kpi in card.kpis}
    assert names["DC1.1"] == "公共住宅特殊身分30%保障戶入住率"
    assert names["BP3.1"] == "家庭暴力高危機案件解列後再列管率(年度)"
    assert names["DP3.1"] == "科技創新聰明防救災—與民間組織或廠商簽訂協議家數"
    assert all(not kpi.targets for kpi in card.kpis)


def test_a_code_before_a_number_ends_at_the_space():
    card = card_of(source("001"))
    plans = {plan.code: plan.name for row in card.rows for plan in row.plans}
    assert plans["BP2.1.1"].startswith("12區社會福利服務中心直接服務")
    assert plans["AF1.1.1"] == "以預(決)算數計算預算支出達成率（含基金）"
    glued = source("001").replace("BP2.1.1 12區", "BP2.1.112區")
    assert [cell for cell, _ in doubts_of(glued, "code-glued")] == ["C178"]


def test_two_kpis_of_one_row_have_their_own_plans():
    card = card_of(source("001"))
    rows = {row.kpi: [plan.code for plan in row.plans] for row in card.rows}
    assert rows["BC2.1"] == ["BC2.1.1"]
    assert rows["BC2.2"] == ["BC2.2.1"]
    assert [k.objective for k in card.kpis if k.code == "AP2.2"] == ["AP2"]


def test_a_row_printed_one_cell_a_line_is_joined_by_position():
    (results,) = (
        r for r in readings_of(source("003")) if isinstance(r, ResultsReading)
    )
    row = next(row for row in results.results if row.code == "EC2.1")
    assert [str(n) for n in (row.achievement, row.innovation, row.total)] == [
        "100.2",
        "82",
        "88.9",
    ]
    assert (row.cells["actual"], row.cells["light"]) == ("A294", "A307")


def test_latex_is_shown_readable_and_kept_in_the_note():
    told = doubts_of(source("004"), "markup-read")
    assert [cell for cell, _ in told] == ["E875", "E876"]
    assert told[1][1] == {
        "printed": r"$[\text{年度全般刑案破獲數}/\text{年度全般刑案發生數}]*100\%$",
        "text": "[年度全般刑案破獲數/年度全般刑案發生數]*100%",
    }


def test_the_year_of_a_cover_is_asked():
    (ask,) = (
        doubt
        for sheet in sheets_of(source("004"))
        for doubt in sheet.doubts
        if doubt.code == "year-from-line"
    )
    assert (ask.severity, ask.cell, ask.default) == ("ask", "A10", "107")


# However the text was saved


@pytest.mark.parametrize("number", ["000", "001", "003", "004"])
def test_line_ends_marks_and_a_missing_last_end_change_nothing(number: str):
    text = source(number)
    expected = sheets_of(text)
    for other in (
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.rstrip("\n").encode(),
    ):
        assert sheets_of(other) == expected


def test_big5_gives_the_same_readings():
    # Signs that Big5 does not have are none of this text's.
    text = source("001").replace("\u2011", "-").replace("\xa0", " ")
    assert sheets_of(text.encode("cp950")) == sheets_of(text)


@pytest.mark.slow
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_text_cut_anywhere_is_read_as_far_as_it_goes(number: str):
    content = source(number).encode()
    whole = {o.code for r in readings_of(content) for o in getattr(r, "objectives", ())}
    for length in range(97, len(content), len(content) // 23):
        found = sheets_of(content[:length])
        assert found
        for sheet in found:
            codes = {o.code for o in getattr(sheet.reading, "objectives", ())}
            assert codes <= whole


BITS = ("\t", "|", "\n", "KPI", "策略主題", CARD, "109年平衡計分卡", "<br>", '"', "F1")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_a_mangled_text_is_read_and_its_doubts_name_lines_it_has(seed: int):
    chance = random.Random(seed)
    text = source(f"00{seed % 5}")
    for _ in range(4):
        first, last = sorted(chance.sample(range(len(text)), 2))
        last = min(last, first + 300)
        middle = (chance.choice(BITS), text[first:last] * 2, "")
        text = text[:first] + chance.choice(middle) + text[last:]
    book = read_workbook(text.encode(), "a.txt")
    for sheet in read_book(book):
        for doubt in sheet.doubts:
            assert not doubt.cell or position(doubt.cell)[0] in book.sheets[0].rows


def test_a_table_pasted_alone_takes_its_title_and_no_other():
    text = f"社會局 111年平衡計分卡\n{CARD}\n顧客構面\nAC1 甲\tAC1.1 乙\t80\tAC1.1.1 丙"
    card = card_of(text)
    assert (card.title, card.unit_text, card.year) == (
        "社會局 111年平衡計分卡",
        "社會局",
        2022,
    )
    assert [(k.code, k.perspective) for k in card.kpis] == [("AC1.1", "C")]
