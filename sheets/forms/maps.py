"""Strategy maps: themes as columns, perspectives as rows, objectives in the cells."""

import re
from dataclasses import dataclass, field

from sheets.cells import (
    half_width,
    has_code,
    join_wrapped,
    lines_of,
    mark_of,
    normal,
    split_code,
    split_items,
    squashed,
)
from sheets.cells.codes import PERSPECTIVES, SPANNING, THEMES
from sheets.forms.codes import report_glued
from sheets.forms.columns import MAP_WORDS, perspective_of
from sheets.forms.completing import BY_NUMBER, doubt_of_code, next_code
from sheets.forms.readings import (
    Doubt,
    MapReading,
    MemberReading,
    ObjectiveReading,
    PerspectiveReading,
    Severity,
    ThemeReading,
)
from sheets.forms.titles import title_of
from sheets.grid import Cell, Sheet

_LETTER_FIRST = re.compile(rf"([{THEMES}])[\s.:、:-]*(?![A-Za-z])(\S.*)")
_LETTER_LAST = re.compile(rf"(.*[^\sA-Za-z])\s*[(]?([{THEMES}])[)]?")
_LABELLED = re.compile(
    r"^\s*[【\[]?\s*(使命|願景|核心價值)\s*[】\]]?\s*[::：]?\s*(.*)$", re.DOTALL
)
_LEAD = re.compile(r"\s*[(（]\s*(?:主政|主辦|主責|召集)(?:機關|單位)?\s*[)）]\s*")
_MEMBERS = re.compile(r"\s*[、,，;；]\s*")
_VALUES = re.compile(r"\s*[、,，;；\n]\s*")


@dataclass(slots=True)
class MapReader:
    """Finds the parts of one map by their words."""

    sheet: Sheet
    themes_at: Cell
    doubts: list[Doubt] = field(default_factory=list)
    themes: dict[int, ThemeReading] = field(default_factory=dict)
    parent_text: str = ""
    perspectives: dict[str, PerspectiveReading] = field(default_factory=dict)
    objectives: dict[str, ObjectiveReading] = field(default_factory=dict)
    members: list[MemberReading] = field(default_factory=list)
    _has_codes: bool | None = None

    def read(self) -> MapReading:
        """Return what the map shows; the doubts are in `doubts`."""
        title = title_of(self.sheet, self.themes_at.row)
        self.doubts += title.doubts
        head = self._head(title.cell)
        first_row = self._first_row_of_objectives()
        self._read_themes(first_row)
        self._read_body(first_row)
        values = head.get("核心價值", "")
        return MapReading(
            title.text,
            title.unit_text,
            title.year,
            join_wrapped(head.get("使命", "")),
            join_wrapped(head.get("願景", "")),
            _core_values(values),
            join_wrapped(values),
            self.parent_text,
            tuple(self.themes.values()),
            tuple(self.members),
            tuple(self.perspectives.values()),
            tuple(self.objectives.values()),
        )

    def _head(self, title: str | None) -> dict[str, str]:
        """Return mission, vision and values: label and text in one cell or two."""
        found: dict[str, str] = {}
        label = ""
        for cell in self.sheet:
            if cell.row >= self.themes_at.row:
                break
            if match := _LABELLED.match(cell.text):
                label = match[1]
                found.setdefault(label, match[2].strip())
            elif label and not found[label]:
                found[label] = cell.text.strip()
            elif cell.text.strip() and cell.address != title:
                self._ignore(cell)
        return found

    def _ignore(self, cell: Cell) -> None:
        params = {"text": join_wrapped(cell.text)[:100]}
        self.doubts.append(Doubt(Severity.NOTE, "line-ignored", cell.address, params))

    def _first_row_of_objectives(self) -> int:
        for cell in self.sheet:
            if cell.row > self.themes_at.row:
                if squashed(cell.text) in MAP_WORDS["objectives"]:
                    return cell.row
                if perspective_of(cell.text)[0] or has_code_of_objective(cell.text):
                    return cell.row
        return self.themes_at.row + 1

    # Themes

    def _read_themes(self, until: int) -> None:
        """Read the last row of headings as themes; rows above are what they serve."""
        rows = []
        for row in range(self.themes_at.row, until):
            cells = [
                cell
                for cell in self.sheet.rows.get(row, {}).values()
                if cell.column > self.themes_at.column and cell.text.strip()
            ]
            if cells:
                rows.append(cells)
        if not rows:
            return
        *above, themes = rows
        self.parent_text = " ".join(join_wrapped(c.text) for row in above for c in row)
        for cell in themes:
            label = join_wrapped(cell.text)
            code, name = _theme(label)
            if not code:
                code = self._letter_below(cell.column, until)
            if code:
                self.themes[cell.column] = ThemeReading(code, name, label, cell.address)
            else:
                self.doubts.append(
                    Doubt(
                        Severity.WARN,
                        "theme-without-letter",
                        cell.address,
                        {"text": label},
                    )
                )

    def _letter_below(self, column: int, from_row: int) -> str:
        for row in range(from_row, self.sheet.row_count + 1):
            text = self.sheet.text(row, column)
            if has_code_of_objective(text):
                code = split_code(text).code
                return code[0] if code[1:2] in PERSPECTIVES and code[1:2] else ""
        return ""

    # Rows of objectives and members

    def _read_body(self, first_row: int) -> None:
        is_members = False
        label: Cell | None = None
        is_used = True
        for row, cells in self.sheet.rows.items():
            if row < first_row:
                continue
            found = []
            for cell in cells.values():
                words = squashed(cell.text)
                if words in MAP_WORDS["members"]:
                    is_members = True
                elif words in MAP_WORDS["objectives"]:
                    continue
                elif is_members:
                    self._read_members(cell)
                elif has_code_of_objective(cell.text) or self._is_bare(
                    cell, label, first_row
                ):
                    found.append(cell)
                elif cell.column < min(self.themes, default=cell.column + 1):
                    if label is not None and not is_used:
                        self._ignore(label)
                    label, is_used = cell, False
                else:
                    self._without_code(cell)
            if found:
                self._read_objectives(found, label)
                is_used = True
        if label is not None and not is_used:
            self._ignore(label)

    def _is_bare(self, cell: Cell, label: Cell | None, first_row: int) -> bool:
        """Say whether a cell names objectives in words, on a map without any code."""
        if label is None or cell.column < min(self.themes, default=cell.column + 1):
            return False
        if self._has_codes is None:
            below = (other for other in self.sheet if other.row >= first_row)
            self._has_codes = any(has_code_of_objective(o.text) for o in below)
        return not self._has_codes and bool(perspective_of(label.text)[0])

    def _without_code(self, cell: Cell) -> None:
        params = {"text": join_wrapped(cell.text)[:100]}
        self.doubts.append(Doubt(Severity.WARN, "no-code", cell.address, params))

    def _read_objectives(self, cells: list[Cell], label: Cell | None) -> None:
        perspective = self._perspective(cells, label) if label else ""
        for cell in cells:
            span = self._span(cell)
            for item in split_items(cell.text, 1):
                self._objective(cell, item, span, perspective)

    def _perspective(self, cells: list[Cell], label: Cell) -> str:
        text = join_wrapped(label.text)
        code, name = perspective_of(text)
        if not code:
            name = re.sub(r"\s*[A-Z]$", "", text).removesuffix("構面")
        letters = {
            found[1]
            for cell in cells
            for item in split_items(cell.text, 1)
            if len(found := split_code(item).code) > 2 and found[1] in PERSPECTIVES
        }
        # A label without its letter is named by the codes of its row.
        if len(letters) == 1 and not text[-1:].isascii():
            code = letters.pop()
        if code:
            self.perspectives.setdefault(
                code, PerspectiveReading(code, name, text, label.address)
            )
        return code

    def _span(self, cell: Cell) -> list[ThemeReading]:
        """Return the themes a cell stands under."""
        merge = self.sheet.merged_into(cell.row, cell.column)
        last = merge.last_column if merge else cell.column
        return [
            theme
            for column, theme in self.themes.items()
            if cell.column <= column <= last
            or (column <= cell.column <= self._last_column(column))
        ]

    def _last_column(self, column: int) -> int:
        row = int(re.sub(r"\D", "", self.themes[column].cell))
        merge = self.sheet.merged_into(row, column)
        return merge.last_column if merge else column

    def _objective(
        self, cell: Cell, item: str, span: list[ThemeReading], perspective: str
    ) -> None:
        coded = split_code(item)
        report_glued(coded, cell.address, self.doubts.append)
        if coded.code:
            code = self._whole_code(coded.code, span, cell)
        elif perspective and not self._has_codes:
            letter = span[0].code if len(span) == 1 else SPANNING
            code = next_code(f"{letter}{perspective}", self.objectives)
            doubt = doubt_of_code(coded.name, [code], BY_NUMBER, cell.address)
            self.doubts.append(doubt)
        else:
            self._without_code(cell)
            return
        name, mark = mark_of(coded.name)
        everywhere = list(self.themes.values())
        if code[0] == SPANNING:
            span = everywhere
        letters = [theme.code for theme in span]
        reading = ObjectiveReading(
            code,
            name,
            coded.text,
            cell.address,
            coded.code if code != coded.code else "",
            mark,
            code[0] if code[0] in letters else letters[0] if len(letters) == 1 else "",
            perspective,
            "perspective" if perspective else "top",
            letters[0] if letters else "",
            letters[-1] if letters else "",
        )
        known = self.objectives.get(code)
        if known is None:
            self.objectives[code] = reading
        elif normal(known.name) != normal(name):
            params = {"code": code, "first": known.name, "second": name}
            self.doubts.append(
                Doubt(Severity.ERROR, "duplicate-code", cell.address, params)
            )

    def _whole_code(self, code: str, span: list[ThemeReading], cell: Cell) -> str:
        """Return a code that lacks its theme (F1, C3) with it, and ask."""
        if code[0] not in PERSPECTIVES or code[1:2] in PERSPECTIVES or not code[1:2]:
            return code
        theme = span[0].code if len(span) == 1 else SPANNING
        params = {"printed": code, "code": theme + code}
        self.doubts.append(
            Doubt(
                Severity.ASK,
                "code-completed",
                cell.address,
                params,
                default=theme + code,
            )
        )
        return theme + code

    def _read_members(self, cell: Cell) -> None:
        for theme in self._span(cell):
            for number, line in enumerate(lines_of(cell.text), 1):
                for name in _MEMBERS.split(line):
                    bare = _LEAD.sub("", name).strip()
                    if bare:
                        self.members.append(
                            MemberReading(
                                theme.code,
                                bare,
                                bare != name.strip(),
                                number,
                                cell.address,
                            )
                        )


def has_code_of_objective(text: str) -> bool:
    """Say whether a cell of a map begins with the code of an objective."""
    return has_code(text) and bool(split_code(text).name)


def find_themes(sheet: Sheet) -> Cell | None:
    """Return the cell that heads the themes (策略主題) of a map, None if it is none."""
    for cell in sheet:
        if squashed(cell.text) in MAP_WORDS["themes"]:
            return cell
    return None


def _theme(label: str) -> tuple[str, str]:
    """Return letter and name of a theme: "A 復原" or "復原 A"; "" without a letter."""
    plain = half_width(label)
    if match := _LETTER_FIRST.fullmatch(plain):
        return match[1], label[match.start(2) : match.end(2)].strip()
    if match := _LETTER_LAST.fullmatch(plain):
        return match[2], label[: match.end(1)].strip()
    return "", label


def _core_values(text: str) -> tuple[str, ...]:
    """Return the values a cell lists, parted by 、 or else by spaces."""
    listed = _VALUES.split(text.strip())
    if len(listed) == 1:
        listed = text.split()
    return tuple(value.strip() for value in listed if value.strip())
