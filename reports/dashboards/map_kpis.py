"""The KPIs behind a map's objectives: those of the card, and those of its groups.

An objective of the city *is* a group's where the group's says so (`same_as`); its
KPIs hang on the group's card, count there, and show here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import (
    F,
    FilteredRelation,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _

from bsc.models import Objective, Scorecard
from bsc.numbers import plain, points, signed
from kpi.models import Kpi, PublishedResult, RatingRules, Result, Statement
from kpi.scoring import Absence, Light, counts, roll_up
from kpi.services import rules_of
from kpi.wording import ABSENCES, STANDINGS, SYMBOLS, light_text
from reports.dashboards.cells import year_text
from reports.dashboards.lights import (
    LampView,
    LightCount,
    LightView,
    lamp_view,
    light_view,
)
from reports.dashboards.official import OfficialResult

_BEST_FIRST = {light: place for place, light in enumerate(Light)}


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI under its objective; `suffix` is what its code adds to the objective's.

    `target` and `actual` are as printed, `actual_of` the year of an actual that is
    not the card's own; `nothing` says in words why there is none.
    """

    suffix: str
    code: str
    name: str
    url: str
    is_unmet: bool
    target: str
    actual: str
    actual_of: str
    nothing: str
    measure: str


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """An objective on the map; `light` is rolled up, None where no KPI has one."""

    pk: int
    code: str
    name: str
    url: str
    theme: str
    perspective: str
    factors: tuple[str, ...]
    mark: str
    note: int
    light: LightView | None
    hidden: str
    title: str
    kpis: tuple[KpiLine, ...]
    lamps: tuple[LampView, ...]
    reached: str
    leads_to: str
    is_mirrored: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How several objectives' KPIs stand together."""

    kpis: int
    lamps: tuple[LampView, ...]
    lights: tuple[LightCount, ...]
    has_lights: bool
    has_results: bool
    has_figures: bool


@dataclass(frozen=True)
class MapContent:
    """A card's objectives in order, with factors and KPIs by objective.

    The KPIs are those of the card and those of the cards it mirrors.
    """

    card: Scorecard
    objectives: list[Objective]
    factors: Mapping[int, list[str]]
    by_objective: Mapping[int, list[OfficialResult]]
    statements: Mapping[int, list[Statement]]
    rules: RatingRules | None

    def of(self, objective: int) -> list[OfficialResult]:
        return self.by_objective.get(objective, [])

    @cached_property
    def has_lights(self) -> bool:
        return any(
            one.light != Light.UNKNOWN
            for hung in self.by_objective.values()
            for one in hung
        )

    @cached_property
    def has_own_kpis(self) -> bool:
        """False where all KPIs hang on other cards, as on the city's map."""
        return any(
            one.kpi.scorecard_id == self.card.pk
            for hung in self.by_objective.values()
            for one in hung
        )

    def tally(self, objectives: Iterable[int]) -> Tally:
        """Return how the KPIs of `objectives` stand, lamps from the best light on."""
        found = [one for pk in objectives for one in self.of(pk)]
        table = counts(found)
        ordered = sorted(found, key=lambda one: _BEST_FIRST[Light(one.light)])
        return Tally(
            kpis=len(found),
            lamps=tuple(lamp_of(one) for one in ordered),
            lights=tuple(
                LightCount(light_view(light), count)
                for light, count in table.lights.items()
                if count
            ),
            has_lights=len(found) > table.lights[Light.UNKNOWN],
            has_results=any(one.reached is not None for one in found),
            has_figures=any(
                one.kpi.target_printed or self.statements.get(one.kpi.series_id)
                for one in found
            ),
        )

    def card_url_of_theme(self, theme: int) -> str:
        """Return the address of the card that fills a theme, if one is there."""
        for hung in self.by_objective.values():
            for one in hung:
                if one.kpi.scorecard.fills_theme_id == theme:
                    return one.kpi.scorecard.get_absolute_url()
        return ""


def map_content(card: Scorecard) -> MapContent:
    """Return the objectives of `card` and all KPIs that count for them. 6 queries."""
    period = str(card.year)
    kpis = list(_kpis(card))
    cards = {kpi.scorecard_id for kpi in kpis} | {card.pk}
    published = {
        row.kpi_id: row
        for row in PublishedResult.objects.filter(
            kpi__scorecard__in=cards, period=period
        )
    }
    computed = {
        row.kpi_id: row
        for row in Result.objects.filter(
            kpi__scorecard__in=cards, period=period, standing=Result.Standing.OFFICIAL
        ).select_related("rules")
    }
    rules = next((row.rules for row in computed.values() if row.rules), None)
    if rules is not None:
        prefetch_related_objects([rules], "bands")
    statements: dict[int, list[Statement]] = {}
    for statement in Statement.objects.filter(
        scorecard__in=cards, period__lte=period
    ).order_by("period"):
        statements.setdefault(statement.series_id, []).append(statement)
    by_objective: dict[int, list[OfficialResult]] = {}
    for kpi in kpis:
        is_own = kpi.scorecard_id == card.pk
        key = kpi.objective_id if is_own else kpi.objective.same_as_id
        result = OfficialResult(kpi, published.get(kpi.pk), computed.get(kpi.pk), None)
        by_objective.setdefault(key, []).append(result)
    objectives, factors = _objectives(card)
    return MapContent(card, objectives, factors, by_objective, statements, rules)


def _kpis(card: Scorecard) -> QuerySet[Kpi]:
    """Return the KPIs of `card` and of the cards its objectives mirror.

    Each has the target and the explanation of the card's year; one query.
    """
    in_year = Q(targets__year=card.year)
    in_period = Q(series__actuals__period=str(card.year))
    return (
        Kpi.objects.filter(Q(scorecard=card) | Q(objective__same_as__scorecard=card))
        .in_plan()
        .select_related("objective", "scorecard__unit")
        .annotate(
            target_of_year=FilteredRelation("targets", condition=in_year),
            target_printed=F("target_of_year__printed"),
            target_value=F("target_of_year__value"),
            target_comparator=F("target_of_year__comparator"),
            target_text=F("target_of_year__text"),
            actual_of_year=FilteredRelation("series__actuals", condition=in_period),
            actual_value=F("actual_of_year__value"),
            explanation=F("actual_of_year__explanation"),
        )
        .order_by("scorecard", "position", "pk")
    )


def _objectives(card: Scorecard) -> tuple[list[Objective], Mapping[int, list[str]]]:
    """Return the objectives and each one's factors, in order.

    One query: the join brings a row for each factor.
    """
    found: dict[int, Objective] = {}
    factors: dict[int, list[str]] = {}
    for objective in (
        Objective.objects.filter(scorecard=card)
        .select_related("perspective", "theme")
        .annotate(factor=F("success_factors__name"))
        .order_by("position", "pk", "success_factors__position")
    ):
        found.setdefault(objective.pk, objective)
        of_objective = factors.setdefault(objective.pk, [])
        if objective.factor:
            of_objective.append(objective.factor)
    return list(found.values()), factors


def lamp_of(one: OfficialResult) -> LampView:
    """Return the lamp of one KPI."""
    return lamp_view(
        code=one.kpi.code,
        name=one.kpi.result_name or one.kpi.name,
        light=one.light,
        is_reached=one.reached,
        url=one.kpi.get_absolute_url(),
    )


def objective_view(
    objective: Objective,
    hung: MapContent,
    *,
    note: int,
    leads_to: str,
    is_current: bool,
) -> ObjectiveView:
    """Return an objective as the map shows it."""
    found = hung.of(objective.pk)
    own = [one for one in found if one.kpi.scorecard_id == hung.card.pk]
    light, hidden, title = rolled_up(found, hung.rules)
    reached = [one for one in found if one.reached is not None]
    perspective = objective.perspective
    return ObjectiveView(
        pk=objective.pk,
        code=objective.code,
        name=objective.name,
        url=f"{hung.card.get_absolute_url()}?objective={objective.pk}",
        theme=str(objective.theme) if objective.theme else "",
        perspective=perspective.name if perspective else "",
        factors=tuple(hung.factors.get(objective.pk, ())),
        mark=objective.mark,
        note=note,
        light=light,
        hidden=hidden,
        title=title,
        kpis=tuple(kpi_line(one, objective, hung) for one in own),
        lamps=tuple(lamp_of(one) for one in found) if hung.has_lights else (),
        reached=_("reached %(reached)s of %(all)s")
        % {"reached": sum(bool(one.reached) for one in found), "all": len(found)}
        if reached
        else "",
        leads_to=leads_to,
        is_mirrored=len(own) < len(found),
        is_current=is_current,
    )


def rolled_up(
    found: list[OfficialResult], rules: RatingRules | None
) -> tuple[LightView | None, str, str]:
    """Return an objective's light, the poor ones it hides, and where it comes from.

    No light where no KPI has one: that is said once on the map, not at each box.

    Source: docs/rules.md, "Roll-up".
    """
    if rules is None or not any(one.light != Light.UNKNOWN for one in found):
        return None, "", ""
    roll = roll_up([(one, one.kpi.weight) for one in found], rules_of(rules))
    if roll is None:
        return None, "", ""
    hidden = ""
    if roll.is_red and roll.light != Light.POOR:
        poor = roll.counts.lights[Light.POOR]
        hidden = f"{poor}{SYMBOLS[Light.POOR]}"
    title = light_text(roll.light)
    if roll.total is not None:
        title = _("Mean of the KPIs' totals %(total)s (%(standing)s)") % {
            "total": points(roll.total, rules.total_decimals),
            "standing": STANDINGS[rules_of(rules).standing],
        }
    if hidden:
        title += _("; among them %(count)s poor") % {
            "count": roll.counts.lights[Light.POOR]
        }
    return light_view(roll.light), hidden, title


def kpi_line(one: OfficialResult, objective: Objective, hung: MapContent) -> KpiLine:
    """Return a KPI under its objective, with its target and its last actual."""
    kpi = one.kpi
    suffix = kpi.code.removeprefix(objective.code)
    printed = hung.statements.get(kpi.series_id, [])
    with_number = [row for row in printed if not row.absence]
    last = with_number[-1] if with_number else printed[-1] if printed else None
    is_own_year = last is not None and last.period == str(hung.card.year)
    nothing = ABSENCES[Absence(last.absence)] if last and last.absence else ""
    return KpiLine(
        suffix=suffix if suffix != kpi.code else kpi.code,
        code=kpi.code,
        name=kpi.result_name or kpi.name,
        url=kpi.get_absolute_url(),
        is_unmet=one.reached is False,
        target=target_of(kpi),
        actual=signed(last.text) if last and not last.absence else "",
        actual_of=year_text(int(last.period[:4])) if last and not is_own_year else "",
        nothing=str(nothing) if nothing else "" if last else _("no earlier actual"),
        measure=kpi.measure,
    )


def target_of(kpi: Kpi) -> str:
    """Return the target annotated by `map_content` as people read it."""
    if kpi.target_printed or kpi.target_text or kpi.target_value is None:
        return kpi.target_printed or kpi.target_text or ""
    return kpi.target_comparator + plain(kpi.target_value)
