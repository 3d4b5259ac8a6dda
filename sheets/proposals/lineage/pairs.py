"""Which cards are compared, and what each has, as the matching wants it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bsc.matching import Item, Step, objective_steps
from sheets.forms.readings import Figure, KpiReading
from sheets.proposals.cards import CardSheets
from sheets.proposals.letters import Letters
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

PERCENT = ("%", "％")


@dataclass(slots=True)
class Pair:
    """Two cards of one unit and plan, and what became of the KPIs of the earlier.

    `is_near` says that there is no card of a year between them. `card` is the one of
    the two that the file speaks of, the later where it speaks of both.
    """

    earlier: Key
    later: Key
    card: CardSheets
    is_near: bool
    steps: list[Step] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.card.first_sheet


def pairs_of(slates: Slates, cards: Iterable[CardSheets]) -> list[Pair]:
    """Return the pairs of cards that a file gives reason to compare, nearest first."""
    by_key = {card.key: card for card in cards}
    years: dict[tuple, set[int]] = {}
    for unit, year, plan in {*slates.scorecards.rows, *by_key}:
        years.setdefault((unit, plan), set()).add(year)
    found: dict[tuple[Key, Key], Pair] = {}
    for unit, year, plan in sorted(by_key, key=lambda key: (key[1], str(key))):
        line = sorted(years[unit, plan])
        at = line.index(year)
        for other in (number for number in range(len(line)) if number != at):
            ends = (
                (unit, line[min(at, other)], plan),
                (unit, line[max(at, other)], plan),
            )
            card = by_key.get(ends[1]) or by_key[ends[0]]
            found[ends] = Pair(*ends, card, is_near=abs(at - other) == 1)
    return sorted(
        found.values(),
        key=lambda pair: (pair.later[1] - pair.earlier[1], pair.later[1]),
    )


class Contents:
    """What the cards have, by card: read of the file first, else as it stands.

    Every card is looked through once.
    """

    def __init__(self, slates: Slates, cards: Iterable[CardSheets]) -> None:
        self.slates = slates
        self.cards = {card.key: card for card in cards}
        self._objectives = by_card(slates.objectives.rows)
        self._kpis = by_card(slates.kpis.rows)
        self._letters = Letters(slates)
        self._codes = {o.pk: o.code for o in slates.objectives.rows.values()}
        self._percents = _with_percents(slates)
        self._read: dict[Key, list[Item]] = {}

    def objectives(self, card: Key) -> list[Item]:
        """Return the objectives of a card by code, as the file or the database has."""
        found = {}
        for key in self._objectives.get(card, ()):
            row = self.slates.objectives.rows[key]
            section = self._letters.of_objective(row)
            found[row.code] = Item(row.code, row.code, row.name, None, section)
        sheets = self.cards.get(card)
        # The table's name is the one in use, so it comes last.
        for place in (sheets.map, sheets.table) if sheets else ():
            for read in place[1].objectives if place else ():
                item = Item(read.code, read.code, read.name, None, read.perspective)
                found[read.code] = item
        return list(found.values())

    def kpis(self, card: Key) -> list[Item]:
        """Return the KPIs of a card; `place` is the code of their objective."""
        if card not in self._read:
            self._read[card] = list(self._kpis_of(card))
        return self._read[card]

    def _kpis_of(self, card: Key) -> Iterator[Item]:
        found: dict[str, Item] = {}
        for key in self._kpis.get(card, ()):
            row = self.slates.kpis.rows[key]
            if not row.is_withdrawn:
                measure = row.measure or ("%" if key in self._percents else "")
                place = self._codes.get(row.objective_id)
                found[row.code] = Item(key, row.code, row.name, place, "", measure)
        sheets = self.cards.get(card)
        for read in sheets.table[1].kpis if sheets and sheets.table else ():
            known = found.get(read.code)
            measure = read.measure or (known.measure if known else "")
            if not measure and _prints_percent(read):
                measure = "%"
            name = read.name or (known.name if known else "")
            key = (*card, read.code)
            found[read.code] = Item(
                key, read.code, name, read.objective, read.perspective, measure
            )
        for result in sheets.results[1].results if sheets and sheets.results else ():
            known = found.get(result.code)
            figures = (result.target, result.actual)
            if known and not known.measure and any(map(_has_percent, figures)):
                found[result.code] = replace(known, measure="%")
        yield from found.values()

    def pair(self, pair: Pair) -> tuple[list[Item], list[Item]]:
        """Return the KPIs of both cards; the earlier ones stand where the later say."""
        steps = objective_steps(
            self.objectives(pair.earlier), self.objectives(pair.later)
        )
        successors = {step.earlier: step.later for step in steps}
        return [
            replace(item, place=successors.get(item.place))
            for item in self.kpis(pair.earlier)
        ], self.kpis(pair.later)


def by_card(keys: Iterable[Key]) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = {}
    for key in keys:
        found.setdefault(key[:3], []).append(key)
    return found


def _with_percents(slates: Slates) -> set[Key]:
    """Return the keys of the KPIs whose printed figures bear a percent sign."""
    found = set(slates.percents)
    for slate, name in ((slates.targets, "printed"), (slates.statements, "text")):
        for key, row in slate.rows.items():
            if any(sign in getattr(row, name) for sign in PERCENT):
                found.add(key[:-1])
    return found


def _prints_percent(read: KpiReading) -> bool:
    return any(map(_has_percent, (*read.targets.values(), *read.actuals.values())))


def _has_percent(figure: Figure | None) -> bool:
    return figure is not None and any(sign in figure.text for sign in PERCENT)
