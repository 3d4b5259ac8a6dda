"""Codes of objectives, KPIs and plans, glued to their names or not.

Two families: theme, perspective and numbers (AC1, AC1.1, AC1.1.1), and numbers with
hyphens (1-1, 1-1-1). A code is a label: what it belongs to is told by its row.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from sheets.cells.texts import half_width, join_wrapped, lines_of

THEMES = "ABCDEFGH"
SPANNING = "T"
PERSPECTIVES = "CPLF"
# How deep the code of a plan is: AC1.1.1.
PLAN = 3

_LETTERS = rf"[{THEMES}{SPANNING}][{PERSPECTIVES}]"
_NUMBERS = r"\d+(?:\.\d+){0,2}"
_START = re.compile(
    rf"\s*(?P<code>{_LETTERS}{_NUMBERS}|[{PERSPECTIVES}]{_NUMBERS}"
    r"|\d{1,2}(?:-\d{1,2}){1,3}(?![\d月日年歲時%人天])"
    r")(?P<end>\.(?!\d))?(?P<gap>[\s.:、,]*)",
    re.ASCII,
)
# A code as people type it, where none is printed as it should be: ac1.1, AC-2.1.
_TYPED = re.compile(
    rf"\s*(?P<code>[{THEMES}{SPANNING}]\s?[{PERSPECTIVES}]\s?-?\s?"
    r"\d{1,2}(?:\.\d{1,2}){0,2})(?![a-z\d%]|\.\d)(?P<end>\.)?(?P<gap>[\s.:、,]*)",
    re.ASCII | re.IGNORECASE,
)
# A code opens an item after a break or a separator; a full one also after a word.
_ITEM = re.compile(
    rf"(?:(?<![A-Za-z0-9.])(?P<full>{_LETTERS}{_NUMBERS})"
    rf"|(?:^|(?<=[\s、,,;]))(?P<bare>[{PERSPECTIVES}]{_NUMBERS}))(?![A-Za-z0-9])",
    re.ASCII,
)
# 「1.」, 「(2)」, 「①」, 「一、」 and dots before the items of a list without codes.
_BULLET = re.compile(
    r"\s*(?:[(]?\d{1,2}[).、](?!\d)|[①-⑳]|[•●◎○▪■◆➢]"
    r"|[(]?[一二三四五六七八九十]{1,2}[)、])\s*(?=\S)"
)
_NUMBERED = re.compile(r"(?:(?<=^)|(?<=[\s;。、]))[(]?(\d{1,2})[).、]\s*(?=[^\d\s])")
# After these a number counts something: 「BP2.1.12區」 is BP2.1.1 and 2區.
_COUNTERS = "區歲個年月日天家人項處次萬億場件小%％所大成科鄰里班級"


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and the name beside it; `code` is "" where there is none.

    `text` is both as printed, in one line. `is_glued` says that digits of the name
    follow the code without a gap, so that where it ends is a guess.
    """

    code: str
    name: str
    text: str
    is_glued: bool = False


def split_code(text: str) -> Coded:
    """Return code and name of one item: "BP2.1.1 12區…" is BP2.1.1 and 12區….

    A code may end with a dot (AC1.1.1.), may lack its theme (F1), and may be typed
    with small letters, a space or a hyphen: ac1.1, AC 1.1 and AC-1.1 are AC1.1.
    """
    printed = join_wrapped(text)
    plain = half_width(printed)
    match = _START.match(plain)
    if match is None:
        if match := _TYPED.match(plain):
            code = re.sub(r"[\s-]", "", match["code"]).upper()
            name = printed[match.end() :].strip()
            return Coded(_bare_numbers(code), name, printed)
        return Coded("", printed, printed)
    code = match["code"]
    name_at = match.end()
    is_glued = False
    if not match["end"] and not match["gap"]:
        code, is_glued = _unglued(code, printed[name_at : name_at + 1])
        if is_glued:
            name_at = match.start("code") + len(code)
    name = printed[name_at:].strip()
    return Coded(_bare_numbers(code), name, printed, is_glued)


def has_code(text: str) -> bool:
    """Say whether an item begins with a code."""
    plain = half_width(text)
    return (_START.match(plain) or _TYPED.match(plain)) is not None


def depth_of(code: str) -> int:
    """Return 1 for the code of an objective, 2 of a KPI, 3 of a plan, 0 for none."""
    if not code:
        return 0
    return code.count("-") if "-" in code else code.count(".") + 1


def parent_of(code: str) -> str:
    """Return the code one level up by its spelling: AC1.1 of AC1.1.1."""
    mark = "-" if "-" in code else "."
    return code.rpartition(mark)[0]


def split_items(text: str, depth: int) -> list[str]:
    """Return the items of a cell, each with its code, as printed.

    Codes open an item: codes of `depth` wherever they stand, others at the start of
    a line. A line without a code is a wrapped part of the one before, unless no
    line has any: then every line is an item.
    """
    items: list[str] = []
    is_coded = False
    if depth == PLAN and (listed := _listed(text)):
        return listed
    lines = lines_of(text)
    # Beside codes as printed, a line such as 「tl-2 …」 is a wrapped part.
    is_typed = not any(_START.match(half_width(line)) for line in lines)
    for line in lines:
        for piece, opens in _pieces(line, depth):
            opens = opens or (is_typed and has_code(piece))
            if opens or not (items and is_coded):
                items.append(piece)
            else:
                items[-1] += f"\n{piece}"
            is_coded = is_coded or opens
    return items


def without_bullet(name: str) -> str:
    """Return a name without the number or dot by which a list counts it."""
    match = _BULLET.match(half_width(name))
    return name[match.end() :] if match else name


def _listed(text: str) -> list[str]:
    """Return the items of a list that numbers or dots part, [] where it has none.

    Lines without a mark are wrapped parts of the item above. Numbers in one line part
    it only where they count from 1.
    """
    lines = lines_of(text)
    if any(has_code(line) for line in lines):
        return []
    if len(lines) == 1:
        plain = half_width(lines[0])
        found = [*_NUMBERED.finditer(plain)]
        numbers = [int(match[1]) for match in found]
        if len(found) < 2 or found[0].start() or numbers != [*range(1, len(found) + 1)]:
            return []
        starts = [*(match.start() for match in found), len(plain)]
        return [lines[0][a:b].strip(" ;；") for a, b in pairwise(starts)]
    if not lines or not _BULLET.match(half_width(lines[0])):
        return []
    items: list[str] = []
    for line in lines:
        if _BULLET.match(half_width(line)):
            items.append(line)
        else:
            items[-1] += f"\n{line}"
    return items


def _pieces(line: str, depth: int) -> list[tuple[str, bool]]:
    """Return the pieces of a line, and whether each opens with a code."""
    plain = half_width(line)
    found = _ITEM.findall(plain)
    if len(found) < 2:
        return [(line, _START.match(plain) is not None)]
    starts = [
        match.start()
        for match in _ITEM.finditer(plain)
        if match.start() == 0 or depth_of(match[0]) == depth
    ]
    if not starts or starts[0] > 0:
        starts = [0, *starts]
    pieces = (
        line[first:last].strip().rstrip("、,，;；").strip()
        for first, last in pairwise([*starts, len(line)])
    )
    return [(piece, has_code(piece)) for piece in pieces if piece]


def _unglued(code: str, following: str) -> tuple[str, bool]:
    """Return the code without digits that seem to be the name's, and whether so."""
    if "-" in code:
        return code, False
    stem, _, last = code.rpartition(".")
    digits = last if stem else re.sub(r"[A-Z]+", "", code)
    letters = code.removesuffix(digits)
    is_counted = len(digits) == 2 and following != "" and following in _COUNTERS
    if len(digits) > 2 or is_counted:
        return letters + digits[0], True
    return code, False


def _bare_numbers(code: str) -> str:
    """Return the code without zeros before a number: AC01.1 is AC1.1."""
    if "0" not in code:
        return code
    return re.sub(r"(?<!\d)0+(?=\d)", "", code)
