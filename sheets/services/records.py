"""What one import has written: enough to take it back, and no more."""

import json
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bsc.models import LineageStep, UnitName
from sheets.proposals.slates import Key, Slate
from sheets.services.rows import has_history

type Values = dict[str, Any]

LEVEL = 1
# What has no noun of its own is counted with what it belongs to.
COUNTED_WITH = {UnitName: "units"}


class _Encoder(DjangoJSONEncoder):
    """Keeps a moment to the microsecond, as the database does."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Record:
    """The rows an import created, changed and removed, by the label of their model.

    Models stand in the order they were written, each with its noun if it has one. Of
    a created row only its key is kept: its history knows how it was written; of one
    without history all values are. Of a changed row each changed column is kept as
    before and after, of a removed row every column. Of a row that the file shows as
    it stood, `confirmed` keeps the columns shown: groups of columns and keys. Values
    are as JSON keeps them; `value_of` brings them back.
    """

    def __init__(self, told: dict[str, Any] | None = None) -> None:
        told = told or {}
        self.order: list[str] = told.get("order", [])
        self.nouns: dict[str, str] = told.get("nouns", {})
        self.created: dict[str, dict[str, Values | None]] = told.get("created", {})
        self.changed: dict[str, dict[str, dict[str, list]]] = told.get("changed", {})
        self.removed: dict[str, list[Values]] = told.get("removed", {})
        self.cards: list[list] = told.get("cards", [])
        self.confirmed: dict[str, list[tuple[list[str], list[int]]]] = told.get(
            "confirmed", {}
        )

    @classmethod
    def unpacked(cls, packed: bytes | memoryview) -> "Record":
        return cls(json.loads(zlib.decompress(bytes(packed))))

    def packed(self) -> bytes:
        told = json.dumps(
            vars(self), cls=_Encoder, ensure_ascii=False, separators=(",", ":")
        )
        return zlib.compress(told.encode(), LEVEL)

    def note_cards(self, keys: Iterable[Key]) -> None:
        """Note unit, year and plan of the cards that the import spoke of."""
        self.cards = [list(key) for key in keys]

    def note_removed(
        self, model: type[models.Model], rows: Iterable[models.Model]
    ) -> None:
        if gone := [values_of(row) for row in rows]:
            self.removed[model._meta.label] = gone

    def note_written(self, slate: Slate) -> None:
        """Note what a slate has created and changed, once it is written."""
        label = slate.model._meta.label
        self.order.append(label)
        if noun := slate.noun or COUNTED_WITH.get(slate.model):
            self.nouns[label] = noun
        if slate.created:
            is_kept = has_history(slate.model)
            self.created[label] = {
                str(row.pk): None if is_kept else values_of(row)
                for row in slate.created.values()
            }
        if slate.changed:
            self.changed[label] = {
                str(slate.rows[key].pk): slate.change_of(key) for key in slate.changed
            }
        self._note_confirmed(slate)

    def _note_confirmed(self, slate: Slate) -> None:
        if issubclass(slate.model, LineageStep):
            # Found again from the cards that are there; no sheet shows it.
            return
        groups: dict[tuple[str, ...], list[int]] = {}
        for key, columns in slate.confirmed():
            groups.setdefault(tuple(columns), []).append(slate.rows[key].pk)
        if groups:
            self.confirmed[slate.model._meta.label] = [
                (list(columns), keys) for columns, keys in groups.items()
            ]


def values_of(row: models.Model) -> Values:
    """Return every column of a row by its name."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
    }


def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)


def value_of(model: type[models.Model], column: str, kept: Any) -> Any:
    """Return a value of a record as the column of its model holds it."""
    return model._meta.get_field(column).to_python(kept)
