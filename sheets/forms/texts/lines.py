"""The lines of a text: which are titles, which are tables, which are neither."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets.cells import (
    depth_of,
    half_width,
    has_code,
    join_wrapped,
    split_code,
    squashed,
)
from sheets.forms.blocks import Block
from sheets.forms.claims import claims_of
from sheets.forms.columns import MAP_WORDS, perspective_of
from sheets.forms.headings import heading_of
from sheets.forms.tables import forms_in
from sheets.forms.texts.layouts import Piece
from sheets.forms.titles import FORM_WORDS
from sheets.forms.wordings import Vocabulary
from sheets.grid import Cell, Sheet

type Row = dict[int, Piece]

MAP = "strategy-map"
LONGEST_TITLE = 60
# How many headings a table may have that is printed one cell a line.
_FEWEST, _MOST = 3, 40
# What a person writes in sentences and lists is no title, whatever words it has.
_NO_TITLE = re.compile(r"[。,;!?]|:$|^[-*•◆◇■□✓\u2460-\u2473](?!\*)|^\(?\d+[.)]")
_HEAD = re.compile(r"^\s*[【\[]?\s*(?:使命|願景|核心價值)\s*[】\]]?(?:\s*[:：].*|\s*)$")
_PAGE = re.compile(r"^\d{1,3}[\s.、]+(?=\D|\d{2,3}\s*年)")
_MONTHS = re.compile(r"\d{1,2}(?:[-~～至]\d{1,2})?月")
_BOLD = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text: a title where `title` is not empty."""

    row: int
    piece: Piece
    title: str = ""

    @property
    def is_claim(self) -> bool:
        """Say whether the line prints counts: 「研擬9項策略目標，10項關鍵績效指標」."""
        text = self.piece.text
        cell = Cell(self.row, 1, text, text, False)
        return bool(claims_of(Sheet("", {self.row: {1: cell}})))


@dataclass(slots=True)
class Printed:
    """A table as printed, from its headings to its last row.

    `form` is "" for a table of no known form; `headings` are its rows of headings and
    `keys` the columns they name. `above` are the lines between its title and them. A
    broken one was printed with one cell a line.
    """

    form: str
    headings: list[Row]
    keys: dict[int, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    above: list[Line] = field(default_factory=list)
    is_broken: bool = False

    @property
    def first(self) -> str:
        """Return the address of the first cell."""
        return next(iter(self.headings[0].values())).home

    @property
    def words(self) -> dict[int, str]:
        """Return the lowest heading of each column, squashed."""
        return {
            column: squashed(piece.text)
            for row in self.headings
            for column, piece in row.items()
        }


def pieces_of(cells: Mapping[int, Cell]) -> Row:
    return {
        column: Piece(cell.text, cell.address, cell) for column, cell in cells.items()
    }


def title_in(text: str) -> str:
    """Return the title a line is, without page number and bold marks; "" for none."""
    bare = _BOLD.sub("", join_wrapped(text)).strip()
    bare = _PAGE.sub("", bare).strip()
    plain = half_width(bare)
    if len(bare) > LONGEST_TITLE or not FORM_WORDS.search(plain):
        return ""
    if _NO_TITLE.search(plain) or heading_of(bare) or has_code(bare):
        return ""
    return bare


@dataclass(slots=True)
class Scanner:
    """Walks down a text and parts it into lines and tables, in their order."""

    sheet: Sheet
    vocabulary: Vocabulary
    found: list[Line | Printed] = field(default_factory=list)
    _blocks: dict[int, tuple[str, Block]] = field(default_factory=dict)
    _open: Printed | None = None
    _last: int = 0
    _no_headings: int = 0

    def scan(self) -> list[Line | Printed]:
        """Return the lines and tables of the text."""
        self._blocks = {
            block.first_row: (form, block)
            for form, block in forms_in(self.sheet, self.vocabulary)
        }
        rows = list(self.sheet.rows)
        place = 0
        while place < len(rows):
            row = rows[place]
            if taken := self._broken_table(rows, place):
                place += taken
            elif row in self._blocks:
                form, block = self._blocks[row]
                until = block.last_row
                headings = [r for r in rows[place : place + 5] if r <= until]
                self._begin(form, headings, block)
                place += len(headings)
            else:
                self._take(row, self.sheet.rows[row])
                place += 1
        return self.found

    def _take(self, row: int, cells: Mapping[int, Cell]) -> None:
        form = self._form(cells)
        if form:
            self._begin(form, [row])
        elif _HEAD.match(next(iter(cells.values())).text):
            # Mission, vision and values of a map: label and text may be two cells.
            self._open = None
            self.found += [Line(row, piece) for piece in pieces_of(cells).values()]
        elif len(cells) == 1:
            self._single(row, next(iter(cells.values())))
        elif self._open is not None:
            self._open.rows.append(pieces_of(cells))
            self._last = row
        else:
            self._begin("", [row])

    def _form(self, cells: Mapping[int, Cell]) -> str:
        """Return the form of headings that are no columns of KPIs, "" for none."""
        if len(cells) < 2:
            return ""
        if any(squashed(cell.text) in MAP_WORDS["themes"] for cell in cells.values()):
            return MAP
        # A plan of tasks has months beside its one heading.
        if sum(bool(_MONTHS.fullmatch(cell.text)) for cell in cells.values()) < 2:
            return ""
        known = [heading_of(cell.text, self.vocabulary) for cell in cells.values()]
        is_plan = any(heading and heading.key == "task" for heading in known)
        return "main-tasks" if is_plan else ""

    def _begin(self, form: str, rows: list[int], block: Block | None = None) -> None:
        spots = block.spots if block else ()
        keys = {spot.column: spot.heading.key if spot.heading else "" for spot in spots}
        headings = [pieces_of(self.sheet.rows[row]) for row in rows]
        self._open = Printed(form, headings, keys)
        self.found.append(self._open)
        self._last = rows[-1]

    def _single(self, row: int, cell: Cell) -> None:
        title = title_in(cell.text) if cell.column == 1 else ""
        is_row = cell.column > 1 or bool(perspective_of(cell.text)[0])
        if row == self._last + 1:
            # A title among rows, with rows right below it, heads a group of them.
            is_band = len(self.sheet.rows.get(row + 1, {})) > 1
            is_row = is_row or not title or (is_band and row + 1 not in self._blocks)
        if is_row and self._open is not None:
            self._open.rows.append(pieces_of({cell.column: cell}))
            self._last = row
            return
        self._open = None
        piece = Piece(join_wrapped(cell.text), cell.address, cell)
        self.found.append(Line(row, piece, title))

    # Tables whose cells stand one below the other

    def _broken_table(self, rows: list[int], place: int) -> int:
        """Take a table printed one cell a line; return how many lines it has."""
        if rows[place] <= self._no_headings:
            return 0
        headings: list[Cell] = []
        for row in (rows[number] for number in range(place, len(rows))):
            cell = self._lone(row)
            if cell is None or heading_of(cell.text, self.vocabulary) is None:
                break
            headings.append(cell)
            # A run of headings is looked at once, whatever it turns out to be.
            self._no_headings = row
        if not _FEWEST <= len(headings) <= _MOST:
            return 0
        side_by_side = {
            column: cell._replace(row=1, column=column)
            for column, cell in enumerate(headings, 1)
        }
        forms = [*forms_in(Sheet("", {1: side_by_side}), self.vocabulary)]
        if not forms:
            return 0
        form, block = forms[0]
        keys = {s.column: s.heading.key for s in block.spots if s.heading}
        heading = pieces_of(dict(enumerate(headings, 1)))
        printed = Printed(form, [heading], keys, is_broken=True)
        at = place + len(headings)
        while values := self._values(rows[at : at + len(headings)]):
            printed.rows.append(values)
            at += len(values)
        self.found.append(printed)
        self._open = None
        return at - place

    def _values(self, rows: list[int]) -> Row:
        """Return the values of one row as far as they go; none where no KPI begins."""
        values: Row = {}
        for column, row in enumerate(rows, 1):
            cell = self._lone(row)
            begins = cell is not None and depth_of(split_code(cell.text).code) == 2
            if cell is None or begins != (column == 1) or title_in(cell.text):
                break
            values[column] = Piece(cell.text, cell.address, cell)
        return values

    def _lone(self, row: int) -> Cell | None:
        cells = self.sheet.rows[row]
        return cells.get(1) if len(cells) == 1 else None
