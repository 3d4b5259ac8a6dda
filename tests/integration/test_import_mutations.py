"""Two thousand changed workbooks: read or refused, never half written, each bounded."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sheets import services
from sheets.forms import read_book
from sheets.forms.readings import Severity
from sheets.grid import Book, read_workbook
from sheets.package import Refused, inspect
from sheets.proposals import Options, Proposal
from tests.integration.importing import (
    READ,
    WORKBOOKS,
    import_all,
    import_file,
    kept_for_a_module,
    rows_with_keys,
    workbook,
)
from tests.unit.mutations import damaged, damaged_inside, mutated
from tests.unit.written import as_csv, as_ods

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What one changed workbook may take on a busy machine.
SECONDS = 20
# What is wrong with a whole sheet or file, and with no cell of it; notes may be too.
# The last two may speak of what is stored, where the file leaves it out.
OF_A_SHEET = {
    "left",
    "no-year",
    "sheet-not-read",
    "sheet-twice",
    "unknown-form",
    "year-from-file-name",
    "same-kpi",
    "plan-like-kpi",
}


@pytest.fixture(scope="module", autouse=True)
def _imported(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, import_all):
        yield


@cache
def book_of(name: str) -> Book:
    return read_workbook(workbook(name), f"{name}.xlsx")


def proposed(book: Book) -> Proposal:
    content = services.Content(read_book(book))
    return services.propose_content(content, Options(file_name=book.file_name))


def check(seed: int) -> set[str]:
    """Change a workbook by a seed, propose it, and return the codes of its issues."""
    chance = random.Random(seed)
    book, told = mutated(book_of(chance.choice([*READ, "workplan-098"])), chance)
    started = time.monotonic()
    try:
        proposal = proposed(book)
    except Exception as error:
        error.add_note(f"seed {seed}, {book.file_name}: {told}")
        raise
    assert time.monotonic() - started < SECONDS, (seed, told)
    names = {sheet.name for sheet in book.sheets}
    for issue in proposal.issues:
        is_placed = issue.sheet in names and issue.cell
        is_of_a_sheet = issue.severity is Severity.NOTE or issue.code in OF_A_SHEET
        assert is_placed or is_of_a_sheet, (seed, told, issue)
    is_wrong = any(issue.severity is Severity.ERROR for issue in proposal.issues)
    assert proposal.is_refused == is_wrong, (seed, told)
    return {issue.code for issue in proposal.issues}


def test_twenty_changed_workbooks_are_proposed_or_told_at_their_cells():
    found = Counter(code for seed in range(20) for code in check(seed))
    assert len(found) > 10


@pytest.mark.slow
def test_two_thousand_changed_workbooks_are_proposed_or_told_at_their_cells():
    found = Counter(code for seed in range(20, 1_760) for code in check(seed))
    assert len(found) > 25


def outcome_of(seed: int, folder: Path) -> str:
    """Damage the bytes of a workbook by a seed, and return what became of it."""
    chance = random.Random(seed)
    name = chance.choice(READ)
    suffix = chance.choice(("xlsx", "xlsx", "xls", "ods", "csv"))
    content = written_as(name, suffix)
    is_packed = suffix in ("xlsx", "ods") and chance.random() < 0.7
    damage = damaged_inside if is_packed else damaged
    path = folder / f"{name}.{suffix}"
    path.write_bytes(damage(content, chance))
    started = time.monotonic()
    try:
        inspect(path)
        book = read_workbook(path, path.name)
        proposed(book)
        return "read"
    except Refused as refused:
        return refused.code
    except Exception as error:
        error.add_note(f"seed {seed}, {path.name}")
        raise
    finally:
        assert time.monotonic() - started < SECONDS, seed


@cache
def written_as(name: str, suffix: str) -> bytes:
    if suffix == "ods":
        return as_ods(book_of(name))
    if suffix == "csv":
        return as_csv(book_of(name).sheets[-1], "utf-8")
    folder = WORKBOOKS / "xls" if suffix == "xls" else WORKBOOKS
    return (folder / f"{name}.{suffix}").read_bytes()


def test_twenty_damaged_files_are_read_or_refused(tmp_path: Path):
    outcomes = {outcome_of(seed, tmp_path) for seed in range(20)}
    assert {"read", "file-broken"} <= outcomes


@pytest.mark.slow
def test_three_hundred_damaged_files_are_read_or_refused(tmp_path: Path):
    outcomes = {outcome_of(seed, tmp_path) for seed in range(20, 320)}
    assert {"read", "file-broken", "text-encoding"} <= outcomes


@pytest.mark.slow
def test_a_changed_workbook_is_written_whole_or_not_at_all(tmp_path: Path):
    outcomes = set()
    for seed in range(2_000, 2_012):
        chance = random.Random(seed)
        name = chance.choice(READ)
        book, told = mutated(book_of(name), chance)
        path = tmp_path / f"{name}.ods"
        path.write_bytes(as_ods(book))
        before = rows_with_keys()
        proposal = import_file(path)
        changed = [*(proposal.changes().values())]
        wrote = sum(c["created"] + c["changed"] + c["removed"] for c in changed)
        is_same = rows_with_keys() == before
        assert is_same == (proposal.is_refused or not wrote), (seed, told)
        # What was written is all of it: the same file again has nothing to add.
        if not proposal.is_refused:
            again = import_file(path).changes().values()
            assert not sum(c["created"] + c["changed"] + c["removed"] for c in again), (
                seed, told,
            )  # fmt: skip
        outcomes.add("refused" if proposal.is_refused else "written")
    assert outcomes == {"refused", "written"}


def test_a_file_that_cannot_be_read_writes_nothing(tmp_path: Path):
    before = rows_with_keys()
    for seed in range(8):
        content = damaged(workbook("group-e-109").read_bytes(), random.Random(seed))
        path = tmp_path / "group-e-109.xlsx"
        path.write_bytes(content)
        proposal = import_file(path)
        assert proposal.is_refused
        assert [(i.severity, i.sheet) for i in proposal.issues] == [
            (Severity.ERROR, None)
        ]
    assert rows_with_keys() == before
