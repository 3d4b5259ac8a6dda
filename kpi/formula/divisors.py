"""A plus or minus behind a slash without brackets: A/B-C, which is asked about."""

from functools import lru_cache

from kpi.formula.doubts import Asked, Doubt
from kpi.formula.parsing import parse

_OPENING, _CLOSING = "(（[［{｛〔【", ")）]］}｝〕】"
_SLASHES, _MINUSES = "/÷／∕", "-−－–"
# What ends a divisor, where no bracket does.
_ENDS = "*×＊,，;；。"


@lru_cache(maxsize=4096)
def open_divisor(text: str) -> tuple[int, int] | None:
    """Return where a divisor stands that a minus may belong to or not; None for none.

    The bounds are those of `B-C` in A/B-C. Whether it is asked the grammar says (see
    `parse`): a text without a minus behind a slash costs no reading of it.

    Source: docs/rules.md, "Formulas".
    """
    bounds = _bounds(text)
    if bounds is None:
        return None
    read = parse(text)
    if not isinstance(read, Asked):
        return None
    return bounds if any(map(_is_open, read.doubts)) else None


def _is_open(doubt: Doubt) -> bool:
    """Say whether a doubt is of such a sum; letters with a hyphen may be one word."""
    if doubt.code == "hyphen-in-word":
        return all(part.isalpha() for part in doubt.params["words"].split("-"))
    return doubt.code == "sum-after-slash"


def _bounds(text: str) -> tuple[int, int] | None:
    """Return the bounds of the first divisor with a minus of its own level."""
    begins: list[int | None] = [None]
    found: int | None = None
    for place, sign in enumerate(text):
        if sign in _OPENING:
            begins.append(None)
        elif sign in _CLOSING and len(begins) > 1:
            if found is not None and begins[-1] == found:
                return found, place
            begins.pop()
        elif sign in _SLASHES:
            rest = text[place + 1 :]
            begins[-1] = len(text) - len(rest.lstrip())
        elif sign in _ENDS and begins[-1] is not None:
            if found is not None and begins[-1] == found:
                return found, place
            begins[-1] = None
        elif sign in _MINUSES and begins[-1] is not None:
            found = begins[-1]
    return None if found is None else (found, len(text))
