"""The portal as it is deployed: its health, its safety, the commands of its services."""

import json
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
from django.test import Client

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
    # As the proxy with TLS asks.
    request = urllib.request.Request(url, headers={"X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_health_is_told_to_anybody_and_nothing_else_is(client: Client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True})
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_broker_that_is_there_is_part_of_health(
    client: Client, db, settings, broker_url: str
):
    settings.REDIS_URL = broker_url
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"database": True, "broker": True},
    )


def test_a_broker_that_is_gone_is_a_portal_that_is_not_well(
    client: Client, db, settings
):
    settings.REDIS_URL = NOWHERE["REDIS_URL"]
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"database": True, "broker": False},
    )


def test_a_browser_that_asks_for_the_icon_by_its_fixed_name_gets_it(client: Client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\0\0\1\0")


# Nobody listens there.
NOWHERE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}
PRODUCTION = {
    "SECRET_KEY": "".join(map(chr, range(48, 112))),
    "DEBUG": "0",
    "ALLOWED_HOSTS": "kpi.example.gov.tw",
    "MAIL_URL": "smtp+tls://portal:unused@mail.example.gov.tw:587",
}
ASK = """
import json
import django
django.setup()
from django.test import Client

client = Client(headers={"Host": "kpi.example.gov.tw"})
answers = [
    client.get(path, secure=is_secure)
    for path, is_secure in [("/login/", False), ("/login/", True), ("/healthz", False)]
]
told = [(one.status_code, dict(one.headers), one.content.decode()) for one in answers]
print(json.dumps(told))
"""


def in_production(arguments: list[str], **more: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        env=kept | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings"} | more,
        cwd=servers.PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_check_of_a_deployment_has_nothing_to_say():
    answer = in_production(["manage.py", "check", "--deploy", "--fail-level", "INFO"])
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout + answer.stderr


@pytest.mark.slow
def test_pages_are_had_by_https_alone_and_health_without(tmp_path: Path):
    collected = in_production(
        ["manage.py", "collectstatic", "--noinput"], STATIC_ROOT=str(tmp_path)
    )
    assert collected.returncode == 0, collected.stderr

    answer = in_production(["-c", ASK], STATIC_ROOT=str(tmp_path), **NOWHERE)
    plain, safe, health = json.loads(answer.stdout)

    assert plain[0] == 301
    assert plain[1]["Location"] == "https://kpi.example.gov.tw/login/"
    assert safe[1]["Strict-Transport-Security"] == "max-age=2592000"
    # With database and broker gone it says so, and not where they should be.
    assert health[0] == 503
    assert json.loads(health[2]) == {"database": False, "broker": False}


@pytest.mark.slow
def test_web_worker_and_beat_start_and_are_well(
    environment: dict[str, str], tmp_path: Path
):
    address = f"http://127.0.0.1:{environment['PORT']}"
    with ExitStack() as stack:
        log = tmp_path / "web.log"
        web = stack.enter_context(running("web", environment, log))
        _await(lambda: _status(f"{address}/healthz") == 200, web, log)
        for path in ("/login/", "/static/css/plotly.css", "/favicon.ico"):
            assert _status(address + path) == 200

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
