"""The results of a card as printed, each beside what the rules give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bsc.models import Scorecard
from kpi.models import Kpi, SelfRating, Statement, Target
from kpi.scoring import Light
from reports.dashboards.cells import (
    Cell,
    actual_cell,
    nothing_cell,
    period_text,
    statement_cell,
    target_cell,
    text_cell,
    value_text,
    year_text,
)
from reports.dashboards.lights import LightView, light_view, reached_text
from reports.dashboards.official import OfficialResult, official_results
from reports.dashboards.places import by_place, kpi_count, place_code, place_title
from reports.dashboards.traces import rules_text

REACHED_CODES = ("yes", "no", "no-statistics", "open")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is printed and what was reckoned, where the two differ."""

    name: str
    printed: str
    computed: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A KPI's row; figures are texts, as printed where they are printed.

    `exemption` spans the cells from innovation to light. `state` says in words why
    there is no result; `check` whether the rules give what is printed.
    """

    kpi: Kpi
    name: str
    target: Cell
    actual: Cell
    last: Cell
    last_year: str
    achievement: Cell
    ratings: tuple[tuple[str, Cell], ...]
    total: Cell
    light: LightView
    kind: str
    exemption: str
    is_reached: bool | None
    reached: str
    state: str
    check: str
    differences: tuple[Difference, ...]
    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultBand:
    title: str
    counts: str
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page is narrowed to: a light, a perspective, reached or not."""

    light: str = ""
    perspective: str = ""
    reached: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """Return the choice of an address; a value that is none chooses nothing."""
        light, reached = asked.get("light", ""), asked.get("reached", "")
        return cls(
            light if light in {lamp.value for lamp in Light} else "",
            asked.get("perspective", "")[:20],
            reached if reached in REACHED_CODES else "",
        )

    @property
    def is_set(self) -> bool:
        return bool(self.light or self.perspective or self.reached)


@dataclass(frozen=True, slots=True)
class ResultsBoard:
    """The results page of one card.

    `sentence` says how many there are, or in words that there are none.
    """

    card: Scorecard
    year: str
    bands: tuple[ResultBand, ...]
    sentence: str
    rules: str
    rules_source: str
    agreeing: str
    differing: int
    chosen: str
    has_kpis: bool
    has_results: bool
    has_published: bool
    all_url: str
    lights_url: str

    @property
    def columns(self) -> int:
        """How many columns the table has, for cells that span it."""
        return 10 + self.has_published if self.has_results else 3


def results_board(card: Scorecard, choice: Choice) -> ResultsBoard:
    """Return the results of `card`, narrowed to `choice`. Costs 7 queries."""
    results = official_results(card)
    shown = [result for result in results if _is_chosen(result, choice)]
    targets = {
        target.kpi_id: target
        for target in Target.objects.filter(kpi__scorecard=card, year=card.year)
    }
    ratings = _ratings(card)
    last = _last_statements(card)
    bands = []
    for found in by_place(shown, lambda result: result.kpi.objective):
        rows = tuple(
            _row(result, targets.get(result.kpi.pk), ratings, last) for result in found
        )
        title = place_title(found[0].kpi.objective)
        bands.append(ResultBand(title, kpi_count(len(rows)), rows))
    checked = [row for band in bands for row in band.rows if row.check]
    differing = sum(bool(row.differences) for row in checked)
    rules = next((r.computed.rules for r in results if _has_rules(r)), None)
    return ResultsBoard(
        card=card,
        year=year_text(card.year),
        bands=tuple(bands),
        sentence=_sentence(results, card),
        rules=rules_text(rules),
        rules_source=rules.source if rules else "",
        agreeing=_agreeing(len(checked), differing),
        differing=differing,
        chosen=_chosen_text(choice, results, len(shown), len(results)),
        has_kpis=bool(results),
        has_results=any(result.exists for result in results),
        has_published=any(result.published for result in results),
        all_url=card.url_of("results"),
        lights_url=card.url_of("lights"),
    )


def _has_rules(result: OfficialResult) -> bool:
    return result.computed is not None and result.computed.rules is not None


def _is_chosen(result: OfficialResult, choice: Choice) -> bool:
    if choice.light and result.light != choice.light:
        return False
    if choice.perspective and place_code(result.kpi.objective) != choice.perspective:
        return False
    if not choice.reached:
        return True
    return reached_code(result) == choice.reached


def reached_code(result: OfficialResult) -> str:
    """Return the column of the light table that a KPI is counted in."""
    if result.reached is not None:
        return "yes" if result.reached else "no"
    return "no-statistics" if result.absence == "no-statistics" else "open"


def _chosen_text(
    choice: Choice, results: list[OfficialResult], shown: int, of: int
) -> str:
    if not choice.is_set:
        return ""
    parts = []
    if choice.perspective:
        parts += [
            place_title(result.kpi.objective)
            for result in results
            if place_code(result.kpi.objective) == choice.perspective
        ][:1] or [choice.perspective]
    if choice.light:
        parts.append(light_view(choice.light).text)
    if choice.reached:
        parts.append(str(reached_heading(choice.reached)))
    return _("%(what)s: %(shown)s of %(of)s") % {
        "what": pgettext("enumeration", ", ").join(parts),
        "shown": shown,
        "of": kpi_count(of),
    }


def reached_heading(code: str) -> str:
    """Return the heading of one column of reached or not."""
    return {
        "yes": _("target reached"),
        "no": _("target not reached"),
        "no-statistics": _("no statistics available"),
        "open": _("not yet decided"),
    }.get(code, "")


def rating_names() -> dict[str, str]:
    """Return the three self-ratings with their names."""
    return {
        "innovation": _("Innovation (points)"),
        "challenge": _("Challenge (points)"),
        "contribution": _("Contribution (points)"),
    }


def _ratings(card: Scorecard) -> dict[int, SelfRating]:
    """Return the rating by KPI: of the highest level that has given all three."""
    order = {level: place for place, level in enumerate(SelfRating.Level)}
    found: dict[int, SelfRating] = {}
    for rating in SelfRating.objects.filter(kpi__scorecard=card, period=str(card.year)):
        held = found.get(rating.kpi_id)
        full = None not in (rating.innovation, rating.challenge, rating.contribution)
        if full and (held is None or order[rating.level] > order[held.level]):
            found[rating.kpi_id] = rating
    return found


def _last_statements(card: Scorecard) -> dict[int, Statement]:
    """Return what the card prints last for each series."""
    return {
        statement.series_id: statement
        for statement in Statement.objects.filter(scorecard=card).order_by("period")
    }


def _row(
    result: OfficialResult,
    target: Target | None,
    ratings: dict[int, SelfRating],
    last: dict[int, Statement],
) -> ResultRow:
    kpi, printed = result.kpi, result.published
    texts = printed.texts if printed else {}
    statement = last.get(kpi.series_id)
    exemption = exemption_of(result)
    differences = differences_of(result)
    return ResultRow(
        kpi=kpi,
        name=kpi.result_name or kpi.name,
        target=text_cell(texts.get("target")) or target_cell(target),
        actual=text_cell(texts.get("actual")) or own_actual(result),
        last=_last_cell(statement),
        last_year=period_text(statement.period) if statement else "",
        achievement=text_cell(result.achievement_text) or nothing_cell(not_yet(result)),
        ratings=tuple(
            (
                label,
                text_cell(texts.get(name) or _rating(ratings.get(kpi.pk), name))
                or nothing_cell(_("not rated")),
            )
            for name, label in rating_names().items()
        ),
        total=text_cell(result.total_text) or nothing_cell(not_yet(result)),
        light=light_view(result.light),
        kind="chip" if printed else "calc",
        exemption=exemption,
        is_reached=result.reached,
        reached=reached_text(result.reached),
        state="" if result.exists else _("not yet reported"),
        check=_check(result, differences),
        differences=differences,
        trace=result.trace_lines,
    )


def not_yet(result: OfficialResult) -> str:
    """Return in words why a result lacks its achievement or total."""
    if exemption_of(result):
        return _("exempt from evaluation")
    return _("not yet reckoned")


def exemption_of(result: OfficialResult) -> str:
    """Return why a KPI is not rated, as printed; empty where it is."""
    if result.published and result.published.exemption_text:
        return result.published.exemption_text
    if result.kpi.is_exempt:
        return result.kpi.exemption_reason or _("exempt from evaluation")
    return ""


def own_actual(result: OfficialResult) -> Cell:
    """Return the year's actual in force, or that it is not yet reported."""
    if result.actual is None:
        return nothing_cell(_("not yet reported"))
    return actual_cell(result.actual, result.kpi.decimals)


def differences_of(result: OfficialResult) -> tuple[Difference, ...]:
    """Return what was reckoned otherwise than printed, with both texts."""
    return tuple(_difference(result, name) for name in result.differences)


def _rating(rating: SelfRating | None, name: str) -> str:
    return value_text(getattr(rating, name)) if rating else ""


def _last_cell(statement: Statement | None) -> Cell:
    """Return the last figure that the card prints."""
    return (
        nothing_cell(_("not published"))
        if statement is None
        else (statement_cell(statement))
    )


def _check(result: OfficialResult, differences: tuple[Difference, ...]) -> str:
    if result.published is None or result.computed is None:
        return ""
    if not differences:
        return pgettext("reckoned again", "agrees")
    return pgettext("reckoned again", "differs")


def _difference(result: OfficialResult, name: str) -> Difference:
    printed, computed = result.published, result.computed
    if name == "achievement":
        return Difference(
            _("achievement"),
            printed.texts.get("achievement") or _("none"),
            result.computed_achievement_text or _("none"),
        )
    if name == "total":
        return Difference(
            _("total"),
            printed.texts.get("total") or _("none"),
            result.computed_total_text or _("none"),
        )
    return Difference(
        _("light"), light_view(printed.light).text, light_view(computed.light).text
    )


def _agreeing(checked: int, differing: int) -> str:
    if not checked:
        return ""
    if not differing:
        return ngettext(
            "%(count)s printed result was reckoned again and agrees.",
            "All %(count)s printed results were reckoned again and agree.",
            checked,
        ) % {"count": checked}
    return ngettext(
        "%(count)s of %(of)s printed results differs when reckoned again.",
        "%(count)s of %(of)s printed results differ when reckoned again.",
        differing,
    ) % {"count": differing, "of": checked}


def _sentence(results: list[OfficialResult], card: Scorecard) -> str:
    """Say what results there are; where there are none, why."""
    year = year_text(card.year)
    if not results:
        return _("This card lists no KPIs, so it has no results.")
    if any(result.published for result in results):
        return ""
    if any(result.light != Light.UNKNOWN for result in results):
        return _("No results are published; those shown are reckoned by the rules.")
    if any(result.computed for result in results):
        return _(
            "No results of %(year)s are published, and no rating rules are adopted "
            "for this card: achievement and reached are shown, a light is not given."
        ) % {"year": year}
    return _(
        "No results of %(year)s are published, and no actuals are reported yet."
    ) % {"year": year}
