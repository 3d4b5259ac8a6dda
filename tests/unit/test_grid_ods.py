"""Open documents: what is displayed, what is stored, what is repeated or hidden."""

from datetime import datetime
from decimal import Decimal

import pytest

from sheets.grid import Book, Cell, Limits, Merge, Refused, Sheet, read_workbook
from tests.unit.written import ods, paragraphs


def book_of(rows: str, before: str = "", limits: Limits | None = None) -> Book:
    table = f'<table:table table:name="表">{before}{rows}</table:table>'
    return read_workbook(ods(table), "plan.ods", limits)


def sheet_of(rows: str, before: str = "", limits: Limits | None = None) -> Sheet:
    return book_of(rows, before, limits).sheets[0]


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{cells}</table:table-row>"


def cell(inside: str = "", more: str = "") -> str:
    return f"<table:table-cell{more}>{inside}</table:table-cell>"


def number(value: str, shown: str = "", kind: str = "float", more: str = "") -> str:
    inside = f"<text:p>{shown}</text:p>" if shown else ""
    return cell(
        inside, f' office:value-type="{kind}" office:value="{value}"{more}'
    )  # fmt: skip


def word(text: str, more: str = "") -> str:
    return cell(paragraphs(text), f' office:value-type="string"{more}')


def refused(rows: str, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        sheet_of(rows, limits=limits)
    return refusal.value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number("91.6", "91.60"), Cell(1, 1, Decimal("91.6"), "91.60", True)),
        (number("1900000", "1,900,000"), Cell(1, 1, Decimal(1900000), "1,900,000", True)),
        (number("0.916", "91.6%", "percentage"), Cell(1, 1, Decimal("0.916"), "91.6%", True)),
        (number("0.916", "", "percentage"), Cell(1, 1, Decimal("0.916"), "91.60%", True)),
        (number("5", "NT$5", "currency"), Cell(1, 1, Decimal(5), "NT$5", True)),
        (number("7.50"), Cell(1, 1, Decimal("7.5"), "7.5", True)),
        (word("再通報率"), Cell(1, 1, "再通報率", "再通報率", False)),
        (cell("", ' office:value-type="string" office:string-value="無"'), Cell(1, 1, "無", "無", False)),
        (cell("<text:p>111/3/1</text:p>", ' office:value-type="date" office:date-value="2022-03-01"'), Cell(1, 1, datetime(2022, 3, 1), "111/3/1", False)),
        (cell("", ' office:value-type="date" office:date-value="2022-03-01T09:30:00"'), Cell(1, 1, datetime(2022, 3, 1, 9, 30), "2022/3/1 9:30", False)),
        (cell("", ' office:value-type="time" office:time-value="PT36H00M00S"'), Cell(1, 1, Decimal("1.5"), "36:00:00", True)),
        (cell("", ' office:value-type="boolean" office:boolean-value="true"'), Cell(1, 1, True, "TRUE", False)),
    ],
)  # fmt: skip
def test_a_cell_is_what_it_stores_and_shows(written: str, expected: Cell):
    assert list(sheet_of(row(written))) == [expected]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<text:p>一</text:p><text:p>二</text:p>", "一\n二"),
        ("<text:p>一<text:line-break/>二<text:tab/>三</text:p>", "一\n二\t三"),
        ('<text:p>a<text:s text:c="3"/>b<text:s/></text:p>', "a   b "),
        ("<text:p>  a \n\t b  </text:p>", "a b"),
        ("<text:p>a <text:span> b</text:span><text:a>c</text:a></text:p>", "a bc"),
        ("<text:p/><text:p>二</text:p>", "\n二"),
        ("<office:annotation><text:p>註</text:p></office:annotation><text:p>一</text:p>", "一"),
        ("<drawing:frame><text:p>圖</text:p></drawing:frame><text:p>一</text:p>", "一"),
        ("<text:p>計<text:ruby><text:ruby-base>畫</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby></text:p>", "計畫"),
        ("<text:p>_x0041_</text:p>", "_x0041_"),
    ],
)  # fmt: skip
def test_words_are_read_as_they_are_displayed(written: str, text: str):
    found = sheet_of(row(cell(written, ' office:value-type="string"'))).text(1, 1)
    assert found == text


def test_repeats_stand_as_often_as_they_are_meant():
    rows = row(
        word("甲", ' table:number-columns-repeated="2"')
        + cell("", ' table:number-columns-repeated="3"')
        + number("5"),
        ' table:number-rows-repeated="2"',
    )
    end = row(
        cell("", ' table:number-columns-repeated="16384"'),
        ' table:number-rows-repeated="1048000"',
    )
    sheet = sheet_of(rows + end)
    assert [found.address for found in sheet] == [
        "A1", "B1", "F1", "A2", "B2", "F2",
    ]  # fmt: skip
    assert (sheet.row_count, sheet.column_count) == (2, 6)


@pytest.mark.parametrize(
    ("rows", "limits", "code", "place"),
    [
        (row(word("x"), ' table:number-rows-repeated="1048576"'), Limits(), "cell-too-far", "A1048576"),
        (row(word("x", ' table:number-columns-repeated="16384"')), Limits(), "cell-too-far", "XFD1"),
        (row(word("x", ' table:number-columns-repeated="200"'), ' table:number-rows-repeated="20000"'), Limits(), "too-many-cells", None),
        (row(word("長" * 9_000, ' table:number-columns-repeated="200"'), ' table:number-rows-repeated="100"'), Limits(), "too-much-text", None),
        (row(cell("", ' table:number-columns-repeated="190" table:number-columns-spanned="2"'), ' table:number-rows-repeated="20000"'), Limits(), "too-many-merges", None),
        (row(cell("", ' table:number-columns-repeated="99999999999999999999"')), Limits(), "file-broken", "content.xml"),
        (row(cell("", ' table:number-columns-repeated="x"')), Limits(), "file-broken", "content.xml"),
        (row(cell('<text:p><text:s text:c="9999999"/></text:p>', "")), Limits(), "text-too-long", "A1"),
        (row(cell("<text:p/>" * 20_000)), Limits(), "text-too-long", "A1"),
        (row(cell("<text:p>" + "長" * 10_001 + "</text:p>")), Limits(), "text-too-long", "A1"),
        (row(number("9" * 41)), Limits(), "number-too-long", "A1"),
        (row(number("1E300")), Limits(), "number-too-long", "A1"),
        (row(number("nan")), Limits(), "file-broken", "A1"),
        (row(cell("", ' office:value-type="date" office:date-value="later"')), Limits(), "file-broken", "A1"),
        (row(cell("", ' office:value-type="money"')), Limits(), "file-broken", "A1"),
        (row(cell("<table:table/>")), Limits(), "file-broken", "content.xml"),
        (row(cell() * 20), Limits(empty_cells=10), "too-many-cells", None),
        ("<table:table/>", Limits(), "file-broken", "content.xml"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_broken_is_refused(rows, limits, code, place):
    found = refused(rows, limits)
    assert found.code == code
    assert place in (None, found.params.get("cell"), found.params.get("part"))


def test_spans_are_merges_and_covered_cells_count_as_columns():
    rows = row(
        word("甲", ' table:number-columns-spanned="2" table:number-rows-spanned="3"')
        + "<table:covered-table-cell/>"
        + word("乙")
    )
    sheet = sheet_of(rows)
    assert sheet.merges == (Merge(1, 1, 3, 2),)
    assert sheet.row_texts(1) == ("甲", "", "乙")


def test_hidden_sheets_rows_and_columns_are_kept_and_named():
    styles = (
        '<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    )
    hidden = ' table:visibility="collapse"'
    first = (
        '<table:table table:name="一" table:style-name="ta1"><table:table-column/>'
        f'<table:table-column table:number-columns-repeated="2"{hidden}/>'
        + row(word("甲"))
        + row(word("乙"), ' table:number-rows-repeated="2" table:visibility="filter"')
        + "</table:table>"
    )
    second = '<table:table table:name="二" table:style-name="ta2"/>'
    book = read_workbook(ods(first + second, styles), "plan.ods")
    assert [sheet.is_hidden for sheet in book.sheets] == [False, True]
    assert book.sheets[0].hidden_rows == {2, 3}
    assert book.sheets[0].hidden_columns == {2, 3}


def test_headers_groups_and_what_was_deleted_are_told_apart():
    deleted = f"<table:tracked-changes><table:cell-content-change>{word('舊')}</table:cell-content-change></table:tracked-changes>"
    rows = (
        f"<table:table-header-rows>{row(word('頭'))}</table:table-header-rows>"
        f"<table:table-row-group>{row(word('身'))}</table:table-row-group>"
    )
    table = f'<table:table table:name="表">{rows}</table:table>'
    sheet = read_workbook(ods(deleted + table), "plan.ods").sheets[0]
    assert [found.text for found in sheet] == ["頭", "身"]


def test_errors_and_formulas_without_a_value_are_told():
    rows = row(
        cell("<text:p>#DIV/0!</text:p>", ' office:value-type="string" calcext:value-type="error"')
        + cell("", ' table:formula="of:=1+1"')
        + number("2", "2", more=' table:formula="of:=1+1"')
    )  # fmt: skip
    book = book_of(rows)
    assert book.notices == (
        ("表", "A1", "error-value"),
        ("表", "B1", "formula-without-value"),
    )
    assert book.sheets[0].row_texts(1) == ("#DIV/0!", "", "2")


def test_direction_characters_stay_and_are_told():
    assert book_of(row(word("a\u202eb"))).notices == (
        ("表", "A1", "direction-characters"),
    )
