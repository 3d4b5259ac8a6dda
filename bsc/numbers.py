"""Numbers as text for people's eyes: rounded half up, with a true minus sign.

A page formats its numbers here, in Python, before the template sees them: the
localised output of templates costs several times as much. Texts for machines
(JSON, CSV, sheets) are not made here: they take `str` of the Decimal.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

from bsc.periods import roc

MINUS = "\N{MINUS SIGN}"

# Wide enough for any quotient of two stored values, so that nothing is rounded
# before it is rounded on purpose.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(13))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Return `value` rounded half up to so many decimals: 90.25 gives 90.3.

    Source: docs/rules.md, "Rounding".
    """
    return value.quantize(_STEPS[decimals], ROUND_HALF_UP, _WIDE)


def plain(
    value: Decimal | int, decimals: int | None = None, *, grouped: bool = False
) -> str:
    """Return `value` as people read it: 65.25, −1, and 4,143 where `grouped`.

    With `decimals` it is rounded half up and keeps its zeros (92.0); without,
    it is printed as it is and loses them (88.500000 is 88.5).
    """
    if decimals is not None:
        value = half_up(Decimal(value), decimals)
    text = f"{value:,f}" if grouped else f"{value:f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text[0] != "-":
        return text
    return MINUS + text[1:] if value else text[1:]


def signed(text: str) -> str:
    """Return a printed figure with a true minus sign, where it begins with a hyphen."""
    return MINUS + text[1:] if text.startswith("-") else text


def points(value: Decimal, decimals: int = 1) -> str:
    """Return a total or a rating as it is printed: 90.3, 92.0."""
    return plain(value, decimals)


def percent(value: Decimal, decimals: int | None = None) -> str:
    """Return a percentage with its sign: 40.51 gives 40.51%."""
    return plain(value, decimals) + "%"


def share(value: Decimal) -> str:
    """Return a share of 1 as a percentage: 0.25 gives 25%."""
    return percent(value.scaleb(2))


def achievement_text(value: Decimal, decimals: int = 1) -> str:
    """Return an achievement, in percent, as it is printed, without its sign.

    A fraction of nothing but zeros is dropped: 100, 124, 65.25, −29.4.

    Source: docs/rules.md, "Achievement".
    """
    text = plain(value, decimals)
    if decimals:
        whole, _, fraction = text.partition(".")
        if not fraction.strip("0"):
            return "0" if whole == MINUS + "0" else whole
    return text


def money(value: Decimal | int) -> str:
    """Return an amount of currency: 8,494,980, and 12.50 where there are cents."""
    amount = Decimal(value)
    return plain(amount, 0 if amount == int(amount) else 2, grouped=True)


def count(things: int) -> str:
    """Return how many things there are, with separators: 15000 is 15,000."""
    return f"{things:,}"


def roc_year(year: int) -> str:
    """Return a common-era year as the 民國 year that people read: 2020 gives 109."""
    return str(roc(year))
