"""What an undo would do is told before; what a newer import shows as well stays."""

from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from bsc.models import Scorecard
from kpi.models import Actual, Kpi, Statement, Target
from sheets import services
from sheets.undone import foreseen_of
from tests.integration.batches import applied, everything
from tests.integration.importing import altered, load_reference, person, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = "平衡計分卡"
RESULTS = "執行成果"


@pytest.fixture(autouse=True)
def reference():
    load_reference()


@pytest.fixture
def ines():
    return person("ines", "planner", "group-e")


def foreseen(batch, by=None) -> dict:
    before = everything()
    told = services.foresee_undo(batch, by)
    assert everything() == before
    return told


def test_what_is_foreseen_is_what_undoing_does(tmp_path: Path, ines):
    def reworded(book: openpyxl.Workbook) -> None:
        book[TABLE]["E3"] = "EC1.1.1 另一個計畫\nEC1.1.2 再一個計畫"
        book[RESULTS]["C3"] = "90.5"

    applied(workbook("group-e-109"), ines)
    batch = applied(altered("group-e-109", tmp_path, reworded), ines)
    target = Target.objects.filter(kpi__code="EC1.2").first()
    target.value += 1
    target.save()
    told = foreseen(batch, ines)
    assert told == services.undo_batch(batch, ines)
    assert told["changes"]["actuals"]["changed"] == 1


def test_what_a_newer_import_shows_as_well_stays_and_is_told_with_its_file(
    tmp_path: Path, ines
):
    def shortened(book: openpyxl.Workbook) -> None:
        # The newer file is without results, and without the last KPI's row.
        del book[RESULTS]
        book[TABLE].delete_rows(book[TABLE].max_row)

    older = applied(workbook("group-e-109"), ines)
    before = Kpi.objects.count()
    newer = applied(altered("group-e-109", tmp_path, shortened, to="newer.xlsx"), ines)
    assert Kpi.objects.count() == before

    told = foreseen(older)
    kept = [one for one in told["kept"] if one["why"] == "confirmed"]
    assert {(one["by"], one["file"]) for one in kept} == {("ines", "newer.xlsx")}
    assert told["kept_by"]["confirmed"] > before
    with translation.override("en"):
        words = foreseen_of(told)
    assert "shown by a newer import as well" in words.reasons
    assert any("(newer.xlsx) (ines, " in line for line in words.kept)

    assert services.undo_batch(older, None) == told
    # What only the older file showed is gone: the last KPI, and all results.
    assert Kpi.objects.count() == before - 1
    assert not Statement.objects.exists()
    assert not Actual.objects.exists()

    # The newer one is the last to hold them.
    assert services.undo_batch(newer, None)["changes"] == {}
    assert Kpi.objects.count() == before - 1


def test_a_newer_import_that_was_undone_holds_nothing(ines):
    before = everything()
    older = applied(workbook("group-e-109"), ines)
    newer = applied(workbook("group-e-109"), ines)
    services.undo_batch(newer, ines)
    assert foreseen(older)["kept"] == []
    services.undo_batch(older, ines)
    assert everything() == before


def test_only_the_columns_that_a_newer_import_shows_stay(tmp_path: Path, ines):
    """The map of a city prints no lead of a theme's table; the rest turns back."""

    def renamed(book: openpyxl.Workbook) -> None:
        book[TABLE]["D3"] = "EC1.1另一個名稱"
        book[TABLE]["B3"] = "EC1強化另一種關懷"

    def only_kpis(book: openpyxl.Workbook) -> None:
        renamed(book)
        del book[RESULTS]
        book[TABLE].delete_cols(5)

    applied(workbook("group-e-109"), ines)
    plans = everything()["actions.PlanLink"]
    batch = applied(altered("group-e-109", tmp_path, renamed, to="a.xlsx"), ines)
    applied(altered("group-e-109", tmp_path, only_kpis, to="b.xlsx"), ines)
    told = services.undo_batch(batch, ines)
    assert {one["why"] for one in told["kept"]} == {"confirmed"}
    assert Kpi.objects.get(code="EC1.1").name == "另一個名稱"
    assert everything()["actions.PlanLink"] == plans


def test_what_cannot_be_undone_cannot_be_foreseen(ines):
    batch = applied(workbook("group-e-109"), ines)
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)
    with pytest.raises(ValidationError, match="已結案"):
        services.foresee_undo(batch, ines)
