"""The rating rules that every installation starts from."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from bsc.services import Loaded
from kpi.models import LightBand, RatingRules

NO_WEIGHTS = dict.fromkeys(
    ("achievement", "innovation", "challenge", "contribution"), "0"
)


@transaction.atomic
def load_rules(definitions: Iterable[dict[str, Any]]) -> Loaded:
    """Bring the rating rules in line with the reference, bands included.

    A second run changes nothing. Rules that a person changed or adopted stay theirs.
    """
    created = changed = unchanged = 0
    edited = set(
        RatingRules.history.filter(history_user__isnull=False).values_list(
            "id", flat=True
        )
    )
    for row in definitions:
        key = {
            "level": row["level"],
            "year": row["year"],
            "uses_self_rating": row["uses_self_rating"],
        }
        values = _values(row)
        rules = RatingRules.objects.filter(**key).first()
        if rules is None:
            rules = RatingRules.objects.create(**key, **values)
            _write_bands(rules, row["bands"])
            created += 1
        elif rules.pk in edited or _is_as(rules, values, row["bands"]):
            unchanged += 1
        else:
            for field, value in values.items():
                setattr(rules, field, value)
            rules.save()
            rules.bands.all().delete()
            _write_bands(rules, row["bands"])
            changed += 1
    return Loaded(created, changed, unchanged)


def _values(row: dict[str, Any]) -> dict[str, Any]:
    weights = row["weights"] or NO_WEIGHTS
    return {
        "standing": row["standing"],
        "is_adopted": row["adopted"],
        "basis": row["basis"],
        "clamp_low": Decimal(row["clamp_low"]),
        "clamp_high": Decimal(row["clamp_high"]),
        "total_decimals": row["total_decimals"],
        "zero_target": row["zero_target"],
        "minimum_rated": row["minimum_rated"],
        "document": row["document"],
        "source": row["source"],
        **{f"{part}_weight": Decimal(weight) for part, weight in weights.items()},
    }


def _bounds(bands: list[dict[str, Any]]) -> list[tuple[str, Decimal | None]]:
    return [
        (band["light"], None if band["lower"] is None else Decimal(band["lower"]))
        for band in bands
    ]


def _is_as(rules: RatingRules, values: dict, bands: list[dict[str, Any]]) -> bool:
    held = list(rules.bands.order_by("position").values_list("light", "lower"))
    return held == _bounds(bands) and all(
        getattr(rules, field) == value for field, value in values.items()
    )


def _write_bands(rules: RatingRules, bands: list[dict[str, Any]]) -> None:
    for position, (light, lower) in enumerate(_bounds(bands)):
        LightBand.objects.create(
            rules=rules, light=light, lower=lower, position=position
        )
