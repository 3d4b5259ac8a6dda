"""Tables of a text as sheets: pages joined, wraps undone, lists set out in rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sheets.cells import (
    depth_of,
    join_wrapped,
    parent_of,
    split_code,
    split_items,
    squashed,
    unwrapped,
    without_markup,
)
from sheets.cells.quantities import ABSENCES
from sheets.forms.columns import perspective_of
from sheets.forms.formulas import pieces_of_formula
from sheets.forms.readings import Doubt, Severity
from sheets.forms.texts.layouts import Layout, Part, Piece
from sheets.forms.texts.lines import Printed, Row

# Which codes part the items of a column: of objectives, of KPIs, of plans.
_DEPTHS = {"objective": 1, "kpi": 2, "plan": 3}
_FIGURES = frozenset({"actual", "target"})
# Spaces between names of units part them.
_UNITS = frozenset({"kpi_owner", "plan_owner", "owner"})
_CODED = frozenset({"objective", "kpi"})
_GROUPED = re.compile(r"\d{1,2}-\d{1,2}")
_DASH = re.compile(r"\s*[-－—–]+\s*(?=[^-－—–]*$)")
_LATEX = re.compile(r"\\(?:text|frac|times|div|%)|\$[^$]+\$")
_SHOWN = 100


@dataclass(slots=True)
class TextTable:
    """One or several printed tables of the same form under the same title.

    `names` are those of the objectives on the map before them, by code.
    """

    form: str
    title: str
    home: str
    names: dict[str, str] = field(default_factory=dict)
    pages: list[Printed] = field(default_factory=list)
    # The band that a page's title names: 內部流程構面, or the whole title of a group.
    bands: list[Piece | None] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(cls, page: Printed) -> "TextTable":
        """Return a table that stands alone, its title among the lines above it."""
        return cls(page.form, "", "", pages=[page], bands=[None])

    def part(self) -> Part:
        """Return the table as a sheet."""
        layout = Layout()
        if self.title:
            layout.add({1: Piece(self.title, self.home)})
        if self.form == "light-table":
            self._lights(layout)
        elif _is_list(self.pages[0]):
            _ListedCard(self, layout).lay_out()
        else:
            self._rows(layout)
        return layout.part(self.doubts)

    def _lights(self, layout: Layout) -> None:
        """Lay out tables of lights below their counts; one printed again stays out."""
        printed: list[list[list[str]]] = []
        for page in self.pages:
            said = [[piece.text for piece in row.values()] for row in page.rows]
            if said in printed:
                continue
            printed.append(said)
            for line in page.above:
                layout.add({1: line.piece})
            for row in (*page.headings, *page.rows):
                layout.add(row)

    def _rows(self, layout: Layout) -> None:
        self._check_breaks()
        first = self.pages[0]
        for line in first.above:
            if not line.is_claim:
                layout.add({1: line.piece})
        keys = dict(first.keys)
        places = [self._places(page, keys) for page in self.pages]
        head = 0
        for row in first.headings:
            head = layout.add(row)
        for column, last in self._double_columns(first):
            layout.widen(head, column, last)
        is_wrapped = self._is_wrapped()
        last_column = max(keys, default=1)
        for page, band, place in zip(self.pages, self.bands, places, strict=True):
            if band is not None:
                row_number = layout.add({1: band})
                if not perspective_of(band.text)[0]:
                    layout.widen(row_number, 1, last_column)
            for line in page.above:
                if line.is_claim:
                    layout.add({1: line.piece})
            for printed, below in zip(page.rows, self._below(page), strict=True):
                laid = {place.get(column, column): p for column, p in printed.items()}
                row_number = layout.add(
                    {
                        column: self._shown(keys.get(column, ""), piece, is_wrapped)
                        for column, piece in laid.items()
                    }
                )
                if [*laid] == [1] and 1 in below and _GROUPED.fullmatch(below[1].text):
                    layout.widen(row_number, 1, last_column)

    def _below(self, page: Printed) -> list[Row]:
        """Return for each row of a page the one below it."""
        return [*page.rows[1:], {}] if page.rows else []

    def _places(self, page: Printed, keys: dict[int, str]) -> dict[int, int]:
        """Return where the columns of a page stand in the first page's table."""
        by_words = {words: column for column, words in self.pages[0].words.items()}
        return {
            column: by_words[words]
            for column, words in page.words.items()
            if words in by_words and column in page.keys and by_words[words] in keys
        }

    def _double_columns(self, first: Printed) -> Iterator[tuple[int, int]]:
        """Yield the headings that stand over two columns: a code and its name."""
        filled = {column for page in self.pages for row in page.rows for column in row}
        for column, key in first.keys.items():
            is_free = column + 1 not in first.keys
            if key in _CODED and is_free and column + 1 in filled:
                yield column, column + 1

    def _is_wrapped(self) -> bool:
        """Say whether line ends were printed as spaces: 無實 際值 shows that they were.

        Only words that are known for sure can tell; other spaces may be meant.
        """
        return any(
            key in _FIGURES
            and column in row
            and row[column].text not in ABSENCES
            and squashed(row[column].text) in ABSENCES
            for page in self.pages
            for row in page.rows
            for column, key in page.keys.items()
        )

    def _shown(self, key: str, piece: Piece, is_wrapped: bool) -> Piece:
        text = without_markup(piece.text)
        if _LATEX.search(piece.text):
            shown = join_wrapped(text)[:_SHOWN]
            params = {"printed": piece.text[:_SHOWN], "text": shown}
            self.doubts.append(Doubt(Severity.NOTE, "markup-read", piece.home, params))
        lines = [text]
        if key == "formula":
            lines = pieces_of_formula(text)
        elif key in _DEPTHS and is_wrapped:
            lines = split_items(text, _DEPTHS[key])
        if is_wrapped and key not in _UNITS:
            lines = [unwrapped(line) for line in lines]
        return piece._replace(text="\n".join(lines))

    def _check_breaks(self) -> None:
        """Leave out rows of a broken table that are not whole, and say so."""
        for page in self.pages:
            if not page.is_broken:
                continue
            width = len(page.headings[0])
            for row in page.rows:
                if len(row) < width:
                    first = next(iter(row.values()))
                    params = {
                        "text": first.text[:_SHOWN],
                        "found": str(len(row)),
                        "expected": str(width),
                    }
                    self.doubts.append(
                        Doubt(Severity.WARN, "row-incomplete", first.home, params)
                    )
            page.rows = [row for row in page.rows if len(row) == width]


def split_title(title: str, page: Printed) -> tuple[str, str]:
    """Return the title of a table, and the band of the page it heads or "".

    「107年平衡計分卡-顧客構面」 heads the perspective of one page; before codes such as
    1-1 the whole title names a group.
    """
    match = _DASH.search(title)
    if match is None:
        return title, ""
    before, after = title[: match.start()].strip(), title[match.end() :].strip()
    if perspective_of(after)[0] or after.endswith("構面"):
        return before, after
    codes = (next(iter(row.values())).text for row in page.rows if row)
    if before and after and any(_GROUPED.fullmatch(code) for code in codes):
        return before, title
    return title, ""


def _is_list(page: Printed) -> bool:
    """Say whether a card lists a whole perspective in one cell of each column."""
    columns = {key: column for column, key in page.keys.items()}
    if "kpi" not in columns or "objective" in columns:
        return False
    for row in page.rows:
        piece = row.get(columns["kpi"])
        if piece is None:
            continue
        codes = [split_code(item).code for item in _items(piece, 2)]
        if len({parent_of(code) for code in codes if depth_of(code) == 2}) > 1:
            return True
    return False


def _items(piece: Piece, depth: int) -> list[str]:
    return split_items(without_markup(piece.text), depth)


@dataclass(slots=True)
class _ListedCard:
    """A card that prints each perspective as one row of lists.

    It has no column of objectives: they are the map's, by the codes of the KPIs.
    """

    table: TextTable
    layout: Layout

    def lay_out(self) -> None:
        page = self.table.pages[0]
        columns: dict[str, int] = {}
        for column, key in page.keys.items():
            if key:
                columns.setdefault(key, column)
                continue
            heading = page.headings[-1][column]
            params = {"heading": heading.text[:60]}
            self._report(Severity.NOTE, "column-not-read", heading.home, params)
        words = ("構面", "策略目標", "關鍵成功因素", "KPI", "行動計畫")
        self.layout.add({n: Piece(word, page.first) for n, word in enumerate(words, 1)})
        for page in self.table.pages:
            for row in page.rows:
                self._row(row, columns)

    def _row(self, row: Row, columns: dict[str, int]) -> None:
        label = next((p for p in row.values() if perspective_of(p.text)[0]), None)
        kpis = self._coded(row, columns["kpi"], 2)
        factors = self._coded(row, columns.get("factor", 0), 1)
        plans = self._coded(row, columns.get("plan", 0), 3)
        codes = [code for code, _ in kpis]
        objectives = list(dict.fromkeys(parent_of(code) for code in codes))
        for code, piece in factors:
            if code not in objectives:
                self._lost(piece, "no-code")
        for code, piece in plans:
            if parent_of(code) not in codes:
                self._lost(piece, "no-kpi")
        before = ""
        for code, piece in kpis:
            objective = parent_of(code)
            if not objective:
                self._lost(piece, "no-code")
                continue
            if objective not in self.table.names:
                params = {"code": code, "name": split_code(piece.text).name}
                self._report(Severity.ERROR, "no-objective", piece.home, params)
                continue
            laid = {4: piece}
            if label is not None:
                laid[1] = label
            if objective != before:
                name = self.table.names[objective]
                laid[2] = Piece(f"{objective}{name}", piece.home)
                of_objective = [p for c, p in factors if c == objective]
                if of_objective:
                    laid[3] = of_objective[0]
                for more in of_objective[1:]:
                    self._lost(more, "line-ignored")
            own = [p for c, p in plans if parent_of(c) == code]
            if own:
                text = "\n".join(plan.text for plan in own)
                laid[5] = Piece(text, own[0].home)
            self.layout.add(laid)
            before = objective

    def _coded(self, row: Row, column: int, depth: int) -> list[tuple[str, Piece]]:
        piece = row.get(column)
        if piece is None:
            return []
        return [
            (split_code(item).code, Piece(item, piece.home))
            for item in _items(piece, depth)
        ]

    def _lost(self, piece: Piece, code: str) -> None:
        params = {"text": join_wrapped(piece.text)[:_SHOWN]}
        severity = Severity.NOTE if code == "line-ignored" else Severity.WARN
        self._report(severity, code, piece.home, params)

    def _report(
        self, severity: Severity, code: str, home: str, params: dict[str, str]
    ) -> None:
        self.table.doubts.append(Doubt(severity, code, home, params))
