"""A text is a sheet: lines are rows, tabs and pipes part columns."""

import pytest

from sheets.grid import Book, Limits, Refused, read_workbook

HEADINGS = "策略目標\tKPI\t111年 目標值"
ROW = "AC1 提升服務\tAC1.1 滿意度\t≥99.5"


def book_of(text: str | bytes, name: str = "card.txt", **limits: int) -> Book:
    content = text if isinstance(text, bytes) else text.encode()
    return read_workbook(content, name, Limits(**limits))


def cells_of(text: str | bytes, name: str = "card.txt") -> dict[str, str]:
    (sheet,) = book_of(text, name).sheets
    assert sheet.name == ""
    return {cell.address: cell.text for cell in sheet}


@pytest.mark.parametrize("name", ["card.txt", "card.tsv", "card.md", "貼上的表格.txt"])
def test_a_cell_is_found_by_its_line_and_its_place_in_it(name: str):
    assert cells_of(f"\n111年平衡計分卡\n\n{HEADINGS}\n{ROW}\n", name) == {
        "A2": "111年平衡計分卡",
        "A4": "策略目標",
        "B4": "KPI",
        "C4": "111年 目標值",
        "A5": "AC1 提升服務",
        "B5": "AC1.1 滿意度",
        "C5": "≥99.5",
    }


def test_an_empty_cell_keeps_its_column():
    assert cells_of("\tAC1.2 使用率\t\t無") == {"B1": "AC1.2 使用率", "D1": "無"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding: str, end: str):
    text = f"{HEADINGS}{end}{ROW}{end}"
    if encoding == "cp950":
        text = text.replace("≥", "≧")
    expected = text.split(end)[1].split("\t")
    found = cells_of(text.encode(encoding))
    assert [found[f"{column}2"] for column in "ABC"] == expected


def test_the_last_line_needs_no_line_end():
    assert cells_of(f"{HEADINGS}\n{ROW}") == cells_of(f"{HEADINGS}\n{ROW}\n")


@pytest.mark.parametrize("encoding", ["utf-8", "cp950"])
def test_a_text_cut_in_the_middle_of_a_sign_is_read_up_to_there(encoding: str):
    book = book_of(f"{HEADINGS}\nAC1 提升服務".encode(encoding)[:-1])
    assert book.sheets[0].text(2, 1) == "AC1 提升服"
    assert book.notices == (("", "A2", "text-cut"),)


def test_a_text_that_is_neither_unicode_nor_big5_is_refused():
    with pytest.raises(Refused) as refused:
        book_of("策略目標".encode() * 20 + b"\n\xff\xfe\xff\n" + "策略".encode() * 20)
    assert refused.value.code == "text-encoding"


def test_a_markdown_table_has_its_pipes_for_columns():
    text = (
        "## 臺北市計畫KPI\n"
        "| 策略目標 |      | 計算公式 |\n"
        "|:---|-----|---:|\n"
        "| 1-1  | 安全感 | A\\|B<br>註：每年<br/>一次 |\n"
        "| 1-2 "
    )
    assert cells_of(text) == {
        "A1": "臺北市計畫KPI",
        "A2": "策略目標",
        "C2": "計算公式",
        "A4": "1-1",
        "B4": "安全感",
        "C4": "A|B\n註：每年\n一次",
        "A5": "1-2",
    }


def test_a_markdown_table_may_lack_its_outer_pipes():
    text = "策略目標 | KPI\n--- | ---\nAC1 提升 | AC1.1 率\n\na | b"
    assert cells_of(text) == {
        "A1": "策略目標",
        "B1": "KPI",
        "A3": "AC1 提升",
        "B3": "AC1.1 率",
        "A5": "a | b",
    }


def test_a_cell_copied_from_a_spreadsheet_may_hold_lines_quotes_and_tabs():
    text = 'AC1\t"成保組\n兒少組"\t"他說 ""是"""\n\n"a\tb"\tc\n'
    assert cells_of(text) == {
        "A1": "AC1",
        "B1": "成保組\n兒少組",
        "C1": '他說 "是"',
        "A4": "a\tb",
        "B4": "c",
    }


def test_a_quote_that_is_never_closed_is_a_sign_like_any_other():
    assert cells_of('"是\tb\nc\td') == {"A1": '"是', "B1": "b", "A2": "c", "B2": "d"}


def test_markup_and_marks_stay_as_they_are_printed():
    formula = r"$[\text{件數}/\text{總數}]*100\%$"
    assert cells_of(f"顧客\t<p>EC1個案</p>\t{formula}\n- ** 粗\n_x0041_") == {
        "A1": "顧客",
        "B1": "<p>EC1個案</p>",
        "C1": formula,
        "A2": "- ** 粗",
        "A3": "_x0041_",
    }


def test_control_characters_go_and_pages_end_silently():
    book = book_of("甲\x07乙\n\f\n丙\u202e丁")
    assert [cell.text for cell in book.sheets[0]] == ["甲乙", "丙\u202e丁"]
    assert book.notices == (
        ("", "A1", "control-characters"),
        ("", "A3", "direction-characters"),
    )


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("a\n" * 4, {"rows": 3}, "cell-too-far"),
        ("a\tb\tc", {"columns": 2}, "cell-too-far"),
        ("abcd", {"cell_characters": 3}, "text-too-long"),
        ("a\tb\n" * 3, {"filled_cells": 5}, "too-many-cells"),
        ("abc\n" * 3, {"characters": 8}, "too-much-text"),
    ],
)
def test_a_text_is_held_to_the_limits_of_a_sheet(text: str, limits: dict, code: str):
    with pytest.raises(Refused) as refused:
        book_of(text, **limits)
    assert refused.value.code == code


def test_blank_lines_and_tabs_cost_nothing():
    text = "\n" * 100_000 + "\t" * 1000 + "\n"
    assert book_of(text).sheets[0].row_count == 0


@pytest.mark.parametrize(
    "text",
    ['"\t' * 20_000, '"a\n' * 9_999, "|" * 150 + "\n" + "|-" * 5000, "\t\n" * 9_999],
)
def test_odd_texts_are_read_or_refused(text: str):
    try:
        book = book_of(text)
    except Refused as refused:
        assert refused.code in {"cell-too-far", "text-too-long"}
    else:
        assert len(book.sheets) == 1


def test_a_text_by_commas_has_them_for_columns_and_sentences_have_not():
    found = cells_of("社會局 111年平衡計分卡\n策略目標,KPI,目標值\nAC1 甲,AC1.1 乙,80")
    assert (found["A1"], found["C2"], found["C3"]) == (
        "社會局 111年平衡計分卡",
        "目標值",
        "80",
    )
    sentence = "一, 二, 三, 四"
    assert cells_of(f"{sentence}\n他說\n她說\n再說") == {
        "A1": sentence,
        "A2": "他說",
        "A3": "她說",
        "A4": "再說",
    }
