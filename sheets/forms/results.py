"""Results sheets: target, actual, achievement, ratings, total and light of KPIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kpi.scoring import Direction, achievement, printed_achievement
from sheets.cells import (
    BadYear,
    decimals_of,
    join_wrapped,
    light_of,
    normal,
    quantity_of,
    split_code,
    squashed,
    year_of,
)
from sheets.forms.codes import coded_text, report_glued
from sheets.forms.columns import EXEMPTIONS
from sheets.forms.figures import figure_of
from sheets.forms.formulas import direction_in
from sheets.forms.headers import Column, Header
from sheets.forms.readings import (
    Doubt,
    Figure,
    ResultReading,
    ResultsReading,
    Severity,
)
from sheets.forms.titles import Title
from sheets.grid import Cell, Sheet

KEYS = (
    "kpi",
    "target",
    "actual",
    "achievement",
    "innovation",
    "challenge",
    "contribution",
    "total",
    "light",
)
RATINGS = ("innovation", "challenge", "contribution", "total", "light")

type Cells = Mapping[int, Cell]


@dataclass(slots=True)
class ResultsReader:
    """Reads the rows of one results sheet; every row has its KPI."""

    sheet: Sheet
    header: Header
    title: Title
    doubts: list[Doubt] = field(default_factory=list)
    results: dict[str, ResultReading] = field(default_factory=dict)
    _columns: dict[str, Column] = field(init=False)
    year: int | None = field(init=False)

    def __post_init__(self) -> None:
        years = [c.year for c in self.header.all("actual") if c.year is not None]
        years += self._years_of_rows()
        self.year = self.title.year or max(years, default=None)
        self._take_columns()

    def _take_columns(self) -> None:
        # The columns of the sheet's own year, where it prints several.
        by_year = sorted(self.header.columns, key=lambda c: c.year == self.year)
        self._columns = {column.key: column for column in by_year}

    def read(self, *more: tuple[Sheet, Header]) -> ResultsReading:
        """Return what the sheet says; the doubts are in `doubts`.

        `more` are tables of the same card with other headings.
        """
        self._read_rows()
        for sheet, header in more:
            self.sheet, self.header = sheet, header
            self.doubts += header.doubts
            self._take_columns()
            self._read_rows()
        return ResultsReading(
            self.title.text,
            self.title.unit_text,
            self.year,
            tuple(self.results.values()),
        )

    def _read_rows(self) -> None:
        for row, cells in self.sheet.rows.items():
            if row <= self.header.row or self.header.is_repeated_by(cells):
                continue
            if any(cell.text.strip() for cell in cells.values()):
                self._row(row, cells)

    def _years_of_rows(self) -> list[int]:
        """Return the years that the rows of a long table name."""
        return [
            year
            for row, cells in self.sheet.rows.items()
            if row > self.header.row and (year := self._year_of(cells)) is not None
        ]

    def _year_of(self, cells: Cells) -> int | None:
        column = self.header.column("year")
        cell = cells.get(column.first) if column else None
        try:
            return year_of(cell.text) if cell is not None else None
        except BadYear:
            return None

    def _row(self, row: int, cells: Cells) -> None:
        year = self._year_of(cells)
        if year is not None and year != self.year:
            # A sheet of results is of one year; what it prints of others stands on
            # their own sheets.
            self._ignore(next(cell for cell in cells.values() if cell.text.strip()))
            return
        at = self._columns["kpi"].at(row)
        coded = split_code(self._coded_text(row, cells))
        if not coded.code and (not coded.text or len(cells) < 3):
            self._ignore(next(cell for cell in cells.values() if cell.text.strip()))
            return
        report_glued(coded, at, self.doubts.append)
        result = self._result(row, cells, coded.code, coded.name, at)
        # A row without a code is known by its name.
        key = coded.code or normal(coded.name)
        known = self.results.get(key)
        if known is not None and content_of(known) != content_of(result):
            params = {"code": coded.code, "first": known.cell, "second": at}
            self.doubts.append(Doubt(Severity.ERROR, "duplicate-code", at, params))
            return
        self.results.setdefault(key, result)

    def _ignore(self, cell: Cell) -> None:
        params = {"text": join_wrapped(cell.text)[:100]}
        self.doubts.append(Doubt(Severity.NOTE, "line-ignored", cell.address, params))

    def _result(
        self, row: int, cells: Cells, code: str, name: str, at: str
    ) -> ResultReading:
        texts = {key: self._text(row, cells, key) for key in KEYS}
        places = {
            key: self._columns[key].at(row) for key in KEYS if key in self._columns
        }
        exemption = self._exemption(row, texts)
        target, actual = self._pair(cells, texts, places)
        light = None if exemption else light_of(texts["light"])
        if texts["light"] and light is None and not exemption:
            params = {"text": texts["light"]}
            self.doubts.append(
                Doubt(Severity.WARN, "unknown-light", places["light"], params)
            )
        numbers = {
            key: None
            if exemption and key != "achievement"
            else self._number(texts[key], places.get(key, at))
            for key in ("achievement", *RATINGS[:-1])
        }
        result = ResultReading(
            code,
            name,
            texts,
            at,
            places,
            target,
            actual,
            light=light or "unknown",
            exemption=exemption,
            **numbers,
        )
        self._direction(result)
        return result

    def _text(self, row: int, cells: Cells, key: str) -> str:
        column = self._columns.get(key)
        cell = cells.get(column.first) if column else None
        return join_wrapped(cell.text) if cell else ""

    def _coded_text(self, row: int, cells: Cells) -> str:
        """Return a KPI as printed; its code may have a cell of its own."""
        column, code = self._columns["kpi"], self._columns.get("kpi_code")
        return join_wrapped(coded_text(cells, column, code, 2, self.doubts.append))

    def _exemption(self, row: int, texts: dict[str, str]) -> str:
        """Return the words that exempt a KPI, in one merged cell or in any cell."""
        for key in RATINGS:
            text, column = texts[key], self._columns.get(key)
            if not text or column is None:
                continue
            if any(word in squashed(text) for word in EXEMPTIONS):
                return text
            merge = self.sheet.merged_into(row, column.first)
            is_wide = merge is not None and merge.last_column > column.first
            if is_wide and quantity_of(text).words:
                return text
        return ""

    def _pair(
        self, cells: Cells, texts: dict[str, str], places: dict[str, str]
    ) -> tuple[Figure | None, Figure | None]:
        """Return target and actual; a target in words is compared by a person."""
        found: list[Figure | None] = []
        doubts: list[Doubt] = []
        for key in ("target", "actual"):
            column = self._columns.get(key)
            if not texts[key] or column is None:
                found.append(None)
                continue
            stored = cells.get(column.first)
            found.append(
                figure_of(texts[key], places[key], doubts.append, stored=stored)
            )
        target, actual = found
        if target is not None and target.words and (actual is None or actual.words):
            doubts = [d for d in doubts if d.code != "text-for-number"]
            params = {"text": target.words}
            doubts.append(Doubt(Severity.NOTE, "target-in-words", target.cell, params))
        self.doubts += doubts
        return target, actual

    def _number(self, text: str, cell: str) -> Decimal | None:
        if not text:
            return None
        said = quantity_of(text)
        if said.value is None and not said.absence:
            self.doubts.append(
                Doubt(Severity.WARN, "text-for-number", cell, {"text": text})
            )
        return said.value

    def _direction(self, result: ResultReading) -> None:
        """Ask where the printed achievement fits target/actual and not the reverse."""
        target, actual = result.target, result.actual
        if direction_in(result.name) or result.achievement is None:
            return
        if target is None or actual is None:
            return
        decimals = decimals_of(result.texts["achievement"])
        fits = {}
        for direction in (Direction.POSITIVE, Direction.NEGATIVE):
            value = achievement(direction, target.value, actual.value)
            fits[direction] = (
                value is not None
                and printed_achievement(value, decimals) == result.achievement
            )
        if fits[Direction.NEGATIVE] and not fits[Direction.POSITIVE]:
            params = {
                "code": result.code,
                "name": result.name,
                "target": target.text,
                "actual": actual.text,
                "printed": result.texts["achievement"],
            }
            at = result.cells.get("achievement", result.cell)
            self.doubts.append(
                Doubt(
                    Severity.ASK, "direction-negative", at, params, default="negative"
                )
            )


def content_of(result: ResultReading) -> ResultReading:
    """Return a row without its place, so that a repeated row equals itself."""
    texts = {key: normal(text) for key, text in result.texts.items()}
    return replace(
        result, name="", texts=texts, cell="", cells={}, target=None, actual=None
    )
