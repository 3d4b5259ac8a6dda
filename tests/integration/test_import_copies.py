"""The copy of a large file: written by a job, kept beside the file, gone with it."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from bsc.models import Job
from sheets import copies, tasks
from sheets.models import ImportBatch
from tests.factories import Role, omar
from tests.integration.importing import (
    client_of,
    kept_for_a_module,
    load_reference,
    page,
    person,
    upload,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def _reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, load_reference):
        yield


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> None:
    """Have a job write every copy, and keep them where no other test keeps any."""
    monkeypatch.setattr(copies, "ROWS_AT_ONCE", 1)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client() -> Client:
    return client_of(person("planner", Role.PLANNER, "taipei"))


@pytest.fixture
def batch(client: Client, django_capture_on_commit_callbacks) -> ImportBatch:
    path = workbook("center-111")
    return upload(client, path, django_capture_on_commit_callbacks)


def address(batch: ImportBatch, name: str) -> str:
    return f"/imports/{batch.pk}/{name}/"


def kept(batch: ImportBatch) -> list[str]:
    storage = batch.file.storage
    if not storage.exists(batch.copies_folder):
        return []
    return storage.listdir(batch.copies_folder)[1]


def write(client: Client, batch: ImportBatch, on_commit) -> None:
    with on_commit(execute=True):
        assert client.post(address(batch, "copy")).status_code == 302


def test_a_large_copy_is_asked_for_written_and_then_given_out(
    client, batch, django_capture_on_commit_callbacks
):
    assert "Write a copy with comments" in page(client, batch)
    # Whoever asks for what is not there yet is led to the page.
    assert client.get(address(batch, "annotated")).status_code == 302

    write(client, batch, django_capture_on_commit_callbacks)

    job = Job.objects.get(kind="copy")
    assert (job.state, job.owner.username) == (Job.State.DONE, "planner")
    assert ">Copy with comments</a>" in page(client, batch)
    answer = client.get(address(batch, "annotated"))
    assert "center-111" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "lacks a thousands separator" in book["平衡計分卡"]["N13"].comment.text


def test_a_copy_that_is_there_is_not_written_again(
    client, batch, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    write(client, batch, on_commit)
    write(client, batch, on_commit)
    job = Job.objects.get(kind="copy")
    (name,) = kept(batch)
    path = Path(batch.file.storage.path(f"{batch.copies_folder}/{name}"))
    written_at = path.stat().st_mtime_ns

    tasks.annotate_import(*job.arguments)

    assert kept(batch) == [name]
    assert path.stat().st_mtime_ns == written_at


def test_one_job_writes_for_two_who_press_at_once(client, batch):
    for _ in range(2):
        client.post(address(batch, "copy"))
    assert Job.objects.filter(kind="copy").count() == 1
    shown = page(client, batch)
    assert "The copy with comments is being written" in shown
    assert f'hx-get="/imports/{batch.pk}/copy/"' in shown
    piece = client.get(address(batch, "copy"), headers={"HX-Request": "true"})
    assert b"<html" not in piece.content
    assert b'id="copy"' in piece.content


def test_a_copy_of_other_answers_takes_the_place_of_the_one_before(
    client, batch, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    write(client, batch, on_commit)
    before = kept(batch)
    doubt = batch.doubts.get(code="direction-doubtful")
    client.post(address(batch, "answers"), {f"answer:{doubt.key}": "negative"})
    assert "Write a copy with comments" in page(client, batch)

    write(client, batch, on_commit)

    assert len(kept(batch)) == 1
    assert kept(batch) != before


def test_a_job_whose_doubts_are_no_longer_so_writes_nothing(client, batch):
    client.post(address(batch, "copy"))
    job = Job.objects.get(kind="copy")
    doubt = batch.doubts.get(code="direction-doubtful")
    client.post(address(batch, "answers"), {f"answer:{doubt.key}": "negative"})

    tasks.annotate_import(*job.arguments)

    assert kept(batch) == []


def test_a_copy_that_broke_says_so_and_can_be_asked_for_again(client, batch):
    client.post(address(batch, "copy"))
    failed = {"error": {"code": "unexpected"}}
    Job.objects.filter(kind="copy").update(state=Job.State.FAILED, outcome=failed)
    shown = page(client, batch)
    assert "an error that we did not expect" in shown
    assert "Write a copy with comments" in shown
    client.post(address(batch, "copy"))
    assert Job.objects.filter(kind="copy").count() == 2


def test_who_may_not_apply_gets_a_copy_without_what_is_stored(
    batch, client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    write(client, batch, on_commit)
    ines = person("ines", Role.PLANNER, "dosw")
    other = person("petra", Role.PLANNER, "group-e")
    ImportBatch.objects.filter(pk=batch.pk).update(uploaded_by=other)
    # Ines may apply it and sees the copy that is there; Petra has one of her own.
    assert ">Copy with comments</a>" in page(client_of(ines), batch)
    assert "Write a copy with comments" in page(client_of(other), batch)
    write(client_of(other), batch, on_commit)
    assert len(kept(batch)) == 2
    assert client_of(omar()).post(address(batch, "copy")).status_code == 404


def test_the_file_and_its_copies_go_with_the_import(
    client, batch, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    write(client, batch, on_commit)
    path, storage = Path(batch.file.path), batch.file.storage
    folder = batch.copies_folder
    with on_commit(execute=True), transaction.atomic():
        batch.delete()
    assert not path.exists()
    assert not storage.exists(folder)
