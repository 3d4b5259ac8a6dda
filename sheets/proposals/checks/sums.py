"""Sums of money and of parts, added up again."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from bsc.numbers import money, plain
from bsc.periods import roc
from sheets.cells import half_width
from sheets.forms.readings import Figure, PrintedSum, ScorecardReading
from sheets.proposals.checks.tallies import Tally

# A sum of what stands above it since the sum before; the others may be of all.
PARTIAL = "小計"


def check_budgets(tally: Tally, table: ScorecardReading) -> None:
    """Compare the amounts in rows of sums with what the rows above them add up to."""
    for printed in table.sums:
        amount = printed.money.amount
        own = _added(table, printed, printed.first)
        whole = _added(table, printed, 0)
        is_partial = printed.label == PARTIAL
        found = own if is_partial or amount == own else whole
        tally.compare(
            "sum-differs",
            printed.money.cell,
            amount,
            found,
            (printed.money.text, money(found)),
            label=printed.label,
            year=str(roc(printed.money.year)),
        )


def _added(table: ScorecardReading, printed: PrintedSum, first: int) -> Decimal:
    """Return what one budget column adds up to; 無 and blanks are nothing."""
    column = (printed.money.year, printed.money.stage)
    return sum(
        (
            each.amount
            for row in table.rows[first : printed.last]
            for each in row.budgets
            if (each.year, each.stage) == column and each.amount is not None
        ),
        Decimal(0),
    )


def budget_sums(table: ScorecardReading) -> Iterator[tuple[str, str]]:
    """Yield year and sum of every budget column of a table that shows amounts."""
    sums: dict[tuple[int, str], Decimal] = {}
    for row in table.rows:
        for each in row.budgets:
            if each.amount is not None:
                column = (each.year, each.stage)
                sums[column] = sums.get(column, Decimal(0)) + each.amount
    for (year, _), amount in sorted(sums.items()):
        yield str(roc(year)), money(amount)


def check_parts(tally: Tally, figures: Iterable[tuple[str, Figure]]) -> None:
    """Compare figures such as 「4,143 (身障3,107+ 老人1,036)」 with their parts."""
    for code, figure in figures:
        if figure.value is None or len(figure.parts) < 2:
            continue
        if "+" not in half_width(figure.text):
            continue
        parts = sum((value for _, value, _ in figure.parts), Decimal(0))
        texts = (figure.text, plain(parts, grouped=True))
        tally.compare(
            "parts-sum-differs", figure.cell, figure.value, parts, texts, code=code
        )
