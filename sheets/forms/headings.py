"""What one heading says: its column, year, stage and unit of money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sheets.cells import squashed
from sheets.forms.columns import MONEY
from sheets.forms.wordings import BUILT_IN, Vocabulary
from sheets.grid import Cell

LONGEST = 60
_YEAR = re.compile(r"(?:民國|西元)?(?P<digits>\d{1,4})(?:年度|年)?(?!\d|月|項|個|題)")
_BARE_YEAR = re.compile(r"[(]?(?:民國|西元)?\d{2,4}(?:年度|年)?[)]?")
_MONEY = re.compile(r"\((?:單位:)?(?P<money>[^()]*元)\)")
_BARE_MONEY = re.compile(r"(?<=[^(:])(?P<money>[千仟萬億]元|百萬元)$")
_POINTS = re.compile(r"\((?:單位:)?(?:分|分數|%|百分比)\)$")
# 「達成率(B/A)」, 「目標值(A)」: letters by which a form explains itself.
_LETTERS = re.compile(r"\((?:[a-z]=)?[a-z](?:[-+/÷*×][a-z])*(?:[*×]100%?)?\)$")
_BRACKETED = re.compile(r"^\((.*)\)$")
_NUMBERING = re.compile(r"^[(]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)、.](?=\D)")
_SPAN = re.compile(r"^(?:近|前|過去|未來|最近)[\d一二三四五]年度?(?:的|之)?")
# 「目標值(請填數字)」: a remark, unless it parts a revision's columns.
_REMARK = re.compile(r"(?<=.)\((?![^()]*[修原])[^()]*\)$")
_AROUND = "-_/、,.:*※◎●■"
_RELATIVE = {
    "前一年度": -1,
    "上年度": -1,
    "上一年度": -1,
    "去年度": -1,
    "去年": -1,
    "前年度": -2,
    "前年": -2,
    "本年度": 0,
    "今年度": 0,
    "今年": 0,
    "當年度": 0,
    "下年度": 1,
    "次年度": 1,
    "明年度": 1,
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What one heading says. `year` is as printed; `scale` is what money counts in.

    `has_scale` tells a printed 元 from none, `shift` is counted from the title's
    year: 上年度 is -1.
    """

    key: str
    stage: str = ""
    year: str = ""
    scale: int = 1
    has_scale: bool = False
    shift: int | None = None

    @property
    def names_year(self) -> bool:
        return bool(self.year) or self.shift is not None


@lru_cache(maxsize=8192)
def heading_of(text: str, vocabulary: Vocabulary = BUILT_IN) -> Heading | None:
    """Return what a heading says, None where its words are not known.

    「行動計畫 已編111年概算 (元)」 is a budget of 111, estimated, in TWD.
    """
    if len(text) > LONGEST:
        return None
    words = vocabulary.words
    bare = squashed(text)
    if bare in words:
        return Heading(words[bare].key, words[bare].stage)
    bare = _SPAN.sub("", _LETTERS.sub("", _NUMBERING.sub("", bare)))
    scale = 0
    for pattern in (_MONEY, _BARE_MONEY):
        if match := pattern.search(bare):
            scale = MONEY.get(match["money"], 0)
            bare = bare[: match.start()] + bare[match.end() :]
    bare = _POINTS.sub("", bare)
    digits, shift = "", None
    for word, years in _RELATIVE.items():
        if bare not in words and bare.startswith(word):
            bare, shift = bare.removeprefix(word), years
    if bare not in words and (match := _YEAR.search(bare)):
        digits = match["digits"]
        bare = bare[: match.start()] + bare[match.end() :]
        bare = _BRACKETED.sub(r"\1", bare.replace("()", ""))
    if bare not in words:
        bare = bare.strip(_AROUND)
    if bare not in words:
        bare = _REMARK.sub("", bare).strip(_AROUND)
    wording = words.get(bare)
    if wording is None:
        return None
    return Heading(wording.key, wording.stage, digits, scale or 1, bool(scale), shift)


def bare_heading(text: str) -> str:
    """Return the words of a heading alone, as a planner's wording is kept.

    What a year, a unit of money or a numbering adds in one office or year is left
    out: 111年度預估數(千元) is 預估數.
    """
    bare = _LETTERS.sub("", _NUMBERING.sub("", squashed(text[:LONGEST])))
    for pattern in (_MONEY, _BARE_MONEY, _POINTS, _YEAR):
        bare = pattern.sub("", bare, count=1)
    return _BRACKETED.sub(r"\1", bare.replace("()", "")).strip(_AROUND)


def is_bare_year(text: str) -> bool:
    """Say whether a text is a year and nothing else: 108年, 民國111年度, 2022."""
    return len(text) < 12 and _BARE_YEAR.fullmatch(squashed(text)) is not None


def headings_in(
    cells: Mapping[int, Cell], vocabulary: Vocabulary = BUILT_IN
) -> dict[int, Heading]:
    """Return the known headings of one row by their column."""
    found = {}
    for column, cell in cells.items():
        if not cell.is_number and (heading := heading_of(cell.text, vocabulary)):
            found[column] = heading
    return found
