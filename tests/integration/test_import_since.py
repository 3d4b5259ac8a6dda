"""What other people did between an import, its answers, its applying and its undo."""

from decimal import Decimal
from pathlib import Path

import pytest

from bsc.models import Objective, Scorecard, UnitName
from kpi.models import Actual, Kpi, KpiLineage
from sheets import services
from sheets.models import ImportBatch
from tests.factories import Role, make_kpi
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
    person,
    workbook,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference"),
    pytest.mark.slow,
]


def put(sheet: str, **cells):
    def alter(book) -> None:
        for cell, value in cells.items():
            book[sheet][cell] = value

    return alter


def test_a_figure_approved_since_is_not_set_back(tmp_path: Path):
    import_file(workbook("group-e-109"))
    before = dict(Actual.objects.values_list("pk", "value"))
    batch = applied(
        altered("group-e-109", tmp_path, put("執行成果", C3="77.7")),
    )
    (figure,) = [row for row in Actual.objects.all() if row.value != before[row.pk]]
    # Whoever had the figure open finds that somebody wrote in between.
    assert (figure.value, figure.version) == (Decimal("77.7"), 2)
    figure.explanation = "主管核定"
    figure.version += 1
    figure.save()

    told = services.undo_batch(batch, None)

    figure.refresh_from_db()
    assert (figure.value, figure.version) == (Decimal("77.7"), 3)
    assert [(kept["model"], kept["why"]) for kept in told["kept"]] == [
        ("kpi.Actual", "changed")
    ]


def test_steps_that_an_answer_confirmed_are_undone_with_it():
    import_file(workbook("group-e-109"))
    applied(workbook("group-e-110"))
    before = everything()
    batch = uploaded(workbook("group-e-110"))
    other = {
        issue["key"]: issue["choices"][1]
        for issue in batch.issues
        if issue["code"] == "same-kpi"
    }
    assert other
    services.answer_batch(batch, other, None)
    apply(batch)
    assert KpiLineage.objects.exclude(confirmed_at=None).count() == len(other)

    told = services.undo_batch(batch, None)

    assert told["kept"] == []
    assert everything() == before


def test_an_undo_goes_on_where_somebody_took_the_place_of_what_was_removed(
    tmp_path: Path,
):
    def cut(book) -> None:
        for sheet in book.worksheets:
            for merge in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merge))
            if sheet.max_row > 12:
                sheet.delete_rows(12, sheet.max_row)

    import_file(workbook("group-e-109"))
    import_file(workbook("group-e-110"))
    held = set(Kpi.objects.filter(scorecard__year=2021).values_list("code", flat=True))
    batch = applied(altered("group-e-110", tmp_path, cut), whole=True)
    kpis = Kpi.objects.filter(scorecard__year=2021)
    gone = sorted(held - set(kpis.values_list("code", flat=True)))
    card = Scorecard.objects.get(year=2021)
    make_kpi(gone[0], objective=card.objectives.first())
    Objective.objects.get_or_create(
        scorecard=card, code="EP5", defaults={"name": "另訂", "row": "perspective"}
    )

    told = services.undo_batch(batch, None)

    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.UNDONE
    assert "taken" in {kept["why"] for kept in told["kept"]}


def test_defaults_do_not_take_the_place_of_an_answer_given_meanwhile():
    import_file(workbook("group-e-109"))
    batch = uploaded(workbook("group-e-110"))
    issue = issue_of(batch, "same-kpi")
    one, other = (ImportBatch.objects.get(pk=batch.pk) for _ in range(2))
    services.answer_batch(one, {issue["key"]: issue["choices"][1]}, None)

    services.accept_defaults(other, None)

    batch.refresh_from_db()
    assert batch.answers[issue["key"]] == issue["choices"][1]


def test_a_name_answered_for_a_foreign_unit_holds_for_the_file_only(tmp_path: Path):
    planner = person("planner", Role.PLANNER, "dvpc")
    name = "警察局婦幼隊"
    path = altered("center-111", tmp_path, put("平衡計分卡", K7=name))
    batch = uploaded(path, planner)
    answer = {key_of(batch, "unknown-unit"): "alias:taipei"}
    services.answer_batch(batch, answer, planner)

    services.apply_batch(batch, by=planner)

    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.APPLIED
    assert Kpi.objects.filter(owners__unit__code="taipei").exists()
    assert not UnitName.objects.filter(name=name).exists()


@pytest.mark.parametrize(("whole", "is_refused"), [(False, False), (True, True)])
def test_a_sheet_of_another_unit_than_the_named_one_is_told(
    whole: bool, is_refused: bool
):
    batch = uploaded(workbook("group-e-109"), unit="dvpc", year=2022, whole=whole)
    assert "unit-differs" in codes_of(batch)
    assert (batch.status == ImportBatch.Status.REFUSED) is is_refused


def test_a_direction_learned_elsewhere_is_confirmed_by_nobody():
    planner = person("planner", Role.PLANNER, "taipei")
    batch = uploaded(workbook("center-111"), planner)
    issue = issue_of(batch, "direction-doubtful")
    services.answer_batch(batch, {issue["key"]: "negative"}, planner)
    services.apply_batch(batch, by=planner)

    other = uploaded(workbook("center-111"), planner, unit="dvpc-adult")
    services.apply_batch(other, by=planner)

    code = issue["params"]["code"]
    kpi = Kpi.objects.get(scorecard__unit__code="dvpc-adult", code=code)
    assert (kpi.direction, kpi.direction_basis) == ("negative", "")
