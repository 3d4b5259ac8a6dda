"""Bringing a file in on the pages: uploaded, looked at, applied or discarded."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpi.models import Kpi, PublishedResult
from sheets import services
from sheets.models import ImportBatch
from tests.integration.importing import (
    altered,
    client_of,
    page,
    post,
    rows_with_keys,
    upload,
    workbook,
)
from tests.unit import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "english")]

Status = ImportBatch.Status
UPLOAD = "/imports/new/"


# The way of a good file


def test_a_file_is_read_shown_and_applied(planner, django_capture_on_commit_callbacks):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    assert (batch.status, batch.unit.code) == (Status.PROPOSED, "group-e")
    assert not Kpi.objects.exists()

    shown = page(client, batch)
    for words in ("19 <small>new<", "27 <small>new<", "執行成果 D18"):
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


def test_each_doubt_stands_at_its_cell_of_the_drawn_sheet(
    planner, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    batch = upload(client, workbook("center-111"), django_capture_on_commit_callbacks)
    shown = page(client, batch)
    # The first sheet with a doubt is drawn; a link leads from the doubt to its cell.
    assert '<a href="?sheet=2" aria-current="page">平衡計分卡<small' in shown
    marks = sum(
        1 for issue in batch.issues if issue["sheet"] == "平衡計分卡" and issue["cell"]
    )
    assert f">{marks}</small></a>" in shown
    assert 'href="?sheet=2&amp;page=1#N13">平衡計分卡 N13</a>' in shown
    assert 'id="N13" class="n k severity-warn"' in shown
    assert 'id="A7" rowspan="3" class="r3">' in shown
    assert 'id="F7" class="n"><div>91.60</div>' in shown
    other = client.get(f"/imports/{batch.pk}/?sheet=1").content.decode()
    assert 'id="B8"' in other
    # Its own doubts are none: what stands at cells of the other sheet is not drawn.
    assert re.search("<td [^>]*severity-", other) is None
    for odd in ("0", "3", "x", "²"):
        assert client.get(f"/imports/{batch.pk}/?sheet={odd}").status_code == 200


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
        ("en", ["Apply all", "No errors", "19 <small>new<"]),
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


def test_a_file_that_changed_what_it_would_do_is_shown_again_before_it_is_applied(
    planner, django_capture_on_commit_callbacks
):
    client, on_commit = client_of(planner), django_capture_on_commit_callbacks
    batch = upload(client, workbook("city-109"), on_commit)
    services.apply_file(
        Path(batch.file.path), services.options_of(batch), by=None, reason="before"
    )
    post(client, "apply-import", batch, on_commit)
    assert batch.status == Status.PROPOSED
    assert "changed-since" in {issue["code"] for issue in batch.issues}
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
