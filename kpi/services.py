"""What is done to KPIs: their results are reckoned again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from bsc.models import Unit
from bsc.numbers import half_up
from bsc.periods import Period
from kpi import scoring
from kpi.models import Actual, Kpi, RatingRules, Result, SelfRating, Target
from kpi.scoring import (
    Absence,
    ActualFigure,
    Choice,
    Comparator,
    Direction,
    Part,
    Rating,
    Rules,
    Score,
    TargetFigure,
)

# Parts as the database keeps them: to read two empty lists a KPI costs, too.
PARTS_TEXT = Cast("parts", TextField())
CHUNK = 5000
BATCH_SIZE = 500
LEVELS_BY_KIND = {
    Unit.Kind.CITY: RatingRules.Level.CITY,
    Unit.Kind.GROUP: RatingRules.Level.CITY,
    Unit.Kind.BUREAU: RatingRules.Level.BUREAU,
}
REVIEW_ORDER = {level: place for place, level in enumerate(SelfRating.Level)}
# Where a result stands, and what is written there.
PLACE = ("kpi", "period", "standing")
WRITTEN = (
    "achievement",
    "is_reached",
    "total",
    "light",
    "trace",
    "rules",
    "fingerprint",
    "computed_at",
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many KPIs have a result, how many were written, and all by light."""

    rated: int
    changed: int
    lights: dict[str, int]


def rules_of(row: RatingRules) -> Rules:
    """Return what a row of rules says, as the rules of `kpi.scoring`.

    Costs no query where `bands` is prefetched.
    """
    weights = {
        name: getattr(row, f"{name}_weight")
        for name in ("achievement", "innovation", "challenge", "contribution")
    }
    return scoring.rules_from_fields(
        {
            "weights": weights if any(weights.values()) else None,
            "bands": [
                {"light": band.light, "lower": band.lower} for band in row.bands.all()
            ],
            "basis": row.basis,
            "uses_self_rating": row.uses_self_rating,
            "clamp_low": row.clamp_low,
            "clamp_high": row.clamp_high,
            "total_decimals": row.total_decimals,
            "zero_target": row.zero_target,
            "standing": row.standing,
            "minimum_rated": row.minimum_rated,
        }
    )


def level_of(unit: Unit) -> str:
    """Return the level whose rules a unit's card is rated by."""
    return LEVELS_BY_KIND.get(Unit.Kind(unit.kind), RatingRules.Level.CENTRE)


def choose_rules(
    unit: Unit, year: int, *, has_self_ratings: bool, rows: Iterable[RatingRules]
) -> Choice[RatingRules]:
    """Return which of `rows` hold for a card, and why."""
    return scoring.choose_rules(
        rows, level_of(unit), year, has_self_ratings=has_self_ratings
    )


def refresh_results(
    kpis: QuerySet[Kpi],
    period: Period,
    *,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Refreshed:
    """Reckon the official results of `kpis` in `period` again, in chunks.

    Only approved actuals count. A KPI without one has no result; one it had is
    removed. A result whose inputs are as before is not written. Each chunk is a
    transaction of its own, so that a long run holds nobody up. `progress` is told
    how many of how many are done. KPIs of closed cards are left out.
    """
    kpis = kpis.open_in()
    rows = list(RatingRules.objects.prefetch_related("bands"))
    plain = {row.pk: (rules_of(row), _fingerprint_of_rules(row)) for row in rows}
    chosen = _rules_by_card(kpis, period, rows)
    keys = list(kpis.order_by("pk").values_list("pk", flat=True))
    rated = changed = seen = 0
    lights = {str(light): 0 for light in scoring.Light}
    for chunk in batched(keys, CHUNK, strict=False):
        with transaction.atomic():
            done = _refresh_chunk(_Chunk(chunk), period, chosen, plain, at)
        seen += len(chunk)
        rated += done.rated
        changed += done.changed
        for light, count in done.lights.items():
            lights[light] += count
        if progress is not None:
            progress(seen, len(keys))
    return Refreshed(rated, changed, lights)


def _rules_by_card(
    kpis: QuerySet[Kpi], period: Period, rows: list[RatingRules]
) -> dict[int, RatingRules | None]:
    cards = kpis.order_by().values_list("scorecard", flat=True).distinct()
    carrying = set(
        SelfRating.objects.filter(kpi__scorecard__in=cards, period=period.code)
        .order_by()
        .values_list("kpi__scorecard", flat=True)
        .distinct()
    )
    units = {
        kpi["scorecard"]: kpi["scorecard__unit"]
        for kpi in kpis.order_by().values("scorecard", "scorecard__unit").distinct()
    }
    by_pk = Unit.objects.in_bulk(set(units.values()))
    return {
        card: choose_rules(
            by_pk[unit], period.year, has_self_ratings=card in carrying, rows=rows
        ).rules
        for card, unit in units.items()
    }


class _Chunk:
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


def _refresh_chunk(
    chunk: _Chunk, period: Period, chosen, plain, at: datetime
) -> Refreshed:
    held = {
        kpi: (pk, fingerprint, light)
        for kpi, pk, fingerprint, light in Result.objects.filter(
            chunk.where("kpi"), period=period.code, standing=Result.Standing.OFFICIAL
        )
        .order_by()
        .values_list("kpi_id", "pk", "fingerprint", "light")
        if kpi in chunk.keys
    }
    lights: dict[str, int] = {}
    written: list[dict[str, Any]] = []
    rated = 0
    for kpi, card, asked in _inputs(chunk, period):
        rated += 1
        row = chosen[card]
        rules, rules_print = plain[row.pk] if row is not None else (None, "")
        fingerprint = hashlib.blake2b(
            repr((asked, rules_print)).encode(), digest_size=16
        ).hexdigest()
        before = held.pop(kpi, None)
        if before is not None and before[1] == fingerprint:
            light = before[2]
        else:
            result = _result(asked, rules)
            light = str(result.light)
            written.append(
                {
                    "kpi_id": kpi,
                    "period": period.code,
                    "standing": Result.Standing.OFFICIAL.value,
                    "achievement": _six(result.achievement),
                    "is_reached": result.reached,
                    "total": result.total,
                    "light": light,
                    "trace": result.trace,
                    "rules_id": row.pk if row is not None else None,
                    "fingerprint": fingerprint,
                }
            )
        lights[light] = lights.get(light, 0) + 1
    if written:
        _upsert(written, at)
    if held:
        Result.objects.filter(pk__in=[pk for pk, *_ in held.values()]).delete()
    return Refreshed(rated, len(written) + len(held), lights)


def _upsert(rows: list[dict[str, Any]], at: datetime) -> None:
    """Insert results, or put them in the place of those that stand.

    What `bulk_create(update_conflicts=True)` would do, without an object a row and
    its checks of every value, which cost as much as the reckoning.
    """
    fields = [Result._meta.get_field(name) for name in (*PLACE, *WRITTEN)]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    news = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns[len(PLACE) :])
    sql = (
        f"INSERT INTO {Result._meta.db_table} ({', '.join(columns)})"
        f" VALUES ({', '.join(['%s'] * len(columns))})"
        f" ON CONFLICT ({', '.join(columns[: len(PLACE)])}) DO UPDATE SET {news}"
    )
    *each, computed_at = fields
    moment = computed_at.get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        for some in batched(rows, BATCH_SIZE, strict=False):
            prepared = [
                [
                    *(f.get_db_prep_save(row[f.attname], connection) for f in each),
                    moment,
                ]
                for row in some
            ]
            cursor.executemany(sql, prepared)


def _inputs(chunk: _Chunk, period: Period) -> Iterator[tuple[int, int, tuple]]:
    """Yield KPI, card and all that the result depends on, as plain values.

    Four queries a chunk. KPIs without an approved actual are left out.
    """
    actuals = {
        kpi: rest
        for kpi, *rest in Actual.objects.filter(
            chunk.where("series__kpis"),
            period=period.code,
            state=Actual.State.APPROVED,
        )
        .order_by()
        .values_list(
            "series__kpis", "value", "text", "absence", "is_reached", PARTS_TEXT
        )
    }
    targets = {
        kpi: rest
        for kpi, *rest in Target.objects.filter(chunk.where("kpi"), year=period.year)
        .order_by()
        .values_list("kpi_id", "value", "comparator", "text", PARTS_TEXT)
    }
    ratings = _ratings(chunk, period)
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
        yield (
            pk,
            card,
            (
                direction,
                is_exempt,
                decimals,
                targets.get(pk),
                actual,
                ratings.get(pk),
            ),
        )


def _ratings(
    chunk: _Chunk, period: Period
) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Return each KPI's ratings by the highest level that has given all three."""
    found: dict[int, tuple[int, tuple]] = {}
    rows = (
        SelfRating.objects.filter(chunk.where("kpi"), period=period.code)
        .order_by()
        .values_list("kpi_id", "level", "innovation", "challenge", "contribution")
    )
    for kpi, level, *points in rows:
        place = REVIEW_ORDER[level]
        if None not in points and place >= found.get(kpi, (-1,))[0]:
            found[kpi] = (place, tuple(points))
    return {kpi: points for kpi, (_, points) in found.items()}


def _result(asked: tuple, rules: Rules | None) -> Score:
    direction, is_exempt, decimals, target, actual, rating = asked
    return scoring.score(
        Direction(direction),
        target_figure(*target[:-1], _listed(target[-1])) if target else None,
        actual_figure(*actual[:-1], _listed(actual[-1])),
        Rating(*rating) if rating is not None else None,
        rules,
        exempt=is_exempt,
        achievement_decimals=decimals,
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


def _six(value: Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value, 6)


def _fingerprint_of_rules(row: RatingRules) -> str:
    fields = (
        row.pk,
        row.basis,
        row.uses_self_rating,
        row.achievement_weight,
        row.innovation_weight,
        row.challenge_weight,
        row.contribution_weight,
        row.clamp_low,
        row.clamp_high,
        row.total_decimals,
        row.zero_target,
        row.standing,
        [(band.light, band.lower) for band in row.bands.all()],
    )
    return repr(fields)
