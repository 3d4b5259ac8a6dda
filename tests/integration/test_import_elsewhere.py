"""A KPI of the bureau's plan of 107 and the group's of 109: asked, and never joined."""

from pathlib import Path

import pytest
from django.utils import translation

from bsc.models import Scorecard
from kpi.models import Kpi, KpiLineage
from sheets import services
from sheets.forms.readings import Severity
from sheets.messages import message
from tests.integration.batches import apply, everything, uploaded
from tests.integration.importing import (
    import_file,
    issues_of,
    load_reference,
    person,
    rows_with_keys,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODE = "same-kpi-elsewhere"
BUREAU, GROUP = workbook("bureau-107"), workbook("group-e-109")


@pytest.fixture(autouse=True)
def reference():
    load_reference()


def kpi(unit: str, code: str) -> Kpi:
    return Kpi.objects.get(scorecard__unit__code=unit, code=code)


def asked(path: Path) -> list:
    return [one for one in import_file(path).issues if one.code == CODE]


@pytest.mark.parametrize("paths", [(BUREAU, GROUP), (GROUP, BUREAU)])
def test_it_is_asked_at_its_cell_and_stays_apart(paths: tuple[Path, Path]):
    import_file(paths[0])
    issues = asked(paths[1])
    assert {(one.severity, one.default, one.choices) for one in issues} == {
        (Severity.ASK, "apart", ("apart", "same"))
    }
    assert all(one.cell for one in issues)
    with translation.override("en"):
        words = [message(one.code, one.params) for one in issues]
    assert (
        "“107 臺北市政府社會局 BP3.1 家庭暴力高危機案件解列後再列管率(年度)” and “109 E組"
        " 強化社會支持 EP5.1 家庭暴力高危機案件解列後再列管率” are called alike and"
        " stand on cards of two units. Is this one KPI?"
    ) in words
    assert kpi("dosw", "BP3.1").series != kpi("group-e", "EP5.1").series
    assert not KpiLineage.objects.exists()


@pytest.mark.parametrize("paths", [(BUREAU, GROUP), (GROUP, BUREAU)])
def test_an_answer_joins_them_and_leaves_the_series_of_the_card_that_stood(
    paths: tuple[Path, Path],
):
    ines = person("ines", "planner", "taipei")
    import_file(paths[0])
    stood = dict(Kpi.objects.values_list("pk", "series"))
    before = everything()
    batch = uploaded(paths[1], ines)
    key = next(
        one["key"]
        for one in batch.issues
        if one["code"] == CODE and "再列管率" in one["params"]["later"]
    )
    services.answer_batch(batch, {key: "same"}, ines)
    apply(batch)
    one, other = kpi("dosw", "BP3.1"), kpi("group-e", "EP5.1")
    assert one.series == other.series
    assert dict(Kpi.objects.filter(pk__in=stood).values_list("pk", "series")) == stood
    step = KpiLineage.objects.get()
    assert (step.earlier, step.later, step.kind) == (one, other, "moved")
    assert step.confirmed_by == ines and step.confirmed_at
    years = one.series.actuals.order_by("period").values_list("period", flat=True)
    assert list(years) == ["2020"]

    # Either file again changes nothing, and this one is asked no more.
    stands = rows_with_keys()
    for path in paths:
        assert key not in {issue.key for issue in asked(path)}
    assert rows_with_keys() == stands

    services.undo_batch(batch, ines)
    assert everything() == before


def test_what_goes_on_on_its_own_card_is_not_asked():
    import_file(GROUP)
    import_file(workbook("group-e-110"))
    codes = {one.params["code"] for one in asked(BUREAU)}
    # The nearest later card is meant, that of 109.
    assert "BP3.1" in codes
    Scorecard.objects.filter(unit__code="dosw").update(plan="other")
    assert issues_of(import_file(workbook("group-e-110")), CODE) == []
