"""Whether an entry can be sent: its boxes, its checks, its explanation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils import timezone

from bsc.models import User
from bsc.periods import Period
from bsc.workdays import day_text
from kpi import scoring
from kpi.entries import (
    Definition,
    Problem,
    Reading,
    doubts,
    missing_explanations,
    must_explain,
    read,
    unconfirmed,
)
from kpi.models import Entry, Kpi, Round, SelfRating
from kpi.scoring import Score
from kpi.services.definitions import definitions_of, rounds_of
from kpi.services.refusals import NotReady, refusal
from kpi.services.rules import EntryRules, entry_rules
from kpi.services.steps import number_text


@dataclass(frozen=True, slots=True)
class Sending:
    """Figures of one period that one person sends, and all that must be known of them.

    `definitions` and `entries` are by KPI, `rules` and `rounds` by card.
    """

    period: Period
    by: User
    at: datetime
    definitions: Mapping[int, Definition]
    entries: Mapping[int, Entry]
    rules: Mapping[int, EntryRules]
    rounds: Mapping[int, Round]

    @classmethod
    def of(cls, kpis: Sequence[Kpi], period: Period, *, by: User, at: datetime) -> Self:
        """Load what is known of `kpis`; a fixed number of queries."""
        entries = {
            entry.kpi_id: entry
            for entry in Entry.objects.filter(kpi__in=kpis, period=period.code)
        }
        on = timezone.localdate(at)
        return cls(
            period=period,
            by=by,
            at=at,
            definitions=definitions_of(kpis, period, on=on, entries=entries),
            entries=entries,
            rules=entry_rules(kpis, period),
            rounds=rounds_of({kpi.scorecard_id for kpi in kpis}, period),
        )


def ready(
    sending: Sending, kpi: Kpi, entry: Entry | None, confirmed: Collection[str]
) -> dict[str, Any]:
    """Return the columns with which an entry is sent.

    `confirmed` are keys of checks. Raises `NotReady` with all that stands in the way.
    """
    definition = sending.definitions[kpi.pk]
    reading = read(entry.typed if entry is not None else {}, definition)
    if entry is None:
        raise NotReady(problems=_lacking(reading))
    asked = doubts(reading, definition)
    held = entry.confirmed
    answered = {
        check.key: check.value
        for check in asked
        if check.key in confirmed or held.get(check.key) == check.value
    }
    demands = must_explain(
        reading,
        definition,
        score_of(kpi, definition, reading, sending.rules[kpi.scorecard_id]),
        answered,
    )
    problems = _lacking(reading)
    late = [each for each in problems if each.box == "late_reason"]
    open_checks = unconfirmed(asked, answered)
    unexplained = missing_explanations(entry.typed, demands)
    if late and late == list(problems) and not open_checks and not unexplained:
        day = sending.rounds[kpi.scorecard_id].closes_on
        raise refusal("late-reason", day=day_text(day))
    if problems or open_checks or unexplained:
        raise NotReady(
            problems=problems,
            doubts=open_checks,
            unexplained=unexplained,
            reasons=demands,
        )
    return {
        **reading.columns,
        "confirmed": answered,
        "ratings": _with_own(entry.ratings, reading, sending.by),
    }


def _lacking(reading: Reading) -> tuple[Problem, ...]:
    """Return what is wrong or missing; a figure that says nothing lacks its value."""
    found = (*reading.problems, *reading.missing)
    if not found and reading.figure is None:
        return (Problem("value", "value-missing"),)
    return found


def score_of(
    kpi: Kpi, definition: Definition, reading: Reading, rules: EntryRules
) -> Score | None:
    """Return what the card's rules give for what was typed; None without a figure."""
    figure = reading.figure
    if figure is None:
        return None
    return scoring.score(
        definition.direction,
        definition.target,
        figure,
        reading.rating,
        rules.rules,
        exempt=definition.is_exempt,
        achievement_decimals=kpi.achievement_decimals,
        by_hand=reading.light,
    )


def _with_own(ratings: Mapping[str, Any], reading: Reading, by: User) -> dict[str, Any]:
    """Return the points given so far with those of the section itself."""
    others = {
        level: points
        for level, points in ratings.items()
        if level != SelfRating.Level.SELF
    }
    points = {
        "innovation": number_text(reading.innovation),
        "challenge": number_text(reading.challenge),
        "contribution": number_text(reading.contribution),
        "light": str(reading.light or ""),
    }
    if not any(points.values()):
        return others
    own = {**points, "basis": reading.basis, "by": by.pk}
    return {SelfRating.Level.SELF.value: own, **others}
