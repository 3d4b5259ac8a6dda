"""What integration tests share: what stands in the database, who looks, how files are read."""

import hashlib
from collections.abc import Iterator
from typing import IO

import pytest
from django.utils import translation

from bsc.models import User
from sheets.grid import Limits
from sheets.package import child
from tests.factories import Role
from tests.integration.importing import kept_for_a_module, load_reference, person


@pytest.fixture(scope="session", autouse=True)
def _files_read_once() -> Iterator[None]:
    """Keep what the reading process answered, and give it again for the same file.

    Half of all tests bring in one of eight workbooks, and a process is slow to start.
    What an answer is worth is tested where no answer is kept: in tests/unit.
    """
    answers: dict[tuple[object, ...], bytes] = {}
    ask = child._ask

    def kept(file: IO[bytes], suffix: str, library: str, limits: Limits) -> bytes:
        asked = hashlib.file_digest(file, "sha256").digest(), suffix, library, limits
        file.seek(0)
        if asked not in answers:
            answers[asked] = ask(file, suffix, library, limits)
        return answers[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "_ask", kept)
        yield


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the units, names and rules stand for all tests of a module."""
    with kept_for_a_module(django_db_blocker, load_reference):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def planner() -> User:
    """Return who plans for the whole city."""
    return person("planner", Role.PLANNER, "taipei")
