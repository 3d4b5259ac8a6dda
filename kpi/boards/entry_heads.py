"""The frame of the pages of entry: section, year, tabs; and where a person begins."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from bsc.models import Unit, User
from bsc.periods import Period
from bsc.permissions import TABLE, Action, units_where
from kpi.models import KpiOwner, Round


@dataclass(frozen=True, slots=True)
class Place:
    """A link to another section or year of the same page."""

    text: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from the city down to this page."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class EntryHead:
    """The second row of the frame on the pages of entry."""

    code: str
    title: str
    above: str
    year: str
    previous: Place | None
    next: Place | None
    sections: tuple[Place, ...]
    tabs: tuple[Place, ...]
    crumbs: tuple[Crumb, ...]
    is_simulated: bool = False


def day_text(day: date) -> str:
    """Return a day as the reader's language writes it: 112.2.10, or 2023-02-10."""
    if (get_language() or "zh").startswith("zh"):
        return f"{Period(day.year).roc}.{day.month}.{day.day}"
    return day.isoformat()


def period_text(period: Period) -> str:
    return period.label(get_language() or "zh-hant")


def unit_with_above(code: str) -> tuple[Unit, list[Unit]]:
    """Return a unit and those above it, from the top. One query.

    Raises Http404 where there is no such unit.
    """
    own = Unit.objects.filter(code=code, path__startswith=OuterRef("path"))
    units = list(Unit.objects.filter(Exists(own)).order_by("path"))
    if not units:
        raise Http404
    return units[-1], units[:-1]


def entry_head(
    unit: Unit, above: list[Unit], period: Period, user: User, tab: str
) -> EntryHead:
    """Return the head of a page of entry; one query."""
    own = units_where(user, Action.SEE_DRAFT)
    wanted = Q(unit__in=own.values("pk")) | Q(unit__path__startswith=unit.path)
    places = (
        KpiOwner.objects.filter(wanted, kpi__is_withdrawn=False)
        .exclude(kpi__scorecard__status="draft")
        .order_by("unit__path", "kpi__scorecard__year")
        .values_list("unit__code", "unit__name", "unit__path", "kpi__scorecard__year")
        .distinct()
    )
    names: dict[str, str] = {}
    years: dict[str, set[int]] = defaultdict(set)
    below = set()
    for code, name, path, year in places:
        names[code] = name
        years[code].add(year)
        if path.startswith(unit.path):
            below.add(year)
    before = [year for year in sorted(below) if year < period.year]
    after = [year for year in sorted(below) if year > period.year]
    return EntryHead(
        code=unit.code,
        title=unit.name,
        above=above[-1].name if above else "",
        year=period.title(get_language() or "zh-hant"),
        previous=_year_place(unit, before[-1], tab) if before else None,
        next=_year_place(unit, after[0], tab) if after else None,
        sections=tuple(
            Place(
                names[code],
                address(tab, code, _nearest(years[code], period.year)),
                code == unit.code,
            )
            for code in names
        ),
        tabs=tuple(
            Place(text, address(name, unit.code, period.year), name == tab)
            for name, text in _tab_names()
        ),
        crumbs=(*(Crumb(one.name) for one in above), Crumb(unit.name)),
        is_simulated=unit.is_simulated,
    )


def _tab_names() -> tuple[tuple[str, str], ...]:
    return (
        ("entry", pgettext("tab", "Report")),
        ("entry-sent", pgettext("tab", "Sent")),
        ("entry-years", pgettext("tab", "All years")),
    )


def _nearest(years: set[int], year: int) -> int:
    earlier = [one for one in years if one <= year]
    return max(earlier) if earlier else min(years)


def _year_place(unit: Unit, year: int, tab: str) -> Place:
    return Place(period_text(Period(year)), address(tab, unit.code, year))


def address(name: str, code: str, year: int) -> str:
    """Return where a page of entry stands."""
    return reverse(f"kpi:{name}", kwargs={"code": code, "year": year})


def first_place(user: User, today: date) -> tuple[str, int] | None:
    """Return the unit and year that a person comes to work in; None without one.

    The unit for which they enter figures; of its years the one whose round is open,
    else the latest whose card is in force. Two queries a unit.
    """
    roles = TABLE[Action.RECORD] or set()
    units = [one.unit for one in user.held if one.role in roles]
    for unit in sorted(units, key=lambda unit: unit.path):
        below = Unit.objects.at_or_below([unit])
        cards = dict(
            KpiOwner.objects.filter(unit__in=below, kpi__is_withdrawn=False)
            .filter(kpi__scorecard__status="in-force")
            .order_by()
            .values_list("kpi__scorecard", "kpi__scorecard__year")
            .distinct()
        )
        if not cards:
            continue
        waiting = {
            year
            for card, period, year in Round.objects.filter(
                scorecards__in=cards, opens_on__lte=today, closes_on__gte=today
            ).values_list("scorecards", "period", "scorecards__year")
            if card in cards and period == str(year)
        }
        return unit.code, max(waiting or cards.values())
    return None
