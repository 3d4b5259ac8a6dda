"""The objective in focus: its light with the arithmetic, its KPIs, their plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions.models import PlanLink
from bsc.models import Objective
from bsc.numbers import achievement_text, half_up, plain, points, share
from kpi.models import SelfRating
from kpi.scoring import Light, Rating, Rules, Step, counted_part, mean, roll_up
from kpi.services import rules_of
from kpi.wording import STANDINGS, light_text, step_text
from reports.bullets import Bullet, bullet
from reports.dashboards.cells import year_text
from reports.dashboards.lights import LightView, light_view
from reports.dashboards.map_kpis import (
    KpiLine,
    MapContent,
    kpi_line,
    rolled_up,
)
from reports.dashboards.official import OfficialResult

RATINGS = ("innovation", "challenge", "contribution")
LONGEST_FIGURE = 8
SENTENCES = frozenset(
    {
        "actual-by-target",
        "target-by-actual",
        "excess-over-target",
        "shortfall-below-target",
        "counted",
        "zero-target-counted",
        "stated-reached",
        "stated-not-reached",
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures at the head of a KPI; `nothing` says why there is none."""

    label: str
    value: str
    measure: str
    nothing: str

    @property
    def is_long(self) -> bool:
        """True where words stand in place of a number and need a smaller type."""
        return len(self.value) > LONGEST_FIGURE


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a total: its points, its weight, and what they give."""

    label: str
    points: str
    weight: str
    product: str


@dataclass(frozen=True, slots=True)
class FocusKpi:
    """A KPI in the drawer."""

    code: str
    name: str
    url: str
    light: LightView | None
    kind: str
    figures: tuple[Figure, ...]
    bar: Bullet | None
    bar_label: str
    target_label: str
    verdict: str
    sentences: tuple[str, ...]
    shares: tuple[Share, ...]
    sum: str
    exemption: str
    explanation: str
    is_warning: bool
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FocusBoard:
    """The drawer beside the map."""

    pk: int
    code: str
    name: str
    place: str
    url: str
    close_url: str
    light: LightView | None
    hidden: str
    title: str
    factors: tuple[str, ...]
    arithmetic: str
    warning: str
    kpis: tuple[FocusKpi, ...]
    source: str
    source_url: str


def focus_board(
    content: MapContent, pk: int, *, with_plans: bool = True
) -> FocusBoard | None:
    """Return the drawer of an objective of the card, or None where it is not there.

    One query for the plans, unless the page shows them itself; one more where
    self-ratings are not printed.
    """
    objective = next((one for one in content.objectives if one.pk == pk), None)
    if objective is None:
        return None
    found = content.of(pk)
    rules = rules_of(content.rules) if content.rules else None
    light, hidden, title = rolled_up(found, content.rules)
    plans = _plans(found) if with_plans else {}
    ratings = _ratings(found)
    arithmetic, warning = _arithmetic(found, rules)
    elsewhere = [one for one in found if one.kpi.scorecard_id != content.card.pk]
    source = elsewhere[0].kpi if elsewhere else None
    return FocusBoard(
        pk=pk,
        code=objective.code,
        name=objective.name,
        place=_place(objective),
        url=objective.get_absolute_url(),
        close_url=content.card.get_absolute_url(),
        light=light,
        hidden=hidden,
        title=title,
        factors=tuple(content.factors.get(pk, ())),
        arithmetic=arithmetic,
        warning=warning,
        kpis=tuple(
            _kpi(one, objective, content, rules, ratings, plans) for one in found
        ),
        source=str(source.scorecard.unit) if source else "",
        source_url=f"{source.scorecard.get_absolute_url()}?objective={source.objective_id}"
        if source
        else "",
    )


def _place(objective: Objective) -> str:
    if objective.perspective is None:
        return str(objective.theme) if objective.theme else ""
    return _("%(name)s perspective") % {"name": objective.perspective.name}


def _plans(found: list[OfficialResult]) -> Mapping[int, tuple[str, ...]]:
    """Return the names of each KPI's plans, in order and each once."""
    plans: dict[int, dict[str, None]] = {}
    links = (
        PlanLink.objects.filter(row__kpi__in=[one.kpi.pk for one in found])
        .select_related("plan")
        .order_by("row__position", "position")
    )
    for kpi, name in links.values_list("row__kpi", "plan__name"):
        plans.setdefault(kpi, {})[name] = None
    return {kpi: tuple(names) for kpi, names in plans.items()}


def _ratings(found: list[OfficialResult]) -> Mapping[int, Rating]:
    """Return each KPI's rating of the highest review that gave all three parts."""
    unprinted = [
        one.kpi.pk for one in found if one.total is not None and not one.published
    ]
    ratings: dict[int, Rating] = {}
    order = {level: place for place, level in enumerate(SelfRating.Level)}
    if unprinted:
        period = str(found[0].kpi.scorecard.year)
        rows = SelfRating.objects.filter(kpi__in=unprinted, period=period)
        for row in sorted(rows, key=lambda row: order[row.level]):
            parts = Rating.of(row.innovation, row.challenge, row.contribution)
            if parts:
                ratings[row.kpi_id] = parts
    for one in found:
        if one.published:
            parts = Rating.of(
                *(_number(one.published.texts.get(name, "")) for name in RATINGS)
            )
            if parts:
                ratings[one.kpi.pk] = parts
    return ratings


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _arithmetic(found: list[OfficialResult], rules: Rules | None) -> tuple[str, str]:
    """Return how the objective's light came about, and what its mean hides."""
    if rules is None:
        return "", ""
    roll = roll_up([(one, one.kpi.weight) for one in found], rules)
    if roll is None or roll.total is None:
        return "", ""
    totals = [one.total for one in found if one.light != Light.UNKNOWN and one.total]
    weights = {one.kpi.weight for one in found}
    exact = mean(totals)
    if len(totals) > 1 and len(weights) == 1 and exact is not None:
        words = _("(%(sum)s) ÷ %(count)s = %(exact)s → %(total)s") % {
            "sum": " + ".join(points(total, rules.total_decimals) for total in totals),
            "count": len(totals),
            "exact": plain(half_up(exact, 3)),
            "total": points(roll.total, rules.total_decimals),
        }
    elif len(totals) > 1:
        words = _("Weighted mean of the totals %(total)s") % {
            "total": points(roll.total, rules.total_decimals)
        }
    else:
        words = _("Total of its one rated KPI %(total)s") % {
            "total": points(roll.total, rules.total_decimals)
        }
    lower = next((b.lower for b in rules.bands if b.light == roll.light), None)
    standing = STANDINGS[rules.standing]
    if lower is None:
        band = _("%(light)s (lowest band, %(standing)s)")
    else:
        band = _("%(light)s (%(standing)s, from %(lower)s)")
    words += _(", ") + band % {
        "light": light_text(roll.light),
        "standing": standing,
        "lower": plain(lower) if lower is not None else "",
    }
    warning = ""
    if roll.is_red and roll.light != Light.POOR:
        poor = roll.counts.lights[Light.POOR]
        warning = ngettext(
            "The mean is %(light)s, yet %(count)s of its KPIs is poor.",
            "The mean is %(light)s, yet %(count)s of its KPIs are poor.",
            poor,
        ) % {"light": light_view(roll.light).word, "count": poor}
    return words, warning


def _kpi(
    one: OfficialResult,
    objective: Objective,
    content: MapContent,
    rules: Rules | None,
    ratings: Mapping[int, Rating],
    plans: Mapping[int, tuple[str, ...]],
) -> FocusKpi:
    kpi = one.kpi
    line = kpi_line(one, objective, content)
    target, actual = kpi.target_value, kpi.actual_value
    steps = [Step(*step) for step in one.computed.trace] if one.computed else []
    shares, total = _shares(one, rules, ratings.get(kpi.pk))
    bar = None
    if target is not None and actual is not None:
        bar = bullet(Decimal(actual), Decimal(target))
    is_known = one.exists and one.reached is not None
    exemption = one.published.exemption_text if one.published else ""
    return FocusKpi(
        code=kpi.code,
        name=kpi.result_name or kpi.name,
        url=kpi.get_absolute_url(),
        light=light_view(one.light) if content.has_lights else None,
        kind="chip" if one.published else "calc",
        figures=_figures(one, line, content, is_known=is_known),
        bar=bar,
        bar_label=_("Target %(target)s, actual %(actual)s")
        % {"target": line.target, "actual": line.actual},
        target_label=_("target %(target)s") % {"target": line.target},
        verdict=_verdict(one.reached),
        sentences=tuple(step_text(step) for step in steps if step.code in SENTENCES)
        if is_known
        else (),
        shares=shares,
        sum=total,
        exemption=exemption or (kpi.exemption_reason if kpi.is_exempt else ""),
        explanation=kpi.explanation or "",
        is_warning=one.reached is False,
        plans=plans.get(kpi.pk, ()),
    )


def _verdict(is_reached: bool | None) -> str:
    if is_reached is None:
        return ""
    return _("Reached.") if is_reached else _("Not reached.")


def _figures(
    one: OfficialResult, line: KpiLine, content: MapContent, *, is_known: bool
) -> tuple[Figure, ...]:
    year = year_text(content.card.year)
    of_actual = line.actual_of or year
    unit = line.measure
    figures = [
        Figure(
            _("Target %(year)s") % {"year": year},
            line.target,
            unit if _number(line.target) is not None else "",
            "" if line.target else _("not published"),
        ),
        Figure(
            _("Actual %(year)s") % {"year": of_actual},
            line.actual,
            unit if _number(line.actual.replace("−", "-")) is not None else "",
            "" if line.actual else line.nothing or _("not yet reported"),
        ),
    ]
    if is_known:
        none = _("none")
        figures += [
            Figure(
                _("Achievement"),
                one.achievement_text.replace("-", "−"),
                "",
                "" if one.achievement_text else none,
            ),
            Figure(
                _("KPI total"),
                one.total_text,
                "",
                "" if one.total_text else _("not rated"),
            ),
        ]
    return tuple(figures)


def _shares(
    one: OfficialResult, rules: Rules | None, rating: Rating | None
) -> tuple[tuple[Share, ...], str]:
    """Return the parts of a total and their sum, or nothing where there is none."""
    computed = one.computed
    if (
        rules is None
        or rules.weights is None
        or rating is None
        or computed is None
        or computed.total is None
        or computed.achievement is None
    ):
        return (), ""
    weights = rules.weights
    counted = counted_part(computed.achievement, rules)
    parts = [
        (pgettext("part of a total", "Achievement"), counted, weights.achievement),
        (_("Innovation"), rating.innovation, weights.innovation),
        (_("Challenge"), rating.challenge, weights.challenge),
        (_("Contribution"), rating.contribution, weights.contribution),
    ]
    raw = sum((value * weight for _label, value, weight in parts), Decimal(0))
    shares = tuple(
        Share(
            label, achievement_text(value, 2), share(weight), plain(value * weight, 2)
        )
        for label, value, weight in parts
    )
    total = points(computed.total, rules.total_decimals)
    return shares, f"{plain(raw, 2)} → {total}"
