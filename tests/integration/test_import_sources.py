"""The same sheets as another kind of file say the same, and change nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.models import Statement
from sheets.grid import read_workbook
from tests.integration.importing import (
    ROOT,
    WORKBOOKS,
    counts_of,
    import_all,
    import_file,
    kept_for_a_module,
    rows_by_meaning,
    workbook,
)
from tests.unit.written import as_csv, as_ods, as_xlsm

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SOURCES = ROOT / "tests" / "truth" / "sources"
WRITTEN = ("created", "changed", "removed")


@pytest.fixture(scope="module", autouse=True)
def _imported(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, import_all):
        yield


def written_as(name: str, suffix: str, folder: Path) -> Path:
    if suffix == "xls":
        return WORKBOOKS / "xls" / f"{name}.xls"
    content = workbook(name).read_bytes()
    path = folder / f"{name}.{suffix}"
    path.write_bytes(
        as_xlsm(content)
        if suffix == "xlsm"
        else as_ods(read_workbook(content, path.name))
    )
    return path


def changes(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Return the counts of what is written; a file may leave much as it is."""
    found = {
        noun: {what: n for what, n in told.items() if what in WRITTEN}
        for noun, told in counts.items()
    }
    return {noun: told for noun, told in found.items() if told}


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("group-e-109", "ods"),
        ("group-e-109", "xls"),
        ("group-e-109", "xlsm"),
        ("center-111", "xls"),
        ("safety-net-107", "ods"),
    ],
)
def test_a_workbook_as_another_kind_changes_nothing(
    name: str, suffix: str, tmp_path: Path
):
    before = rows_by_meaning()
    again = import_file(workbook(name))
    proposal = import_file(written_as(name, suffix, tmp_path))
    assert not proposal.is_refused
    assert changes(counts_of(proposal)) == {}
    assert proposal.issues == again.issues
    assert rows_by_meaning() == before


@pytest.mark.parametrize(
    ("name", "sheet", "encoding"),
    [
        ("group-e-110", "平衡計分卡", "utf-8"),
        ("group-e-109", "平衡計分卡", "cp950"),
        ("bureau-107", "平衡計分卡", "cp950"),
        ("city-109", "策略地圖", "utf-16"),
    ],
)
def test_a_sheet_as_csv_changes_nothing(
    name: str, sheet: str, encoding: str, tmp_path: Path
):
    found = read_workbook(workbook(name), "a.xlsx").sheet(sheet)
    assert found is not None
    path = tmp_path / f"{name}.csv"
    path.write_bytes(as_csv(found, encoding))
    before = rows_by_meaning()
    proposal = import_file(path)
    assert not proposal.is_refused, [str(issue) for issue in proposal.issues]
    assert changes(counts_of(proposal)) == {}
    assert rows_by_meaning() == before


def test_a_results_sheet_as_csv_changes_nothing(tmp_path: Path):
    found = read_workbook(workbook("group-e-109"), "a.xlsx").sheet("執行成果")
    assert found is not None
    path = tmp_path / "group-e-109.csv"
    path.write_bytes(as_csv(found, "utf-8-sig"))
    before = rows_by_meaning()
    proposal = import_file(path)
    # A .csv has no name of a sheet; the place that was noted first stays.
    assert changes(counts_of(proposal)) == {}
    assert rows_by_meaning() == before
    assert Statement.objects.filter(sheet="執行成果").exists()


@pytest.mark.parametrize("number", ["000", "001", "004"])
def test_the_published_text_after_its_workbook_changes_nothing(number: str):
    before = rows_by_meaning()
    proposal = import_file(next(SOURCES.glob(f"{number}_*.txt")))
    assert not proposal.is_refused
    assert changes(counts_of(proposal)) == {}
    assert rows_by_meaning() == before


def test_the_text_of_two_years_changes_only_the_title_that_it_prints_otherwise():
    before = rows_by_meaning()
    proposal = import_file(next(SOURCES.glob("003_*.txt")))
    assert not proposal.is_refused
    assert changes(counts_of(proposal)) == {"scorecards": {"changed": 2}}
    now = rows_by_meaning()
    assert {label for label in now if now[label] != before[label]} == {"bsc.Scorecard"}


def test_a_figure_that_another_file_prints_otherwise_is_stored_with_its_place(
    tmp_path: Path,
):
    text = next(SOURCES.glob("000_*.txt")).read_text("utf-8")
    changed = text.replace("95.97", "95.98")
    assert changed != text
    path = tmp_path / "plan.txt"
    path.write_text(changed, "utf-8")
    at_once = Statement.objects.filter(scorecard__unit__code="dvpc")
    placed = set(at_once.exclude(text__contains="95.97").values_list("pk", "sheet"))
    proposal = import_file(path)
    assert not proposal.is_refused
    said = at_once.filter(text__contains="95.98")
    assert {sheet for (sheet,) in said.values_list("sheet")} == {""}
    others = at_once.exclude(text__contains="95.98")
    assert set(others.values_list("pk", "sheet")) == placed


def test_a_refused_file_names_the_line(tmp_path: Path):
    path = tmp_path / "plan.csv"
    path.write_bytes(b"KPI,\nAC1.1,\x80\x80\n")
    (issue,) = import_file(path).issues
    assert (issue.code, issue.params) == ("text-encoding", {"line": 2})
