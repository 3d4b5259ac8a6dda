"""What a result depends on, read for many KPIs at once as plain values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from bsc.periods import Period
from kpi import scoring
from kpi.models import Actual, Entry, Kpi, SelfRating, Target
from kpi.scoring import (
    Absence,
    ActualFigure,
    Comparator,
    Direction,
    Light,
    Part,
    Rating,
    Rules,
    Score,
    TargetFigure,
)

# Parts as the database keeps them: to read two empty lists a KPI costs, too.
PARTS_TEXT = Cast("parts", TextField())
FIGURE = ("value", "text", "absence", "is_reached")
POINTS = ("innovation", "challenge", "contribution")
REVIEW_ORDER = {str(level): place for place, level in enumerate(SelfRating.Level)}

# Points of a level, each may be None, and the light given by hand or "".
type Given = tuple[str, list[Decimal | None], str]


class Chunk:
    """Keys of some KPIs in ascending order, and how a query asks for them.

    Keys that lie close together are asked for from the first to the last: to hand
    thousands over one by one costs as much as what is fetched. What lies between
    and is not asked for is passed over.
    """

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys = frozenset(keys)
        self._is_dense = keys[-1] - keys[0] < 2 * len(keys)
        self._first, self._last = keys[0], keys[-1]

    def where(self, name: str) -> Q:
        """Return the condition that the key under `name` is one of these."""
        if self._is_dense:
            return Q(**{f"{name}__gte": self._first, f"{name}__lte": self._last})
        return Q(**{f"{name}__in": self.keys})


def official_inputs(chunk: Chunk, period: Period) -> Iterator[tuple[int, int, tuple]]:
    """Yield KPI, card and all that the official result depends on, as plain values.

    Four queries a chunk. KPIs without an approved actual are left out.
    """
    actuals = Actual.objects.filter(
        chunk.where("series__kpis"), period=period.code, state=Actual.State.APPROVED
    )
    return _inputs(chunk, period, _figures(actuals, "series__kpis"), {})


def provisional_inputs(
    chunk: Chunk, period: Period
) -> Iterator[tuple[int, int, tuple]]:
    """Yield the same of the entries under way, with the points given in them.

    Five queries a chunk. KPIs without an entry under way are left out.
    """
    entries = Entry.objects.filter(chunk.where("kpi"), period=period.code).under_way()
    given = {
        kpi: levels_of(ratings)
        for kpi, ratings in entries.order_by().values_list("kpi_id", "ratings")
        if ratings
    }
    return _inputs(chunk, period, _figures(entries, "kpi_id"), given)


def levels_of(ratings: Mapping[str, Mapping[str, Any]]) -> list[Given]:
    """Return the points of `Entry.ratings`, a level each."""
    return [
        (
            level,
            [_decimal(points.get(name)) for name in POINTS],
            points.get("light", ""),
        )
        for level, points in ratings.items()
    ]


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _figures(rows: QuerySet, to_kpi: str) -> dict[int, list]:
    values = rows.order_by().values_list(to_kpi, *FIGURE, PARTS_TEXT)
    return {kpi: rest for kpi, *rest in values}


def _inputs(
    chunk: Chunk,
    period: Period,
    actuals: Mapping[int, list],
    given: Mapping[int, list[Given]],
) -> Iterator[tuple[int, int, tuple]]:
    targets = {
        kpi: rest
        for kpi, *rest in Target.objects.filter(chunk.where("kpi"), year=period.year)
        .order_by()
        .values_list("kpi_id", "value", "comparator", "text", PARTS_TEXT)
    }
    ratings, lights = _ratings(chunk, period, given)
    for pk, card, direction, is_exempt, decimals in (
        Kpi.objects.filter(chunk.where("pk"))
        .order_by("pk")
        .values_list(
            "pk", "scorecard_id", "direction", "is_exempt", "achievement_decimals"
        )
    ):
        actual = actuals.get(pk)
        if actual is None or pk not in chunk.keys:
            continue
        asked = (
            direction,
            is_exempt,
            decimals,
            targets.get(pk),
            actual,
            ratings.get(pk),
        )
        # Hardly any rules leave lights to people: the others' inputs stay as short.
        yield pk, card, (*asked, lights[pk]) if pk in lights else asked


def _ratings(
    chunk: Chunk, period: Period, given: Mapping[int, list[Given]]
) -> tuple[dict[int, tuple[Decimal, ...]], dict[int, str]]:
    """Return each KPI's points and its light given by hand, by the highest level.

    The level that counts has given all three points; or a light. What an entry under
    way gives stands in the place of what was approved for the same level.
    """
    points: dict[int, tuple[int, tuple]] = {}
    lights: dict[int, tuple[int, str]] = {}
    rows = (
        SelfRating.objects.filter(chunk.where("kpi"), period=period.code)
        .order_by()
        .values_list("kpi_id", "level", *POINTS, "light")
    )
    approved = ((kpi, level, three, light) for kpi, level, *three, light in rows)
    under_way = ((kpi, *each) for kpi, levels in given.items() for each in levels)
    for some in (approved, under_way):
        for kpi, level, three, light in some:
            place = REVIEW_ORDER[level]
            if None not in three and place >= points.get(kpi, (-1,))[0]:
                points[kpi] = (place, tuple(three))
            if light and place >= lights.get(kpi, (-1,))[0]:
                lights[kpi] = (place, light)
    return (
        {kpi: three for kpi, (_, three) in points.items()},
        {kpi: light for kpi, (_, light) in lights.items()},
    )


def result_of(asked: tuple, rules: Rules | None) -> Score:
    """Return what the rules give for the inputs of one KPI."""
    direction, is_exempt, decimals, target, actual, rating, *by_hand = asked
    return scoring.score(
        Direction(direction),
        target_figure(*target[:-1], _listed(target[-1])) if target else None,
        actual_figure(*actual[:-1], _listed(actual[-1])),
        Rating(*rating) if rating is not None else None,
        rules,
        exempt=is_exempt,
        achievement_decimals=decimals,
        by_hand=Light(by_hand[0]) if by_hand else None,
    )


def _listed(text: str) -> list[dict]:
    """Return parts from their text; nearly all are the empty list."""
    return [] if text == "[]" else json.loads(text)


def target_figure(
    value: Decimal | None, comparator: str, text: str, parts: list[dict]
) -> TargetFigure:
    """Return a stored target as the rules take it."""
    return TargetFigure(
        value, Comparator(comparator) if comparator else None, text, _parts(parts)
    )


def actual_figure(
    value: Decimal | None,
    text: str,
    absence: str,
    is_reached: bool | None,
    parts: list[dict],
) -> ActualFigure:
    """Return a stored actual as the rules take it."""
    return ActualFigure(
        value, text, is_reached, Absence(absence) if absence else None, _parts(parts)
    )


def _parts(parts: list[dict]) -> tuple[Part, ...]:
    return tuple(
        Part(
            part["label"],
            Decimal(part["value"]),
            Comparator(part["comparator"]) if part["comparator"] else None,
        )
        for part in parts
    )
