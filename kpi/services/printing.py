"""A figure as the sheets of its series print it."""

from collections.abc import Sequence
from decimal import Decimal

from bsc.numbers import half_up

THOUSAND = 1000


def printed_figure(
    value: Decimal,
    decimals: int,
    *,
    like: Sequence[str] = (),
    parts: Sequence[tuple[str, Decimal]] = (),
) -> str:
    """Return a number as a cell prints it: 91.60, 4,143, 88%, −1 as -1.

    With so many decimals, and with all it has where that is more; a whole number
    without any where a figure that is printed already, in `like`, does so. The sign %
    and the separators of thousands follow `like` too, the newest first; without any,
    thousands are separated. Parts follow in brackets: 5,920 (身障4,631+老人1,289).
    """
    text = _number(value, decimals, like)
    if like and like[0].rstrip().endswith(("%", "％")):
        text += "%"
    if not parts:
        return text
    listed = "+".join(
        f"{label}{_number(each, decimals, like)}" for label, each in parts
    )
    return f"{text} ({listed})"


def _number(value: Decimal, decimals: int, like: Sequence[str]) -> str:
    exact = half_up(value, decimals)
    if exact != value:
        text = f"{value:,f}".rstrip("0")
    elif value == value.to_integral_value() and _prints_whole(like):
        text = f"{value.to_integral_value():,f}"
    else:
        text = f"{exact:,f}"
    return text.replace(",", "") if _has_bare_thousands(like) else text


def _prints_whole(like: Sequence[str]) -> bool:
    """Say whether a figure is printed without decimals, as 100 among 91.6."""
    numbers = [text for text in like if text.strip()]
    return not numbers or any("." not in text for text in numbers)


def _has_bare_thousands(like: Sequence[str]) -> bool:
    """Say whether thousands are printed as 1200, and none as 1,200."""
    long = [text for text in like if sum(sign.isdigit() for sign in text) > 3]
    whole = [text for text in long if "." not in text]
    return bool(whole) and not any("," in text for text in whole)
