"""Number formats: what Excel displays for a stored value."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sheets.grid import dates, digits

_LONGEST_CODE = 255  # Excel's own bound; a longer one is displayed as General

_ACCOUNTING = '_-{0}* #,##0{1}_-;-{0}* #,##0{1}_-;_-{0}* "-"{2}_-;_-@_-'
_CHINESE_DATE = '[$-404]e"年"m"月"d"日"'
_CHINESE_TIME = '上午/下午hh"時"mm"分"'
# The built-in formats, whose codes a file does not carry; dates and 27 to 58 as
# Excel displays them in Taiwan.
BUILT_IN_CODES = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"NT$"#,##0;-"NT$"#,##0',
    6: '"NT$"#,##0;-"NT$"#,##0',
    7: '"NT$"#,##0.00;-"NT$"#,##0.00',
    8: '"NT$"#,##0.00;-"NT$"#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    41: _ACCOUNTING.format("", "", ""),
    42: _ACCOUNTING.format('"NT$"', "", ""),
    43: _ACCOUNTING.format("", ".00", "??"),
    44: _ACCOUNTING.format('"NT$"', ".00", "??"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    27: "[$-404]e/m/d",
    28: _CHINESE_DATE,
    29: _CHINESE_DATE,
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'hh"時"mm"分"',
    33: 'hh"時"mm"分"ss"秒"',
    34: _CHINESE_TIME,
    35: _CHINESE_TIME + 'ss"秒"',
    36: "[$-404]e/m/d",
    50: "[$-404]e/m/d",
    51: _CHINESE_DATE,
    52: _CHINESE_TIME,
    53: _CHINESE_TIME + 'ss"秒"',
    54: _CHINESE_DATE,
    55: _CHINESE_TIME,
    56: _CHINESE_TIME + 'ss"秒"',
    57: "[$-404]e/m/d",
    58: _CHINESE_DATE,
}

_TOKENS = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<space>.) | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\] | (?P<general>general)
    | (?P<halfday>am/pm|a/p|上午/下午) | (?P<exponent>e[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|g+|a{3,4})
    | (?P<digit>[0#?]) | (?P<sign>[.,%/@]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SHORT = 15  # characters of a number that surely has no sixteenth digit
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_PLAIN = re.compile(r"(#,##)?(0)(?:\.(0+))?(%?)")


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts between semicolons, taken apart."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None
    is_date: bool
    is_chinese: bool

    def holds(self, number: Decimal) -> bool:
        if self.condition is None:
            return True
        sign, bound = self.condition
        return {
            "<": number < bound,
            "<=": number <= bound,
            ">": number > bound,
            ">=": number >= bound,
            "=": number == bound,
            "<>": number != bound,
        }[sign]

    def has(self, kind: str, text: str = "") -> bool:
        return any(a == kind and (not text or b == text) for a, b in self.tokens)


@dataclass(frozen=True, slots=True)
class Plain:
    """A format such as `#,##0.00"x"` or `0%`: most formats of numbers are."""

    before: str
    has_thousands: bool
    places: int
    percent: str
    after: str
    step: Decimal

    def text(self, number: Decimal) -> str:
        text = str(number)
        whole, _, decimals = text.removeprefix("-").partition(".")
        places = self.places
        is_short = len(text) <= _SHORT and "E" not in text
        if is_short and len(decimals) <= places and not self.percent:
            # No more decimals than are displayed: nothing to round.
            if self.has_thousands and len(whole) > 3:
                whole = f"{int(whole):,}"
            drawn = f"{whole}.{decimals:0<{places}}" if places else whole
        else:
            size = number.copy_abs() if is_short else digits.FIFTEEN.abs(number)
            if self.percent:
                size = digits.WIDE.scaleb(size, 2)
            size = digits.WIDE.quantize(size, self.step)
            drawn = f"{size:,f}" if self.has_thousands else f"{size:f}"
        sign = "-" if number.is_signed() and number else ""
        return f"{sign}{self.before}{drawn}{self.percent}{self.after}"


class NumberFormat:
    """A format code, ready to display values."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.sections = [_section(part) for part in _split(code)]
        first = self.sections[0]
        self.is_date = first.is_date and dates.has_day(first.tokens)
        has_words = len(self.sections) == 4 or self.sections[-1].has("sign", "@")
        self.keeps_text = code == "@" or not has_words
        self._is_general = code.lower() == "general"
        self._plain = _plain(self.sections)

    def number_text(self, number: Decimal, from_1904: bool = False) -> str:
        """Return what is displayed for a number, without padding at its ends."""
        if self._is_general:
            return digits.general_text(number)
        if self._plain is not None:
            return self._plain.text(number)
        section, shows_sign = self._choose(number)
        size = digits.FIFTEEN.abs(number)
        if section.is_date:
            shown = dates.date_text(
                number, section.tokens, section.is_chinese, from_1904
            )
            return digits.general_text(number) if shown is None else shown.strip(" ")
        sign = "-" if number < 0 and shows_sign else ""
        return (sign + _section_text(section, size)).strip(" ")

    def shown_text(self, text: str) -> str:
        """Return what is displayed for a stored text."""
        if self.keeps_text:
            return text
        section = self.sections[-1]
        return "".join(
            text if kind == "sign" else part
            for kind, part in section.tokens
            if kind == "literal" or part == "@"
        )

    def _choose(self, number: Decimal) -> tuple[Section, bool]:
        """Return the section for a number, and whether a minus sign is drawn."""
        sections = self.sections[:3]
        if len(sections) > 1 and sections[-1].has("sign", "@"):
            sections = sections[:-1]
        if any(section.condition for section in sections):
            for section in sections:
                if section.holds(number):
                    return section, True
            return sections[-1], True
        if number < 0 and len(sections) > 1:
            return sections[1], False
        if not number and len(sections) > 2:
            return sections[2], False
        return sections[0], True


@lru_cache(maxsize=512)
def number_format(code: str) -> NumberFormat:
    """Return a format code taken apart; what cannot be one displays as General."""
    return NumberFormat(code if len(code) <= _LONGEST_CODE else "General")


def _split(code: str) -> list[str]:
    """Return the sections of a code, at most four."""
    parts = [""]
    for match in _TOKENS.finditer(code):
        if match.lastgroup == "other" and match[0] == ";":
            parts.append("")
        else:
            parts[-1] += match[0]
    return parts[:4]


def _section(code: str) -> Section:
    tokens: list[tuple[str, str]] = []
    condition = None
    is_chinese = False
    for match in _TOKENS.finditer(code):
        kind = match.lastgroup or "other"
        text = match[kind]
        if kind in ("quoted", "escaped", "other"):
            tokens.append(("literal", text))
        elif kind == "space":
            tokens.append(("literal", " "))
        elif kind == "bracket":
            found = _CONDITION.fullmatch(text)
            if found:
                condition = found[1], Decimal(found[2])
            elif re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
                tokens.append(("elapsed", text.lower()))
            elif text.startswith("$"):
                symbol, _, locale = text[1:].partition("-")
                locale = locale.lower()
                is_chinese = is_chinese or locale[-4:].lstrip("0") == "404"
                is_chinese = is_chinese or locale.startswith("zh")
                tokens.append(("literal", symbol))
        elif kind != "fill":
            tokens.append((kind, text.lower()))
    is_date = any(kind in ("date", "elapsed", "halfday") for kind, _ in tokens)
    if is_date:
        tokens = _date_tokens(tokens)
    return Section(tuple(tokens), condition, is_date, is_chinese)


def _date_tokens(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the tokens of a date: signs as literals, `.000` as one fraction."""
    answer: list[tuple[str, str]] = []
    for kind, text in tokens:
        if kind == "digit" and answer and answer[-1][0] in ("dot", "fraction"):
            answer[-1] = "fraction", answer[-1][1] + text
        elif kind == "sign" and text == ".":
            answer.append(("dot", text))
        elif kind in ("sign", "digit", "general", "exponent"):
            answer.append(("literal", text))
        else:
            answer.append(("half-day" if kind == "halfday" else kind, text))
    return [("literal" if kind == "dot" else kind, text) for kind, text in answer]


def _plain(sections: list[Section]) -> Plain | None:
    """Return a plain format taken apart, None for any other."""
    section = sections[0]
    if len(sections) > 1 or section.is_date or section.condition:
        return None
    tokens = list(section.tokens)
    before = after = ""
    while tokens and tokens[0][0] == "literal":
        before += tokens.pop(0)[1]
    while tokens and tokens[-1][0] == "literal":
        after = tokens.pop()[1] + after
    if any(kind not in ("digit", "sign") for kind, _ in tokens):
        return None
    found = _PLAIN.fullmatch("".join(text for _, text in tokens))
    if found is None:
        return None
    places = len(found[3] or "")
    step = Decimal(1).scaleb(-places)
    before, after = before.lstrip(" "), after.rstrip(" ")
    return Plain(before, bool(found[1]), places, found[4], after, step)


def _section_text(section: Section, size: Decimal) -> str:
    tokens = section.tokens
    if section.has("general") or not section.has("digit"):
        # A section of words only displays the words; "@" displays the number.
        return "".join(
            digits.general_text(size) if kind == "general" or text == "@" else text
            for kind, text in tokens
            if kind != "sign" or text in "@%,./"
        )
    slash = ("sign", "/")
    if slash in tokens:
        before, after = tokens[: tokens.index(slash)], tokens[tokens.index(slash) + 1 :]
        if any(k == "digit" for k, _ in before) and after:
            return digits.fraction_text(tokens, tokens.index(slash), size)
    if section.has("exponent"):
        return digits.exponent_text(tokens, size)
    return digits.digits_text(tokens, size)
