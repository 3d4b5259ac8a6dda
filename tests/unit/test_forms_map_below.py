"""A strategy map that stands below a scorecard, in the same sheet."""

import pytest

from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.grid import Book
from tests.unit.forms_by_hand import codes, read, sheet_of

CARD = (
    "臺北市政府社會局112年度平衡計分卡",
    "策略目標|KPI|112年目標值",
    "AC1 甲目標|AC1.1 甲率|85",
    "AC2 乙目標|AC2.1 乙率|90",
)
MAP = (
    "臺北市政府社會局112年度策略地圖",
    "策略主題|A 打造",
    "顧客 C|AC1 甲目標/AC2 乙目標",
    "內部流程 P|AP1 戊目標",
)


@pytest.mark.parametrize(
    "lines",
    [
        (*CARD, "", *MAP),
        (*CARD, *MAP),
        (*CARD, "", MAP[0], "使命|安居", "願景|宜居", *MAP[1:]),
    ],
    ids=["below a blank row", "right below", "with mission and vision"],
)
def test_a_map_below_a_scorecard_is_read_and_ends_the_scorecard(lines: tuple):
    shown, card = read_book(Book("a.xlsx", (sheet_of(*lines),)))
    assert (shown.form, shown.reading.title) == ("strategy-map", MAP[0])
    assert [o.code for o in shown.reading.objectives] == ["AC1", "AC2", "AP1"]
    assert (card.form, card.reading.title) == ("scorecard", CARD[0])
    assert [k.code for k in card.reading.kpis] == ["AC1.1", "AC2.1"]
    assert codes(card, Severity.ERROR) == codes(card, Severity.ASK) == []


def test_mission_and_vision_above_the_themes_are_the_maps():
    shown, _ = read_book(
        Book("a.xlsx", (sheet_of(*CARD, MAP[0], "使命|安居", "願景|宜居", *MAP[1:]),))
    )
    assert (shown.reading.mission, shown.reading.vision) == ("安居", "宜居")


def test_a_line_that_names_a_theme_among_kpis_begins_no_map():
    reading = read(*CARD[:3], "策略主題|A 打造", "顧客構面", CARD[3])
    assert reading.form == "scorecard"
    assert [k.code for k in reading.reading.kpis] == ["AC1.1", "AC2.1"]
