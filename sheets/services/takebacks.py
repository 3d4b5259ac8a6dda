"""What of an import can be taken back, and what somebody changed since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from bsc.models import User
from kpi.models import Actual, SelfRating, Target
from sheets.models import ImportBatch
from sheets.proposals.dependents import DERIVED, KEYS_A_QUERY, Place, held
from sheets.services.confirmations import Confirmations, sealed
from sheets.services.records import Record, model_of, value_of
from sheets.services.rows import has_history

# What a person reviews or reasons as a whole: one column of it is not turned alone.
JUDGED = frozenset({Actual, SelfRating, Target})


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that is left as it is.

    `why` is changed, confirmed (a newer import shows it as it stands: `file` is its
    name), closed, in-use, removed, gone or taken.
    """

    row: models.Model | None
    label: str
    key: int
    why: str
    by: User | None = None
    at: datetime | None = None
    file: str = ""

    def as_json(self, nouns: dict[str, str]) -> dict[str, Any]:
        return {
            "noun": nouns.get(self.label, ""),
            "model": self.label,
            "key": self.key,
            "name": _name_of(self.row) if self.row is not None else "",
            "why": self.why,
            "by": self.by.get_username() if self.by else "",
            "at": self.at.isoformat() if self.at else "",
            "file": self.file,
        }


@dataclass(slots=True)
class Takeback:
    """Rows to remove, rows set to what they were with the columns set, rows left."""

    removed: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    changed: dict[type[models.Model], tuple[list[models.Model], list[str]]] = field(
        default_factory=dict
    )
    kept: list[Kept] = field(default_factory=list)

    def keep(self, row: models.Model, why: str) -> None:
        self.kept.append(Kept(row, row._meta.label, row.pk, why))

    def keep_for(self, row: models.Model, newer: ImportBatch) -> None:
        """Keep a row for a newer import that shows it as it stands."""
        by, at, file = newer.applied_by, newer.applied_at, newer.file_name
        self.kept.append(Kept(row, row._meta.label, row.pk, "confirmed", by, at, file))


def take_back(
    record: Record, reason: str, confirmed: Confirmations | None = None
) -> Takeback:
    """Return what would undo a record whose history bears `reason`. Writes nothing.

    What newer imports show as it stands is `confirmed` and stays, and so does what
    belongs to a card that is closed. A few queries a model, however many rows.
    """
    confirmed = confirmed or Confirmations()
    found = Takeback()
    turning: dict[Place, dict[str, object]] = {}
    for label in record.order:
        _changed(model_of(label), record, found, turning, reason, confirmed)
    going: dict[type[models.Model], dict[int, models.Model]] = {}
    for label in reversed(record.order):
        if label in record.created:
            model = model_of(label)
            same = _as_written(model, record.created[label], reason, found)
            going[model] = _going(model, same, found, confirmed)
    holders = held(going, turning)
    # What only carries a row that stays needs no word of its own.
    told = {(model_of(kept.label), kept.key) for kept in found.kept}
    outer = {
        place: by
        for place, by in holders.items()
        if by not in holders and by not in told
    }
    for model, rows in going.items():
        stays = [key for key in rows if (model, key) in outer]
        _keep(model, {key: rows[key] for key in stays}, "in-use", found)
        found.removed[model] = [
            row for key, row in rows.items() if (model, key) not in holders
        ]
    return found


def _going(
    model: type[models.Model],
    rows: dict[int, models.Model],
    found: Takeback,
    confirmed: Confirmations,
) -> dict[int, models.Model]:
    """Return the rows that may go; note those that a newer import or a seal keeps."""
    closed = sealed(model, rows)
    going = {}
    for key, row in rows.items():
        _, newer = confirmed.of(row)
        if key in closed:
            found.keep(row, "closed")
        elif newer is not None:
            found.keep_for(row, newer)
        else:
            going[key] = row
    return going


def missing_targets(
    model: type[models.Model], rows: Iterable[models.Model]
) -> set[Place]:
    """Return the rows that `rows` point at and that are no longer there."""
    rows = list(rows)
    missing: set[Place] = set()
    for column in model._meta.concrete_fields:
        if not column.is_relation:
            continue
        wanted = {getattr(row, column.attname) for row in rows} - {None}
        above = column.related_model
        for some in batched(wanted, KEYS_A_QUERY):
            there = above._base_manager.filter(pk__in=some)
            missing |= {
                (above, key) for key in {*some} - {*there.values_list("pk", flat=True)}
            }
    return missing


def _changed(
    model: type[models.Model],
    record: Record,
    found: Takeback,
    turning: dict[Place, dict[str, object]],
    reason: str,
    confirmed: Confirmations,
) -> None:
    """Set changed rows to what they were; one that says something else is kept.

    So is what a newer import shows: its columns stay, and the others turn back.
    """
    changes = record.changed.get(model._meta.label)
    if not changes:
        return
    rows = _rows(model, [int(key) for key in changes])
    written = _written(model, {}, rows.keys(), reason) if model in JUDGED else {}
    closed = sealed(model, rows)
    away = {int(key) for key in changes} - rows.keys()
    found.kept += [Kept(None, model._meta.label, key, "removed") for key in away]
    back, kept, columns = [], {}, set()
    for key, row in rows.items():
        change = changes[str(key)]
        if any(
            getattr(row, column) != value_of(model, column, after)
            for column, (_, after) in change.items()
        ) or any(
            getattr(row, column) != value
            for column, value in written.get(key, {}).items()
        ):
            kept[key] = row
            continue
        if key in closed:
            found.keep(row, "closed")
            continue
        shown, newer = confirmed.of(row)
        if newer and shown & change.keys():
            found.keep_for(row, newer)
            # What is judged as a whole turns whole, or not at all.
            if model in JUDGED:
                continue
            change = {name: change[name] for name in change.keys() - shown}
        for column, (before, _) in change.items():
            value = value_of(model, column, before)
            setattr(row, column, value)
            turning.setdefault((model, key), {})[column] = value
        columns |= change.keys()
        back.append(row)
    _keep(model, kept, "changed", found)
    names = {model._meta.get_field(column).name for column in columns}
    found.changed[model] = (back, sorted(names))


def _as_written(
    model: type[models.Model], created: dict[str, Any], reason: str, found: Takeback
) -> dict[int, models.Model]:
    """Return the created rows that are as the import wrote them; note the others.

    One that somebody removed needs nothing more.
    """
    rows = _rows(model, [int(key) for key in created])
    written = _written(model, created, rows.keys(), reason)
    derived = DERIVED.get(model, frozenset())
    same, kept = {}, {}
    for key, row in rows.items():
        values = written.get(key, {})
        is_same = all(
            getattr(row, column) == value
            for column, value in values.items()
            if column not in derived
        )
        (same if is_same else kept)[key] = row
    _keep(model, kept, "changed", found)
    return same


def _written(
    model: type[models.Model], created: dict[str, Any], keys: Iterable[int], reason: str
) -> dict[int, dict[str, Any]]:
    """Return how the import left each row: its last history by the import tells."""
    if not has_history(model):
        return {
            int(key): {
                column: value_of(model, column, kept) for column, kept in values.items()
            }
            for key, values in created.items()
        }
    names = [column.attname for column in model.history.model.tracked_fields]
    by_import = Q(history_change_reason=reason) | Q(
        history_change_reason__startswith=f"{reason}:"
    )
    written: dict[int, dict[str, Any]] = {}
    for some in batched(keys, KEYS_A_QUERY):
        told = model.history.filter(by_import, id__in=some).order_by("history_id")
        for values in told.values(*names):
            written[values["id"]] = values
    return written


def _rows(model: type[models.Model], keys: list[int]) -> dict[int, models.Model]:
    return {
        row.pk: row
        for some in batched(keys, KEYS_A_QUERY)
        for row in model._base_manager.filter(pk__in=some)
    }


def _keep(
    model: type[models.Model], rows: dict[int, models.Model], why: str, found: Takeback
) -> None:
    """Note rows as left, with who changed each last and when, where history knows."""
    last = dict(_last_changes(model, rows)) if rows and has_history(model) else {}
    for key, row in rows.items():
        by, at = last.get(key, (None, None))
        found.kept.append(Kept(row, model._meta.label, key, why, by, at))


def _last_changes(
    model: type[models.Model], keys: Iterable[int]
) -> Iterator[tuple[int, tuple[User | None, datetime]]]:
    for some in batched(keys, KEYS_A_QUERY):
        told = model.history.filter(id__in=some).select_related("history_user")
        for one in told.order_by("history_id"):
            yield one.id, (one.history_user, one.history_date)


def _name_of(row: models.Model) -> str:
    """Return what a row is called, after the KPI it belongs to."""
    try:
        kpi = getattr(row, "kpi", None)
        return f"{kpi.code}: {row}" if kpi is not None else str(row)
    except ObjectDoesNotExist:
        # What it belonged to is gone.
        return f"{row._meta.verbose_name} {row.pk}"
