"""Texts that are longer than the database keeps them."""

from collections.abc import Mapping

from sheets.forms.readings import Doubt, Reading, Severity

LONGEST: Mapping[str, Mapping[str, int]] = {
    "MapReading": {
        "title": 200,
        "mission": 300,
        "vision": 300,
        "core_values_text": 300,
        "parent_text": 200,
    },
    "ScorecardReading": {"title": 200},
    "ResultsReading": {"title": 200},
    "ThemeReading": {"code": 10, "name": 100, "label": 120},
    "MemberReading": {"name": 60},
    "PerspectiveReading": {"code": 4, "name": 40, "label": 60},
    "ObjectiveReading": {"code": 20, "code_text": 20, "name": 200, "text": 240},
    "FactorReading": {"code": 20, "name": 300, "text": 320},
    "KpiReading": {
        "code": 20,
        "name": 200,
        "text": 240,
        "measure": 20,
        "measure_text": 40,
        "owner_texts": 60,
    },
    "PlanReading": {"code": 20, "name": 300, "text": 340},
    "RowReading": {"owner_texts": 60},
    "ResultReading": {"code": 20, "name": 200, "exemption": 200},
}

# What holds what; figures and money are looked at as they are made.
NESTED: Mapping[str, tuple[str, ...]] = {
    "MapReading": ("themes", "members", "perspectives", "objectives"),
    "ScorecardReading": (
        "perspectives",
        "themes",
        "objectives",
        "factors",
        "kpis",
        "rows",
    ),
    "RowReading": ("plans",),
    "ResultsReading": ("results",),
}


def doubts_of_lengths(reading: Reading) -> list[Doubt]:
    """Return an error for every text that is too long to be kept whole."""
    doubts: list[Doubt] = []
    _walk(reading, None, doubts)
    return doubts


def _walk(thing: object, cell: str | None, doubts: list[Doubt]) -> None:
    limits = LONGEST.get(type(thing).__name__)
    if not limits:
        return
    cell = getattr(thing, "cell", cell)
    for name, limit in limits.items():
        said = getattr(thing, name)
        for text in (said,) if isinstance(said, str) else said:
            if len(text) > limit:
                params = {"text": text[:40], "limit": str(limit)}
                doubts.append(Doubt(Severity.ERROR, "too-long-to-keep", cell, params))
    for name in NESTED.get(type(thing).__name__, ()):
        for part in getattr(thing, name):
            _walk(part, cell, doubts)
