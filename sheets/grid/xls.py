"""An .xls file as cells: the library takes it apart, our formats display it."""

import io
import struct
from typing import IO

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDocError
from xlrd.formatting import std_format_strings

from sheets.grid import texts
from sheets.grid.book import Book, Merge, Sheet
from sheets.grid.draft import Draft, Used
from sheets.grid.formats import BUILT_IN_CODES, NumberFormat, number_format
from sheets.grid.limits import Limits, Refused
from sheets.grid.values import Values

# How a stream inside of the file is named, as its bytes: what else comes in the
# frame of the old formats.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "Workbook".encode("utf-16-le")
_OTHERS = {
    "WordDocument".encode("utf-16-le"): "doc",
    "PowerPoint Document".encode("utf-16-le"): "ppt",
}
_IS_ENCRYPTED = "encrypted"
# Whatever the library stumbles over in a damaged file.
_LIBRARY_ERRORS = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def read_xls(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Return an .xls file as a book. Raises Refused."""
    content = source.read()
    if _ENCRYPTED in content:
        raise Refused("file-encrypted")
    for name, kind in _OTHERS.items():
        # A workbook may hold a document; its own stream is then named as well.
        if name in content and _WORKBOOK not in content:
            raise Refused("file-kind", kind=kind)
    try:
        with xlrd.open_workbook(
            file_contents=content,
            logfile=io.StringIO(),
            formatting_info=True,
            on_demand=True,
            # A cell far out would else make every row as long.
            ragged_rows=True,
        ) as book:
            return _read_book(book, file_name, limits)
    except Refused:
        raise
    except _LIBRARY_ERRORS as error:
        if _IS_ENCRYPTED in str(error).lower():
            raise Refused("file-encrypted") from error
        raise Refused("file-broken", part="", reason="xls") from error


def _read_book(book: xlrd.Book, file_name: str, limits: Limits) -> Book:
    if book.nsheets > limits.sheets:
        raise Refused("too-many-sheets", limit=limits.sheets)
    if not book.nsheets:
        raise Refused("file-broken", part="", reason="missing")
    formats = [_format_of(book, style.format_key) for style in book.xf_list]
    values = Values(limits, formats, [], from_1904=bool(book.datemode))
    used = Used()
    sheets = []
    for place in range(book.nsheets):
        sheets.append(_read_sheet(book.sheet_by_index(place), values, used, limits))
        book.unload_sheet(place)
    return Book(file_name, tuple(sheets), tuple(used.notices))


def _format_of(book: xlrd.Book, key: int) -> NumberFormat:
    """Return a number format; those the file does not carry as in Taiwan."""
    found = book.format_map.get(key)
    code = found.format_str if found is not None else None
    if code is None or code == std_format_strings.get(key):
        code = BUILT_IN_CODES.get(key, code)
    return number_format(code or "General")


def _read_sheet(
    sheet: xlrd.sheet.Sheet, values: Values, used: Used, limits: Limits
) -> Sheet:
    name, _ = texts.clean(sheet.name)
    draft = Draft(name, name, values, used, limits)
    for row in range(sheet.nrows):
        kinds, stored = sheet.row_types(row), sheet.row_values(row)
        for column, kind in enumerate(kinds):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            style = str(sheet.cell_xf_index(row, column))
            raw, told = _raw(kind, stored[column])
            draft.take_cell(row + 1, column + 1, told, style, raw, False)
    draft.count_merges(len(sheet.merged_cells))
    for first_row, last_row, first_column, last_column in sheet.merged_cells:
        # The library names the row and the column after the last.
        merge = Merge(first_row + 1, first_column + 1, last_row, last_column)
        if merge.first_row > last_row or merge.first_column > last_column:
            raise Refused("file-broken", part=name, reason="merge")
        if (last_row, last_column) != (merge.first_row, merge.first_column):
            draft.merges.append(merge)
    draft.hidden_rows.update(
        row + 1
        for row, info in sheet.rowinfo_map.items()
        if info.hidden and row < limits.rows
    )
    draft.hidden_columns.update(
        column + 1
        for column, info in sheet.colinfo_map.items()
        if info.hidden and column < limits.columns
    )
    return draft.sheet(bool(sheet.visibility))


def _raw(kind: int, stored: object) -> tuple[str, str]:
    """Return what a cell stores and its kind, both as an .xlsx writes them."""
    match kind:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            # Numbers are doubles in these files: the shortest text says the same.
            return repr(stored), "n"
        case xlrd.XL_CELL_TEXT:
            return texts.as_typed(str(stored)), "str"
        case xlrd.XL_CELL_BOOLEAN:
            return str(stored), "b"
        case xlrd.XL_CELL_ERROR:
            code = stored if isinstance(stored, int) else -1
            return error_text_from_code.get(code, "#N/A"), "e"
    return "", ""
