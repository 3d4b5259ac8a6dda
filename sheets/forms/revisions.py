"""Tables of revisions (修正對照表): what two plans count, and what became of what."""

import re
from collections.abc import Iterator, Mapping

from sheets.cells import (
    depth_of,
    half_width,
    has_code,
    join_wrapped,
    lines_of,
    split_code,
    split_items,
    squashed,
)
from sheets.forms.columns import SUMS, perspective_of
from sheets.forms.headings import headings_in
from sheets.forms.readings import Doubt, Severity
from sheets.forms.revised import (
    RevisedCode,
    RevisedCount,
    RevisedItem,
    RevisedTarget,
    RevisionReading,
)
from sheets.forms.titles import Title, unit_in
from sheets.forms.wordings import Vocabulary
from sheets.grid import Cell, Sheet

# Which noun a heading over 修訂前 and 修訂後 names; the first that fits.
_NOUNS = (
    ("targets", re.compile(r"目標值|年度目標|目標\(")),
    ("plans", re.compile(r"行動計[畫劃]|方案|計畫")),
    ("kpis", re.compile(r"KPI|績效指標|指標", re.IGNORECASE)),
    ("ksfs", re.compile(r"KSF|成功因素", re.IGNORECASE)),
    ("objectives", re.compile(r"策略目標|目標")),
)
_OF_DEPTH = {1: "objectives", 2: "kpis", 3: "plans"}
_COUNT = re.compile(r"(\d{1,4})\s*(?:項|個)?\s*(?:\(\s*([-+−±－＋]?\d{1,4})\s*\))?")
_CODE = r"([A-Z]{1,3}\d{1,2}(?:\.\d{1,2}){0,2})"
_NAME = r"[^A-Z原由自;。]{0,40}?"
_RENUMBERED = (
    re.compile(
        rf"(?:原|由|自){_CODE}{_NAME}"
        rf"(?:改編號?|改列|改為|調整|變更|移列|移至|移到|併入|整併)"
        rf"(?:為|成|至|到|於|編號)*{_NAME}{_CODE}"
    ),
    re.compile(rf"{_CODE}\s*(?:→|->|=>|⇒|➔)\s*{_CODE}"),
)
# 「EP5.2 …(原EP5.1)」: the code that stands before it is the new one.
_FORMERLY = re.compile(rf"[(]?原(?:編號|列|為|屬)?:?\s*{_CODE}[)]?")
# What a name is marked with, and is no part of it.
_REMARK = re.compile(r"[(](?:新增|刪除|修正|修訂|調整)[)]$")
_FORM = re.compile(r"(?:KPI|關鍵績效指標|目標值|指標)?(?:修[正訂])?(?:前後)?對照表")
_DATED = re.compile(r"\d{2,3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_HEAD = re.compile(r"(?:歷程|經過|說明)[:：]?$")
_NOTHING = re.compile(r"(?:\(?無\)?|[-–—─]+|/|nil|n/?a)", re.IGNORECASE)
_GONE = re.compile(r"刪除|取消|停止|廢止|不再列|移除")
_NEW = re.compile(r"新增|增列|增訂")
_SAME = re.compile(r"(?:同左|同前|未修正|無修正|未修訂|無修訂|不變|維持|照列)")
# A thing that a cell lists: its code, its name, its whole text.
type Thing = tuple[str, str, str]
_LABEL = re.compile(r"構面|[合小總]計")


def read_revision(
    sheet: Sheet, first: int, title: Title, vocabulary: Vocabulary
) -> tuple[RevisionReading, list[Doubt]]:
    """Return a table of revisions and its doubts; `first` is a row of its headings."""
    reader = _Reader(sheet, first, vocabulary)
    above = [_ignored(cell) for cell in _loose(sheet, first, title)]
    doubts = [*title.doubts, *above, *reader.read()]
    reading = RevisionReading(
        title.text,
        unit_in(_FORM.sub("", title.text)),
        title.year,
        tuple(_history(sheet, first)),
        tuple(reader.counts),
        tuple(reader.items),
        tuple(dict.fromkeys(reader.codes)),
        tuple(reader.targets),
    )
    return reading, doubts


def _history(sheet: Sheet, first: int) -> Iterator[tuple[str, str]]:
    """Yield text and cell of the lines above the table that bear a date."""
    for cell in sheet:
        if cell.row < first and _DATED.search(half_width(cell.text)):
            yield join_wrapped(cell.text).lstrip("-・· "), cell.address


def _loose(sheet: Sheet, first: int, title: Title) -> Iterator[Cell]:
    """Yield what stands above the table and is neither title nor history."""
    for cell in sheet:
        text = join_wrapped(cell.text)
        is_known = _DATED.search(half_width(text)) or _HEAD.search(text)
        if cell.row < first and text and not is_known and text not in title.text:
            yield cell


class _Reader:
    """Reads one table: its columns are pairs of before and after, a noun over each."""

    def __init__(self, sheet: Sheet, first: int, vocabulary: Vocabulary) -> None:
        self.sheet = sheet
        self.last = first
        self.unread: list[Cell] = []
        self.before: dict[int, str] = {}
        self.after: dict[int, str] = {}
        for row in range(first, first + 4):
            found = headings_in(sheet.rows.get(row, {}), vocabulary)
            keys = {heading.key for heading in found.values()}
            if {"before", "after"} <= keys:
                self.last = row
                for column, heading in found.items():
                    if heading.key in ("before", "after"):
                        side = getattr(self, heading.key)
                        side[column] = self._noun_over(first, row, column)
        sides = {*self.before, *self.after}
        self.unread = [
            cell
            for column, cell in sheet.rows.get(self.last, {}).items()
            if column not in sides and column > min(sides) - 2 and cell.text.strip()
        ]
        for column, noun in {**self.before, **self.after}.items():
            above = [] if noun else [self._words_over(column)]
            self.unread += [cell for cell in above if cell and cell not in self.unread]
        self.counts: list[RevisedCount] = []
        self.items: list[RevisedItem] = []
        self.codes: list[RevisedCode] = []
        self.targets: list[RevisedTarget] = []

    def _noun_over(self, first: int, row: int, column: int) -> str:
        """Return what the nearest words over a column, or left of there, are about."""
        for line in range(row, first - 1, -1):
            cells = self.sheet.rows.get(line, {})
            for at in range(column, 0, -1):
                if at in cells and cells[at].text.strip():
                    text = half_width(squashed(cells[at].text))
                    for noun, words in _NOUNS:
                        if words.search(text):
                            return noun
                    if line == row or at == column:
                        break
                    return ""
        return ""

    def _words_over(self, column: int) -> Cell | None:
        """Return the words over a column that say of no thing what it counts."""
        over = self.sheet.rows.get(self.last - 1, {})
        return next(
            (over[at] for at in range(column, 0, -1) if at in over and over[at].text),
            None,
        )

    def read(self) -> list[Doubt]:
        """Read every row below the headings; return the doubts."""
        doubts: list[Doubt] = []
        for row, cells in self.sheet.rows.items():
            texts = [cell for cell in cells.values() if cell.text.strip()]
            if row <= self.last or not texts:
                continue
            is_read = self._counted(row, cells)
            is_read = self._listed(cells) or is_read
            codes = [code for cell in texts for code in _codes_in(cell)]
            self.codes += codes
            if not (is_read or codes):
                doubts.append(_ignored(texts[0]))
        return [*map(_ignored, self.unread), *doubts]

    def _pairs(self) -> Iterator[tuple[int | None, int | None]]:
        """Yield the columns of before and after that stand side by side.

        One whose partner has no heading stays alone, and takes no other's partner.
        """
        waiting: int | None = None
        for column in sorted({*self.before, *self.after}):
            if column in self.after:
                yield waiting, column
                waiting = None
                continue
            if waiting is not None:
                yield waiting, None
            waiting = column
        if waiting is not None:
            yield waiting, None

    def _counted(self, row: int, cells: Mapping[int, Cell]) -> bool:
        """Read a row of counts: its label is a perspective or a sum."""
        first = min((*self.before, *self.after))
        labels = [cells[at] for at in sorted(cells) if at < first]
        label = next((c for c in labels if c.text.strip()), None)
        text = join_wrapped(label.text) if label else ""
        code = perspective_of(text)[0] if text else ""
        if not (code or squashed(text) in SUMS or _LABEL.search(text)):
            return False
        found = False
        odd: list[Cell] = []
        for is_after, side in ((False, self.before), (True, self.after)):
            for column, noun in side.items():
                cell = cells.get(column)
                if cell is None or not cell.text.strip():
                    continue
                match = _COUNT.fullmatch(half_width(cell.text).strip())
                if match is None:
                    odd.append(cell)
                    continue
                found = True
                delta = _signed(match[2]) if match[2] else None
                self.counts.append(
                    RevisedCount(
                        code,
                        text,
                        noun,
                        is_after,
                        int(match[1]),
                        cell.text.strip(),
                        cell.address,
                        delta,
                    )
                )
        # In a row of things the words are read as such.
        self.unread += odd if found else []
        return found

    def _listed(self, cells: Mapping[int, Cell]) -> bool:
        """Read a row that prints things, or a KPI's target, before and after."""
        found = False
        for left, right in self._pairs():
            if left is None or right is None:
                continue
            one, other = cells.get(left), cells.get(right)
            if self.after[right] == "targets":
                found = self._target(cells, one, other) or found
                continue
            found = self._items(one, other) or found
        return found

    def _target(
        self, cells: Mapping[int, Cell], one: Cell | None, other: Cell | None
    ) -> bool:
        owners = [cell for cell in cells.values() if has_code(cell.text)]
        codes = [split_code(cell.text).code for cell in owners]
        codes = [code for code in codes if depth_of(code) == 2]
        if not codes:
            return False
        for is_after, cell in ((False, one), (True, other)):
            if cell is not None and cell.text.strip():
                text = join_wrapped(cell.text)
                target = RevisedTarget(codes[-1], is_after, text, cell.address)
                self.targets.append(target)
        return True

    def _items(self, one: Cell | None, other: Cell | None) -> bool:
        """Pair the things of two cells: by place, where each has as many."""
        befores, afters = _things(one), _things(other)
        if not befores and not afters:
            return False
        pairs: list[tuple[Thing | None, Thing | None]]
        before_text = join_wrapped(one.text) if one else ""
        after_text = join_wrapped(other.text) if other else ""
        if not afters and _SAME.search(after_text):
            pairs = [(thing, thing) for thing in befores]
        elif len(befores) == len(afters):
            pairs = [*zip(befores, afters, strict=True)]
        elif not befores and (not before_text or _is_nothing(before_text, _NEW)):
            pairs = [(None, thing) for thing in afters]
        elif not afters and (not after_text or _is_nothing(after_text, _GONE)):
            pairs = [(thing, None) for thing in befores]
        else:
            # Several became several: the row does not say which became which.
            return True
        is_same = not afters and bool(pairs) and pairs[0][1] is not None
        for before, after in pairs:
            code = next(thing[0] for thing in (after, before) if thing)
            noun = _OF_DEPTH.get(depth_of(code), "")
            self.items.append(
                RevisedItem(
                    noun,
                    before[0] if before else "",
                    after[0] if after else "",
                    before[2] if before else before_text,
                    after[2] if after else after_text,
                    one.address if one else "",
                    other.address if other else "",
                    before[1] if before else "",
                    after[1] if after else "",
                    is_same,
                )
            )
        return True


def _ignored(cell: Cell) -> Doubt:
    told = {"text": join_wrapped(cell.text)[:100]}
    return Doubt(Severity.NOTE, "line-ignored", cell.address, told)


def _signed(text: str) -> int:
    return int(text.translate(str.maketrans("−－＋±", "--++")))


def _is_nothing(text: str, words: re.Pattern[str]) -> bool:
    return bool(_NOTHING.fullmatch(half_width(text).strip()) or words.search(text))


def _things(cell: Cell | None) -> list[Thing]:
    """Return code, name and text of the things with a code that a cell lists."""
    if cell is None:
        return []
    found = []
    for line in lines_of(cell.text):
        if not has_code(line):
            continue
        depth = depth_of(split_code(line).code)
        for item in split_items(_FORMERLY.sub("", half_width(line)), depth):
            coded = split_code(item)
            name = _REMARK.sub("", coded.name).strip()
            found.append((coded.code, name, item.strip()))
    return found


def _codes_in(cell: Cell) -> Iterator[RevisedCode]:
    """Yield the things that a cell says bear another code now."""
    text = half_width(join_wrapped(cell.text))
    plain = "".join(text.split())
    for pattern in _RENUMBERED:
        for before, after in pattern.findall(plain):
            if before != after and depth_of(before) == depth_of(after):
                yield RevisedCode(before, after, text, cell.address)
    for line in lines_of(cell.text):
        if not has_code(line):
            continue
        after = split_code(line).code
        for before in _FORMERLY.findall("".join(half_width(line).split())):
            if before != after and depth_of(before) == depth_of(after):
                yield RevisedCode(before, after, text, cell.address)
