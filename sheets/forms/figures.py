"""Cells of values and of money, with their doubts."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from sheets.cells import (
    DASHES,
    Quantity,
    half_width,
    is_storable,
    join_wrapped,
    quantity_of,
    squashed,
)
from sheets.forms.columns import MONEY
from sheets.forms.headers import Column
from sheets.forms.readings import Doubt, Figure, Money, Severity
from sheets.grid import Cell

LONGEST_FIGURE = 200
LONGEST_MONEY = 60
_CENT = Decimal("0.01")

type Report = Callable[[Doubt], None]

_NO_MONEY = DASHES | {
    *("無", "---", "——", "──", "無預算", "不需經費", "免", "n/a", "na", "不適用"),
    *("無需經費", "無須經費", "免經費", "未編列", "無編列", "無經費", "免編", "無概算"),
}
_MONEY_UNIT = re.compile(r"(?<=[\d\s])(?P<unit>[千仟]元|百萬元)(?:整)?$")


def figure_of(
    text: str, cell: str, report: Report, *, stored: Cell | None = None
) -> Figure:
    """Return what a value cell says, and report what is doubtful in it.

    The displayed text counts; the stored number only where the text shows none.
    """
    printed = join_wrapped(text)
    if len(printed) > LONGEST_FIGURE:
        report(_too_long(printed, LONGEST_FIGURE, cell))
    said = quantity_of(text)
    number = stored.value if stored is not None else None
    is_hidden = bool(said.words) or (number == 0 and squashed(printed) in DASHES)
    if is_hidden and isinstance(number, Decimal) and is_storable(number):
        said = Quantity(number)
    for code in said.flaws:
        # A stored number in brackets is below 0 for certain.
        if code != "bracketed-number" or number != said.value:
            report(_flaw(code, cell, printed, said))
    if said.words and not said.flaws:
        report(Doubt(Severity.WARN, "text-for-number", cell, {"text": printed}))
    if said.note and not said.months and quantity_of(said.note).value is not None:
        params = {"text": printed, "value": format(said.value or 0, "f")}
        report(Doubt(Severity.WARN, "two-numbers", cell, params))
    months = said.months
    if months is not None:
        report(Doubt(Severity.NOTE, "part-year", cell, {"text": printed}))
    return Figure(
        printed,
        cell,
        said.value,
        said.comparator,
        printed if said.words else "",
        said.absence,
        said.note,
        months.first if months else None,
        months.last if months else None,
        said.parts,
    )


def money_of(
    text: str,
    cell: str,
    column: Column,
    report: Report,
    *,
    stored: Cell | None = None,
) -> Money | None:
    """Return what a budget cell says: an amount in TWD, 無, or a blank.

    Words that are no amount are reported, and kept as printed without one. A stored
    0 that a format of money shows as a dash is the amount 0.
    """
    assert column.year is not None
    printed = join_wrapped(text)
    if not printed:
        return Money("", cell, column.year, column.stage, "blank")
    if len(printed) > LONGEST_MONEY:
        report(_too_long(printed, LONGEST_MONEY, cell))
    if not printed[0].isdigit() and squashed(printed) in _NO_MONEY:
        if stored is not None and stored.is_number and stored.value == 0:
            zero = Decimal(0)
            return Money(printed, cell, column.year, column.stage, "amount", zero)
        return Money(printed, cell, column.year, column.stage, "none")
    bare, scale = _unscaled(_unbracketed(printed), column.scale)
    said = quantity_of(bare)
    if "broken-number" in said.flaws:
        readings = tuple(number * scale for number in said.readings)
        said = replace(said, readings=readings)
        report(_flaw("broken-number", cell, printed, said))
        return Money(printed, cell, column.year, column.stage, "blank")
    if said.value is None or said.comparator or said.parts:
        code = "too-many-digits" if said.flaws else "text-for-number"
        report(Doubt(Severity.WARN, code, cell, {"text": printed}))
        return Money(printed, cell, column.year, column.stage, "blank")
    for code in said.flaws:
        report(_flaw(code, cell, printed, said))
    amount = said.value * scale
    if amount < 0:
        report(Doubt(Severity.ERROR, "negative-amount", cell, {"text": printed}))
        return None
    if (scale > 1 and not is_storable(amount)) or amount % _CENT:
        report(Doubt(Severity.WARN, "too-many-digits", cell, {"text": printed}))
        return Money(printed, cell, column.year, column.stage, "blank")
    return Money(printed, cell, column.year, column.stage, "amount", amount)


def _unbracketed(text: str) -> str:
    """Return an amount in accountants' brackets with a minus sign."""
    if text[0].isdigit():
        return text
    bare = squashed(text)
    if bare.startswith("(") and bare.endswith(")"):
        return f"-{bare[1:-1]}"
    return text


def _unscaled(text: str, scale: int) -> tuple[str, int]:
    """Return an amount without its unit, and what that counts: 803千元 by thousands.

    A printed 萬 or 億 is part of the number, and counts in 元 whatever the column.
    """
    if text[-1:] in "元整":
        bare = half_width(text)
        if match := _MONEY_UNIT.search(bare):
            return bare[: match.start()].strip(), MONEY[match["unit"]]
    return text, 1 if "萬" in text or "億" in text else scale


def _too_long(text: str, limit: int, cell: str) -> Doubt:
    params = {"text": text[:40], "limit": str(limit)}
    return Doubt(Severity.ERROR, "too-long-to-keep", cell, params)


def _flaw(code: str, cell: str, printed: str, said: Quantity) -> Doubt:
    if code == "parts-differ":
        values = dict.fromkeys(format(value, "f") for _, value, _ in said.parts)
        choices = ("words", *values)
        return Doubt(Severity.ASK, code, cell, {"text": printed}, "words", choices)
    params = {"text": printed}
    if code == "broken-number":
        first, second = (format(number, "f") for number in said.readings[:2])
        params |= {"first": first, "second": second}
        choices = ("words", first, second)
        return Doubt(Severity.ASK, code, cell, params, "words", choices)
    if said.value is not None:
        params["value"] = format(said.value, "f")
    return Doubt(Severity.WARN, code, cell, params)
