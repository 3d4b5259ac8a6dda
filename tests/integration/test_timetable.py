"""Periodic work: what is due runs once, in the serving process or on workers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from celery import shared_task
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.utils import timezone

from bsc.models import Job, Notice, Unit
from config.celery import app
from config.timetable import Timetable, begin
from kpi.models import Result, Round
from kpi.tasks import repair
from tests.factories import (
    make_actual,
    make_kpi,
    make_scorecard,
    make_target,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
runs: list[str] = []


@shared_task(ignore_result=True)
def strike(word: str) -> None:
    """Note that it ran; a second run notes it again."""
    runs.append(word)
    if word == "break":
        raise ZeroDivisionError


def timetable(kept_in: Path, **entries: dict) -> Timetable:
    """Return a timetable of `strike`, which notes the entry's name."""
    runs.clear()
    made = Timetable(app, kept_in / "timetable.json")
    made.entries = {
        name: {"task": strike.name, "args": (name,), "schedule": schedule}
        for name, schedule in entries.items()
    }
    return made


def running_round() -> Round:
    """Return a round that has opened, with one KPI and one person to report it."""
    city = make_unit("city")
    section = make_unit(parent=city, kind=Unit.Kind.SECTION)
    make_user("staff", role="staff", unit=section)
    card = make_scorecard(city, 2026)
    make_kpi(scorecard=card, owners=(section,))
    today = timezone.localdate()
    later = today + timedelta(days=40)
    round = Round.objects.create(
        name="115年填報",
        period="2026",
        opens_on=today,
        due_on=later,
        check_due_on=later,
        approve_due_on=later,
        closes_on=later,
    )
    round.scorecards.add(card)
    return round


def await_true(question: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.05)
    return answer


def test_every_task_of_the_timetable_is_there(tmp_path: Path):
    made = Timetable(app, tmp_path / "timetable.json")

    assert {entry["task"] for entry in made.entries.values()} <= set(app.tasks)


def test_what_is_due_runs_once(tmp_path: Path):
    made = timetable(tmp_path, minute=60.0, quarter=900.0)

    made.tick(NOON)
    made.tick(NOON + timedelta(seconds=30))
    assert runs == ["minute", "quarter"]

    made.tick(NOON + timedelta(seconds=61))
    assert runs == ["minute", "quarter", "minute"]

    made.tick(NOON + timedelta(seconds=901))
    assert runs[3:] == ["minute", "quarter"]


def test_a_server_that_starts_again_repeats_no_tick(tmp_path: Path):
    timetable(tmp_path, quarter=900.0).tick(NOON)
    again = timetable(tmp_path, quarter=900.0)

    again.tick(NOON + timedelta(seconds=5))
    assert runs == []

    again.tick(NOON + timedelta(seconds=905))
    assert runs == ["quarter"]


def test_a_tick_missed_while_the_server_was_down_is_made_up_for_once(tmp_path: Path):
    night = crontab(hour="2", minute="30")
    timetable(tmp_path, night=night).tick(NOON)
    again = timetable(tmp_path, night=night)

    for minutes in (0, 1, 2):
        again.tick(NOON + timedelta(days=3, minutes=minutes))

    assert runs == ["night"]


def test_the_nightly_repair_is_a_job_that_all_can_see(
    django_capture_on_commit_callbacks,
):
    kpi = make_kpi()
    make_target(kpi)
    make_actual(kpi)

    with django_capture_on_commit_callbacks(execute=True):
        repair()

    job = Job.objects.get()
    assert (job.state, job.outcome["rated"], job.owner) == ("done", 1, None)
    assert Result.objects.count() == 1


def test_what_belongs_to_an_hour_waits_for_it(tmp_path: Path):
    timetable(tmp_path, night=crontab(hour="2", minute="30")).tick(NOON)

    assert runs == []


def test_an_hour_of_the_clock_is_the_hour_of_the_city(tmp_path: Path):
    made = timetable(tmp_path, night=crontab(hour="2", minute="30"))
    made.tick(NOON)

    made.tick(datetime(2026, 11, 27, 18, 29, tzinfo=UTC))
    assert runs == []

    made.tick(datetime(2026, 11, 27, 18, 30, 5, tzinfo=UTC))
    assert runs == ["night"]


def test_a_task_that_fails_keeps_no_other_from_running(tmp_path: Path, caplog):
    made = timetable(tmp_path, **{"break": 60.0, "other": 60.0})

    made.tick(NOON)

    assert runs == ["break", "other"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"minute": "yesterday"}'])
def test_a_spoilt_note_of_what_ran_is_as_none(tmp_path: Path, kept: str):
    (tmp_path / "timetable.json").write_text(kept)
    made = timetable(tmp_path, minute=60.0)

    made.tick(NOON)

    assert runs == ["minute"]


def test_the_pause_is_short_enough_for_the_next_entry(tmp_path: Path):
    made = timetable(tmp_path, soon=10.0, later=900.0)
    made.tick(NOON)

    assert made.tick(NOON + timedelta(seconds=4)) == pytest.approx(6)


def test_no_thread_is_begun_where_workers_run_jobs(settings):
    settings.JOB_RUNNER = "celery"
    begin.cache_clear()

    assert begin(app) is None
    begin.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_the_thread_works_it_off_and_ends_when_told(tmp_path: Path):
    made = timetable(tmp_path)
    made.entries = {
        "tell": {"task": "kpi.tasks.tell_of_rounds", "schedule": 0.3},
    }
    running_round()

    made.start()
    try:
        assert await_true(Notice.objects.exists)
    finally:
        made.stop()

    assert not made.is_alive()
    assert Notice.objects.count() == 1


@pytest.mark.slow
def test_a_beat_and_a_worker_run_it_over_a_real_broker(
    worker, database_url: str, broker_url: str, tmp_path: Path
):
    running_round()

    with beat(database_url, broker_url, tmp_path):
        assert await_true(Notice.objects.exists)
        # Several more ticks tell nobody again.
        time.sleep(3)

    assert Notice.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_serving_process_works_the_timetable_off(database_url: str, tmp_path: Path):
    running_round()
    log = tmp_path / "log"

    with serving(database_url, tmp_path, log) as process:
        assert await_true(Notice.objects.exists, 60)
        # So that the mails, which come last, are looked for as well.
        time.sleep(1)
    # It ends with the process, and within the time that a stop may take.
    assert process.returncode == 0
    assert Notice.objects.count() == 1
    assert "failed" not in log.read_text()


@contextmanager
def beat(database_url: str, broker_url: str, folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "tests.quick_beat", "beat"]
    kept = ["--schedule", str(folder / "beat"), "--pidfile", ""]
    environment = {"DATABASE_URL": database_url, "REDIS_URL": broker_url}
    with running([*command, *kept], environment | {"JOB_RUNNER": "celery"}):
        yield


@contextmanager
def serving(database_url: str, folder: Path, log: Path) -> Iterator[subprocess.Popen]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
    environment = {
        "DATABASE_URL": database_url,
        "JOB_RUNNER": "threads",
        "MEDIA_ROOT": str(folder),
        "PORT": str(port),
    }
    with (
        log.open("w") as output,
        running([*command, "config.wsgi"], environment, output) as process,
    ):
        yield process


@contextmanager
def running(
    command: list[str], given: dict[str, str], output: IO[str] | None = None
) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command,
        cwd=django_settings.BASE_DIR,
        env=os.environ | given,
        stdout=output,
        stderr=output,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
