"""The heading row of a table: which column says what, for which year and stage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sheets.cells import BadYear, squashed, year_of
from sheets.forms.columns import MONEY, YEARLY, by_word
from sheets.forms.readings import Doubt, Severity
from sheets.grid import Cell, Sheet, address, column_letters

_WORDS = by_word()
_LONGEST = 60
_YEAR = re.compile(r"(?:民國)?(?P<digits>\d{1,4})(?:年度|年)?(?!\d|月|項|個|題)")
_MONEY = re.compile(r"\((?:單位:)?(?P<money>[^()]*元)\)")
_POINTS = re.compile(r"\((?:單位:)?(?:分|分數|%|百分比)\)$")
_BRACKETED = re.compile(r"^\((.*)\)$")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one heading says. `year` is as printed; `scale` is what money counts in."""

    key: str
    stage: str = ""
    year: str = ""
    scale: int = 1


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
    """The heading row, its columns in order, and what is doubtful in it."""

    row: int
    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...] = ()
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
        """Say whether a row prints the headings again, as on every page."""
        kpi = self.column("kpi")
        cell = cells.get(kpi.first) if kpi else None
        if kpi is None or cell is None or squashed(cell.text) != kpi.heading:
            return False
        said = [column for column in self.columns if column.first in cells]
        return len(said) > 1 and all(
            column.heading == squashed(cells[column.first].text) for column in said
        )


@lru_cache(maxsize=4096)
def heading_of(text: str) -> Heading | None:
    """Return what a heading says, None where its words are not known.

    「行動計畫 已編111年概算 (元)」 is a budget of 111, estimated, in TWD.
    """
    if len(text) > _LONGEST:
        return None
    bare = squashed(text)
    if bare in _WORDS:
        return Heading(_WORDS[bare].key, _WORDS[bare].stage)
    scale = 1
    if match := _MONEY.search(bare):
        scale = MONEY.get(match["money"], 1)
        bare = bare[: match.start()] + bare[match.end() :]
    bare = _POINTS.sub("", bare)
    digits = ""
    if bare not in _WORDS and (match := _YEAR.search(bare)):
        digits = match["digits"]
        bare = bare[: match.start()] + bare[match.end() :]
        bare = _BRACKETED.sub(r"\1", bare.replace("()", ""))
    wording = _WORDS.get(bare)
    if wording is None:
        return None
    return Heading(wording.key, wording.stage, digits, scale)


def headings_in(cells: Mapping[int, Cell]) -> dict[int, Heading]:
    """Return the known headings of one row by their column."""
    found = {}
    for column, cell in cells.items():
        if not cell.is_number and (heading := heading_of(cell.text)):
            found[column] = heading
    return found


def read_header(sheet: Sheet, row: int, title_year: int | None) -> Header:
    """Return the columns of the heading row `row`, with their doubts.

    A yearly column without a year is of `title_year`. What is no known column is
    noted, and so is a column that stands there twice.
    """
    cells = sheet.rows[row]
    known = headings_in(cells)
    columns: list[Column] = []
    doubts: list[Doubt] = []
    taken: set[tuple[str, int | None, str]] = set()
    for place, cell in cells.items():
        heading = known.get(place)
        text = " ".join(cell.text.split())
        if heading is None:
            if text and not _is_corner(sheet, row, place):
                doubts.append(
                    Doubt(
                        Severity.NOTE,
                        "column-not-read",
                        cell.address,
                        {"heading": text[:_LONGEST]},
                    )
                )
            continue
        year, doubt = _year(heading, cell, title_year)
        if doubt:
            doubts.append(doubt)
            continue
        key = _owner_key(columns) if heading.key == "owner" else heading.key
        if (key, year, heading.stage) in taken:
            doubts.append(
                Doubt(Severity.WARN, "column-twice", cell.address, {"heading": text})
            )
            continue
        taken.add((key, year, heading.stage))
        merge = sheet.merged_into(row, place)
        columns.append(
            Column(
                key,
                place,
                merge.last_column if merge else place,
                squashed(cell.text),
                address(row, place),
                year,
                heading.stage,
                heading.scale,
            )
        )
    return Header(row, tuple(columns), tuple(doubts))


def _year(
    heading: Heading, cell: Cell, title_year: int | None
) -> tuple[int | None, Doubt | None]:
    if heading.key not in YEARLY:
        return None, None
    if not heading.year:
        if title_year is not None:
            return title_year, None
        text = " ".join(cell.text.split())
        params = {"heading": text}
        return None, Doubt(Severity.WARN, "column-without-year", cell.address, params)
    try:
        return year_of(heading.year), None
    except BadYear:
        params = {"year": heading.year}
        return None, Doubt(Severity.ERROR, "bad-year", cell.address, params)


def _owner_key(columns: list[Column]) -> str:
    """Return whose owners a bare 主責科室 names: the plan's once a plan stood."""
    keys = {column.key for column in columns}
    return "plan_owner" if "plan" in keys and "kpi_owner" in keys else "kpi_owner"


def _is_corner(sheet: Sheet, row: int, column: int) -> bool:
    """Say whether a heading only names a group of columns or is merged over rows."""
    merge = sheet.merged_into(row, column)
    return merge is not None and merge.last_column > merge.first_column
