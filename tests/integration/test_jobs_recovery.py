"""Jobs that are cancelled, wait for what is away, outlive their workers, or give up."""

import os
from datetime import timedelta

import pytest
from celery import shared_task
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from bsc import jobs, processes
from bsc.jobs import runners, running
from bsc.models import Job
from kpi.models import Kpi, Result
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


@pytest.fixture(autouse=True)
def _no_runs_yet():
    runs.clear()


@pytest.fixture
def on_workers(settings) -> None:
    """Treat jobs as a broker's, without one: what is asked is only the lease."""
    settings.JOB_RUNNER = "celery"


@shared_task(ignore_result=True)
@jobs.recorded
def tell(word: str) -> dict:
    """Report, and remember that it ran."""
    runs.append(word)
    jobs.report(1, 4, "reading")
    return {"word": word}


@shared_task(ignore_result=True)
@jobs.recorded
def ask_to_be_cancelled() -> dict:
    """Be cancelled by somebody in the middle, and report after it."""
    jobs.cancel(Job.objects.get())
    jobs.report(1, 2, "reading")
    return {"went": "on"}


@shared_task(ignore_result=True)
@jobs.recorded
def find_the_database_away(times: int) -> dict:
    """Fail as often as a database that starts again would let it."""
    runs.append("tried")
    if len(runs) <= times:
        raise OperationalError("the database system is shutting down")
    return {"after": len(runs)}


def test_a_waiting_job_is_cancelled_at_once():
    job = make_job(state=State.QUEUED, task=tell.name, arguments=["hello"])

    jobs.cancel(job)
    tell.apply(["hello"], task_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, runs) == (State.CANCELLED, [])
    assert job.may_run_again
    with pytest.raises(ValidationError):
        jobs.cancel(job)


def test_a_running_job_ends_at_its_next_report(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(ask_to_be_cancelled, kind="rate", owner=None)

    job.refresh_from_db()
    assert (job.state, job.outcome) == (State.CANCELLED, {})
    assert cache.get(f"job:{job.pk}:cancel") is None


def test_only_those_who_see_a_job_cancel_it(client: Client):
    here = processes.name_of_this_process()
    job = make_job(make_user(), state=State.QUEUED, process=here)
    client.force_login(make_user())

    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    client.force_login(job.owner)
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 302

    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_job_that_takes_too_long_is_ended(
    settings, django_capture_on_commit_callbacks
):
    settings.JOB_TIME_LIMIT = -1

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(tell, "hello", kind="rate", owner=None)

    job.refresh_from_db()
    assert job.outcome == {"error": {"code": "too-long"}}
    assert job.may_run_again


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failures", "state", "outcome"),
    [
        (2, State.DONE, {"after": 3}),
        (9, State.FAILED, {"error": {"code": "unavailable"}}),
    ],
)
def test_a_service_that_is_away_is_waited_for_a_bounded_time(
    settings, failures: int, state: State, outcome: dict
):
    settings.JOB_RETRY_SECONDS = (0.01, 0.01)

    job = jobs.enqueue(find_the_database_away, failures, kind="rate", owner=None)

    job.refresh_from_db()
    assert (job.state, job.outcome) == (state, outcome)
    assert len(runs) == 3


def test_a_job_whose_workers_die_again_and_again_is_given_up(on_workers):
    job = make_job(
        state=State.RUNNING,
        process=GONE,
        task=tell.name,
        arguments=["hello"],
        attempts=running.MAX_ATTEMPTS,
    )

    tell.apply(["hello"], task_id=str(job.pk), throw=True)

    job.refresh_from_db()
    assert runs == []
    assert job.outcome == {"error": {"code": "gave-up"}}


def test_the_lease_of_a_process_that_died_here_is_not_waited_for(on_workers):
    job = make_job(
        state=State.RUNNING, process=GONE, task=tell.name, arguments=["hello"]
    )
    cache.set(f"job:{job.pk}:lease", "of the dead", 300)

    tell.apply(["hello"], task_id=str(job.pk), throw=True)

    job.refresh_from_db()
    assert (job.state, runs) == (State.DONE, ["hello"])


def test_lost_jobs_go_to_the_broker_again_unless_somebody_must_look(
    on_workers, monkeypatch
):
    handed = []

    class Broker:
        def submit(self, task, job) -> None:
            handed.append(job.pk)

    monkeypatch.setattr(runners, "runner", lambda name: Broker())
    lost = make_job(state=State.INTERRUPTED, task=tell.name, attempts=1)
    make_job(state=State.INTERRUPTED, task=tell.name, attempts=running.MAX_ATTEMPTS)
    make_job(state=State.INTERRUPTED, task=tell.name, cancel_asked_at=timezone.now())
    make_job(state=State.QUEUED, task=tell.name)
    forgotten = make_job(state=State.QUEUED, task=tell.name)
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=forgotten.pk).update(queued_at=long_ago)

    assert jobs.recover_lost() == 2

    assert set(handed) == {lost.pk, forgotten.pk}


def test_a_recalculation_goes_on_from_its_last_chunk(monkeypatch, on_workers):
    make_rules()
    for _ in range(2):
        kpi = make_kpi()
        make_target(kpi, "80")
        make_actual(kpi, "90")
    first, second = Kpi.objects.order_by("pk")
    job = make_job(
        state=State.INTERRUPTED,
        task=rate.name,
        arguments=[None, 2020],
        checkpoint={"period": "2020", "after": first.pk, "rated": 1, "changed": 1},
    )

    rate.apply([None, 2020], task_id=str(job.pk), throw=True)

    job.refresh_from_db()
    assert job.outcome == {"rated": 2, "changed": 2}
    assert [result.kpi for result in Result.objects.all()] == [second]


def test_the_list_shows_how_far_each_running_job_is(
    client: Client, django_assert_max_num_queries
):
    user = make_user()
    here = processes.name_of_this_process()
    for done in (1, 2, 3):
        job = make_job(user, state=State.RUNNING, process=here)
        jobs.progress(job.pk, done, 4, "reading")
    client.force_login(user)

    with django_assert_max_num_queries(8):
        page = client.get("/jobs/").content.decode()
    part = client.get("/jobs/", headers={"hx-request": "true"}).content.decode()

    for shown in (page, part):
        assert shown.count('role="progressbar"') == 3
        assert 'aria-valuenow="75"' in shown
    assert "<html" not in part


def test_an_administrator_can_look_at_the_jobs_of_all(client: Client):
    theirs = make_job(make_user())
    client.force_login(make_user(role="admin"))

    assert theirs.get_absolute_url() in client.get("/jobs/?whose=all").content.decode()
    client.force_login(make_user())
    page = client.get("/jobs/?whose=all").content.decode()
    assert theirs.get_absolute_url() not in page
