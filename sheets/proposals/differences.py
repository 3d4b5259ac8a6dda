"""What a file changes of the rows that stand: field by field, before and after."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheets.proposals.slates import Key, Slate

# A person looks at so many; what becomes of all is counted.
SHOWN = 200
# Where a row stands, which no person reads: a row that only moves is no news.
OF_THE_PLACE = {"position", "printed_row"}
OF_THE_CARD = 3


def differences_of(slates: Iterable[Slate]) -> tuple[list[dict[str, Any]], int]:
    """Return the first differences, and how many there are.

    Each has `model`, `thing` (what its key says), `field`, `before` and `after`; values are
    texts, "" where there was or is nothing. Relations are left out.
    """
    found: list[dict[str, Any]] = []
    count = 0
    for slate in slates:
        for key in sorted(slate.changed, key=str):
            for told in _of_row(slate, key):
                count += 1
                if count <= SHOWN:
                    found.append(told)
    return found, count


def _of_row(slate: Slate, key: Key) -> list[dict[str, Any]]:
    meta = slate.model._meta
    changed = slate.change_of(key)
    thing = key[OF_THE_CARD:] if len(key) > OF_THE_CARD else key
    return [
        {
            "model": meta.label,
            "thing": [str(part) for part in thing],
            "field": field.name,
            "before": _text(changed[field.attname][0]),
            "after": _text(changed[field.attname][1]),
        }
        for field in meta.concrete_fields
        if field.attname in changed
        if not field.is_relation and field.name not in OF_THE_PLACE
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
