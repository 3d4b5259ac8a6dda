"""Texts as forms: pages, titles, wraps, lists and maps, and nothing guessed."""

import random
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from sheets.cells import unwrapped, without_markup
from sheets.forms import read_book
from sheets.forms.readings import (
    MapReading,
    Reading,
    ResultsReading,
    ScorecardReading,
    SheetReading,
)
from sheets.grid import Sheet, position, read_workbook

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests" / "truth" / "sources"
WORKBOOKS = (
    "city-109",
    "city-110",
    "group-e-109",
    "group-e-110",
    "bureau-107",
    "center-111",
    "safety-net-107",
)
CARD = "策略目標\tKPI\t111年目標值\t行動計畫"


def source(number: str) -> str:
    return next(SOURCES.glob(f"{number}_*.txt")).read_text("utf-8")


def sheets_of(text: str | bytes) -> tuple[SheetReading, ...]:
    content = text if isinstance(text, bytes) else text.encode()
    return read_book(read_workbook(content, "a.txt"))


@cache
def sheets_of_workbook(name: str) -> tuple[SheetReading, ...]:
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    return read_book(read_workbook(path, path.name))


def readings_of(text: str | bytes) -> list[Reading]:
    return [sheet.reading for sheet in sheets_of(text) if sheet.reading is not None]


def card_of(text: str) -> ScorecardReading:
    (card,) = (r for r in readings_of(text) if isinstance(r, ScorecardReading))
    return card


def doubts_of(text: str, code: str) -> list[tuple[str | None, dict]]:
    return [
        (doubt.cell, doubt.params)
        for sheet in sheets_of(text)
        for doubt in sheet.doubts
        if doubt.code == code
    ]


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


# Pages and titles


def page(title: str, code: str) -> str:
    return f"{title}\n\n{CARD}\n{code} 甲\t{code}.1 乙\t80\t{code}.1.1 丙\n\n"


def test_pages_under_one_title_are_one_table():
    text = "社會局\n" + "".join(
        page(f"{number} 111年平衡計分卡-{label}", code)
        for number, label, code in (
            (1, "顧客構面", "AC1"),
            (2, "顧客構面", "AC2"),
            (3, "內部流程構面", "AP1"),
        )
    )
    card = card_of(text)
    assert card.title == "社會局 111年平衡計分卡"
    assert [(o.code, o.perspective) for o in card.objectives] == [
        ("AC1", "C"),
        ("AC2", "C"),
        ("AP1", "P"),
    ]
    assert [kpi.cell for kpi in card.kpis] == ["B5", "B10", "B15"]


def test_two_cards_of_one_text_stay_two():
    text = page("社會局 110年平衡計分卡", "AC1") + page("社會局 111年平衡計分卡", "AC2")
    found = [(r.year, [k.code for k in r.kpis]) for r in readings_of(text)]
    assert found == [(2021, ["AC1.1"]), (2022, ["AC2.1"])]


def test_a_card_printed_twice_is_one_card_unless_it_contradicts_itself():
    twice = page("社會局 111年平衡計分卡", "AC1") * 2
    assert [k.code for k in card_of(twice).kpis] == ["AC1.1"]
    assert not doubts_of(twice, "duplicate-code")
    other = twice[::-1].replace("08", "09", 1)[::-1]
    assert [cell for cell, _ in doubts_of(other, "duplicate-code")] == ["B9"]


def test_a_column_that_moved_on_a_later_page_is_still_that_column():
    text = (
        "社會局 111年平衡計分卡\n"
        f"{CARD}\nAC1 甲\tAC1.1 乙\t80\tAC1.1.1 丙\n\n"
        "策略目標\tKPI\t行動計畫\t111年目標值\nAC2 丁\tAC2.1 戊\tAC2.1.1 己\t90"
    )
    card = card_of(text)
    assert [kpi.targets[2022].text for kpi in card.kpis] == ["80", "90"]
    assert [row.plans[0].code for row in card.rows] == ["AC1.1.1", "AC2.1.1"]


def test_a_line_between_a_table_and_its_headings_is_no_row():
    text = (
        f"社會局 111年平衡計分卡\n{CARD}\nAC1 甲\tAC1.1 乙\t80\tAC1.1.1 丙\n\n第 1 頁\n"
    )
    assert [cell for cell, _ in doubts_of(text, "lines-ignored")] == ["A5"]


# Wraps


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("提升家庭 暴力被害 人", "提升家庭暴力被害人"),
        ("AC1 提升家庭 暴力", "AC1 提升家庭暴力"),
        ("BC4.2家暴高危 機案件 6 歲以下", "BC4.2家暴高危機案件6歲以下"),
        ("執行人數 / 處遇計畫人數-因 故", "執行人數 / 處遇計畫人數-因故"),
        ("件數/ 通報件 數)*100%", "件數/通報件數)*100%"),
        ("件數) *100", "件數)*100"),
        ("88 (109年 7-12月)", "88 (109年7-12月)"),
    ],
)
def test_a_wrap_leaves_a_space_only_where_one_is_meant(printed: str, meant: str):
    assert unwrapped(printed) == meant


WRAPPED = (
    "社會局 111年平衡計分卡\n策略目標\tKPI\t110年 實際值\tKPI 主責科室\n"
    "AC1 提升 服務\tAC1.1 滿 意度\t{}\t成保組 兒少組"
)


def test_spaces_are_taken_for_wraps_where_a_known_word_is_broken():
    (kpi,) = card_of(WRAPPED.format("無實 際值")).kpis
    assert (kpi.name, kpi.owners) == ("滿意度", ("成保組", "兒少組"))
    assert kpi.actuals[2021].absence == "not-measured"
    assert kpi.actuals[2021].text == "無實際值"


def test_spaces_stay_where_nothing_says_that_they_are_wraps():
    (kpi,) = card_of(WRAPPED.format("無實際值")).kpis
    assert kpi.name == "滿 意度"


# Rows, lists and maps that are not whole


def test_a_broken_row_that_lacks_a_cell_is_told_and_not_guessed():
    headings = "KPI\n\n109目標值\n\n109實際值\n\n目標達成度\n\n"
    text = (
        f"社會局 109年執行成果\n\n{headings}AC1.1甲\n\n80\n\n90\n\n112.5\n\n"
        "AC1.2乙\n\n80\n\n112.5\n\nAC1.3丙\n\n80\n\n80\n\n100\n"
    )
    (results,) = readings_of(text)
    assert isinstance(results, ResultsReading)
    assert [row.code for row in results.results] == ["AC1.1", "AC1.3"]
    assert doubts_of(text, "row-incomplete") == [
        ("A19", {"text": "AC1.2乙", "found": "3", "expected": "4"})
    ]


LIST = (
    "109年社會局平衡計分卡\n\t關聯圖\tKSF\tKPI\t行動計畫\n"
    "顧客構面\t\t<p>AC1甲 AC9乙</p>\t<p>AC1.1丙 AC2.1丁</p>\t"
    "<p>AC1.1.1戊 AC3.1.1己</p>\n"
)
MAP = "109年社會局策略地圖\n策略主題\t溫暖 A\n策略目標\t顧客 C\tAC1安心 AC2安全\n\n"


def test_a_list_without_a_map_has_no_objectives_to_stand_under():
    told = doubts_of(LIST, "no-objective")
    assert [(cell, params["code"]) for cell, params in told] == [
        ("D3", "AC1.1"),
        ("D3", "AC2.1"),
    ]


def test_a_list_takes_its_objectives_from_the_map_and_tells_what_fits_nowhere():
    card = card_of(MAP + LIST)
    assert [(o.code, o.name) for o in card.objectives] == [
        ("AC1", "安心"),
        ("AC2", "安全"),
    ]
    assert [(f.code, f.objective) for f in card.factors] == [("AC1", "AC1")]
    lost = [*doubts_of(MAP + LIST, "no-code"), *doubts_of(MAP + LIST, "no-kpi")]
    assert [(cell, params["text"]) for cell, params in lost] == [
        ("C7", "AC9乙"),
        ("E7", "AC3.1.1己"),
    ]


def test_a_list_takes_no_objective_from_the_map_of_another_year():
    other = MAP.replace("109年", "108年") + LIST
    assert len(doubts_of(other, "no-objective")) == 2


def test_a_map_printed_twice_is_one_map():
    (shown,) = readings_of(MAP + MAP)
    assert isinstance(shown, MapReading)
    assert [cell for cell, _ in doubts_of(MAP + MAP, "lines-ignored")] == ["A6"]


def test_a_year_beside_the_cover_counts_only_where_no_title_names_one():
    cover = "日期：110 年 5 月 1 日\n甲\n乙\n丙\n丁\n戊\n己\n"
    assert not doubts_of(cover + MAP, "year-from-line")
    without = cover + MAP.replace("109年", "")
    assert [cell for cell, _ in doubts_of(without, "year-from-line")] == ["A1"]


def test_themes_stand_over_their_objectives_though_a_label_takes_two_columns():
    (shown,) = readings_of(MAP)
    assert isinstance(shown, MapReading)
    assert [(t.code, t.name, t.cell) for t in shown.themes] == [("A", "溫暖", "B2")]
    assert {o.theme for o in shown.objectives} == {"A"}


def test_a_text_without_any_form_is_refused_as_unknown():
    for text in ("今天開會", "甲\t乙\n丙\t丁", "111年平衡計分卡\n請見附件"):
        codes = [d.code for s in sheets_of(text) for d in s.doubts if d.default is None]
        assert {"unknown-form", "no-header"} & set(codes), text


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("<p>EC1個案</p><p>EC2品質</p>", "EC1個案\nEC2品質"),
        ("甲<br/>乙", "甲\n乙"),
        (r"$\frac{甲}{乙}\times100\%$", "(甲)/(乙)×100%"),
        ("**25.6%**", "25.6%"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<5", "<5"),
        ("≥80 < 90", "≥80 < 90"),
    ],
)
def test_markup_is_read_as_what_it_shows(printed: str, shown: str):
    assert without_markup(printed) == shown


# Workbooks, sheet by sheet, as a spreadsheet program copies them


def copied(sheet: Sheet) -> str:
    """Return the cells of a sheet as they are copied: tabs, and quotes around lines."""
    lines = []
    for row in range(1, sheet.row_count + 1):
        texts = list(sheet.row_texts(row))
        quoted = [
            '"' + text.replace('"', '""') + '"' if "\n" in text or '"' in text else text
            for text in texts
        ]
        lines.append("\t".join(quoted))
    return "\n".join(lines)


def without_places(value: object) -> object:
    """Return a reading as plain values, less the addresses of its cells."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: without_places(getattr(value, item.name))
            for item in fields(value)
            if item.name not in ("cell", "cells", "owners_cell")
        }
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [without_places(each) for each in value]
    return value


SHEETS = [
    (name, sheet.name)
    for name, sheets in ((name, sheets_of_workbook(name)) for name in WORKBOOKS)
    for sheet in sheets
    if sheet.reading is not None
]


@pytest.mark.parametrize(("name", "sheet_name"), SHEETS)
def test_a_sheet_that_is_pasted_says_what_the_workbook_says(name: str, sheet_name: str):
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    sheet = read_workbook(path, path.name).sheet(sheet_name)
    assert sheet is not None
    (found,) = readings_of(copied(sheet))
    (expected,) = (
        each.reading for each in sheets_of_workbook(name) if each.name == sheet_name
    )
    assert expected is not None
    if found.year is None:
        # A year that only another sheet of the workbook names.
        expected = replace(expected, year=None)
    assert without_places(found) == without_places(expected)
