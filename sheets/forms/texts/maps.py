"""Maps of a text: columns that slipped beside their themes, and maps in lines."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sheets.cells import depth_of, half_width, has_code, split_code, split_items
from sheets.cells.codes import SPANNING, THEMES
from sheets.cells.texts import squashed, without_markup
from sheets.forms.columns import MAP_WORDS, perspective_of
from sheets.forms.texts.layouts import Layout, Part, Piece
from sheets.forms.texts.lines import Line, Printed, Row

_LETTER = re.compile(rf"[{THEMES}]")
_LABEL = re.compile(rf"([{THEMES}])[\s.:、-]*(?![A-Za-z])(\S.*)")
# Names of units in one cell: a space where the printed line ended.
_BETWEEN_UNITS = re.compile(r"(?<=[\u4e00-\u9fff)）])[ \u3000]+(?=[\u4e00-\u9fff])")
_FEWEST = 3
_LONGEST_LABEL = 30


def is_objective(text: str) -> bool:
    """Say whether a text begins with an objective: code, theme and all, and name."""
    if not has_code(text):
        return False
    coded = split_code(text)
    is_whole = coded.code[:1].isalpha() and depth_of(coded.code) == 1
    return is_whole and bool(coded.name)


def part_of_map(printed: Printed, title: str = "", home: str = "") -> Part:
    """Return a printed map as a sheet, each objective below its theme."""
    layout = Layout()
    if title:
        layout.add({1: Piece(title, home)})
    for line in printed.above:
        layout.add({1: line.piece})
    rows = [*printed.headings, *printed.rows]
    first = _first_row_of_objectives(rows)
    shift = _shift(rows[:first], rows[first:])
    is_members = False
    for number, row in enumerate(rows):
        words = {squashed(piece.text) for piece in row.values()}
        is_members = is_members or bool(words & {*MAP_WORDS["members"]})
        laid: Row = {}
        for column, piece in row.items():
            text = without_markup(piece.text)
            moves = column > 1 and (number < first or is_members)
            if is_members and "\n" not in text:
                text = _BETWEEN_UNITS.sub("\n", text)
            laid[column + shift if moves else column] = piece._replace(text=text)
        layout.add(laid)
    return layout.part()


def names_on(printed: Printed) -> dict[str, str]:
    """Return the names of the objectives that a printed map shows, by code."""
    return _named(piece for row in printed.rows for piece in row.values())


def _named(pieces: Iterable[Piece]) -> dict[str, str]:
    return {
        coded.code: coded.name
        for piece in pieces
        for item in split_items(without_markup(piece.text), 1)
        if (coded := split_code(item)).name and depth_of(coded.code) == 1
    }


def _first_row_of_objectives(rows: list[Row]) -> int:
    for number, row in enumerate(rows):
        for piece in row.values():
            if number and (
                squashed(piece.text) in MAP_WORDS["objectives"]
                or perspective_of(piece.text)[0]
                or is_objective(piece.text)
            ):
                return number
    return min(1, len(rows))


def _shift(heads: list[Row], body: list[Row]) -> int:
    """Return by how many columns the objectives stand right of their themes.

    A text has no merged cells: 策略主題 takes one column, and the labels below it two.
    """
    columns = {
        match[1]: column
        for row in heads
        for column, piece in row.items()
        if (match := _theme_letter(piece.text))
    }
    found: Counter[int] = Counter()
    for row in body:
        for column, piece in row.items():
            letter = split_code(piece.text).code[:1]
            if is_objective(piece.text) and letter in columns:
                found[column - columns[letter]] += 1
    if not found:
        return 0
    (shift, count), *_ = found.most_common(1)
    return shift if shift > 0 and 2 * count > found.total() else 0


def _theme_letter(text: str) -> re.Match[str] | None:
    plain = half_width(text).strip()
    return _LABEL.fullmatch(plain) or re.fullmatch(
        rf".*[^\sA-Za-z]\s*\(?([{THEMES}])\)?", plain
    )


@dataclass(slots=True)
class LineMap:
    """A map whose cells are printed one below the other, without any table."""

    lines: list[Line]
    title: str
    home: str
    used: set[int] = field(default_factory=set)

    def is_map(self) -> bool:
        """Say whether the lines are a map: perspectives, and objectives below them."""
        codes = sum(is_objective(line.piece.text) for line in self.lines)
        labels = sum(bool(perspective_of(li.piece.text)[0]) for li in self.lines)
        return codes >= _FEWEST and labels > 0

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the objectives by code."""
        return _named(li.piece for li in self.lines if is_objective(li.piece.text))

    def part(self) -> Part:
        """Return the map as a sheet; `used` are the rows of the lines it took."""
        layout = Layout()
        layout.add({1: Piece(self.title, self.home)})
        parent, themes = self._themes()
        columns = {letter: column for column, letter in enumerate(themes, 2)}
        for line in self.lines:
            if line.row not in self.used and line.is_claim:
                layout.add({1: line.piece})
                self.used.add(line.row)
        first = self.lines[0].piece.home
        head = {1: Piece(MAP_WORDS["themes"][0], first)}
        layout.add(head | ({2: parent} if parent else {}))
        if themes:
            layout.add({columns[letter]: piece for letter, piece in themes.items()})
        label: Piece | None = None
        for line in self.lines:
            text = line.piece.text
            if line.row in self.used:
                continue
            if perspective_of(text)[0]:
                label = line.piece
            elif is_objective(text):
                letter = split_code(text).code[0]
                beyond = len(themes) + 2
                place = 2 if letter == SPANNING else columns.get(letter, beyond)
                row = {place: line.piece}
                layout.add(row | ({1: label} if label else {}))
                label = None
            else:
                continue
            self.used.add(line.row)
        return layout.part()

    def _themes(self) -> tuple[Piece | None, dict[str, Piece]]:
        """Return what the themes serve, and the themes by letter, in their order."""
        themes: dict[str, Piece] = {}
        labels: dict[str, tuple[Line, Piece]] = {}
        letter: Line | None = None
        for line in self.lines:
            text = line.piece.text
            if is_objective(text) or perspective_of(text)[0]:
                break
            if letter is not None and len(text) <= _LONGEST_LABEL:
                name = Piece(f"{letter.piece.text} {text}", line.piece.home)
                themes[letter.piece.text] = name
                self.used |= {letter.row, line.row}
                letter = None
            elif _LETTER.fullmatch(text):
                letter = line
            elif len(text) > _LONGEST_LABEL:
                continue
            elif match := _LABEL.fullmatch(half_width(text)):
                labels[match[1]] = (line, line.piece)
        if not themes:
            for code, (line, piece) in labels.items():
                themes[code] = piece
                self.used.add(line.row)
            return None, themes
        above = [one for code, one in labels.items() if code not in themes]
        if len(above) != 1:
            return None, themes
        line, piece = above[0]
        self.used.add(line.row)
        return piece, themes
