"""A migrated database of SQLite, kept from run to run: to migrate takes ten seconds."""

import fcntl
import hashlib
import inspect
import os
import shutil
from pathlib import Path
from typing import IO

import django
from django.db import connections
from django.db.migrations.loader import MigrationLoader


def template_in(folder: Path) -> Path:
    """Return where the database that all migrations of today give is kept.

    Its name is a digest of them, those of others included: another migration, or
    another Django, is another database.
    """
    digest = hashlib.sha256(django.__version__.encode())
    migrations = MigrationLoader(None).disk_migrations
    for key, migration in sorted(migrations.items()):
        source = Path(inspect.getfile(type(migration)))
        digest.update(repr(key).encode() + source.read_bytes())
    return folder / f"{digest.hexdigest()[:32]}.sqlite3"


# Held while a template is made: the other workers then wait for it, and migrate nothing.
_locks: dict[Path, IO[str]] = {}


def take(template: Path, path: Path) -> bool:
    """Put a copy of the template at `path`; False where this process is to make it.

    Then it calls `keep` once it has; whoever else asks meanwhile waits until that.
    """
    lock = template.with_suffix(".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not template.exists():
        _locks[template] = lock
        return False
    lock.close()
    shutil.copyfile(template, path)
    return True


def keep(template: Path) -> None:
    """Keep the test database as it is now, where this process is the one to make it."""
    lock = _locks.pop(template, None)
    if lock is None:
        return
    own = template.with_suffix(f".{os.getpid()}")
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(own)])
    own.replace(template)
    for outdated in template.parent.glob("*.sqlite3"):
        if outdated != template:
            outdated.unlink(missing_ok=True)
            outdated.with_suffix(".lock").unlink(missing_ok=True)
    lock.close()
