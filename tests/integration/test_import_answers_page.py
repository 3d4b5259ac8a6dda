"""Answering the doubts of a file on its page, and undoing the import there."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bsc.models import Job, Unit
from kpi.models import Kpi
from sheets.models import ImportBatch
from tests.factories import Role, omar
from tests.integration.importing import (
    altered,
    client_of,
    page,
    person,
    post,
    upload,
    workbook,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("reference", "english"),
]

Status = ImportBatch.Status
UNKNOWN = "性保護組"


@pytest.fixture
def client() -> Client:
    return client_of(person("planner", Role.PLANNER, "taipei"))


@pytest.fixture
def doubtful(
    client: Client, tmp_path: Path, django_capture_on_commit_callbacks
) -> ImportBatch:
    """Return an import with a unit that nobody knows, and with a question."""

    def alter(book) -> None:
        book["平衡計分卡"]["K7"] = UNKNOWN

    path = altered("center-111", tmp_path, alter)
    return upload(client, path, django_capture_on_commit_callbacks)


def issue_of(batch: ImportBatch, code: str) -> dict:
    return next(i for i in batch.issues if i["code"] == code)


def answer(client: Client, batch: ImportBatch, query: str = "", **posted: str) -> str:
    """Post a form of answers, follow where it leads, and return that page."""
    address = f"/imports/{batch.pk}/answers/{query}"
    shown = client.post(address, posted, follow=True)
    assert shown.status_code == 200
    batch.refresh_from_db()
    return shown.content.decode()


def test_an_unknown_unit_is_an_error_that_can_be_answered_in_the_list(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    assert doubtful.status == Status.REFUSED
    shown = page(client, doubtful)
    assert f'name="answer:{key}" value="alias:dvpc-sexual"' in shown
    assert f'name="answer:{key}" value="new-section"' in shown
    assert "Answer the errors, or mend the file." in shown

    shown = answer(client, doubtful, **{f"answer:{key}": "alias:dvpc-sexual"})
    assert doubtful.status == Status.PROPOSED
    assert "✓ answered: " in shown
    assert "性保組" in shown[shown.index("✓ answered: ") :]


def test_any_other_unit_can_be_chosen_from_the_list_of_all(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    posted = {f"answer:{key}": "other", f"answer:{key}:other": "alias:dosw"}
    shown = answer(client, doubtful, **posted)
    assert doubtful.answers == {key: "alias:dosw"}
    assert '<option value="alias:dosw" selected>' in shown


def test_other_without_a_unit_answers_nothing(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    posted = {f"answer:{key}": "other", f"answer:{key}:other": ""}
    answer(client, doubtful, **posted)
    assert doubtful.answers == {}


def test_an_answer_is_taken_back(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    answer(client, doubtful, **{f"answer:{key}": "alias:dvpc-sexual"})
    answer(client, doubtful, **{f"answer:{key}": ""})
    assert doubtful.answers == {}
    assert doubtful.status == Status.REFUSED


def test_a_choice_that_was_not_offered_is_refused_in_words(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    shown = answer(client, doubtful, **{f"answer:{key}": "alias:nowhere"})
    assert "cannot be chosen here" in shown
    assert doubtful.answers == {}


def test_a_file_that_was_applied_meanwhile_takes_no_defaults(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("city-109"), on_commit)
    post(client, "apply-import", batch, on_commit)
    assert batch.status == Status.APPLIED
    assert "no longer waiting" in answer(client, batch, accept="all")


def test_a_page_that_is_older_than_an_answer_neither_accepts_nor_applies(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("center-111"), on_commit)
    shown = page(client, batch)
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    assert len(seen) == 20
    key = issue_of(batch, "direction-doubtful")["key"]
    answer(client, batch, **{f"answer:{key}": "negative"})

    assert "Somebody has answered meanwhile" in answer(
        client, batch, accept="all", seen=seen
    )
    address = reverse("sheets:apply-import", args=[batch.pk])
    with on_commit(execute=True):
        client.post(address, {"seen": seen})

    batch.refresh_from_db()
    assert batch.status == Status.PROPOSED
    assert batch.answers == {key: "negative"}


def test_a_file_that_is_gone_takes_no_answers(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    Path(doubtful.file.path).unlink()
    address = f"/imports/{doubtful.pk}/answers/"
    refused = client.post(address, {f"answer:{key}": "new-section"})
    assert refused.status_code == 404
    doubtful.refresh_from_db()
    assert doubtful.answers == {}


def test_what_is_posted_beside_the_questions_is_no_answer(client, doubtful):
    answer(client, doubtful, **{"answer:no-plan|平衡計分卡|L12|": "skip", "x": "y"})
    assert doubtful.answers == {}


def test_the_page_says_how_many_questions_are_open(client, doubtful):
    before = sum(1 for i in doubtful.issues if i["severity"] in ("ask", "error"))
    assert f"{before} still open" in page(client, doubtful)
    key = issue_of(doubtful, "unknown-unit")["key"]
    shown = answer(client, doubtful, **{f"answer:{key}": "alias:dvpc-sexual"})
    assert f"{before - 1} still open" in shown


def test_all_defaults_are_accepted_at_once_with_what_was_chosen(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    posted = {f"answer:{key}": "alias:dvpc-sexual", "accept": "all"}
    shown = answer(client, doubtful, **posted)
    asked = [i for i in doubtful.issues if i["severity"] == "ask"]
    assert asked
    assert all(issue["answer"] for issue in asked)
    assert "still open" not in shown
    assert "No errors, ready to apply." in shown


def test_the_list_stays_where_it_was_after_an_answer(client, doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    address = f"/imports/{doubtful.pk}/answers/?sheet=2&severity=error"
    answered = client.post(address, {f"answer:{key}": "alias:dvpc-sexual"})
    assert answered.url == f"/imports/{doubtful.pk}/?sheet=2&severity=error"


def test_what_is_chosen_is_kept_when_all_is_applied(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("center-111"), on_commit)
    asked = issue_of(batch, "direction-doubtful")
    with on_commit(execute=True):
        client.post(
            f"/imports/{batch.pk}/apply/", {f"answer:{asked['key']}": "negative"}
        )
    batch.refresh_from_db()
    assert batch.status == Status.APPLIED
    assert Kpi.objects.get(code=asked["params"]["code"]).direction == "negative"


# A year that the file does not say


@pytest.fixture
def without_year(
    client: Client, tmp_path: Path, django_capture_on_commit_callbacks
) -> ImportBatch:
    path = tmp_path / "table.tsv"
    path.write_text(
        "家防中心平衡計分卡\n策略目標\tKPI\t計量單位\n"
        "AC1 提升服務\tAC1.1 服務涵蓋率\t%\n"
    )
    return upload(client, path, django_capture_on_commit_callbacks)


def test_a_year_that_no_title_says_is_typed_on_the_page(client, without_year):
    assert without_year.status == Status.REFUSED
    shown = page(client, without_year)
    assert "It can be typed here" in shown
    assert 'name="year"' in shown
    assert "Answer the errors, or mend the file." in shown
    assert "1 still open" in shown

    shown = answer(client, without_year, year="111")

    assert without_year.status == Status.PROPOSED
    assert without_year.options["year"] == 2022
    assert "year 111, as you said" in shown


def test_a_typed_year_can_be_typed_anew(client, without_year):
    answer(client, without_year, year="111")
    answer(client, without_year, year="2023")
    assert without_year.options["year"] == 2023
    assert without_year.proposal["sheets"][0]["year"] == 112


@pytest.mark.parametrize("odd", ["one", "9999", "1²"])
def test_what_is_no_year_is_told_and_changes_nothing(client, without_year, odd: str):
    assert "This is not a year" in answer(client, without_year, year=odd)
    assert without_year.status == Status.REFUSED
    assert without_year.options["year"] is None


def test_nobody_answers_for_units_of_others(doubtful):
    key = issue_of(doubtful, "unknown-unit")["key"]
    posted = {f"answer:{key}": "alias:dvpc-sexual"}
    client = client_of(omar())
    for name in ("answers", "undo"):
        address = f"/imports/{doubtful.pk}/{name}/"
        assert client.post(address, posted).status_code == 404
    doubtful.refresh_from_db()
    assert doubtful.answers == {}


# Undoing


@pytest.fixture
def applied(client: Client, django_capture_on_commit_callbacks) -> ImportBatch:
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    post(client, "apply-import", batch, on_commit)
    assert batch.status == Status.APPLIED
    return batch


def test_an_applied_import_says_who_applied_it_and_leads_to_its_cards(client, applied):
    shown = page(client, applied)
    assert f"by {applied.applied_by}." in shown
    for address in ("/units/group-e/109/", "/units/group-e/109/results/"):
        assert f'href="{address}"' in shown


def test_undoing_says_what_will_be_lost_and_takes_all_of_it_back(
    client, applied, django_capture_on_commit_callbacks
):
    assert f'href="/imports/{applied.pk}/undo/"' in page(client, applied)
    shown = undo_page(client, applied)
    assert "19 KPIs" in shown[shown.index("Deleted: ") :]
    assert "nobody has changed what it wrote" in shown
    assert "Undo all of it" in shown
    assert Kpi.objects.count() == 19

    assert (
        post(client, "undo-import", applied, django_capture_on_commit_callbacks) == 302
    )
    assert applied.status == Status.UNDONE
    assert not Kpi.objects.exists()
    shown = page(client, applied)
    assert "Undone. What it wrote is taken back." in shown
    assert "19 KPIs" in shown[shown.index("Undone ") :]
    assert "Undo this import" not in shown


def undo_page(client: Client, batch: ImportBatch) -> str:
    answer = client.get(f"/imports/{batch.pk}/undo/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_a_newer_import_shows_as_well_is_told_before_and_stays(
    client, applied, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    path = workbook("group-e-109")
    file = SimpleUploadedFile("again.xlsx", path.read_bytes())
    with on_commit(execute=True):
        client.post("/imports/new/", {"file": file})
    newer = ImportBatch.objects.get(file_name="again.xlsx")
    post(client, "apply-import", newer, on_commit)

    shown = undo_page(client, applied)

    assert "shown by a newer import as well (again.xlsx)" in shown
    assert "EC1.1" in shown[shown.index('class="kept"') :]
    post(client, "undo-import", applied, on_commit)
    assert Kpi.objects.count() == 19


def test_what_cannot_be_undone_has_no_page_that_asks(client, doubtful):
    answer = client.get(f"/imports/{doubtful.pk}/undo/", follow=True)
    assert "There is nothing of this import to undo." in answer.content.decode()


def test_what_somebody_changed_since_stays_and_is_named(
    client, applied, django_capture_on_commit_callbacks
):
    kpi = Kpi.objects.get(code="EC1.1")
    kpi.name = "改過的名稱"
    kpi.save()
    shown = undo_page(client, applied)
    assert "EC1.1" in shown[shown.index('class="kept"') :]
    assert "1 changed since" in shown
    post(client, "undo-import", applied, django_capture_on_commit_callbacks)
    assert Kpi.objects.filter(pk=kpi.pk).exists()
    shown = page(client, applied)
    assert "changed since" in shown
    assert "EC1.1" in shown[shown.index('class="kept"') :]


def test_an_import_is_undone_once(client, applied, django_capture_on_commit_callbacks):
    on_commit = django_capture_on_commit_callbacks
    post(client, "undo-import", applied, on_commit)
    post(client, "undo-import", applied, on_commit)
    assert Job.objects.filter(kind="undo").count() == 1


def test_an_undoing_that_broke_says_so_and_can_be_tried_again(client, applied):
    job = applied.job
    job.kind, job.state = "undo", Job.State.FAILED
    job.outcome = {"error": {"code": "invalid", "reason": "no"}}
    job.save()
    assert "It was refused: no" in page(client, applied)
    assert "Undo all of it" in undo_page(client, applied)


def test_a_changed_file_shows_what_changes_field_by_field(
    client, applied, tmp_path: Path, django_capture_on_commit_callbacks
):
    applied.delete()

    def alter(book) -> None:
        sheet = book["執行成果"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and "EC1.1" in str(cell.value):
                    cell.value = f"{cell.value}（修正）"

    path = altered("group-e-109", tmp_path, alter)
    batch = upload(client, path, django_capture_on_commit_callbacks)
    assert batch.proposal["difference_count"] > 0
    shown = page(client, batch)
    lines = shown[shown.index("of what is stored") :]
    assert "EC1.1" in lines
    assert "（修正）" in lines


def test_the_same_file_again_has_no_differences(
    client, applied, django_capture_on_commit_callbacks
):
    applied.delete()
    path = workbook("group-e-109")
    batch = upload(client, path, django_capture_on_commit_callbacks)
    assert batch.proposal["difference_count"] == 0
    assert "of what is stored" not in page(client, batch)


def test_a_file_said_to_be_the_whole_plan_is_kept_so(
    client, django_capture_on_commit_callbacks
):
    path = workbook("group-e-109")
    batch = upload(client, path, django_capture_on_commit_callbacks, whole="on")
    assert batch.options["whole"] is True


def test_the_list_of_other_units_has_every_unit(client, doubtful):
    shown = page(client, doubtful)
    for code in Unit.objects.values_list("code", flat=True):
        assert f'<option value="alias:{code}">' in shown
