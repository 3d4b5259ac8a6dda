"""An objective of the city and of its group under two names: asked, and remembered."""

from pathlib import Path

import openpyxl
import pytest

from bsc.models import Objective
from sheets import services
from sheets.forms.readings import Severity
from sheets.models import ObjectiveAnswer
from tests.integration.batches import applied, apply, key_of, uploaded
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    load_reference,
    person,
    rows_with_keys,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = "平衡計分卡"
CODE = "same-objective"


@pytest.fixture(autouse=True)
def reference():
    load_reference()


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    def alter(book: openpyxl.Workbook) -> None:
        book[TABLE]["B3"] = "EC1 強化另一種關懷"

    return altered("group-e-109", tmp_path, alter)


def same_as() -> Objective | None:
    own = Objective.objects.get(
        code="EC1", scorecard__unit__code="group-e", scorecard__year=2020
    )
    return own.same_as


@pytest.mark.parametrize("is_city_first", [True, False])
def test_two_names_are_asked_and_stay_two_without_an_answer(
    renamed: Path, is_city_first: bool
):
    paths = [workbook("city-109"), renamed]
    if not is_city_first:
        paths.reverse()
    import_file(paths[0])
    proposal = import_file(paths[1])
    (issue,) = [one for one in proposal.issues if one.code == CODE]
    assert (issue.severity, issue.default) == (Severity.ASK, "other")
    assert issue.choices == ("other", "same-objective")
    assert issue.cell and issue.params["own"] != issue.params["other"]
    assert same_as() is None
    assert Objective.objects.exclude(same_as=None).count() == 9


def test_an_answer_is_kept_whatever_is_imported_afterwards(renamed: Path):
    ines = person("ines", "planner", "taipei")
    import_file(workbook("city-109"))
    batch = uploaded(renamed, ines)
    services.answer_batch(batch, {key_of(batch, CODE): "same-objective"}, ines)
    apply(batch)
    city = Objective.objects.get(code="EC1", scorecard__unit__code="taipei")
    assert same_as() == city
    (answer,) = ObjectiveAnswer.objects.all()
    assert (answer.is_same, answer.confirmed_by) == (True, ines)
    assert answer.confirmed_at

    before = rows_with_keys()
    for path in (workbook("city-109"), renamed):
        assert issues_of(import_file(path), CODE) == []
    assert rows_with_keys() == before
    # Another year's card touches the links of this one.
    import_file(workbook("group-e-110"))
    assert same_as() == city

    services.undo_batch(batch, ines)
    assert not ObjectiveAnswer.objects.exists()


def test_a_denial_is_remembered_too(renamed: Path):
    import_file(workbook("city-109"))
    batch = uploaded(renamed)
    services.accept_defaults(batch, None)
    batch.refresh_from_db()
    apply(batch)
    assert same_as() is None
    assert [answer.is_same for answer in ObjectiveAnswer.objects.all()] == [False]
    assert issues_of(import_file(renamed), CODE) == []


def test_names_that_agree_are_not_asked():
    import_file(workbook("city-109"))
    batch = applied(workbook("group-e-109"))
    assert CODE not in {issue["code"] for issue in batch.issues}
    assert Objective.objects.exclude(same_as=None).count() == 10
