"""Rows of headings: one, two or three of them that make one heading a column."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import permutations

from sheets.cells import has_code, split_code, squashed
from sheets.forms.columns import YEARLY
from sheets.forms.headings import LONGEST, Heading, heading_of, is_bare_year
from sheets.forms.wordings import Vocabulary
from sheets.grid import Cell, Sheet

# Further rows of headings above or below the row that names the KPIs.
_FURTHER = 2
# Rows below headings that tell what stands under one.
_LOOKED_AT = 12
_ANCHORS = frozenset({"kpi", "kpis", "task", "goal", "before"})
# Columns of which a cell below the headings is a row of the table.
_BODY = frozenset({"kpi", "objective", "factor", "plan"})
# A row that only counts the columns: (1), (2), (3)=(2)/(1), or A, B, C.
_COUNT = re.compile(
    r"[(]?(?:\d{1,2}|[a-z]|[甲乙丙丁戊己庚辛])[)]?(?:=[-+*/×÷()a-z\d%]*)?"
)
_COUNTED = 3
_NEUTRAL = re.compile(r"[(].{0,8}[)]|小計|合計")


@dataclass(frozen=True, slots=True)
class Spot:
    """The heading of one column: its lowest cell, all its words, what they say."""

    column: int
    last: int
    cell: Cell
    text: str
    heading: Heading | None
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of headings of one table, and the heading of each column in order."""

    first_row: int
    last_row: int
    spots: tuple[Spot, ...]
    lines: tuple[dict[int, str], ...] = field(repr=False)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(spot.heading.key for spot in self.spots if spot.heading)


def blocks_of(sheet: Sheet, vocabulary: Vocabulary) -> Iterator[Block]:
    """Yield every block of headings of a sheet, from top to bottom."""
    pattern = _anchor_pattern(vocabulary)
    done = 0
    lines: tuple[dict[int, str], ...] = ()
    for row, cells in sheet.rows.items():
        if row <= done or not any(
            len(cell.text) <= LONGEST and pattern.search(cell.text)
            for cell in cells.values()
        ):
            continue
        keys = {
            heading.key
            for cell in cells.values()
            if (heading := heading_of(cell.text, vocabulary))
        }
        if keys & _ANCHORS:
            # Headings printed again are no taller above than they were before.
            above = _place_in(lines, cells)
            floor = done if above is None else max(done, row - above - 1)
            block = _block_at(sheet, row, floor, vocabulary)
            done, lines = block.last_row, block.lines
            yield block


@lru_cache(maxsize=8)
def _anchor_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return what every heading of KPIs or tasks contains, but for spaces in it.

    To look for the last two signs of each wording first is far faster than to
    squash every cell of a large table.
    """
    ends = {
        word.rstrip(")")[-2:]
        for word, wording in vocabulary.words.items()
        if wording.key in _ANCHORS
    }
    spaced = sorted(r"\s*".join(map(re.escape, end)) for end in ends)
    return re.compile("|".join([*spaced, r"[ＫK]\s*[ＰP]\s*[ＩI]"]), re.IGNORECASE)


def _place_in(
    lines: tuple[dict[int, str], ...], cells: Mapping[int, Cell]
) -> int | None:
    """Return which line of headings a row prints again, None where it is none."""
    said = {column: squashed(cell.text) for column, cell in cells.items()}
    return lines.index(said) if said in lines else None


def _block_at(sheet: Sheet, row: int, done: int, vocabulary: Vocabulary) -> Block:
    """Return the block of headings around the row that names the KPIs."""
    first = last = row
    while first - 1 > done and row - first < _FURTHER:
        if not _adds_above(sheet, first - 1, first, vocabulary):
            break
        first -= 1
    while last - row < _FURTHER and _adds_below(sheet, first, last + 1, vocabulary):
        last += 1
    block = _composed(sheet, first, last, vocabulary)
    if _counts_columns(sheet, last + 1):
        line = {c: squashed(cell.text) for c, cell in sheet.rows[last + 1].items()}
        return replace(block, last_row=last + 1, lines=(*block.lines, line))
    return block


def _counts_columns(sheet: Sheet, row: int) -> bool:
    """Say whether a row below headings numbers the columns, and says nothing else."""
    texts = [squashed(c.text) for c in sheet.rows.get(row, {}).values()]
    is_count = len(texts) >= _COUNTED and all(map(_COUNT.fullmatch, texts))
    # Figures of a first row are no count: 1, 2, 3 or A, B, C begin one.
    return (
        is_count
        and texts[0].strip("()") in ("1", "a", "甲")
        and (len(set(texts)) == len(texts))
    )


def _composed(sheet: Sheet, first: int, last: int, vocabulary: Vocabulary) -> Block:
    rows = range(first, last + 1)
    columns = sorted({c for row in rows for c in sheet.rows.get(row, {})})
    spots = []
    for column in columns:
        lowest = (sheet.cell(row, column) for row in reversed(rows))
        cell = next((one for one in lowest if one and one.text.strip()), None)
        if cell is None:
            continue
        words = _words(sheet, rows, column)
        heading, told = _heading(words, vocabulary)
        if heading is None and len(rows) > 1:
            heading, told = _heading(
                _words(sheet, rows, column, fills=True), vocabulary, told
            )
        if heading is None:
            heading, told = _alone(sheet, rows, column, vocabulary, told)
        merge = sheet.merged_into(cell.row, column)
        end = merge.last_column if merge else _over_codes(sheet, last, column, columns)
        spots.append(Spot(column, end, cell, told, heading, end > column))
    lines = tuple(
        {column: squashed(cell.text) for column, cell in sheet.rows[row].items()}
        for row in rows
        if row in sheet.rows
    )
    return Block(first, last, tuple(spots), lines)


def _over_codes(sheet: Sheet, last: int, column: int, columns: list[int]) -> int:
    """Return the last column a heading stands over in a sheet that keeps no merges.

    In a .csv the heading over codes is that of the names beside them as well.
    """
    beyond = (other for other in columns if other > column)
    end = min(beyond, default=sheet.column_count + 1) - 1
    if sheet.merges or end == column:
        return column
    for row in range(last + 1, last + 1 + _LOOKED_AT):
        coded = split_code(sheet.text(row, column))
        if coded.code:
            return column if coded.name else end
    return column


def _words(
    sheet: Sheet, rows: range, column: int, *, fills: bool = False
) -> tuple[str, ...]:
    """Return the words over a column, from top to bottom, none twice in a row.

    `fills`: a cell left blank beside a heading is under that heading too.
    """
    words: list[str] = []
    for row in rows:
        text = _text(sheet, row, column)
        if not text and fills and row != rows[-1]:
            text = _beside(sheet, row, column)
        if text and (not words or squashed(words[-1]) != squashed(text)):
            words.append(text)
    return tuple(words)


def _text(sheet: Sheet, row: int, column: int) -> str:
    text = sheet.text(row, column).strip()
    if text:
        return text
    merge = sheet.merged_into(row, column)
    return sheet.text(merge.first_row, merge.first_column).strip() if merge else ""


def _beside(sheet: Sheet, row: int, column: int) -> str:
    cells = sheet.rows.get(row, {})
    left = max((place for place in cells if place < column), default=None)
    if left is None or sheet.merged_into(row, left) is not None:
        return ""
    return cells[left].text.strip()


def _heading(
    words: tuple[str, ...], vocabulary: Vocabulary, told: str = ""
) -> tuple[Heading | None, str]:
    """Return what all words over a column say together, in whatever order."""
    told = told or " ".join(" ".join(word.split()) for word in words)
    if len(words) == 1:
        return heading_of(words[0], vocabulary), told
    for count in range(len(words), 1, -1):
        for some in permutations(words, count):
            if words[-1] in some and (found := heading_of("".join(some), vocabulary)):
                return found, " ".join(" ".join(word.split()) for word in words)
    return None, told


def _alone(
    sheet: Sheet, rows: range, column: int, vocabulary: Vocabulary, told: str
) -> tuple[Heading | None, str]:
    """Return what the lowest known heading of a column says by itself.

    One above that is drawn over several columns is none of this column's own.
    """
    for row in reversed(rows):
        text = sheet.text(row, column).strip()
        merge = sheet.merged_into(row, column)
        is_wide = merge is not None and merge.last_column > merge.first_column
        if not text or (is_wide and row != rows[-1]):
            continue
        if heading := heading_of(text, vocabulary):
            return heading, told
    return None, told


def _adds_above(sheet: Sheet, above: int, row: int, vocabulary: Vocabulary) -> bool:
    """Say whether a row over headings completes them: 實際值 over 108年, 109年."""
    cells = [c for c in sheet.rows.get(above, {}).values() if c.text.strip()]
    if not cells or any(len(cell.text) > LONGEST for cell in cells):
        return False
    if any(has_code(cell.text) for cell in cells):
        # A row of the table above, below which other headings begin.
        return False
    below = sheet.rows[row]
    is_title = len(cells) == 1 and cells[0].column <= min(below)
    if is_title:
        return False
    for column, cell in below.items():
        over = _text(sheet, above, column) or _beside(sheet, above, column)
        joined = _either(over, cell.text, vocabulary) if over else None
        alone = heading_of(cell.text, vocabulary)
        if joined and (alone is None or joined != alone):
            return True
    return False


def _adds_below(sheet: Sheet, first: int, below: int, vocabulary: Vocabulary) -> bool:
    """Say whether a row under headings belongs to them, and is no row of the table."""
    cells = [c for c in sheet.rows.get(below, {}).values() if c.text.strip()]
    if not cells or _counts_columns(sheet, below):
        return False
    rows = range(first, below)
    good = bad = 0
    for cell in cells:
        if len(cell.text) > LONGEST:
            return False
        words = _words(sheet, rows, cell.column) or _words(
            sheet, rows, cell.column, fills=True
        )
        over = words[-1] if words else _beside(sheet, below - 1, cell.column)
        known = heading_of(over, vocabulary) if over else None
        joined = _either(over, cell.text, vocabulary) if over else None
        alone = None if cell.is_number else heading_of(cell.text, vocabulary)
        is_year = is_bare_year(cell.text)
        if (
            (is_year and known and known.key in YEARLY and not known.names_year)
            # 「111年」 between 「績效」 and 「目標」: what it dates is told below it.
            or (
                is_year
                and known is None
                and over
                and _dates_below(sheet, below, cell, vocabulary)
            )
            or (joined and not is_year and not cell.is_number)
            or alone
        ):
            good += 1
        elif _NEUTRAL.fullmatch(squashed(cell.text)):
            continue
        elif known and known.key in _BODY:
            return False
        else:
            bad += 1
    return good > 0 and good >= bad and not _repeats(sheet, rows, below)


def _dates_below(sheet: Sheet, row: int, cell: Cell, vocabulary: Vocabulary) -> bool:
    lower = sheet.text(row + 1, cell.column)
    found = _either(cell.text, lower, vocabulary) if lower else None
    return found is not None and found.key in YEARLY


def _repeats(sheet: Sheet, rows: range, below: int) -> bool:
    said = {c: squashed(cell.text) for c, cell in sheet.rows[below].items()}
    return any(
        said == {c: squashed(cell.text) for c, cell in sheet.rows[row].items()}
        for row in rows
        if row in sheet.rows
    )


def _either(over: str, text: str, vocabulary: Vocabulary) -> Heading | None:
    """Return what two headings say together, whichever comes first."""
    if squashed(over) == squashed(text):
        return None
    return heading_of(over + text, vocabulary) or heading_of(text + over, vocabulary)
