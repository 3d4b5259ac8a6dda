"""How cards of different levels hang together, found from what they print.

The links follow from the cards that are there, whichever was imported first: the
same cards always give the same links.
"""

from collections.abc import Iterable, Mapping

from bsc.history import update_with_history
from bsc.models import MAIN_PLAN, Objective, Scorecard, Theme, Unit, User
from bsc.names import comparable


def link_cards(
    cards: Iterable[Scorecard],
    *,
    answered: Mapping[tuple[int, int], bool] | None = None,
    by: User | None = None,
    reason: str = "",
) -> int:
    """Find again what `cards` belong to, and return how many rows changed.

    A group's card fills the theme of its city's card of the same year that has its
    letter, and each of its objectives is the city's with the same code and name.
    `answered` says of an objective there and one here, by their keys, whether they are
    one in spite of their names.
    Another card hangs under the theme or objective that its map names, in the card
    of the unit above: that year's, else the latest earlier, else the earliest later.
    Costs five queries and the writes; `cards` are loaded with their units.
    """
    cards = list(cards)
    parents = _parents_of(cards)
    above = _cards_of({unit.pk for unit in parents.values()})
    themes = _by_card(Theme.objects.filter(scorecard__in=above))
    objectives = _by_card(Objective.objects.filter(scorecard__in=[*above, *cards]))
    changed_cards: list[Scorecard] = []
    changed_objectives: list[Objective] = []
    for card in cards:
        parent = parents.get(card.unit_id)
        levels = [c for c in above if parent and c.unit_id == parent.pk]
        own = objectives.get(card.pk, [])
        if card.unit.kind == Unit.Kind.GROUP:
            same_year = [c for c in levels if c.year == card.year]
            theme, twins = _filled(own, same_year, themes, objectives, answered or {})
            if _set(card, fills_theme=theme):
                changed_cards.append(card)
            for objective in own:
                if _set(objective, same_as=twins.get(objective.pk)):
                    changed_objectives.append(objective)
        elif card.parent_text:
            theme, objective = _named(card, levels, themes, objectives)
            if _set(card, parent_theme=theme, parent_objective=objective):
                changed_cards.append(card)
    links = ["fills_theme", "parent_theme", "parent_objective"]
    update_with_history(changed_cards, links, by=by, reason=reason)
    update_with_history(changed_objectives, ["same_as"], by=by, reason=reason)
    return len(changed_cards) + len(changed_objectives)


def _parents_of(cards: list[Scorecard]) -> dict[int, Unit]:
    """Return the unit above each card's unit, by the key of the unit below."""
    paths = {card.unit_id: card.unit.path[: -Unit.steplen] for card in cards}
    above = {unit.path: unit for unit in Unit.objects.filter(path__in=paths.values())}
    return {key: above[path] for key, path in paths.items() if path in above}


def _cards_of(unit_ids: set[int]) -> list[Scorecard]:
    return list(
        Scorecard.objects.filter(unit__in=unit_ids, plan=MAIN_PLAN).order_by("year")
    )


def _by_card(rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.scorecard_id, []).append(row)
    return found


def _filled(own, same_year, themes, objectives, answered) -> tuple[Theme | None, dict]:
    """Return the city's theme that a group's card fills, and its objectives there."""
    letters = {objective.code[:1] for objective in own}
    if len(letters) != 1:
        return None, {}
    letter = letters.pop()
    for card in same_year:
        for theme in themes.get(card.pk, []):
            if theme.code != letter:
                continue
            twins = {
                objective.code: objective
                for objective in objectives.get(card.pk, [])
                if objective.theme_id == theme.pk
            }
            return theme, {
                objective.pk: twins[objective.code]
                for objective in own
                if objective.code in twins
                and _is_one(objective, twins[objective.code], answered)
            }
    return None, {}


def _is_one(own: Objective, other: Objective, answered) -> bool:
    """Say whether two objectives of one code are one: named alike, or said to be."""
    if comparable(own.name) == comparable(other.name):
        return True
    return answered.get((own.pk, other.pk), False)


def _named(card, levels, themes, objectives):
    """Return the theme or the objective above that the card's map names."""
    wanted = comparable(card.parent_text)
    earlier = [c for c in levels if c.year <= card.year]
    later = [c for c in levels if c.year > card.year]
    for level in [*reversed(earlier), *later]:
        for theme in themes.get(level.pk, []):
            if wanted in (
                comparable(theme.name),
                comparable(f"{theme.code}{theme.name}"),
            ):
                return theme, None
        for objective in objectives.get(level.pk, []):
            if wanted in (
                comparable(objective.name),
                comparable(f"{objective.code}{objective.name}"),
            ):
                return None, objective
    return None, None


def _set(row, **values) -> bool:
    """Set relations and say whether one differs from before."""
    differs = False
    for name, value in values.items():
        if getattr(row, f"{name}_id") != (value.pk if value else None):
            setattr(row, name, value)
            differs = True
    return differs
