"""Results of KPIs, reckoned again where what they rest on changed."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast

from bsc.history import BATCH_SIZE
from bsc.models import Scorecard, Unit
from bsc.numbers import half_up
from bsc.periods import Period
from kpi import scoring
from kpi.models import Actual, Entry, Kpi, RatingRules, Result
from kpi.scoring import Basis, Rules
from kpi.services.inputs import (
    Chunk,
    levels_of,
    official_inputs,
    provisional_inputs,
    result_of,
)
from kpi.services.ranks import rank
from kpi.services.rules import (
    all_rules,
    carrying,
    choose_rules,
    fingerprint_of_rules,
    rules_of,
)

CHUNK = 5000
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
Standing = Result.Standing
INPUTS = {
    Standing.OFFICIAL: official_inputs,
    Standing.PROVISIONAL: provisional_inputs,
}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many KPIs have a result, how many were written, and all by light."""

    rated: int
    changed: int
    lights: dict[str, int]


NOTHING = Refreshed(0, 0, {})


@dataclass(frozen=True, slots=True)
class _Run:
    """What all chunks of a run share; `rules` and their fingerprint are by card."""

    period: Period
    standing: Result.Standing
    at: datetime
    rows: Mapping[int, RatingRules | None]
    rules: Mapping[int, tuple[Rules | None, str]]


def refresh_results(
    kpis: QuerySet[Kpi],
    period: Period,
    *,
    at: datetime,
    after: int = 0,
    chunk_done: Callable[[int, Refreshed], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Refreshed:
    """Reckon the official results of `kpis` in `period` again, in chunks.

    Only approved actuals count. A KPI without one has no result; one it had is
    removed. A result whose inputs are as before is not written. Each chunk is a
    transaction of its own, so that a long run holds nobody up; `chunk_done` is told
    the key of its last KPI, and `after` takes up a run from there. `progress` is told
    how many of how many are done. KPIs of closed cards are left out,
    also of those that close meanwhile.

    Where lights follow from ranks, the other KPIs of a card move with the ones that
    changed: those whose light becomes another are written too.
    """
    kpis = kpis.open_in()
    run = _run_of(kpis, period, Standing.OFFICIAL, at)
    places = list(kpis.order_by("pk").values_list("pk", "scorecard_id"))
    keys = [pk for pk, _card in places]
    seen = bisect_right(keys, after)
    total = Refreshed(0, 0, {str(light): 0 for light in scoring.Light})
    for chunk in batched(places[seen:], CHUNK):
        with transaction.atomic():
            open_keys = _held_open(chunk)
            done = _refresh_chunk(Chunk(open_keys), run) if open_keys else NOTHING
        if chunk_done is not None:
            chunk_done(chunk[-1][0], done)
        seen += len(chunk)
        total = _added(total, done)
        if progress is not None:
            progress(seen, len(keys))
    return _ranked(total, run, keys)


def _held_open(places: Iterable[tuple[int, int]]) -> list[int]:
    """Return which KPIs are of an open card; those cards stay open until the end."""
    places = list(places)
    cards = Scorecard.objects.select_for_update(no_key=True).order_by("pk")
    held = set(
        cards.filter(pk__in={card for _pk, card in places})
        .exclude(status=Scorecard.Status.CLOSED)
        .values_list("pk", flat=True)
    )
    return [pk for pk, card in places if card in held]


@transaction.atomic
def refresh_provisional(
    kpis: QuerySet[Kpi], period: Period, *, at: datetime
) -> Refreshed:
    """Reckon the provisional results of `kpis` from the entries that are under way.

    By the same rules as the official ones, with the points that the entries give. A
    KPI without an entry under way has none; one it had is removed.
    """
    kpis = kpis.open_in()
    run = _run_of(kpis, period, Standing.PROVISIONAL, at)
    keys = list(kpis.order_by("pk").values_list("pk", flat=True))
    total = Refreshed(0, 0, {str(light): 0 for light in scoring.Light})
    for chunk in batched(keys, CHUNK):
        total = _added(total, _refresh_chunk(Chunk(chunk), run))
    return _ranked(total, run, keys)


def _added(one: Refreshed, other: Refreshed) -> Refreshed:
    lights = dict(one.lights)
    for light, count in other.lights.items():
        lights[light] = lights.get(light, 0) + count
    return Refreshed(one.rated + other.rated, one.changed + other.changed, lights)


def _ranked(done: Refreshed, run: _Run, keys: list[int]) -> Refreshed:
    """Rank the cards whose rules say so, and count what that changed of `keys`."""
    by_rank = {
        card: run.rules[card][0]
        for card, row in run.rows.items()
        if row is not None and row.basis == Basis.QUOTA
    }
    if not by_rank:
        return done
    with transaction.atomic():
        # One ranking at a time: two would write each other's rows crosswise.
        cards = Scorecard.objects.select_for_update(no_key=True).order_by("pk")
        open_cards = cards.filter(pk__in=by_rank).exclude(
            status=Scorecard.Status.CLOSED
        )
        held = {pk: by_rank[pk] for pk in open_cards.values_list("pk", flat=True)}
        moved = rank(held, run.period, run.standing, at=run.at)
    lights, asked = dict(done.lights), frozenset(keys)
    for move in moved:
        if move.kpi in asked:
            lights[move.before] -= 1
            lights[move.after] = lights.get(move.after, 0) + 1
    # One that was just written is not counted twice.
    more = sum(move.was_ranked for move in moved)
    return Refreshed(done.rated, done.changed + more, lights)


def periods_of(kpis: QuerySet[Kpi]) -> list[str]:
    """Return the periods in which `kpis` have a figure in force or a result, in order.

    Of a KPI only those count that lie in the year of its card. Two queries.
    """
    year = Cast("scorecard__year", CharField())
    kpis = kpis.annotate(of_year=year).order_by()
    figures = kpis.filter(
        series__actuals__state=Actual.State.APPROVED,
        series__actuals__period__startswith=F("of_year"),
    ).values_list("series__actuals__period", flat=True)
    results = kpis.filter(
        results__period__startswith=F("of_year"),
    ).values_list("results__period", flat=True)
    return sorted({*figures.distinct(), *results.distinct()})


def _run_of(
    kpis: QuerySet[Kpi], period: Period, standing: Result.Standing, at: datetime
) -> _Run:
    units = dict(kpis.order_by().values_list("scorecard", "scorecard__unit").distinct())
    rated = carrying(units, period)
    if standing == Standing.PROVISIONAL:
        rated |= _giving_points(units, period)
    by_pk = Unit.objects.in_bulk(set(units.values()))
    every = all_rules()
    plain = {row.pk: (rules_of(row), fingerprint_of_rules(row)) for row in every}
    rows = {
        card: choose_rules(
            by_pk[unit], period.year, has_self_ratings=card in rated, rows=every
        ).rules
        for card, unit in units.items()
    }
    rules = {
        card: plain[row.pk] if row is not None else (None, "")
        for card, row in rows.items()
    }
    return _Run(period, standing, at, rows, rules)


def _giving_points(cards: Iterable[int], period: Period) -> set[int]:
    """Return which of the cards get self-ratings by entries that are under way."""
    entries = Entry.objects.filter(
        kpi__scorecard__in=cards, period=period.code
    ).under_way()
    return {
        card
        for card, ratings in entries.order_by().values_list("kpi__scorecard", "ratings")
        if any(None not in points for _level, points, _light in levels_of(ratings))
    }


def _refresh_chunk(chunk: Chunk, run: _Run) -> Refreshed:
    held = {
        kpi: (pk, fingerprint, light)
        for kpi, pk, fingerprint, light in Result.objects.filter(
            chunk.where("kpi"), period=run.period.code, standing=run.standing
        )
        .order_by()
        .values_list("kpi_id", "pk", "fingerprint", "light")
        if kpi in chunk.keys
    }
    lights: dict[str, int] = {}
    written: list[dict[str, Any]] = []
    rated = 0
    for kpi, card, asked in INPUTS[run.standing](chunk, run.period):
        rated += 1
        rules, rules_print = run.rules[card]
        fingerprint = hashlib.blake2b(
            repr((asked, rules_print)).encode(), digest_size=16
        ).hexdigest()
        before = held.pop(kpi, None)
        if before is not None and before[1] == fingerprint:
            light = before[2]
        else:
            result = result_of(asked, rules)
            light = str(result.light)
            row = run.rows[card]
            written.append(
                {
                    "kpi_id": kpi,
                    "period": run.period.code,
                    "standing": run.standing.value,
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
        _upsert(written, run.at)
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
        for some in batched(rows, BATCH_SIZE):
            prepared = [
                [
                    *(f.get_db_prep_save(row[f.attname], connection) for f in each),
                    moment,
                ]
                for row in some
            ]
            cursor.executemany(sql, prepared)


def _six(value: Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value, 6)
