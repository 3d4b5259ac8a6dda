"""A formula's text as it comes, made plain: one sign for each thing it says.

Full-width signs become half-width ones and LaTeX becomes signs. What nobody can see
(control, direction and joining characters) is refused and not removed: it may have
been put there so that a formula looks like another one.
"""

import re
import unicodedata

from kpi.formula.doubts import Refused

MAXIMUM = 500

_SIGNS = {
    "(": "（﹙",
    ")": "）﹚",
    "[": "［【〔",
    "]": "］】〕",
    "{": "｛",
    "}": "｝",
    "*": "＊×∗✕✖╳﹡⋅",
    "/": "／÷∕⁄",
    "+": "＋﹢",
    "-": "－−﹣–—‒‐‑",
    "=": "＝",
    "<": "＜",
    ">": "＞",
    "≤": "≦⩽",
    "≥": "≧⩾",
    "%": "％﹪",
    "$": "＄",
    ",": "﹐",
    ".": "．",
    ":": "：",
    '"': "＂",
    "「": "“",
    "」": "”",
    "‧": "・",
    "\\": "＼",
}
_NARROW = str.maketrans(
    {wide: sign for sign, wides in _SIGNS.items() for wide in wides}
    | {chr(code): chr(code - 0xFEE0) for code in range(ord("０"), ord("９") + 1)}
    | {chr(code): chr(code - 0xFEE0) for code in range(ord("Ａ"), ord("Ｚ") + 1)}
    | {chr(code): chr(code - 0xFEE0) for code in range(ord("ａ"), ord("ｚ") + 1)}
    | {"\u3000": " ", "\u00a0": " ", "\t": " ", "\r": "\n", "\u2028": "\n"}
)

# What words and formulas are made of, besides letters.
_MARKS = frozenset(
    ' \n"%()*+,-./:;<=>?[]{}&#!~0123456789≤≥≠‰、，。；？！「」『』《》〈〉·‧…～'
    "〜℃°㎡㎏㎞①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
)
# Letters that leave no mark on a page, and one that looks like a minus.
_REFUSED = frozenset("\u115f\u1160\u3164\uffa0\u30fc")

_NAMED = re.compile(r"\\(?:text|textrm|textbf|mathrm|mathbf|mbox)\{([^{}]*)\}")
_LATEX = {
    "\\times": "*",
    "\\cdot": "*",
    "\\ast": "*",
    "\\div": "/",
    "\\leq": "≤",
    "\\geq": "≥",
    "\\le": "≤",
    "\\ge": "≥",
    "\\left": "",
    "\\right": "",
    "\\displaystyle": "",
    "\\quad": " ",
    "\\%": "%",
    "\\(": "",
    "\\)": "",
    "\\[": "",
    "\\]": "",
    "\\,": " ",
    "\\;": " ",
    "\\!": "",
    "\\{": "(",
    "\\}": ")",
}
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
# A fraction keeps a sign of its own, which no person can type into a formula.
FRACTION = "\\"

_LETTER_TIMES = re.compile(r"(?<=[\u4e00-\u9fff)\]}]) ?[xX] ?(?=1[0,]*(?:[%‰)\]]|$))")
_BETWEEN_BRACKETS = re.compile(r"(?<=[)\]}]) ?[xX] ?(?=[(\[{])")
_DOT_TIMES = re.compile(r"(?<=[\u4e00-\u9fff)\]}]) ?· ?(?=1[0,]*(?:[%‰)\]]|$))")
# 除以 divides, but not in 排除以前年度 or 除以上情形外.
_DIVIDED_BY = re.compile(r"(?<![排扣消免解去清])除以(?![外內前後下上來])")
_MULTIPLIED_BY = re.compile(r"乘以|乘上(?=\d)")
_HEADING = re.compile(r"^(?:計算)?(?:公式|方式) ?: ?")
_ENDS = " \n。.;；"
_BETWEEN_WIDE = re.compile(r"(?<![A-Za-z0-9.]) | (?![A-Za-z0-9])")


def plain(text: str) -> str:
    """Return `text` with one sign for each operation, and nothing unseen.

    Raises Refused: `empty`, `too-long`, `odd-character` with the character's code.
    """
    if len(text) > MAXIMUM:
        raise Refused("too-long", length=str(len(text)), maximum=str(MAXIMUM))
    text = text.translate(_NARROW)
    if "\\" in text or "$" in text:
        text = _without_latex(text)
    for sign in text:
        is_letter = unicodedata.category(sign)[0] == "L" and sign not in _REFUSED
        if not (is_letter or sign in _MARKS or sign == FRACTION):
            raise Refused("odd-character", character=f"U+{ord(sign):04X}")
    text = re.sub(r" *\n[ \n]*", "\n", re.sub(r" +", " ", text)).strip(_ENDS)
    text = _HEADING.sub("", text).removeprefix("=")
    for times in (_LETTER_TIMES, _BETWEEN_BRACKETS, _DOT_TIMES):
        text = times.sub("*", text)
    if '"' not in text:
        text = _MULTIPLIED_BY.sub("*", _DIVIDED_BY.sub("/", text))
    if not text:
        raise Refused("empty")
    return text


def _without_latex(text: str) -> str:
    text = _NAMED.sub(_quoted, text)
    text = _COMMAND.sub(_command, text)
    return text.replace("$", "")


def _quoted(match: re.Match[str]) -> str:
    """A name in LaTeX is one label, unless there is a formula inside."""
    words = match[1].strip()
    is_formula = not words or any(sign in words for sign in '+*/-%=<>"\\')
    return words if is_formula else f'"{words}"'


def _command(match: re.Match[str]) -> str:
    command = match[0]
    if command in ("\\frac", "\\dfrac", "\\tfrac"):
        return FRACTION
    if command not in _LATEX:
        raise Refused("odd-character", character="U+005C")
    return _LATEX[command]


def label_of(text: str) -> str:
    """Return the words of a label, with spaces only between two Latin words.

    A line wrap of a published table leaves spaces among Chinese signs, and the same
    box must have the same name with and without them.
    """
    return _BETWEEN_WIDE.sub("", re.sub(r"\s+", " ", text.strip()))
