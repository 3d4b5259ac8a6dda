"""The tables of one sheet: where each begins and ends, and which form it is.

Most sheets hold one table. Some hold several under each other, each with headings of
its own, and those of two units with the very same headings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sheets.cells import (
    depth_of,
    half_width,
    has_code,
    join_wrapped,
    normal,
    split_code,
    squashed,
)
from sheets.forms.blocks import Block, blocks_of
from sheets.forms.columns import MAP_WORDS, perspective_of
from sheets.forms.headings import headings_in
from sheets.forms.titles import Title, title_of
from sheets.forms.wordings import Vocabulary
from sheets.grid import Sheet

_REVISED = frozenset({"before", "after"})
# Which headings make a row the heading row of which form; the first that fits.
_MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("light-table", frozenset({"kpis"})),
    ("main-tasks", frozenset({"objective", "task"})),
    ("work-plan", frozenset({"goal", "measures"})),
    ("revision", _REVISED),
    ("results", frozenset({"kpi", "target", "actual", "achievement"})),
    ("results", frozenset({"kpi", "target", "actual", "total"})),
    ("results", frozenset({"kpi", "target", "actual", "light"})),
    ("scorecard", frozenset({"kpi", "objective"})),
    ("scorecard", frozenset({"kpi", "plan"})),
    ("scorecard", frozenset({"kpi", "target"})),
    ("scorecard", frozenset({"kpi", "formula"})),
    ("scorecard", frozenset({"kpi", "value", "year"})),
    ("scorecard", frozenset({"kpi", "value", "kind"})),
)
# Forms of which a sheet may hold several tables.
_STACKED = frozenset({"scorecard", "results", "light-table"})
# What a title says that is the title of a table, and no line among its rows.
_TITLES = re.compile(
    r"計分卡|執行成果|成果報告|施政成果|關鍵績效指標|KPI|燈號", re.IGNORECASE
)
_LINES_OF_TITLE = 5
# What the lines over the themes of a strategy map say.
_OVER_THEMES = re.compile(r"策略地圖|使命|願景|核心價值")
PAGE = re.compile(
    r"第?\s*[-–—]?\s*\d{1,3}\s*[-–—]?\s*頁(?:\s*[/,，]?\s*共\s*\d+\s*頁)?$"
    r"|[-–—]\s*\d{1,3}\s*[-–—]$"
    r"|(?:page\s*)?\d{1,3}\s*(?:/|of)\s*\d{1,3}$|page\s*\d+$|頁次",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(
    r"[※*＊]|(?:備?註|附註|說明|資料來源|填表說明|製表|承辦人|填表人|單位主管|覆核)"
    rf"|\d{{1,3}}$|{PAGE.pattern}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its form, its headings, its title and the part of the sheet."""

    form: str
    block: Block
    title: Title
    sheet: Sheet
    is_same_card: bool = False


def tables_of(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet, from top to bottom; [] where there is none.

    The first one reaches up to the sheet's first row. `is_same_card` says that a
    table goes on with what the one before it began.
    """
    starts: list[tuple[str, Block, Title, int]] = []
    for form, block in forms_in(sheet, vocabulary):
        if not starts:
            starts.append((form, block, title_of(sheet, block.first_row), 1))
            continue
        if form not in _STACKED or starts[0][0] not in _STACKED:
            continue
        top = _first_line(sheet, block.first_row, starts[-1][1].last_row)
        title = _own_title(sheet, top, block)
        is_again = block.lines == starts[-1][1].lines
        if not (is_again and _is_same(title, starts[-1][2])):
            starts.append((form, block, title or starts[-1][2], top))
    tables: list[Table] = []
    for place, (form, block, title, top) in enumerate(starts):
        after = starts[place + 1][3] if place + 1 < len(starts) else None
        part = sheet if len(starts) == 1 else _part(sheet, top, after)
        same = bool(tables) and tables[-1].form == form
        is_same_card = same and _is_same(title, tables[-1].title)
        tables.append(Table(form, block, title, part, is_same_card))
    return tables


def above(sheet: Sheet, table: Table) -> Sheet:
    """Return what stands above the first table of a sheet, its title excepted."""
    return _part(sheet, 1, _first_line(sheet, table.block.first_row, 0))


def parted_from_map(sheet: Sheet, tables: list[Table]) -> tuple[Sheet, Sheet] | None:
    """Return what stands over and in a strategy map below the last table, or None.

    Below the head of a map's themes stand objectives, and no KPIs, plans or numbers.
    """
    row = tables[-1].block.last_row
    for cell in sheet:
        if cell.row > row and squashed(cell.text) in MAP_WORDS["themes"]:
            break
    else:
        return None
    below = [other for other in _part(sheet, cell.row + 1, None) if other.text.strip()]
    depths = {depth_of(split_code(o.text).code) for o in below if has_code(o.text)}
    is_map = depths == {1} and not any(other.is_number for other in below)
    if not is_map or not any(perspective_of(other.text)[0] for other in below):
        return None
    top = cell.row
    for line in range(cell.row - 1, max(row, cell.row - 2 * _LINES_OF_TITLE), -1):
        cells = [c for c in sheet.rows.get(line, {}).values() if c.text.strip()]
        if any(has_code(other.text) or other.is_number for other in cells):
            break
        if cells and _OVER_THEMES.search(half_width(cells[0].text)):
            top = line
    return _part(sheet, 1, top), _part(sheet, top, None)


def forms_in(sheet: Sheet, vocabulary: Vocabulary) -> Iterator[tuple[str, Block]]:
    """Yield the headings that make a known form, with the form they make."""
    for block in blocks_of(sheet, vocabulary):
        form = next((form for form, marks in _MARKS if block.keys >= marks), None)
        # A revision compares a scorecard's columns, with 修訂前 and 修訂後 below.
        if form == "scorecard" and any(
            _keys(sheet, row, vocabulary) >= _REVISED
            for row in range(block.first_row, block.last_row + 2)
        ):
            form = "revision"
        if form is not None:
            yield form, block


def _keys(sheet: Sheet, row: int, vocabulary: Vocabulary) -> set[str]:
    found = headings_in(sheet.rows.get(row, {}), vocabulary)
    return {heading.key for heading in found.values()}


def _first_line(sheet: Sheet, row: int, until: int) -> int:
    """Return the first row of the lines that stand right above a row of headings."""
    top, gap, found = row, False, 0
    for line in range(row - 1, until, -1):
        cells = [c for c in sheet.rows.get(line, {}).values() if c.text.strip()]
        if not cells:
            if found:
                gap = True
            continue
        text = half_width(join_wrapped(cells[0].text))
        if gap or len(cells) > 2 or found == _LINES_OF_TITLE or FOOTNOTE.match(text):
            break
        if len(cells) == 2 and not _TITLES.search(text) and "單位" not in text:
            break
        top, found = line, found + 1
    return top


def _own_title(sheet: Sheet, top: int, block: Block) -> Title | None:
    """Return the title of a table below another, None where it has none."""
    part = _part(sheet, top, block.first_row)
    for row in part.rows:
        cells = part.rows[row]
        text = join_wrapped(next(iter(cells.values())).text)
        if _TITLES.search(half_width(text)) and not perspective_of(text)[0]:
            return title_of(_part(sheet, row, block.first_row), block.first_row)
    return None


def _is_same(title: Title | None, before: Title) -> bool:
    """Say whether a title names no other unit and no other year than one before."""
    if title is None:
        return True
    is_unit = not title.unit_text or normal(title.unit_text) == normal(before.unit_text)
    return is_unit and (title.year is None or title.year == before.year)


def _part(sheet: Sheet, first: int, until: int | None) -> Sheet:
    """Return the rows of a sheet from `first` to before `until`, at their places."""
    return Sheet(
        sheet.name,
        {
            row: cells
            for row, cells in sheet.rows.items()
            if row >= first and (until is None or row < until)
        },
        sheet.merges,
        sheet.hidden_rows,
        sheet.hidden_columns,
        sheet.is_hidden,
    )
