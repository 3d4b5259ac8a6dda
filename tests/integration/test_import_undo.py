"""An import is taken back as a whole, but for what somebody changed since."""

from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from bsc.models import Objective, Scorecard, Unit
from kpi.models import Actual, Kpi, Result, Series, Statement, Target
from sheets import services, tasks
from sheets.boards import Place
from sheets.models import ImportBatch
from sheets.previews import preview_of
from tests.factories import make_user
from tests.integration.batches import applied, everything, uploaded
from tests.integration.importing import (
    altered,
    import_file,
    load_reference,
    person,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = "平衡計分卡"
RESULTS = "執行成果"


@pytest.fixture(autouse=True)
def reference():
    load_reference()


@pytest.fixture
def ines():
    return person("ines", "planner", "group-e")


def kept_of(told: dict) -> list[tuple[str, str, str]]:
    return [(one["noun"], one["why"], one["by"]) for one in told["kept"]]


@pytest.mark.parametrize("name", ["city-109", "group-e-109", "center-111"])
def test_an_undone_import_leaves_the_database_as_it_was(name: str):
    before = everything()
    batch = applied(workbook(name))
    told = services.undo_batch(batch, None)
    assert everything() == before
    assert told["kept"] == []
    assert told["changes"]["objectives"]["removed"] > 0
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.UNDONE
    assert batch.verdict["undone"] == told


@pytest.mark.parametrize("name", ["city", "group-e"])
def test_an_undone_next_year_leaves_the_year_before_as_it_was(name: str):
    import_file(workbook(f"{name}-109"))
    before = everything()
    batch = applied(workbook(f"{name}-110"))
    told = services.undo_batch(batch, None)
    assert told["kept"] == []
    assert everything() == before


def test_a_year_between_two_others_is_taken_out_again():
    import_file(workbook("group-e-109"))
    between = applied(workbook("group-e-110"))
    only = everything()
    again = applied(workbook("group-e-110"))
    assert services.undo_batch(again, None)["changes"] == {}
    assert everything() == only
    assert services.undo_batch(between, None)["kept"] == []
    assert {card.year for card in Scorecard.objects.all()} == {2020}


def test_an_undone_change_of_what_stood_is_set_back_with_its_links(tmp_path: Path):
    import_file(workbook("city-109"))
    import_file(workbook("group-e-109"))
    before = everything()

    def reworded(book: openpyxl.Workbook) -> None:
        # The objective is no longer the city's, a plan and a result change.
        book[TABLE]["B3"] = "EC1 強化另一種關懷"
        book[TABLE]["E3"] = "EC1.1.1 另一個計畫\nEC1.1.2 再一個計畫"
        book[RESULTS]["C3"] = "90.5"

    batch = applied(altered("group-e-109", tmp_path, reworded))
    assert everything() != before
    services.undo_batch(batch, None)
    assert everything() == before


def test_what_was_undone_can_be_brought_in_again():
    batch = applied(workbook("group-e-109"))
    meant = {model: model.objects.count() for model in (Kpi, Target, Statement, Result)}
    services.undo_batch(batch, None)
    applied(workbook("group-e-109"))
    for model, count in meant.items():
        assert model.objects.count() == count


def test_an_undone_import_of_the_group_takes_its_links_to_the_city_back():
    group = applied(workbook("group-e-109"))
    city = applied(workbook("city-109"))
    assert Objective.objects.filter(same_as__isnull=False).exists()
    told = services.undo_batch(city, None)
    assert told["kept"] == []
    assert not Objective.objects.filter(same_as__isnull=False).exists()
    assert not Scorecard.objects.filter(unit__code="taipei").exists()
    assert services.undo_batch(group, None)["kept"] == []
    assert not Scorecard.objects.exists()


def test_what_somebody_changed_since_stays_and_is_told_with_who_and_when(ines):
    batch = applied(workbook("group-e-109"))
    target = Target.objects.filter(kpi__code="EC1.1", value__isnull=False).first()
    target.value += 1
    target._history_user = ines
    target.save()

    told = services.undo_batch(batch, None)

    assert [(one["noun"], one["why"], one["by"]) for one in told["kept"]] == [
        ("targets", "changed", "ines")
    ]
    assert told["kept"][0]["name"].startswith("EC1.1")
    assert told["kept"][0]["at"]
    assert Target.objects.get() == target
    # What it stands on stays with it, and nothing else.
    assert [kpi.code for kpi in Kpi.objects.all()] == ["EC1.1"]
    assert Scorecard.objects.count() == Series.objects.count() == 1
    assert not Statement.objects.exists()


def test_a_row_that_somebody_hung_something_on_stays_with_what_is_above_it():
    batch = applied(workbook("group-e-109"))
    series = Kpi.objects.get(code="EF1.1").series
    Actual.objects.create(series=series, period="2021", value=3)

    told = services.undo_batch(batch, None)

    assert ("series", "in-use", "") in kept_of(told)
    kept = Kpi.objects.get()
    assert kept.code == "EF1.1"
    assert [actual.period for actual in series.actuals.all()] == ["2021"]
    assert kept.objective.scorecard == Scorecard.objects.get()


def test_what_a_newer_import_touched_is_left_to_it(tmp_path: Path):
    def renamed(book: openpyxl.Workbook) -> None:
        book[TABLE]["D3"] = "EC1.1另一個名稱"

    older = applied(workbook("group-e-109"))
    newer = applied(altered("group-e-109", tmp_path, renamed))

    told = services.undo_batch(older, None)

    assert {one["noun"] for one in told["kept"]} >= {"kpis"}
    assert {one["why"] for one in told["kept"]} == {"changed", "confirmed"}
    # All that the newer file shows as well stays with it.
    assert Kpi.objects.count() == 19
    assert Kpi.objects.get(code="EC1.1").name == "另一個名稱"
    newer.refresh_from_db()
    assert newer.status == ImportBatch.Status.APPLIED


def test_results_are_reckoned_again_after_an_undo(tmp_path: Path):
    def raised(book: openpyxl.Workbook) -> None:
        book[RESULTS]["E4"] = 1

    import_file(workbook("group-e-109"))
    before = everything()["kpi.Result"]
    batch = applied(altered("group-e-109", tmp_path, raised))
    services.undo_batch(batch, None)
    assert everything()["kpi.Result"] == before


def test_the_history_says_that_an_import_was_undone(ines):
    batch = applied(workbook("group-e-109"), ines)
    services.undo_batch(batch, ines)
    gone = Kpi.history.filter(history_type="-")
    assert gone.count() == 19
    assert {(row.history_user, row.history_change_reason) for row in gone} == {
        (ines, f"undo import {batch.pk}")
    }


def test_an_import_is_undone_once(ines):
    batch = applied(workbook("group-e-109"), ines)
    services.undo_batch(batch, ines)
    with pytest.raises(ValidationError):
        services.undo_batch(batch, ines)
    assert tasks.undo_import(batch.pk) == {"status": "undone"}


def test_only_who_may_import_for_its_units_undoes_an_import():
    batch = applied(workbook("group-e-109"))
    omar = make_user("omar", role="planner", unit=Unit.objects.get(code="dvpc"))
    with pytest.raises(PermissionDenied):
        services.undo_batch(batch, omar)
    assert Kpi.objects.count() == 19


def test_an_import_of_a_card_that_is_closed_since_is_not_undone():
    batch = applied(workbook("group-e-109"))
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)
    with pytest.raises(ValidationError, match="已結案"):
        services.undo_batch(batch, None)
    assert Kpi.objects.count() == 19


def test_a_file_that_is_only_proposed_has_nothing_to_undo():
    with pytest.raises(ValidationError):
        services.undo_batch(uploaded(workbook("group-e-109")), None)


@pytest.mark.parametrize(
    ("is_touched", "words"),
    [
        (False, "Undone. What it wrote is taken back."),
        (True, "things stay, as they were changed since or are in use."),
    ],
)
def test_the_page_says_whether_all_was_taken_back(ines, is_touched: bool, words: str):
    batch = applied(workbook("group-e-109"), ines)
    if is_touched:
        for target in Target.objects.filter(value__isnull=False)[:2]:
            target.value += 1
            target.save()
    told = services.undo_batch(batch, ines)
    assert bool(told["kept_count"]) == is_touched
    batch.refresh_from_db()
    with translation.override("en"):
        shown = preview_of(batch, Place.of({}), may_answer=False, may_see=True)
    assert words in shown.verdict
    if is_touched:
        assert shown.verdict.startswith(f"Undone; {told['kept_count']} ")
