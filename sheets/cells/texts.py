"""Texts made comparable: width of signs, wrapped lines, 臺 and 台."""

import re
from html import unescape

# Every sign becomes one sign, so that a position in one text is one in the other.
_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NARROW |= dict.fromkeys("\u3000\u00a0\u202f\u2007", " ")
_NARROW |= dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63", "-")
_NARROW |= {"\ufe6a": "%", "\ufe50": ","}
# Few texts hold any of these: to look first is ten times as fast as str.translate.
_WIDE = re.compile("[" + re.escape("".join(_NARROW)) + "]")
_CJK = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_BESIDE_CJK = re.compile(rf"\s+(?={_CJK})|(?<={_CJK})\s+")
_SPACES = re.compile(r"\s+")
_IS_CJK = re.compile(_CJK)
# A wrap leaves a space beside a Chinese sign; one on both sides of / is meant.
_WRAP = re.compile(rf"(?P<meant>\s[/+×÷=]\s)|(?<={_CJK})\s+|\s+(?={_CJK}|\*)")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_ENDS_LINE = re.compile(
    r"</(?:p|li|div|tr|h[1-6])\s*>|<(?:li|p|div)[^<>]*>", re.IGNORECASE
)
_MATH = re.compile(r"\$([^$\n]*)\$")
_NAMED = re.compile(r"\\(?:text|mathrm|mbox|textbf)\{([^{}]*)\}")
_FRACTION = re.compile(r"\\d?frac\{([^{}]*)\}\{([^{}]*)\}")
_BACKSLASHED = re.compile(r"\\([%_&#$*{}|-])")
_SIGNS = {r"\times": "×", r"\div": "÷", r"\cdot": "·", r"\left": "", r"\right": ""}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINE_BREAK = re.compile(r"\r\n?|<br\s*/?>|\x0b|\u2028")


def half_width(text: str) -> str:
    """Return `text` with full-width signs as half-width ones, at the same places."""
    return text if text.isascii() else _WIDE.sub(_narrow, text)


def _narrow(match: re.Match[str]) -> str:
    return _NARROW[match[0]]


def normal(text: str) -> str:
    """Return `text` for a comparison, never for storage.

    Width, 臺 and 台, spaces beside a Chinese sign, runs of spaces and a closing 。
    make no difference.
    """
    bare = _SPACES.sub(" ", text).strip().rstrip("。 ")
    return half_width(_BESIDE_CJK.sub("", bare)).replace("臺", "台").strip()


def squashed(text: str) -> str:
    """Return `text` as headings are compared: like `normal`, no space, lower case."""
    return _SPACES.sub("", half_width(text)).replace("臺", "台").casefold()


def join_wrapped(text: str) -> str:
    """Return the lines of a cell as one: nothing between Chinese signs, else a space.

    Spaces inside a line are kept: they may be the only separators there are.
    """
    if "\n" not in text and "\r" not in text and "<" not in text:
        return text.strip()
    joined, *rest = lines_of(text) or [""]
    for line in rest:
        wraps = _IS_CJK.match(joined[-1]) and _IS_CJK.match(line)
        joined += line if wraps else f" {line}"
    return joined


def lines_of(text: str) -> list[str]:
    """Return the lines of a cell that say something, without spaces around them."""
    if "\n" not in text and "\r" not in text and "<" not in text:
        bare = text.strip()
        return [bare] if bare else []
    lines = _LINE_BREAK.sub("\n", text).split("\n")
    return [line.strip() for line in lines if line.strip()]


def unwrapped(text: str) -> str:
    """Return a text whose line ends were printed as spaces, without those.

    For a table that shows such spaces inside words it prints elsewhere (無實 際值);
    spaces after a code, between other signs and on both sides of / stay.
    """
    from_code = re.match(r"\s*[A-HT]?[CPLF]\d[\d.]*\s+", half_width(text))
    start = from_code.end() if from_code else 0
    kept = text[start:]
    return text[:start] + _WRAP.sub(lambda found: found["meant"] or "", kept)


def without_markup(text: str) -> str:
    """Return what a text of HTML, Markdown or LaTeX shows: its signs, its lines.

    $[\\text{案件}/\\text{總數}]*100\\%$ shows [案件/總數]*100%.
    """
    if "<" in text or "&" in text:
        text = _TAG.sub("", _ENDS_LINE.sub("\n", _LINE_BREAK.sub("\n", text)))
        text = unescape(text)
    if "$" in text or "\\" in text:
        text = _FRACTION.sub(r"(\1)/(\2)", _NAMED.sub(r"\1", text))
        text = _SIGN.sub(lambda found: _SIGNS[found[0]], text)
        text = _BACKSLASHED.sub(r"\1", _MATH.sub(r"\1", text))
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
