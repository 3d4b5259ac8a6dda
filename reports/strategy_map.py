"""A strategy map as boxes and curves: where each objective stands, what joins them.

Pure: themes go across, perspectives down, and an objective stands in one theme or
spans several. Columns are CSS grid lines counted from 1, of which the first column
holds the names of the rows. Curves are drawn in units of their own (a column is
`TRACK` wide), which the page stretches over the grid.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd

FIRST_COLUMN = 2
TRACK = 100
LINE, PADDING = 24, 12
# A column with lights is a quarter wider than one without: its words are bold and
# a chip stands beside them.
PLAIN_WIDTH, LIT_WIDTH = 4, 5


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the grid: the first line of each way, and how many it covers."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """An objective to be placed; `first` and `last` are themes, counted from 0.

    `band` is its perspective, counted from 0. Raises ValueError where the last
    theme stands before the first.
    """

    key: Hashable
    band: int
    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(f"no span of themes: {self.first} to {self.last}")

    @property
    def is_spanning(self) -> bool:
        return self.last > self.first


@dataclass(frozen=True, slots=True)
class Cell:
    """One theme in one perspective, with its objectives from top to bottom."""

    theme: int
    area: Area
    keys: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """An objective that spans themes."""

    key: Hashable
    area: Area


@dataclass(frozen=True, slots=True)
class Band:
    """One perspective: the place of its name, its cells and what spans them."""

    label: Area
    cells: tuple[Cell, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Where an objective is drawn, in units of the curves."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The arrow from a cause to its effect, as the `d` of an SVG path."""

    cause: Hashable
    effect: Hashable
    path: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole grid: `tracks` equal columns beside the first, and its areas.

    `width` and `height` are those of the curves' picture, which covers all columns
    but the first and all rows from the first to the last band.
    """

    tracks: int
    heads: tuple[Area, ...]
    top_label: Area | None
    top: tuple[Bar, ...]
    head_label: Area
    bands: tuple[Band, ...]
    foot: Area
    feet: tuple[Area, ...]
    canvas: Area
    boxes: Mapping[Hashable, Box]
    width: int
    height: int


def layout(
    *, lit: Sequence[bool], top: Sequence[Item], bands: int, items: Iterable[Item]
) -> Layout:
    """Return where everything stands on a map with one column a theme.

    `lit` says per theme whether it shows lights. `top` is the row above the themes,
    where those of one span share it side by side; `items` are the objectives of the
    perspectives, in order.
    """
    columns = _columns(lit)
    heights: list[int] = []
    boxes: dict[Hashable, Box] = {}

    lanes = _lanes(side_by_side(top))
    bars = _bars(lanes, columns, row=1, heights=heights, boxes=boxes)
    top_label = Area(1, 1, rows=len(lanes)) if lanes else None
    head_row = len(heights) + 1
    heights.append(LINE * 2 + PADDING)

    by_band: dict[int, list[Item]] = {band: [] for band in range(bands)}
    for item in items:
        by_band[item.band].append(item)
    placed = tuple(
        _band(by_band[band], columns, heights=heights, boxes=boxes)
        for band in range(bands)
    )
    foot_row = len(heights) + 1
    tracks = sum(width for _, width in columns)
    return Layout(
        tracks=tracks,
        heads=tuple(_area(columns, head_row, i, i) for i in range(len(columns))),
        top_label=top_label,
        top=bars,
        head_label=Area(head_row, 1),
        bands=placed,
        foot=Area(foot_row, 1),
        feet=tuple(_area(columns, foot_row, i, i) for i in range(len(columns))),
        canvas=Area(1, FIRST_COLUMN, rows=foot_row - 1, columns=tracks),
        boxes=boxes,
        width=tracks * TRACK,
        height=sum(heights),
    )


def spread(count: int, themes: int) -> list[tuple[int, int]]:
    """Return the spans of `count` boxes laid evenly over the themes, in order.

    Where there are more boxes than themes, several share a theme.
    """
    spans = []
    for index in range(count):
        first = index * themes // count
        last = max(first, (index + 1) * themes // count - 1)
        spans.append((first, last))
    return spans


def side_by_side(items: Sequence[Item]) -> list[Item]:
    """Return the items with those that share one span laid evenly across it.

    A row of one printed cell over all themes holds several objectives; each gets
    its part. Where there are more than themes, they keep the span they share.
    """
    sharing: dict[tuple[int, int], list[Item]] = {}
    for item in items:
        sharing.setdefault((item.first, item.last), []).append(item)
    placed: dict[Hashable, Item] = {}
    for (first, last), alike in sharing.items():
        width = last - first + 1
        spans = spread(len(alike), width)
        for item, (start, end) in zip(alike, spans, strict=True):
            if len(alike) <= width:
                item = replace(item, first=first + start, last=first + end)
            placed[item.key] = item
    return [placed[item.key] for item in items]


def stacked(bands: Sequence[Sequence[Hashable]]) -> tuple[Mapping[Hashable, Box], int]:
    """Return the boxes of a map without themes, a perspective a row, and its height.

    Each row shares the width of 12 columns evenly among its objectives.
    """
    boxes: dict[Hashable, Box] = {}
    top = 0
    for keys in bands:
        height = LINE * (7 if len(keys) > 1 else 2)
        for index, key in enumerate(keys):
            left = 12 * TRACK * index // len(keys)
            right = 12 * TRACK * (index + 1) // len(keys)
            boxes[key] = Box(left, top, right - left, height)
        top += height + PADDING
    return boxes, top


def curves(
    boxes: Mapping[Hashable, Box], links: Iterable[tuple[Hashable, Hashable]]
) -> tuple[Curve, ...]:
    """Return the curve of every link both of whose ends are on the map."""
    return tuple(
        Curve(cause, effect, _path(boxes[cause], boxes[effect]))
        for cause, effect in links
        if cause in boxes and effect in boxes
    )


def _path(cause: Box, effect: Box) -> str:
    """Return a curve that leaves the cause and enters the effect at facing sides."""
    if effect.top == cause.top:
        if cause.left <= effect.left:
            start, end = cause.left + cause.width, effect.left
        else:
            start, end = cause.left, effect.left + effect.width
        y = cause.top + cause.height // 2
        middle, bow = (start + end) // 2, y - LINE
        return f"M{start} {y}C{middle} {bow} {middle} {bow} {end} {y}"
    start = cause.left + cause.width // 2
    end = effect.left + effect.width // 2
    if effect.top < cause.top:
        top, bottom = cause.top, effect.top + effect.height
    else:
        top, bottom = cause.top + cause.height, effect.top
    middle = (top + bottom) // 2
    return f"M{start} {top}C{start} {middle} {end} {middle} {end} {bottom}"


def _columns(lit: Sequence[bool]) -> list[tuple[int, int]]:
    """Return each theme's first track, from 0, and its width in tracks."""
    widths = [LIT_WIDTH if is_lit else PLAIN_WIDTH for is_lit in lit]
    unit = gcd(*widths) if widths else 1
    columns, track = [], 0
    for width in widths:
        columns.append((track, width // unit))
        track += width // unit
    return columns


def _area(
    columns: list[tuple[int, int]], row: int, first: int, last: int, rows: int = 1
) -> Area:
    start = columns[first][0]
    end = columns[last][0] + columns[last][1]
    return Area(row, FIRST_COLUMN + start, rows, end - start)


def _lanes(items: Iterable[Item]) -> list[list[Item]]:
    """Return the items in rows, so that no two of a row share a theme."""
    lanes: list[list[Item]] = []
    for item in items:
        for lane in lanes:
            if all(
                item.first > other.last or item.last < other.first for other in lane
            ):
                lane.append(item)
                break
        else:
            lanes.append([item])
    return lanes


def _bars(
    lanes: list[list[Item]],
    columns: list[tuple[int, int]],
    *,
    row: int,
    heights: list[int],
    boxes: dict[Hashable, Box],
) -> tuple[Bar, ...]:
    bars = []
    for offset, lane in enumerate(lanes):
        y, height = sum(heights), LINE + PADDING
        for item in lane:
            area = _area(columns, row + offset, item.first, item.last)
            bars.append(Bar(item.key, area))
            boxes[item.key] = _box(area, y, height)
        heights.append(height)
    return tuple(bars)


def _band(
    items: list[Item],
    columns: list[tuple[int, int]],
    *,
    heights: list[int],
    boxes: dict[Hashable, Box],
) -> Band:
    """Return one perspective: a row of cells, then a row for each lane of bars."""
    row = len(heights) + 1
    single = [item for item in items if not item.is_spanning]
    lanes = _lanes(item for item in items if item.is_spanning)
    cells: list[Cell] = []
    if single or not lanes:
        y = sum(heights)
        deepest = 1
        for theme in range(len(columns)):
            keys = tuple(item.key for item in single if item.first == theme)
            area = _area(columns, row, theme, theme)
            cells.append(Cell(theme, area, keys))
            deepest = max(deepest, len(keys))
            for place, key in enumerate(keys):
                boxes[key] = _box(area, y + PADDING // 2 + place * LINE, LINE)
        heights.append(deepest * LINE + PADDING)
    first_bar = len(heights) + 1
    bars = _bars(lanes, columns, row=first_bar, heights=heights, boxes=boxes)
    rows = len(heights) + 1 - row
    return Band(Area(row, 1, rows=rows), tuple(cells), bars)


def _box(area: Area, top: int, height: int) -> Box:
    left = (area.column - FIRST_COLUMN) * TRACK
    return Box(left, top, area.columns * TRACK, height)
