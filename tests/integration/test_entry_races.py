"""Many people at the same moment: nothing is lost, nobody meets a locked database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse

from bsc.models import User
from kpi.models import Actual, Entry, Result, ReviewStep, SelfRating
from kpi.services import entries, review
from kpi.services.refusals import Conflict
from tests.factories import make_user
from tests.integration.offices import AT, PERIOD, Office, again, fresh
from tests.servers import PROJECT_DIR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE = 50


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(autouse=True)
def _a_connection_for_each() -> Iterator[None]:
    """Let every thread of this process have a connection of its own at once.

    The portal's own processes have eight threads at most, and a pool of that size.
    """
    default = connections["default"]
    if default.vendor != "postgresql":
        yield
        return
    options = default.settings_dict["OPTIONS"]
    before = options["pool"]

    def take(pool: Any) -> None:
        connections.close_all()
        default.close_pool()
        options["pool"] = pool

    take({"min_size": 1, "max_size": PEOPLE + 10, "timeout": 60})
    yield
    take(before)


@pytest.fixture
def clerks(office: Office) -> list[User]:
    return [
        make_user(f"clerk{at}", role="staff", unit=office.adult) for at in range(PEOPLE)
    ]


def at_once(work: Callable[[Any], Any], many: Sequence[Any]) -> list[Any]:
    """Return what `work` gives for each of many, all begun at the same moment.

    What a service refuses is the answer; anything else that is raised fails the test.
    """
    start = Barrier(len(many))

    def run(one: Any) -> Any:
        start.wait(60)
        try:
            return work(one)
        except ValidationError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(many)) as threads:
        return list(threads.map(run, many))


def test_of_many_different_first_values_one_is_kept_and_each_other_is_told(
    office: Office, clerks: list[User]
):
    def save(by: User) -> Entry:
        return office.save({"value": by.username.removeprefix("clerk")}, by=by)

    answers = at_once(save, clerks)

    kept = Entry.objects.get()
    saved = [answer for answer in answers if isinstance(answer, Entry)]
    told = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(saved), len(told), kept.version) == (1, PEOPLE - 1, 1)
    assert kept.typed == {"value": kept.entered_by.username.removeprefix("clerk")}
    for conflict in told:
        assert conflict.params["who"] == str(kept.entered_by)
        (difference,) = conflict.differences
        assert difference.stands == kept.typed["value"] != difference.mine


def test_the_same_value_of_many_is_one_and_nobody_is_told_of_a_conflict(
    office: Office, clerks: list[User]
):
    answers = at_once(lambda by: office.save({"value": "90"}, by=by), clerks)

    assert {answer.pk for answer in answers} == {Entry.objects.get().pk}
    assert Entry.objects.get().version == 1


@pytest.mark.slow
def test_no_words_are_lost_where_many_write_on(office: Office, clerks: list[User]):
    office.save({"explanation": "開始"})
    conflicts: list[Conflict] = []

    def write_on(by: User) -> Entry:
        while True:
            seen = Entry.objects.get()
            said = f"{seen.typed['explanation']} {by.username}"
            try:
                return office.save({"explanation": said}, by=by, version=seen.version)
            except Conflict as conflict:
                assert conflict.typed == {"explanation": said}
                conflicts.append(conflict)

    at_once(write_on, clerks)

    entry = Entry.objects.get()
    words = entry.typed["explanation"].split()
    assert sorted(words) == sorted(["開始", *(by.username for by in clerks)])
    assert entry.version == 1 + PEOPLE
    assert entry.writers.count() == 1 + PEOPLE
    assert {conflict.code for conflict in conflicts} <= {"stale"}


@pytest.mark.slow
def test_many_at_their_own_kpis_are_all_kept(office: Office, clerks: list[User]):
    kpis = {
        by: office.make_kpi(f"P{at}", owners=(office.adult,))
        for at, by in enumerate(clerks)
    }

    def go_on(by: User) -> Entry:
        entry = None
        for value in ("88", "89", "90"):
            version = entry.version if entry is not None else None
            entry = office.save({"value": value}, kpi=kpis[by], by=by, version=version)
        return office.submit(entry, by=by)

    answers = at_once(go_on, clerks)

    assert [answer for answer in answers if not isinstance(answer, Entry)] == []
    rows = Entry.objects.values_list("value", "version", "state")
    assert set(rows) == {(90, 4, "submitted")}
    assert Result.objects.filter(standing="provisional").count() == PEOPLE


def test_a_figure_is_approved_once_however_many_approve_it(office: Office):
    entry = office.checked("90")
    bosses = [
        make_user(f"boss{at}", role="manager", unit=office.bureau) for at in range(10)
    ]
    points = {"innovation": "80", "challenge": "80", "contribution": "80"}
    given = {**points, "basis": "核定"}

    answers = at_once(
        lambda by: office.approve(entry, by=by, ratings=given), [*bosses, office.boss]
    )

    approved = [answer for answer in answers if isinstance(answer, Actual)]
    refused = [answer.code for answer in answers if isinstance(answer, ValidationError)]
    assert len(approved) == 1
    assert len(refused) == 10 and set(refused) <= {"stale", "not-sent"}
    assert Actual.history.count() == 1
    assert ReviewStep.objects.filter(action="approved").count() == 1
    assert SelfRating.history.count() == 1


def test_a_return_and_an_approval_do_not_both_hold(office: Office):
    for at in range(6):
        entry = office.checked(
            "90", kpi=office.make_kpi(f"T{at}", owners=(office.adult,))
        )

        def step(name: str, entry: Entry = entry):
            if name == "approve":
                return office.approve(entry)
            return office.return_entry(entry)

        answers = at_once(step, ["approve", "return"])
        refused = [one for one in answers if isinstance(one, ValidationError)]
        assert len(refused) == 1
        state = again(entry).state
        has_figure = Actual.objects.filter(series=entry.kpi.series_id).exists()
        assert has_figure == (state == "approved")


def test_ranks_stay_in_order_where_many_are_approved_at_once():
    office = Office(basis="quota", clamp_high=200)
    bands = {"excellent": "80", "good": "50", "fair": "25"}
    for light, lower in bands.items():
        office.rules.bands.filter(light=light).update(lower=lower)
    sent = [
        office.checked(
            f"{81 + at}", kpi=office.make_kpi(f"R{at}", owners=(office.adult,))
        )
        for at in range(10)
    ]

    answers = at_once(office.approve, sent)

    assert [one for one in answers if not isinstance(one, Actual)] == []
    ranked = Result.objects.filter(standing="official").order_by("total")
    assert [row.light for row in ranked] == (
        ["poor"] * 2 + ["fair"] * 2 + ["good"] * 3 + ["excellent"] * 3
    )


def test_two_who_ask_to_reopen_ask_once(office: Office):
    office.approved()
    planners = [
        make_user(f"planner{at}", role="planner", unit=office.bureau) for at in range(8)
    ]

    def ask(by: User) -> ReviewStep:
        return review.ask_reopening(
            kpi=fresh(office.kpi), period=PERIOD, by=by, at=AT, reason="更正"
        )

    answers = at_once(ask, planners)
    assert sum(isinstance(one, ReviewStep) for one in answers) == 1
    assert ReviewStep.objects.filter(action="asked").count() == 1


def test_two_who_sign_for_a_unit_sign_once(office: Office):
    kpi = office.make_kpi("S1", owners=(office.adult, office.child))
    entry = office.submitted(kpi=kpi)
    people = [
        make_user(f"signer{at}", role="staff", unit=office.child) for at in range(8)
    ]
    at_once(
        lambda by: entries.sign(entry=again(entry), unit=office.child, by=by, at=AT),
        people,
    )
    assert ReviewStep.objects.filter(action="signed").count() == 1


@pytest.fixture
def address(database_url: str, media_root: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of gunicorn as `make run` starts it, on the test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(media_root),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "JOB_RUNNER": "threads",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
    log = tmp_path / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*command, "config.wsgi"],
            env=environment,
            cwd=PROJECT_DIR,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        found = f"http://127.0.0.1:{port}"
        _await_page(f"{found}/login/", process, log)
        yield found
    finally:
        process.terminate()
        process.wait(40)


def _await_page(page: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(page, timeout=20).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)


def session_of(user: User) -> str:
    """Return the key of a session as a login leaves it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "bsc.accounts.AccountBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


TOKEN = "t" * 32


@pytest.mark.slow
def test_over_http_nothing_is_lost_and_every_conflict_is_told(
    office: Office, clerks: list[User], address: str
):
    sessions = {by: session_of(by) for by in clerks}

    def post(by: User, kpi: Any, **typed: str) -> tuple[int, str]:
        path = reverse("kpi:save-draft", kwargs={"pk": kpi.pk, "year": PERIOD})
        request = urllib.request.Request(
            address + path,
            urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, **typed}).encode(),
            {
                "Cookie": f"sessionid={sessions[by]}; csrftoken={TOKEN}",
                "Referer": address,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    other = office.make_kpi("H2", owners=(office.adult,))
    own = {
        by: office.make_kpi(f"H-{by.username}", owners=(office.adult,)) for by in clerks
    }
    different = at_once(
        lambda by: post(by, office.kpi, value=by.username.removeprefix("clerk")), clerks
    )
    same = at_once(lambda by: post(by, other, value="90"), clerks)
    each = at_once(lambda by: post(by, own[by], value="91"), clerks)

    assert Counter(status for status, _page in different) == {200: 1, 409: PEOPLE - 1}
    kept = Entry.objects.get(kpi=office.kpi)
    for status, page in different:
        assert status == 200 or str(kept.entered_by) in page
    assert Counter(status for status, _page in same) == {200: PEOPLE}
    assert Counter(status for status, _page in each) == {200: PEOPLE}
    values = Entry.objects.filter(kpi__in=own.values()).values_list("value", flat=True)
    assert list(values) == [91] * PEOPLE
