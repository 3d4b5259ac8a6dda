"""The strategy map of one card: its objectives where they stand, with their lights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bsc.models import Objective, ObjectiveLink, Scorecard, Theme
from kpi.scoring import Light
from reports import strategy_map
from reports.dashboards.cells import listed
from reports.dashboards.lights import LampView, LightCount, light_view
from reports.dashboards.map_kpis import MapContent, ObjectiveView, Tally, objective_view
from reports.dashboards.map_themes import (
    MemberLine,
    ThemeView,
    member_lines,
    theme_heads,
    themes_of,
)
from reports.dashboards.map_words import kpi_count, map_legend, map_words


@dataclass(frozen=True, slots=True)
class CellView:
    area: strategy_map.Area
    theme: ThemeView | None
    objectives: tuple[ObjectiveView, ...]


@dataclass(frozen=True, slots=True)
class BandView:
    """A perspective, or a group of a plan that has none, with its objectives."""

    code: str
    name: str
    words: tuple[str, ...]
    label: strategy_map.Area | None
    cells: tuple[CellView, ...]
    bars: tuple[CellView, ...]
    objectives: tuple[ObjectiveView, ...]

    @property
    def across(self) -> int:
        """How many objectives stand side by side where there are no themes."""
        return min(len(self.objectives), 5)


@dataclass(frozen=True, slots=True)
class MapBoard:
    """All that a map shows. `grid` is None where no themes stand across.

    `words` says once what the map is where it has no lights; `notes` are the doubts
    at its cells, in the order of their figures.
    """

    card: Scorecard
    mission: str
    vision: str
    core_values: tuple[str, ...]
    parent: str
    parent_url: str
    kpis: int
    lamps: tuple[LampView, ...]
    lights: tuple[LightCount, ...]
    words: tuple[str, ...]
    grid: strategy_map.Layout | None
    top: tuple[CellView, ...]
    themes: tuple[ThemeView, ...]
    bands: tuple[BandView, ...]
    members: tuple[MemberLine, ...]
    curves: tuple[strategy_map.Curve, ...]
    canvas: tuple[int, int]
    legend: tuple[str, ...]
    notes: tuple[str, ...]
    objectives: tuple[ObjectiveView, ...]
    has_figures: bool

    @property
    def has_members(self) -> bool:
        return any(theme.members for theme in self.themes)

    @property
    def good_word(self) -> str:
        return light_view(Light.GOOD).word

    @property
    def is_dense(self) -> bool:
        """True where the KPIs hang on other cards, so that only names are shown."""
        return self.grid is not None and not any(one.kpis for one in self.objectives)


def map_board(hung: MapContent, *, focus: int | None = None) -> MapBoard:
    """Return the map of a card, loaded `with_tabs`, from its content. 2 queries.

    `focus` is the objective in focus, whose links are drawn stronger.
    """
    card, objectives = hung.card, hung.objectives
    themes, members = themes_of(card)
    links = list(
        ObjectiveLink.objects.filter(
            cause__scorecard=card, effect__scorecard=card
        ).values_list("cause", "effect")
    )
    notes = _notes(objectives)
    effects = _effects(objectives, links)
    views = {
        one.pk: objective_view(
            one,
            hung,
            note=notes.get(_note_of(one), 0),
            leads_to=effects.get(one.pk, ""),
            is_current=one.pk == focus,
        )
        for one in objectives
    }
    own_themes = [theme for theme in themes if theme.scorecard_id == card.pk]
    has_perspectives = any(one.perspective_id for one in objectives)
    is_grid = has_perspectives and len(own_themes) > 1
    tally = hung.tally(views)
    lit = {
        theme.pk: hung.tally(one.pk for one in objectives if one.theme_id == theme.pk)
        for theme in own_themes
    }
    grid = _layout(own_themes, lit, objectives) if is_grid else None
    heads = theme_heads(own_themes, lit, members, grid, hung, tally)
    bands = _bands(objectives, own_themes, views, heads, grid, hung)
    boxes, height = (
        (grid.boxes, grid.height)
        if grid
        else strategy_map.stacked(
            [[one.pk for one in band.objectives] for band in bands]
        )
    )
    source = card.fills_theme.scorecard if card.fills_theme else card
    parent, parent_url = _parent(card)
    return MapBoard(
        card=card,
        mission=card.mission or source.mission,
        vision=card.vision or source.vision,
        core_values=tuple(card.core_values or source.core_values),
        parent=parent,
        parent_url=parent_url,
        kpis=tally.kpis,
        lamps=tally.lamps,
        lights=tally.lights,
        words=map_words(card, tally, has_perspectives=has_perspectives),
        grid=grid,
        top=_top(grid, views) if grid else (),
        themes=heads,
        bands=bands,
        members=() if grid else member_lines(members, themes),
        curves=strategy_map.curves(boxes, links),
        canvas=(grid.width if grid else 12 * strategy_map.TRACK, height),
        legend=map_legend(
            tally,
            hung.rules,
            {head.code: head.is_lit for head in heads},
            has_links=bool(links),
        ),
        notes=tuple(notes),
        objectives=tuple(views.values()),
        has_figures=tally.has_figures,
    )


def _note_of(objective: Objective) -> str:
    if objective.code_text and objective.code_text != objective.code:
        return _("printed as %(code)s") % {"code": objective.code_text}
    return ""


def _notes(objectives: Iterable[Objective]) -> dict[str, int]:
    """Return the doubts about codes, each with its figure from 1."""
    found: dict[str, int] = {}
    for objective in objectives:
        words = _note_of(objective)
        if words:
            found.setdefault(words, len(found) + 1)
    return found


def _effects(
    objectives: Iterable[Objective], links: Iterable[tuple[int, int]]
) -> Mapping[int, str]:
    """Return what each objective leads to, in words."""
    names = {one.pk: str(one) for one in objectives}
    found: dict[int, list[str]] = {}
    for cause, effect in links:
        found.setdefault(cause, []).append(names[effect])
    return {cause: listed(effects) for cause, effects in found.items()}


def _layout(
    themes: list[Theme], lit: Mapping[int, Tally], objectives: list[Objective]
) -> strategy_map.Layout:
    places = {theme.pk: place for place, theme in enumerate(themes)}
    last = len(themes) - 1
    band_of = {pk: place for place, pk in enumerate(_perspectives(objectives))}
    tops = [one for one in objectives if one.row == Objective.Row.TOP]

    def item(one: Objective) -> strategy_map.Item:
        own = places.get(one.theme_id)
        start = places.get(one.first_theme_id, 0 if own is None else own)
        end = places.get(one.last_theme_id, last if own is None else own)
        return strategy_map.Item(
            one.pk, band_of.get(one.perspective_id, 0), start, max(start, end)
        )

    return strategy_map.layout(
        lit=[lit[theme.pk].has_lights for theme in themes],
        top=[item(one) for one in tops],
        bands=len(band_of),
        items=[
            item(one)
            for one in objectives
            if one.row != Objective.Row.TOP and one.perspective_id
        ],
    )


def _perspectives(objectives: list[Objective]) -> list[int]:
    """Return the perspectives that have objectives, in their order."""
    found = {
        one.perspective_id: one.perspective for one in objectives if one.perspective_id
    }
    return sorted(found, key=lambda pk: (found[pk].position, pk))


def _top(
    grid: strategy_map.Layout, views: Mapping[int, ObjectiveView]
) -> tuple[CellView, ...]:
    return tuple(CellView(bar.area, None, (views[bar.key],)) for bar in grid.top)


def _bands(
    objectives: list[Objective],
    themes: list[Theme],
    views: Mapping[int, ObjectiveView],
    heads: tuple[ThemeView, ...],
    grid: strategy_map.Layout | None,
    hung: MapContent,
) -> tuple[BandView, ...]:
    """Return the perspectives; where there are none, the groups of the plan."""
    groups: dict[int | None, list[Objective]] = defaultdict(list)
    order = _perspectives(objectives)
    in_bands = [one for one in objectives if one.row != Objective.Row.TOP or not grid]
    for one in in_bands:
        groups[one.perspective_id if order else one.theme_id].append(one)
    named = {one.perspective_id: one.perspective for one in objectives}
    keys = order or [theme.pk for theme in themes]
    keys += [key for key in groups if key not in keys and not grid]
    themes_by_pk = {theme.pk: theme for theme in themes}
    bands = []
    for place, key in enumerate(keys):
        thing = named.get(key) if order else themes_by_pk.get(key)
        found = groups.get(key, [])
        plan = grid.bands[place] if grid else None
        bands.append(
            BandView(
                code=thing.code if thing else "",
                name=thing.name if thing else "",
                words=_band_words(found, hung, is_dense=_is_elsewhere(grid, views)),
                label=plan.label if plan else None,
                cells=tuple(
                    CellView(
                        cell.area,
                        heads[cell.theme],
                        tuple(views[key] for key in cell.keys),
                    )
                    for cell in (plan.cells if plan else ())
                ),
                bars=tuple(
                    CellView(bar.area, None, (views[bar.key],))
                    for bar in (plan.bars if plan else ())
                ),
                objectives=tuple(views[one.pk] for one in found),
            )
        )
    return tuple(bands)


def _is_elsewhere(
    grid: strategy_map.Layout | None, views: Mapping[int, ObjectiveView]
) -> bool:
    return grid is not None and not any(view.kpis for view in views.values())


def _band_words(
    objectives: list[Objective], hung: MapContent, *, is_dense: bool
) -> tuple[str, ...]:
    count = ngettext("%(count)s objective", "%(count)s objectives", len(objectives)) % {
        "count": len(objectives)
    }
    kpis = sum(len(hung.of(one.pk)) for one in objectives)
    return (count,) if is_dense or not kpis else (count, kpi_count(kpis))


def _parent(card: Scorecard) -> tuple[str, str]:
    """Return what the card hangs under in the level above, and its address."""
    if not card.parent_text:
        return "", ""
    above = card.parent_theme or card.parent_objective
    return card.parent_text, above.scorecard.get_absolute_url() if above else ""
