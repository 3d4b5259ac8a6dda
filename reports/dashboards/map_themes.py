"""The themes of a map: their heads, their members, and how their KPIs stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bsc.models import Scorecard, Theme
from kpi.scoring import Light
from reports import strategy_map
from reports.dashboards.lights import LightCount, LightView, light_view
from reports.dashboards.map_kpis import MapContent, Tally
from reports.dashboards.map_words import kpi_count


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Units printed on one line, the leads first among equals."""

    names: tuple[str, ...]
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A column's head and foot: name, how its KPIs stand, and who works on it."""

    code: str
    name: str
    area: strategy_map.Area | None
    foot: strategy_map.Area | None
    is_lit: bool
    lights: tuple[LightCount, ...]
    unknown: LightView | None
    words: str
    url: str
    members: tuple[MemberLine, ...]


def themes_of(card: Scorecard) -> tuple[list[Theme], Mapping[int, list[MemberLine]]]:
    """Return the card's themes, or the one it fills, and each one's members by line.

    One query: the join brings a row for each member.
    """
    found: dict[int, Theme] = {}
    lines: dict[int, dict[tuple[int, bool], list[str]]] = {}
    for theme in (
        Theme.objects.filter(Q(scorecard=card) | Q(pk=card.fills_theme_id))
        .annotate(
            member=F("members__name"),
            leads=F("members__is_lead"),
            line=F("members__line"),
        )
        .order_by("position", "pk", "members__position")
    ):
        found.setdefault(theme.pk, theme)
        of_theme = lines.setdefault(theme.pk, {})
        if theme.member:
            key = (theme.line, bool(theme.leads))
            of_theme.setdefault(key, []).append(theme.member)
    members = {
        pk: [
            MemberLine(tuple(names), is_lead)
            for (_line, is_lead), names in of_theme.items()
        ]
        for pk, of_theme in lines.items()
    }
    return list(found.values()), members


def member_lines(
    members: Mapping[int, list[MemberLine]], themes: list[Theme]
) -> tuple[MemberLine, ...]:
    return tuple(line for theme in themes for line in members.get(theme.pk, ()))


def theme_heads(
    themes: list[Theme],
    lit: Mapping[int, Tally],
    members: Mapping[int, list[MemberLine]],
    grid: strategy_map.Layout | None,
    hung: MapContent,
    whole: Tally,
) -> tuple[ThemeView, ...]:
    heads = []
    for place, theme in enumerate(themes):
        tally = lit[theme.pk]
        words = ""
        if tally.kpis and not tally.has_lights and not hung.has_own_kpis:
            words = kpi_count(tally.kpis) + _(", ") + _("not yet reported")
        is_unknown = not tally.kpis and whole.has_lights
        heads.append(
            ThemeView(
                code=theme.code,
                name=theme.name,
                area=grid.heads[place] if grid else None,
                foot=grid.feet[place] if grid else None,
                is_lit=tally.has_lights,
                lights=tally.lights if tally.has_lights else (),
                unknown=light_view(Light.UNKNOWN) if is_unknown else None,
                words=words,
                url=hung.card_url_of_theme(theme.pk),
                members=tuple(members.get(theme.pk, ())),
            )
        )
    return tuple(heads)
