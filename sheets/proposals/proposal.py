"""A proposal: what one file would change, counted by noun, with its doubts."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from bsc.models import Scorecard
from bsc.services import UnitDirectory, plain_name
from kpi.models import RatingRules
from sheets.forms.readings import Severity, SheetReading
from sheets.proposals.answers import answered, directions_of
from sheets.proposals.cards import CardSheets, Options, gather
from sheets.proposals.checks import check
from sheets.proposals.differences import differences_of
from sheets.proposals.directions import with_year_before
from sheets.proposals.filling import Filler, fill, plan_name
from sheets.proposals.issues import NOUNS, Issue, in_order, listed
from sheets.proposals.kinds import kinds_of, withdrawn_in
from sheets.proposals.lineage import (
    join_elsewhere,
    join_years,
    kpis_elsewhere,
    put_elsewhere,
    put_lineage,
)
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates, load, put_units
from sheets.proposals.twins import ask_twins
from sheets.proposals.units import Units
from sheets.proposals.whole import set_aside, take_away, told_gone

# What is named, and not only counted, where a file does not list it.
NAMED_WHERE_LEFT: dict[str, Callable[[Any], str]] = {
    "themes": lambda theme: theme.code,
    "objectives": lambda objective: objective.code,
    "ksfs": lambda factor: factor.name,
    "kpis": lambda kpi: kpi.code,
    "action_plans": lambda link: link.text,
}


@dataclass(slots=True)
class Proposal:
    """What a file would change. `slates` is None where nothing may be written."""

    file_name: str
    sheets: list[dict[str, Any]]
    issues: list[Issue]
    cards: list[CardSheets] = field(default_factory=list)
    slates: Slates | None = None
    is_too_doubtful: bool = False

    @property
    def is_refused(self) -> bool:
        return self.is_too_doubtful or any(
            issue.severity is Severity.ERROR for issue in self.issues
        )

    @property
    def is_asking(self) -> bool:
        """Say whether a question is open: one that nobody has answered."""
        return any(
            issue.severity is Severity.ASK and issue.answer is None
            for issue in self.issues
        )

    def refuse(self) -> None:
        """Write nothing of it, though nothing is wrong: somebody wants no questions."""
        self.is_too_doubtful = True

    def changes(self) -> dict[str, dict[str, int]]:
        """Return counts by noun: created, changed, unchanged, left, removed."""
        none = {"created": 0, "changed": 0, "unchanged": 0, "left": 0, "removed": 0}
        counted = {noun: dict(none) for noun in NOUNS}
        for slate in self.slates or ():
            if slate.noun:
                counted[slate.noun] = slate.counts(self.covered(slate.noun))
        return counted

    def as_json(
        self, *, applied: bool, with_params: bool = False, with_issues: bool = True
    ) -> dict[str, Any]:
        """Return what `import_sheet --json` prints.

        `with_params` adds each issue's parameters, so that a page can say it in
        another language later, what it changes field by field, what it shows by kind
        (see `sheets.proposals.kinds`), and a fingerprint of all that would be written.
        Without `with_issues` the doubts, of which there may be thousands, are left out.
        """
        more: dict[str, Any] = {}
        if with_params:
            shown, count = differences_of(self.slates or ())
            more = {
                "fingerprint": self.fingerprint(),
                "differences": shown,
                "difference_count": count,
                "kinds": kinds_of(self.slates) if self.slates else {},
                "withdrawn": withdrawn_in(self.slates) if self.slates else {},
            }
        return {
            **more,
            "file": self.file_name,
            "applied": applied,
            "sheets": self.sheets,
            "changes": self.changes(),
            **({"issues": self._issues_as_json(with_params)} if with_issues else {}),
        }

    def _issues_as_json(self, with_params: bool) -> list[dict[str, Any]]:
        return [issue.as_json(with_params=with_params) for issue in self.issues]

    def fingerprint(self) -> str:
        """Return a digest of every row that would be written, with its values before."""
        digest = hashlib.blake2b(digest_size=16)
        for slate in self.slates or ():
            lines = [f"+{key}" for key in slate.created]
            lines += [f"-{key}" for key in slate.removed]
            lines += [f"~{key}{slate.change_of(key)}" for key in slate.changed]
            digest.update("\n".join([slate.model.__name__, *sorted(lines)]).encode())
        return digest.hexdigest()

    def covered(self, noun: str) -> Callable[[Key], bool]:
        """Return whether a row of `noun` under a key is one these sheets would show."""
        shown = {}
        for card in self.cards:
            nouns = card.shown_years()
            if noun in nouns:
                shown[card.key] = nouns[noun]

        def is_covered(key: Key) -> bool:
            if key[:3] not in shown:
                return False
            years = shown[key[:3]]
            return years is None or _year_of(noun, key) in years

        return is_covered


def _year_of(noun: str, key: Key) -> int:
    """Return the year in the key of a yearly row."""
    return int(key[-2] if noun == "budget_lines" else key[-1])


def propose(
    readings: tuple[SheetReading, ...], options: Options, directory: UnitDirectory
) -> Proposal:
    """Return what `readings` would change. Writes nothing.

    Costs one query a model whatever the size of the file. Where there is an error
    the proposal has no slates, and all errors that could be found are listed.
    """
    questions = Questions(options.answers, options.learned)
    units = Units(directory, questions)
    readings = answered(readings, questions)
    gathered = gather(readings, options, units)
    proposal = Proposal(
        options.file_name, gathered.sheets, gathered.issues, gathered.cards
    )
    _fill(proposal, options, questions, units)
    proposal.issues = in_order(_once_each(proposal.issues), gathered.sheets)
    if proposal.is_refused:
        proposal.slates = None
    return proposal


def _fill(
    proposal: Proposal, options: Options, questions: Questions, units: Units
) -> None:
    names = {
        plan_name(plan.name)
        for card in proposal.cards
        if card.table
        for row in card.table[1].rows
        for plan in row.plans
    }
    elsewhere = kpis_elsewhere(proposal.cards)
    slates = proposal.slates = load(proposal.cards, names, elsewhere)
    pairs = join_years(slates, proposal.cards, questions, proposal.issues)
    steps = join_elsewhere(
        slates, proposal.cards, elsewhere, questions, proposal.issues
    )
    for card in proposal.cards:
        if card.is_told_of:
            continue
        held = slates.scorecards.get(card.key)
        if held is not None and held.status == Scorecard.Status.CLOSED:
            told = {"card": str(held)}
            proposal.issues.append(
                Issue(Severity.ERROR, card.first_sheet, None, "card-closed", told)
            )
            continue
        issues = with_year_before(card, slates, questions, proposal.issues)
        directions, proposal.issues = directions_of(card, slates, issues)
        fill(Filler(slates, card, proposal.issues, questions, units, directions))
    put_units(slates, units)
    # Rules and what is left speak only of a file that can be written.
    if not proposal.is_refused:
        if options.is_whole:
            take_away(slates, proposal.covered)
        set_aside(slates)
        ask_twins(slates, proposal.cards, questions, proposal.issues)
        put_lineage(slates, pairs, proposal.issues)
        put_elsewhere(slates, steps)
        if options.is_whole:
            proposal.issues += told_gone(slates, proposal.cards)
        _check(proposal, slates)
        proposal.issues += _left(proposal)


def _check(proposal: Proposal, slates: Slates) -> None:
    rules = (
        list(RatingRules.objects.prefetch_related("bands"))
        if any(card.results for card in proposal.cards)
        else ()
    )
    for card in proposal.cards:
        check(card, slates, rules, proposal.issues)


def _left(proposal: Proposal) -> list[Issue]:
    """Return one note for every card and noun of which the file lacks some."""
    issues = []
    for noun, name in NAMED_WHERE_LEFT.items():
        slate = next(slate for slate in proposal.slates if slate.noun == noun)
        left = sorted(slate.left(proposal.covered(noun)), key=str)
        for card in proposal.cards:
            names = [name(slate.rows[key]) for key in left if key[:3] == card.key]
            if not names:
                continue
            told = {"noun": noun, "count": str(len(names)), "names": listed(names)}
            issues.append(Issue(Severity.NOTE, card.first_sheet, None, "left", told))
    return issues


def _once_each(issues: list[Issue]) -> list[Issue]:
    """Return the issues, each once; an unknown unit once for all its cells."""
    kept: dict[Hashable, Issue] = {}
    for issue in issues:
        names = tuple(sorted(issue.params.items()))
        place = (issue.sheet, issue.cell)
        if issue.code == "unknown-unit":
            place, names = (), plain_name(issue.params["name"])
        kept.setdefault((issue.code, place, names), issue)
    return list(kept.values())
