"""Bands of a table: which perspective or group its rows are under."""

import re
from dataclasses import dataclass, field

from sheets.cells import join_wrapped, normal
from sheets.forms.columns import perspective_of
from sheets.forms.readings import PerspectiveReading, ThemeReading
from sheets.forms.titles import Title
from sheets.grid import Cell, Sheet

# What parts the last words of a title: 「…平衡計分卡-顧客構面」, 「…(顧客構面)」.
_LAST_WORDS = re.compile(r"[-－—–_:：\s(（]+")


@dataclass(slots=True)
class Bands:
    """Keeps which perspective, or which group of numbered objectives, is open.

    A perspective whose name is not known takes the letter of its objectives' codes.
    """

    title: Title
    perspectives: dict[str, PerspectiveReading] = field(default_factory=dict)
    themes: list[ThemeReading] = field(default_factory=list)
    perspective: str = ""
    _label: tuple[str, str] = ("", "")
    _group: tuple[str, str] | None = None

    def open_by_title(self, sheet: Sheet) -> None:
        """Open the perspective of which a title, or the name of a sheet, says it is."""
        for text, cell in ((self.title.text, self.title.cell), (sheet.name, None)):
            words = _LAST_WORDS.split(text.rstrip(")）"))[-1]
            # A name such as 財務 may be one of a sheet of accounts.
            if perspective_of(words)[0] and (cell or words.endswith("構面")):
                self.enter(words, cell or "A1")
                return

    def open(self, cell: Cell, sheet: Sheet) -> bool:
        """Open what the only cell of a row names; say whether it names any."""
        text = join_wrapped(cell.text)
        if perspective_of(text)[0] or text.endswith("構面"):
            return self.enter(text, cell.address)
        merge = sheet.merged_into(cell.row, cell.column)
        is_wide = merge is not None and merge.last_column > merge.first_column
        if (is_wide or self._adds_to_title(text, sheet)) and not self.perspectives:
            self._group = (text, cell.address)
            return True
        return False

    def _adds_to_title(self, text: str, sheet: Sheet) -> bool:
        """Say whether a line says the title and more, where no merge draws it wide."""
        title = normal(self.title.text)
        return bool(title) and not sheet.merges and normal(text).startswith(title)

    def is_band(self, text: str) -> bool:
        """Say whether a text is the label of a perspective."""
        return bool(perspective_of(text)[0]) or text.endswith("構面")

    def enter(self, label: str, cell: str) -> bool:
        """Open a perspective; say whether it was not open before."""
        code, name = perspective_of(label)
        if normal(label) == normal(self._label[0]) or (
            code and code == self.perspective
        ):
            return False
        self.perspective, self._label = code, (label, cell)
        if code:
            self._keep(code, name)
        return True

    def _keep(self, code: str, name: str) -> None:
        label, cell = self._label
        self.perspective = code
        self.perspectives.setdefault(code, PerspectiveReading(code, name, label, cell))

    def perspective_by(self, code: str) -> str:
        """Return the open perspective, named by a code where its label is not known."""
        # Only codes such as 1-1 are grouped; a band over others is a perspective.
        if self._group and "-" not in code:
            self._label, self._group = self._group, None
        if not self.perspective and self._label[0] and code[:2].isalpha():
            self._keep(code[1], self._label[0].removesuffix("構面"))
        return self.perspective

    def group_by(self, code: str) -> str:
        """Return the code of the open group: the first part of its objectives'."""
        if self._group is None:
            return ""
        text, at = self._group
        known = next((theme for theme in self.themes if theme.label == text), None)
        if known is None:
            group = code.partition("-")[0]
            name = text.removeprefix(self.title.text).strip(" -－—:：")
            known = ThemeReading(group, name or text, text, at)
            self.themes.append(known)
        return known.code

    @property
    def stem(self) -> str:
        """How codes of the open group begin ("2-"), "" where none is open."""
        if self._group is None:
            return ""
        known = [t.code for t in self.themes if t.label == self._group[0]]
        return f"{known[0] if known else len(self.themes) + 1}-"
