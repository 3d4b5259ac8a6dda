"""The headings of a table: which column says what, for which year and stage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets.cells import (
    BadYear,
    ends_like_unit,
    half_width,
    is_measure,
    owners_of,
    squashed,
    year_of,
)
from sheets.forms.blocks import Block, Spot
from sheets.forms.columns import MONEY, YEARLY
from sheets.forms.headings import (
    LONGEST,
    Heading,
    heading_of,
    headings_in,
    is_bare_year,
)
from sheets.forms.readings import Doubt, Severity
from sheets.forms.unknown import bare_columns, doubt_of_unknown
from sheets.forms.wordings import BUILT_IN, Vocabulary
from sheets.grid import Cell, Sheet, address, column_letters

__all__ = ["Column", "Header", "heading_of", "headings_in", "read_header"]

# Keys whose column may say of which year it is, beside those that have to.
_DATED = YEARLY | {
    "achievement",
    "innovation",
    "challenge",
    "contribution",
    "total",
    "light",
    "value",
}
_LONG = frozenset({"year", "kind", "value"})
_MONEY_ABOVE = re.compile(r"單位:?\s*(?:新[台臺]幣)?\s*([千仟萬億]元|百萬元)")
_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: `last` is beyond `first` where its heading is merged."""

    key: str
    first: int
    last: int
    heading: str
    cell: str
    year: int | None = None
    stage: str = ""
    scale: int = 1
    letters: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", column_letters(self.first))

    def at(self, row: int) -> str:
        """Return the address of the column's cell in a row."""
        return f"{self.letters}{row}"


@dataclass(frozen=True, slots=True)
class Header:
    """The headings' last row, the columns in order, and what is doubtful in them.

    `is_long`: each row is of the year, or of the kind of figures, that it names.
    """

    row: int
    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...] = ()
    lines: tuple[dict[int, str], ...] = ()
    first_row: int = 0
    is_long: bool = False
    _by_key: dict[str, tuple[Column, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key: dict[str, tuple[Column, ...]] = {}
        for column in self.columns:
            by_key[column.key] = (*by_key.get(column.key, ()), column)
        object.__setattr__(self, "_by_key", by_key)

    def column(self, key: str) -> Column | None:
        return self._by_key.get(key, (None,))[0]

    def all(self, key: str) -> tuple[Column, ...]:
        return self._by_key.get(key, ())

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns)

    def is_repeated_by(self, cells: Mapping[int, Cell]) -> bool:
        """Say whether a row prints a line of the headings again, as on every page."""
        if len(cells) < 2:
            return False
        place, cell = next(iter(cells.items()))
        if len(cell.text) > LONGEST:
            return False
        text = squashed(cell.text)
        return any(
            line.get(place) == text and _is_line(line, cells) for line in self.lines
        )


def _is_line(line: Mapping[int, str], cells: Mapping[int, Cell]) -> bool:
    said = [place for place in line if place in cells]
    return len(said) > 1 and all(
        line[place] == squashed(cells[place].text) for place in said
    )


def read_header(
    sheet: Sheet,
    block: Block,
    title_year: int | None,
    vocabulary: Vocabulary = BUILT_IN,
) -> Header:
    """Return the columns of a block of headings, with their doubts.

    A yearly column without a year is of `title_year`. Of what is no known column is
    asked which it is, where its cells tell; else it is noted, with the known wording
    most like it. A column that stands twice is warned of.
    """
    columns: list[Column] = []
    doubts: list[Doubt] = []
    unknown: list[Spot] = []
    taken: set[tuple[str, int | None, str]] = set()
    above, told = _money_above(sheet, block.first_row)
    is_long = _is_long(block)
    for place, spot in enumerate(block.spots):
        heading, at = _heading_of(spot, block, is_long), spot.cell.address
        if heading is None:
            if not spot.is_group:
                unknown.append(spot)
            continue
        year, doubt = _year(heading, spot, title_year, is_long)
        if doubt:
            doubts.append(doubt)
            continue
        key = _key(sheet, block, place, heading.key, columns)
        if (key, year, heading.stage) in taken:
            params = {"heading": spot.text}
            doubts.append(Doubt(Severity.WARN, "column-twice", at, params))
            continue
        taken.add((key, year, heading.stage))
        scale = heading.scale
        if key == "budget" and above > 1 and not heading.has_scale:
            scale = above
            params = {"heading": spot.text, "text": told}
            doubts.append(Doubt(Severity.NOTE, "money-unit-above", at, params))
        columns.append(
            Column(
                key,
                spot.column,
                spot.last,
                squashed(spot.cell.text),
                address(spot.cell.row, spot.column),
                year,
                heading.stage,
                scale,
            )
        )
    for spot in unknown:
        doubt = doubt_of_unknown(sheet, block, spot, taken, title_year)
        doubts.append(doubt or _not_read(spot, vocabulary))
    doubts += bare_columns(sheet, block)
    return Header(
        block.last_row,
        tuple(columns),
        tuple(doubts),
        block.lines,
        block.first_row,
        is_long,
    )


def _not_read(spot: Spot, vocabulary: Vocabulary) -> Doubt:
    params = {"heading": spot.text[:LONGEST]}
    nearest = vocabulary.nearest(squashed(spot.text)[:LONGEST])
    if nearest and vocabulary.words[nearest].key not in _LONG:
        params["nearest"] = nearest
    return Doubt(Severity.NOTE, "column-not-read", spot.cell.address, params)


def _is_long(block: Block) -> bool:
    """Say whether the rows of a table are of one year or one kind of figures each."""
    keys = block.keys
    if "kind" in keys and not keys & {"target", "actual"}:
        is_dated = any(spot.heading is None and _is_year(spot) for spot in block.spots)
        return is_dated or "value" in keys
    return "year" in keys and any(
        spot.heading and spot.heading.key in YEARLY and not spot.heading.names_year
        for spot in block.spots
    )


def _is_year(spot: Spot) -> bool:
    return is_bare_year(spot.text)


def _heading_of(spot: Spot, block: Block, is_long: bool) -> Heading | None:
    """Return what a heading says in this table: of some words only long ones know."""
    heading = spot.heading
    if not is_long:
        return None if heading and heading.key in _LONG else heading
    if heading is None and "kind" in block.keys and _is_year(spot):
        return Heading("value", year="".join(filter(str.isdigit, spot.text)))
    return heading


def _year(
    heading: Heading, spot: Spot, title_year: int | None, is_long: bool
) -> tuple[int | None, Doubt | None]:
    at = spot.cell.address
    if heading.key not in _DATED:
        return None, None
    if is_long and not heading.names_year:
        return None, None
    if heading.shift is not None and title_year is not None:
        return title_year + heading.shift, None
    if not heading.year:
        if title_year is not None or heading.key not in YEARLY:
            return title_year if heading.key in YEARLY else None, None
        params = {"heading": spot.text}
        return None, Doubt(Severity.WARN, "column-without-year", at, params)
    try:
        return year_of(heading.year), None
    except BadYear:
        params = {"year": heading.year}
        return None, Doubt(Severity.ERROR, "bad-year", at, params)


def _key(
    sheet: Sheet, block: Block, place: int, key: str, columns: list[Column]
) -> str:
    """Return the key of a heading; some are told by what is beside or below them."""
    if key == "measure" and _names_units(sheet, block, block.spots[place].column):
        key = "owner"
    if key == "owner":
        before = {column.key for column in columns}
        is_plans = "kpi_owner" in before and "plan" in before | block.keys
        return "plan_owner" if is_plans else "kpi_owner"
    if key == "code":
        beside = [*block.spots[place + 1 :], *reversed(block.spots[:place])]
        for other in beside:
            if other.heading and other.heading.key in ("objective", "kpi", "plan"):
                return f"{other.heading.key}_code"
    return key


def _names_units(sheet: Sheet, block: Block, column: int) -> bool:
    """Say whether the cells below 單位 name units of an organisation: 成保組."""
    texts = []
    for row in range(block.last_row + 1, block.last_row + 1 + _LOOKED_AT):
        if text := sheet.text(row, column).strip():
            texts.append(text)
    return bool(texts) and all(
        not is_measure(name) and ends_like_unit(name)
        for text in texts
        for name in owners_of(text)
    )


def _money_above(sheet: Sheet, until_row: int) -> tuple[int, str]:
    """Return what money counts in by a line above the table: 「單位：千元」."""
    for row, cells in sheet.rows.items():
        if row >= until_row:
            break
        for cell in cells.values():
            if len(cell.text) <= LONGEST and (
                match := _MONEY_ABOVE.search(half_width(cell.text))
            ):
                return MONEY[match[1]], " ".join(cell.text.split())
    return 1, ""
