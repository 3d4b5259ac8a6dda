"""The drawn sheets of a file, with each doubt at its cell."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.translation import gettext

from sheets.cells import quantity_of
from sheets.forms.readings import Severity
from sheets.grid import address, column_letters, position
from sheets.pictures import PAGE_ROWS, SIGNS, Row, page_of

SHORT = 6
ORDER = [str(severity) for severity in Severity]
LISTED = 100
# A number, a comparator and a note, such as "≥99.5 (1-6月)", are no longer than this.
LONGEST_FIGURE = 24


@dataclass(frozen=True, slots=True)
class Place:
    """What a page of an import shows, as its address says; 0 and "" where it does not.

    `sheet` and `page` of the drawn sheet, `severity` of the list of doubts and its
    `part`, all from 1.
    """

    sheet: int = 0
    page: int = 0
    severity: str = ""
    part: int = 0

    @classmethod
    def of(cls, asked) -> "Place":
        """Return the place that the query of an address names."""
        severity = asked.get("severity", "")
        return cls(
            sheet=_number(asked.get("sheet", "")),
            page=_number(asked.get("page", "")),
            severity=severity if severity in ORDER else "",
            part=_number(asked.get("part", "")),
        )

    def url(self, fragment: str = "", **changes) -> str:
        """Return the address of this place with `changes`."""
        place = replace(self, **changes)
        told = {name: getattr(place, name) for name in self.__slots__}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"?{query}{'#' if fragment else ''}{fragment}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of how many, and the addresses of those beside it, "" without any."""

    number: int
    of: int
    words: str
    before: str
    after: str


def pages_of(number: int, count: int, size: int, words: str, url) -> Pages | None:
    """Return the pages of `count` things; None where they all stand on one.

    `words` take first, last and count; `url` gives the address of a page.
    """
    of = max(1, -(-count // size))
    number = min(max(number, 1), of)
    if of == 1:
        return None
    first, last = (number - 1) * size + 1, min(number * size, count)
    return Pages(
        number,
        of,
        words % {"first": first, "last": last, "count": count},
        url(number - 1) if number > 1 else "",
        url(number + 1) if number < of else "",
    )


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of the file; `marks` counts its doubts, `severity` is the worst."""

    name: str
    url: str
    is_current: bool
    marks: int
    severity: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a doubt at its cell; `url` leads to the doubt in the list."""

    number: int
    severity: str
    url: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it is drawn, with the marks of its doubts."""

    address: str
    text: str
    rows: int
    columns: int
    kind: str
    marks: tuple[Mark, ...] = ()

    @property
    def severity(self) -> str:
        """The worst of its doubts; "" without any."""
        return min((mark.severity for mark in self.marks), key=ORDER.index, default="")

    @property
    def is_cut(self) -> bool:
        return len(self.text) == SIGNS

    @property
    def classes(self) -> str:
        """What kind of cell it is: a figure, a nothing, a short text, doubtful."""
        tall = f"r{min(self.rows, 6)}" if self.rows > 1 else ""
        doubt = f"k severity-{self.severity}" if self.marks else ""
        return " ".join(name for name in (self.kind, tall, doubt) if name)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; `kind` is "tt" a title, "hd" column headings, "bd" a band, or ""."""

    number: int
    cells: list[GridCell]
    kind: str
    is_hidden: bool
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    letters: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of a sheet as a table: letters above, numbers beside, what is cut off.

    Column headings are repeated at the top of every page but the first.
    """

    name: str
    columns: list[Column]
    rows: list[GridRow]
    rest: str
    pages: Pages | None


# The doubts of a sheet by the address of their cell: number, severity, and what the
# place of the list is that shows it.
type Marks = dict[str, list[tuple[int, str, dict]]]


@dataclass(slots=True)
class Board:
    """Where the doubts of a file stand among its sheets.

    `counts` has the doubts of every sheet by severity, `marks` those of the drawn one.
    """

    outlines: list[dict]
    place: Place
    counts: list[Counter[str]] = field(default_factory=list)
    marks: Marks = field(default_factory=dict)

    @property
    def outline(self) -> dict | None:
        """The sheet that is drawn; None where nothing was read."""
        return self.outlines[self.place.sheet - 1] if self.outlines else None

    def url(self, sheet: str | None, cell: str | None) -> str:
        """Return the address that shows a cell; "" where it is not drawn."""
        for number, outline in enumerate(self.outlines, 1):
            if cell and outline["name"] == sheet:
                row, column = position(cell)
                if row <= outline["row_count"] and column <= outline["columns"]:
                    return self.place.url(cell, sheet=number, page=page_of(row))
        return ""

    def open_at(self, row: int) -> None:
        """Draw the page of the sheet that holds a row."""
        last = self.outline["row_count"] if self.outline else 1
        page = page_of(min(max(row, 1), max(last, 1)))
        self.place = replace(self.place, page=page)

    def tabs(self) -> list[Tab]:
        return [
            Tab(
                outline["name"],
                self.place.url(sheet=number, page=0),
                number == self.place.sheet,
                counts.total(),
                min(counts, key=ORDER.index, default=""),
            )
            for number, (outline, counts) in enumerate(
                zip(self.outlines, self.counts, strict=True), 1
            )
        ]

    def grid(self, rows: Iterable[Row]) -> Grid | None:
        """Return the drawn page, whose rows are `rows`."""
        outline = self.outline
        if outline is None:
            return None
        sheet = _Drawing(outline, self.marks, self.place)
        drawn = []
        if self.place.page > 1:
            drawn += [sheet.row(row, is_repeated=True) for row in outline["head"]]
        drawn += [sheet.row(row) for row in rows]
        more = outline["column_count"] - outline["columns"]
        rest = gettext("%(count)s more columns are in the file.") % {"count": more}
        columns = range(1, outline["columns"] + 1)
        return Grid(
            outline["name"],
            [Column(column_letters(c), c in outline["hidden"]) for c in columns],
            drawn,
            rest if more > 0 else "",
            pages_of(
                self.place.page,
                outline["row_count"],
                PAGE_ROWS,
                gettext("rows %(first)s to %(last)s of %(count)s"),
                lambda number: self.place.url(page=number),
            ),
        )


def board_of(
    outlines: list[dict], cells: Mapping[str, Mapping[str, int]], place: Place
) -> Board:
    """Return the board of a file; `cells` counts the doubts at cells of each sheet.

    `place` is mended: the first sheet with a doubt where it names none that is there.
    Its marks are set once the rows to draw are known (see `marks_of`).
    """
    counts = [Counter(cells.get(outline["name"], {})) for outline in outlines]
    if not 1 <= place.sheet <= len(outlines):
        doubtful = (number for number, found in enumerate(counts, 1) if found)
        place = replace(place, sheet=next(doubtful, min(1, len(outlines))))
    if not outlines:
        return Board(outlines, replace(place, page=0))
    outline = outlines[place.sheet - 1]
    last = page_of(max(outline["row_count"], 1))
    place = replace(place, page=min(max(place.page, 1), last))
    return Board(outlines, place, counts)


def rows_drawn(rows: Iterable[Row]) -> tuple[int, int]:
    """Return the first and the last row that cells of `rows` cover; 0, 0 for none."""
    first = last = 0
    for number, cells, _ in rows:
        first = first or number
        last = max(last, number, *(number + cell[2] - 1 for cell in cells))
    return first, last


def marks_of(doubts: Iterable, place: Place) -> Marks:
    """Return the doubts of a drawn page, each with the part of the list that holds it.

    `doubts` have number, place among those of their severity, severity and cell.
    """
    marks: Marks = {}
    for doubt in doubts:
        number, severity = doubt.number, doubt.severity
        if not place.severity:
            changes = {"part": part_of(number)}
        elif place.severity == severity:
            changes = {"part": part_of(doubt.place)}
        else:
            # The list does not hold it: its mark leads to the list of all.
            changes = {"severity": "", "part": part_of(number)}
        marks.setdefault(doubt.cell, []).append((number, severity, changes))
    return marks


def part_of(number: int) -> int:
    """Return the part of the list, from 1, that shows a doubt by its place in it."""
    return (number - 1) // LISTED + 1


class _Drawing:
    """One sheet while its rows are drawn: cells that a merge covers are left out."""

    def __init__(self, outline: dict, marks: Marks, place: Place) -> None:
        self.place = place
        self.columns = outline["columns"]
        self.heads = {row[0] for row in outline["head"]}
        self.marks = marks
        self.covered: set[tuple[int, int]] = set()

    def row(self, row: Row, *, is_repeated: bool = False) -> GridRow:
        number, held, is_hidden = row
        cells = {cell[0]: cell for cell in held}
        kind = self._kind(number, held)
        drawn = []
        for column in range(1, self.columns + 1):
            if (number, column) in self.covered:
                continue
            _, text, height, width, is_number = cells.get(
                column, [column, "", 1, 1, False]
            )
            block = [
                (number + down, column + right)
                for down in range(height)
                for right in range(width)
            ]
            if len(block) > 1:
                self.covered.update(block)
            # A doubt about a cell that is merged into this one is its own.
            marks = () if is_repeated else self._marks(block)
            drawn.append(
                GridCell(
                    address(number, column),
                    text,
                    height,
                    width,
                    "" if kind else kind_of(text, is_number),
                    marks,
                )
            )
        return GridRow(number, drawn, kind, is_hidden, is_repeated)

    def _marks(self, block: list[tuple[int, int]]) -> tuple[Mark, ...]:
        return tuple(
            Mark(number, severity, self.place.url(f"issue-{number}", **changes))
            for cell in block
            for number, severity, changes in self.marks.get(address(*cell), ())
        )

    def _kind(self, number: int, held: list) -> str:
        if number in self.heads:
            return "hd"
        if len(held) != 1 or held[0][4] or not held[0][1]:
            return ""
        is_before = not self.heads or number < min(self.heads)
        if is_before:
            return "tt" if number == 1 else ""
        return "bd" if held[0][0] == 1 and held[0][2] == 1 else ""


def kind_of(text: str, is_number: bool) -> str:
    """Return what is drawn otherwise than a text of many lines, which is "".

    "n" is a figure, "nt" one with a note, "n na" a nothing, "w" a short text.
    """
    if is_number:
        return "n"
    if not text or len(text) > LONGEST_FIGURE:
        return ""
    quantity = quantity_of(text)
    if quantity.absence:
        return "n na"
    if quantity.value is not None and not quantity.parts:
        return "nt" if quantity.note else "n"
    return "w" if len(text) <= SHORT and "\n" not in text else ""
