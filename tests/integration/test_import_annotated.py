"""The files that a person gets back: the original, and the copy with comments."""

import hashlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sheets import services
from sheets.annotations import annotated, annotated_name
from sheets.grid import Book, Cell, Merge, Sheet
from sheets.models import ImportBatch
from sheets.package.macros import may_hold_macros
from tests.factories import Role, omar
from tests.integration.importing import (
    altered,
    client_of,
    person,
    upload,
    workbook,
)
from tests.unit import hostile
from tests.unit.written import with_macros

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference", "english"),
    pytest.mark.slow,
]


@pytest.fixture
def client() -> Client:
    return client_of(person("planner", Role.PLANNER, "taipei"))


def got(client: Client, batch: ImportBatch, name: str):
    return client.get(f"/imports/{batch.pk}/{name}/")


def book_of(answer) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue()))


def sheet_of(*texts: str, **more) -> Sheet:
    """Return a sheet whose first row shows these texts."""
    cells = {
        column: Cell(1, column, text, text, False)
        for column, text in enumerate(texts, 1)
    }
    return Sheet(more.pop("name", "表"), {1: cells}, **more)


def copied(*sheets: Sheet, issues=()) -> openpyxl.Workbook:
    return openpyxl.load_workbook(annotated(Book("a.xlsx", sheets), issues))


def issue(sheet: str | None, cell: str | None, severity: str = "warn", **more) -> dict:
    return {
        "severity": severity,
        "sheet": sheet,
        "cell": cell,
        "code": "negative-amount",
        "params": {"text": "-1"},
        "message": "",
        "default": None,
        **more,
    }


def test_the_copy_has_a_comment_at_each_doubtful_cell(
    client, django_capture_on_commit_callbacks
):
    batch = upload(client, workbook("center-111"), django_capture_on_commit_callbacks)
    answer = got(client, batch, "annotated")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"

    book = book_of(answer)
    assert book.sheetnames == ["策略地圖", "平衡計分卡", "Doubts"]
    table = book["平衡計分卡"]
    told = {(one["sheet"], one["cell"]) for one in batch.issues if one["cell"]}
    commented = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert commented == told
    assert "warning: 1900,000 lacks a thousands separator" in table["N13"].comment.text
    assert table["N13"].value == "1900,000"
    # Numbers are numbers as they were displayed, and merges are as they were.
    assert (table["F7"].value, table["F7"].number_format) == (91.6, "0.00")
    assert table["M4"].number_format == "#,##0"
    assert "A7:A9" in {str(merged) for merged in table.merged_cells.ranges}


def test_every_doubt_is_listed_behind_with_a_link_to_its_cell(
    client, django_capture_on_commit_callbacks
):
    batch = upload(client, workbook("center-111"), django_capture_on_commit_callbacks)
    listed = book_of(got(client, batch, "annotated"))["Doubts"]
    rows = list(listed.iter_rows(min_row=3, values_only=True))
    issues = batch.issues
    assert [row[0] for row in rows] == list(range(1, len(issues) + 1))
    assert [row[3] or None for row in rows] == [one["cell"] for one in issues]
    place = next(n for n, one in enumerate(issues) if one["cell"] == "N13")
    assert listed.cell(place + 3, 4).hyperlink.location == "'平衡計分卡'!N13"


def test_a_copy_of_what_was_read_has_no_doubt_that_the_original_had_not(
    client, tmp_path: Path, django_capture_on_commit_callbacks
):
    batch = upload(client, workbook("center-111"), django_capture_on_commit_callbacks)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(got(client, batch, "annotated").getvalue())
    again = services.read_and_propose(path, services.options_of(batch))
    before = {(one["code"], one["sheet"], one["cell"]) for one in batch.issues}
    now = {(one.code, one.sheet, one.cell) for one in again.issues}
    assert now - before == {("sheet-not-read", "Doubts", None)}
    assert again.changes() == batch.proposal["changes"]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1"]
)
def test_what_begins_like_a_formula_stays_text(text: str):
    cell = copied(sheet_of(text))["表"]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_control_characters_and_odd_names_of_sheets_do_no_harm():
    names = ["a/b:c*?[d]'e", "x" * 40, "X" * 40, "", "Doubts"]
    sheets = [sheet_of("a\x00b\x1f", name=name) for name in names]
    book = copied(*sheets, issues=[issue(names[0], "A1")])
    assert len({name.casefold() for name in book.sheetnames}) == 6
    assert all(len(name) <= 31 for name in book.sheetnames)
    first = book.worksheets[0]
    assert first["A1"].value == "ab"
    link = book.worksheets[-1]["D3"].hyperlink.location
    assert link == f"'{first.title}'!A1"


def test_a_doubt_about_a_merged_cell_stands_at_the_cell_that_is_seen():
    merged = sheet_of("名稱", merges=(Merge(1, 1, 1, 3),))
    copy = copied(merged, issues=[issue("表", "B1"), issue("表", "A1", "ask")])
    told = copy["表"]["A1"].comment.text
    assert told.startswith("1 warning: ")
    assert "\n2 question: " in told


def test_a_merge_of_a_million_rows_is_cut_to_what_is_there():
    merged = sheet_of("名稱", "值", merges=(Merge(1, 1, 1_000_000, 1),))
    assert copied(merged)["表"].merged_cells.ranges == set()


def test_what_is_hidden_stays_hidden_and_the_list_is_seen():
    hidden = sheet_of("a", is_hidden=True, hidden_rows=frozenset({1}))
    book = copied(hidden)
    assert book["表"].sheet_state == "hidden"
    assert book["表"].row_dimensions[1].hidden
    assert book.active.title == "Doubts"


def test_an_answer_is_told_in_the_comment():
    answered = issue("表", "A1", "ask", choices=["keep", "restate"], answer="keep")
    told = copied(sheet_of("a"), issues=[answered])["表"]["A1"].comment.text
    assert "→ " in told


def test_the_copy_holds_no_part_that_runs_or_leads_elsewhere(
    client, tmp_path: Path, django_capture_on_commit_callbacks
):
    def alter(book) -> None:
        sheet = book["平衡計分卡"]
        sheet["C9"].hyperlink = "http://example.org/"
        sheet["H8"] = "=WEBSERVICE(A1)"

    path = altered("center-111", tmp_path, alter)
    batch = upload(client, path, django_capture_on_commit_callbacks)
    parts = zipfile.ZipFile(io.BytesIO(got(client, batch, "annotated").getvalue()))
    assert not [
        name
        for name in parts.namelist()
        if any(sign in name.lower() for sign in ("vba", "external", "embed", "activex"))
    ]
    everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"example.org" not in everything
    assert b"WEBSERVICE" not in everything
    assert b"<f>" not in everything


def test_the_name_of_a_copy_is_the_name_of_the_file():
    assert annotated_name("計畫.xlsm") == "計畫 (with comments).xlsx"


# The original


def test_the_original_is_given_as_it_was_and_never_shown(
    client, django_capture_on_commit_callbacks
):
    path = workbook("city-109")
    batch = upload(client, path, django_capture_on_commit_callbacks)
    answer = got(client, batch, "file")
    assert answer.getvalue() == path.read_bytes()
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'attachment; filename="city-109.xlsx"' in answer["Content-Disposition"]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Return a workbook as Excel saves one with a program."""
    path = tmp_path / "plan.xlsm"
    path.write_bytes(with_macros(workbook("city-109").read_bytes()))
    assert may_hold_macros(io.BytesIO(path.read_bytes()))
    return path


@pytest.mark.parametrize("name", ["plan.xlsm", "plan.xlsx"])
def test_macros_are_neither_kept_nor_given_out_and_the_page_says_so(
    client, sent: Path, name: str, django_capture_on_commit_callbacks
):
    path = sent.rename(sent.with_name(name))
    batch = upload(client, path, django_capture_on_commit_callbacks)

    assert batch.checksum == hashlib.sha256(path.read_bytes()).hexdigest()
    kept = Path(batch.file.path).read_bytes()
    assert not may_hold_macros(io.BytesIO(kept))
    assert "xl/vbaProject.bin" not in zipfile.ZipFile(io.BytesIO(kept)).namelist()
    assert batch.proposal["changes"]["objectives"]["created"] == 84
    answer = got(client, batch, "file")
    assert answer.getvalue() == kept
    assert 'filename="plan.xlsx"' in answer["Content-Disposition"]
    shown = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "Its macros were taken out before it was kept" in shown
    assert "File without macros" in client.get("/imports/").content.decode()
    parts = zipfile.ZipFile(io.BytesIO(got(client, batch, "annotated").getvalue()))
    assert "xl/vbaProject.bin" not in parts.namelist()


def test_a_file_whose_macros_cannot_be_taken_out_is_not_kept(client, sent: Path):
    with zipfile.ZipFile(sent) as parts:
        kinds = parts.read("[Content_Types].xml")
    broken = hostile.packed(
        {"[Content_Types].xml": kinds[:-3], "xl/vbaProject.bin": b"Sub"}
    )
    file = SimpleUploadedFile("plan.xlsm", broken)
    answer = client.post("/imports/new/", {"file": file})
    assert answer.status_code == 422
    assert "macros that cannot be taken out" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_with_macros_of_before_is_given_only_as_a_copy(
    client, sent: Path, django_capture_on_commit_callbacks
):
    batch = upload(client, workbook("city-109"), django_capture_on_commit_callbacks)
    Path(batch.file.path).write_bytes(sent.read_bytes())
    answer = got(client, batch, "file")
    assert answer.status_code == 302
    assert answer.url == f"/imports/{batch.pk}/"
    parts = zipfile.ZipFile(io.BytesIO(got(client, batch, "annotated").getvalue()))
    assert "xl/vbaProject.bin" not in parts.namelist()


def test_a_file_that_could_not_be_read_has_no_copy(
    client, tmp_path: Path, django_capture_on_commit_callbacks
):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(hostile.far_cell())
    batch = upload(client, path, django_capture_on_commit_callbacks)
    assert got(client, batch, "annotated").status_code == 404
    assert "/annotated/" not in client.get(f"/imports/{batch.pk}/").content.decode()


@pytest.mark.parametrize("name", ["file", "annotated"])
def test_files_of_elsewhere_are_not_found(
    client, name: str, django_capture_on_commit_callbacks
):
    batch = upload(client, workbook("city-109"), django_capture_on_commit_callbacks)
    assert got(client_of(omar()), batch, name).status_code == 404
    assert got(Client(), batch, name).status_code == 302


def test_a_header_cannot_be_broken_by_the_name_of_a_file(
    client, django_capture_on_commit_callbacks
):
    content = workbook("city-109").read_bytes()
    file = SimpleUploadedFile('a"b; filename=x\u202e.xlsx', content)
    batch = services.store_upload(
        file=file, file_name=file.name, by=None, options={"unit": "taipei"}
    )
    told = got(client, batch, "file")["Content-Disposition"]
    assert "\n" not in told
    assert told.startswith("attachment; filename*=utf-8''a%22b")
