"""Points that reviewers give: read, and kept by level."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bsc.models import User
from bsc.periods import Period
from kpi.models import Entry, SelfRating
from kpi.scoring import Light
from kpi.services.refusals import refusal
from kpi.services.rules import entry_rules
from kpi.services.steps import number_text, words_of

PARTS = ("innovation", "challenge", "contribution")
MOST, DECIMALS = Decimal(100), 2
LIGHTS = frozenset(map(str, Light)) - {str(Light.UNKNOWN)}


def with_points(
    entry: Entry, level: str, ratings: Mapping[str, Any] | None, by: User
) -> dict[str, Any]:
    """Return the points of an entry with those that `by` gives at `level`.

    Without any, those that somebody gave there before are gone. Raises ValidationError:
    bad-points, light-needs-reason, light-not-by-hand.
    """
    others = {name: points for name, points in entry.ratings.items() if name != level}
    given = ratings or {}
    points = {name: _points(given.get(name)) for name in PARTS}
    basis = words_of(str(given.get("basis") or ""))
    light = str(given.get("light") or "")
    if light:
        _require_by_hand(entry, light, basis)
    if any(points.values()) and not basis:
        raise refusal("bad-points")
    if not light and not any(points.values()):
        return others
    return {**others, level: {**points, "basis": basis, "light": light, "by": by.pk}}


def _points(given: Any) -> str:
    text = "" if given is None else str(given).strip()
    if not text:
        return ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise refusal("bad-points") from None
    if not value.is_finite() or not 0 <= value <= MOST:
        raise refusal("bad-points")
    if value.as_tuple().exponent < -DECIMALS:
        raise refusal("bad-points")
    # Minus zero is none.
    return number_text(abs(value))


def _require_by_hand(entry: Entry, light: str, basis: str) -> None:
    rules = entry_rules([entry.kpi], Period.parse(entry.period))
    if not rules[entry.kpi.scorecard_id].light_by_hand or light not in LIGHTS:
        raise refusal("light-not-by-hand")
    if not basis:
        raise refusal("light-needs-reason")


def keep_points(entry: Entry, *, by: User, reason: str) -> None:
    """Write the points of every level that an entry gives as self-ratings."""
    held = {
        row.level: row
        for row in SelfRating.objects.filter(kpi=entry.kpi_id, period=entry.period)
    }
    for level, points in entry.ratings.items():
        row = held.get(level) or SelfRating(
            kpi_id=entry.kpi_id, period=entry.period, level=level
        )
        said = {name: _decimal(points.get(name)) for name in PARTS}
        said |= {name: points.get(name, "") for name in ("basis", "light")}
        if row.pk and all(getattr(row, name) == each for name, each in said.items()):
            continue
        for name, each in said.items():
            setattr(row, name, each)
        row._history_user, row._change_reason = by, reason
        row.save()


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
