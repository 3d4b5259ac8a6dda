"""What all tests share: settings, a database like the real one, servers, the rule of CI."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["SECRET_KEY"] = "only for tests"
os.environ["DEBUG"] = "1"
os.environ["JOB_RUNNER"] = "inline"

import django
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from simple_history.manager import HistoryManager

from config.celery import app as celery_app
from tests import databases, servers

django.setup()

# A busy machine makes no property wrong, so no example has a deadline.
hypothesis_settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis_settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis_settings.load_profile("quick")

# It makes a new class at every look at a history: a twentieth of all the tests' time.
HistoryManager.from_queryset = functools.cache(HistoryManager.from_queryset)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """In CI a skipped test is a failed one: every server and browser must be there."""
    report = yield
    is_expected = hasattr(report, "wasxfail")
    if os.environ.get("CI") == "true" and report.skipped and not is_expected:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put the test database of SQLite into a file.

    In memory it would have no write-ahead log, and no worker could open it.
    """
    default = connections["default"]
    if default.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        default.settings_dict["TEST"]["NAME"] = str(path)
        # What a crash would lose is no loss here, and the tests run faster.
        options = default.settings_dict["OPTIONS"]
        options["init_command"] += " PRAGMA synchronous=OFF;"
        databases.take(_template(request), path)
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


def _template(request: pytest.FixtureRequest) -> Path:
    return databases.template_in(request.config.cache.mkdir("databases"))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Migrate what stands where a migrated database was put; it is thrown away after."""
    default = connections["default"]
    path = Path(default.settings_dict["TEST"]["NAME"] or "")
    return default.vendor == "sqlite" and path.exists()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker
) -> None:
    """Keep the migrated database for the next run."""
    if connections["default"].vendor == "sqlite":
        with django_db_blocker.unblock():
            databases.keep(_template(request))


@pytest.fixture(autouse=True)
def _test_settings(settings, media_root: Path) -> Iterator[None]:
    """Hash passwords fast, keep files in a folder of the run, start with no cache.

    Nor with the language that the last page of another test was asked for in.
    """
    translation.deactivate()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = str(media_root)
    cache.clear()
    yield


@pytest.fixture(scope="session")
def media_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of uploaded files, which a worker shares."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the DATABASE_URL of a real PostgreSQL that pip brought."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """Give the REDIS_URL of a real broker that pip brought."""
    with servers.broker() as url:
        yield url


@pytest.fixture(scope="session")
def database_url(django_db_setup: None) -> str:
    """Return the DATABASE_URL of the test database, for a process beside this one."""
    default = connections["default"]
    name = str(default.settings_dict["NAME"])
    if default.vendor == "sqlite":
        return f"sqlite:///{name}"
    before, slash, query = os.environ["DATABASE_URL"].partition("?")
    return f"{before.rpartition('/')[0]}/{name}{slash}{query}"


@pytest.fixture(scope="session")
def _worker_process(
    database_url: str, broker_url: str, media_root: Path
) -> Iterator[None]:
    with servers.worker(
        database_url=database_url, broker_url=broker_url, media_root=media_root
    ):
        yield


@pytest.fixture
def worker(
    transactional_db: None, broker_url: str, _worker_process: None, settings
) -> Iterator[None]:
    """Send jobs through the broker to a Celery worker in a process of its own."""
    settings.REDIS_URL = broker_url
    settings.JOB_RUNNER = "celery"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": broker_url,
        }
    }
    cache.clear()
    before = celery_app.conf.broker_url
    celery_app.conf.broker_url = broker_url
    yield
    celery_app.conf.broker_url = before
    celery_app.close()
