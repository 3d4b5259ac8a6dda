"""This year's box and last year's: 今年度X-去年度X asks for X, and knows the other."""

import re
from collections.abc import Callable, Sequence

from kpi.formula.expressions import Expression, Label, Previous

_THIS = re.compile(r"(?:今年度?|本年度?|當年度?)(同期)?之?(?=.)")
_LAST = re.compile(r"(?:去年度?|上一?年度?|前一年度?|前1年度?)(?:同期)?之?(?=.)")
# The year before, or the one before that.
_OPEN = re.compile(r"前年度?(?:同期)?之?(?=.)")


def years_of(words: Sequence[str], choose: Callable[..., int]) -> dict[str, Expression]:
    """Return what the words of a formula mean that speak of this year and the last.

    去年度X stands for last year's figure of the box X where this year's is in the
    same formula (今年度X, 當年度X or X alone); otherwise it is a box of its own.
    """
    current: dict[str, set[str]] = {}
    for word in words:
        current.setdefault(_THIS.sub("", word, count=1), set()).add(word)
    meanings: dict[str, Expression] = {}
    for word in dict.fromkeys(words):
        last, before = _LAST.match(word), _OPEN.match(word)
        match = last or before
        if match is None:
            continue
        name = word[match.end() :]
        # 今年度X beside X are two boxes, and it is not known which is meant.
        if len(current.get(name, ())) != 1:
            continue
        if before and choose("which-year", words=word) == 1:
            continue
        meanings[word] = Previous(name)
        meanings[next(iter(current[name]))] = Label(name)
    return meanings
