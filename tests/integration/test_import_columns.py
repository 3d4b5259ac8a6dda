"""A heading that nobody knows: asked on the page, read as answered, kept for later."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpi.models import Target
from sheets.models import ColumnWording, ImportBatch
from tests.factories import Role
from tests.integration.importing import (
    client_of,
    page,
    person,
    post,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference", "english"),
    pytest.mark.slow,
]

Status = ImportBatch.Status
HEADINGS = ["策略目標", "KPI", "計量單位", "110年實際值", "111年推估水準", "主責科室"]
ROWS = [
    ["AC1 提升服務", "AC1.1 服務涵蓋率", "%", 80, 85, "成保組"],
    ["AC1 提升服務", "AC1.2 訪視率", "%", 70, 75, "成保組"],
]


@pytest.fixture
def client() -> Client:
    return client_of(person("planner", Role.PLANNER, "taipei"))


def brought(client: Client, on_commit, name: str = "own.xlsx", year: int = 111):
    """Return the batch of a card whose targets stand under words of the office's own."""
    book = openpyxl.Workbook()
    headings = [text.replace("111", str(year)) for text in HEADINGS]
    title = [f"家防中心 {year}年平衡計分卡"]
    for line in (title, headings, *ROWS):
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    file = SimpleUploadedFile(name, content.getvalue())
    with on_commit(execute=True):
        client.post("/imports/new/", {"file": file})
    return ImportBatch.objects.get(file_name=name)


def doubt_of(batch: ImportBatch):
    return batch.doubts.get(code="unknown-column")


def answer(client: Client, batch: ImportBatch, **posted: str) -> str:
    shown = client.post(f"/imports/{batch.pk}/answers/", posted, follow=True)
    assert shown.status_code == 200
    batch.refresh_from_db()
    return shown.content.decode()


def test_a_column_is_read_as_a_person_answers_and_can_be_answered_otherwise(
    client, django_capture_on_commit_callbacks
):
    batch = brought(client, django_capture_on_commit_callbacks)
    key = doubt_of(batch).key
    assert batch.proposal["changes"]["targets"]["created"] == 0
    shown = page(client, batch)
    assert f'name="answer:{key}" value="target"' in shown
    assert "None of these: leave the column aside" in shown

    shown = answer(client, batch, **{f"answer:{key}": "target"})
    assert batch.proposal["changes"]["targets"]["created"] == 2
    assert "answered: target" in shown
    assert not ColumnWording.objects.exists()

    answer(client, batch, **{f"answer:{key}": "aside"})
    assert batch.proposal["changes"]["targets"]["created"] == 0
    assert doubt_of(batch).answer == "aside"


def test_what_was_answered_is_applied_and_offered_first_next_year(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = brought(client, on_commit)
    with on_commit(execute=True):
        posted = {f"answer:{doubt_of(batch).key}": "target"}
        client.post(f"/imports/{batch.pk}/apply/", posted)
    batch.refresh_from_db()
    assert batch.status == Status.APPLIED
    assert sorted(map(str, Target.objects.values_list("value", flat=True))) == [
        "75.000000",
        "85.000000",
    ]

    later = brought(client, on_commit, "next.xlsx", 112)

    doubt = doubt_of(later)
    assert (doubt.choices[0], doubt.is_learned) == ("target", True)
    assert not doubt.answer
    assert later.proposal["changes"]["targets"]["created"] == 2
    assert "as answered before" in page(client, later)


def test_a_citys_planner_keeps_an_answer_for_every_later_file(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = brought(client, on_commit)
    key = doubt_of(batch).key
    answer(client, batch, **{f"answer:{key}": "target"})

    shown = answer(client, batch, keep=key)

    wording = ColumnWording.objects.get()
    assert (wording.bare, wording.column) == ("推估水準", "target")
    assert wording.added_by.username == "planner"
    assert "From now on every file is read so" in shown
    assert not batch.doubts.filter(code="unknown-column").exists()
    assert batch.proposal["changes"]["targets"]["created"] == 2
    later = brought(client, on_commit, "next.xlsx", 112)
    assert not later.doubts.filter(code="unknown-column").exists()
    # It is seen and taken back where the other wordings are.
    kept = client.get("/admin/sheets/columnwording/").content.decode()
    assert "推估水準" in kept
    client.post(f"/admin/sheets/columnwording/{wording.pk}/delete/", {"post": "yes"})
    assert not ColumnWording.objects.exists()


def test_a_planner_of_one_unit_keeps_no_wording_for_all(
    django_capture_on_commit_callbacks,
):
    on_commit = django_capture_on_commit_callbacks
    client = client_of(person("ines", Role.PLANNER, "dvpc"))
    batch = brought(client, on_commit)
    key = doubt_of(batch).key
    shown = answer(client, batch, **{f"answer:{key}": "target"})
    assert 'name="keep"' not in shown
    assert "a planner of the city can keep it" in shown

    address = f"/imports/{batch.pk}/answers/"
    assert client.post(address, {"keep": key}).status_code == 403
    assert not ColumnWording.objects.exists()


def test_what_is_not_answered_is_not_kept(client, django_capture_on_commit_callbacks):
    batch = brought(client, django_capture_on_commit_callbacks)
    shown = answer(client, batch, keep=doubt_of(batch).key)
    assert "no longer asked" in shown
    assert not ColumnWording.objects.exists()


def test_an_unanswered_column_is_left_aside_when_all_is_applied(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = brought(client, on_commit)
    assert post(client, "apply-import", batch, on_commit) == 302
    assert batch.status == Status.APPLIED
    assert not Target.objects.exists()
