"""The first page: the city's map, every unit's cards, and what a role asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bsc.models import Membership, Scorecard, Unit, User
from bsc.models.strategy import MAIN_PLAN
from bsc.permissions import Action, units_where
from kpi.models import Kpi
from kpi.scoring import Light
from reports.dashboards.cells import year_text
from reports.dashboards.frame import with_tabs
from reports.dashboards.lights import LightView, light_view, reached_text
from reports.dashboards.official import OfficialResult, results_of
from sheets.models import ImportBatch

Role = Membership.Role
NEEDING_ATTENTION = frozenset({Light.POOR.value, Light.FAIR.value})
IMPORTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class YearLink:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the tree, or a plan of its own beside the main one, with its years."""

    name: str
    depth: int
    years: tuple[YearLink, ...]


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI of the person's units; `light` is None where nothing is known of it."""

    code: str
    name: str
    url: str
    unit: str
    year: str
    light: LightView | None
    kind: str
    reached: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    name: str
    url: str
    state: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class HomeBoard:
    """What one person wants first; a part is None where their role has none."""

    is_simulated: bool
    city: str
    vision: str
    maps: tuple[YearLink, ...]
    units: tuple[UnitRow, ...]
    may_import: bool
    imports: tuple[ImportRow, ...] | None
    attention: tuple[KpiRow, ...] | None
    own: tuple[KpiRow, ...] | None
    practice: tuple[YearLink, ...]


def home_board(user: User) -> HomeBoard:
    """Return the first page of `user`; the number of queries depends on their roles.

    Who has roles in simulated units alone finds those; everybody else finds the real
    ones, and a way to the simulated cities to try things out.
    """
    roles = user.roles
    is_simulated = user.is_simulated
    every = Scorecard.objects.visible_to(user)
    visible = every.filter(unit__is_simulated=is_simulated)
    cards = list(with_tabs(visible).order_by("unit__path", "plan", "year"))
    city = next((card.unit for card in cards if card.unit.kind == Unit.Kind.CITY), None)
    of_city = [card for card in cards if city and card.unit_id == city.pk]
    return HomeBoard(
        is_simulated=is_simulated,
        city=city.name if city else "",
        vision=of_city[-1].vision if of_city else "",
        maps=tuple(_year_link(card) for card in reversed(of_city)),
        units=_unit_rows(cards),
        may_import=Role.PLANNER in roles,
        imports=_imports(user) if Role.PLANNER in roles else None,
        attention=_attention(user, cards) if Role.MANAGER in roles else None,
        own=_own(user, cards) if Role.STAFF in roles else None,
        practice=() if is_simulated else _practice(every),
    )


def _practice(visible: QuerySet[Scorecard]) -> tuple[YearLink, ...]:
    """Return the newest map of each simulated city. One query."""
    cards = visible.filter(unit__is_simulated=True, unit__depth=1, plan=MAIN_PLAN)
    newest = {card.unit: card for card in cards.select_related("unit").order_by("year")}
    ordered = sorted(newest, key=lambda unit: unit.path)
    return tuple(
        YearLink(unit.name, newest[unit].get_absolute_url()) for unit in ordered
    )


def _year_link(card: Scorecard) -> YearLink:
    return YearLink(year_text(card.year), card.get_absolute_url())


def _unit_rows(cards: list[Scorecard]) -> tuple[UnitRow, ...]:
    """Return the units in the order of the tree, the plans of each after its cards."""
    grouped: dict[tuple[str, str], list[Scorecard]] = defaultdict(list)
    for card in cards:
        grouped[card.unit.path, card.plan].append(card)
    rows = []
    for path, plan in sorted(grouped, key=lambda k: (k[0], k[1] != MAIN_PLAN, k[1])):
        found = grouped[path, plan]
        newest = found[-1]
        is_main = plan == MAIN_PLAN
        rows.append(
            UnitRow(
                name=newest.unit.name if is_main else newest.title or plan,
                depth=newest.unit.depth + (not is_main),
                years=tuple(_year_link(card) for card in reversed(found)),
            )
        )
    return tuple(rows)


def _imports(user: User) -> tuple[ImportRow, ...]:
    batches = ImportBatch.objects.visible_to(user)[:IMPORTS_SHOWN]
    return tuple(
        ImportRow(
            name=batch.file_name,
            url=reverse("sheets:import-detail", kwargs={"pk": batch.pk}),
            state=batch.get_status_display(),
            uploaded_at=batch.uploaded_at,
        )
        for batch in batches
    )


def _newest(cards: list[Scorecard], units: set[int]) -> list[Scorecard]:
    """Return the newest card of each of the units and plans."""
    newest = {
        (card.unit_id, card.plan): card for card in cards if card.unit_id in units
    }
    return list(newest.values())


def _results(kpis: Iterable[Kpi]) -> list[OfficialResult]:
    """Return the results of KPIs of several cards, the latest year first.

    Three queries a year.
    """
    of_year: dict[int, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        of_year[kpi.scorecard.year].append(kpi)
    return [
        one
        for year in sorted(of_year, reverse=True)
        for one in results_of(of_year[year], str(year))
    ]


def _attention(user: User, cards: list[Scorecard]) -> tuple[KpiRow, ...]:
    """Return the KPIs that are poor, fair or not reached, the worst first."""
    units = set(units_where(user, Action.REVIEW).values_list("pk", flat=True))
    order = {Light.POOR.value: 0, Light.FAIR.value: 1}
    known = _newest([card for card in cards if card.has_results], units)
    kpis = (
        Kpi.objects.filter(scorecard__in=known)
        .in_plan()
        .select_related("scorecard__unit", "objective")
        .order_by("scorecard", "position", "pk")
    )
    found = [
        one
        for one in _results(kpis)
        if one.light in NEEDING_ATTENTION or one.reached is False
    ]
    found.sort(key=lambda one: order.get(one.light, 2))
    return tuple(_kpi_row(one) for one in found)


def _own(user: User, cards: list[Scorecard]) -> tuple[KpiRow, ...]:
    """Return the KPIs that the person's units are responsible for, in newest cards."""
    units = set(units_where(user, Action.RECORD).values_list("pk", flat=True))
    newest = _newest(cards, {card.unit_id for card in cards})
    kpis = (
        Kpi.objects.filter(scorecard__in=newest)
        .in_plan()
        .filter(Q(owners__unit__in=units) | Q(scorecard__unit__in=units))
        .select_related("scorecard__unit", "objective")
        .order_by("scorecard", "position", "pk")
        .distinct()
    )
    return tuple(_kpi_row(one) for one in _results(kpis))


def _kpi_row(one: OfficialResult) -> KpiRow:
    is_known = one.exists and one.reached is not None
    return KpiRow(
        code=one.kpi.code,
        name=one.kpi.name,
        url=one.kpi.get_absolute_url(),
        unit=str(one.kpi.scorecard.unit),
        year=year_text(one.kpi.scorecard.year),
        light=light_view(one.light) if is_known else None,
        kind="chip" if one.published else "calc",
        reached=reached_text(one.reached) if is_known else _("not yet reported"),
    )
