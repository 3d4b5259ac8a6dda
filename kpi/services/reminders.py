"""Who is told of rounds and reviews: what is due, came back, was approved, or is poor.

Each may be called again: nobody is told the same thing twice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from bsc.models import Unit, User, WorkDay
from bsc.notices import Message, people_of, tell, tell_each
from bsc.periods import Period
from bsc.permissions import Action
from bsc.workdays import Calendar, work_days_until
from kpi.models import Actual, Entry, Kpi, Result, ReviewStep, Round
from kpi.scoring import Light
from kpi.services.rights import editors_of, may_see_entry

# How many working days ahead people are told that something is due.
SOON = 3


def tell_of_rounds(*, on: date) -> int:
    """Tell everybody what the rounds ask of them on this day; return how many were told.

    A fixed number of queries for each round that runs.
    """
    calendar = WorkDay.objects.as_calendar()
    told = 0
    for round in Round.objects.running(on):
        told += _tell_of_round(round, on, calendar)
        told += tell_of_poor(_kpis_of(round), Period.parse(round.period))
    return told


def remind(*, round: Round, by: User, on: date) -> int:
    """Remind the sections of what they have not sent; once a day each.

    Returns how many people were told; those told before on this day are not.
    """
    kpis = _not_sent(round)
    given = {"round": round.name, "by": str(by), "due": round.due_on.isoformat()}
    return tell_each(
        _to_sections(
            kpis, Action.RECORD, "reminder", f"reminder:{round.pk}:{on}", given
        )
    )


def tell_of_poor(kpis: Iterable[Kpi], period: Period) -> int:
    """Tell the managers and planners of the cards which lights of `kpis` turned poor.

    Once for each figure that was put in force; four queries.
    """
    kpis = {kpi.pk: kpi for kpi in kpis}
    poor = Result.objects.filter(
        kpi__in=kpis,
        period=period.code,
        standing=Result.Standing.OFFICIAL,
        light=Light.POOR,
    ).values_list("kpi", flat=True)
    series = {kpis[pk].series_id: kpis[pk] for pk in poor}
    versions = Actual.objects.filter(
        series__in=series, period=period.code, state=Actual.State.APPROVED
    ).values_list("series", "version")
    of_units = defaultdict(list)
    for series_id, version in versions:
        kpi = series[series_id]
        of_units[kpi.scorecard.unit].append((kpi, version))
    people = [people_of(of_units, one) for one in (Action.REVIEW, Action.EDIT_PLAN)]
    return tell_each(
        Message(
            person,
            "turned-poor",
            f"poor:{kpi.pk}:{period.code}:{version}",
            {"kpi": str(kpi), "period": period.code},
            kpi.get_absolute_url(),
        )
        for unit, rows in of_units.items()
        for kpi, version in rows
        for person in {one for by_unit in people for one in by_unit[unit.pk]}
    )


def tell_of_step(step: ReviewStep) -> int:
    """Tell who is concerned by a step of review: who sent it, or who is to decide."""
    entry = step.entry
    kpi = entry.kpi
    match step.action:
        case ReviewStep.Action.RETURNED:
            kind, people = "returned", _senders(entry)
        case ReviewStep.Action.APPROVED:
            kind, people = "approved", _senders(entry)
        case ReviewStep.Action.REOPENED:
            kind, people = "reopened", [*_senders(entry), *_staff_of(kpi)]
        case ReviewStep.Action.ASKED:
            unit = kpi.scorecard.unit
            kind, people = "reopening-asked", people_of([unit], Action.REVIEW)[unit.pk]
        case ReviewStep.Action.REFUSED:
            unit = kpi.scorecard.unit
            kind, people = (
                "reopening-refused",
                people_of([unit], Action.REOPEN)[unit.pk],
            )
        case _:
            return 0
    return tell(
        recipients=[person for person in people if person.pk != step.by_id],
        kind=kind,
        key=f"{kind}:{step.pk}",
        parameters={
            "kpi": str(kpi),
            "period": entry.period,
            "by": str(step.by),
            "note": step.note,
        },
        url=reverse("kpi:entry-detail", kwargs={"pk": entry.pk}),
    )


def _senders(entry: Entry) -> list[User]:
    """Return who sent and typed an entry, but for those who may see it no longer."""
    people = dict.fromkeys([entry.submitted_by, entry.entered_by])
    return [one for one in people if one and may_see_entry(one, entry.kpi)]


def _staff_of(kpi: Kpi) -> list[User]:
    units = [owner.unit for owner in editors_of(kpi)]
    return [one for some in people_of(units, Action.RECORD).values() for one in some]


def _tell_of_round(round: Round, on: date, calendar: Calendar) -> int:
    name = {"round": round.name}
    messages: list[Message] = []
    kpis = list(_kpis_of(round))
    if on <= round.due_on:
        given = {**name, "period": round.period, "due": round.due_on.isoformat()}
        messages += _to_sections(
            kpis, Action.RECORD, "opening", f"opening:{round.pk}", given
        )
    waiting = {
        "send": (list(_not_sent(round)), round.due_on, Action.RECORD),
        "check": (_waiting(round, "submitted"), round.check_due_on, Action.REVIEW),
        "approve": (_waiting(round, "checked"), round.approve_due_on, Action.REVIEW),
    }
    for step, (late, due_on, action) in waiting.items():
        left = work_days_until(on, due_on, calendar)
        if not late or left > SOON:
            continue
        kind = "overdue" if on > due_on else "due-soon"
        given = {**name, "step": step, "due": due_on.isoformat(), "left": left}
        key = f"{kind}:{round.pk}:{step}:{due_on}"
        if step == "approve":
            messages += _to_cards(late, action, kind, key, given)
            continue
        messages += _to_sections(late, action, kind, key, given)
        if step == "send" and kind == "overdue":
            messages += _to_sections(late, Action.REVIEW, kind, key, given)
    return tell_each(messages) + _tell_of_ownerless(round, kpis)


def _tell_of_ownerless(round: Round, kpis: Iterable[Kpi]) -> int:
    by_card: dict[Any, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        if not kpi.owners.all():
            by_card[kpi.scorecard].append(kpi)
    people = people_of((card.unit for card in by_card), Action.SET_ROUNDS)
    return tell_each(
        Message(
            person,
            "no-owner",
            f"no-owner:{card.pk}:{_digest(kpi.pk for kpi in some)}",
            {"card": str(card), "codes": [kpi.code for kpi in some]},
            card.url_of("scorecard"),
        )
        for card, some in by_card.items()
        for person in people[card.unit_id]
    )


def _digest(keys: Iterable[int]) -> str:
    """Return a word for a set of keys: another set is another thing to tell."""
    listed = ",".join(str(key) for key in sorted(keys))
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _to_sections(
    kpis: Iterable[Kpi], action: Action, kind: str, key: str, given: dict[str, Any]
) -> list[Message]:
    """Return a message a person of the sections that enter `kpis`, with their number."""
    by_unit: dict[Unit, set[int]] = defaultdict(set)
    for kpi in kpis:
        for owner in editors_of(kpi):
            by_unit[owner.unit].add(kpi.pk)
    return _counted(by_unit, action, kind, key, given, _address(action))


def _to_cards(
    kpis: Iterable[Kpi], action: Action, kind: str, key: str, given: dict[str, Any]
) -> list[Message]:
    by_unit: dict[Unit, set[int]] = defaultdict(set)
    for kpi in kpis:
        by_unit[kpi.scorecard.unit].add(kpi.pk)
    return _counted(by_unit, action, kind, key, given, _address(action))


def _counted(
    by_unit: dict[Unit, set[int]],
    action: Action,
    kind: str,
    key: str,
    given: dict[str, Any],
    url: str,
) -> list[Message]:
    people = people_of(by_unit, action)
    kpis_of: dict[User, set[int]] = defaultdict(set)
    for unit, kpis in by_unit.items():
        for person in people[unit.pk]:
            kpis_of[person] |= kpis
    return [
        Message(person, kind, key, {**given, "count": len(kpis)}, url)
        for person, kpis in kpis_of.items()
    ]


def _address(action: Action) -> str:
    return reverse("kpi:my-work" if action == Action.RECORD else "kpi:review-queue")


def _kpis_of(round: Round) -> Any:
    """Return the KPIs whose figures a round asks for, with their owners and cards.

    They are those of cards in force: a draft asks nobody for figures yet.
    """
    return (
        Kpi.objects.filter(scorecard__rounds=round, scorecard__status="in-force")
        .in_plan()
        .with_owners()
    )


def _not_sent(round: Round) -> Any:
    return _kpis_of(round).not_reported(Period.parse(round.period))


def _waiting(round: Round, state: str) -> list[Kpi]:
    return list(
        _kpis_of(round).filter(entries__period=round.period, entries__state=state)
    )
