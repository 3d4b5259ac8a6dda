"""Worlds that many tests begin in: made once a run, and copied row by row after that."""

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

APPS = ("bsc", "kpi", "actions", "sheets")

type Rows = list[tuple[type[models.Model], list[str], list[tuple[Any, ...]]]]

_made: dict[Hashable, Rows] = {}


def bring(name: Hashable, prepare: Callable[[], None]) -> None:
    """Do to an empty database what `prepare` does; once made, a world is copied.

    Where there are rows of ours already it is prepared, as it may depend on them.
    """
    with transaction.atomic():
        if any(model._base_manager.exists() for model in _models()):
            prepare()
        elif name in _made:
            _write(_made[name])
        else:
            prepare()
            _made[name] = _read()


@cache
def _models() -> list[type[models.Model]]:
    """Return every model with a table of ours, those between two others included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
    ]


def _read() -> Rows:
    """Return all rows as the database itself gives them, by model and column."""
    found: Rows = []
    with connection.cursor() as cursor:
        for model in _models():
            columns = [field.column for field in model._meta.concrete_fields]
            cursor.execute(f"SELECT {_quoted(columns)} FROM {_table(model)}")
            if rows := cursor.fetchall():
                found.append((model, columns, rows))
    return found


def _write(world: Rows) -> None:
    # Keys to other rows are checked at the end of the transaction, so any order does.
    with connection.cursor() as cursor:
        for model, columns, rows in world:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {_table(model)} ({_quoted(columns)}) VALUES ({places})",
                rows,
            )
        # Keys were written, so where the database counts them it must be told.
        written = [model for model, _columns, _rows in world]
        for sql in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(sql)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(columns: list[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))
