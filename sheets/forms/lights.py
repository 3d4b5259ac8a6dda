"""Light tables: how many KPIs of a perspective have which light."""

import re

from sheets.cells import (
    BadYear,
    half_width,
    join_wrapped,
    light_of,
    quantity_of,
    squashed,
    year_named_in,
)
from sheets.forms.columns import SUMS, perspective_of
from sheets.forms.headers import heading_of
from sheets.forms.readings import Doubt, LightRow, LightTableReading, Severity
from sheets.forms.titles import title_of
from sheets.grid import Cell, Sheet, address

_TOTAL = re.compile(
    r"(?P<what>策略目標|關鍵績效指標|KPI)[^:]{0,12}:\s*(?P<count>\d+)\s*項"
)
_EACH = re.compile(r"(?P<label>[^\s;、,:\d]+?)\s*(?P<count>\d+)\s*項")
_COUNTS = ("kpis", "reached", "not_reached", "no_statistics")


def read_light_table(sheet: Sheet, first: int) -> tuple[LightTableReading, list[Doubt]]:
    """Return a light table with the counts printed above it, and its doubts.

    `first` is the row of its first headings.
    """
    last = _last_heading_row(sheet, first)
    title = title_of(sheet, first)
    doubts = list(title.doubts)
    columns: dict[str, int] = {}
    year = title.year
    for row in range(first, last + 1):
        for column, cell in sheet.rows.get(row, {}).items():
            if key := _column_key(cell.text):
                columns.setdefault(key, column)
            try:
                year = year or year_named_in(cell.text)
            except BadYear as bad:
                params = {"year": str(bad)}
                doubts.append(Doubt(Severity.ERROR, "bad-year", cell.address, params))
    objective_counts, kpi_counts, ignored = _counts_above(sheet, first, title.cell)
    doubts += [*map(_ignored, ignored), *_unread_columns(sheet, first, last, columns)]
    found = []
    for row, cells in sheet.rows.items():
        if row <= last or not cells:
            continue
        start = next(iter(cells.values()))
        label = join_wrapped(start.text)
        code, _ = perspective_of(label)
        if not (code or squashed(label) in SUMS):
            doubts.append(_ignored(start))
            continue
        found.append(_row(sheet, row, label, code, columns, doubts))
    reading = LightTableReading(
        title.text, title.unit_text, year, objective_counts, kpi_counts, tuple(found)
    )
    return reading, doubts


def _last_heading_row(sheet: Sheet, first: int) -> int:
    """Return the row that names the lights: the first one or one of two below."""
    last = first
    for row in range(first, first + 3):
        cells = sheet.rows.get(row, {}).values()
        if any(_column_key(cell.text) == "reached" for cell in cells):
            last = row
    return last


def _row(
    sheet: Sheet,
    row: int,
    label: str,
    code: str,
    columns: dict[str, int],
    doubts: list[Doubt],
) -> LightRow:
    counts: dict[str, int] = {}
    notes: dict[str, str] = {}
    for key, column in columns.items():
        text = sheet.text(row, column)
        said = quantity_of(text)
        value = said.value
        if said.note:
            notes[key] = said.note
        if value is not None and value == int(value) and 0 <= value < 10**9:
            counts[key] = int(value)
        elif text.strip() not in ("", "-", "—"):
            at = address(row, column)
            doubts.append(Doubt(Severity.WARN, "text-for-number", at, {"text": text}))
    first = min(column for column in sheet.rows[row])
    return LightRow(
        code,
        label,
        counts.get("kpis", 0),
        counts.get("reached", 0),
        counts.get("not_reached", 0),
        counts.get("no_statistics", 0),
        {
            key.removeprefix("light-"): counts.get(key, 0)
            for key in columns
            if key.startswith("light-")
        },
        tuple(join_wrapped(text) for text in sheet.row_texts(row)),
        address(row, first),
        {key: address(row, column) for key, column in columns.items()},
        notes,
    )


def _column_key(text: str) -> str:
    """Return the column of a heading, a light as `light-good`, "" for none."""
    heading = heading_of(text)
    if heading is not None:
        return heading.key if heading.key in _COUNTS else ""
    light = light_of(text) if len(squashed(text)) <= 6 else None
    return f"light-{light}" if light else ""


def _ignored(cell: Cell) -> Doubt:
    params = {"text": join_wrapped(cell.text)[:100]}
    return Doubt(Severity.NOTE, "line-ignored", cell.address, params)


def _unread_columns(
    sheet: Sheet, first: int, last: int, columns: dict[str, int]
) -> list[Doubt]:
    """Return a note for each heading over figures that names no column we know."""
    known = {min(sheet.rows[first]), *columns.values()}
    lowest: dict[int, Cell] = {}
    for row in range(first, last + 1):
        lowest |= sheet.rows.get(row, {})
    return [
        Doubt(
            Severity.NOTE,
            "column-not-read",
            cell.address,
            {"heading": join_wrapped(cell.text)[:100]},
        )
        for column, cell in sorted(lowest.items())
        if column not in known
        and any(sheet.text(row, column) for row in sheet.rows if row > last)
    ]


def _counts_above(
    sheet: Sheet, until: int, title: str | None
) -> tuple[dict[str, int], dict[str, int], list[Cell]]:
    """Return the counts of objectives and KPIs: the total as "", then by letter.

    The last of the three are the lines that say neither a count nor the title.
    """
    ignored: list[Cell] = []
    objectives: dict[str, int] = {}
    kpis: dict[str, int] = {}
    into: dict[str, int] | None = None
    for cell in sheet:
        if cell.row >= until:
            break
        text = half_width(cell.text)
        if match := _TOTAL.search(text):
            into = objectives if match["what"] == "策略目標" else kpis
            into[""] = int(match["count"])
            continue
        is_read = cell.address == title or not cell.text.strip()
        for match in _EACH.finditer(text):
            code, _ = perspective_of(match["label"])
            if into is not None and code:
                into[code] = int(match["count"])
                is_read = True
        if not is_read:
            ignored.append(cell)
    return objectives, kpis, ignored
