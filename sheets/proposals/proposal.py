"""A proposal: what one file would change, counted by noun, with its doubts."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from bsc.models import Scorecard
from bsc.services import UnitDirectory
from sheets.forms.readings import Severity, SheetReading
from sheets.proposals.cards import CardSheets, Options, gather
from sheets.proposals.checks import check
from sheets.proposals.filling import Filler, fill, plan_name
from sheets.proposals.issues import NOUNS, ORDER, Issue
from sheets.proposals.slating import Slates, load

# The sheets that show a noun: what they lack of it is counted as left.
SHOWN_BY = {
    "themes": ("map",),
    "objectives": ("map", "table"),
    "ksfs": ("table",),
    "series": ("table",),
    "kpis": ("table",),
    "targets": ("table",),
    "actuals": ("table",),
    "statements": ("table",),
    "published_results": ("results",),
    "self_ratings": ("results",),
    "plan_rows": ("table",),
    "action_plans": ("table",),
    "budget_lines": ("table",),
}


@dataclass(slots=True)
class Proposal:
    """What a file would change. `slates` is None where nothing may be written."""

    file_name: str
    sheets: list[dict[str, Any]]
    issues: list[Issue]
    cards: list[CardSheets] = field(default_factory=list)
    slates: Slates | None = None

    @property
    def is_refused(self) -> bool:
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def is_asking(self) -> bool:
        return any(issue.severity is Severity.ASK for issue in self.issues)

    def changes(self) -> dict[str, dict[str, int]]:
        """Return counts by noun: created, changed, unchanged, left, removed."""
        none = {"created": 0, "changed": 0, "unchanged": 0, "left": 0, "removed": 0}
        counted = {noun: dict(none) for noun in NOUNS}
        for slate in self.slates or ():
            if slate.noun:
                counted[slate.noun] = slate.counts(self._covered(slate.noun))
        return counted

    def as_json(self, *, applied: bool, with_params: bool = False) -> dict[str, Any]:
        """Return what `import_sheet --json` prints.

        `with_params` adds each issue's parameters, so that a page can say it in
        another language later.
        """
        return {
            "file": self.file_name,
            "applied": applied,
            "sheets": self.sheets,
            "changes": self.changes(),
            "issues": [issue.as_json(with_params=with_params) for issue in self.issues],
        }

    def _covered(self, noun: str) -> Callable[[Hashable], bool]:
        places = SHOWN_BY.get(noun, ())
        covered = {
            card.key
            for card in self.cards
            if any(getattr(card, place) is not None for place in places)
        }
        return lambda key: isinstance(key, tuple) and key[:3] in covered


def propose(
    readings: tuple[SheetReading, ...], options: Options, directory: UnitDirectory
) -> Proposal:
    """Return what `readings` would change. Writes nothing.

    Costs one query a model whatever the size of the file. Where there is an error
    the proposal has no slates, and all errors that could be found are listed.
    """
    gathered = gather(readings, options, directory)
    proposal = Proposal(
        options.file_name, gathered.sheets, gathered.issues, gathered.cards
    )
    if not proposal.is_refused:
        _fill(proposal, directory)
    proposal.issues = _once_each(proposal.issues)
    if proposal.is_refused:
        proposal.slates = None
    return proposal


def _fill(proposal: Proposal, directory: UnitDirectory) -> None:
    names = {
        plan_name(plan.name)
        for card in proposal.cards
        if card.table
        for row in card.table[1].rows
        for plan in row.plans
    }
    slates = proposal.slates = load(proposal.cards, names)
    negative = {
        (issue.sheet, issue.params["code"])
        for issue in proposal.issues
        if issue.code == "direction-negative"
    }
    for card in proposal.cards:
        sheets = {place[0] for place in (card.table, card.results) if place}
        held = slates.scorecards.get(card.key)
        if held is not None and held.status == Scorecard.Status.CLOSED:
            proposal.issues.append(
                Issue(Severity.ERROR, None, None, "card-closed", {"card": str(held)})
            )
            continue
        codes = frozenset(code for sheet, code in negative if sheet in sheets)
        fill(Filler(slates, card, directory, proposal.issues, codes))
        check(card, slates, proposal.issues)


def _once_each(issues: list[Issue]) -> list[Issue]:
    """Return the issues, errors first, each doubt about a name only once.

    An unknown unit is asked once for all the cells that name it.
    """
    kept: dict[Hashable, Issue] = {}
    for issue in issues:
        names = tuple(sorted(issue.params.items()))
        cell = None if issue.code == "unknown-unit" else issue.cell
        kept.setdefault((issue.code, issue.sheet, cell, names), issue)
    return sorted(kept.values(), key=lambda issue: ORDER[issue.severity])
