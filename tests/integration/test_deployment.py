"""The commands of docker-compose.yml run, without containers, on real servers."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from tests import servers

SERVICES = yaml.safe_load((servers.PROJECT_DIR / "docker-compose.yml").read_text())[
    "services"
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the environment of the services, with servers and folders of this run."""
    folder = tmp_path_factory.mktemp("deployment")
    with servers.postgres() as database_url, servers.broker() as broker_url:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        yield {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        } | {
            "SECRET_KEY": "only for this test",
            "DATABASE_URL": database_url,
            "REDIS_URL": broker_url,
            "DEBUG": SERVICES["web"]["environment"]["DEBUG"],
            "ALLOWED_HOSTS": "127.0.0.1",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "PORT": str(port),
        }


@contextmanager
def running(
    name: str, environment: dict[str, str], log: Path, options: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen]:
    """Run the command of a service until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_command(name), *options],
            env=environment,
            cwd=servers.PROJECT_DIR,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _command(name: str) -> list[str]:
    program, *arguments = SERVICES[name]["command"]
    programs = {
        "python": [sys.executable],
        "celery": [sys.executable, "-m", "celery"],
    }
    return [*programs[program], *arguments]


def _await(is_ready: Callable[[], bool], process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 90
    while not is_ready():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.3)


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_web_worker_and_beat_start_and_are_well(
    environment: dict[str, str], tmp_path: Path
):
    address = f"http://127.0.0.1:{environment['PORT']}"
    with ExitStack() as stack:
        log = tmp_path / "web.log"
        web = stack.enter_context(running("web", environment, log))
        _await(lambda: _status(f"{address}/login/") == 200, web, log)
        assert _status(f"{address}/static/css/plotly.css") == 200

        log = tmp_path / "worker.log"
        worker = stack.enter_context(running("worker", environment, log))
        _await(lambda: " ready." in log.read_text(), worker, log)
        ping = ["-m", "celery", "-A", "config", "inspect", "ping", "--timeout", "5"]
        answer = subprocess.run(
            [sys.executable, *ping],
            env=environment,
            cwd=servers.PROJECT_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "pong" in answer.stdout

        log, schedule = tmp_path / "beat.log", tmp_path / "beat"
        options = ("--schedule", str(schedule))
        beat = stack.enter_context(running("beat", environment, log, options))
        _await(lambda: any(tmp_path.glob("beat*[!g]")), beat, log)


def test_several_processes_without_a_broker_refuse_to_start():
    options = ["--config", "config/gunicorn.py", "--check-config", "config.wsgi"]
    answer = subprocess.run(
        [sys.executable, "-m", "gunicorn", *options],
        env=os.environ | {"WEB_CONCURRENCY": "2", "REDIS_URL": ""},
        cwd=servers.PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "needs REDIS_URL" in answer.stderr
