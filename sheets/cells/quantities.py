"""Numbers as offices write them, and the ways to say that there is none."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from sheets.cells.scaled import readings_of_broken, scaled_number
from sheets.cells.texts import half_width, join_wrapped, squashed
from sheets.cells.years import Months, months_of

# What a database column of 20 digits with 6 decimals, and SQLite's numbers, hold.
DIGITS = 15
DECIMALS = 6
INTEGER_DIGITS = 14
# A longer cell is a sentence, whatever numbers stand in it.
LONGEST = 200

_NOT_MEASURED = (
    *("無實際值", "尚無實際值", "無資料", "尚無資料", "無數據", "尚無數據", "無數值"),
    *("未統計", "尚未統計", "統計中", "待統計", "暫無資料", "尚未公布", "未公布"),
    *("無統計", "查無資料", "資料未公布", "尚未產出", "無實績", "無"),
    *("-", "--", "---", "—", "——", "―", "――", "──", "─", "ー", "﹣", "…", "……"),
)
_NO_STATISTICS = (
    *("無相關統計數據", "無統計數據", "無統計資料", "無相關統計資料"),
    *("無相關統計", "無相關數據", "無相關資料"),
)
_NOT_APPLICABLE = ("不適用", "n/a", "na", "n.a.", "免填", "不列入", "無須填列")
ABSENCES = (
    dict.fromkeys(_NOT_MEASURED, "not-measured")
    | dict.fromkeys(_NO_STATISTICS, "no-statistics")
    | dict.fromkeys(_NOT_APPLICABLE, "not-applicable")
)
_NOTED_ABSENCE = re.compile(r"(?P<said>[^()]{1,12})\((?P<note>[^()]+)\)")
# A nothing that a format of money shows for a stored 0.
DASHES = frozenset({"-", "--", "—", "——", "――", "―", "─", "──"})

_BEFORE = {
    "≥": (
        *("≥", "≧", "⩾", ">=", "=>", "大於等於", "大於或等於", "大於(含)"),
        *("不低於", "不得低於", "不應低於", "不少於", "不得少於", "不小於", "至少"),
        *("最少", "最低", "高於或等於", "高於等於", "不低於(含)"),
    ),
    "≤": (
        *("≤", "≦", "⩽", "<=", "=<", "小於等於", "小於或等於", "小於(含)"),
        *("不高於", "不得高於", "不超過", "不得超過", "不逾", "不得逾", "不多於"),
        *("不大於", "至多", "最多", "最高", "低於或等於", "低於等於", "控制在"),
    ),
    ">": (">", "大於", "高於", "超過", "逾", "多於", "超出"),
    "<": ("<", "小於", "低於", "少於", "未達", "未滿", "不到", "不足", "不滿"),
    "=": ("=", "等於"),
}
# What a number counts, where it is printed beside it: 56人, 4.5分, 12家.
_MEASURE = (
    "%|‰|人|人次|人數|人天|名|位|戶|戶數|件|件數|案|案次|案件|次|次數|場|"
    "場次|趟|趟次|班次|家|家數|處|處數|所|個|個數|項|項數|種|類|區|里|鄰|校|"
    "班|隊|組|團|棟|座|床|輛|輛次|張|份|冊|本|篇|則|株|棵|公頃|公噸|噸|公斤|"
    "公里|公尺|平方公尺|坪|度|分|分數|分鐘|小時|時|天|日|元|千元|百分比|"
    "百分點|比率|年|歲|倍|組織數|單位數|筆|頁|站|床位|機構|據點|件次|家次|通|"
    "支|部|元整"
)
_REACHING = ("達到", "達成", "需達", "須達", "應達", "達")
_AFTER = {
    "≥": ("以上", "含以上", "(含)以上", "及以上", "以上(含)", "或以上", "起", "↑"),
    "≤": ("以下", "含以下", "(含)以下", "以下(含)", "或以下", "以內", "之內", "↓"),
    "<": ("未滿",),
}
_BEFORE_SIGNS = {
    word: sign for sign, words in _BEFORE.items() for word in words
} | dict.fromkeys(_REACHING, "≥")
_AFTER_SIGNS = {word: sign for sign, words in _AFTER.items() for word in words}


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_CURRENCY = r"(?:NT\$|NTD|\$|新[台臺]幣)"
_PLAIN = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
# The whole of a cell: signs, a number of any size, what it counts, a remark.
_WHOLE = re.compile(
    rf"(?:(?P<before>{_either(_BEFORE_SIGNS)})\s*)*{_CURRENCY}?\s*"
    rf"(?:(?P<scaled>[-+]?\d[\d,.億萬千百]*[億萬][\d,]*)|(?P<number>{_NUMBER}))"
    rf"\s*(?P<sign>[%‰])?"
    rf"\s*(?P<counted>{_MEASURE})?"
    rf"\s*(?P<after>{_either(_AFTER_SIGNS)})?"
    r"\s*(?:\((?P<note>[^()]+)\))?"
)
_IN_BRACKETS = re.compile(r"\(\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*%?\s*\)")
_PERIOD = (
    r"(?:民國)?(?:\d{2,4}\s*年度?\s*)?"
    r"(?:\d{1,2}\s*月?\s*[-~〜至到]\s*(?:\d{2,4}\s*年)?\d{1,2}\s*月[底止]?"
    r"|截至\s*(?:\d{2,4}\s*年)?\s*\d{1,2}\s*月[底止]*"
    r"|[上下]半年度?|第\s*[1-4一二三四]\s*季)"
)
_PERIOD_FIRST = re.compile(rf"\(?(?P<note>{_PERIOD})\)?\s*:?\s*(?P<rest>.*\d.*)")
_PERIOD_LAST = re.compile(rf"(?P<rest>.*\S)\s+(?P<note>{_PERIOD})")
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

    `flaws` are `broken-separator`, `broken-number`, `bracketed-number`,
    `too-many-digits` and `parts-differ`. `readings` are the two numbers that a broken
    one may have been.
    """

    value: Decimal | None = None
    comparator: str = ""
    words: str = ""
    absence: str = ""
    note: str = ""
    months: Months | None = None
    parts: tuple[Part, ...] = ()
    flaws: tuple[str, ...] = field(default=())
    readings: tuple[Decimal, ...] = ()


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
    plain = _round_brackets(half_width(printed)).strip()
    return (
        _whole(plain, printed)
        or _nothing_noted(plain)
        or _in_brackets(plain)
        or _of_a_period(plain)
        or _parted(plain, printed)
        or _said(printed)
    )


def decimals_of(text: str) -> int:
    """Return how many decimals the first number of a text is printed with."""
    number = re.search(r"\d+(?:\.(\d+))?", half_width(text).replace(",", ""))
    return len(number[1]) if number and number[1] else 0


def _said(printed: str) -> Quantity:
    return Quantity(words=printed)


def _round_brackets(plain: str) -> str:
    if "[" not in plain and "【" not in plain and "〔" not in plain:
        return plain
    return re.sub(r"[\[【〔]", "(", re.sub(r"[\]】〕]", ")", plain))


def _whole(plain: str, printed: str) -> Quantity | None:
    match = _WHOLE.fullmatch(_SPACED.sub(r"\1", plain))
    if match is None:
        return None
    note = (match["note"] or "").strip()
    parts = _parts_of(note)
    digits = match["scaled"] or match["number"]
    number, flaws = _decimal(digits)
    if number is None:
        return _broken(printed, digits, flaws)
    return Quantity(
        value=number,
        comparator=_comparator(match["before"], match["after"]),
        note="" if parts else note,
        months=_part_of_year(note),
        parts=parts,
        flaws=flaws,
    )


def _broken(printed: str, digits: str, flaws: tuple[str, ...]) -> Quantity:
    """Return words, and the numbers they may have been where there are just two."""
    if flaws:
        return Quantity(words=printed, flaws=flaws)
    readings = tuple(filter(is_storable, readings_of_broken(digits)))
    if len(readings) < 2:
        return _said(printed)
    return Quantity(words=printed, flaws=("broken-number",), readings=readings)


def _part_of_year(note: str) -> Months | None:
    """Return the months of a note, None where they are none or a whole year."""
    months = months_of(note) if note else None
    is_whole = months is not None and (months.first, months.last) == (1, 12)
    return None if is_whole else months


def _nothing_noted(plain: str) -> Quantity | None:
    """Return a nothing with its reason: 無資料(尚未公布)."""
    match = _NOTED_ABSENCE.fullmatch(plain)
    if match is None:
        return None
    absence = ABSENCES.get(squashed(match["said"]))
    return Quantity(absence=absence, note=match["note"].strip()) if absence else None


def _in_brackets(plain: str) -> Quantity | None:
    """Return (1,000) as -1000, as accountants print it."""
    match = _IN_BRACKETS.fullmatch(plain)
    number, flaws = _decimal(match["number"]) if match else (None, ())
    if number is None:
        return None
    return Quantity(value=-number, flaws=("bracketed-number", *flaws))


def _of_a_period(plain: str) -> Quantity | None:
    """Return a number that names its months before or behind it, without brackets."""
    if not any(sign in plain for sign in "月年季"):
        return None
    for pattern in (_PERIOD_FIRST, _PERIOD_LAST):
        match = pattern.fullmatch(plain)
        if match is None or months_of(match["note"]) is None:
            continue
        said = quantity_of(match["rest"].strip())
        if said.value is not None and not said.note and not said.parts:
            note = match["note"].strip()
            return replace(said, note=note, months=_part_of_year(note))
    return None


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
    if "億" in text or "萬" in text:
        scaled = scaled_number(text)
        if scaled is not None and not is_storable(scaled):
            return None, ("too-many-digits",)
        return scaled, ()
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
