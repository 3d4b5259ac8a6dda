"""The scorecard of the centre of 111, typed as badly as an office could type it."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from sheets.cells import normal, squashed
from sheets.forms import read_book
from sheets.forms.readings import Figure, ScorecardReading, SheetReading
from sheets.grid import read_workbook

ROOT = Path(__file__).resolve().parents[2]
CENTRE = ROOT / "fixtures" / "workbooks" / "center-111.xlsx"
TITLE = "家庭暴力暨性侵害防治中心 111年平衡計分卡"
COLUMNS = (
    *("objective", "factor", "kpi", "formula"),
    *("actual 108", "actual 109", "actual 110"),
    *("target 111", "target 112", "target 113"),
    *("kpi_owner", "plan", "budget 111", "budget 112", "plan_owner"),
)
FILLED = ("objective", "factor")

type Row = dict[str, str]
type Words = Callable[[str, str], tuple[str, ...]]


@cache
def lines() -> tuple[tuple[str, Row], ...]:
    """Return the rows of the published table, each with its perspective, filled."""
    sheet = read_workbook(CENTRE, CENTRE.name).sheet("平衡計分卡")
    assert sheet is not None
    found: list[tuple[str, Row]] = []
    band = ""
    for row, cells in sheet.rows.items():
        texts = [cell.text for cell in cells.values()]
        if row > 2 and len(texts) == 1:
            band = texts[0]
        elif row > 2:
            line = {key: sheet.text(row, n) for n, key in enumerate(COLUMNS, 1)}
            before = found[-1][1] if found else line
            if not line["objective"] and not line["factor"]:
                line["factor"] = before["factor"]
            line["objective"] = line["objective"] or before["objective"]
            found.append((band, line))
    return tuple(found)


def plain_words(key: str, year: str) -> tuple[str, ...]:
    """Return the heading of a column as it is published."""
    return {
        "objective": ("策略目標",),
        "factor": ("關鍵成功因素(KSF)",),
        "kpi": ("KPI",),
        "formula": ("KPI計算公式及計量單位",),
        "actual": (f"{year}年 實際值",),
        "target": (f"{year}年 目標值",),
        "kpi_owner": ("KPI主責科室",),
        "plan": ("行動計畫",),
        "budget": (f"行動計畫 {'已' if year == '111' else '預'}編{year}年概算(元)",),
        "plan_owner": ("行動計畫主責科室",),
        "perspective": ("構面",),
        "code": ("指標編號",),
        "number": ("項次",),
        "remark": ("備註",),
        "estimate": ("推估水準",),
        "charge": ("擔當",),
    }[key]


@dataclass(frozen=True)
class Ugly:
    """How one workbook is spoiled; without anything it is the published table."""

    order: tuple[str, ...] = COLUMNS
    words: Words = plain_words
    title: tuple[str, ...] = (TITLE,)
    fill: str = "merged"
    spoil: Callable[[str, str], str] = lambda key, text: text
    repeat_every: int = 0
    foot: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    is_merged_head: bool = True
    below: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[tuple[tuple[str, ...], ...], ...] = field(default=())
    rows: Callable[[], Iterable[tuple[str, Row]]] = lines

    def content(self) -> bytes:
        """Return the workbook as the bytes of an .xlsx file."""
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "工作表1"
        for line in self.title:
            sheet.append([line])
        self._head(sheet)
        self._rows(sheet)
        for line in (*((text,) for text in self.foot), *self.below):
            sheet.append(line)
        for row in self.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for letter in self.hidden_columns:
            sheet.column_dimensions[letter].hidden = True
        for number, rows in enumerate(self.sheets, 2):
            other = book.create_sheet(f"工作表{number}")
            for row in rows:
                other.append(row)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def readings(self) -> tuple[SheetReading, ...]:
        return read_book(read_workbook(self.content(), "ugly.xlsx"))

    def _headings(self) -> list[tuple[str, ...]]:
        return [self.words(*f"{key} ".split(" ")[:2]) for key in self.order]

    def _head(self, sheet: Worksheet) -> None:
        """Write the headings; what is the same beside itself is merged or left blank."""
        headings = self._headings()
        depth = max(map(len, headings))
        top = sheet.max_row + 1
        for column, words in enumerate(headings, 1):
            for place, word in enumerate(words):
                beside = headings[column - 2] if column > 1 else ()
                if len(words) > 1 and not place and beside[:1] == (word,):
                    continue
                row = top + (
                    depth - 1 if len(words) == 1 and not self.is_merged_head else place
                )
                sheet.cell(row, column, word)
            if len(words) < depth and self.is_merged_head:
                sheet.merge_cells(
                    start_row=top,
                    end_row=top + depth - 1,
                    start_column=column,
                    end_column=column,
                )
        if depth > 1 and self.is_merged_head:
            self._merge_groups(sheet, headings, top)

    def _merge_groups(self, sheet: Worksheet, headings: list, top: int) -> None:
        column = 1
        while column <= len(headings):
            last = column
            while (
                len(headings[column - 1]) > 1
                and last < len(headings)
                and headings[last][:1] == headings[column - 1][:1]
            ):
                last += 1
            if last > column:
                sheet.merge_cells(
                    start_row=top, end_row=top, start_column=column, end_column=last
                )
            column = last + 1

    def _rows(self, sheet: Worksheet) -> None:
        band, before = "", {}
        for number, (perspective, line) in enumerate(self.rows()):
            is_page = self.repeat_every and number and not number % self.repeat_every
            if is_page:
                sheet.append([f"- {number // self.repeat_every} -"])
                sheet.append([self.title[0]])
                self._head(sheet)
            if perspective != band and "perspective" not in self.order:
                sheet.append([perspective])
            texts = dict(line)
            extra = {"perspective": perspective, "number": str(number + 1)}
            extra["code"] = line["kpi"].partition(" ")[0]
            extra["estimate"], extra["charge"] = str(80 + number % 7), "社工組"
            row = sheet.max_row + 1
            for column, key in enumerate(self.order, 1):
                text = texts.get(key, extra.get(key, ""))
                if self._is_blank(key, line, before) and not is_page:
                    self._cover(sheet, row, column)
                elif text:
                    sheet.cell(row, column, self.spoil(key, text))
            band, before = perspective, line

    def _is_blank(self, key: str, line: Row, before: Row) -> bool:
        same = key in FILLED and before and line["objective"] == before["objective"]
        if self.fill == "repeated" or not same:
            return False
        return key == "objective" or line["factor"] == before["factor"]

    def _cover(self, sheet: Worksheet, row: int, column: int) -> None:
        """Merge a cell into the one above, where this table merges."""
        if self.fill != "merged":
            return
        for block in list(sheet.merged_cells.ranges):
            if (
                block.min_col == column
                and block.max_row == row - 1
                and block.min_row > 3
            ):
                sheet.unmerge_cells(str(block))
                sheet.merge_cells(
                    start_row=block.min_row,
                    end_row=row,
                    start_column=column,
                    end_column=column,
                )
                return
        sheet.merge_cells(
            start_row=row - 1, end_row=row, start_column=column, end_column=column
        )


def said(reading: ScorecardReading) -> dict[str, object]:
    """Return what a table says, however it is typed and wherever it stands."""
    factors = [normal(factor.name) for factor in reading.factors]
    return {
        "year": reading.year,
        "unit": reading.unit_text,
        "objectives": [
            (o.code, normal(o.name), o.perspective) for o in reading.objectives
        ],
        "factors": [
            (f.objective, name)
            for f, name in zip(reading.factors, factors, strict=True)
        ],
        "kpis": [
            (
                (kpi.code, normal(kpi.name), kpi.objective, kpi.perspective),
                None if kpi.factor is None else factors[kpi.factor],
                (
                    squashed(kpi.formula_text),
                    kpi.measure,
                    kpi.direction,
                    len(kpi.notes),
                ),
                kpi.owners,
                _numbers(kpi.actuals),
                _numbers(kpi.targets),
            )
            for kpi in reading.kpis
        ],
        "rows": [
            (
                row.kpi,
                [(plan.code, normal(plan.name)) for plan in row.plans],
                row.owners,
                [(m.year, m.stage, m.kind, m.amount) for m in row.budgets],
            )
            for row in reading.rows
        ],
    }


def _numbers(figures: dict[int, Figure]) -> Iterable:
    return [
        (year, figure.value, figure.comparator, figure.absence, figure.month_from)
        for year, figure in sorted(figures.items())
    ]
