"""Bringing a file in on the pages: uploaded, looked at, applied or discarded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bsc.models import Job, Unit, User
from kpi.models import Kpi, PublishedResult
from sheets import services, tasks
from sheets.models import ImportBatch
from tests.factories import Role, make_user, omar
from tests.integration.importing import (
    altered,
    kept_for_a_module,
    load_reference,
    rows_with_keys,
    workbook,
)
from tests.unit import hostile

pytestmark = pytest.mark.django_db

Status = ImportBatch.Status
UPLOAD = "/imports/new/"


@pytest.fixture(scope="module", autouse=True)
def _reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, load_reference):
        yield


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def planner() -> User:
    """Return who plans for the whole city."""
    return person("planner", Role.PLANNER, "taipei")


def person(name: str, role: str, unit: str) -> User:
    return make_user(name, role=role, unit=Unit.objects.get(code=unit))


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def upload(
    client: Client,
    path: Path,
    django_capture_on_commit_callbacks,
    **more: str,
) -> ImportBatch:
    """Upload a file, let its job run, and return its batch."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(UPLOAD, {"file": file, **more})
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("sheets:import-detail", args=[batch.pk])
    return batch


def post(client: Client, name: str, batch: ImportBatch, on_commit) -> int:
    with on_commit(execute=True):
        answer = client.post(reverse(f"sheets:{name}", args=[batch.pk]))
    batch.refresh_from_db()
    return answer.status_code


def page(client: Client, batch: ImportBatch) -> str:
    answer = client.get(reverse("sheets:import-detail", args=[batch.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


# The way of a good file


def test_a_file_is_read_shown_and_applied(planner, django_capture_on_commit_callbacks):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    assert (batch.status, batch.unit.code) == (Status.PROPOSED, "group-e")
    assert not Kpi.objects.exists()

    shown = page(client, batch)
    for words in ("19 new", "27 new", "執行成果 D18"):
        assert words in shown
    assert "Taken as “lower is better”." in shown
    assert "1 question takes its default" in shown
    assert f'action="/imports/{batch.pk}/apply/"' in shown

    assert post(client, "apply-import", batch, on_commit) == 302
    assert batch.status == Status.APPLIED
    assert (Kpi.objects.count(), PublishedResult.objects.count()) == (19, 19)
    assert Kpi.objects.get(code="EC1.1").results.get().light == "good"
    assert Kpi.history.first().history_user == planner
    shown = page(client, batch)
    assert 'href="/units/group-e/109/"' in shown
    assert "Applied." in shown
    assert "/apply/" not in shown


def test_the_same_file_again_has_nothing_to_change(
    planner, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("city-109"), on_commit)
    post(client, "apply-import", batch, on_commit)
    batch.delete()
    again = upload(client, workbook("city-109"), on_commit)
    assert "already stored" in page(client, again)
    before = rows_with_keys()
    post(client, "apply-import", again, on_commit)
    assert rows_with_keys() == before
    assert "Applied; nothing changed." in page(client, again)


def test_issues_stand_by_severity_then_sheet_and_cell(
    planner, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    batch = upload(client, workbook("center-111"), django_capture_on_commit_callbacks)
    shown = page(client, batch)
    cells = ["C26", "L8", "L9", "L10", "L12", "N13", "L15", "L19", "L20", "F10"]
    places = [shown.index(f"平衡計分卡 {cell}<") for cell in cells]
    assert places == sorted(places)


def test_a_file_is_discarded_and_nothing_was_written(
    planner, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    before = rows_with_keys()
    batch = upload(client, workbook("city-109"), on_commit)
    assert post(client, "discard-import", batch, on_commit) == 302
    assert batch.status == Status.DISCARDED
    post(client, "apply-import", batch, on_commit)
    batch.refresh_from_db()
    assert batch.status == Status.DISCARDED
    assert rows_with_keys() == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Apply all", "No errors", "19 new"]),
        ("zh-hant", ["全部套用", "無錯誤", "策略目標", "以負向指標"]),
    ],
)
def test_the_page_speaks_both_languages(
    planner, language: str, words: list[str], django_capture_on_commit_callbacks
):
    client = client_of(planner, language)
    path = workbook("group-e-109")
    shown = page(client, upload(client, path, django_capture_on_commit_callbacks))
    assert [word for word in words if word not in shown] == []


def test_a_page_that_works_is_polled_and_has_a_link_for_those_without_scripts(planner):
    client = client_of(planner)
    file = SimpleUploadedFile("city.xlsx", workbook("city-109").read_bytes())
    client.post(UPLOAD, {"file": file})
    batch = ImportBatch.objects.get()
    shown = page(client, batch)
    assert "hx-get" in shown
    assert f'<a href="/imports/{batch.pk}/">' in shown
    piece = client.get(f"/imports/{batch.pk}/", headers={"HX-Request": "true"})
    assert b"<html" not in piece.content
    assert b'id="import"' in piece.content


# Files that are not taken


def test_a_bad_file_is_refused_with_its_cell_and_can_only_be_discarded(
    planner, tmp_path: Path, django_capture_on_commit_callbacks
):
    def alter(book) -> None:
        book["平衡計分卡"]["M4"] = -1

    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, altered("center-111", tmp_path, alter), on_commit)
    assert batch.status == Status.REFUSED
    shown = page(client, batch)
    assert "平衡計分卡 M4" in shown
    assert "Nothing was written. Mend the errors" in shown
    assert "/apply/" not in shown
    before = rows_with_keys()
    post(client, "apply-import", batch, on_commit)
    batch.refresh_from_db()
    assert batch.status == Status.REFUSED
    assert rows_with_keys() == before
    post(client, "discard-import", batch, on_commit)
    assert batch.status == Status.DISCARDED


def test_a_hostile_file_is_refused_on_its_page(
    planner, tmp_path: Path, django_capture_on_commit_callbacks
):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(hostile.far_cell())
    client = client_of(planner)
    batch = upload(client, path, django_capture_on_commit_callbacks)
    assert batch.status == Status.REFUSED
    assert "Sheet1 XFD1048576" in page(client, batch)


def test_a_file_with_no_sheet_that_is_read_says_so(
    planner, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    path = workbook("workplan-098")
    batch = upload(client, path, django_capture_on_commit_callbacks)
    shown = page(client, batch)
    assert "No sheet of this file is read yet" in shown
    assert "/apply/" not in shown
    assert "/discard/" in shown


def test_a_file_that_changed_what_it_would_do_is_judged_as_it_is_applied(
    planner, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("city-109"), on_commit)
    services.apply_file(
        Path(batch.file.path), services.options_of(batch), by=None, reason="before"
    )
    post(client, "apply-import", batch, on_commit)
    assert batch.status == Status.APPLIED
    assert batch.verdict["changes"]["objectives"]["created"] == 0
    assert batch.verdict["changes"]["objectives"]["unchanged"] == 84


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"year": "one"}, "This is not a year"),
        ({"year": "9999"}, "This is not a year"),
        ({"unit": "nowhere"}, "Select a valid choice"),
        ({"plan": "no plan"}, "slug"),
    ],
)
def test_what_is_said_wrongly_beside_a_file_is_told_at_its_field(
    planner, more: dict, words: str
):
    file = SimpleUploadedFile("city.xlsx", workbook("city-109").read_bytes())
    answer = client_of(planner).post(UPLOAD, {"file": file, **more})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_that_is_too_large_is_not_kept(planner, settings):
    settings.SHEET_LIMITS = {"packed": 1000}
    file = SimpleUploadedFile("city.xlsx", workbook("city-109").read_bytes())
    answer = client_of(planner).post(UPLOAD, {"file": file})
    assert answer.status_code == 422
    assert "city.xlsx is larger than 1000\xa0bytes" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_must_be_given(planner):
    answer = client_of(planner).post(UPLOAD, {})
    assert answer.status_code == 422


# Who may


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_only_planners_bring_files_in(role: str):
    client = client_of(person("ines", role, "taipei"))
    assert client.get("/imports/").status_code == 403
    file = SimpleUploadedFile("city.xlsx", workbook("city-109").read_bytes())
    assert client.post(UPLOAD, {"file": file}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_an_import_of_elsewhere_is_not_found(
    planner, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client_of(planner), workbook("city-109"), on_commit)
    client = client_of(omar())
    assert client.get(f"/imports/{batch.pk}/").status_code == 404
    for name in ("apply-import", "discard-import"):
        assert post(client, name, batch, on_commit) == 404
    assert batch.status == Status.PROPOSED


def test_a_planner_applies_only_what_is_for_their_own_units(
    django_capture_on_commit_callbacks,
):
    client = client_of(person("ines", Role.PLANNER, "dvpc"))
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("bureau-107"), on_commit)
    assert batch.status == Status.PROPOSED
    shown = page(client, batch)
    assert "You may not import for every unit of this file" in shown
    assert "/apply/" not in shown
    assert post(client, "apply-import", batch, on_commit) == 403
    assert not Kpi.objects.exists()
    assert post(client, "discard-import", batch, on_commit) == 302


def test_a_bureaus_planner_imports_for_the_group_that_it_leads(
    django_capture_on_commit_callbacks,
):
    client = client_of(person("ines", Role.PLANNER, "dosw"))
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    assert post(client, "apply-import", batch, on_commit) == 302
    assert batch.status == Status.APPLIED


# When the work stops half way


@pytest.fixture
def stopped(planner, django_capture_on_commit_callbacks) -> ImportBatch:
    """Return an import whose job broke while it was applied."""
    client = client_of(planner)
    batch = upload(client, workbook("city-109"), django_capture_on_commit_callbacks)
    batch.status = Status.RUNNING
    batch.job.state = Job.State.FAILED
    batch.job.outcome = {"error": {"code": "unexpected"}}
    batch.job.save()
    batch.save()
    return batch


def test_an_import_that_broke_says_so_and_can_be_tried_again(
    planner, stopped, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    shown = page(client, stopped)
    assert "error that we did not expect" in shown
    assert "Try again" in shown
    assert (
        post(client, "apply-import", stopped, django_capture_on_commit_callbacks) == 302
    )
    assert stopped.status == Status.APPLIED


def test_an_import_that_broke_can_be_discarded(
    planner, stopped, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    post(client, "discard-import", stopped, on_commit)
    assert stopped.status == Status.DISCARDED


@pytest.mark.parametrize("state", [Job.State.INTERRUPTED, Job.State.FAILED, None])
def test_a_file_whose_reading_stopped_is_read_again(
    planner, state: str | None, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("city-109"), on_commit)
    ImportBatch.objects.update(status=Status.UPLOADED, proposal={})
    if state is None:
        ImportBatch.objects.update(job=None)
    else:
        Job.objects.update(state=state, outcome={})
    assert "Try again" in page(client, batch)
    assert post(client, "apply-import", batch, on_commit) == 302
    assert batch.status == Status.PROPOSED


def test_a_task_that_runs_twice_applies_once(
    planner, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    batch = upload(client, workbook("city-109"), django_capture_on_commit_callbacks)
    ImportBatch.objects.update(status=Status.RUNNING)
    tasks.apply_import(batch.pk)
    verdict = ImportBatch.objects.get().verdict
    ImportBatch.objects.update(status=Status.RUNNING)
    batch.refresh_from_db()
    ImportBatch.objects.update(status=Status.APPLIED)
    services.apply_batch(batch)
    assert ImportBatch.objects.get().verdict == verdict
