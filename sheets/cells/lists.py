"""Lists and marks in a cell: owners, lights, status words."""

import re
from functools import lru_cache

from sheets.cells.texts import half_width, join_wrapped, squashed

_SEPARATORS = re.compile(r"\s*[\r\n、,;/／]\s*")
_SPACES = re.compile(r"\s+")
# Names parted by a space only are parted where each ends like a unit's name.
_UNIT_ENDINGS = "組室科處局會所隊課股署部院校館府團"
_MARK = re.compile(
    r"^(?P<name>.+?)\s*\((?P<mark>新增|修正|修訂|調整|更名|整併|刪除)\)$"
)

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
    """Return the units a cell names, in order, each once."""
    names: list[str] = []
    for piece in _SEPARATORS.split(half_width(text).strip()):
        words = _SPACES.split(piece.strip())
        is_list = all(word and word[-1] in _UNIT_ENDINGS for word in words)
        names += words if is_list else [join_wrapped(piece)]
    return tuple(dict.fromkeys(name for name in names if name))


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
