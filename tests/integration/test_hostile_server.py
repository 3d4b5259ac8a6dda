"""Hostile files, sent to the real server: refused, and the next page is served."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import translation
from django.utils.html import escape

from sheets.messages import MESSAGES, SPECIAL_MESSAGES
from tests.servers import PROJECT_DIR
from tests.unit.test_package import REFUSED

pytestmark = pytest.mark.slow

# A page is served while a bomb is read beside it; reading has limits of its own.
PAGE_SECONDS = 10
READING_SECONDS = 90
# What the serving process may grow by, whatever is sent to it.
MEGABYTES = 120


@dataclass
class Reader:
    """A person at the server: pages and forms, with cookies and the token of forms."""

    address: str
    opener: urllib.request.OpenerDirector

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=READING_SECONDS) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict, *, form: str) -> tuple[str, str]:
        """Fill in the form at `form`; return where it led and the page there."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.get(form))
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token[1], **fields})
        request = urllib.request.Request(
            self.address + path,
            body,
            {"Content-Type": MULTIPART_CONTENT, "Referer": self.address + form},
        )
        with self.opener.open(request, timeout=READING_SECONDS) as answer:
            return answer.url, answer.read().decode()


@dataclass
class Upload:
    """A file as Django's encoder takes it."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"

    def read(self) -> bytes:
        return self.content


@dataclass
class Server:
    """The serving process and an address; its memory is that of all its processes."""

    process: subprocess.Popen
    address: str

    def megabytes(self) -> int:
        """Return the most memory that a process of the server ever had."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return max(_peak(pid) for pid in pids) // 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(c) for t in tasks for c in (t / "children").read_text().split()]


def _peak(pid: int) -> int:
    """Return the peak of a process's memory in kilobytes; 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Give the server as `make run` starts it, on a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    for command in (
        ["migrate", "--verbosity=0"],
        ["load_reference"],
        ["load_demo", f"--accounts={folder / 'accounts.json'}"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            env=environment,
            cwd=PROJECT_DIR,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "config/gunicorn.py",
                "config.wsgi",
            ],
            env=environment,
            cwd=PROJECT_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _await_page(address, process, folder / "log")
        yield Server(process, address)
    finally:
        process.terminate()
        process.wait(40)


def _await_page(address: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def planner(server: Server, folder: Path) -> Reader:
    """Return the demonstration's planner, logged in."""
    password = json.loads((folder / "accounts.json").read_text())["planner"]["password"]
    cookies = urllib.request.HTTPCookieProcessor(CookieJar())
    reader = Reader(server.address, urllib.request.build_opener(cookies))
    login = urllib.parse.urlsplit(reader.opener.open(server.address + "/imports/").url)
    fields = {"login": "planner", "password": password}
    where, _ = reader.post(login.path, fields, form=login.path)
    assert login.path not in where
    return reader


@pytest.fixture(scope="module")
def usual(server: Server, planner: Reader) -> int:
    """Return the memory of a server that has read a good file, in megabytes."""
    good = (PROJECT_DIR / "fixtures" / "workbooks" / "center-111.xlsx").read_bytes()
    assert "center-111.xlsx" in send(planner, good, "center-111.xlsx")
    return server.megabytes()


def send(planner: Reader, content: bytes, name: str = "plan.xlsx") -> str:
    """Upload a file, see that another page is served, and return the outcome's page."""
    file = Upload(name, content)
    where, shown = planner.post("/imports/new/", {"file": file}, form="/imports/new/")
    path = urllib.parse.urlsplit(where).path
    assert re.fullmatch(r"/imports/\d+/", path), shown
    started = time.monotonic()
    assert "</html>" in planner.get("/imports/")
    assert time.monotonic() - started < PAGE_SECONDS
    until = time.monotonic() + READING_SECONDS
    while "hx-get" in (shown := planner.get(path)):
        assert time.monotonic() < until, "the file is still being read"
        time.sleep(0.1)
    return shown


def sentences(code: str) -> list[str]:
    """Return how the sentences for a refusal begin, as a page of the city shows them."""
    with translation.override("zh-hant"):
        told = [str(MESSAGES[code])]
        told += [
            str(s) for (special, *_), s in SPECIAL_MESSAGES.items() if special == code
        ]
    return [escape(words.partition("%(")[0]) for words in told]


# Of the other kinds those that cost most to refuse; all are read without a server too.
COSTLY = {
    "ods_repeated_cells",
    "ods_bomb",
    "xls_sectors_in_a_circle",
    "xls_many_texts",
    "csv_one_line",
    "csv_nothing_but_commas",
    "csv_nothing_but_quotes",
}
SENT = [
    refused
    for refused in REFUSED
    if refused[1] == "plan.xlsx" or refused[0].__name__ in COSTLY
]


@pytest.mark.parametrize(
    ("build", "file_name", "code"),
    SENT,
    ids=[f"{build.__name__}-{name}" for build, name, _ in SENT],
)
def test_a_hostile_file_is_refused_and_the_next_page_is_served(
    server: Server,
    planner: Reader,
    usual: int,
    build: Callable[[], bytes],
    file_name: str,
    code: str,
):
    shown = send(planner, build(), file_name)
    assert 'class="severity-error"' in shown
    assert any(words in shown for words in sentences(code))
    assert "/apply/" not in shown
    started = time.monotonic()
    assert "</html>" in planner.get("/")
    assert time.monotonic() - started < PAGE_SECONDS
    assert server.process.poll() is None
    assert server.megabytes() - usual < MEGABYTES


def test_a_file_above_the_limit_is_refused_at_the_door(server: Server, planner: Reader):
    file = Upload("large.xlsx", os.urandom(20_000_001))
    with pytest.raises(urllib.error.HTTPError) as refused:
        planner.post("/imports/new/", {"file": file}, form="/imports/new/")
    assert refused.value.code == 422
    assert "</html>" in planner.get("/imports/")


def test_a_good_file_is_still_read_after_all_of_them(planner: Reader):
    good = (PROJECT_DIR / "fixtures" / "workbooks" / "city-109.xlsx").read_bytes()
    assert 'class="severity-error"' not in send(planner, good, "city-109.xlsx")
