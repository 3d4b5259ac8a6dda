"""A table pasted into the page is brought in like a file."""

from collections.abc import Iterator

import pytest

from bsc.models import Scorecard, User
from sheets.models import ImportBatch
from sheets.uploads import LONGEST_PASTED
from tests.integration.importing import (
    ROOT,
    client_of,
    kept_for_a_module,
    load_reference,
    page,
    person,
    post,
)

UPLOAD = "/imports/new/"
SOURCES = ROOT / "tests" / "truth" / "sources"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _prepared(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, load_reference):
        yield


@pytest.fixture
def planner() -> User:
    return person("pia", "planner", "taipei")


def pasted(number: str) -> str:
    return next(SOURCES.glob(f"{number}_*.txt")).read_text("utf-8")


def test_a_pasted_text_is_read_shown_and_applied(
    planner, django_capture_on_commit_callbacks
):
    client = client_of(planner)
    with django_capture_on_commit_callbacks(execute=True):
        # Browsers send line ends as they were typed on another system.
        text = pasted("000").replace("\n", "\r\n")
        answer = client.post(UPLOAD, {"pasted": text})
    assert answer.status_code == 302
    batch = ImportBatch.objects.get()
    assert batch.file_name == "貼上的表格.txt"
    assert [s["form"] for s in batch.proposal["sheets"]] == [
        "strategy-map",
        "scorecard",
    ]
    shown = page(client, batch)
    assert "BC1.1.2" in shown
    assert "臺北市家庭暴力暨性侵害防治中心 平衡計分卡 (111年)" in shown
    post(client, "apply-import", batch, django_capture_on_commit_callbacks)
    assert batch.status == ImportBatch.Status.APPLIED
    assert Scorecard.objects.get(unit__code="dvpc", year=2022).kpis.count() == 20


def test_a_blank_first_cell_is_kept(planner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client_of(planner).post(UPLOAD, {"pasted": "\t甲\t乙\n"})
    batch = ImportBatch.objects.get()
    assert batch.file.read().decode() == "\t甲\t乙\n"
    assert batch.status == ImportBatch.Status.REFUSED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  \r\n\t ", "Choose a file, or paste a table."),
        ("x" * (LONGEST_PASTED + 1), f"at most {LONGEST_PASTED} characters"),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_text_that_cannot_be_taken_is_told_at_its_field(
    planner, text: str, words: str
):
    answer = client_of(planner).post(UPLOAD, {"pasted": text})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_and_a_text_are_not_taken_together(planner):
    path = next(SOURCES.glob("001_*.txt"))
    with path.open("rb") as file:
        answer = client_of(planner).post(UPLOAD, {"file": file, "pasted": "a\tb"})
    assert answer.status_code == 422
    assert "Give a file or a pasted table, not both." in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_the_form_has_room_for_a_text_without_any_script(planner):
    shown = client_of(planner).get(UPLOAD).content.decode()
    assert '<textarea name="pasted"' in shown
    assert 'for="id_pasted"' in shown
