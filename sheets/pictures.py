"""The sheets of a file as they look, kept for the page that shows what was read.

An outline, one a sheet, is kept as JSON with the batch: `name`, `columns`,
`row_count`, `column_count`, `head` (the rows of column headings, as rows) and
`hidden` (its hidden columns). The rows are kept in pages of `PAGE_ROWS`, each packed
alone, so that a page of a large sheet costs no more than one of a small sheet.

A row is its number, its cells and whether it is hidden; a cell is its column, text,
rows and columns merged, and whether it is a number.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sheets.grid import Book, Cell, Merge, Sheet

PAGE_ROWS = 100
# What a person looks at; the rest of a wide sheet or a long text is in the file.
COLUMNS, SIGNS = 60, 160
# Column headings stand among the first rows, and are no taller than this.
HEAD_AMONG, HEAD_ROWS = 10, 4

type Row = list[Any]
type Spans = dict[tuple[int, int], tuple[Merge, int]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One sheet: its outline, and the packed rows of each page."""

    outline: dict[str, Any]
    pages: list[bytes]


def pictures_of(book: Book) -> list[Picture]:
    """Return the pictures of a file's sheets, in their order."""
    return [_picture_of(sheet) for sheet in book.sheets]


def page_of(row: int) -> int:
    """Return the page, from 1, on which a row of a sheet is drawn."""
    return (row - 1) // PAGE_ROWS + 1


def unpack(packed: bytes) -> list[Row]:
    """Return the rows of one page."""
    return json.loads(zlib.decompress(packed))


def _pack(rows: list[Row]) -> bytes:
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(told.encode(), 1)


def _picture_of(sheet: Sheet) -> Picture:
    columns = min(sheet.column_count, COLUMNS)
    starts = range(1, sheet.row_count + 1, PAGE_ROWS)
    heads = _head_of(sheet, columns)
    spans: Spans = {}
    for merge in sheet.merges:
        if merge.first_column <= columns:
            # A merge goes on over the edge of a page, where it begins again.
            last = min(merge.last_row, sheet.row_count)
            first = merge.first_row
            while first <= last:
                end = min(last, page_of(first) * PAGE_ROWS)
                spans[first, merge.first_column] = merge, end - first + 1
                first = end + 1
    by_row: dict[int, list[int]] = {}
    for row, column in spans:
        by_row.setdefault(row, []).append(column)

    def drawn(rows: Iterable[int]) -> list[Row]:
        return [_row(sheet, row, columns, spans, by_row.get(row, [])) for row in rows]

    outline = {
        "name": sheet.name,
        "columns": columns,
        "row_count": sheet.row_count,
        "column_count": sheet.column_count,
        "head": drawn(heads),
        "hidden": sorted(c for c in sheet.hidden_columns if c <= columns),
    }
    ends = ((start, min(start + PAGE_ROWS - 1, sheet.row_count)) for start in starts)
    return Picture(
        outline, [_pack(drawn(range(start, end + 1))) for start, end in ends]
    )


def _row(
    sheet: Sheet, row: int, columns: int, spans: Spans, starting: list[int]
) -> Row:
    """Return one row with the cells that hold something or begin a merge."""
    held = sheet.rows.get(row, {})
    found = {
        column: [column, cell.text[:SIGNS], 1, 1, cell.is_number]
        for column, cell in held.items()
        if column <= columns
    }
    for column in starting:
        merge, height = spans[row, column]
        width = min(merge.last_column, columns) - column + 1
        cell: Cell | None = sheet.cell(merge.first_row, column)
        text = cell.text[:SIGNS] if cell else ""
        found[column] = [column, text, height, width, bool(cell and cell.is_number)]
    cells = [found[column] for column in sorted(found)]
    return [row, cells, row in sheet.hidden_rows]


def _head_of(sheet: Sheet, columns: int) -> range:
    """Return the rows of column headings: words over at least half of the columns."""
    for row in range(1, min(sheet.row_count, HEAD_AMONG) + 1):
        cells = sheet.rows.get(row, {})
        is_head = len(cells) >= max(3, columns / 2)
        if is_head and not any(cell.is_number for cell in cells.values()):
            merges = (sheet.merged_into(row, column) for column in cells)
            last = max((merge.last_row for merge in merges if merge), default=row)
            return range(row, min(last, row + HEAD_ROWS - 1) + 1)
    return range(0)
