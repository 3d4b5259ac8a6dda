"""What an import asks is answered on its proposal, and the answer is remembered."""

from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bsc.models import Objective, Unit, UnitName
from kpi.models import Actual, Kpi, KpiOwner, Statement
from sheets import services
from sheets.choices import choice_in_words
from sheets.models import ImportBatch
from tests.integration.batches import (
    applied,
    apply,
    codes_of,
    everything,
    issue_of,
    key_of,
    uploaded,
)
from tests.integration.importing import (
    altered,
    import_file,
    load_reference,
    person,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Status = ImportBatch.Status
TABLE = "平衡計分卡"
RESULTS = "執行成果"


@pytest.fixture(autouse=True)
def reference():
    load_reference()


@pytest.fixture
def ines():
    return person("ines", "planner", "dvpc")


def with_unknown_owners(book: openpyxl.Workbook) -> None:
    """Name a section nobody knows, in two spellings."""
    book[TABLE]["K4"], book[TABLE]["O4"] = "成年保護組", "成年保護組、"


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    return altered("center-111", tmp_path, with_unknown_owners)


def answer(batch: ImportBatch, code: str, choice: str, by=None) -> None:
    services.answer_batch(batch, {key_of(batch, code): choice}, by)


def test_an_unknown_unit_is_an_error_until_it_is_answered_as_an_alias(unknown: Path):
    batch = uploaded(unknown)
    assert batch.status == Status.REFUSED
    issue = issue_of(batch, "unknown-unit")
    assert issue["choices"][-1] == "new-section"
    assert "alias:dvpc-adult" in issue["choices"]
    assert choice_in_words("unknown-unit", "alias:dvpc-adult", issue["params"])

    answer(batch, "unknown-unit", "alias:dvpc-adult")

    assert batch.status == Status.PROPOSED
    issue = issue_of(batch, "unknown-unit")
    assert (issue["severity"], issue["answer"]) == ("ask", "alias:dvpc-adult")
    assert batch.proposal["changes"]["units"]["changed"] == 1
    assert not UnitName.objects.filter(name="成年保護組").exists()

    apply(batch)

    assert batch.status == Status.APPLIED
    assert issue_of_verdict(batch, "unknown-unit")["answer"] == "alias:dvpc-adult"
    name = UnitName.objects.get(name="成年保護組")
    assert (name.unit.code, name.kind) == ("dvpc-adult", "alias")
    assert name.history.get().history_change_reason == f"import {batch.pk}"
    assert KpiOwner.objects.filter(unit=name.unit, name="成年保護組").exists()


def issue_of_verdict(batch: ImportBatch, code: str) -> dict:
    return next(one for one in batch.issues if one["code"] == code)


def test_an_alias_is_known_from_then_on(unknown: Path):
    batch = uploaded(unknown)
    answer(batch, "unknown-unit", "alias:dvpc-adult")
    apply(batch)
    again = uploaded(unknown)
    assert "unknown-unit" not in codes_of(again)
    assert {counts["created"] for counts in again.proposal["changes"].values()} == {0}


def test_an_unknown_unit_may_be_a_new_section_below_the_unit_of_the_card(
    unknown: Path, ines
):
    batch = uploaded(unknown, ines)
    answer(batch, "unknown-unit", "new-section", ines)
    assert batch.proposal["changes"]["units"]["created"] == 1
    assert not Unit.objects.filter(name="成年保護組").exists()
    apply(batch)
    section = Unit.objects.get(name="成年保護組")
    assert section.kind == Unit.Kind.SECTION
    assert Unit.objects.get_parent(section).code == "dvpc"
    assert section.history.get().history_user == ines
    assert KpiOwner.objects.filter(unit=section).exists()
    assert "unknown-unit" not in codes_of(uploaded(unknown, ines))


@pytest.mark.parametrize("choice", ["alias:dvpc-adult", "new-section"])
def test_undo_takes_back_what_an_answer_added(unknown: Path, choice: str):
    before = everything()
    batch = uploaded(unknown)
    answer(batch, "unknown-unit", choice)
    apply(batch)
    assert services.undo_batch(batch, None)["changes"]["units"]["removed"] == 1
    assert everything() == before


def test_a_new_section_takes_a_planner_of_the_unit_above(unknown: Path):
    batch = uploaded(unknown)
    omar = person("omar", "planner", "group-e")
    with pytest.raises(PermissionDenied):
        answer(batch, "unknown-unit", "new-section", omar)


def test_an_answer_must_be_asked_and_one_of_the_choices(unknown: Path):
    batch = uploaded(unknown)
    for key, choice in [
        ("restated|nowhere|A1|EC1.1", "restate"),
        (key_of(batch, "unknown-unit"), "alias:nobody"),
        (key_of(batch, "unknown-unit"), "negative"),
    ]:
        with pytest.raises(ValidationError):
            services.answer_batch(batch, {key: choice}, None)
    batch.refresh_from_db()
    assert batch.answers == {}


def test_an_answer_can_be_taken_back(unknown: Path):
    batch = uploaded(unknown)
    answer(batch, "unknown-unit", "alias:dvpc-adult")
    answer(batch, "unknown-unit", "")
    assert batch.status == Status.REFUSED
    assert batch.answers == {}


@pytest.mark.parametrize(
    ("choice", "stored"),
    [
        ("negative", ("negative", "confirmed")),
        ("positive", ("positive", "confirmed")),
        ("unconfirmed", ("unconfirmed", "")),
    ],
)
def test_a_direction_is_what_was_answered(choice: str, stored: tuple):
    batch = uploaded(workbook("group-e-109"))
    code = issue_of(batch, "direction-negative")["params"]["code"]
    answer(batch, "direction-negative", choice)
    apply(batch)
    kpi = Kpi.objects.get(code=code)
    assert (kpi.direction, kpi.direction_basis) == stored


def test_a_direction_that_was_answered_is_not_asked_again():
    batch = uploaded(workbook("group-e-109"))
    answer(batch, "direction-negative", "positive")
    apply(batch)
    again = uploaded(workbook("group-e-109"))
    assert "direction-negative" not in codes_of(again)
    apply(again)
    assert again.verdict["changes"]["kpis"]["changed"] == 0


def restating(tmp_path: Path) -> Path:
    def printed(book: openpyxl.Workbook) -> None:
        book[RESULTS]["C3"] = "90.5"

    import_file(workbook("group-e-109"))
    held = Actual.objects.filter(series__kpis__code="EC1.1", period="2020")
    held.update(value="88.6")
    return altered("group-e-109", tmp_path, printed)


def test_a_restatement_that_is_confirmed_becomes_the_figure_in_force(
    tmp_path: Path, ines
):
    path = restating(tmp_path)
    actual = Actual.objects.get(series__kpis__code="EC1.1", period="2020")
    batch = uploaded(path)
    issue = issue_of(batch, "restated")
    assert (issue["default"], issue["choices"]) == ("keep", ["keep", "restate"])
    answer(batch, "restated", "restate")
    apply(batch)

    restated = Actual.objects.get(pk=actual.pk)
    assert f"{restated.value:f}" == "90.500000"
    assert restated.version == actual.version + 1
    told = restated.history.first()
    assert told.history_change_reason == f"import {batch.pk}: restated"
    assert services.undo_batch(batch, None)["kept"] == []
    assert Actual.objects.get(pk=actual.pk) == actual
    assert f"{Actual.objects.get(pk=actual.pk).value:f}" == "88.600000"


def test_a_restatement_that_is_refused_leaves_the_figure_in_force(tmp_path: Path):
    batch = uploaded(restating(tmp_path))
    services.accept_defaults(batch, None)
    assert issue_of(batch, "restated")["answer"] == "keep"
    apply(batch)
    actual = Actual.objects.get(series__kpis__code="EC1.1", period="2020")
    assert f"{actual.value:f}" == "88.600000"
    printed = Statement.objects.get(series=actual.series, period="2020")
    assert printed.text == "90.5"


def test_accepting_the_defaults_leaves_nothing_open():
    batch = uploaded(workbook("city-109"))
    services.accept_defaults(batch, None)
    asked = [one for one in batch.issues if one["severity"] == "ask"]
    assert asked
    assert all(one["answer"] for one in asked)


def test_the_name_of_an_objective_is_the_one_that_was_chosen(tmp_path: Path):
    def renamed(book: openpyxl.Workbook) -> None:
        book[TABLE]["A5"] = "AC2 另一個目標名稱"

    path = altered("center-111", tmp_path, renamed)
    batch = uploaded(path)
    issue = issue_of(batch, "name-differs")
    answer(batch, "name-differs", "map")
    apply(batch)
    objective = Objective.objects.get(
        code=issue["params"]["code"], scorecard__unit__code="dvpc"
    )
    assert objective.name == issue["params"]["map"] != issue["params"]["table"]
    # The same question offers the answer that was given before.
    again = issue_of(uploaded(path), "name-differs")
    assert (again["choices"][0], again["learned"]) == ("map", True)


def test_a_row_whose_code_is_doubtful_can_be_left_out():
    batch = uploaded(workbook("city-110"))
    issue = issue_of(batch, "code-completed")
    assert issue["choices"] == [issue["default"], "skip"]
    answer(batch, "code-completed", "skip")
    assert issue_of(batch, "code-completed")["answer"] == "skip"


def test_a_file_that_would_change_something_else_than_was_shown_waits_again():
    batch = uploaded(workbook("group-e-109"))
    import_file(workbook("group-e-109"))
    Kpi.objects.filter(code="EC1.1").update(name="別的名稱")
    before = everything()
    apply(batch)
    assert everything() == before
    assert batch.status == Status.PROPOSED
    assert issue_of(batch, "changed-since")["severity"] == "warn"
    assert batch.proposal["changes"]["kpis"] == {
        "created": 0,
        "changed": 1,
        "unchanged": 18,
        "left": 0,
        "removed": 0,
    }
    apply(batch)
    assert batch.status == Status.APPLIED


def test_who_may_no_longer_import_for_a_unit_of_the_file_writes_nothing():
    ines = person("ines", "planner", "dvpc")
    batch = uploaded(workbook("center-111"), ines)
    ines.memberships.all().delete()
    services.apply_batch(batch, by=type(ines).objects.get(pk=ines.pk))
    batch.refresh_from_db()
    assert batch.status == Status.PROPOSED
    assert issue_of(batch, "not-allowed")
    assert not Kpi.objects.exists()


def test_the_year_of_a_file_name_can_be_corrected(tmp_path: Path):
    def untitled(book: openpyxl.Workbook) -> None:
        for sheet in book:
            sheet["A1"] = str(sheet["A1"].value).replace("107年", "")

    path = altered("bureau-107", tmp_path, untitled, "bureau-107.xlsx")
    batch = uploaded(path, unit="dosw")
    asked = [one for one in batch.issues if one["code"] == "year-from-file-name"]
    assert [one["choices"] for one in asked] == [["107", "106", "108"]] * len(asked)
    services.answer_batch(batch, {one["key"]: "108" for one in asked}, None)
    years = {sheet["name"]: sheet["year"] for sheet in batch.proposal["sheets"]}
    assert {years[one["sheet"]] for one in asked} == {108}


def test_answers_stand_in_the_verdict():
    batch = applied(workbook("group-e-109"))
    assert all("answer" in issue for issue in batch.issues)
