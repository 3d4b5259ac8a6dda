"""Comma-separated values as cells: one sheet without a name, numbers as printed."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, NamedTuple

from sheets.grid import texts
from sheets.grid.book import Book, Cell, Sheet, Value, address
from sheets.grid.limits import Limits, Refused
from sheets.grid.values import stored_number

DELIMITERS = ",;\t"
# Rows, and characters, that are enough to tell the delimiter by.
_SAMPLE_ROWS = 200
_SAMPLE = 500_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What Chinese programs of before Unicode write: Big5 as Windows extends it.
_BIG5 = "cp950"
_REPLACED = "\N{REPLACEMENT CHARACTER}"
# Excel writes the delimiter into a first line of its own, and shows no such row.
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?(?:\n|\Z)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
# Possessive: two quotes are one sign, and never the end of a text that has none.
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
# What is a number in any spreadsheet; 007 and 1900,000 are texts in all of them.
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_BOUNDLESS = Limits(rows=1 << 60, columns=1 << 60, cell_characters=1 << 60)


class Field(NamedTuple):
    """One field: where it stands, its text, and the line of the file it begins in."""

    row: int
    column: int
    text: str
    line: int


def read_csv(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Return comma-separated values as a book of one sheet named "".

    Raises Refused: `text-encoding` (line) where the bytes are neither Unicode nor
    Big5, `csv-quote` (line) where a quote is not closed.
    """
    text = decoded(source.read())
    delimiter, text = _delimiter(text)
    rows: dict[int, dict[int, Cell]] = {}
    notices: list[tuple[str, str, str]] = []
    filled = empty = characters = 0
    for row, column, printed, _ in fields(text, delimiter, limits):
        if not printed:
            empty += 1
            if empty > limits.empty_cells:
                raise Refused("too-many-cells", limit=limits.empty_cells)
            continue
        filled += 1
        characters += len(printed)
        if filled > limits.filled_cells:
            raise Refused("too-many-cells", limit=limits.filled_cells)
        if characters > limits.characters:
            raise Refused("too-much-text", limit=limits.characters)
        try:
            cell, notice = _cell(row, column, printed, limits)
        except Refused as refused:
            raise _at(refused, row, column) from None
        if notice:
            notices.append(("", address(row, column), notice))
        if cell.text:
            rows.setdefault(row, {})[column] = cell
    return Book(file_name, (Sheet("", rows),), tuple(notices))


def decoded(content: bytes) -> str:
    """Return the text of a file's bytes: Unicode with or without a mark, or Big5.

    Raises Refused (`text-encoding`) with the first line that is neither.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding)
    try:
        return content.decode()
    except UnicodeDecodeError:
        is_broken_unicode = _is_mostly_unicode(content)
    # A damaged file is not to be read as the nonsense it may be in another encoding.
    return _strict(content, "utf-8" if is_broken_unicode else _BIG5)


def fields(text: str, delimiter: str, limits: Limits) -> Iterator[Field]:
    """Yield each field in order, the empty ones too; quotes may hold line ends.

    Raises Refused where a quote is not closed, or a text too long or too far out.
    """
    row = column = line = 1
    at, end = 0, len(text)
    stop = re.compile(rf"[{delimiter}\r\n]")
    while at < end:
        started = line
        if text[at] == '"':
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise Refused("csv-quote", line=line)
            found = quoted[1].replace('""', '"')
            line += len(_LINE_END.findall(quoted[1]))
            at = quoted.end()
        else:
            found = ""
        match = stop.search(text, at)
        until = match.start() if match else end
        # What follows a closing quote belongs to it, as Excel reads it.
        found += text[at:until]
        if found:
            _require_near(found, row, column, limits)
        yield Field(row, column, found, started)
        at = until + 1
        if match is None:
            return
        if match[0] == delimiter:
            column += 1
            if at == end:
                yield Field(row, column, "", line)
        else:
            if match[0] == "\r" and text[at : at + 1] == "\n":
                at += 1
            row, column, line = row + 1, 1, line + 1


def _require_near(text: str, row: int, column: int, limits: Limits) -> None:
    if row > limits.rows or column > limits.columns:
        refused = Refused("cell-too-far", rows=limits.rows, columns=limits.columns)
        raise _at(refused, row, column)
    if len(text) > limits.cell_characters:
        raise _at(Refused("text-too-long", limit=limits.cell_characters), row, column)


def _at(refused: Refused, row: int, column: int) -> Refused:
    return Refused(refused.code, sheet="", cell=address(row, column), **refused.params)


def _cell(row: int, column: int, printed: str, limits: Limits) -> tuple[Cell, str]:
    """Return a cell, and the code of what is odd in it or ""."""
    bare = printed.strip(" ")
    value: Value = None
    if _PLAIN_NUMBER.fullmatch(bare):
        value = stored_number(bare, limits)
    if value is not None:
        return Cell(row, column, value, bare, True), ""
    text, notice = texts.clean(texts.as_typed(printed))
    return Cell(row, column, text, text, False), notice


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter, by what the rows are made of, and the text to read.

    Rows of one table are equally wide: the delimiter that makes most rows so is it,
    and of several the one that makes more columns.
    """
    if said := _SEPARATOR_LINE.match(text):
        return said[1], text[said.end() :]
    return max(DELIMITERS, key=lambda delimiter: _evidence(text, delimiter)), text


def _evidence(text: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows are equally wide, and how wide; (0, 0) for one column."""
    widths: dict[int, int] = {}
    # Whether a text is too long, or never closed, is another question.
    with suppress(Refused):
        for field in fields(text[:_SAMPLE], delimiter, _BOUNDLESS):
            if field.row > _SAMPLE_ROWS:
                break
            widths[field.row] = field.column
    counts = Counter(width for width in widths.values() if width > 1)
    return max(((count, width) for width, count in counts.items()), default=(0, 0))


def _is_mostly_unicode(content: bytes) -> bool:
    """Say whether bytes are UTF-8 with some damage: Big5 hardly ever looks like it."""
    text = content.decode(errors="replace")
    broken = text.count(_REPLACED)
    wide = sum(1 for letter in text if letter > "\u07ff") - broken
    return wide > 10 * broken


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # Up to the first byte that fits nothing, all of it does.
        before = content[: error.start].decode(encoding, "ignore")
        line = len(_LINE_END.findall(before)) + 1
        raise Refused("text-encoding", line=line) from None
