"""One KPI: its figures, its trend, how its total came about, all its years."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, FilteredRelation, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bsc.models import Scorecard, User
from bsc.numbers import plain
from bsc.periods import Period
from kpi.models import (
    Actual,
    Kpi,
    KpiLineage,
    PublishedResult,
    Result,
    Statement,
    Target,
)
from kpi.wording import DIRECTIONS
from reports.charts import TrendPoint, trend
from reports.dashboards.cells import (
    Cell,
    MoneyCell,
    actual_cell,
    covers_part,
    listed,
    money_cells,
    money_columns,
    nothing_cell,
    target_cell,
    text_cell,
    year_text,
)
from reports.dashboards.contents import plan_rows
from reports.dashboards.frame import Crumb
from reports.dashboards.imports import last_imports
from reports.dashboards.kpi_years import YearRow, year_rows
from reports.dashboards.lights import LightView, light_view, reached_text
from reports.dashboards.official import OfficialResult
from reports.dashboards.results import (
    Difference,
    differences_of,
    exemption_of,
    not_yet,
    own_actual,
)
from reports.dashboards.traces import TraceBoard, trace_board


@dataclass(frozen=True, slots=True)
class PlanView:
    """A row of action plans of the KPI, with its money by year."""

    plans: tuple[tuple[str, str], ...]
    budgets: tuple[MoneyCell, ...]
    owners: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One line of a definition; without a text it says that none is published."""

    name: str
    lines: tuple[str, ...]
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class KpiBoard:
    """All that the page of one KPI shows; figures are texts."""

    kpi: Kpi
    card: Scorecard
    codes: tuple[tuple[str, str, str, bool], ...]
    year: str
    target: Cell
    actual: Cell
    achievement: Cell
    total: Cell
    light: LightView
    kind: str
    reached: str
    exemption: str
    chart: str | None
    chart_label: str
    points: tuple[tuple[str, Cell, Cell], ...]
    point_note: str
    definition: tuple[Definition, ...]
    trace: TraceBoard | None
    differences: tuple[Difference, ...]
    agrees: bool
    years: tuple[YearRow, ...]
    plans: tuple[PlanView, ...]
    plan_years: tuple[str, ...]


def find_kpis(user: User, pk: int) -> list[Kpi]:
    """Return the KPI and those of its series that `user` may see, by year. One query.

    The join brings its owners; `owner_names` lists them. Empty where `pk` is none. The
    KPI itself knows its `neighbours`, those that a step of lineage leads to or from:
    `came_kind` and `came_at` of a later one, `went_kind` and `went_at` of an earlier.
    """
    found: dict[int, Kpi] = {}
    if pk > BigIntegerField.MAX_BIGINT:
        return []
    steps = KpiLineage.objects.order_by()
    for kpi in (
        Kpi.objects.visible_to(user)
        .filter(
            Q(series__in=Kpi.objects.filter(pk=pk).values("series"))
            | Q(pk__in=steps.filter(earlier=pk).values("later"))
            | Q(pk__in=steps.filter(later=pk).values("earlier"))
        )
        .select_related(
            "scorecard__unit",
            "objective__perspective",
            "objective__theme",
            "success_factor",
        )
        .annotate(
            came=FilteredRelation(
                "earlier_steps", condition=Q(earlier_steps__earlier=pk)
            ),
            went=FilteredRelation("later_steps", condition=Q(later_steps__later=pk)),
            came_kind=F("came__kind"),
            came_at=F("came__confirmed_at"),
            went_kind=F("went__kind"),
            went_at=F("went__confirmed_at"),
            owner_name=F("owners__name"),
        )
        .order_by("scorecard__year", "pk", "owners__position")
    ):
        known = found.setdefault(kpi.pk, kpi)
        if known is kpi:
            known.owner_names = []
        if kpi.owner_name and kpi.owner_name not in known.owner_names:
            known.owner_names.append(kpi.owner_name)
    own = found.get(pk)
    if own is None:
        return []
    own.neighbours = [one for one in found.values() if one.came_kind or one.went_kind]
    return [one for one in found.values() if one.series_id == own.series_id]


def kpi_crumbs(kpi: Kpi, *, is_page_below: bool = False) -> tuple[Crumb, ...]:
    """Return the way to a KPI: its unit's card, its objective, its code. No queries."""
    card, objective = kpi.scorecard, kpi.objective
    crumbs = (
        Crumb(
            f"{card.unit} {year_text(card.year)}",
            card.url_of("scorecard"),
        ),
        Crumb(f"{objective.code} {objective.name}", objective.get_absolute_url()),
    )
    if is_page_below:
        return (*crumbs, Crumb(kpi.code, kpi.get_absolute_url()), Crumb(_("Changes")))
    return (*crumbs, Crumb(kpi.code))


def kpi_board(kpi: Kpi, series: list[Kpi]) -> KpiBoard:
    """Return the page of `kpi`, whose `series` is as `find_kpis` gave it. 8 queries."""
    card = kpi.scorecard
    keys = [one.pk for one in series]
    targets: dict[int, dict[int, Target]] = defaultdict(dict)
    for target in Target.objects.filter(kpi__in=keys).order_by("year"):
        targets[target.kpi_id][target.year] = target
    statements: dict[int, dict[int, Statement]] = defaultdict(dict)
    for statement in Statement.objects.filter(
        series=kpi.series_id, scorecard__in=[one.scorecard_id for one in series]
    ).order_by("period"):
        period = Period.parse(statement.period)
        statements[statement.scorecard_id][period.year] = statement
    actuals = {
        actual.period: actual
        for actual in Actual.objects.filter(
            series=kpi.series_id, state=Actual.State.APPROVED
        ).order_by("period")
    }
    results = _results(series, actuals)
    own = results[kpi.pk]
    imports = last_imports([one.scorecard for one in series])
    chart_points = _points(series, targets, actuals)
    target = targets[kpi.pk].get(card.year)
    printed = own.published.texts if own.published else {}
    plans, plan_years = _plans(kpi)
    return KpiBoard(
        kpi=kpi,
        card=card,
        codes=tuple(
            (
                year_text(one.scorecard.year),
                one.code,
                one.get_absolute_url(),
                one.pk == kpi.pk,
            )
            for one in series
        ),
        year=year_text(card.year),
        target=text_cell(printed.get("target")) or target_cell(target),
        actual=text_cell(printed.get("actual")) or own_actual(own),
        achievement=text_cell(own.achievement_text) or nothing_cell(not_yet(own)),
        total=text_cell(own.total_text) or nothing_cell(not_yet(own)),
        light=light_view(own.light),
        kind="chip" if own.published else "calc",
        reached=reached_text(own.reached),
        exemption=exemption_of(own),
        chart=trend(
            [point for point, _target, _actual in chart_points],
            actual_name=_("actual"),
            target_name=_("target"),
            measure=kpi.measure,
        ),
        chart_label=_chart_label(kpi, chart_points),
        points=tuple(
            (point.label, target_shown, actual_shown)
            for point, target_shown, actual_shown in chart_points
        ),
        point_note=_("Hollow points cover a part of the year.")
        if any(point.is_part for point, _target, _actual in chart_points)
        else "",
        definition=_definition(kpi),
        trace=trace_board(own.computed),
        differences=differences_of(own),
        agrees=bool(own.published and own.computed and not own.differences),
        years=year_rows(kpi, series, targets, statements, results, imports),
        plans=plans,
        plan_years=plan_years,
    )


def _results(
    series: list[Kpi], actuals: dict[str, Actual]
) -> dict[int, OfficialResult]:
    """Return each KPI's official result of its card's year. Two queries."""
    keys = [kpi.pk for kpi in series]
    published = {
        (row.kpi_id, row.period): row
        for row in PublishedResult.objects.filter(kpi__in=keys)
    }
    computed = {
        (row.kpi_id, row.period): row
        for row in Result.objects.filter(
            kpi__in=keys, standing=Result.Standing.OFFICIAL
        ).select_related("rules")
    }
    found = {}
    for kpi in series:
        period = str(kpi.scorecard.year)
        found[kpi.pk] = OfficialResult(
            kpi,
            published.get((kpi.pk, period)),
            computed.get((kpi.pk, period)),
            actuals.get(period),
        )
    return found


ChartPoint = tuple[TrendPoint, Cell, Cell]


def _points(
    series: list[Kpi],
    targets: dict[int, dict[int, Target]],
    actuals: dict[str, Actual],
) -> list[ChartPoint]:
    """Return every year from the first figure to the last, those without one too.

    A year's target is that of its own card, else of the latest card that sets one.
    """
    by_year: dict[int, Target] = {}
    for kpi in series:
        for year, target in targets[kpi.pk].items():
            if year == kpi.scorecard.year or year not in by_year:
                by_year[year] = target
    measured = {int(period): row for period, row in actuals.items() if period.isdigit()}
    years = {*by_year, *measured}
    if not years:
        return []
    found = []
    for year in range(min(years), max(years) + 1):
        target, actual = by_year.get(year), measured.get(year)
        found.append(
            (
                TrendPoint(
                    year_text(year),
                    actual.value if actual else None,
                    target.value if target else None,
                    is_part=covers_part(actual),
                ),
                target_cell(target),
                actual_cell(actual, 0) if actual else nothing_cell(_("not published")),
            )
        )
    return found


def _chart_label(kpi: Kpi, points: list[ChartPoint]) -> str:
    """Return what the chart shows, for those who do not see it."""
    said = []
    for point, target, actual in points:
        words = [
            _("%(name)s %(text)s") % {"name": name, "text": cell.plain_text}
            for name, cell in ((_("target"), target), (_("actual"), actual))
            if not cell.nothing
        ]
        if words:
            said.append(f"{point.label} {listed(words)}")
    return _("%(name)s: %(points)s") % {
        "name": kpi.name,
        "points": pgettext("enumeration of counts", "; ").join(said),
    }


def _definition(kpi: Kpi) -> tuple[Definition, ...]:
    nothing = _("not published")

    def line(name: str, *lines: str, empty: str = nothing) -> Definition:
        kept = tuple(text for text in lines if text)
        return Definition(name, kept, "" if kept else empty)

    direction = str(DIRECTIONS[kpi.direction])
    if basis := _direction_bases().get(kpi.direction_basis):
        direction = _("%(direction)s (%(basis)s)") % {
            "direction": direction,
            "basis": basis,
        }
    bounds = ""
    if kpi.minimum is not None or kpi.maximum is not None:
        low = plain(kpi.minimum) if kpi.minimum is not None else ""
        high = plain(kpi.maximum) if kpi.maximum is not None else ""
        bounds = f"{low}–{high}"
    found = [
        line(_("Formula"), *kpi.formula_text.splitlines()),
        line(_("Unit of measure"), kpi.measure),
        line(_("Direction"), direction),
        line(_("Natural bounds"), bounds, empty=_("not set")),
        line(_("Responsible"), listed(kpi.owner_names)),
    ]
    if kpi.notes:
        found.append(line(_("Notes"), *kpi.notes))
    for name, text in (
        (_("Window of time"), kpi.window),
        (_("Cut-off date"), kpi.cut_off),
        (_("Population"), kpi.population),
        (_("Source"), kpi.source),
    ):
        if text:
            found.append(line(name, text))
    if kpi.success_factor:
        found.append(line(_("KSF"), kpi.success_factor.name))
    return tuple(found)


def _direction_bases() -> dict[str, str]:
    return {
        "printed": pgettext("direction", "as printed"),
        "name": _("by its name"),
        "evidence": _("by the printed figures"),
        "achievement": _("by the printed achievement"),
        "inferred": _("by the printed achievement"),
        "confirmed": _("confirmed"),
    }


def _plans(kpi: Kpi) -> tuple[tuple[PlanView, ...], tuple[str, ...]]:
    """Return the KPI's rows of plans, and the headings of their money. 2 queries."""
    rows = plan_rows([kpi.pk])
    columns, headings = money_columns(line for row in rows for line in row.budgets)
    views = tuple(
        PlanView(
            plans=tuple((plan.code, plan.name) for plan in row.plans),
            budgets=money_cells(row.budgets, columns, len(row.plans)),
            owners=listed(row.owners),
        )
        for row in rows
    )
    return views, headings
