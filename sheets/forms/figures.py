"""Cells of values and of money, with their doubts."""

from collections.abc import Callable
from decimal import Decimal

from sheets.cells import (
    Quantity,
    is_storable,
    join_wrapped,
    quantity_of,
    squashed,
)
from sheets.forms.headers import Column
from sheets.forms.readings import Doubt, Figure, Money, Severity
from sheets.grid import Cell

LONGEST_FIGURE = 200
LONGEST_MONEY = 60
_CENT = Decimal("0.01")

type Report = Callable[[Doubt], None]

_NO_MONEY = frozenset({"無", "-", "--", "—", "——", "無預算", "不需經費", "免", "n/a"})


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
    number = stored.value if said.words and stored is not None else None
    if isinstance(number, Decimal) and is_storable(number):
        said = Quantity(number)
    for code in said.flaws:
        report(_flaw(code, cell, printed, said))
    if said.words and not said.flaws:
        report(Doubt(Severity.WARN, "text-for-number", cell, {"text": printed}))
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


def money_of(text: str, cell: str, column: Column, report: Report) -> Money | None:
    """Return what a budget cell says: an amount in TWD, 無, or a blank.

    Words that are no amount are reported, and kept as printed without one.
    """
    assert column.year is not None
    printed = join_wrapped(text)
    if not printed:
        return Money("", cell, column.year, column.stage, "blank")
    if len(printed) > LONGEST_MONEY:
        report(_too_long(printed, LONGEST_MONEY, cell))
    if not printed[0].isdigit() and squashed(printed) in _NO_MONEY:
        return Money(printed, cell, column.year, column.stage, "none")
    said = quantity_of(_unbracketed(printed))
    if said.value is None or said.comparator or said.parts:
        code = "too-many-digits" if said.flaws else "text-for-number"
        report(Doubt(Severity.WARN, code, cell, {"text": printed}))
        return Money(printed, cell, column.year, column.stage, "blank")
    for code in said.flaws:
        report(_flaw(code, cell, printed, said))
    amount = said.value * column.scale
    if amount < 0:
        report(Doubt(Severity.ERROR, "negative-amount", cell, {"text": printed}))
        return None
    if (column.scale > 1 and not is_storable(amount)) or amount % _CENT:
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


def _too_long(text: str, limit: int, cell: str) -> Doubt:
    params = {"text": text[:40], "limit": str(limit)}
    return Doubt(Severity.ERROR, "too-long-to-keep", cell, params)


def _flaw(code: str, cell: str, printed: str, said: Quantity) -> Doubt:
    if code == "parts-differ":
        return Doubt(Severity.ASK, code, cell, {"text": printed}, default="words")
    params = {"text": printed}
    if said.value is not None:
        params["value"] = format(said.value, "f")
    return Doubt(Severity.WARN, code, cell, params)
