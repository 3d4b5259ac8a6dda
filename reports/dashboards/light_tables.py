"""The table of lights (自評燈號統計表), counted from the results of a card."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bsc.models import Objective, Scorecard
from kpi.scoring import Light, counts
from reports.dashboards.cells import year_text
from reports.dashboards.lights import LightView, light_view
from reports.dashboards.official import OfficialResult, official_results
from reports.dashboards.places import (
    by_place,
    kpi_count,
    place_code,
    place_name,
)
from reports.dashboards.results import reached_code, reached_heading

REACHED = ("yes", "no", "no-statistics")


@dataclass(frozen=True, slots=True)
class CountCell:
    """A count, the address of the KPIs it counts, and a note printed with it."""

    count: str
    url: str
    note: str
    label: str


@dataclass(frozen=True, slots=True)
class CountRow:
    title: str
    is_sum: bool
    kpis: CountCell
    reached: tuple[tuple[str, CountCell], ...]
    lights: tuple[tuple[str, CountCell], ...]


@dataclass(frozen=True, slots=True)
class LightTable:
    """The table with its headings; `lines` are the counts above it, as published."""

    card: Scorecard
    title: str
    lines: tuple[tuple[str, str], ...]
    reached_headings: tuple[str, ...]
    lights: tuple[LightView, ...]
    rows: tuple[CountRow, ...]
    has_results: bool
    has_kpis: bool
    is_published: bool
    notes: tuple[str, ...]


def light_table(card: Scorecard) -> LightTable:
    """Return the table of lights of `card`. Costs 5 queries."""
    results = official_results(card)
    objectives = list(
        Objective.objects.filter(scorecard=card, row=Objective.Row.PERSPECTIVE)
        .select_related("perspective", "theme")
        .order_by("position", "pk")
    )
    columns = REACHED
    if any(reached_code(result) == "open" for result in results):
        columns = (*REACHED, "open")
    address = card.url_of("results")
    rows = [
        _row(
            place_name(found[0].kpi.objective),
            place_code(found[0].kpi.objective),
            found,
            columns,
            address,
        )
        for found in by_place(results, lambda result: result.kpi.objective)
    ]
    if results:
        rows.append(_row(_("Sum"), "", results, columns, address))
    year = year_text(card.year)
    return LightTable(
        card=card,
        title=_("Table of self-rated lights"),
        lines=_lines(objectives, results),
        reached_headings=tuple(_headings(year)[code] for code in columns),
        lights=tuple(light_view(light) for light in Light),
        rows=tuple(rows),
        has_results=any(result.exists for result in results),
        has_kpis=bool(results),
        is_published=any(result.published for result in results),
        notes=_notes(results),
    )


def _headings(year: str) -> dict[str, str]:
    return {
        "yes": _("target of %(year)s reached") % {"year": year},
        "no": _("target of %(year)s not reached") % {"year": year},
        "no-statistics": _("no statistics available"),
        "open": reached_heading("open"),
    }


def _row(
    title: str,
    perspective: str,
    results: list[OfficialResult],
    columns: tuple[str, ...],
    address: str,
) -> CountRow:
    counted = counts(results)
    numbers = {
        "yes": counted.reached,
        "no": counted.not_reached,
        "no-statistics": counted.no_statistics,
        "open": counted.undecided,
    }

    def cell(count: int, what: str, note: str = "", **chosen: str) -> CountCell:
        asked = {"perspective": perspective, **chosen}
        query = urlencode({name: value for name, value in asked.items() if value})
        return CountCell(
            count=str(count),
            url=f"{address}?{query}" if query and count else address if count else "",
            note=note,
            label=_("%(title)s, %(what)s: %(count)s")
            % {"title": title, "what": what, "count": kpi_count(count)},
        )

    return CountRow(
        title=title,
        is_sum=not perspective,
        kpis=cell(counted.kpis, _("all KPIs")),
        reached=tuple(
            (
                reached_heading(code),
                cell(numbers[code], reached_heading(code), reached=code),
            )
            for code in columns
        ),
        lights=tuple(
            (
                light_view(light).text,
                cell(
                    counted.lights[light],
                    light_view(light).text,
                    _exempt_note(results, light) if perspective else "",
                    light=light.value,
                ),
            )
            for light in Light
        ),
    )


def _exempt_note(results: list[OfficialResult], light: Light) -> str:
    """Return the note of a count that stands for KPIs exempt from evaluation."""
    if light != Light.UNKNOWN:
        return ""
    unknown = [result for result in results if result.light == Light.UNKNOWN]
    exempt = sum(result.kpi.is_exempt for result in unknown)
    if not exempt:
        return ""
    if exempt == len(unknown):
        return ngettext("(this KPI is exempt)", "(these KPIs are exempt)", exempt)
    return _("(of which %(count)s exempt)") % {"count": exempt}


def _lines(
    objectives: list[Objective], results: list[OfficialResult]
) -> tuple[tuple[str, str], ...]:
    """Return the two lines of counts that stand above the table, as published."""
    if not objectives:
        return ()
    return (
        (
            _("Objectives: %(count)s") % {"count": len(objectives)},
            _places(objectives, lambda one: one),
        ),
        (
            _("Key performance indicators (KPI): %(count)s") % {"count": len(results)},
            _places(results, lambda one: one.kpi.objective),
        ),
    )


def _places[Thing](
    things: list[Thing], objective_of: Callable[[Thing], Objective]
) -> str:
    return pgettext("enumeration of counts", "; ").join(
        _("%(name)s %(count)s")
        % {"name": place_name(objective_of(found[0])), "count": len(found)}
        for found in by_place(things, objective_of)
        if place_code(objective_of(found[0]))
    )


def _notes(results: list[OfficialResult]) -> tuple[str, ...]:
    """Return why KPIs have no light, where the rules exempt them."""
    return tuple(
        f"{result.kpi.code} {result.kpi.name}{_(': ')}{result.kpi.exemption_reason}"
        for result in results
        if result.kpi.is_exempt and result.kpi.exemption_reason
    )
