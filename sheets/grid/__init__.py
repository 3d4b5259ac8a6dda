"""A file as cells: stored value, displayed text, merge, hidden or not."""

from sheets.grid.book import (
    Book,
    Cell,
    Merge,
    Sheet,
    Value,
    address,
    column_letters,
    position,
)
from sheets.grid.kinds import file_kind, read_workbook
from sheets.grid.limits import Limits, Refused
from sheets.grid.texts import has_unsafe_characters
from sheets.grid.wire import from_bytes, to_bytes

__all__ = [
    "Book",
    "Cell",
    "Limits",
    "Merge",
    "Refused",
    "Sheet",
    "Value",
    "address",
    "column_letters",
    "file_kind",
    "from_bytes",
    "has_unsafe_characters",
    "position",
    "read_workbook",
    "to_bytes",
]
