"""The drawn sheets of a file, with each doubt at its cell."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from sheets.forms.readings import Severity
from sheets.grid import address, column_letters, position
from sheets.pictures import SIGNS

SHORT = 6
ORDER = [str(severity) for severity in Severity]


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of the file; `marks` counts its doubts."""

    name: str
    url: str
    is_current: bool
    marks: int


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it is drawn; `numbers` are those of its doubts, "" without any."""

    address: str
    text: str
    rows: int
    columns: int
    is_number: bool
    is_cut: bool
    severity: str = ""
    numbers: str = ""

    @property
    def classes(self) -> str:
        """What kind of cell it is: a number, a text of one line, doubtful."""
        is_short = len(self.text) <= SHORT and "\n" not in self.text
        kind = "n" if self.is_number else "w" if is_short else ""
        doubt = f"k severity-{self.severity}" if self.severity else ""
        return f"{kind} {doubt}".strip()


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as a table: letters above, numbers beside, and what is not drawn."""

    name: str
    letters: list[str]
    rows: list[tuple[int, list[GridCell]]]
    rest: str


@dataclass(slots=True)
class Board:
    """Tabs, the sheet that is drawn, and where each doubt's cell is by its number."""

    tabs: list[Tab] = field(default_factory=list)
    grid: Grid | None = None
    urls: dict[int, str] = field(default_factory=dict)


type Marks = dict[tuple[int, int], list[tuple[int, str]]]


def board_of(pictures: list[dict], issues: Iterable[dict], chosen: str) -> Board:
    """Return the board of a file; `issues` are numbered from 1 in their order."""
    by_sheet: dict[str, Marks] = {picture["name"]: {} for picture in pictures}
    numbers: dict[int, tuple[str, str]] = {}
    for number, issue in enumerate(issues, 1):
        if issue["cell"] and issue["sheet"] in by_sheet:
            place = position(issue["cell"])
            marks = by_sheet[issue["sheet"]].setdefault(place, [])
            marks.append((number, issue["severity"]))
            numbers[number] = (issue["sheet"], issue["cell"])
    places = {picture["name"]: n for n, picture in enumerate(pictures, 1)}
    board = Board(urls={n: _url(places[s], c) for n, (s, c) in numbers.items()})
    if not pictures:
        return board
    current = _current(chosen, pictures, by_sheet)
    board.tabs = [
        Tab(
            picture["name"],
            _url(number),
            number == current,
            sum(map(len, by_sheet[picture["name"]].values())),
        )
        for number, picture in enumerate(pictures, 1)
    ]
    drawn = pictures[current - 1]
    board.grid = _grid(drawn, by_sheet[drawn["name"]])
    return board


def _url(sheet: int, cell: str = "") -> str:
    return f"?sheet={sheet}#{cell}" if cell else f"?sheet={sheet}"


def _current(chosen: str, pictures: list[dict], marks: dict[str, Marks]) -> int:
    if chosen.isdecimal() and 1 <= int(chosen) <= len(pictures):
        return int(chosen)
    doubtful = (n for n, p in enumerate(pictures, 1) if marks[p["name"]])
    return next(doubtful, 1)


def _grid(picture: dict, marks: Marks) -> Grid:
    columns = picture["columns"]
    rows: list[tuple[int, list[GridCell]]] = []
    covered: set[tuple[int, int]] = set()
    for row, held in picture["rows"]:
        cells = {cell[0]: cell for cell in held}
        drawn = []
        for column in range(1, columns + 1):
            if (row, column) in covered:
                continue
            _, text, height, width, is_number = cells.get(
                column, [column, "", 1, 1, False]
            )
            covered |= {
                (row + down, column + right)
                for down in range(height)
                for right in range(width)
            }
            drawn.append(_cell(row, column, text, height, width, is_number, marks))
        rows.append((row, drawn))
    left = picture["row_count"] - len(rows)
    rest = gettext("%(count)s more rows are in the file.") % {"count": left}
    letters = [column_letters(column) for column in range(1, columns + 1)]
    return Grid(picture["name"], letters, rows, rest if left > 0 else "")


def _cell(row, column, text, height, width, is_number, marks: Marks) -> GridCell:
    """Return one cell; a doubt about a cell that is merged into it is its own."""
    found = [
        mark
        for down in range(height)
        for right in range(width)
        for mark in marks.get((row + down, column + right), ())
    ]
    severities = [severity for _, severity in found]
    return GridCell(
        address(row, column),
        text,
        height,
        width,
        is_number,
        len(text) == SIGNS,
        min(severities, key=ORDER.index, default=""),
        " ".join(str(number) for number, _ in found),
    )
