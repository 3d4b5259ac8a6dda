"""Rows that should stand, held against the rows that do."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db import models


class Slate[Row: models.Model]:
    """The rows of one model that a file speaks of.

    `rows` are those in the database, by a key that says where a row belongs. `put`
    finds or makes one and sets what the file says of it. New rows may point at new
    rows of other slates: they get their keys when they are written.
    """

    def __init__(
        self,
        model: type[Row],
        rows: Iterable[Row],
        key: Callable[[Row], Hashable],
        noun: str = "",
    ) -> None:
        self.model = model
        self.noun = noun
        self.rows: dict[Hashable, Row] = {key(row): row for row in rows}
        self.known = set(self.rows)
        self.created: dict[Hashable, Row] = {}
        self.changed: dict[Hashable, set[str]] = {}
        self._before: dict[Hashable, dict[str, Any]] = {}
        self.seen: set[Hashable] = set()
        self.touched: set[Hashable] = set()

    def get(self, key: Hashable) -> Row | None:
        return self.rows.get(key)

    def put(self, key: Hashable, **values: Any) -> Row:
        """Return the row under `key` with `values` set, noting what changed."""
        self.seen.add(key)
        row = self.rows.get(key)
        if row is None:
            row = self.model(**values)
            self.rows[key] = self.created[key] = row
            return row
        for name, value in values.items():
            if _differs(row, name, value):
                self._set(key, row, name, value)
        return row

    def _set(self, key: Hashable, row: Row, name: str, value: Any) -> None:
        """Set one field; one that ends as it began has not changed."""
        if key not in self.created:
            attribute = row._meta.get_field(name).attname
            before = self._before.setdefault(key, {})
            before.setdefault(name, getattr(row, attribute))
        setattr(row, name, value)
        if key in self.created:
            return
        changed = self.changed.setdefault(key, set())
        if getattr(row, attribute) == before[name]:
            changed.discard(name)
        else:
            changed.add(name)
        if not changed:
            del self.changed[key]

    def touch(self, key: Hashable) -> None:
        """Count the row as changed: something that belongs to it changes."""
        if key not in self.created:
            self.touched.add(key)

    def left(self, covered: Callable[[Hashable], bool]) -> list[Row]:
        """Return the known rows the file should show and does not."""
        return [
            self.rows[key]
            for key in self.known
            if key not in self.seen and covered(key)
        ]

    def counts(self, covered: Callable[[Hashable], bool]) -> dict[str, int]:
        changed = (self.changed.keys() | self.touched) & self.known
        return {
            "created": len(self.created),
            "changed": len(changed),
            "unchanged": len((self.seen & self.known) - changed),
            "left": len(self.left(covered)),
            "removed": 0,
        }

    @property
    def is_changed(self) -> bool:
        return bool(self.created or self.changed)


def _differs(row: models.Model, name: str, value: Any) -> bool:
    """Say whether a field holds something else; relations are compared by key."""
    field = row._meta.get_field(name)
    if not field.is_relation:
        return getattr(row, name) != value
    if value is not None and value.pk is None:
        return True
    return getattr(row, field.attname) != (value.pk if value is not None else None)
