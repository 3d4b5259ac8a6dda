"""Background work: queued once, run once, seen while it runs, told how it ended."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from celery import shared_task
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.utils import timezone

from bsc import jobs, processes
from bsc.jobs import runners
from bsc.models import Job
from kpi.models import Result
from kpi.tasks import rate
from tests.factories import (
    make_actual,
    make_job,
    make_kpi,
    make_rules,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db

State = Job.State
# No process has this number: Linux counts to 4,194,304.
GONE = processes.name_of_this_process().replace(f":{os.getpid()}:", ":9999999:")

runs: list[str] = []


@shared_task(ignore_result=True)
@jobs.recorded
def say(word: str) -> dict:
    """Do what the word says. A second run says it again."""
    runs.append(word)
    jobs.report(1, 4, "reading")
    if word == "fail":
        raise jobs.JobFailed("invalid", reason="no such word")
    if word == "refuse":
        raise ValidationError("The year is closed.")
    if word == "break":
        raise ZeroDivisionError("a secret in the data")
    return {"word": word}


@pytest.fixture(autouse=True)
def _no_runs_yet():
    runs.clear()


def enqueue(word: str, capture, owner=None) -> Job:
    with capture(execute=True):
        job = jobs.enqueue(say, word, kind="rate", owner=owner)
    job.refresh_from_db()
    return job


def test_a_job_starts_once_its_transaction_is_committed(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks() as callbacks:
        job = jobs.enqueue(say, "hello", kind="rate", owner=None)
    assert runs == []
    assert job.state == State.QUEUED

    callbacks[0]()

    job.refresh_from_db()
    assert runs == ["hello"]
    assert (job.state, job.outcome) == (State.DONE, {"word": "hello"})
    assert job.started_at <= job.ended_at


def test_a_job_that_is_over_does_not_run_again(django_capture_on_commit_callbacks):
    job = enqueue("hello", django_capture_on_commit_callbacks)

    say.apply(["hello"], task_id=str(job.pk))

    assert runs == ["hello"]


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("fail", {"code": "invalid", "reason": "no such word"}),
        ("refuse", {"code": "invalid", "reason": "The year is closed."}),
        ("break", {"code": "unexpected"}),
    ],
)
def test_a_failed_job_keeps_a_code_and_no_traceback(
    word: str, error: dict, django_capture_on_commit_callbacks
):
    job = enqueue(word, django_capture_on_commit_callbacks)

    assert job.state == State.FAILED
    assert job.outcome == {"error": error}


def test_an_unexpected_error_is_in_the_log_in_full(
    caplog, client: Client, django_capture_on_commit_callbacks
):
    user = make_user()
    job = enqueue("break", django_capture_on_commit_callbacks, owner=user)
    client.force_login(user)

    page = client.get(f"/jobs/{job.pk}/").content.decode()

    assert "a secret in the data" in caplog.text
    assert f"Job {job.pk} failed" in caplog.text
    assert "secret" not in page


def test_a_task_without_a_job_is_an_ordinary_call():
    assert say("hello") == {"word": "hello"}
    assert not Job.objects.exists()


def test_progress_is_seen_without_a_query(django_assert_num_queries):
    job = make_job(state=State.RUNNING)
    jobs.progress(job.pk, 3, 8, "reading")

    with django_assert_num_queries(0):
        progress = jobs.progress_of(job)

    assert (progress.done, progress.of, progress.percent) == (3, 8, 37)


def test_a_job_is_interrupted_only_when_its_process_is_gone(settings):
    settings.JOB_RUNNER = "threads"
    here = processes.name_of_this_process()
    alive = make_job(state=State.RUNNING, process=here)
    lost = make_job(state=State.RUNNING, process=GONE)
    never_begun = make_job(state=State.QUEUED, process=GONE)

    assert jobs.interrupt_lost() == 2

    states = dict(Job.objects.values_list("pk", "state"))
    assert states[alive.pk] == State.RUNNING
    assert states[lost.pk] == states[never_begun.pk] == State.INTERRUPTED


def test_a_process_id_that_is_used_again_is_another_process():
    name = processes.name_of_this_process()
    host, pid, start = name.rsplit(":", 2)

    assert not processes.is_gone(name)
    assert processes.is_gone(f"{host}:{pid}:{int(start) + 1}")
    assert processes.is_gone(f"another-host:{pid}:{start}")
    assert processes.is_gone("")


def test_an_interrupted_job_runs_again_on_request(
    client: Client, django_capture_on_commit_callbacks
):
    user = make_user()
    job = make_job(user, task=say.name, arguments=["again"], state=State.INTERRUPTED)
    client.force_login(user)
    assert f"/jobs/{job.pk}/again/" in client.get(f"/jobs/{job.pk}/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"/jobs/{job.pk}/again/")

    job.refresh_from_db()
    assert response.status_code == 302
    assert runs == ["again"]
    assert job.state == State.DONE


def test_a_job_that_is_done_does_not_run_again_on_request(client: Client):
    user = make_user()
    job = make_job(user, task=say.name, arguments=["again"])
    client.force_login(user)

    client.post(f"/jobs/{job.pk}/again/")

    assert runs == []
    with pytest.raises(ValidationError):
        jobs.run_again(job)


def test_a_running_job_shows_a_bar_a_count_and_what_it_does(client: Client):
    user = make_user()
    here = processes.name_of_this_process()
    job = make_job(user, state=State.RUNNING, process=here)
    jobs.progress(job.pk, 3, 12, "reading")
    client.force_login(user)

    page = client.get(f"/jobs/{job.pk}/").content.decode()
    part = client.get(f"/jobs/{job.pk}/", headers={"hx-request": "true"})
    part = part.content.decode()

    assert 'aria-live="polite"' in page
    for shown in (page, part):
        assert 'role="progressbar"' in shown
        assert 'aria-valuenow="25"' in shown
        assert "3／12" in shown
        assert 'hx-trigger="every 1s"' in shown
    assert "<html" not in part


def test_a_job_that_is_over_is_not_polled(client: Client):
    user = make_user()
    job = make_job(user)
    client.force_login(user)

    assert "hx-get" not in client.get(f"/jobs/{job.pk}/").content.decode()


def test_the_list_holds_ones_own_jobs(client: Client):
    user = make_user()
    mine, theirs = make_job(user), make_job(make_user())
    client.force_login(user)

    page = client.get("/jobs/").content.decode()

    assert mine.get_absolute_url() in page
    assert theirs.get_absolute_url() not in page


@pytest.mark.django_db(transaction=True)
def test_the_pool_of_threads_runs_a_job_beside_the_request(settings):
    settings.JOB_RUNNER = "threads"

    job = jobs.enqueue(say, "hello", kind="rate", owner=None)

    wait_for(job)
    assert job.state == State.DONE


def rated_kpi() -> None:
    make_rules()
    kpi = make_kpi()
    make_target(kpi, "80")
    make_actual(kpi, "90")


def test_the_recalculation_is_a_job(django_capture_on_commit_callbacks):
    rated_kpi()

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(rate, None, 2020, kind="rate", owner=None)

    job.refresh_from_db()
    assert job.outcome == {"rated": 1, "changed": 1}
    assert Result.objects.count() == 1


def test_a_worker_on_a_real_broker_runs_the_same_job(worker):
    rated_kpi()

    job = jobs.enqueue(rate, None, 2020, kind="rate", owner=None)

    wait_for(job)
    assert job.state == State.DONE
    assert job.outcome == {"rated": 1, "changed": 1}


def wait_for(job: Job, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not job.is_over and time.monotonic() < until:
        time.sleep(0.05)
        job.refresh_from_db()


@pytest.fixture
def on_workers(settings) -> None:
    """Treat jobs as a broker's, without one: what is asked is only the lease."""
    settings.JOB_RUNNER = "celery"


def test_a_worker_that_keeps_its_lease_keeps_its_job(on_workers):
    long_ago = timezone.now() - timedelta(seconds=2 * jobs.LEASE_SECONDS)
    kept = make_job(state=State.RUNNING, started_at=long_ago)
    lost = make_job(state=State.RUNNING, started_at=long_ago)
    waiting = make_job(state=State.QUEUED)
    cache.set(f"job:{kept.pk}:lease", "of another", 60)

    assert jobs.interrupt_lost() == 1

    states = dict(Job.objects.values_list("pk", "state"))
    assert states[kept.pk] == State.RUNNING
    assert states[lost.pk] == State.INTERRUPTED
    assert states[waiting.pk] == State.QUEUED


def test_progress_renews_the_lease(on_workers):
    job = make_job(state=State.RUNNING)
    cache.set(f"job:{job.pk}:lease", "mine", 0.05)

    jobs.progress(job.pk, 1, 2, "reading")
    time.sleep(0.1)

    assert cache.get(f"job:{job.pk}:lease") == "mine"


@pytest.mark.parametrize("state", [State.RUNNING, State.INTERRUPTED])
def test_an_expired_lease_is_taken_over_when_the_broker_delivers_again(
    on_workers, state: State
):
    job = make_job(state=state, process=GONE, task=say.name, arguments=["hello"])

    say.apply(["hello"], task_id=str(job.pk), throw=True)

    job.refresh_from_db()
    assert runs == ["hello"]
    assert job.state == State.DONE
    assert cache.get(f"job:{job.pk}:lease") is None


def test_a_held_lease_is_not_taken_over(on_workers):
    job = make_job(state=State.RUNNING, task=say.name, arguments=["hello"])
    cache.set(f"job:{job.pk}:lease", "of another", 60)

    say.apply(["hello"], task_id=str(job.pk), throw=True)

    assert runs == []


def test_a_queue_that_does_not_answer_is_told_and_can_be_tried_again(
    monkeypatch, django_capture_on_commit_callbacks
):
    class Unreachable:
        def submit(self, task, job) -> None:
            raise ConnectionRefusedError

    monkeypatch.setattr(runners, "runner", lambda name: Unreachable())
    job = enqueue("hello", django_capture_on_commit_callbacks)

    assert job.state == State.FAILED
    assert job.may_run_again


def test_one_process_serves_a_database(tmp_path: Path, monkeypatch, settings):
    settings.JOB_RUNNER = "threads"
    first, second = (processes.Lock(tmp_path / "serving.lock") for _ in range(2))
    monkeypatch.setattr(runners, "serving_lock", lambda: first)
    jobs.begin_serving(wait_seconds=0)
    jobs.begin_serving(wait_seconds=0)
    monkeypatch.setattr(runners, "serving_lock", lambda: second)

    with pytest.raises(ImproperlyConfigured, match="one worker"):
        jobs.begin_serving(wait_seconds=0)

    first.release()
    jobs.begin_serving(wait_seconds=0)
    second.release()
