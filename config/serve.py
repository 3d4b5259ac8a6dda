"""Bring the portal up on this machine: tables, reference data, demonstration, server.

`make run` and the image call it. Once all is in place it is gunicorn.
"""

import os
import socket
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from gunicorn.app import wsgiapp as gunicorn

GUNICORN_CONF = Path(__file__).resolve().parent / "gunicorn.py"


def is_taken(host: str, port: int) -> bool:
    """Say whether another program listens on `port` of `host`."""
    with socket.socket() as probe:
        # As gunicorn does: a port that a closed connection still lingers on is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def prepare() -> None:
    """Create or bring forward what the server needs; a second call changes nothing."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference")
    if settings.DEBUG:
        call_command("load_demo")
        call_command("make_city", demo=True)
    elif not has_fresh_static_files():
        call_command("collectstatic", verbosity=0, interactive=False)


def has_fresh_static_files() -> bool:
    """Say whether all static files were collected after the last of ours changed."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return False
    ours = (path for folder in settings.STATICFILES_DIRS for path in folder.rglob("*"))
    newest = max(path.stat().st_mtime for path in ours)
    return newest <= manifest.stat().st_mtime


def leave_databases() -> None:
    """Close connections and pools, which the serving children must not inherit."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def main() -> int:
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        print(f"PORT={port} is no port: give a number up to 65535", file=sys.stderr)
        return 2
    if is_taken(host, int(port)):
        words = f"Port {port} of {host} is in use; choose another: make run PORT=8001"
        print(words, file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare()
    print(f"Serving on http://{host}:{port}/ (Ctrl+C stops)", flush=True)
    leave_databases()
    # In this process, because a new one would take seconds to load all again.
    sys.argv = ["gunicorn", "--config", str(GUNICORN_CONF), "config.wsgi"]
    gunicorn.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
