"""What is odd in a scorecard as printed: notes that stand at their cells.

Each check needs only what the card prints; nothing is corrected. The words say
what was seen and how it is read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.models import BudgetLine
from bsc.numbers import money, plain
from kpi.formula import open_divisor
from kpi.models import Kpi
from reports.dashboards.cells import listed, year_text
from reports.dashboards.contents import CardContent, KpiContent

# A target so many percentage points away from the last actual asks for its basis.
FAR_POINTS = Decimal(30)
MIDDLE_DOT = "·"

_GROUPED = re.compile(r"\d{1,3}(,\d{3})*(\.\d+)?")

# What a note stands at: a kind of cell, and the key of what the cell shows.
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One note: what was seen, how it is read, and where it stands."""

    words: str
    default: str
    places: tuple[Place, ...]
    is_of_directions: bool = False


@dataclass(frozen=True, slots=True)
class Notes:
    """The numbered notes of a card, and the numbers that stand at each place."""

    doubts: tuple[Doubt, ...]
    marks: dict[Place, tuple[int, ...]]

    def at(self, kind: str, pk: int, year: int = 0) -> tuple[int, ...]:
        return self.marks.get((kind, pk, year), ())


def notes_of(content: CardContent) -> Notes:
    """Return the doubts of a card, numbered from 1. No queries."""
    found = [
        *_targets_below_last_actual(content),
        *_natural_maximum(content),
        *_codes_of_other_kpis(content),
        *_codes_used_twice(content),
        *_subtractions_after_a_slash(content),
        *_kpis_without_plan(content),
        *_broken_separators(content),
        *_middle_dots(content),
        *_targets_far_from_actual(content),
        *_directions_not_printed(content),
    ]
    marks: dict[Place, list[int]] = defaultdict(list)
    for number, doubt in enumerate(found, 1):
        for place in doubt.places:
            marks[place].append(number)
    return Notes(
        tuple(found), {place: tuple(numbers) for place, numbers in marks.items()}
    )


def _codes(contents: Iterable[KpiContent]) -> str:
    return listed([one.kpi.code for one in contents])


def _turn(one: KpiContent) -> tuple[int, Decimal, int, Decimal] | None:
    """Return the last year measured and its value, and the first target after it."""
    measured = [
        (year, statement.value)
        for year, statement in one.statements.items()
        if statement.value is not None
    ]
    if not measured:
        return None
    last, value = max(measured)
    for year, target in sorted(one.targets.items()):
        if year > last and target.value is not None:
            return last, value, year, target.value
    return None


def _targets_below_last_actual(content: CardContent) -> Iterator[Doubt]:
    by_years: dict[tuple[int, int], list[KpiContent]] = defaultdict(list)
    for one in content.all_kpis:
        turn = _turn(one)
        if turn is None or one.kpi.direction == Kpi.Direction.NEGATIVE:
            continue
        last, value, year, target = turn
        if target < value:
            by_years[year, last].append(one)
    for (year, last), kpis in by_years.items():
        yield Doubt(
            _(
                "The target of %(year)s lies below the actual of %(last)s, and no "
                "negative direction is printed (%(codes)s)."
            )
            % {"year": year_text(year), "last": year_text(last), "codes": _codes(kpis)},
            _("A reason is awaited."),
            tuple(("target", one.kpi.pk, year) for one in kpis),
        )


def _natural_maximum(content: CardContent) -> Iterator[Doubt]:
    places = [
        ("target", one.kpi.pk, year)
        for one in content.all_kpis
        if one.kpi.measure == "%"
        for year, target in one.targets.items()
        if target.comparator in {"≥", ">"} and target.value == 100
    ]
    if places:
        yield Doubt(
            _("The measure is %%, so ≥100 is the same as 100, its natural maximum.")
            % {},
            "",
            tuple(places),
        )


def _plan_codes(content: CardContent) -> Iterator[tuple[KpiContent, int, str]]:
    for one in content.all_kpis:
        for row in one.rows:
            for plan in row.plans:
                if plan.code:
                    yield one, plan.pk, plan.code


def _codes_of_other_kpis(content: CardContent) -> Iterator[Doubt]:
    objectives = {objective.code for objective in content.objectives}
    reused = _reused(content)
    others: list[tuple[int, str]] = []
    for one, pk, code in _plan_codes(content):
        if code.startswith(one.kpi.code + ".") or code in reused:
            continue
        if code.split(".")[0].split("-")[0] in objectives:
            others.append((pk, code))
            continue
        yield Doubt(
            _(
                "Plan code %(code)s stands in the row of KPI %(kpi)s; this card has "
                "no %(objective)s."
            )
            % {
                "code": code,
                "kpi": one.kpi.code,
                "objective": code.split(".")[0],
            },
            _("Linked by the row; the code stays as printed."),
            (("plan", pk, 0),),
        )
    if others:
        yield Doubt(
            _("The plan code is not that of the row's KPI (%(codes)s).")
            % {"codes": listed([code for _pk, code in others])},
            _("Linked by the row; the code stays as printed."),
            tuple(("plan", pk, 0) for pk, _code in others),
        )


def _reused(content: CardContent) -> dict[str, list[tuple[KpiContent, int]]]:
    uses: dict[str, list[tuple[KpiContent, int]]] = defaultdict(list)
    for one, pk, code in _plan_codes(content):
        uses[code].append((one, pk))
    return {code: found for code, found in uses.items() if len(found) > 1}


def _codes_used_twice(content: CardContent) -> Iterator[Doubt]:
    for code, uses in _reused(content).items():
        yield Doubt(
            ngettext(
                "%(code)s names %(count)s plan (%(kpis)s).",
                "%(code)s names %(count)s plans (%(kpis)s).",
                len(uses),
            )
            % {
                "code": code,
                "count": len(uses),
                "kpis": _codes(one for one, _pk in uses),
            },
            _("Linked by the row; the code stays as printed."),
            tuple(("plan", pk, 0) for _one, pk in uses),
        )


def _subtractions_after_a_slash(content: CardContent) -> Iterator[Doubt]:
    kpis = [one for one in content.all_kpis if open_divisor(one.kpi.formula_text)]
    if kpis:
        yield Doubt(
            _("The minus after “/” has no brackets, so it can be read in two ways."),
            _(
                "It is asked whether A ÷ (B − C) or (A ÷ B) − C is meant; none is chosen."
            ),
            tuple(("formula", one.kpi.pk, 0) for one in kpis),
        )


def _kpis_without_plan(content: CardContent) -> Iterator[Doubt]:
    if not any(row.plans for row in content.all_rows):
        return
    for one in content.all_kpis:
        if any(row.plans for row in one.rows):
            continue
        printed = {
            line.printed
            for row in one.rows
            for line in row.budgets
            if line.kind == BudgetLine.Kind.NONE
        }
        said = _("%(kpi)s names no action plan.") % {"kpi": one.kpi.code}
        if printed:
            said = _("%(kpi)s names no action plan; its budget says “%(words)s”.") % {
                "kpi": one.kpi.code,
                "words": listed(sorted(printed)),
            }
        yield Doubt(said, "", (("no-plan", one.kpi.pk, 0),))


def _broken_separators(content: CardContent) -> Iterator[Doubt]:
    for row in content.all_rows:
        for line in row.budgets:
            if "," not in line.printed or _GROUPED.fullmatch(line.printed):
                continue
            yield Doubt(
                _("The thousands separator is misplaced."),
                _("Read as %(amount)s; the text stays as printed.")
                % {"amount": money(line.amount or 0)},
                (("budget", line.pk, 0),),
            )


def _middle_dots(content: CardContent) -> Iterator[Doubt]:
    found: list[tuple[str, Place]] = []
    for objective in content.objectives:
        found += [
            (factor.code or objective.code, ("factor", factor.pk, 0))
            for factor in content.factors.get(objective.pk, [])
            if MIDDLE_DOT in factor.name
        ]
        found += [
            (one.kpi.code, ("kpi", one.kpi.pk, 0))
            for one in content.kpis[objective.pk]
            if MIDDLE_DOT in one.kpi.name
        ]
    if found:
        yield Doubt(
            _("“·” may stand for “，” (%(codes)s).")
            % {"codes": listed([code for code, _place in found])},
            _("Kept as printed."),
            tuple(place for _code, place in found),
        )


def _targets_far_from_actual(content: CardContent) -> Iterator[Doubt]:
    for one in content.all_kpis:
        turn = _turn(one)
        if turn is None or one.kpi.measure != "%":
            continue
        last, value, year, target = turn
        if target - value > FAR_POINTS:
            yield Doubt(
                _("%(target)s is %(gap)s away from %(actual)s, the actual of %(last)s.")
                % {
                    "target": plain(target),
                    "gap": plain(target - value),
                    "actual": plain(value),
                    "last": year_text(last),
                },
                _("The basis is awaited."),
                (("target", one.kpi.pk, year),),
            )


def _directions_not_printed(content: CardContent) -> Iterator[Doubt]:
    """Give one note for the whole card: most cards print no direction at all."""
    open_ones = [
        one
        for one in content.all_kpis
        if one.targets and one.kpi.direction == Kpi.Direction.UNCONFIRMED
    ]
    if open_ones:
        yield Doubt(
            ngettext(
                "%(count)s KPI prints no direction.",
                "%(count)s KPIs print no direction.",
                len(open_ones),
            )
            % {"count": len(open_ones)},
            _("Scored as positive until confirmed."),
            (),
            is_of_directions=True,
        )
