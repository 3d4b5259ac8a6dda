"""Lists and marks in a cell: owners, lights, status words."""

import re
from functools import lru_cache

from sheets.cells.texts import half_width, join_wrapped, squashed

_SEPARATORS = re.compile(r"\s*[\r\n、,;/／|+&‧・]\s*")
_SPACES = re.compile(r"\s+")
_LINES = re.compile(r"<br\s*/?>")
# Names parted by a space only are parted where each ends like a unit's name.
_UNIT_ENDINGS = "組室科處局會所隊課股署部院校館府團"
_MARK = re.compile(
    r"^(?P<name>.+?)\s*\((?P<mark>新增|修正|修訂|調整|更名|整併|刪除)\)$"
)

# 「主辦：成保組」, 「兒少組(協辦)」: the part a unit takes is no part of its name.
_PART = r"(?:主辦|協辦|主責|主政|權責|承辦|共同主辦)(?:單位|科室|機關)?"
_PART_BEFORE = re.compile(rf"^{_PART}\s*:\s*")
_PART_AFTER = re.compile(rf"\s*\({_PART}\)$")
_AND = re.compile(rf"(?<=[{_UNIT_ENDINGS}])\s*[及和與暨]\s*(?=\S*[{_UNIT_ENDINGS}])")

type Light = str

# The word decides before the symbol: symbols vary from sheet to sheet.
_LIGHT_WORDS: tuple[tuple[str, Light], ...] = (
    ("績效不明", "unknown"),
    ("優", "excellent"),
    ("良", "good"),
    ("可", "fair"),
    ("差", "poor"),
)
_LIGHT_SIGNS: tuple[tuple[str, Light], ...] = (
    ("★", "excellent"),
    ("☆", "excellent"),
    ("●", "good"),
    ("▲", "fair"),
    ("△", "fair"),
    ("×", "poor"),
    ("✕", "poor"),
    ("x", "poor"),
    ("?", "unknown"),
)


@lru_cache(maxsize=4096)
def owners_of(text: str) -> tuple[str, ...]:
    """Return the units a cell names, in order, each once.

    They are parted by lines and separators, by 及 between names that end like a
    unit's, and by spaces where every word ends so.
    """
    names: list[str] = []
    for piece in _SEPARATORS.split(_LINES.sub("\n", half_width(text)).strip()):
        for part in _AND.split(piece):
            bare = _PART_AFTER.sub("", _PART_BEFORE.sub("", part.strip()))
            words = _SPACES.split(bare)
            if all(ends_like_unit(word) for word in words):
                names += words
            else:
                names.append(join_wrapped(bare))
    return tuple(dict.fromkeys(name for name in names if name))


def ends_like_unit(name: str) -> bool:
    """Say whether a name ends as units of an organisation do: 組, 室, 科, 局."""
    return name[-1:] in _UNIT_ENDINGS if name else False


def light_of(text: str) -> Light | None:
    """Return the light a cell shows, None where it shows none: ●(良) is good."""
    bare = squashed(text)
    if not bare:
        return None
    for word, light in (*_LIGHT_WORDS, *_LIGHT_SIGNS):
        if word in bare:
            return light
    return None


def mark_of(name: str) -> tuple[str, str]:
    """Return a name without its status word, and the word: …(新增) gives 新增."""
    match = _MARK.match(half_width(name))
    if match is None:
        return name, ""
    return name[: match.end("name")].strip(), match["mark"]
