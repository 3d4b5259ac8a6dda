"""Maps and results as offices might type them."""

import pytest

from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.grid import Book, Sheet
from tests.unit.forms_by_hand import HEADINGS, codes, doubt, read, sheet_of


def test_both_orders_of_theme_and_letter_and_merged_objectives_are_read():
    reading = read(
        "某局 112年策略地圖",
        "使命|為市民服務",
        "策略主題||Ａ 緊急救援|復原輔導 B|預防宣導",
        "策略目標|顧客|AC1甲 AC2乙|BC1丙|CC1丁",
        "|學習成長|TL1戊/TL2己",
        "|財務|BF1庚",
        merges="C5:E5 D6:E6",
    ).reading
    assert reading.mission == "為市民服務"
    assert [(t.code, t.name) for t in reading.themes] == [
        ("A", "緊急救援"),
        ("B", "復原輔導"),
        ("C", "預防宣導"),
    ]
    assert {
        o.code: (o.theme, o.first_theme, o.last_theme) for o in reading.objectives
    } == {
        "AC1": ("A", "A", "A"),
        "AC2": ("A", "A", "A"),
        "BC1": ("B", "B", "B"),
        "CC1": ("C", "C", "C"),
        "TL1": ("", "A", "C"),
        "TL2": ("", "A", "C"),
        # Where it stands is what its cell shows: the code is only a label.
        "BF1": ("A", "A", "A"),
    }


def test_an_objective_of_a_map_with_two_names_is_an_error():
    reading = read(
        "某局 112年策略地圖",
        "策略主題||A 甲|B 乙",
        "策略目標|顧客 C|AC1一|AC1二",
    )
    assert doubt(reading, "duplicate-code").cell == "D3"


RESULTS = "KPI|111目標值|111實際值|目標達成度|創新度|挑戰度|貢獻度|總得分|燈號"


def test_a_results_row_twice_with_other_numbers_is_an_error():
    same = "AC1.1甲率|80|88|110|80|80|80|85|●(良)"
    other = "AC1.1甲率|80|40|50|80|80|80|60|×差"
    assert codes(read("執行成果", RESULTS, same, same), Severity.ERROR) == []
    reading = read("執行成果", RESULTS, same, other)
    assert doubt(reading, "duplicate-code").cell == "A4"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("AC1.1甲率|3.57|2.88|124|", True),
        ("AC1.1甲率|80|88.5|110.6|", False),
        ("AC1.1甲率|5|5|100|", False),
        ("AC1.1甲率|3.4|-1|-29.4|", False),
        ("AC1.1甲率|80|無實際值|100|", False),
        ("AC1.1甲率|80|90|999|", False),
    ],
)
def test_a_reversed_achievement_asks_for_a_negative_direction(line: str, asked: bool):
    reading = read("執行成果", RESULTS, line)
    assert ("direction-negative" in codes(reading)) is asked


def test_an_exemption_stands_in_a_merged_cell_or_in_its_words():
    merged = "AC1.1甲率|80|88|110|本項資料統計中"
    (result,) = read("執行成果", RESULTS, merged, merges="E3:I3").reading.results
    assert (result.exemption, result.light) == ("本項資料統計中", "unknown")
    (result,) = read(
        "執行成果", RESULTS, "AC1.1甲率|80|88|110||||免評核"
    ).reading.results
    assert result.exemption == "免評核"


def test_words_in_place_of_an_actual_are_told_beside_a_target_with_a_number():
    reading = read("執行成果", RESULTS, "AC1.1甲率|80|辦理中|")
    assert doubt(reading, "text-for-number").cell == "C3"


def test_hidden_rows_are_read_and_noted():
    table = sheet_of("平衡計分卡", HEADINGS, "AC1 甲||AC1.1 一率")
    hidden = Sheet(table.name, table.rows, hidden_rows=frozenset({3}))
    (reading,) = read_book(Book("a.xlsx", (hidden,)))
    assert doubt(reading, "hidden-read").params == {"rows": "1", "columns": "0"}


def test_what_is_odd_in_a_cell_is_told_with_the_sheet():
    book = Book(
        "a.xlsx",
        (sheet_of("KPI|策略目標", "AC1.1 甲|AC1 乙"),),
        (("表", "A2", "error-value"),),
    )
    (reading,) = read_book(book)
    odd = doubt(reading, "error-value")
    assert (odd.severity, odd.cell) == (Severity.WARN, "A2")
