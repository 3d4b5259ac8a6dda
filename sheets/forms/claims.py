"""Counts that a sheet prints of itself: 「研擬9項策略目標，10項關鍵績效指標」."""

import re
from collections.abc import Iterator

from sheets.cells import half_width, has_code, join_wrapped, squashed
from sheets.forms.columns import PERSPECTIVES, perspective_of
from sheets.forms.readings import Claim
from sheets.grid import Cell, Sheet

NOUNS = {
    "策略主題": "themes",
    "策略目標": "objectives",
    "關鍵成功因素": "ksfs",
    "關鍵績效指標": "kpis",
    "績效指標": "kpis",
    "KPI": "kpis",
    "行動計畫": "plans",
    "行動方案": "plans",
}
_NOUN = "|".join(sorted(NOUNS, key=len, reverse=True))
_LABEL = "|".join(
    rf"{name}(?:構面)?" for names in PERSPECTIVES.values() for name in names
)
_COUNT = r"(?P<count>\d{1,4})\s*[項個大]"
# 「35項策略目標」, 「顧客構面 9項策略目標」; 「策略目標：10項」; 「顧客構面7項」.
_CLAIM = re.compile(
    rf"(?:(?P<label>{_LABEL})[^\d;。,]{{0,8}})?{_COUNT}\s*(?P<noun>{_NOUN})"
    rf"|(?P<before>{_NOUN})\s*(?:\([^()]*\))?\s*(?:總數|數)?\s*[::]?\s*"
    rf"(?:共計|合計|總計|共|計)?\s*{_COUNT.replace('count', 'total')}"
    rf"|(?P<each>{_LABEL})\s*{_COUNT.replace('count', 'part')}"
)
# A sentence stands in a line of its own, or beside one label.
_CELLS_OF_A_LINE = 2


def claims_of(*sheets: Sheet) -> tuple[Claim, ...]:
    """Return the counts that lines of a table print, from top to bottom.

    A count below the band of a perspective is of that perspective.
    """
    found: list[Claim] = []
    for sheet in sheets:
        perspective, noun = "", ""
        for cells in sheet.rows.values():
            shown = [cell for cell in cells.values() if cell.text.strip()]
            # A band begins its row, and a row of more cells claims nothing.
            for cell in shown[:_CELLS_OF_A_LINE]:
                text = half_width(join_wrapped(cell.text))
                perspective = _band_in(text) or perspective
                if len(shown) > _CELLS_OF_A_LINE or has_code(text):
                    continue
                for claim in _claims_in(text, cell, perspective, noun):
                    noun = claim.noun
                    found.append(claim)
    return tuple(found)


def _band_in(text: str) -> str:
    """Return the perspective that a cell opens: its whole text, or its last words."""
    if code := perspective_of(text)[0]:
        return code
    last = re.split(r"[-–—\s]", text)[-1]
    return perspective_of(last)[0] if squashed(last).endswith("構面") else ""


def _claims_in(text: str, cell: Cell, perspective: str, noun: str) -> Iterator[Claim]:
    at = cell.address
    for match in _CLAIM.finditer(text):
        said = match.groupdict()
        if said["noun"]:
            noun = NOUNS[said["noun"]]
            of = perspective_of(said["label"] or "")[0] or perspective
            yield Claim(noun, int(said["count"]), of, text[:100], at)
        elif said["before"]:
            noun = NOUNS[said["before"]]
            yield Claim(noun, int(said["total"]), perspective, text[:100], at)
        elif noun:
            of = perspective_of(said["each"])[0]
            yield Claim(noun, int(said["part"]), of, text[:100], at)
