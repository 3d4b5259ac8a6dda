"""Text as cells: a line is a row, and tabs or Markdown's pipes part its columns.

A text has no columns of its own: cell C44 is the third piece of line 44, so that a
person finds the line. Texts stay as they are printed, but for the marks of a
Markdown heading and `<br/>`, which is a line end.
"""

import io
import re
from collections.abc import Iterator
from typing import IO

from sheets.grid import texts
from sheets.grid.book import Book, Cell, Sheet, address
from sheets.grid.csv import decoded, read_csv
from sheets.grid.limits import Limits, Refused

# Bytes that a cut text may end with before its last sign is whole.
_LONGEST_TAIL = 3
# What a text by commas has at least, so that no sentences are taken for columns.
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 2
_LINE_END = re.compile(r"\r\n|\r|\n")
_PIPE = re.compile(r"(?<!\\)\|")
# What stands below the headings of a Markdown table: |---|:--:|
_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"(\t|\Z)')
# A cell copied out of a spreadsheet is quoted where it has several lines.
_MOST_LINES_OF_A_CELL = 200
# Far more columns than a sheet may have: what is refused is not taken apart first.
_MOST_QUOTED = 1_000

type Pieces = list[str]


def read_text(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Return a text as a book of one sheet named "", each line a row.

    Raises Refused: `text-encoding` where the bytes are neither Unicode nor Big5,
    and where the text is larger than a sheet may be.
    """
    content = source.read()
    text, is_cut = _decoded(content)
    lines = _LINE_END.split(text.replace("\f", " "))
    has_columns = any("\t" in line or line.lstrip().startswith("|") for line in lines)
    separated = None if has_columns else _separated(content, file_name, limits)
    if separated is not None:
        return separated
    rows: dict[int, dict[int, Cell]] = {}
    notices: list[tuple[str, str, str]] = []
    filled = characters = 0
    for row, pieces in _rows(lines):
        cells: dict[int, Cell] = {}
        for column, piece in enumerate(pieces, 1):
            printed = _BREAK.sub("\n", piece).strip()
            if not printed:
                continue
            at = address(row, column)
            if row > limits.rows or column > limits.columns:
                far = {"rows": limits.rows, "columns": limits.columns}
                raise Refused("cell-too-far", sheet="", cell=at, **far)
            most = limits.cell_characters
            if len(printed) > most:
                raise Refused("text-too-long", sheet="", cell=at, limit=most)
            value, notice = texts.clean(texts.as_typed(printed))
            if notice:
                notices.append(("", at, notice))
            if value:
                cells[column] = Cell(row, column, value, value, False)
            characters += len(value)
        filled += len(cells)
        if filled > limits.filled_cells:
            raise Refused("too-many-cells", limit=limits.filled_cells)
        if characters > limits.characters:
            raise Refused("too-much-text", limit=limits.characters)
        if cells:
            rows[row] = cells
    if is_cut and rows:
        last = max(rows)
        notices.append(("", address(last, max(rows[last])), "text-cut"))
    return Book(file_name, (Sheet("", rows),), tuple(notices))


def _separated(content: bytes, file_name: str, limits: Limits) -> Book | None:
    """Return a text without tabs and pipes by its commas, where they make columns."""
    try:
        book = read_csv(io.BytesIO(content), file_name, limits)
    except Refused:
        return None
    widths = [len(cells) for cells in book.sheets[0].rows.values()]
    wide = [width for width in widths if width >= _FEWEST_COLUMNS]
    is_table = len(wide) >= _FEWEST_ROWS and 2 * len(wide) > len(widths)
    return book if is_table else None


def _decoded(content: bytes) -> tuple[str, bool]:
    """Return the text, and whether it ends in the middle of a sign."""
    try:
        return decoded(content), False
    except Refused as refused:
        for length in range(1, _LONGEST_TAIL + 1):
            try:
                return decoded(content[:-length]), True
            except Refused:
                continue
        raise refused from None


def _rows(lines: list[str]) -> Iterator[tuple[int, Pieces]]:
    """Yield the number of each line that says something, with its pieces."""
    at = 0
    in_table = False
    while at < len(lines):
        line, row = lines[at], at + 1
        at += 1
        if not line.strip():
            in_table = False
        elif "\t" in line:
            pieces, at = _tabbed(lines, at)
            yield row, pieces
        elif "|" in line:
            below = lines[at].strip() if at < len(lines) else ""
            bare = line.strip()
            in_table = in_table or bare.startswith("|") or _is_rule(below)
            if not in_table:
                yield row, [_bare(line)]
            elif not _is_rule(bare):
                yield row, _piped(bare)
        else:
            in_table = False
            yield row, [_bare(line)]


def _bare(line: str) -> str:
    return _HEADING.sub("", line.strip(), count=1)


def _is_rule(line: str) -> bool:
    return "|" in line and "-" in line and _RULE.fullmatch(line) is not None


def _piped(line: str) -> Pieces:
    """Return the cells of a row of a Markdown table; a cut row may lack its end."""
    pieces = _PIPE.split(line)
    if line.startswith("|"):
        pieces = pieces[1:]
    if line.endswith("|") and not line.endswith("\\|"):
        pieces = pieces[:-1]
    return [piece.replace("\\|", "|") for piece in pieces]


def _tabbed(lines: list[str], at: int) -> tuple[Pieces, int]:
    """Return the cells of the line before `at`, and the line that comes next.

    A quoted cell may go on over further lines, as spreadsheets copy it. A quote
    that is never closed is a sign like any other.
    """
    rest: str | None = lines[at - 1]
    pieces: Pieces = []
    while rest is not None:
        quoted, after = None, at
        if rest.startswith('"') and len(pieces) < _MOST_QUOTED:
            open_line = rest
            last = min(at + _MOST_LINES_OF_A_CELL, len(lines))
            is_open = rest.count('"') % 2 == 1
            while is_open and after < last:
                open_line += "\n" + lines[after]
                is_open = (lines[after].count('"') % 2 == 1) != is_open
                after += 1
            quoted = _QUOTED.match(open_line)
        if quoted is None:
            piece, tab, rest_after = rest.partition("\t")
        else:
            piece, at = quoted[1].replace('""', '"'), after
            tab, rest_after = quoted[2], open_line[quoted.end() :]
        pieces.append(piece)
        rest = rest_after if tab else None
    return pieces, at
