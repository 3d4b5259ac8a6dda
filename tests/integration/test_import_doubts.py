"""The doubts of an import are rows: a page loads its head and those it shows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from sheets import services
from sheets.boards import Place
from sheets.models import ImportBatch, ImportDoubt
from sheets.previews import preview_of
from tests.integration.batches import apply, uploaded
from tests.integration.importing import import_file, load_reference, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference():
    load_reference()


def loaded(work: Callable[[], object]) -> tuple[list[str], list[ImportDoubt]]:
    """Return the queries of some work, and the doubts that were made of rows."""
    made: list[ImportDoubt] = []

    def note(instance: ImportDoubt, **sent) -> None:
        made.append(instance)

    post_init.connect(note, ImportDoubt)
    try:
        with CaptureQueriesContext(connection) as captured:
            work()
    finally:
        post_init.disconnect(note, ImportDoubt)
    return [query["sql"] for query in captured], made


def test_the_doubts_are_kept_in_their_order_and_counted_in_the_head():
    batch = uploaded(workbook("center-111"))
    options = services.options_of(batch)
    proposal = services.read_and_propose(Path(batch.file.path), options)
    assert [(i["code"], i["sheet"], i["cell"]) for i in batch.issues] == [
        (issue.code, issue.sheet, issue.cell) for issue in proposal.issues
    ]
    assert "issues" not in batch.proposal
    counts = batch.proposal["doubts"]
    assert sum(counts["numbers"].values()) == len(proposal.issues)
    assert counts["open"] == sum(issue.is_open for issue in proposal.issues)
    at_cells = [issue for issue in proposal.issues if issue.cell]
    assert sum(n for of in counts["cells"].values() for n in of.values()) == len(
        at_cells
    )


def test_a_page_of_one_severity_loads_no_other_doubt_than_it_lists_and_draws():
    batch = uploaded(workbook("bureau-107"))
    numbers = batch.proposal["doubts"]["numbers"]
    place = Place(sheet=1, page=1, severity="note")

    def show() -> None:
        preview_of(batch, place, may_answer=True, may_see=True)

    queries, made = loaded(show)
    drawn = batch.doubts.filter(sheet=batch.pictures[0]["name"]).exclude(row=None)
    assert len(queries) == 4
    assert len(made) <= numbers["note"] + drawn.count() < sum(numbers.values())


def test_applying_keeps_the_doubts_that_were_seen_and_loads_none():
    batch = uploaded(workbook("group-e-109"))
    rows = list(batch.doubts.values_list("pk", "code"))
    _, made = loaded(lambda: apply(batch))
    assert batch.status == ImportBatch.Status.APPLIED
    assert made == []
    assert list(batch.doubts.values_list("pk", "code")) == rows
    assert batch.verdict["doubts"] == batch.proposal["doubts"]


def test_what_changed_meanwhile_is_told_first_and_kept():
    batch = uploaded(workbook("group-e-109"))
    import_file(workbook("group-e-109"))
    services.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.PROPOSED
    assert batch.issues[0]["code"] == "changed-since"
    apply(batch)
    assert batch.status == ImportBatch.Status.APPLIED
    assert "changed-since" not in {issue["code"] for issue in batch.issues}
