"""A formula cell taken apart: formula, direction, unit of measure, notes."""

import re
from dataclasses import dataclass

from sheets.cells import half_width, is_measure, lines_of

_BREAK = re.compile(
    r"(?<!^)\s?(?=\((?:負向|正向)(?:指標)?\)"
    r"|(?<![\u4e00-\u9fff])(?:計量|衡量)?單位\s?:"
    r"|(?<![\u4e00-\u9fff(])註\s?\d*\s?:"
    r"|(?<![\u4e00-\u9fff])範圍\s?:)"
)
_DIRECTION = re.compile(r"\((負向|正向)(?:指標)?\)")
_MEASURE = re.compile(r"(?:計量|衡量)?單位\s?:\s*(.*)")
_NOTE = re.compile(r"(?:註\s?\d*|備註|範圍|說明|[^:]{0,15}定義)\s?:")
_NAMED_MEASURE = re.compile(r"\(([^()]{1,6})\)$")

_DIRECTIONS = {"負向": "negative", "正向": "positive"}


@dataclass(frozen=True, slots=True)
class Formula:
    """The parts of a formula cell, each as printed; `measure` without its label."""

    text: str = ""
    measure: str = ""
    measure_text: str = ""
    direction: str = ""
    notes: tuple[str, ...] = ()


def formula_of(cell: str) -> Formula:
    """Return the parts of a formula cell, on lines of their own or in one line.

    After a first note all that follows is notes, but for the unit of measure. The
    mark of a direction stands among the notes, where it was printed.
    """
    formula: list[str] = []
    notes: list[str] = []
    measure = measure_text = direction = ""
    in_notes = False
    for line in _pieces(cell):
        plain = half_width(line)
        if match := _DIRECTION.fullmatch(plain):
            direction = _DIRECTIONS[match[1]]
            notes.append(line)
        elif (match := _MEASURE.fullmatch(plain)) and not measure:
            measure, measure_text = match[1].strip(), line
        elif in_notes or _NOTE.match(plain):
            in_notes = True
            notes.append(line)
        else:
            formula.append(line)
    return Formula("\n".join(formula), measure, measure_text, direction, tuple(notes))


def direction_in(name: str) -> str:
    """Return the direction a KPI's name prints: …(負向指標) is negative."""
    match = _DIRECTION.search(half_width(name))
    return _DIRECTIONS[match[1]] if match else ""


def measure_in(name: str) -> str:
    """Return the unit of measure that ends a KPI's name: …涵蓋率(%) gives %."""
    match = _NAMED_MEASURE.search(half_width(name))
    return match[1] if match and is_measure(match[1]) else ""


def _pieces(cell: str) -> list[str]:
    pieces = []
    for line in lines_of(cell):
        at = 0
        for match in _BREAK.finditer(half_width(line)):
            pieces.append(line[at : match.start()])
            at = match.end()
        pieces.append(line[at:])
    return [piece.strip() for piece in pieces if piece.strip()]
