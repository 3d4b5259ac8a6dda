"""Texts as forms: pages, titles, wraps, lists and maps, and nothing guessed."""

import pytest

from sheets.cells import unwrapped, without_markup
from sheets.forms.readings import MapReading, ResultsReading
from tests.unit.forms_texts import CARD, card_of, doubts_of, readings_of, sheets_of

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
