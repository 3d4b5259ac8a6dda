"""The published workbooks say the same as .ods, .xlsm, .xls and .csv.

A .csv has one sheet, and no name, merges or other sheets beside it: what follows from
that, and nothing else, differs, and is named here.
"""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from sheets.forms import read_book
from sheets.forms.readings import SheetReading
from sheets.grid import Book, file_kind, read_workbook
from sheets.package import Refused, child, read_safely
from tests.unit import hostile
from tests.unit.written import as_csv, as_ods, as_xlsm

WORKBOOKS = Path(__file__).resolve().parents[2] / "fixtures" / "workbooks"
NAMES = sorted(path.stem for path in WORKBOOKS.glob("*.xlsx"))
SHEETS = [
    (name, place)
    for name in NAMES
    for place in range(len(read_workbook(WORKBOOKS / f"{name}.xlsx", "a.xlsx").sheets))
]
# Big5 has no such signs: programs that write it put these in their place.
BIG5_SIGNS = str.maketrans({"≥": "≧", "‰": "%"})


@cache
def book_of(name: str) -> Book:
    return read_workbook(WORKBOOKS / f"{name}.xlsx", f"{name}.xlsx")


@cache
def readings_of(name: str) -> tuple[SheetReading, ...]:
    return read_book(book_of(name))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "uploaded"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_an_open_document_reads_like_the_workbook(name: str, tmp_path: Path):
    path = written(tmp_path, as_ods(book_of(name)))
    book = read_safely(path, f"{name}.ods")
    assert book.sheets == book_of(name).sheets
    assert read_book(book) == readings_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_of_before_2007_reads_like_the_workbook(name: str):
    book = read_safely(WORKBOOKS / "xls" / f"{name}.xls", f"{name}.xls")
    assert book.sheets == book_of(name).sheets
    assert read_book(book) == readings_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_with_macros_reads_like_the_one_without(name: str, tmp_path: Path):
    content = as_xlsm((WORKBOOKS / f"{name}.xlsx").read_bytes())
    book = read_safely(written(tmp_path, content), f"{name}.xlsm")
    assert book.sheets == book_of(name).sheets
    assert read_book(book) == readings_of(name)


def test_a_macro_is_neither_refused_nor_looked_at(tmp_path: Path):
    book = read_safely(written(tmp_path, hostile.macros()), "plan.xlsx")
    assert [cell.text for cell in book.sheets[0]] == ["1"]


def alone(name: str, place: int, signs: dict[int, str]) -> SheetReading:
    """Return what a sheet says that has no other beside it, and no such signs."""
    sheet = book_of(name).sheets[place]
    rows = {row: dict(cells) for row, cells in sheet.rows.items()}
    for cells in rows.values():
        for column, cell in cells.items():
            if not cell.is_number:
                text = cell.text.translate(signs)
                cells[column] = cell._replace(text=text, value=text)
    return read_book(Book("", (replace(sheet, rows=rows),)))[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
@pytest.mark.parametrize(("name", "place"), SHEETS)
def test_every_sheet_as_csv_holds_the_texts_of_the_workbook(
    name: str, place: int, encoding: str, delimiter: str
):
    sheet = book_of(name).sheets[place]
    signs = BIG5_SIGNS if encoding == "cp950" else {}
    content = as_csv(sheet, "utf-8", delimiter).decode().translate(signs)
    book = read_workbook(content.encode(encoding), "plan.csv")
    assert [book.sheets[0].row_texts(row) for row in range(1, sheet.row_count + 1)] == [
        tuple(text.translate(signs) for text in sheet.row_texts(row))
        for row in range(1, sheet.row_count + 1)
    ]
    assert book.notices == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp950"])
@pytest.mark.parametrize(("name", "place"), SHEETS)
def test_every_sheet_as_csv_reads_like_the_sheet_alone(
    name: str, place: int, encoding: str
):
    sheet = book_of(name).sheets[place]
    signs = BIG5_SIGNS if encoding == "cp950" else {}
    content = as_csv(sheet, "utf-8").decode().translate(signs)
    found = read_book(read_workbook(content.encode(encoding), "plan.csv"))[0]
    assert replace(found, name=sheet.name) == alone(name, place, signs)


def test_a_csv_of_one_sheet_lacks_only_what_the_others_say():
    """The years and directions that a workbook tells on another sheet are left out."""
    differing = {
        (name, reading.name)
        for name, place in SHEETS
        if alone(name, place, {}) != (reading := readings_of(name)[place])
    }
    assert differing == {
        # The map of the centre names no year, its scorecard does.
        ("center-111", "策略地圖"),
        # A printed achievement on the results sheet answers what a card leaves open.
        ("group-e-109", "平衡計分卡"),
    }


def test_the_process_for_an_old_workbook_has_its_library_and_no_other():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from pathlib import Path; from sheets.package import child;"
        "child._load(Path(sys.argv[2])); import sheets.grid.xls;"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    folder = child._folder_of("xls")
    root = str(WORKBOOKS.parents[1])
    command = [sys.executable, "-I", "-S", "-c", program, root, folder]
    done = subprocess.run(command, capture_output=True, text=True, env={}, check=True)
    found = set(done.stdout.split()) - sys.stdlib_module_names
    assert found == {"sheets", "__main__", "xlrd"}
    assert child._folder_of("xlsx") == child._folder_of("csv") == ""


@pytest.mark.parametrize(
    ("content", "file_name", "kind"),
    [
        (hostile.workbook(hostile.one_cell()), "plan.csv", "xlsx"),
        (hostile.workbook(hostile.one_cell()), "plan.xlsm", "xlsx"),
        (b"a,b", "PLAN.CSV", "csv"),
        (b"a,b", "plan.txt", "text"),
        (b"\xff\xfea\0,\0b\0", "plan.csv", "csv"),
        (b"<table>", "plan.xls", "html"),
        (b"", "plan.csv", "empty"),
    ],
)
def test_the_bytes_say_what_a_file_is_and_the_name_settles_the_rest(
    content: bytes, file_name: str, kind: str
):
    assert file_kind(content[:1_024], file_name) == kind


@pytest.mark.parametrize("file_name", ["plan.xlsx", "plan.XLS", "plan.ods"])
def test_a_text_that_calls_itself_a_workbook_is_told_so(file_name: str):
    with pytest.raises(Refused) as refusal:
        read_workbook(hostile.comma_separated(), file_name)
    assert refusal.value.params == {"kind": "text"}
