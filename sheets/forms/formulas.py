"""A formula cell taken apart: formula, direction, unit of measure, notes."""

import re
from dataclasses import dataclass

from sheets.cells import half_width, is_measure, lines_of

_BREAK = re.compile(
    r"(?<!^)\s?(?=[(\[【](?:(?:負向|正向|反向|逆向)(?:指標)?"
    r"|(?:指標)?(?:數?值)?[越愈][低高小大少多][越愈][好佳]|望[小大](?:指標)?)[)\]】]"
    r"|(?<=\s)(?:(?:數?值)?[越愈][低高小大少多][越愈][好佳]|望[小大])(?=\s|$)"
    r"|(?<![\u4e00-\u9fff])(?:計量|衡量)?單位\s?:"
    r"|(?<![\u4e00-\u9fff(])註\s?\d*\s?:"
    r"|(?<![\u4e00-\u9fff])範圍\s?:)"
)
_WAYS = r"負向|正向|反向|逆向"
_BRACKETED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
# A mark on a line, or in a column, of its own.
_DIRECTION = re.compile(
    rf"[(\[【]?(?:(?:指標)?方向\s*:\s*)?(?P<way>{_WAYS})(?:指標)?[)\]】]?"
    r"|[(\[【]?(?:指標)?(?:數?值)?[越愈](?P<size>[低高小大少多])[越愈][好佳][)\]】]?"
    r"|[(\[【]?望(?P<wish>[小大])(?:指標)?[)\]】]?|(?P<sign>[-+])"
)
_LABEL = re.compile(r"^(?:KPI)?(?:計算)?(?:公式|方式)\s*:\s*", re.IGNORECASE)
_MEASURE = re.compile(r"(?:計量|衡量)?單位\s?:\s*(.*)")
_NOTE = re.compile(r"(?:註\s?\d*|備註|範圍|說明|[^:]{0,15}定義)\s?:")
_NAMED_MEASURE = re.compile(r"\(([^()]{1,6})\)$")

_LOWER = frozenset({"負向", "反向", "逆向", *"低小少-"})


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
    for line in pieces_of_formula(cell):
        plain = half_width(line)
        if way := direction_of(plain):
            direction = way
            notes.append(line)
        elif (match := _MEASURE.fullmatch(plain)) and not measure:
            measure, measure_text = match[1].strip(), line
        elif in_notes or _NOTE.match(plain):
            in_notes = True
            notes.append(line)
        else:
            label = _LABEL.match(plain)
            formula.append(line[label.end() :] if label else line)
    return Formula("\n".join(formula), measure, measure_text, direction, tuple(notes))


def direction_of(text: str) -> str:
    """Return the direction that a whole line or cell names, "" where it names none."""
    match = _DIRECTION.fullmatch(half_width(text).strip())
    if match is None:
        return ""
    said = match["way"] or match["size"] or match["wish"] or match["sign"]
    return "negative" if said in _LOWER else "positive"


def direction_in(name: str) -> str:
    """Return the direction a KPI's name prints: …(負向指標) is negative."""
    bracketed = _BRACKETED.findall(half_width(name))
    return next(filter(None, map(direction_of, bracketed)), "")


def measure_in(name: str) -> str:
    """Return the unit of measure that ends a KPI's name: …涵蓋率(%) gives %."""
    match = _NAMED_MEASURE.search(half_width(name))
    return match[1] if match and is_measure(match[1]) else ""


def pieces_of_formula(cell: str) -> list[str]:
    """Return the parts of a formula cell as printed, each on a line of its own."""
    pieces = []
    for line in lines_of(cell):
        at = 0
        for match in _BREAK.finditer(half_width(line)):
            pieces.append(line[at : match.start()])
            at = match.end()
        pieces.append(line[at:])
    return [piece.strip() for piece in pieces if piece.strip()]
