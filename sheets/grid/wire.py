"""A book as bytes, for the pipe between the process that reads and ours.

JSON, for what comes out of a hostile file must not be able to run anything. Each
text is sent once, however many cells show it.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from sheets.grid.book import Book, Cell, Merge, Sheet, Value, uncollected

# How a value is sent: left out where it is the text itself.
_NUMBER, _BOOLEAN, _MOMENT, _TEXT, _NOTHING = range(5)


def to_bytes(book: Book) -> bytes:
    """Return a book as compact JSON."""
    places: dict[str, int] = {}

    def sent(cell: Cell) -> list[object]:
        place = places.setdefault(cell.text, len(places))
        value = cell.value
        if isinstance(value, str):
            if value == cell.text:
                return [cell.column, place]
            return [cell.column, place, _TEXT, value]
        if isinstance(value, Decimal):
            return [cell.column, place, _NUMBER, str(value)]
        if isinstance(value, bool):
            return [cell.column, place, _BOOLEAN, value]
        if value is None:
            return [cell.column, place, _NOTHING, None]
        return [cell.column, place, _MOMENT, value.isoformat()]

    sheets = [
        {
            "name": sheet.name,
            "rows": [
                [row, [sent(cell) for cell in cells.values()]]
                for row, cells in sheet.rows.items()
            ],
            "merges": [
                [m.first_row, m.first_column, m.last_row, m.last_column]
                for m in sheet.merges
            ],
            "hidden_rows": sorted(sheet.hidden_rows),
            "hidden_columns": sorted(sheet.hidden_columns),
            "is_hidden": sheet.is_hidden,
        }
        for sheet in book.sheets
    ]
    answer = {
        "file_name": book.file_name,
        "sheets": sheets,
        "notices": book.notices,
        "texts": list(places),
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(sent: bytes) -> Book:
    """Return the book that `to_bytes` sent. Raises ValueError where it is none."""
    try:
        with uncollected():
            return _book(json.loads(sent))
    except (ArithmeticError, LookupError, TypeError, RecursionError) as error:
        raise ValueError("not a book") from error


def _book(read: dict[str, Any]) -> Book:
    texts = [_as(str, text) for text in read["texts"]]
    sheets = tuple(_sheet(sheet, texts) for sheet in read["sheets"])
    notices = tuple(
        (_as(str, sheet), _as(str, cell), _as(str, code))
        for sheet, cell, code in read["notices"]
    )
    return Book(_as(str, read["file_name"]), sheets, notices)


def _as[T](kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise TypeError(kind)
    return value


def _sheet(sheet: dict[str, object], texts: list[str]) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for row, cells in _as(list, sheet["rows"]):
        rows[_as(int, row)] = {
            cell[0]: _cell(row, cell, texts) for cell in _as(list, cells)
        }
    merges = (
        Merge(*(_as(int, edge) for edge in edges))
        for edges in _as(list, sheet["merges"])
    )
    return Sheet(
        _as(str, sheet["name"]),
        rows,
        tuple(merges),
        frozenset(_as(int, row) for row in _as(list, sheet["hidden_rows"])),
        frozenset(_as(int, column) for column in _as(list, sheet["hidden_columns"])),
        _as(bool, sheet["is_hidden"]),
    )


def _cell(row: int, sent: list[object], texts: list[str]) -> Cell:
    column, place = _as(int, sent[0]), _as(int, sent[1])
    text = texts[place]
    if len(sent) == 2:
        return Cell(row, column, text, text, False)
    kind, raw = sent[2], sent[3]
    value: Value
    if kind == _NUMBER:
        return Cell(row, column, Decimal(_as(str, raw)), text, True)
    if kind == _BOOLEAN:
        value = _as(bool, raw)
    elif kind == _MOMENT:
        value = datetime.fromisoformat(_as(str, raw))
    elif kind == _TEXT:
        value = _as(str, raw)
    else:
        value = None
    return Cell(row, column, value, text, False)
