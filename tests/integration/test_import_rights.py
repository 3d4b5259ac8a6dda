"""Who may bring files in, and what becomes of an import that stopped half way."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bsc.models import Job, Scorecard
from kpi.models import Actual, Kpi
from sheets import services, tasks
from sheets.models import ImportBatch
from tests.factories import Role, omar
from tests.integration.importing import (
    altered,
    client_of,
    import_file,
    page,
    person,
    post,
    upload,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "english")]

Status = ImportBatch.Status
UPLOAD = "/imports/new/"


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


def test_what_is_stored_of_another_unit_is_not_shown_to_who_may_not_apply(
    tmp_path: Path, django_capture_on_commit_callbacks
):
    import_file(workbook("group-e-109"))
    Scorecard.objects.update(status=Scorecard.Status.DRAFT)
    Kpi.objects.filter(code="EC1.1").update(name="尚未公開的指標名稱")
    held = Actual.objects.filter(series__kpis__code="EP1.2", period="2020")
    held.update(text="尚未公開的實際值")

    def shorter(book: openpyxl.Workbook) -> None:
        for cell in ("D4", "E4"):
            book["平衡計分卡"][cell] = None
        book["執行成果"]["C11"] = "低於6都平均值"

    client = client_of(person("ines", Role.PLANNER, "dvpc"))
    path = altered("group-e-109", tmp_path, shorter)
    batch = upload(client, path, django_capture_on_commit_callbacks)
    told = json.dumps([batch.proposal, batch.issues], ensure_ascii=False)
    assert batch.proposal["differences"]
    assert "尚未公開的指標名稱" in told
    assert "尚未公開的實際值" in told
    assert {"left", "restated"} <= {one["code"] for one in batch.issues}

    shown = page(client, batch)

    assert "尚未公開的指標名稱" not in shown
    assert "尚未公開的實際值" not in shown
    assert "Changes of what is stored" not in shown
    assert "it is not shown to you" in shown
    copy = client.get(reverse("sheets:annotated-copy", args=[batch.pk]))
    comments = unpacked(b"".join(copy.streaming_content))
    assert "尚未公開的指標名稱" not in comments
    assert "尚未公開的實際值" not in comments

    # Who may apply it sees what they would change.
    batch.uploaded_by = person("petra", Role.PLANNER, "taipei")
    batch.save()
    seen = page(client_of(batch.uploaded_by), batch)
    assert "尚未公開的指標名稱" in seen
    assert "Changes of what is stored" in seen


def unpacked(workbook: bytes) -> str:
    """Return all parts of a workbook as one text."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(
            parts.read(name).decode() for name in parts.namelist() if "xml" in name
        )


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
