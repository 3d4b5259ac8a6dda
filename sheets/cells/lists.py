"""Lists and marks in a cell: owners, lights, status words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from sheets.cells.texts import half_width, join_wrapped, squashed

_LINES = re.compile(r"<br\s*/?>")
# Names parted by a space only are parted where each ends like a unit's name.
_UNIT_ENDINGS = "組室科處局會所隊課股署部院校館府團"
_MARK = re.compile(
    r"^(?P<name>.+?)\s*\((?P<mark>新增|修正|修訂|調整|更名|整併|刪除)\)$"
)

# 「主辦：成保組」, 「兒少組(協辦)」: the part a unit takes is no part of its name.
_PARTS = ("主辦", "協辦", "主責", "主政", "權責", "承辦", "共同主辦", "配合", "會辦")
_PART = rf"(?:{'|'.join(_PARTS)})(?:單位|科室|機關)?"
_PART_BEFORE = re.compile(rf"^(?:{_PART}\s*:|\({_PART}\))\s*")
_PART_AFTER = re.compile(rf"\s*\({_PART}\)$")
_ONLY_PART = re.compile(rf"\({_PART}\)|{_PART}\s*:")
# A part parts names too: 「成保組(主辦)兒少組(協辦)」, 「主辦：甲組 協辦：乙組」.
_AFTER_PART = "|".join(rf"(?<={word}\))" for word in _PARTS)
_SEPARATORS = re.compile(
    rf"\s*[\r\n、,;/|+&‧・]\s*|\s*(?={_PART}\s*:)|(?:{_AFTER_PART})\s*(?=\S)"
)
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


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit that a cell names, and how the cell prints it: 兒少組(協辦)."""

    name: str
    text: str


@lru_cache(maxsize=4096)
def owners_in(text: str) -> tuple[Owner, ...]:
    """Return the units a cell names, in order, each once.

    They are parted by lines and separators, by the part that each takes, by 及 between
    names that end like a unit's, and by spaces where every word ends so.
    """
    found: dict[str, Owner] = {}
    for piece in _pieces(_LINES.sub("\n", text).strip()):
        for part in _cut(_AND, piece):
            for owner in _owners(part.strip()):
                found.setdefault(owner.name, owner)
    return tuple(found.values())


def owners_of(text: str) -> tuple[str, ...]:
    """Return the names of the units a cell names, without the part each takes."""
    return tuple(owner.name for owner in owners_in(text))


def _pieces(text: str) -> Iterator[str]:
    """Yield what separators part; 「主辦：」 above a name stays with it."""
    before = ""
    for piece in _cut(_SEPARATORS, text):
        piece = before + piece
        before = piece if _ONLY_PART.fullmatch(half_width(piece)) else ""
        if not before:
            yield piece


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return the pieces of a text between the matches of a pattern for half width."""
    spans = [match.span() for match in pattern.finditer(half_width(text))]
    ends = [(0, 0), *spans, (len(text), len(text))]
    return [text[a:b] for (_, a), (b, _) in pairwise(ends)]


def _owners(printed: str) -> Iterator[Owner]:
    """Yield the units of a piece: each word where all end as units do, else one."""
    plain = half_width(printed)
    part = _PART_BEFORE.match(plain)
    start = part.end() if part else 0
    bare = _PART_AFTER.sub("", plain[start:]).rstrip()
    words = [*re.finditer(r"\S+", bare)]
    if len(words) < 2 or not all(ends_like_unit(word[0]) for word in words):
        if name := join_wrapped(bare):
            yield Owner(name, join_wrapped(printed))
        return
    # The part before a first name, or behind a last one, is printed with it.
    starts = [0, *(start + word.start() for word in words[1:])]
    ends = [*(start + word.end() for word in words[:-1]), len(printed)]
    for word, first, last in zip(words, starts, ends, strict=True):
        yield Owner(word[0], printed[first:last].strip())


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
