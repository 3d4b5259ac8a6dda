"""A sheet that changed: what it shows is changed, what it lacks is left and listed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from actions.models import ActionPlan
from bsc.models import Scorecard
from kpi.models import Actual, Kpi
from sheets import services
from sheets.proposals import Options, Proposal
from tests.integration.importing import (
    altered,
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
# The centre's columns: KPI, owners, plans, budget of 111, owners of plans.
KPI, TARGET, OWNERS, PLANS, BUDGET = "C", "H", "K", "L", "M"


def import_centre() -> None:
    load_reference()
    import_file(workbook("center-111"))


@pytest.fixture(scope="module", autouse=True)
def _centre(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, import_centre):
        yield


def again(folder: Path, alter: Callable[[Worksheet], Any]) -> Proposal:
    """Import the centre's workbook once more, altered, and see that it settles."""
    path = altered("center-111", folder, lambda book: alter(book[TABLE]))
    proposal = import_file(path)
    assert not proposal.is_refused, proposal.issues
    before = rows_with_keys()
    second = import_file(path).changes().values()
    assert not any(counts["created"] or counts["changed"] for counts in second)
    assert rows_with_keys() == before
    return proposal


def row_of(sheet: Worksheet, code: str) -> int:
    """Return the row that prints the KPI `code`."""
    return next(
        cell.row for cell in sheet[KPI] if str(cell.value or "").startswith(code)
    )


def kpi(code: str) -> Kpi:
    return Kpi.objects.get(scorecard__unit__code="dvpc", code=code)


def differences(proposal: Proposal) -> dict[str, dict[str, int]]:
    return {
        noun: rest
        for noun, counts in counts_of(proposal).items()
        if (rest := {what: n for what, n in counts.items() if what != "unchanged"})
    }


def test_what_a_sheet_lacks_is_left_and_listed(tmp_path: Path):
    proposal = again(
        tmp_path, lambda sheet: sheet.delete_rows(row_of(sheet, "TF1.1"), 1)
    )
    # The map still shows the objective.
    assert differences(proposal) == {
        "ksfs": {"left": 1},
        "series": {"left": 1},
        "kpis": {"left": 1},
        "targets": {"left": 3},
        "actuals": {"left": 3},
        "statements": {"left": 3},
        "action_plans": {"left": 1},
        "plan_rows": {"left": 1},
        "budget_lines": {"left": 2},
    }
    assert kpi("TF1.1").targets.count() == 3
    notes = {i.params["noun"]: i for i in proposal.issues if i.code == "left"}
    assert notes["kpis"].params["names"] == "TF1.1"
    assert (notes["kpis"].severity, notes["kpis"].sheet) == ("note", "策略地圖")


def test_a_sheet_without_columns_lacks_nothing_of_them(tmp_path: Path):
    def definitions_only(sheet: Worksheet) -> None:
        for merge in list(sheet.merged_cells.ranges):
            if merge.min_col > 4:
                sheet.unmerge_cells(str(merge))
        sheet.delete_cols(5, 11)

    proposal = again(tmp_path, definitions_only)
    assert differences(proposal) == {}


def test_a_target_that_changed_is_changed_with_its_history(tmp_path: Path):
    def lower(sheet: Worksheet) -> None:
        sheet[f"{TARGET}{row_of(sheet, 'AC1.1')}"] = 7.1

    assert differences(again(tmp_path, lower)) == {"targets": {"changed": 1}}
    target = kpi("AC1.1").targets.get(year=2022)
    assert str(target.value) == "7.100000"
    assert [str(old.value) for old in target.history.all()] == ["7.100000", "7.700000"]


def test_owners_are_those_that_the_cell_names(tmp_path: Path):
    def hand_over(sheet: Worksheet) -> None:
        sheet[f"K{row_of(sheet, 'AC1.1')}"] = "專線組\n成保組"

    proposal = again(tmp_path, hand_over)
    assert differences(proposal) == {"kpis": {"changed": 1}}
    assert [owner.name for owner in kpi("AC1.1").owners.all()] == ["專線組", "成保組"]


def test_a_plan_renamed_in_its_place_is_changed_and_none_stands_twice(
    tmp_path: Path,
):
    def rename(sheet: Worksheet) -> None:
        sheet[f"{PLANS}{row_of(sheet, 'AC1.1')}"] = (
            "AC1.1.1. 臺北市家庭暴力安全防護網計畫（修正）\n"
            "AC1.1.2. 強化兒少保護跨網絡合作實施計畫\n"
            "AC1.1.3. 兒少保護個案親職賦能計畫"
        )

    proposal = again(tmp_path, rename)
    assert differences(proposal) == {"action_plans": {"changed": 1}}
    row = kpi("AC1.1").plan_rows.get()
    assert [link.plan.name for link in row.links.all()] == [
        "臺北市家庭暴力安全防護網計畫（修正）",
        "強化兒少保護跨網絡合作實施計畫",
        "兒少保護個案親職賦能計畫",
    ]
    assert ActionPlan.objects.filter(name="臺北市家庭暴力安全防護網計畫").exists()


def test_a_plan_that_is_dropped_is_left_behind_the_others(tmp_path: Path):
    def drop_first(sheet: Worksheet) -> None:
        cell = sheet[f"{PLANS}{row_of(sheet, 'AC1.1')}"]
        cell.value = cell.value.split("\n", 1)[1]

    proposal = again(tmp_path, drop_first)
    assert differences(proposal) == {"action_plans": {"left": 1}}
    row = kpi("AC1.1").plan_rows.get()
    assert [link.code for link in row.links.all()] == ["AC1.1.2", "AC1.1.3", "AC1.1.1"]


def test_plans_in_another_order_stand_in_that_order(tmp_path: Path):
    def turn(sheet: Worksheet) -> None:
        cell = sheet[f"{PLANS}{row_of(sheet, 'AC1.1')}"]
        cell.value = "\n".join(reversed(cell.value.split("\n")))

    again(tmp_path, turn)
    row = kpi("AC1.1").plan_rows.get()
    assert [link.code for link in row.links.all()] == ["AC1.1.3", "AC1.1.2", "AC1.1.1"]


def test_a_figure_that_somebody_corrected_is_asked_and_stays(tmp_path: Path):
    corrected = kpi("BC1.1").series.actuals.get(period="2020")
    corrected.value = 92
    corrected.save()
    path = altered("center-111", tmp_path, lambda book: None)
    proposal = import_file(path)
    assert [issue.code for issue in proposal.issues].count("restated") == 0
    assert Actual.objects.get(pk=corrected.pk).value == 92

    def reprint(book) -> None:
        sheet = book[TABLE]
        sheet[f"F{row_of(sheet, 'BC1.1')}"] = 91.5

    proposal = import_file(altered("center-111", tmp_path, reprint))
    (issue,) = [issue for issue in proposal.issues if issue.code == "restated"]
    assert (issue.severity, issue.default) == ("ask", "keep")
    assert (issue.params["printed"], issue.params["held"]) == ("91.50", "92")
    assert issues_of(proposal, "restated") == [(TABLE, "F7")]
    assert Actual.objects.get(pk=corrected.pk).value == 92
    card = Scorecard.objects.get(unit__code="dvpc")
    statement = card.statements.get(series=kpi("BC1.1").series, period="2020")
    assert statement.text == "91.50"


def test_a_bare_code_takes_no_name_away(tmp_path: Path):
    def bare(book: Workbook) -> None:
        book["平衡計分卡"]["C6"] = "AC3.1"

    proposal = import_file(altered("center-111", tmp_path, bare))

    assert issues_of(proposal, "no-name") == [("平衡計分卡", "C6")]
    assert Kpi.objects.get(code="AC3.1").name.startswith("兒童或心智障礙性侵害案件")


def scorecard_of(folder: Path, count: int) -> Path:
    """Return a workbook of the centre of 110 with so many KPIs, each with its plan."""
    book = Workbook()
    sheet = book.active
    sheet.title = TABLE
    sheet.append(["臺北市家庭暴力暨性侵害防治中心 平衡計分卡 (110年)"])
    heads = "策略目標|關鍵成功因素|KPI|109年實際值|110年目標值|KPI主責科室|行動計畫"
    heads += "|行動計畫110年預算(元)|行動計畫主責科室"
    sheet.append(heads.split("|"))
    sheet.append(["顧客構面"])
    for number in range(count):
        objective, kpi = f"AC{number // 9 + 1}", f"{number % 9 + 1}"
        code = f"{objective}.{kpi}"
        told = (
            f"{objective} 目標|{objective} 因素|{code} 指標|{90 + number % 9}|95|成保組"
        )
        told += f"|{code}.1 計畫{number}|1000|綜規組"
        sheet.append(told.split("|"))
    path = folder / f"centre-{count}.xlsx"
    book.save(path)
    return path


@pytest.mark.slow
def test_a_proposal_takes_as_many_queries_for_500_kpis_as_for_20(tmp_path: Path):
    spent = {}
    for count in (20, 500):
        path = scorecard_of(tmp_path, count)
        assert not import_file(path).is_refused
        content = services.read(path, path.name)
        with CaptureQueriesContext(connection) as queries:
            proposal = services.propose_content(content, Options(file_name=path.name))
        assert proposal.changes()["kpis"]["unchanged"] == count
        spent[count] = len(queries)
    assert spent[20] == spent[500] <= 30
