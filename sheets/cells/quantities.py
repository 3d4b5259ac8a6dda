"""Numbers as offices write them, and the ways to say that there is none."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from sheets.cells.texts import half_width, join_wrapped, squashed
from sheets.cells.years import Months, months_of

# What a database column of 20 digits with 6 decimals, and SQLite's numbers, hold.
DIGITS = 15
DECIMALS = 6
INTEGER_DIGITS = 14
# A longer cell is a sentence, whatever numbers stand in it.
LONGEST = 200

ABSENCES = {
    "無實際值": "not-measured",
    "尚無實際值": "not-measured",
    "無資料": "not-measured",
    "尚無資料": "not-measured",
    "無數據": "not-measured",
    "未統計": "not-measured",
    "無": "not-measured",
    "-": "not-measured",
    "--": "not-measured",
    "—": "not-measured",
    "——": "not-measured",
    "ー": "not-measured",
    "無相關統計數據": "no-statistics",
    "無統計數據": "no-statistics",
    "無統計資料": "no-statistics",
    "無相關統計資料": "no-statistics",
    "不適用": "not-applicable",
    "n/a": "not-applicable",
    "na": "not-applicable",
}

_BEFORE = {
    "≥": ("≥", "≧", ">=", "=>", "大於等於", "大於或等於", "不低於", "不少於", "至少"),
    "≤": ("≤", "≦", "<=", "=<", "小於等於", "小於或等於", "不高於", "不超過", "至多"),
    ">": (">", "大於", "高於", "超過", "逾", "多於"),
    "<": ("<", "小於", "低於", "少於", "未達", "未滿"),
    "=": ("=", "等於"),
}
# What a number counts, where it is printed beside it: 56人, 4.5分, 12家.
_MEASURE = (
    "%|‰|人|人次|人數|人天|名|位|戶|戶數|件|件數|案|案次|案件|次|次數|場|"
    "場次|趟|趟次|班次|家|家數|處|處數|所|個|個數|項|項數|種|類|區|里|鄰|校|"
    "班|隊|組|團|棟|座|床|輛|輛次|張|份|冊|本|篇|則|株|棵|公頃|公噸|噸|公斤|"
    "公里|公尺|平方公尺|坪|度|分|分數|分鐘|小時|時|天|日|元|千元|百分比|"
    "百分點|比率|年|歲|倍|組織數|單位數"
)
_REACHING = ("達到", "達成", "達")
_AFTER = {
    "≥": ("以上", "含以上", "(含)以上", "及以上", "起"),
    "≤": ("以下", "含以下", "(含)以下", "以內"),
    "<": ("未滿",),
}
_BEFORE_SIGNS = {
    word: sign for sign, words in _BEFORE.items() for word in words
} | dict.fromkeys(_REACHING, "≥")
_AFTER_SIGNS = {word: sign for sign, words in _AFTER.items() for word in words}


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_PLAIN = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
_WHOLE = re.compile(
    rf"(?:(?P<before>{_either(_BEFORE_SIGNS)})\s*)*"
    rf"(?P<number>{_NUMBER})\s*(?P<sign>[%‰])?"
    rf"\s*(?P<counted>{_MEASURE})?"
    rf"\s*(?P<after>{_either(_AFTER_SIGNS)})?"
    r"\s*(?:\((?P<note>[^()]+)\))?"
)
_SCALED = re.compile(
    r"(?P<sign>-?)(?:(?P<large>\d{1,4}(?:\.\d+)?)億)?"
    r"(?:(?P<middle>\d{1,4}(?:\.\d+)?|\d,\d{3})萬)?(?P<small>\d{1,3}|\d,?\d{3})?"
    rf"(?P<counted>{_MEASURE})?"
)
_LABEL = r"[^\d\s、,;:()%+/.<>=≥≤-]{1,12}"
_PART = re.compile(
    rf"(?P<label>{_LABEL})\s*:?\s*(?P<before>{_either(_BEFORE_SIGNS)})?\s*"
    rf"(?P<number>{_NUMBER})\s*[%‰]?\s*(?P<after>{_either(_AFTER_SIGNS)})?"
)
_BETWEEN = re.compile(r"[\s、,;+/]*")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# A separator is missing, and no other reading is likely: 1900,000.
_BROKEN = re.compile(r"[-+]?\d+(?:,\d{3})+(?:\.\d+)?")
_SPACED = re.compile(r"(?<=\d)\s+(?=\d{3}(?!\d))|(?<=\d)\s*([.,])\s*(?=\d)")

type Part = tuple[str, Decimal, str]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a value cell says: exactly one of value, words and absence.

    `flaws` are `broken-separator`, `too-many-digits` and `parts-differ`.
    """

    value: Decimal | None = None
    comparator: str = ""
    words: str = ""
    absence: str = ""
    note: str = ""
    months: Months | None = None
    parts: tuple[Part, ...] = ()
    flaws: tuple[str, ...] = field(default=())


@lru_cache(maxsize=4096)
def quantity_of(text: str) -> Quantity:
    """Return what a value cell says; a cell without a number gives its words.

    A percent sign and a counted word beside the number are part of the measure:
    100% is 100 and 56人 is 56.
    """
    if absence := ABSENCES.get(text):
        return Quantity(absence=absence)
    if _PLAIN.fullmatch(text):
        return Quantity(Decimal(text))
    printed = join_wrapped(text)
    if len(printed) > LONGEST:
        return _said(printed)
    if absence := ABSENCES.get(squashed(printed)):
        return Quantity(absence=absence)
    plain = half_width(printed)
    return _whole(plain) or _scaled(plain) or _parted(plain, printed) or _said(printed)


def decimals_of(text: str) -> int:
    """Return how many decimals the first number of a text is printed with."""
    number = re.search(r"\d+(?:\.(\d+))?", half_width(text).replace(",", ""))
    return len(number[1]) if number and number[1] else 0


def _said(printed: str) -> Quantity:
    return Quantity(words=printed)


def _whole(plain: str) -> Quantity | None:
    match = _WHOLE.fullmatch(_SPACED.sub(r"\1", plain.strip()))
    if match is None:
        return None
    note = (match["note"] or "").strip()
    parts = _parts_of(note)
    number, flaws = _decimal(match["number"])
    if number is None:
        return Quantity(words=plain, flaws=flaws)
    return Quantity(
        value=number,
        comparator=_comparator(match["before"], match["after"]),
        note="" if parts else note,
        months=months_of(note) if note else None,
        parts=parts,
        flaws=flaws,
    )


def _scaled(plain: str) -> Quantity | None:
    """Return 268萬3,257人 as 2683257; a broken one stays words."""
    match = _SCALED.fullmatch(plain)
    if match is None or not (match["large"] or match["middle"]):
        return None
    value = Decimal(0)
    for group, zeros in (("large", 8), ("middle", 4), ("small", 0)):
        if match[group]:
            value += Decimal(match[group].replace(",", "")).scaleb(zeros)
    return Quantity(value=-value if match["sign"] else value)


def _parted(plain: str, printed: str) -> Quantity | None:
    """Return a target of several labelled parts; one value only if all agree."""
    parts = _parts_of(plain)
    if len(parts) < 2:
        return None
    said = {(value, comparator) for _, value, comparator in parts}
    if len(said) > 1:
        return Quantity(words=printed, parts=parts, flaws=("parts-differ",))
    value, comparator = said.pop()
    return Quantity(value=value, comparator=comparator, parts=parts)


def _parts_of(text: str) -> tuple[Part, ...]:
    """Return the labelled numbers a text consists of, () where it says more."""
    parts: list[Part] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return ()
        value, flaws = _decimal(match["number"])
        if value is None or flaws:
            return ()
        comparator = _comparator(match["before"], match["after"])
        parts.append((match["label"], value, comparator))
        between = _BETWEEN.match(text, match.end())
        at = between.end() if between else match.end()
    return tuple(parts)


def _decimal(text: str) -> tuple[Decimal | None, tuple[str, ...]]:
    flaws: tuple[str, ...] = ()
    if "," in text and not _THOUSANDS.fullmatch(text):
        if not _BROKEN.fullmatch(text):
            return None, ()
        flaws = ("broken-separator",)
    number = Decimal(text.replace(",", ""))
    if not is_storable(number):
        return None, ("too-many-digits",)
    return number, flaws


def is_measure(text: str) -> bool:
    """Say whether a text is a unit of measure: %, 件, 人次."""
    return re.fullmatch(_MEASURE, half_width(text)) is not None


def is_storable(number: Decimal) -> bool:
    """Say whether the database can hold a number exactly."""
    exact = number.normalize()
    exponent = exact.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    digits = len(exact.as_tuple().digits)
    return (
        digits <= DIGITS
        and exponent >= -DECIMALS
        and digits + exponent <= INTEGER_DIGITS
    )


def _comparator(before: str | None, after: str | None) -> str:
    if after:
        return _AFTER_SIGNS[after]
    return _BEFORE_SIGNS[before] if before else ""
