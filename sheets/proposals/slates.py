"""Rows that should stand, held against the rows that do."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from django.db import models

type Key = tuple[Hashable, ...]
type Test = Callable[[Any], Hashable]


class Slate[Row: models.Model]:
    """The rows of one model that a file speaks of.

    `rows` are those in the database, by a key that says where a row belongs. `put`
    finds or makes one and sets what the file says of it. New rows may point at new
    rows of other slates: they get their keys when they are written. Rows of one
    `group` are counted as one.
    """

    def __init__(
        self,
        model: type[Row],
        rows: Iterable[Row],
        key: Callable[[Row], Key],
        noun: str = "",
        group: Callable[[Key, Row], Hashable] | None = None,
    ) -> None:
        self.model = model
        self.noun = noun
        self.group = group
        self.rows: dict[Key, Row] = {key(row): row for row in rows}
        self.known = set(self.rows)
        self.created: dict[Key, Row] = {}
        self.changed: dict[Key, set[str]] = {}
        self.removed: dict[Key, Row] = {}
        self.withdrawn: set[Key] = set()
        # Why a row changed, where that is more than that a file was brought in.
        self.reasons: dict[Key, str] = {}
        self.seen: set[Key] = set()
        # Which fields the file shows of a row; those of many rows are one tuple.
        self.shown: dict[Key, tuple[str, ...]] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._parts: list[tuple[Slate, Key, Key]] = []
        self._before: dict[Key, dict[str, Any]] = {}
        self._below: dict[Key, list[Key]] | None = None

    def get(self, key: Key) -> Row | None:
        return self.rows.get(key)

    def below(self, parent: Key) -> list[Key]:
        """Return the keys of the known rows right below `parent`, in no order."""
        if self._below is None:
            self._below = defaultdict(list)
            for key in self.known:
                self._below[key[:-1]].append(key)
        return self._below.get(parent, [])

    def put(self, key: Key, **values: Any) -> Row:
        """Return the row under `key` with `values` set, noting what changed."""
        self.seen.add(key)
        row = self.rows.get(key)
        if row is None:
            row = self.model(**values)
            self.rows[key] = self.created[key] = row
            return row
        self.note_shown(key, values)
        self.change(key, **values)
        return row

    def note_shown(self, key: Key, fields: Iterable[str]) -> None:
        """Note that the file shows these fields of a row that stands, as they are set."""
        names = (*self.shown.get(key, ()), *fields)
        self.shown[key] = self._names.setdefault(names, names)

    def confirmed(self) -> Iterator[tuple[Key, list[str]]]:
        """Yield the known rows with the columns that the file shows as they stood."""
        for key, names in self.shown.items():
            if key in self.created or key not in self.rows:
                continue
            changed = self.changed.get(key, ())
            meta = self.model._meta
            kept = {meta.get_field(name).attname for name in {*names} - {*changed}}
            if kept:
                yield key, sorted(kept)

    def put_at(self, key: Key, place: dict[str, str], **values: Any) -> Row:
        """Put a row that notes the place where it was printed.

        The place is no content: a row whose content stands keeps the one it has,
        and another file that says the same changes nothing.
        """
        row = self.put(key, **values)
        said = self.changed.get(key, set()) - place.keys()
        if key in self.created or said:
            self.change(key, **place)
        elif before := self._before.get(key):
            self.change(key, **{n: before[n] for n in place if n in before})
        return row

    def add(self, key: Key, row: Row) -> None:
        """Take a new row as it is."""
        self.rows[key] = self.created[key] = row
        self.seen.add(key)

    def show(self, key: Key, row: Row) -> None:
        """Take a row that stands in the database and that the file speaks of."""
        self.rows[key] = row
        self.known.add(key)
        self.seen.add(key)

    def change(self, key: Key, **values: Any) -> None:
        """Set fields of a row that stands; it is not shown by that."""
        row = self.rows[key]
        for name, value in values.items():
            if _differs(row, name, value):
                self._set(key, row, name, value)

    def _set(self, key: Key, row: Row, name: str, value: Any) -> None:
        """Set one field; one that ends as it began has not changed."""
        if key in self.created:
            setattr(row, name, value)
            return
        attribute = row._meta.get_field(name).attname
        before = self._before.setdefault(key, {})
        before.setdefault(name, getattr(row, attribute))
        setattr(row, name, value)
        changed = self.changed.setdefault(key, set())
        if getattr(row, attribute) == before[name]:
            changed.discard(name)
        else:
            changed.add(name)
        if not changed:
            del self.changed[key]

    def remove(self, key: Key) -> None:
        """Take a row away, as it stands in the database."""
        row = self.removed[key] = self.rows.pop(key)
        self.known.discard(key)
        self.changed.pop(key, None)
        for name, value in self._before.pop(key, {}).items():
            setattr(row, row._meta.get_field(name).attname, value)

    def rekey(self, key: Key, to: Key) -> None:
        """Let a row that stands be found under another key."""
        self.rows[to] = self.rows.pop(key)
        self.known.discard(key)
        self.known.add(to)
        for kept in (self.changed, self._before, self.shown):
            if key in kept:
                kept[to] = kept.pop(key)
        self._below = None

    def withdraw(self, key: Key) -> None:
        """Keep a row that has figures, but take it out of the plan."""
        self.change(key, is_withdrawn=True)
        self.withdrawn.add(key)

    def change_of(self, key: Key) -> dict[str, list[Any]]:
        """Return before and after by column for a row that has changed.

        Relations are keys; after is None for a new row that is not written yet.
        """
        row, before = self.rows[key], self._before[key]
        columns = {
            name: row._meta.get_field(name).attname for name in self.changed[key]
        }
        return {
            column: [before[name], getattr(row, column)]
            for name, column in sorted(columns.items())
        }

    def has_part(self, key: Key, parts: "Slate", part: Key) -> None:
        """Count the row as changed where a row that belongs to it does."""
        self._parts.append((parts, part, key))

    def _touched(self) -> set[Key]:
        return {
            key
            for parts, part, key in self._parts
            if part in parts.created or part in parts.changed or part in parts.removed
        }

    def left(self, covered: Callable[[Key], bool]) -> list[Key]:
        """Return the keys of known rows that the file should show and does not.

        What was withdrawn from the plan is not missed.
        """
        return [
            key
            for key in self.known
            if key not in self.seen
            and covered(key)
            and not getattr(self.rows[key], "is_withdrawn", False)
        ]

    def counts(self, covered: Callable[[Key], bool]) -> dict[str, int]:
        """Return how many things are created, changed, unchanged, left and removed.

        What is withdrawn is counted as removed.
        """
        changed = (self.changed.keys() | self._touched()) & self.known & self.seen
        told: set[Hashable] = set()
        found = {}
        for name, keys in (
            ("created", self.created),
            ("changed", changed),
            ("unchanged", self.seen & self.known),
            ("left", self.left(covered)),
        ):
            things = {self._thing(key) for key in keys}
            found[name] = len(things if name == "left" else things - told)
            told |= things
        gone = {self._thing(key) for key in (*self.removed, *self.withdrawn)}
        return {**found, "removed": len(gone)}

    def _thing(self, key: Key) -> Hashable:
        if self.group is None:
            return key
        return self.group(key, self.rows.get(key) or self.removed[key])


def align(
    known: Iterable[Key], printed: Iterable[Any], tests: Iterable[tuple[Test, Test]]
) -> list[Key | None]:
    """Return for each printed thing the key of the row it is, None for a new one.

    `tests` are pairs of what a key and what a printed thing are compared by, the
    surest first; None compares with nothing. What is left over after them is paired
    in its order: a cell that prints another thing in the same place has changed.
    """
    printed = list(printed)
    free = list(known)
    found: list[Key | None] = [None] * len(printed)
    for of_key, of_printed in (*tests, (lambda _: 0, lambda _: 0)):
        waiting = defaultdict(list)
        for key in free:
            waiting[of_key(key)].append(key)
        for place, thing in enumerate(printed):
            wanted = of_printed(thing)
            if found[place] is None and wanted is not None and waiting[wanted]:
                found[place] = waiting[wanted].pop(0)
                free.remove(found[place])
    return found


def places(before: Iterable[int | None]) -> list[int]:
    """Return positions in ascending order for things that had these, None for new.

    A position stays while it is higher than the one before. From the first that is
    not, all are new and above any that stood: no two rows bear one number, not even
    while they are written.
    """
    before = list(before)
    top = max((place for place in before if place is not None), default=0)
    found: list[int] = []
    for place in before:
        last = found[-1] if found else 0
        if place is None or place <= last:
            place = top = top + 1
        found.append(place)
    return found


def _differs(row: models.Model, name: str, value: Any) -> bool:
    """Say whether a field holds something else; relations are compared by key."""
    field = row._meta.get_field(name)
    if not field.is_relation:
        return getattr(row, name) != value
    if value is not None and value.pk is None:
        return True
    return getattr(row, field.attname) != (value.pk if value is not None else None)
