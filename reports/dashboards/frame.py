"""What the pages of one card share: title, year and unit switch, tabs, crumbs."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bsc.models import Scorecard, Unit, UnitName
from bsc.models.strategy import MAIN_PLAN
from bsc.periods import Period
from kpi.models import Erratum, Kpi, PublishedResult, Result
from kpi.scoring import Light
from reports.dashboards.cells import year_text


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from the city down to this page."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A link to the same unit's card of another year, or to another unit's card."""

    text: str
    url: str
    note: str = ""
    depth: int = 1
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class SealLine:
    """What every page and paper of a closed card says at its foot."""

    digest: str
    url: str
    errata: int


@dataclass(frozen=True, slots=True)
class CardHead:
    """The second row of the frame on every page of a card, and what its foot says."""

    lead: str
    title: str
    year: str
    previous: Step | None
    next: Step | None
    units: tuple[Step, ...]
    tabs: tuple[Step, ...]
    crumbs: tuple[Crumb, ...]
    seal: SealLine | None = None
    is_simulated: bool = False

    @property
    def tab(self) -> str:
        """The name of the page, which paper has no tabs to show."""
        return next((tab.text for tab in self.tabs if tab.is_current), "")


def with_tabs(cards: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """Load a card's unit and what it hangs under; add what its head shows.

    `unit_name` is what the unit was called in the card's year; the flags say which
    tabs have something to show.
    """
    kpis = Kpi.objects.filter(scorecard=OuterRef("pk")).in_plan()
    of_plan = {"kpi__scorecard": OuterRef("pk"), "kpi__is_withdrawn": False}
    published = PublishedResult.objects.filter(**of_plan)
    results = Result.objects.filter(**of_plan, standing=Result.Standing.OFFICIAL)
    is_known = Q(achievement__isnull=False) | Q(is_reached__isnull=False)
    is_lit = ~Q(light=Light.UNKNOWN.value)
    names = UnitName.objects.filter(
        Q(year_from__isnull=True) | Q(year_from__lte=OuterRef("year")),
        Q(year_until__isnull=True) | Q(year_until__gte=OuterRef("year")),
        unit=OuterRef("unit"),
        kind=UnitName.Kind.OFFICIAL,
    ).order_by("name")
    approved = Erratum.objects.filter(
        scorecard=OuterRef("pk"), state=Erratum.State.APPROVED
    )
    errata = approved.order_by().values("scorecard").annotate(number=Count("pk"))
    return cards.annotate(
        seal_digest=F("seal__digest"),
        errata_count=Coalesce(Subquery(errata.values("number")), 0),
        has_kpis=Exists(kpis),
        has_results=Exists(published) | Exists(results.filter(is_known)),
        unit_name=Coalesce(Subquery(names.values("name")[:1]), F("unit__name")),
        has_lights=Exists(published.filter(is_lit)) | Exists(results.filter(is_lit)),
    ).select_related(
        "unit",
        "fills_theme__scorecard",
        "parent_theme__scorecard__unit",
        "parent_objective__scorecard__unit",
    )


def card_head(
    card: Scorecard, visible: QuerySet[Scorecard], *, tab: str, page: str = ""
) -> CardHead:
    """Return the head of one of the card's pages, the card loaded `with_tabs`.

    `visible` are all cards the person may see: the year switch leads to the
    nearest of the unit, the unit switch to each unit's card of this year, else its
    latest earlier, else its earliest later; simulated units lead to each other only. `page` is the last crumb of a page
    below the tab. One query, and one more where a unit above has no card.
    """
    alike = visible.filter(unit__is_simulated=card.unit.is_simulated)
    others = list(alike.select_related("unit").order_by("unit__path", "year", "plan"))
    lead, title = titles(card)
    siblings = [
        other
        for other in others
        if other.unit_id == card.unit_id and other.plan == card.plan
    ]
    before = [other for other in siblings if other.year < card.year]
    after = [other for other in siblings if other.year > card.year]
    return CardHead(
        lead=lead,
        title=title,
        year=Period(card.year).title(get_language() or "zh-hant"),
        previous=_year_step(before[-1], tab) if before else None,
        next=_year_step(after[0], tab) if after else None,
        units=_unit_steps(card, others),
        tabs=_tabs(card, tab),
        crumbs=_crumbs(card, others, page),
        seal=_seal(card),
        is_simulated=card.unit.is_simulated,
    )


def _seal(card: Scorecard) -> SealLine | None:
    if not card.seal_digest:
        return None
    return SealLine(card.seal_digest, card.url_of("seal"), card.errata_count)


def titles(card: Scorecard) -> tuple[str, str]:
    """Return the short mark that stands before a title, and the title.

    A group's name carries its mark: E組 強化社會支持.
    """
    name = card.unit_name
    short = card.unit.short_name
    is_group = card.unit.kind == Unit.Kind.GROUP
    if is_group and short and name.startswith(short) and name != short:
        return short, name.removeprefix(short).strip()
    if card.plan != MAIN_PLAN and card.title:
        return name, card.title
    return "", name


def nearest(cards: list[Scorecard], year: int) -> Scorecard:
    """Return the card of `year`, else the latest earlier, else the earliest later."""
    earlier = [card for card in cards if card.year <= year]
    if earlier:
        return max(earlier, key=lambda card: card.year)
    return min(cards, key=lambda card: card.year)


def cascade(cards: list[Scorecard], year: int) -> list[Scorecard]:
    """Return one card a unit and plan, in the order of the tree, nearest to `year`."""
    grouped: dict[tuple[str, str], list[Scorecard]] = defaultdict(list)
    for card in cards:
        grouped[card.unit.path, card.plan].append(card)
    order = sorted(grouped, key=lambda key: (key[0], key[1] != MAIN_PLAN, key[1]))
    return [nearest(grouped[key], year) for key in order]


def _year_step(card: Scorecard, tab: str) -> Step:
    return Step(year_text(card.year), card.url_of(tab))


def _unit_steps(card: Scorecard, others: list[Scorecard]) -> tuple[Step, ...]:
    steps = []
    for other in cascade(others, card.year):
        is_main = other.plan == MAIN_PLAN
        steps.append(
            Step(
                text=other.unit.name if is_main else other.title or other.plan,
                url=other.get_absolute_url(),
                note=year_text(other.year),
                depth=other.unit.depth + (not is_main),
                is_current=other.pk == card.pk,
            )
        )
    return tuple(steps)


def _tabs(card: Scorecard, current: str) -> tuple[Step, ...]:
    offered = [
        ("map", _("Strategy map"), True),
        ("scorecard", _("Balanced scorecard"), card.has_kpis),
        ("results", _("Results"), card.has_results),
        ("lights", _("Self-rated lights"), card.has_lights),
    ]
    return tuple(
        Step(text, card.url_of(tab), is_current=tab == current)
        for tab, text, exists in offered
        if exists
    )


def _crumbs(card: Scorecard, others: list[Scorecard], page: str) -> tuple[Crumb, ...]:
    """Return the units above, each with its nearest card, then this one."""
    unit = card.unit
    paths = [
        unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)
    ]
    of_path: dict[str, list[Scorecard]] = defaultdict(list)
    for other in others:
        if other.plan == MAIN_PLAN:
            of_path[other.unit.path].append(other)
    names = {path: cards[0].unit.name for path, cards in of_path.items()}
    missing = [path for path in paths if path not in of_path]
    if missing:
        above = Unit.objects.filter(path__in=missing)
        names |= dict(above.values_list("path", "name"))
    crumbs = []
    for path in paths:
        cards = of_path.get(path)
        url = nearest(cards, card.year).get_absolute_url() if cards else ""
        crumbs.append(Crumb(names.get(path, ""), url))
    own = unit.name
    if card.fills_theme:
        own = _("City theme %(code)s") % {"code": card.fills_theme.code}
    crumbs.append(Crumb(own, card.get_absolute_url() if page else ""))
    if page:
        crumbs.append(Crumb(page))
    return tuple(crumbs)
