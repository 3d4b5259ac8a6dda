"""What became of themes, objectives, KPIs and plans, put on the slates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bsc.matching import Item, Kind, Step, kind_of, objective_steps, plan_steps
from bsc.models import Objective
from sheets.proposals.issues import Issue
from sheets.proposals.letters import Letters
from sheets.proposals.lineage.notes import Compared, notes_of
from sheets.proposals.lineage.pairs import Pair, by_card
from sheets.proposals.slates import Key, Slate
from sheets.proposals.slating import Slates

# Steps after which a thing bears the name it had.
NAMESAKES = (Kind.SAME, Kind.RENUMBERED, Kind.MOVED)


def put_lineage(slates: Slates, pairs: Iterable[Pair], issues: list[Issue]) -> None:
    """Put what became of everything in the pairs of cards, and note what changed.

    A step that is no longer found goes, unless a person has confirmed it. No query.
    """
    pairs = list(pairs)
    if not pairs:
        return
    contents = _Contents(slates)
    lines = (
        _Line("themes", slates.theme_steps, slates.themes),
        _Line("objectives", slates.objective_steps, slates.objectives),
        _Line("kpis", slates.kpi_steps, slates.kpis),
        _Line("action_plans", slates.plan_steps, slates.links),
    )
    for pair in pairs:
        compared = contents.compared(pair)
        for line in lines:
            line.put(pair, compared[line.noun].steps)
        if pair.is_near:
            issues += notes_of(slates, pair, compared)
    for line in lines:
        line.drop_spanning(pairs)
    _name_after_the_latest(slates)


def _name_after_the_latest(slates: Slates) -> None:
    """Call series that lead to other years now what the latest card calls the KPI."""
    latest: dict[Key, Key] = {}
    for kpi, series in slates.series_keys.items():
        if series not in slates.renamed_series or kpi not in slates.kpis.rows:
            continue
        if series not in latest or kpi[1] > latest[series][1]:
            latest[series] = kpi
    for series, kpi in latest.items():
        if series in slates.series.rows:
            slates.series.change(series, name=slates.kpis.rows[kpi].name)


@dataclass(slots=True)
class _Line:
    """The steps between things of one sort: those that stand, and those found."""

    noun: str
    steps: Slate
    things: Slate
    compared: set[tuple[Key, Key]] = field(default_factory=set)
    found: set[Key] = field(default_factory=set)

    def put(self, pair: Pair, steps: Iterable[Step]) -> None:
        self.compared.add((pair.earlier, pair.later))
        for step in steps:
            key = (*step.earlier, *step.later)
            self.found.add(key)
            known = self.steps.get(key)
            if known is not None and known.confirmed_at:
                # What a person has confirmed is what was matched by.
                self.steps.seen.add(key)
                if known.kind == Kind.REPLACED or step.kind is not Kind.REPLACED:
                    continue
            self.steps.put(
                key,
                earlier=self.things.rows[step.earlier],
                later=self.things.rows[step.later],
                kind=step.kind.value,
            )

    def drop_spanning(self, pairs: Iterable[Pair]) -> None:
        """Take away what is no longer found between two cards, or across a third.

        A KPI of the same name in two years goes on across a card that lacks it.
        """
        ends = {end for key in self.found for end in _ends(key)}
        cards = {pair.card.key for pair in pairs}
        for key in [*self.steps.known]:
            one, other = _ends(key)
            row = self.steps.rows[key]
            if row.confirmed_at or key in self.found:
                continue
            is_over = any(
                card[0] == one[0] and card[2] == one[2] and one[1] < card[1] < other[1]
                for card in cards
            )
            is_taken = self.noun != "kpis" or row.kind not in NAMESAKES
            if (one[:3], other[:3]) in self.compared or (
                is_over and (is_taken or one in ends or other in ends)
            ):
                self.steps.remove(key)


def _ends(key: Key) -> tuple[Key, Key]:
    """Return the keys of both ends of a step."""
    return key[: len(key) // 2], key[len(key) // 2 :]


class _Contents:
    """What every card has once the file is put on the slates; each is listed once."""

    def __init__(self, slates: Slates) -> None:
        self.slates = slates
        self._letters = Letters(slates)
        self._themes = {row.pk: row.code for row in slates.themes.rows.values()}
        self._objective_keys = {
            row.pk or id(row): key for key, row in slates.objectives.rows.items()
        }
        self._keys = {
            noun: by_card(slate.rows)
            for noun, slate in (
                ("themes", slates.themes),
                ("objectives", slates.objectives),
                ("kpis", slates.kpis),
                ("action_plans", slates.links),
            )
        }
        self._sections: dict[Key, str] = {}
        self._listed: dict[tuple[str, Key], list[Item]] = {}

    def compared(self, pair: Pair) -> dict[str, Compared]:
        """Return things and steps of two cards by noun; far cards have only KPIs'."""
        found = {}
        for noun in self._keys:
            items = self._items(noun, pair.earlier), self._items(noun, pair.later)
            found[noun] = Compared(*items, [])
        for noun in ("themes", "objectives"):
            one = found[noun]
            one.steps = objective_steps(one.earlier, one.later)
        kpis, plans = found["kpis"], found["action_plans"]
        kpis.earlier = _led(kpis.earlier, found["objectives"].steps)
        kpis.steps = list(self._kpi_steps(pair, kpis))
        plans.earlier = _led(plans.earlier, kpis.steps)
        plans.steps = plan_steps(plans.earlier, plans.later)
        if not pair.is_near:
            for noun in ("themes", "objectives", "action_plans"):
                found[noun].steps = []
        return found

    def _kpi_steps(self, pair: Pair, kpis: Compared) -> Iterator[Step]:
        """Yield the steps that were joined by, as far as both ends still stand."""
        items = {item.key: item for item in (*kpis.earlier, *kpis.later)}
        for step in pair.steps:
            one, other = items.get(step.earlier), items.get(step.later)
            if one is None or other is None:
                continue
            if step.kind in NAMESAKES:
                step = replace(step, kind=kind_of(one, other)[0])
            yield step

    def _items(self, noun: str, card: Key) -> list[Item]:
        if (noun, card) not in self._listed:
            keys = self._keys[noun].get(card, ())
            tell = {
                "themes": self._theme,
                "objectives": self._objective,
                "kpis": self._kpi,
                "action_plans": self._plan,
            }[noun]
            told = (tell(key) for key in keys)
            self._listed[noun, card] = [item for item in told if item is not None]
        return self._listed[noun, card]

    def _theme(self, key: Key) -> Item:
        row = self.slates.themes.rows[key]
        return Item(key, row.code, row.name)

    def _objective(self, key: Key) -> Item:
        row = self.slates.objectives.rows[key]
        place = self._theme_of(row)
        return Item(key, row.code, row.name, place, self._section(key))

    def _kpi(self, key: Key) -> Item | None:
        row = self.slates.kpis.rows[key]
        if row.is_withdrawn:
            return None
        objective = self._objective_of(row)
        section = self._section(objective) if objective else ""
        return Item(key, row.code, row.name, objective, section)

    def _plan(self, key: Key) -> Item | None:
        row, kpi = self.slates.links.rows[key], key[:4]
        if kpi not in self.slates.kpis.rows or self._kpi(kpi) is None:
            return None
        return Item(key, row.code, row.plan.name, kpi, self._kpi(kpi).section)

    def _objective_of(self, kpi) -> Key | None:
        if kpi.objective_id is not None:
            return self._objective_keys.get(kpi.objective_id)
        return self._objective_keys.get(id(kpi.objective))

    def _section(self, objective: Key) -> str:
        if objective not in self._sections:
            row = self.slates.objectives.rows[objective]
            self._sections[objective] = self._letters.of_objective(row)
        return self._sections[objective]

    def _theme_of(self, row: Objective) -> str:
        """Return the code of an objective's theme, "" for none.

        One that is not in the database yet is known to the row only.
        """
        if row.theme_id is not None:
            return self._themes.get(row.theme_id, "")
        theme = Objective._meta.get_field("theme").get_cached_value(row, default=None)
        return theme.code if theme is not None else ""


def _led(earlier: Iterable[Item], steps: Iterable[Step]) -> list[Item]:
    """Return earlier things placed where what they hang under has gone."""
    successors = {step.earlier: step.later for step in steps}
    return [replace(item, place=successors.get(item.place)) for item in earlier]
