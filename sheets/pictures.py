"""The sheets of a file as they look, kept for the page that shows what was read.

A picture is kept as JSON: name, columns, all rows of the sheet and those that are
shown, each with its cells: column, text, rows and columns merged, is it a number.
"""

from typing import Any

from sheets.grid import Book, Sheet

# What a person looks at; the rest of a large sheet is in the file.
ROWS, COLUMNS, SIGNS = 120, 30, 120
CELLS_OF_A_FILE = 10_000


def pictures_of(book: Book) -> list[dict[str, Any]]:
    """Return the pictures of a file's sheets, of the upper left corner of large ones."""
    found = []
    left = CELLS_OF_A_FILE
    for sheet in book.sheets:
        picture = _picture_of(sheet, left)
        left -= sum(len(cells) for _, cells in picture["rows"])
        found.append(picture)
    return found


def _picture_of(sheet: Sheet, most: int) -> dict[str, Any]:
    columns = min(sheet.column_count, COLUMNS)
    # Merges are counted to the edges of what is shown.
    rows, count = [], 0
    spans = {
        (merge.first_row, merge.first_column): (
            min(merge.last_row, ROWS) - merge.first_row + 1,
            min(merge.last_column, COLUMNS) - merge.first_column + 1,
        )
        for merge in sheet.merges
        if merge.first_row <= ROWS and merge.first_column <= columns
    }
    for row in range(1, min(sheet.row_count, ROWS) + 1):
        cells = []
        for column in range(1, columns + 1):
            cell = sheet.cell(row, column)
            span = spans.get((row, column), (1, 1))
            if cell is None and span == (1, 1):
                continue
            text = cell.text if cell else ""
            is_number = cell is not None and cell.is_number
            cells.append([column, text[:SIGNS], *span, is_number])
        count += len(cells)
        if count > most:
            break
        rows.append([row, cells])
    return {
        "name": sheet.name,
        "columns": columns,
        "row_count": sheet.row_count,
        "rows": rows,
    }
