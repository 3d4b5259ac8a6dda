"""Take away what a file that is the whole plan does not list."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models

from actions.models import ActionPlan, BudgetLine
from kpi.models import Kpi
from sheets.forms.readings import Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.dependents import Place, held
from sheets.proposals.issues import Issue, listed
from sheets.proposals.slates import Key, Slate
from sheets.proposals.slating import Slates

type Covered = Callable[[str], Callable[[Key], bool]]

# The key of a KPI: its card's and its code.
OF_KPI = 4
# What is named where it is taken away, from the top to the bottom.
NAMED: dict[str, Callable[[Any], str]] = {
    "themes": lambda theme: f"{theme.code} {theme.name}",
    "objectives": lambda objective: f"{objective.code} {objective.name}",
    "ksfs": lambda factor: factor.name,
    "kpis": lambda kpi: f"{kpi.code} {kpi.name}",
    "action_plans": lambda link: link.text,
}


def take_away(slates: Slates, covered: Covered) -> None:
    """Take away what the sheets of a whole plan should show and do not.

    A KPI without figures is removed with all that is below it; one with figures, or
    that something else hangs on, is withdrawn and keeps them. A row of plans goes
    where no money stands in it, an objective, a theme or a factor where nothing is
    below it, a plan with its last row.
    """
    _Taking(slates, covered).take()


def set_aside(slates: Slates) -> None:
    """Speak no more of what is below a withdrawn KPI: no sheet is to show it."""
    withdrawn = {
        key
        for key, kpi in slates.kpis.rows.items()
        if kpi.is_withdrawn and key not in slates.kpis.seen
    }
    if not withdrawn:
        return
    for slate in _below_kpis(slates):
        slate.known -= {
            key for key in slate.known - slate.seen if key[:OF_KPI] in withdrawn
        }


def told_gone(slates: Slates, cards: Iterable[CardSheets]) -> list[Issue]:
    """Return a warning for every card and noun that loses things, with their names.

    What is deleted (`removed`) is told apart from what is `withdrawn`.
    """
    cards = list(cards)
    issues = []
    for slate in slates:
        name = NAMED.get(slate.noun)
        if name is None:
            continue
        for card in cards:
            standing = {
                name(row) for key, row in slate.rows.items() if key[:3] == card.key
            }
            removed = _names(slate.removed.items(), card, name)
            withdrawn = ((key, slate.rows[key]) for key in slate.withdrawn)
            for code, names in (
                # A plan that only stands at another row of the card is not gone.
                ("removed", [one for one in removed if one not in standing]),
                ("withdrawn", _names(withdrawn, card, name)),
            ):
                if not names:
                    continue
                told = {
                    "noun": slate.noun,
                    "count": str(len(names)),
                    "names": listed(names),
                }
                issues.append(Issue(Severity.WARN, card.first_sheet, None, code, told))
    return issues


def _names(
    rows: Iterable[tuple[Key, models.Model]],
    card: CardSheets,
    name: Callable[[Any], str],
) -> list[str]:
    """Return the names of those rows that are of the card, each once."""
    of_card = [(key, row) for key, row in rows if key[:3] == card.key]
    in_order = sorted(of_card, key=lambda pair: str(pair[0]))
    return list(dict.fromkeys(name(row) for _, row in in_order))


def _below_kpis(slates: Slates) -> tuple[Slate, ...]:
    return (
        slates.owners,
        slates.targets,
        slates.rows,
        slates.row_owners,
        slates.links,
        slates.budgets,
        slates.series,
        slates.actuals,
        slates.statements,
        slates.self_ratings,
        slates.published,
    )


class _Taking:
    """Takes rows away from the bottom to the top; what still holds a row keeps it."""

    def __init__(self, slates: Slates, covered: Covered) -> None:
        self.slates = slates
        self.covered = covered
        self.shared: set[Key] = set()
        self.turning = dict(_turning(slates))
        self.steps = {
            slates.themes: _by_end(slates.theme_steps),
            slates.objectives: _by_end(slates.objective_steps),
            slates.kpis: _by_end(slates.kpi_steps),
            slates.links: _by_end(slates.plan_steps),
        }

    def take(self) -> None:
        slates = self.slates
        self._take_kpis()
        set_aside(slates)
        self._take_rows()
        self._take(slates.links, self._left(slates.links, "action_plans"))
        self._take_plans()
        self._take(slates.factors, self._left(slates.factors, "ksfs"))
        objectives = self._left(slates.objectives, "objectives")
        self._take(slates.objectives, objectives, (slates.factors,))
        themes = self._left(slates.themes, "themes")
        self._take(slates.themes, themes, (slates.members,))

    def _left(self, slate: Slate, noun: str) -> list[Key]:
        return slate.left(self.covered(noun))

    def _take_kpis(self) -> None:
        kpis = self.slates.kpis
        left = self._left(kpis, "kpis")
        if not left:
            return
        keys = {kpis.rows[key].pk: key for key in left}
        known = Kpi.objects.filter(pk__in=keys).with_figures()
        having = {keys[pk] for pk in known.values_list("pk", flat=True)}
        having |= self._with_new_figures()
        bare = [key for key in left if key not in having]
        # A series that leads to other years stays for them.
        self.shared = {key for key in bare if self.slates.same_series(key)}
        self._take(kpis, bare, _below_kpis(self.slates))
        for key in left:
            if key in kpis.known:
                kpis.withdraw(key)

    def _with_new_figures(self) -> set[Key]:
        """Return the KPIs to which this very file gives a figure, as results do."""
        slates = self.slates
        figures = (slates.actuals, slates.statements, slates.self_ratings)
        return {
            key[:OF_KPI]
            for slate in (*figures, slates.published)
            for key in slate.created
        }

    def _take_rows(self) -> None:
        slates = self.slates
        with_money = {
            key[:-2]
            for key, line in slates.budgets.rows.items()
            if line.kind == BudgetLine.Kind.AMOUNT
        }
        left = [
            key for key in self._left(slates.rows, "plan_rows") if key not in with_money
        ]
        self._take(slates.rows, left, (slates.row_owners, slates.links, slates.budgets))

    def _take_plans(self) -> None:
        """Remove the plans that no row names any more."""
        slates = self.slates
        named = {plan.pk for plan in slates.plans.rows.values()}
        plans = {link.plan_id for link in slates.links.removed.values()} - named
        if not plans:
            return
        found = {(plan.name,): plan for plan in ActionPlan.objects.filter(pk__in=plans)}
        for key, plan in found.items():
            slates.plans.rows.setdefault(key, plan)
            slates.plans.known.add(key)
        self._take(slates.plans, list(found))

    def _take(
        self, slate: Slate, keys: Iterable[Key], parts: Iterable[Slate] = ()
    ) -> None:
        """Remove rows and what is below them, but for those that something holds."""
        keys = [key for key in keys if key in slate.known]
        if not keys:
            return
        parts = tuple(parts)
        below = _by_owner(parts, set(keys))
        for key in self.shared & below.keys():
            below[key] = [
                (part, one)
                for part, one in below[key]
                if part not in (self.slates.series, self.slates.actuals)
            ]
        going = self._going()
        for key in keys:
            going[slate.model].add(slate.rows[key].pk)
            for part, one in below[key]:
                going[part.model].add(part.rows[one].pk)
        holding = held(going, self.turning)
        for key in keys:
            if (slate.model, slate.rows[key].pk) in holding:
                continue
            for part, one in below[key]:
                self._remove(part, one)
            self._remove(slate, key)

    def _remove(self, slate: Slate, key: Key) -> None:
        """Remove a row, and the steps that lead to or from it in other years."""
        for steps, step in self.steps.get(slate, {}).get(key, ()):
            if step in steps.known:
                steps.remove(step)
        slate.remove(key)

    def _going(self) -> dict[type[models.Model], set[int]]:
        going: dict[type[models.Model], set[int]] = defaultdict(set)
        for slate in self.slates:
            if slate.removed:
                going[slate.model] |= {row.pk for row in slate.removed.values()}
        return going


def _by_owner(
    parts: Iterable[Slate], owners: set[Key]
) -> dict[Key, list[tuple[Slate, Key]]]:
    """Return the rows of `parts` that are below each owner, by its key."""
    found: dict[Key, list[tuple[Slate, Key]]] = defaultdict(list)
    lengths = {len(key) for key in owners}
    for part in parts:
        for key in part.known:
            for length in lengths:
                if key[:length] in owners:
                    found[key[:length]].append((part, key))
    return found


def _by_end(steps: Slate) -> dict[Key, list[tuple[Slate, Key]]]:
    """Return the steps of lineage by the keys of both their ends."""
    found: dict[Key, list[tuple[Slate, Key]]] = defaultdict(list)
    for key in steps.known:
        half = len(key) // 2
        for end in (key[:half], key[half:]):
            found[end].append((steps, key))
    return found


def _turning(slates: Slates) -> Iterator[tuple[Place, dict[str, object]]]:
    """Yield the columns that this proposal changes, by row: they hold nothing now."""
    for slate in slates:
        for key in slate.changed:
            yield (slate.model, slate.rows[key].pk), slate.change_of(key)
