"""Next year's card is compared with this year's: 110 after 109, and 109 after 110."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from actions.models import PlanLineage
from bsc.models import ObjectiveLineage, ThemeLineage, Unit
from kpi.models import Kpi, KpiLineage, Series
from reports.dashboards.kpis import find_kpis
from reports.dashboards.lineages import StepView, steps_of
from sheets import services
from sheets.proposals import Options, Proposal
from tests.factories import make_user
from tests.integration.batches import applied, apply, everything, uploaded
from tests.integration.importing import (
    ROOT,
    altered,
    client_of,
    counts_of,
    import_file,
    issues_of,
    kept_for_a_module,
    load_reference,
    rows_with_keys,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLE = "平衡計分卡"
CHANGES = {
    "same": "same",
    "same_name_new_code": "renumbered",
    "renamed": "renamed",
    "renamed_new_code": "renamed",
    "renamed_measure_changed": "replaced",
}


def import_109() -> None:
    load_reference()
    for name in ("city-109", "group-e-109"):
        import_file(workbook(name))


@pytest.fixture(scope="module", autouse=True)
def _last_year(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, import_109):
        yield


def kpi(code: str, roc_year: int) -> Kpi:
    return Kpi.objects.get(
        scorecard__unit__code="group-e", scorecard__year=roc_year + 1911, code=code
    )


def answer_to(proposal: Proposal, code: str, choice: str) -> dict[str, str]:
    """Return an answer to the question whether the KPI `code` is the same."""
    (issue,) = [
        issue
        for issue in proposal.issues
        if issue.code == "same-kpi" and issue.params["code"] == code
    ]
    return {issue.key: choice}


def notes(proposal: Proposal, code: str) -> list[dict]:
    return [issue.params for issue in proposal.issues if issue.code == code]


def changed(proposal: Proposal) -> dict[tuple[str, str], str]:
    """Return what the notes name, by noun and change."""
    told = notes(proposal, "changed-since-year")
    return {(each["noun"], each["change"]): each["names"] for each in told}


def steps(model, place: str = "code") -> set[tuple[str, str, str]]:
    names = (f"earlier__{place}", f"later__{place}", "kind")
    return set(model.objects.values_list(*names))


def truth() -> dict:
    return json.loads((ROOT / "tests/truth/group-e-110.json").read_text("utf-8"))


def test_every_kpi_of_109_is_found_in_110_as_the_truth_reads_it():
    import_file(workbook("group-e-110"))
    expected = {
        (row["code_109"], row["code_110"], CHANGES[row["change"]])
        for row in truth()["kpi_mapping_109_to_110"]
        if row["code_110"]
    }
    # EC1.1 stands in another perspective: more than another code.
    expected -= {("EC1.1", "EP5.1", "renumbered")}
    expected |= {("EC1.1", "EP5.1", "moved")}
    assert steps(KpiLineage) == expected
    assert not KpiLineage.objects.exclude(confirmed_at=None).exists()


def test_every_plan_of_109_is_found_in_110_as_the_truth_reads_it():
    import_file(workbook("group-e-110"))
    moved = {"moved", "renumbered"}
    found = {
        (one, other, "moved" if kind in moved else kind)
        for one, other, kind in steps(PlanLineage)
    }
    assert found == {
        (row["code_109"], to["code"], row["change"])
        for row in truth()["plan_mapping_109_to_110"]
        for to in row["to_110"]
    }
    moves = PlanLineage.objects.filter(kind="moved")
    assert [(m.earlier.code, m.later.code) for m in moves] == [("EC1.1.1", "EP5.1.1")]


def test_the_same_kpi_is_one_series_whatever_its_code():
    before = Series.objects.count()
    proposal = import_file(workbook("group-e-110"))
    assert kpi("EC1.1", 110).series == kpi("EC1.2", 109).series
    assert kpi("EP5.1", 110).series == kpi("EC1.1", 109).series
    assert kpi("EC1.1", 110).series != kpi("EC1.1", 109).series
    # Only what took another's place begins anew.
    assert Series.objects.count() == before + 1
    assert counts_of(proposal)["series"]["created"] == 1
    assert kpi("EC3.2", 110).series != kpi("EC3.2", 109).series
    actual = kpi("EP5.1", 110).series.actuals.get(period="2020")
    assert str(actual) == "88.500000"


def test_a_renamed_kpi_is_asked_at_its_cell_and_goes_on_with_a_break():
    proposal = import_file(workbook("group-e-110"))
    asked = {
        issue.params["code"]: (issue.sheet, issue.cell, issue.default, issue.choices)
        for issue in proposal.issues
        if issue.code == "same-kpi"
    }
    same, replaced = ("same", "replaced"), ("replaced", "same")
    assert asked == {
        "EC3.2": (TABLE, "D9", "replaced", replaced),
        "EP2.1": (TABLE, "D14", "same", same),
        "EP4.1": (TABLE, "D18", "same", same),
        "EP4.2": (TABLE, "D20", "same", same),
    }
    renamed = kpi("EP2.1", 110)
    assert renamed.series == kpi("EP2.2", 109).series
    assert renamed.series.name == renamed.name
    assert renamed.earlier_steps.get().has_definition_break
    assert not kpi("EC1.1", 110).earlier_steps.get().has_definition_break


def test_the_counts_before_and_after_are_those_of_the_table_of_revisions():
    proposal = import_file(workbook("group-e-110"))
    told = {
        each["noun"]: (each["before"], each["after"], each["sections"])
        for each in notes(proposal, "compared-with-year")
    }
    assert told["kpis"] == (
        "19",
        "17",
        "顧客 7 → 6、內部流程 10 → 9、學習成長 1、財務 1",
    )
    assert told["action_plans"] == (
        "27",
        "25",
        "顧客 8 → 7、內部流程 17 → 16、學習成長 1、財務 1",
    )
    names = changed(proposal)
    assert names["kpis", "moved"] == "EC1.1 → EP5.1"
    assert names["kpis", "gone"] == "EP2.1、EP3.2"
    assert ("kpis", "new") not in names
    assert names["action_plans", "moved"] == "EC1.1.1 → EP5.1.1"
    assert names["action_plans", "gone"] == "EP2.1.1、EP3.2.1、EP3.2.2"
    assert names["action_plans", "split"] == "EP2.2.1 → EP2.1.1、EP2.2.1 → EP2.1.2"
    assert "EP3.1.1 土地緊盯工作小組" in names["action_plans", "renamed"]
    assert names["ksfs", "renamed"] == "EF1 提高預算執行效能 → 如期落實執行"


def test_a_factor_left_under_a_renamed_objective_and_a_plan_like_a_kpi_are_told():
    proposal = import_file(workbook("group-e-110"))
    assert issues_of(proposal, "ksf-not-updated") == [(TABLE, "C3"), (TABLE, "C10")]
    assert issues_of(proposal, "plan-like-kpi") == [(TABLE, "E9")]


def test_an_objective_of_the_city_is_known_by_its_name_and_not_by_its_code():
    proposal = import_file(workbook("city-110"))
    of_city = ObjectiveLineage.objects.filter(later__scorecard__unit__code="taipei")
    assert set(
        of_city.exclude(kind="same").values_list("earlier__code", "later__code", "kind")
    ) == {
        ("BC1", "BP1", "moved"),
        ("BP1", "BP2", "renumbered"),
        ("BP2", "BP3", "renumbered"),
        ("EC1", "EC1", "renamed"),
        ("EP1", "EP1", "renamed"),
        ("FC2", "FC2", "renamed"),
    }
    assert of_city.count() == 84
    assert changed(proposal)["objectives", "new"] == "BC1"
    assert steps(ThemeLineage) == {(letter, letter, "same") for letter in "ABCDEFGH"}


def test_a_second_import_of_either_year_changes_nothing():
    import_file(workbook("group-e-110"))
    before = rows_with_keys()
    for name in ("group-e-110", "group-e-109"):
        counted = import_file(workbook(name)).changes().values()
        assert not any(counts["created"] or counts["changed"] for counts in counted)
    assert rows_with_keys() == before


def test_an_answer_settles_whether_a_kpi_is_the_same():
    path = workbook("group-e-110")
    asked = services.read_and_propose(path, Options(file_name=path.name))
    answers = answer_to(asked, "EC3.2", "same") | answer_to(asked, "EP4.1", "replaced")
    import_file(path, answers=answers)
    assert kpi("EC3.2", 110).series == kpi("EC3.2", 109).series
    assert kpi("EP4.1", 110).series != kpi("EP4.1", 109).series
    confirmed = KpiLineage.objects.exclude(confirmed_at=None)
    assert {(step.later.code, step.kind) for step in confirmed} == {
        ("EC3.2", "renamed"),
        ("EP4.1", "replaced"),
    }

    # What is confirmed is not asked again, whichever year is brought in.
    before = rows_with_keys()
    for name in ("group-e-110", "group-e-109"):
        again = import_file(workbook(name))
        codes = {params["code"] for params in notes(again, "same-kpi")}
        assert not codes & {"EC3.2", "EP4.1"}
    assert rows_with_keys() == before


def test_an_answer_that_comes_later_parts_the_figures_again():
    path = workbook("group-e-110")
    asked = import_file(path)
    shared = kpi("EP4.2", 109).series
    assert kpi("EP4.2", 110).series == shared
    assert shared.actuals.count() == 1

    import_file(path, answers=answer_to(asked, "EP4.2", "replaced"))
    assert kpi("EP4.2", 110).series != shared
    assert kpi("EP4.2", 109).series == shared
    assert shared.actuals.get().period == "2020"
    assert shared.statements.get().scorecard == kpi("EP4.2", 109).scorecard
    assert kpi("EP4.2", 110).series.actuals.count() == 0
    shared.refresh_from_db()
    assert shared.name == "弱勢族群公共運輸使用量"

    import_file(path, answers=answer_to(asked, "EC3.2", "same"))
    assert kpi("EC3.2", 110).series == kpi("EC3.2", 109).series


def apart() -> None:
    """Put the KPIs of 110 into series of their own, as they stood before lineage."""
    KpiLineage.objects.all().delete()
    PlanLineage.objects.all().delete()
    for row in Kpi.objects.filter(scorecard__year=2021):
        row.series = Series.objects.create(name=row.name)
        row.save()


@pytest.mark.parametrize("name", ["group-e-110", "group-e-109"])
def test_years_that_were_imported_apart_are_joined_and_lose_nothing(name: str):
    import_file(workbook("group-e-110"))
    joined = {row.pk: row.series_id for row in Kpi.objects.all()}
    series = {row.pk: row.name for row in Series.objects.all()}
    apart()
    own = kpi("EC1.1", 110).series
    own.actuals.create(period="2021", value="63.5", state="approved")

    import_file(workbook(name))

    found = {row.pk: row.series_id for row in Kpi.objects.all()}
    new = {row.series_id for row in Kpi.objects.all()} - series.keys()
    assert len(new) == 1  # EC3.2 of 110 was its own before, too
    assert {pk for pk in found if found[pk] != joined[pk]} == {kpi("EC3.2", 110).pk}
    assert not Series.objects.filter(pk=own.pk).exists()
    actuals = kpi("EC1.1", 110).series.actuals
    assert {row.period: str(row) for row in actuals.all()} == {
        "2020": "62.070000",
        "2021": "63.500000",
    }
    assert not Series.objects.filter(kpis=None).exclude(pk__in=series).exists()


def test_undoing_the_later_year_leaves_the_earlier_as_it_was():
    before = everything()
    batch = applied(workbook("group-e-110"))
    assert KpiLineage.objects.exists()
    told = services.undo_batch(batch, None)
    assert told["kept"] == []
    assert everything() == before


def test_undoing_an_import_that_joined_two_years_parts_them_again():
    import_file(workbook("group-e-110"))
    apart()
    kpi("EC1.1", 110).series.actuals.create(period="2021", value=63, state="approved")
    kpi("EC1.1", 110).series.actuals.create(period="2020", value=62, state="approved")
    services.rate_cards([{"unit": "group-e"}])
    before = everything()
    batch = applied(workbook("group-e-110"))
    assert kpi("EC1.1", 110).series == kpi("EC1.2", 109).series
    told = services.undo_batch(batch, None)
    assert told["kept"] == []
    assert everything() == before


def test_a_person_answers_on_the_page_and_is_named_as_who_confirmed():
    planner = make_user("paul", role="planner", unit=Unit.objects.get(code="taipei"))
    batch = uploaded(workbook("group-e-110"), planner)
    keys = [
        issue["key"]
        for issue in batch.issues
        if issue["code"] == "same-kpi" and issue["params"]["code"] == "EP4.1"
    ]
    services.answer_batch(batch, {keys[0]: "replaced"}, planner)
    apply(batch)
    step = KpiLineage.objects.get(later=kpi("EP4.1", 110))
    assert (step.kind, step.confirmed_by) == ("replaced", planner)
    assert step.confirmed_at is not None


def test_a_page_shows_where_a_kpi_comes_from_and_where_it_went():
    import_file(workbook("group-e-110"))
    auditor = make_user("anna", role="auditor", unit=kpi("EP4.1", 110).scorecard.unit)

    def steps(code: str, year: int) -> tuple[StepView, ...]:
        pk = kpi(code, year).pk
        found = find_kpis(auditor, pk)
        return steps_of(next(one for one in found if one.pk == pk))

    (step,) = steps("EC1.1", 110)
    assert (step.is_later, step.code, step.remark) == (False, "EC1.2", "")
    (step,) = steps("EP4.1", 109)
    assert (step.is_later, step.code, step.is_proposed) == (True, "EP4.1", True)
    (step,) = steps("EC3.2", 110)
    assert step.code == "EC3.2" and step.remark and step.is_proposed
    assert len(find_kpis(auditor, kpi("EC3.2", 110).pk)) == 1
    client = client_of(auditor)
    page = client.get(kpi("EC1.1", 110).get_absolute_url()).content.decode()
    assert f'href="{kpi("EC1.2", 109).get_absolute_url()}">EC1.2' in page
    # What only bears the same code is no part of its history.
    assert kpi("EC1.1", 109).get_absolute_url() not in page
    told = client.get(f"/api/v1/series/{kpi('EC1.1', 110).series_id}").json()
    assert [(one["year"], one["code"]) for one in told["kpis"]] == [
        (109, "EC1.2"),
        (110, "EC1.1"),
    ]


def test_a_kpi_whose_measure_is_printed_anew_is_no_longer_the_same(tmp_path: Path):
    def remeasured(book: Workbook) -> None:
        for cell in book[TABLE]["D"]:
            if str(cell.value).startswith("EC3.1"):
                cell.value = "EC3.1新移民關懷訪視滿意度"

    proposal = import_file(altered("group-e-110", tmp_path, remeasured))
    defaults = {
        issue.params["code"]: issue.default
        for issue in proposal.issues
        if issue.code == "same-kpi"
    }
    assert defaults["EC3.1"] == "replaced"
    assert kpi("EC3.1", 110).series != kpi("EC3.1", 109).series
