"""Objectives of a group's card that may be the city's under another name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from bsc.models import MAIN_PLAN, Objective, Scorecard, Unit
from bsc.names import comparable
from bsc.periods import roc
from sheets.forms.readings import Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

OTHER, SAME = "other", "same-objective"


@dataclass(slots=True)
class Neighbours:
    """The cards of the file's years that a group fills or is filled by.

    `pairs` are the keys of a group's card and of its city's; `objectives` those of the
    cards that the file does not speak of, by card.
    """

    pairs: set[tuple[Key, Key]] = field(default_factory=set)
    objectives: dict[Key, list[Objective]] = field(default_factory=dict)


def ask_twins(
    slates: Slates,
    cards: Iterable[CardSheets],
    questions: Questions,
    issues: list[Issue],
) -> None:
    """Ask whether objectives of one code, theme and year are one under two names.

    Those of one name are one, which nobody is asked (see `bsc.linking`). What a person
    has said is kept, and not asked again. Three queries at most.
    """
    by_key = {card.key: card for card in cards}
    found = _neighbours(by_key.values())
    for group, city in sorted(found.pairs, key=str):
        ones = _objectives(slates, found, group)
        others = _objectives(slates, found, city)
        if len({code[:1] for code in ones}) != 1:
            # Not the card of a single theme.
            continue
        for code, own in ones.items():
            other = others.get(code)
            if other is None or comparable(own.name) == comparable(other.name):
                continue
            if slates.twins.get((*group, code)) is not None:
                continue
            card = by_key.get(group) or by_key[city]
            sheet, cell = _place_of(card, code)
            told = {
                "code": code,
                "own": own.name,
                "other": other.name,
                "year": str(roc(group[1])),
            }
            issue = Issue(
                Severity.ASK, sheet, cell, "same-objective", told, OTHER, (OTHER, SAME)
            )
            asked = questions.put(issue)
            issues.append(asked)
            if asked.answer is not None:
                key = (*group, code)
                is_same = asked.answer == SAME
                slates.twins.put(key, own=own, other=other, is_same=is_same)
                slates.confirmed.append((slates.twins, key))


def _objectives(slates: Slates, found: Neighbours, card: Key) -> dict[str, Objective]:
    rows = found.objectives.get(card)
    if rows is None:
        rows = [row for key, row in slates.objectives.rows.items() if key[:3] == card]
    return {row.code: row for row in rows if row.code}


def _neighbours(cards: Iterable[CardSheets]) -> Neighbours:
    cards = [card for card in cards if card.plan == MAIN_PLAN and not card.is_told_of]
    found = Neighbours()
    if not cards:
        return found
    paths = {card.unit.path: card for card in cards}
    above = {path[: -Unit.steplen] for path in paths}
    groups = Q(kind=Unit.Kind.GROUP)
    near = Q(path__in=above)
    for path in paths:
        near |= groups & Q(path__startswith=path, depth=len(path) // Unit.steplen + 1)
    units = {unit.path: unit for unit in Unit.objects.filter(near)}
    units |= {card.unit.path: card.unit for card in cards}
    in_file = {card.key for card in cards}
    for unit in units.values():
        city = units.get(unit.path[: -Unit.steplen])
        if unit.kind != Unit.Kind.GROUP or city is None:
            continue
        for year in {card.year for card in cards}:
            ends = ((unit.pk, year, MAIN_PLAN), (city.pk, year, MAIN_PLAN))
            if in_file.intersection(ends):
                found.pairs.add(ends)
    missing = {end for pair in found.pairs for end in pair} - in_file
    if missing:
        held = Scorecard.objects.filter(
            unit__in={key[0] for key in missing},
            year__in={key[1] for key in missing},
            plan=MAIN_PLAN,
        )
        of_cards = Objective.objects.filter(scorecard__in=held)
        found.objectives = {key: [] for key in missing}
        for row in of_cards.select_related("scorecard"):
            key = (row.scorecard.unit_id, row.scorecard.year, MAIN_PLAN)
            if key in missing:
                found.objectives[key].append(row)
    return found


def _place_of(card: CardSheets, code: str) -> tuple[str | None, str | None]:
    """Return sheet and cell of an objective in the file: in the table, else on the map."""
    for sheet, cell in _places(card, code):
        return sheet, cell
    return card.first_sheet, None


def _places(card: CardSheets, code: str) -> Iterator[tuple[str, str]]:
    for shown in (card.table, card.map):
        if shown is not None:
            sheet, reading = shown
            for objective in reading.objectives:
                if objective.code == code:
                    yield sheet, objective.cell
