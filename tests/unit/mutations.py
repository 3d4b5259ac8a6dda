"""Workbooks as people and accidents change them, each by a seeded chance."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sheets.grid import Book, Cell, Merge, Sheet, address

ODD_TEXTS = (
    "", " ", "\u3000", "無", "-", "—", "N/A", "#REF!", "無實 際值", "尚無資料",
    "0", "-1", "０", "９１．６０％", "1900,000", "1,2,3", "140萬1,30人", "10億", "(500)",
    "≥ 95%", "不低於90", "以上", "達", "88 (109年7-12月)", "100%,100%", "1/2/3",
    "=1+1", "@SUM(A1)", "+886", "<b>粗</b><br/>體", "$\\frac{1}{2}$", "{{ x }}", "%s %(x)s",
    "\u202e左右", "a\u200bb", "\ud83d", "👨‍👩‍👧", "臺\n\n\n北", "　前後　", "長" * 5_000, "9" * 40,
    "AC1.1", "AC1.1.1", "AC1.1", "1-1-1", "XX9.9", "AC", "A", "C1", "EP5.1.1.1.1",
    "109年", "999年度", "0年", "民國百年", "110目標值", "3月5日", "2020/3/5", "13月",
    "KPI", "策略目標", "目標值", "109年 實際值", "合計", "小計", "第 1 頁", "顧客構面", "負向", "(新增)",
    "成保組", "不存在科", "成保組、障礙組 / 人事室，不存在科", "優", "×", "●(良)", "本項KPI免予評核。",
    "策略主題", "使命", "願景", "平衡計分卡", "A 支持就業安養", "A支持就業,B健全福祉", "*註1：說明",
)  # fmt: skip
ODD_NUMBERS = (
    "0", "-1", "0.001", "100", "124.999999", "1E14", "99999999999999", "123456789.123456789", "-0.5", "109",
)  # fmt: skip

type Cells = dict[tuple[int, int], Cell]


@dataclass(slots=True)
class Draft:
    """A sheet that may be changed; `told` says what was done, for a failing test."""

    name: str
    cells: Cells
    merges: list[Merge]
    hidden_rows: set[int]
    hidden_columns: set[int]
    is_hidden: bool
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: Sheet) -> "Draft":
        cells = {(cell.row, cell.column): cell for cell in sheet}
        return cls(
            sheet.name,
            cells,
            [*sheet.merges],
            {*sheet.hidden_rows},
            {*sheet.hidden_columns},
            sheet.is_hidden,
        )

    def sheet(self) -> Sheet:
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            rows.setdefault(row, {})[column] = cell._replace(row=row, column=column)
        return Sheet(
            self.name,
            rows,
            tuple(self.merges),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.is_hidden,
        )

    def edges(self) -> tuple[int, int]:
        """Return the last row and the last column that hold something."""
        rows, columns = zip(*self.cells, strict=True) if self.cells else ((1,), (1,))
        return max(rows), max(columns)

    def move(self, place: Callable[[int, int], tuple[int, int] | None]) -> None:
        """Put every cell where `place` says; None is nowhere."""
        moved = {}
        for (row, column), cell in self.cells.items():
            if (to := place(row, column)) is not None:
                moved[to] = cell
        self.cells = moved

    def shift_merges(self, row: int, by: int) -> None:
        """Move the merges below a row, as a program does that takes a row out."""
        shifted = []
        for merge in self.merges:
            first = merge.first_row + (by if merge.first_row > row else 0)
            last = merge.last_row + (by if merge.last_row >= row else 0)
            if 1 <= first <= last:
                shifted.append(replace(merge, first_row=first, last_row=last))
        self.merges = shifted


def delete_row(draft: Draft, chance: random.Random) -> str:
    row = chance.randint(1, draft.edges()[0])
    draft.move(lambda r, c: None if r == row else (r - (r > row), c))
    draft.shift_merges(row, -1)
    return f"row {row} deleted"


def repeat_row(draft: Draft, chance: random.Random) -> str:
    row = chance.randint(1, draft.edges()[0])
    repeated = {(r, c): cell for (r, c), cell in draft.cells.items() if r == row}
    draft.move(lambda r, c: (r + (r > row), c))
    draft.cells |= {(row + 1, c): cell for (_, c), cell in repeated.items()}
    draft.shift_merges(row, 1)
    return f"row {row} repeated"


def swap_rows(draft: Draft, chance: random.Random) -> str:
    last = draft.edges()[0]
    one, other = chance.randint(1, last), chance.randint(1, last)
    to = {one: other, other: one}
    draft.move(lambda r, c: (to.get(r, r), c))
    return f"rows {one} and {other} swapped"


def delete_column(draft: Draft, chance: random.Random) -> str:
    column = chance.randint(1, draft.edges()[1])
    draft.move(lambda r, c: None if c == column else (r, c - (c > column)))
    return f"column {column} deleted"


def insert_column(draft: Draft, chance: random.Random) -> str:
    column = chance.randint(1, draft.edges()[1])
    draft.move(lambda r, c: (r, c + (c >= column)))
    return f"column {column} inserted"


def swap_columns(draft: Draft, chance: random.Random) -> str:
    last = draft.edges()[1]
    one, other = chance.randint(1, last), chance.randint(1, last)
    to = {one: other, other: one}
    draft.move(lambda r, c: (r, to.get(c, c)))
    return f"columns {one} and {other} swapped"


def blank_cell(draft: Draft, chance: random.Random) -> str:
    if not draft.cells:
        return "nothing to blank"
    place = chance.choice(sorted(draft.cells))
    del draft.cells[place]
    return f"{address(*place)} blanked"


def _any_place(draft: Draft, chance: random.Random) -> tuple[int, int]:
    if draft.cells and chance.random() < 0.8:
        return chance.choice(sorted(draft.cells))
    last_row, last_column = draft.edges()
    return chance.randint(1, last_row + 2), chance.randint(1, last_column + 2)


def odd_text(draft: Draft, chance: random.Random) -> str:
    place, text = _any_place(draft, chance), chance.choice(ODD_TEXTS)
    draft.cells[place] = Cell(*place, text, text, False)
    return f"{address(*place)} is {text[:20]!r}"


def odd_number(draft: Draft, chance: random.Random) -> str:
    place, text = _any_place(draft, chance), chance.choice(ODD_NUMBERS)
    shown = chance.choice((text, f"{Decimal(text):,.2f}", f"{Decimal(text):.0%}"))
    draft.cells[place] = Cell(*place, Decimal(text), shown, True)
    return f"{address(*place)} is the number {shown}"


def odd_date(draft: Draft, chance: random.Random) -> str:
    place = _any_place(draft, chance)
    day = datetime(chance.randint(1900, 2100), chance.randint(1, 12), 1)
    shown = chance.choice((f"{day:%Y/%m/%d}", f"{day:%b-%y}", f"{day.month}月1日"))
    draft.cells[place] = Cell(*place, day, shown, False)
    return f"{address(*place)} is the day {shown}"


def glued_cells(draft: Draft, chance: random.Random) -> str:
    """Put what one cell says behind what another says."""
    if not draft.cells:
        return "nothing to glue"
    one, other = (chance.choice(sorted(draft.cells)) for _ in range(2))
    glue = chance.choice(("\n", " ", "、", ""))
    text = f"{draft.cells[one].text}{glue}{draft.cells[other].text}"
    draft.cells[one] = Cell(*one, text, text, False)
    return f"{address(*other)} glued to {address(*one)}"


def drop_merge(draft: Draft, chance: random.Random) -> str:
    if not draft.merges:
        return "no merge to drop"
    merge = draft.merges.pop(chance.randrange(len(draft.merges)))
    return f"{merge} dropped"


def add_merge(draft: Draft, chance: random.Random) -> str:
    row, column = _any_place(draft, chance)
    rows, columns = chance.randint(0, 4), chance.randint(0, 3)
    draft.merges.append(Merge(row, column, row + rows, column + columns))
    draft.merges.sort(key=lambda merge: (merge.first_row, merge.first_column))
    return f"{draft.merges[-1]} added"


def hide(draft: Draft, chance: random.Random) -> str:
    last_row, last_column = draft.edges()
    draft.hidden_rows.add(chance.randint(1, last_row))
    draft.hidden_columns.add(chance.randint(1, last_column))
    return "a row and a column hidden"


CHANGES: tuple[Callable[[Draft, random.Random], str], ...] = (
    delete_row, repeat_row, swap_rows, delete_column, insert_column, swap_columns, blank_cell,
    odd_text, odd_text, odd_text, odd_number, odd_date, glued_cells, drop_merge, add_merge, hide,
)  # fmt: skip


def mutated(book: Book, chance: random.Random) -> tuple[Book, str]:
    """Return a book with one to four changes, and what they are."""
    drafts = [Draft.of(sheet) for sheet in book.sheets]
    told = []
    for _ in range(chance.randint(1, 4)):
        draft = chance.choice(drafts)
        told.append(f"{draft.name}: {chance.choice(CHANGES)(draft, chance)}")
    if chance.random() < 0.05:
        drafts.append(chance.choice(drafts))
        told.append("a sheet twice")
    if chance.random() < 0.05:
        drafts.pop(chance.randrange(len(drafts)))
        told.append("a sheet less")
    sheets = tuple(draft.sheet() for draft in drafts)
    return replace(book, sheets=sheets), "; ".join(told)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a file with other bytes, cut off, or with a piece of it moved."""
    changed = bytearray(content)
    what = chance.randrange(4)
    if what == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    if what == 1:
        start, size = chance.randrange(len(changed)), chance.randint(1, 600)
        piece = changed[start : start + size]
        del changed[start : start + size]
        to = chance.randrange(len(changed) + 1)
        changed[to:to] = piece
        return bytes(changed)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def damaged_inside(content: bytes, chance: random.Random) -> bytes:
    """Return a packed file whose packing is whole, and one part of it damaged."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as whole,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        names = whole.namelist()
        chosen = chance.choice([n for n in names if n.endswith(".xml")])
        for name in names:
            part = whole.read(name)
            written.writestr(name, damaged(part, chance) if name == chosen else part)
    return target.getvalue()
