"""A migrated database of SQLite, kept from run to run: to migrate takes ten seconds."""

import hashlib
import inspect
import os
import shutil
from pathlib import Path

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


def take(template: Path, path: Path) -> bool:
    """Put a copy of the template at `path`; False where there is none yet."""
    if not template.exists():
        return False
    shutil.copyfile(template, path)
    return True


def keep(template: Path) -> None:
    """Keep the test database as it is now; workers may do so at the same time."""
    if template.exists():
        return
    own = template.with_suffix(f".{os.getpid()}")
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(own)])
    own.replace(template)
    for outdated in template.parent.glob("*.sqlite3"):
        if outdated != template:
            outdated.unlink(missing_ok=True)
