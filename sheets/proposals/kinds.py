"""What a file shows of one noun, counted by kind: figures and the kinds of nothing."""

from collections import Counter

from actions.models import BudgetLine
from sheets.proposals.slates import Slate
from sheets.proposals.slating import Slates

FIGURE = "figure"
ZERO = "zero"
CODES = "codes"

type Kinds = dict[str, dict[str, int]]


def kinds_of(slates: Slates) -> Kinds:
    """Return by noun how many things there are of each kind; no query.

    Of `actuals` those that are a `figure`, in words or in numbers, and each absence; of
    `budget_lines` each kind, with an amount of 0 apart as `zero`; of `action_plans` how
    many different `codes` they bear.
    """
    actuals = Counter(row.absence or FIGURE for row in _shown(slates.actuals))
    budgets = Counter(_kind_of(line) for line in _shown(slates.budgets))
    codes = {link.code for link in _shown(slates.links) if link.code}
    told = {
        "actuals": dict(actuals),
        "budget_lines": dict(budgets),
        "action_plans": {CODES: len(codes)} if codes else {},
    }
    return {noun: kinds for noun, kinds in told.items() if kinds}


def withdrawn_in(slates: Slates) -> dict[str, int]:
    """Return by noun how many of those counted as removed are only withdrawn."""
    return {
        slate.noun: len(slate.withdrawn)
        for slate in slates
        if slate.noun and slate.withdrawn
    }


def _shown(slate: Slate):
    return (slate.rows[key] for key in slate.seen if key in slate.rows)


def _kind_of(line: BudgetLine) -> str:
    is_zero = line.kind == BudgetLine.Kind.AMOUNT and not line.amount
    return ZERO if is_zero else str(line.kind)
