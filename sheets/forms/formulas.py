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
# 「…率，負向，%」: marks that commas part from what they are of.
_COMMAS = re.compile(r"\s*[,;]\s*")
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
    for piece in pieces_of_formula(cell):
        line, way, mark, unit = _unmarked(piece)
        if mark:
            direction = way
            notes.append(mark)
        if unit and not measure:
            measure = measure_text = unit
        if not line:
            continue
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


def _unmarked(line: str) -> tuple[str, str, str, str]:
    """Return a line without the marks that commas part from it, and what they say.

    Those are a direction, how it is printed, and a unit of measure that stands at the
    end beside it: 「甲/乙，負向，%」.
    """
    plain = half_width(line)
    if "," not in plain and ";" not in plain:
        return line, "", "", ""
    places = [0, *(match.end() for match in _COMMAS.finditer(plain))]
    ends = [*(match.start() for match in _COMMAS.finditer(plain)), len(line)]
    items = [line[a:b].strip() for a, b in zip(places, ends, strict=True)]
    first, last = 0, len(items)
    unit = mark = ""
    while last and not items[last - 1]:
        last -= 1
    if last > 1 and is_measure(items[last - 1]) and _is_mark(items[last - 2]):
        last, unit = last - 1, items[last - 1]
    elif last > 1 and _is_mark(items[last - 1]) and is_measure(items[last - 2]):
        last, unit, mark = last - 2, items[last - 2], items[last - 1]
    if not mark and (last > 1 or unit) and _is_mark(items[last - 1]):
        last, mark = last - 1, items[last - 1]
    if not mark and last > 1 and _is_mark(items[0]):
        first, mark = 1, items[0]
    if not mark:
        return line, "", "", ""
    bare = line[places[first] : ends[last - 1]].strip() if last > first else ""
    return bare, direction_of(mark), mark, unit


def _is_mark(item: str) -> bool:
    """Say whether an item between commas names a direction in words."""
    return len(item) > 1 and bool(direction_of(item))


def direction_of(text: str) -> str:
    """Return the direction that a whole line or cell names, "" where it names none."""
    match = _DIRECTION.fullmatch(half_width(text).strip())
    if match is None:
        return ""
    said = match["way"] or match["size"] or match["wish"] or match["sign"]
    return "negative" if said in _LOWER else "positive"


def direction_in(name: str) -> str:
    """Return the direction a KPI's name prints: …(負向指標) and …，負向 are negative."""
    bracketed = _BRACKETED.findall(half_width(name))
    found = next(filter(None, map(direction_of, bracketed)), "")
    return found or _unmarked(name)[1]


def measure_in(name: str) -> str:
    """Return the unit of measure that ends a KPI's name: …涵蓋率(%) gives %."""
    match = _NAMED_MEASURE.search(half_width(name))
    if match and is_measure(match[1]):
        return match[1]
    return _unmarked(name)[3]


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
