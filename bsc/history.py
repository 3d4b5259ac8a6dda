"""Many rows of one model written at once, with the versions that history keeps.

What simple-history's bulk functions write, without an object a version and without
compiling every value into the statement, which together cost more than the writing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from bsc.models import User

BATCH_SIZE = 500
CREATED, CHANGED, REMOVED = "+", "~", "-"
MISSING = object()

type Columns = dict[str, list[Any]]


@transaction.atomic(savepoint=False)
def create_with_history(
    rows: Sequence[models.Model], *, by: User | None, reason: str
) -> None:
    """Insert new rows of one model, and a version of each where it keeps any.

    Rows without a key get one here, and all those of the rows they point at. A model
    with a column that the database itself fills cannot be written so.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    key = model._meta.pk
    columns = _prepared(rows, fields, is_new=True)
    new = iter(_new_keys(model, sum(row.pk is None for row in rows)))
    keys = [next(new) if row.pk is None else row.pk for row in rows]
    columns[key.attname] = keys
    _insert(model, [key, *fields], columns)
    alias = connection.alias
    for row, number in zip(rows, keys, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, alias
    _keep(model, rows, columns, CREATED, by, reason)


@transaction.atomic(savepoint=False)
def update_with_history(
    rows: Sequence[models.Model],
    names: Iterable[str],
    *,
    by: User | None,
    reason: str,
) -> None:
    """Update the named fields of rows that stand, and keep a version of each."""
    names = list(names)
    if not rows or not names:
        return
    model = type(rows[0])
    changed = [model._meta.get_field(name) for name in names]
    columns = _prepared(rows, model._meta.concrete_fields, is_new=False)
    key = model._meta.pk
    quoted = connection.ops.quote_name
    news = ", ".join(f"{quoted(field.column)} = %s" for field in changed)
    _execute(
        f"UPDATE {quoted(model._meta.db_table)} SET {news}"
        f" WHERE {quoted(key.column)} = %s",
        [columns[field.attname] for field in (*changed, key)],
    )
    _keep(model, rows, columns, CHANGED, by, reason)


def keep_removed(rows: Sequence[models.Model], *, by: User | None, reason: str) -> None:
    """Keep a last version of rows of one model that the caller removes."""
    if not rows:
        return
    model = type(rows[0])
    columns = _prepared(rows, model._meta.concrete_fields, is_new=False)
    _keep(model, rows, columns, REMOVED, by, reason)


def _keep(
    model: type[models.Model],
    rows: Sequence[models.Model],
    columns: Columns,
    what: str,
    by: User | None,
    reason: str,
) -> None:
    """Insert a version of every row, made of the values that were written.

    A row may bear a person and a reason of its own, as simple-history has it.
    """
    if not hasattr(model, "history"):
        return
    kept = get_history_manager_for_model(model).model
    user = by or kept.get_default_history_user(rows[0])
    now = timezone.now()
    said = {
        "history_date": (now for _ in rows),
        "history_change_reason": (
            getattr(row, "_change_reason", None) or reason for row in rows
        ),
        "history_type": (what for _ in rows),
        "history_user_id": (
            person.pk if person is not None else None
            for person in (getattr(row, "_history_user", user) for row in rows)
        ),
    }
    fields = {field.attname: field for field in kept._meta.concrete_fields}
    more = {
        name: list(_each_once(fields[name], values)) for name, values in said.items()
    }
    tracked = [field.attname for field in kept.tracked_fields]
    _insert(kept, [fields[name] for name in (*tracked, *said)], columns | more)


def _prepared(
    rows: Sequence[models.Model], fields: Iterable[models.Field], *, is_new: bool
) -> Columns:
    """Return the values of each column as the database takes them."""
    columns = {}
    for field in fields:
        if field.is_relation:
            _take_key(rows, field)
        values = (field.pre_save(row, is_new) for row in rows)
        columns[field.attname] = list(_each_once(field, values))
    return columns


def _take_key(rows: Sequence[models.Model], field: models.ForeignKey) -> None:
    """Let rows point at the keys that new rows have got since they were set."""
    for row in rows:
        related = field.get_cached_value(row, default=None)
        if related is not None:
            setattr(row, field.attname, related.pk)


def _each_once(field: models.Field, values: Iterable[Any]) -> Iterator[Any]:
    """Yield each value prepared; what recurs, and most of it does, is prepared once."""
    done: dict[Any, Any] = {}
    prepare = field.get_db_prep_save
    is_json = isinstance(field, models.JSONField)
    for value in values:
        if is_json:
            yield prepare(value, connection)
            continue
        # 1 and True are one key of a dict, and may be two values of a column.
        at = value.__class__, value
        held = done.get(at, MISSING)
        if held is MISSING:
            held = done[at] = prepare(value, connection)
        yield held


def _new_keys(model: type[models.Model], count: int) -> list[int]:
    """Return keys that no row has had, and that nobody else will be given.

    SQLite has one writer at a time, which we are: its transactions begin IMMEDIATE.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s))"
                " FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        held = cursor.fetchone()
        last = held[0] if held else 0
    return list(range(last + 1, last + 1 + count))


def _insert(
    model: type[models.Model], fields: Sequence[models.Field], columns: Columns
) -> None:
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in fields)
    _execute(
        f"INSERT INTO {quoted(model._meta.db_table)} ({names})"
        f" VALUES ({', '.join(['%s'] * len(fields))})",
        [columns[field.attname] for field in fields],
    )


def _execute(sql: str, columns: Sequence[list[Any]]) -> None:
    with connection.cursor() as cursor:
        for some in batched(zip(*columns, strict=True), BATCH_SIZE):
            cursor.executemany(sql, some)
