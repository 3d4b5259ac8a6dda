"""What a card said when its year was closed, as canonical JSON."""

import json
from typing import Any

from bsc.models import Scorecard
from kpi.models import RatingRules, Result
from kpi.services import digest_of
from reports.documents.scorecard_json import decimal_text, scorecard_as_json

SCHEMA = "dengta-sealed-scorecard/1"
# What closing itself changes says nothing of what the card said.
LEFT_OUT = ("status", "seal", "errata")
WEIGHTS = ("achievement", "innovation", "challenge", "contribution")


def sealed_content(card: Scorecard) -> str:
    """Return `card` with its rules and traces as canonical JSON.

    Keys are sorted, nothing is indented, and text is kept as it is (UTF-8 once
    encoded), so that the same card always gives the same bytes.
    """
    said = scorecard_as_json(card)
    for name in LEFT_OUT:
        said.pop(name, None)
    said["schema"] = SCHEMA
    said["rules"], said["traces"] = _rules_and_traces(card)
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def holds(card: Scorecard) -> bool:
    """Say whether `card` still says what it said when it was closed."""
    return digest_of(sealed_content(card)) == card.seal.digest


def _rules_and_traces(card: Scorecard) -> tuple[list[dict], dict[str, dict[str, Any]]]:
    """Return the rules that rated the card, and how each result was reckoned."""
    results = (
        Result.objects.filter(kpi__scorecard=card, standing=Result.Standing.OFFICIAL)
        .select_related("kpi", "rules")
        .order_by("kpi__code", "period")
    )
    traces: dict[str, dict[str, Any]] = {}
    used: dict[int, RatingRules] = {}
    for result in results:
        traces.setdefault(result.kpi.code, {})[result.period] = result.trace
        if result.rules is not None:
            used[result.rules.pk] = result.rules
    rules = RatingRules.objects.filter(pk__in=used).prefetch_related("bands")
    return [_rules(one) for one in rules.order_by("level", "year", "pk")], traces


def _rules(rules: RatingRules) -> dict[str, Any]:
    return {
        "level": rules.level,
        "year": rules.year,
        "standing": rules.standing,
        "name": rules.name,
        "basis": rules.basis,
        "uses_self_rating": rules.uses_self_rating,
        "weights": {
            name: decimal_text(getattr(rules, f"{name}_weight")) for name in WEIGHTS
        },
        "clamp": [decimal_text(rules.clamp_low), decimal_text(rules.clamp_high)],
        "total_decimals": rules.total_decimals,
        "zero_target": rules.zero_target,
        "document": rules.document,
        "bands": [
            {"light": band.light, "lower": decimal_text(band.lower)}
            for band in rules.bands.all()
        ],
    }
