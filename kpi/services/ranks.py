"""Lights by rank: where the rules give them by quota among a card's KPIs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bsc.history import BATCH_SIZE
from bsc.periods import Period
from kpi import scoring
from kpi.models import Result
from kpi.scoring import Light, Reason, Rules

RANKED = "quota"


class Moved(NamedTuple):
    """A KPI whose light its rank changed; `was_ranked` that it had one by rank."""

    kpi: int
    before: str
    after: str
    was_ranked: bool


def rank(
    cards: Mapping[int, Rules], period: Period, standing: str, *, at: datetime
) -> list[Moved]:
    """Give the KPIs of some cards their lights by rank; write those that changed.

    `cards` are the rules by card. KPIs without a total, and withdrawn ones, have no
    rank. A provisional total is ranked among the official ones of the other KPIs. One
    query, and one for each 500 lights that changed.
    """
    rows = Result.objects.filter(
        kpi__scorecard__in=cards,
        kpi__is_withdrawn=False,
        period=period.code,
        total__isnull=False,
    ).order_by("standing")
    if standing == Result.Standing.OFFICIAL:
        rows = rows.filter(standing=standing)
    by_card: dict[int, dict[int, Result]] = {card: {} for card in cards}
    for row in rows.select_related("kpi"):
        # "provisional" comes after "official", and takes its place.
        by_card[row.kpi.scorecard_id][row.kpi_id] = row
    moved, changed = [], []
    for card, ranked in by_card.items():
        results = list(ranked.values())
        rules = cards[card]
        lights = scoring.lights_by_quota([row.total for row in results], rules)
        for row, light in zip(results, lights, strict=True):
            if row.standing != standing or row.light == light:
                continue
            was_ranked = any(code == RANKED for code, _params in row.trace)
            moved.append(Moved(row.kpi_id, row.light, str(light), was_ranked))
            row.trace = _told(row.trace, light, rules)
            row.light, row.computed_at = light, at
            changed.append(row)
    Result.objects.bulk_update(
        changed, ["light", "trace", "computed_at"], batch_size=BATCH_SIZE
    )
    return moved


def _told(trace: list, light: Light, rules: Rules) -> list[list[Any]]:
    """Return how it was reckoned, with the light by rank in the place of the last."""
    params = {"light": str(light), "standing": str(rules.standing)}
    unknown = {"reason": str(Reason.QUOTA)}
    return [
        [RANKED, params]
        if code == RANKED or (code == "unknown" and said == unknown)
        else [code, said]
        for code, said in trace
    ]
