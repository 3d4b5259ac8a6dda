"""A strategy map, put on the slates."""

from bsc.models import Scorecard
from sheets.forms.readings import MapReading
from sheets.proposals.filling.filler import Filler
from sheets.proposals.units import unit_key


def fill_map(
    filler: Filler, scorecard: Scorecard, sheet: str, reading: MapReading
) -> None:
    themes = filler.themes(scorecard, reading)
    perspectives = filler.perspectives(scorecard, reading, "map_label")
    _members(filler, sheet, reading, themes)
    for place, objective in enumerate(reading.objectives, 1):
        key = (*filler.card.key, objective.code)
        known = filler.slates.objectives.get(key)
        ranked = filler.card.table or (known is not None and known.table_text)
        filler.slates.objectives.put(
            key,
            scorecard=scorecard,
            code=objective.code,
            code_text=objective.code_text,
            map_name=objective.name,
            map_text=objective.text,
            mark=objective.mark,
            row=objective.row,
            theme=themes.get(objective.theme),
            perspective=perspectives.get(objective.perspective),
            first_theme=themes.get(objective.first_theme),
            last_theme=themes.get(objective.last_theme),
            **({} if ranked else {"position": place}),
        )


def _members(filler: Filler, sheet: str, reading: MapReading, themes: dict) -> None:
    """Put the members of every theme that prints some: these and no others."""
    slate = filler.slates.members
    places: dict[str, int] = {}
    shown: dict[str, set] = {}
    for member in reading.members:
        unit = filler.unit(member.name, sheet, member.cell)
        theme = themes.get(member.theme)
        if unit is None or theme is None:
            continue
        parent = (*filler.card.key, member.theme)
        keys = shown.setdefault(member.theme, set())
        at = (*parent, unit_key(unit))
        if at in keys:
            filler.note_unit_twice(member.name, sheet, member.cell)
            continue
        keys.add(at)
        place = places[member.theme] = places.get(member.theme, 0) + 1
        filler.put_below(
            slate,
            at,
            filler.slates.themes,
            parent,
            theme=theme,
            unit=unit,
            name=member.name,
            is_lead=member.is_lead,
            line=member.line,
            position=place,
        )
    for code, keys in shown.items():
        filler.keep_only(filler.slates.themes, (*filler.card.key, code), slate, keys)
