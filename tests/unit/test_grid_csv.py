"""Comma-separated values: encodings, delimiters, quotes, numbers, refusals."""

from decimal import Decimal

import pytest

from sheets.grid import Cell, Limits, Refused, Sheet, read_workbook

LINES = '構面,KPI,目標值\n顧客 C,再通報率,91.60\n財務 F,「執行率」,"1,900"\n'


def sheet_of(content: bytes | str, limits: Limits | None = None) -> Sheet:
    if isinstance(content, str):
        content = content.encode()
    return read_workbook(content, "plan.csv", limits).sheets[0]


def rows_of(content: bytes | str) -> list[tuple[str, ...]]:
    sheet = sheet_of(content)
    return [sheet.row_texts(row) for row in range(1, sheet.row_count + 1)]


def refused(content: bytes | str, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        sheet_of(content, limits)
    return refusal.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950", "big5"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_says_the_same(encoding: str, line_end: str):
    content = LINES.replace("\n", line_end).encode(encoding)
    assert sheet_of(content) == sheet_of(LINES)
    assert rows_of(content)[2] == ("財務 F", "「執行率」", "1,900")


def test_the_other_byte_order_is_read_by_its_mark():
    assert sheet_of(b"\xfe\xff" + LINES.encode("utf-16-be")) == sheet_of(LINES)


def test_a_file_is_one_sheet_without_a_name():
    book = read_workbook(LINES.encode(), "plan.csv")
    assert [(sheet.name, sheet.merges) for sheet in book.sheets] == [("", ())]
    assert book.notices == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_what_makes_rows_equally_wide(delimiter: str):
    lines = [
        ["109年計分卡", "", ""],
        ["KPI", "目標值", "方案"],
        ["AC1.1", "91.60", "甲; 乙; 丙"],
        ["AC1.2", "5", "一, 二, 三, 四"],
    ]
    content = "\n".join(
        delimiter.join(f'"{text}"' if delimiter in text else text for text in line)
        for line in lines
    )
    assert rows_of(content) == [tuple(line) for line in lines]


def test_a_line_that_names_the_delimiter_is_believed_and_is_no_row():
    assert rows_of("sep=;\r\na,b;c\r\n") == [("a,b", "c")]


def test_one_column_needs_no_delimiter():
    assert rows_of("甲\n乙") == [("甲",), ("乙",)]


def test_a_quoted_text_holds_line_ends_delimiters_and_quotes():
    content = 'KPI,公式\nAC1.1,"甲/乙\r\n（%）, 註：""新"""\nAC1.2,丙'
    assert rows_of(content) == [
        ("KPI", "公式"),
        ("AC1.1", '甲/乙\n（%）, 註："新"'),
        ("AC1.2", "丙"),
    ]


def test_a_last_line_needs_no_end_and_an_empty_one_is_a_row():
    assert rows_of("a,b\n\n,c") == [("a", "b"), ("", ""), ("", "c")]
    assert rows_of("a,b\n\n,c\n") == rows_of("a,b\n\n,c")
    assert rows_of("a,") == [("a",)]


def test_what_follows_a_closing_quote_belongs_to_the_text():
    assert rows_of('"新"增,5" 管\n') == [("新增", '5" 管')]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("91.60", "91.6"),
        ("-29.4", "-29.4"),
        ("0", "0"),
        ("1900000", "1900000"),
        (" 88 ", "88"),
    ],
)
def test_a_plain_number_is_one_and_keeps_how_it_is_printed(printed: str, value: str):
    cell = sheet_of(printed).cell(1, 1)
    assert cell == Cell(1, 1, Decimal(value), printed.strip(), True)


@pytest.mark.parametrize(
    "printed",
    ["007", "1900,000", "91.6%", "1E5", "1_000", "１２", "=1+1", "-", ".5", "+1"],
)
def test_what_only_looks_like_a_number_stays_as_it_is_written(printed: str):
    assert sheet_of(f'"{printed}"').cell(1, 1) == Cell(1, 1, printed, printed, False)


def test_an_escape_of_workbooks_is_plain_text_here():
    assert rows_of("_x0041_") == [("_x0041_",)]


def test_control_characters_go_and_are_told_with_their_cell():
    content = "KPI,目標值\nAC\x011.1,\u202e12\x07\n"
    book = read_workbook(b"\xef\xbb\xbf" + content.encode(), "plan.csv")
    assert book.sheets[0].row_texts(2) == ("AC1.1", "\u202e12")
    assert book.notices == (
        ("", "A2", "control-characters"),
        ("", "B2", "control-characters"),
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a,b\nc,\x80\x81\xff\n", 2),
        ("甲,乙\n".encode() * 40 + "丙".encode()[:2] + b",d\n", 41),
        (b"\xef\xbb\xbfa\nb\n\xff\n", 3),
        ("a\nb".encode("utf-16")[:-1], 2),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(content: bytes, line: int):
    found = refused(content)
    assert (found.code, found.params) == ("text-encoding", {"line": line})


def test_a_damaged_unicode_file_is_not_read_as_big5():
    damaged = ("臺北市政府社會局再通報率," * 20 + "\n").encode()
    damaged = damaged[:100] + b"\xa4\x40" + damaged[102:]
    assert refused(damaged).code == "text-encoding"


def test_a_quote_that_is_never_closed_is_refused_with_its_line():
    found = refused('a,b\n"c\nd",e\nf,"g""\nh')
    assert (found.code, found.params) == ("csv-quote", {"line": 4})


@pytest.mark.parametrize(
    ("content", "limits", "code", "cell"),
    [
        ("a\nb\nc", Limits(rows=2), "cell-too-far", "A3"),
        ("a,b,c", Limits(columns=2), "cell-too-far", "C1"),
        ("a,長長長", Limits(cell_characters=2), "text-too-long", "B1"),
        ("a," + "9" * 41, Limits(), "number-too-long", "B1"),
        ("a,b", Limits(filled_cells=1), "too-many-cells", None),
        ("a,,,", Limits(empty_cells=2), "too-many-cells", None),
        ("a,bbb", Limits(characters=3), "too-much-text", None),
    ],
)
def test_a_file_is_held_to_the_limits(content, limits, code, cell):
    found = refused(content, limits)
    assert found.code == code
    assert found.params.get("cell") == cell


def test_empty_fields_far_out_are_no_reason_to_refuse():
    assert rows_of("a" + "," * 500 + "\n" + "\n" * 30_000) == [("a",)]
