"""Cells and rows of an open document: what they say, and how often."""

import re
from datetime import datetime, timedelta

from sheets.grid import dates, texts
from sheets.grid.book import LAST_COLUMN, LAST_ROW, Cell, Merge
from sheets.grid.draft import Draft
from sheets.grid.formats import number_format
from sheets.grid.limits import Refused
from sheets.grid.values import Read, Values, stored_number

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = f"{_NAMES}:office:1.0"
STYLE = f"{_NAMES}:style:1.0"
TABLE = f"{_NAMES}:table:1.0"
TEXT = f"{_NAMES}:text:1.0"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"

_SPACES = re.compile(r"[ \t\r\n]+")
_NUMBERS = ("float", "percentage", "currency")
_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?"
    r"(?:([0-9]{1,9})(?:[.,]([0-9]{1,9}))?S)?)?"
)
# How a value is shown that has no words beside it.
_SHOWN = {
    "percentage": number_format("0.00%"),
    "date": number_format("yyyy/m/d"),
    "moment": number_format("yyyy/m/d h:mm"),
    "time": number_format("[h]:mm:ss"),
}
_GENERAL = number_format("General")


class Words:
    """The words of one cell while they are read, beside its attributes."""

    def __init__(self, row: "Row", attributes: dict[str, str]) -> None:
        self.row = row
        self.attributes = attributes
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.length = 0
        self.is_open = False
        self.is_spaced = True

    @staticmethod
    def cleaned(text: str) -> str:
        """Return a text without control characters."""
        return texts.clean(texts.as_typed(text))[0]

    def open_paragraph(self) -> None:
        self.is_open, self.is_spaced = True, True
        self.pieces.clear()

    def close_paragraph(self) -> None:
        if self.is_open:
            text = "".join(self.pieces)
            # A space at the end of a paragraph is only how the XML is written.
            if self.is_spaced and text.endswith(" "):
                text = text[:-1]
            self.paragraphs.append(text)
            self._count(1)
        self.is_open = False

    def take(self, piece: str) -> None:
        """Take written words: spaces and line ends in a row are one space."""
        piece = _SPACES.sub(" ", piece)
        if self.is_spaced and piece.startswith(" "):
            piece = piece[1:]
        if piece:
            self.is_spaced = piece.endswith(" ")
            self._add(piece)

    def take_sign(self, element: str, attributes: dict[str, str]) -> None:
        """Take spaces, a tab or a line break, which are elements."""
        if not self.is_open:
            return
        if element == f"{TEXT} s":
            # As many as could be kept at all: one more is too long.
            most = self.row.draft.limits.cell_characters + 1
            self._add(" " * min(_number(attributes, f"{TEXT} c", 1), most))
        elif element == f"{TEXT} tab":
            self._add("\t")
        elif element == f"{TEXT} line-break":
            self._add("\n")
        else:
            return
        self.is_spaced = False

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self._count(len(piece))

    def _count(self, length: int) -> None:
        self.length += length
        draft = self.row.draft
        # Each paragraph ends with a line end, but for the last.
        if self.length - 1 > draft.limits.cell_characters:
            raise draft.too_long(self.row.first, self.row.column)

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


class Contents:
    """Reads what a cell stores, from its attributes and its words."""

    def __init__(self, values: Values) -> None:
        self.values = values

    @staticmethod
    def number(attributes: dict[str, str], name: str) -> int:
        return _number(attributes, name, 1)

    def read(self, words: Words) -> Read | None:
        """Return what a cell holds, None for an empty one. Raises Refused."""
        attributes = words.attributes
        kind = attributes.get(f"{OFFICE} value-type", "")
        shown = words.text
        if attributes.get(f"{_CALC} value-type") == "error":
            return self._text(shown, "error-value")
        if kind in _NUMBERS:
            return self._number(attributes.get(f"{OFFICE} value", ""), kind, shown)
        if kind == "date":
            return self._date(attributes.get(f"{OFFICE} date-value", ""), shown)
        if kind == "time":
            return self._time(attributes.get(f"{OFFICE} time-value", ""), shown)
        if kind == "boolean":
            is_true = attributes.get(f"{OFFICE} boolean-value") == "true"
            return is_true, "TRUE" if is_true else "FALSE", False, ""
        if kind not in ("", "string", "void"):
            raise Refused("file-broken", reason="kind")
        stored = attributes.get(f"{OFFICE} string-value", "")
        return self._text(shown or stored, "") if shown or stored else None

    def _text(self, shown: str, notice: str) -> Read:
        limit = self.values.limits.cell_characters
        if len(shown) > limit:
            raise Refused("text-too-long", limit=limit)
        text, found = texts.clean(texts.as_typed(shown))
        return text, text, False, notice or found

    def _number(self, stored: str, kind: str, shown: str) -> Read:
        number = stored_number(stored, self.values.limits)
        if number is None:
            raise Refused("file-broken", reason="number")
        drawn = _SHOWN.get(kind, _GENERAL).number_text(number)
        text, notice = texts.clean(shown)
        return number, text.strip(" ") or drawn, True, notice

    def _date(self, stored: str, shown: str) -> Read:
        try:
            when = datetime.fromisoformat(stored.strip()).replace(tzinfo=None)
        except ValueError:
            raise Refused("file-broken", reason="number") from None
        is_day = when == datetime(when.year, when.month, when.day)
        drawn = _SHOWN["date" if is_day else "moment"]
        text, notice = texts.clean(shown)
        return when, text or drawn.number_text(dates.serial_of(when)), False, notice

    def _time(self, stored: str, shown: str) -> Read:
        """Return a time as the share of a day that a spreadsheet counts it as."""
        match = _DURATION.fullmatch(stored.strip())
        if match is None:
            raise Refused("file-broken", reason="number")
        days, hours, minutes, seconds = (int(match[n] or 0) for n in range(2, 6))
        parts = int((match[6] or "").ljust(6, "0")[:6])
        moments = timedelta(0, seconds, parts, 0, minutes, hours)
        number = dates.serial_of(datetime(1899, 12, 30) + moments) + days
        text, notice = texts.clean(shown)
        text = text or _SHOWN["time"].number_text(number)
        return -number if match[1] else number, text, True, notice


class Row:
    """One row of a table while it is read, with how often it stands there."""

    def __init__(self, draft: Draft, first: int, count: int) -> None:
        self.draft = draft
        self.first = first
        self.count = count
        self.column = 1
        # First column, how many, and what they hold.
        self.filled: list[tuple[int, int, Read]] = []
        # First column, how many times, and how many rows and columns are one.
        self.spans: list[tuple[int, int, int, int]] = []

    def take(self, words: Words, contents: Contents) -> None:
        """Take a cell, as often as it is repeated. Raises Refused."""
        attributes = words.attributes
        count = contents.number(attributes, f"{TABLE} number-columns-repeated")
        draft, column = self.draft, self.column
        try:
            found = contents.read(words)
        except Refused as refused:
            raise draft.at(refused, self.first, column) from None
        # The place is counted on, however far: only what is filled must be near.
        self.column = min(column + count, LAST_COLUMN + 1)
        rows = contents.number(attributes, f"{TABLE} number-rows-spanned")
        columns = contents.number(attributes, f"{TABLE} number-columns-spanned")
        if rows > 1 or columns > 1:
            self.spans.append((column, count, rows, columns))
        if found is not None and (found[1] or found[0] != ""):
            self._require_near(column + count - 1)
            self.filled.append((column, count, found))
            draft.count(count * self.count, count * self.count * len(found[1]))
            if found[3]:
                # Once, however often the cell is repeated.
                draft.notice(self.first, column, found[3])
            return
        has_formula = f"{TABLE} formula" in attributes
        if self.first <= LAST_ROW and column <= LAST_COLUMN:
            draft.take_empty_or_far(self.first, column, "", has_formula)

    def _require_near(self, last_column: int) -> None:
        """Refuse cells that are repeated too far out, before they are unrolled."""
        limits, last_row = self.draft.limits, self.first + self.count - 1
        if last_row > limits.rows or last_column > limits.columns:
            refused = Refused("cell-too-far", rows=limits.rows, columns=limits.columns)
            raise self.draft.at(refused, last_row, last_column)

    def place(self) -> None:
        """Give the row's cells and merges to the sheet, for each time it stands."""
        draft = self.draft
        for column, count, found in self.filled:
            value, text, is_number, _ = found
            for row in range(self.first, self.first + self.count):
                cells = draft.cells_of(row)
                for place in range(column, column + count):
                    if place in cells:
                        raise draft.broken("twice", row, place)
                    cells[place] = Cell(row, place, value, text, is_number)
        for column, count, rows, columns in self.spans:
            draft.count_merges(count * self.count)
            for row in range(self.first, self.first + self.count):
                for place in range(column, column + count):
                    last_row = min(row + rows - 1, LAST_ROW)
                    last_column = min(place + columns - 1, LAST_COLUMN)
                    if row <= last_row and place <= last_column:
                        draft.merges.append(Merge(row, place, last_row, last_column))


def _number(attributes: dict[str, str], name: str, otherwise: int) -> int:
    """Return how often something is meant. Raises Refused where that is no number."""
    text = attributes.get(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or len(text) > 7:
        raise Refused("file-broken", part="content.xml", reason="number")
    return max(int(text), 1)
