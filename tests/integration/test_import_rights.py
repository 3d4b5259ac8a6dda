"""Who may bring files in, and what becomes of an import that stopped half way."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from bsc.models import Job, User
from kpi.models import Kpi
from sheets import services, tasks
from sheets.models import ImportBatch
from tests.factories import Role, omar
from tests.integration.importing import (
    client_of,
    kept_for_a_module,
    load_reference,
    page,
    person,
    post,
    upload,
    workbook,
)

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
