"""Cells as a person sees them: values, displayed texts, merges, what is hidden."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.grid import (
    Book,
    Cell,
    Merge,
    Refused,
    Sheet,
    address,
    from_bytes,
    has_unsafe_characters,
    position,
    read_workbook,
    to_bytes,
)
from tests.unit import hostile

ROOT = Path(__file__).resolve().parent.parent.parent
WORKBOOKS = sorted((ROOT / "fixtures" / "workbooks").glob("*.xlsx"))
TRUTH = ROOT / "tests" / "truth"


def book_of(name: str) -> Book:
    return read_workbook(ROOT / "fixtures" / "workbooks" / f"{name}.xlsx", name)


def truth_of(name: str) -> dict:
    return json.loads((TRUTH / f"{name}.json").read_text())


def sheet_of(rows: str, before: str = "", after: str = "", **parts: str) -> Sheet:
    content = hostile.workbook(sheet=hostile.sheet(rows, before, after), **parts)
    return read_workbook(content, "made.xlsx").sheets[0]


def inline(reference: str, text: str, more: str = "") -> str:
    inside = f'<is><t xml:space="preserve">{text}</t></is>'
    return hostile.one_cell(reference, inside, f' t="inlineStr"{more}')


def test_all_eight_workbooks_are_here():
    assert len(WORKBOOKS) == 8


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_published_workbook_reads_as_another_reader_reads_it(path: Path):
    book = read_workbook(path, path.name)
    other = openpyxl.load_workbook(path)
    assert [sheet.name for sheet in book.sheets] == other.sheetnames
    assert book.notices == ()
    for sheet, seen in zip(book.sheets, other, strict=True):
        cells = [cell for row in seen.iter_rows() for cell in row]
        stored = {
            (cell.row, cell.column): cell.value
            for cell in cells
            if cell.value is not None
        }
        assert stored.keys() == {(cell.row, cell.column) for cell in sheet}
        for cell in sheet:
            value = stored[cell.row, cell.column]
            is_number = not isinstance(value, str)
            assert cell.is_number == is_number
            assert cell.value == (Decimal(str(value)) if is_number else value)
            assert is_number or cell.text == value
        assert {
            (m.first_row, m.first_column, m.last_row, m.last_column)
            for m in sheet.merges
        } == {
            (area.min_row, area.min_col, area.max_row, area.max_col)
            for area in seen.merged_cells.ranges
        }


def test_the_centre_prints_its_numbers_as_published():
    sheet = book_of("center-111").sheets[1]
    truth = truth_of("center-111")
    rows = {sheet.text(row, 3): row for row in range(1, sheet.row_count + 1)}
    for kpi in truth["kpis"]:
        row = rows[kpi["text_published"]]
        years = [*kpi["actuals"].values(), *kpi["targets"].values()]
        assert sheet.row_texts(row)[4:10] == tuple(year["text"] for year in years)
    budgets = [
        row["budgets"][year]["text"]
        for row in truth["table_rows"]
        for year in ("111", "112")
    ]
    shown = [
        sheet.text(rows[kpi["text_published"]], column)
        for kpi in truth["kpis"]
        for column in (13, 14)
    ]
    assert shown == budgets
    assert {"91.60", "60.0", "1900,000", "88 (109年7-12月)", "803,500"} <= {
        cell.text for cell in sheet
    }


def test_the_results_of_109_print_as_published():
    sheet = book_of("group-e-109").sheets[1]
    published = [tuple(row) for row in truth_of("group-e-109")["results_table"]["rows"]]
    shown = [sheet.row_texts(row) for row in range(3, sheet.row_count + 1)]
    assert shown == published


def test_staffing_prints_as_persons():
    sheet = book_of("safety-net-107").sheets[1]
    shown = {cell.text for cell in sheet}
    for row in truth_of("safety-net-107")["staffing"]["rows"]:
        assert {year["text"] for year in row["years"].values()} <= shown


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("91.600000000000001", "91.6"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1900000", "1900000"),
        ("1.9E6", "1900000"),
        ("5.0", "5"),
        ("-0", "0"),
        ("1E-7", "1E-7"),
        ("7.50", "7.5"),
    ],
)
def test_a_number_is_kept_by_its_shortest_text(stored: str, value: str):
    cell = sheet_of(hostile.one_cell("A1", f"<v>{stored}</v>")).cell(1, 1)
    assert cell is not None
    assert str(cell.value) == value


@pytest.mark.parametrize(
    "stored", ["nan", "inf", "1_000", "１２", "abc", "1e", ".", "0x1F"]
)
def test_what_is_no_number_is_not_read_as_one(stored: str):
    with pytest.raises(Refused, match="file-broken"):
        sheet_of(hostile.one_cell("A1", f"<v>{stored}</v>"))


def test_what_cells_can_hold_is_told_apart():
    rows = (
        '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#DIV/0!</v></c>'
        '<c r="C1"><f>1+1</f><v>2</v></c><c r="D1"><f>1+1</f></c>'
        '<c r="E1" t="str"><f>A1</f><v>文</v></c><c r="F1" s="1"><v>44621</v></c>'
        '<c r="G1" t="d"><v>2022-03-01</v></c><c r="H1" s="1"/></row>'
    )
    content = hostile.workbook(rows, styles=hostile.styles("yyyy/m/d"))
    book = read_workbook(content, "made.xlsx")
    march = datetime(2022, 3, 1)
    assert list(book.sheets[0]) == [
        Cell(1, 1, True, "TRUE", False),
        Cell(1, 2, "#DIV/0!", "#DIV/0!", False),
        Cell(1, 3, Decimal(2), "2", True),
        Cell(1, 5, "文", "文", False),
        Cell(1, 6, march, "2022/3/1", False),
        Cell(1, 7, march, "2022/3/1", False),
    ]
    assert book.notices == (
        ("Sheet1", "B1", "error-value"),
        ("Sheet1", "D1", "formula-without-value"),
    )


def test_days_may_be_counted_from_1904():
    content = hostile.workbook(
        hostile.one_cell("A1", "<v>43159</v>", ' s="1"'),
        styles=hostile.styles("yyyy/m/d"),
        workbook=str(
            hostile.parts_of(workbook='<workbookPr date1904="1"/>')[hostile.WORKBOOK]
        ),
    )
    cell = read_workbook(content, "made.xlsx").sheets[0].cell(1, 1)
    assert cell == Cell(1, 1, datetime(2022, 3, 1), "2022/3/1", False)


def test_a_shared_text_leaves_out_how_it_is_spoken():
    shared = hostile.shared(
        "<si><t>計畫</t><rPh sb='0' eb='2'><t>ケイカク</t></rPh></si>"
        "<si><r><rPr><b/></rPr><t>再通報</t></r><r><t xml:space='preserve'> 率</t></r></si>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert sheet_of(rows, shared=shared).row_texts(1) == ("計畫", "再通報 率")


def test_control_characters_go_and_are_told_and_direction_characters_stay():
    rows = "".join(
        inline(f"A{row}", text)
        for row, text in enumerate(
            [
                "a_x0000_b",
                "一_x000D_\n二",
                "x\u202e y",
                "_x005F_x0041_",
                "_xD83D__xDE00_",
                "a_xD83D_",
            ],
            start=1,
        )
    )
    book = read_workbook(hostile.workbook(rows), "made.xlsx")
    texts = [cell.text for cell in book.sheets[0]]
    assert texts == ["ab", "一\n二", "x\u202e y", "_x0041_", "😀", "a"]
    assert book.notices == (
        ("Sheet1", "A1", "control-characters"),
        ("Sheet1", "A3", "direction-characters"),
        ("Sheet1", "A6", "control-characters"),
    )
    assert [has_unsafe_characters(text) for text in texts][2:4] == [True, False]


def test_hidden_sheets_rows_and_columns_are_kept_and_named():
    parts = hostile.parts_of(sheet_count=2)
    parts[hostile.WORKBOOK] = str(parts[hostile.WORKBOOK]).replace(
        'sheetId="2"', 'sheetId="2" state="veryHidden"'
    )
    parts[hostile.SHEET] = hostile.sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="9" hidden="true"/>',
        before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="0"/></cols>',
    )
    book = read_workbook(hostile.packed(parts), "made.xlsx")
    sheet = book.sheets[0]
    assert [sheet.is_hidden for sheet in book.sheets] == [False, True]
    assert sheet.hidden_rows == {2, 9}
    assert sheet.hidden_columns == {2, 3}
    assert sheet.text(2, 1) == "2"


def test_a_merge_is_found_from_any_of_its_cells_and_holds_its_first():
    after = '<mergeCells><mergeCell ref="A1:B3"/><mergeCell ref="D1:D1048576"/></mergeCells>'
    sheet = sheet_of(inline("A1", "目標") + inline("C4", "x"), after=after)
    merge = Merge(1, 1, 3, 2)
    assert sheet.merged_into(1, 1) == sheet.merged_into(3, 2) == merge
    assert sheet.merged_into(4, 1) is None
    assert sheet.merged_into(1_000_000, 4) == Merge(1, 4, 1_048_576, 4)
    assert (sheet.text(1, 1), sheet.text(2, 1)) == ("目標", "")
    assert (sheet.row_count, sheet.column_count) == (4, 3)
    assert sheet.row_texts(4) == ("", "", "x")


ROWS = (
    '<row r="1" spans="1:3"><c r="A1" s="1"><v>91.6</v></c>'
    '<c r="C1" t="inlineStr"><is><t>A &amp; B &#x4E2D; &lt;c&gt;</t></is></c></row>'
    '<row r="3" hidden="1"><c r="B3" t="str"><f>"x"</f><v>文</v></c><c r="D3" s="1"/></row>'
)


@pytest.mark.parametrize(
    "unusual",
    [
        lambda content: content.replace("<c r", "<!-- a comment --><c r"),
        lambda content: content.replace('s="1"', 'cm="1" s="1"'),
        lambda content: content.replace('"', "'").replace("<f>'x'</f>", "<f/>"),
        lambda content: content.replace("<t>A", "<r><t>A").replace("</t></is>", "</t></r></is>"),
        lambda content: content.replace("A &amp; B", "<![CDATA[A & B]]>"),
        lambda content: content.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
        lambda content: content.replace("<sheetData>", "<sheetData >"),
        lambda content: content.encode("utf-16").decode("utf-16").replace("UTF-8", "utf-8"),
        lambda content: content.replace('r="1" spans="1:3"', ""),
        lambda content: content.replace("<c r", "\n  <c r"),
        lambda content: content.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ],
)  # fmt: skip
def test_a_sheet_reads_the_same_however_it_is_written(unusual):
    styles = hostile.styles("0.00")
    usual = hostile.sheet(ROWS)
    expected = read_workbook(hostile.workbook(sheet=usual, styles=styles), "a.xlsx")
    content = hostile.workbook(sheet=unusual(usual), styles=styles)
    assert read_workbook(content, "a.xlsx") == expected
    texts = {cell.address: cell.text for cell in expected.sheets[0]}
    assert texts == {"A1": "91.60", "C1": "A & B 中 <c>", "B3": "文"}
    assert expected.sheets[0].hidden_rows == {3}


def test_cells_without_references_follow_one_another():
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c><c><v>4</v></c></row>"
    found = {cell.address: cell.text for cell in sheet_of(rows)}
    assert found == {"A1": "1", "B1": "2", "C2": "3", "D2": "4"}


def test_cells_in_any_order_are_read_in_theirs():
    rows = (
        '<row r="2"><c r="B2"><v>4</v></c><c r="A2"><v>3</v></c></row>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
    )
    assert [cell.address for cell in sheet_of(rows)] == ["A1", "A2", "B2"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="9999999"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="x"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>7</v></row>',
    ],
)
def test_a_broken_sheet_is_refused(rows: str):
    with pytest.raises(Refused, match="file-broken"):
        sheet_of(rows)


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_an_address_leads_back_to_its_position(row: int, column: int):
    assert position(address(row, column)) == (row, column)


@pytest.mark.parametrize(
    "wrong", ["", "G", "7", "G0", "XFE1", "A1048577", "G7 ", "Ａ1"]
)
def test_what_is_no_address_is_told(wrong: str):
    assert address(7, 7) == "G7"
    with pytest.raises(ValueError):
        position(wrong)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_book_survives_the_pipe(path: Path):
    book = read_workbook(path, path.name)
    assert from_bytes(to_bytes(book)) == book


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000,
        b'{"file_name":"a","sheets":[],"notices":[],"texts":[1]}',
        b'{"file_name":"a","sheets":[{"name":"a"}],"notices":[],"texts":[]}',
        b'{"file_name":"a","sheets":[{"name":"a","rows":[[1,[[1,7]]]]}],"notices":[],"texts":[]}',
    ],
)  # fmt: skip
def test_what_is_no_book_is_not_believed(sent: bytes):
    with pytest.raises(ValueError):
        from_bytes(sent)


def test_a_file_is_told_by_its_first_bytes_and_not_by_its_name():
    for build, kind in [
        (hostile.html, "html"), (hostile.comma_separated, "text"), (hostile.zeros, "unknown"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refusal:
            read_workbook(build(), "plan.xlsx")
        assert refusal.value.params == {"kind": kind}
    assert read_workbook(hostile.workbook(hostile.one_cell()), "plan.txt").sheets
    with pytest.raises(Refused) as refusal:
        read_workbook(hostile.encrypted(), "plan.xls")
    assert refusal.value.params == {"part": "", "reason": "xls"}


def test_a_shared_text_without_characters_is_an_empty_cell():
    rows = '<row r="7"><c r="A7" t="s"><v>0</v></c></row>'
    sheet = sheet_of(rows, shared=hostile.shared("<si><t/></si>"))
    assert (list(sheet), sheet.row_count) == ([], 0)
