"""One sheet's XML by pattern, where it is written as nearly all programs do.

Elements one by one cost more than half of the time of reading; a pattern that knows
how Excel, LibreOffice and openpyxl write their cells costs a third of that. A parser
still checks all of the XML, and the pattern accounts for every tag among the rows:
at the first one it does not know, the sheet is read element by element instead.
"""

import re
from typing import IO

from sheets.grid import xml
from sheets.grid.book import Cell, Value, position
from sheets.grid.draft import Draft
from sheets.grid.limits import Refused
from sheets.grid.worksheet import follow

_CHUNK = 65_536
# Rows are cut off where one ends; a row longer than this is not usual.
_LONGEST_ROW = 8_000_000
_NAMESPACE = b"spreadsheetml/2006/main"
_HEAD = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:<\?xml[^>?]*\?>)?\s*<worksheet[\s>]", re.IGNORECASE
)
_OTHER_ENCODING = re.compile(rb"encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)
# The parser has seen that every tag is closed by its own.
_TAGS = re.compile(
    r"""<c\ r="([A-Z]{1,3})([0-9]{1,7})"(?:\ s="([0-9]{1,6})")?
        (?:\ t="([A-Za-z]{1,9})")?\ ?
        (?:/>|>(?:(<f)[^<>]*(?:/>|>[^<]*</f>))?
            (?:(?:<v>|<is><t(?:\ xml:space="preserve")?>)([^<]*)(?:</v>|</t></is>)
                |<v\ ?/>)?
        </c>)
      | <row\ r="([0-9]{1,7})"([^<>]*)> | </row> | (<)""",
    re.VERBOSE,
)
_HIDDEN = re.compile(r'\bhidden="(?:1|true)"')
_REFERENCE = re.compile("&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Unusual(Exception):
    """A sheet that is written in another way; nothing is wrong with that."""


def read_usual(stream: IO[bytes], draft: Draft) -> None:
    """Fill `draft` with the sheet in `stream`.

    Raises Unusual where the pattern does not fit, and Refused.
    """
    checked = xml.Checked(stream, draft.part)
    outline = follow(draft)
    before, start, buffer = _until(checked, b"<sheetData>")
    if not _HEAD.match(before) or _OTHER_ENCODING.search(before[:200]):
        raise Unusual
    if before.count(_NAMESPACE) != 1 or b"<!" in before:
        raise Unusual
    outline.Parse(before + start, False)
    rows = _Rows(draft)
    is_inside = True
    while is_inside:
        end = buffer.find(b"</sheetData>")
        is_inside = end < 0
        cut = buffer.rfind(b"</row>") + len(b"</row>") if is_inside else end
        if cut >= len(b"</row>") or not is_inside:
            rows.take(buffer[:cut])
            buffer = buffer[cut:]
        if is_inside:
            chunk = checked.read(_CHUNK)
            if not chunk or len(buffer) > _LONGEST_ROW:
                raise Unusual
            buffer += chunk
    # What stands around the rows is little, and is read element by element.
    while buffer:
        if _NAMESPACE in buffer:
            raise Unusual
        outline.Parse(buffer, False)
        buffer = checked.read(_CHUNK)
    outline.Parse(b"", True)


def _until(stream: xml.Checked, mark: bytes) -> tuple[bytes, bytes, bytes]:
    read = b""
    while mark not in read:
        chunk = stream.read(_CHUNK)
        if not chunk or len(read) > _LONGEST_ROW:
            raise Unusual
        read += chunk
    return read.partition(mark)


class _Rows:
    """Takes rows from the text between two row ends."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.columns: dict[str, int] = {}
        self.row = 0

    def take(self, rows: bytes) -> None:
        """Take whole rows. What is nothing special is done here, without a call."""
        if _NAMESPACE in rows or b"\r" in rows:
            raise Unusual
        try:
            tags = _TAGS.findall(rows.decode())
        except UnicodeDecodeError:
            raise Unusual from None
        draft, columns, row, row_text = self.draft, self.columns, self.row, ""
        last_row, last_column = draft.limits.rows, draft.limits.columns
        read, remembered = draft.values.read, draft.values.remembered
        as_stored, longest = draft.values.styles_as_stored, draft.limits.cell_characters
        value: Value
        filled = characters = 0
        cells: dict[int, Cell] = {}
        for letters, digits, style, kind, formula, raw, begun, rest, other in tags:
            if letters:
                if digits != row_text:
                    raise Unusual
                column = columns.get(letters)
                if column is None:
                    column = columns[letters] = _column(letters)
                if "&" in raw:
                    raw = _REFERENCE.sub(_character, raw)
                if not raw or column > last_column or row > last_row:
                    draft.take_empty_or_far(row, column, raw, formula != "")
                    continue
                if (
                    kind == "inlineStr"
                    and style in as_stored
                    and raw.isprintable()
                    and "_x" not in raw
                    and len(raw) <= longest
                ):
                    value, text, is_number, notice = raw, raw, False, ""
                elif found := remembered.get((raw, kind, style)):
                    value, text, is_number, notice = found
                else:
                    try:
                        value, text, is_number, notice = read(raw, kind, style)
                    except Refused as refused:
                        raise draft.at(refused, row, column) from None
                if notice:
                    draft.notice(row, column, notice)
                if column in cells:
                    raise draft.broken("twice", row, column)
                filled += 1
                if not text and value == "":
                    continue
                cells[column] = Cell(row, column, value, text, is_number)
                characters += len(text)
            elif begun:
                row_text = begun
                hidden = "1" if rest and _HIDDEN.search(rest) else ""
                row = draft.take_row({"r": begun, "hidden": hidden}, row)
                cells = draft.cells_of(row)
            elif other:
                raise Unusual
        self.row = row
        draft.count(filled, characters)


def _column(letters: str) -> int:
    try:
        return position(f"{letters}1")[1]
    except ValueError:
        raise Unusual from None


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1], 16) if match[1] else int(match[2]))
