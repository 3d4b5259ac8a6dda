"""112 after 111, the window of years moved by one: series go on, figures meet."""

from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kpi.models import Kpi, KpiLineage, Statement
from sheets import services
from sheets.messages import message
from sheets.proposals import Options, Proposal
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    load_reference,
    rows_by_meaning,
    rows_with_keys,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLE = "平衡計分卡"
HEADINGS = {
    "E2": "109年 實際值",
    "F2": "110年 實際值",
    "G2": "111年 實際值",
    "H2": "112年 目標值",
    "I2": "113年 目標值",
    "J2": "114年 目標值",
    "M2": "行動計畫 已編112年概算 (元)",
    "N2": "行動計畫 預編113年概算 (元)",
}
NAMES = {
    "社會安全網開案率": "社會安全網案件開案率",
    "防暴宣講師培力完訓取得資格人數": "防暴宣講師培力課程滿意度",
}
MEASURED_IN_110 = "F6"  # AC3.1
BEFORE, RESTATED = "46.150000", "46.510000"


def next_year(book: Workbook) -> None:
    """Turn the card of 111 into that of 112: renumbered, renamed, one figure anew."""
    sheet = book[TABLE]
    sheet["A1"] = sheet["A1"].value.replace("111", "112")
    for row in range(3, sheet.max_row + 1):
        if sheet[f"C{row}"].value:
            _move_window(sheet, row)
    for cell, heading in HEADINGS.items():
        sheet[cell] = heading
    sheet[MEASURED_IN_110] = 46.51
    kpis = {cell.value.split("\n")[0][:5]: cell for cell in sheet["C"] if cell.value}
    for code, to in (("BC1.2", "BC1.3"), ("BC1.3", "BC1.2")):
        kpis[code].value = kpis[code].value.replace(code, to)
    for cell in kpis.values():
        for name, to in NAMES.items():
            if name in cell.value:
                cell.value = cell.value.replace(name, to)
                formula = sheet[f"D{cell.row}"]
                formula.value = formula.value.replace("人數", "%")


def _move_window(sheet: Worksheet, row: int) -> None:
    for to, of in (("E", "F"), ("F", "G"), ("H", "I"), ("I", "J")):
        sheet[f"{to}{row}"].value = sheet[f"{of}{row}"].value
        sheet[f"{to}{row}"].number_format = sheet[f"{of}{row}"].number_format
    sheet[f"G{row}"] = "無實際值"


@pytest.fixture
def later(tmp_path: Path) -> Path:
    return altered("center-111", tmp_path, next_year, to="center-112.xlsx")


@pytest.fixture
def reference() -> None:
    load_reference()


def kpi(code: str, roc_year: int) -> Kpi:
    return Kpi.objects.get(
        scorecard__unit__code="dvpc", scorecard__year=roc_year + 1911, code=code
    )


def in_force(code: str = "AC3.1") -> str:
    return str(kpi(code, 112).series.actuals.get(period="2021"))


def printed(code: str = "AC3.1") -> list[str]:
    statements = Statement.objects.filter(series=kpi(code, 112).series, period="2021")
    return [row.text for row in statements.order_by("scorecard__year")]


def both(paths: tuple[Path, Path], **options) -> Proposal:
    import_file(paths[0])
    return import_file(paths[1], **options)


def test_series_go_on_under_other_codes_and_names(reference: None, later: Path):
    proposal = both((workbook("center-111"), later))
    assert kpi("BC1.3", 112).series == kpi("BC1.2", 111).series
    assert kpi("BC1.2", 112).series == kpi("BC1.3", 111).series
    assert kpi("BC3.2", 112).series == kpi("BC3.2", 111).series
    assert kpi("CC1.1", 112).series != kpi("CC1.1", 111).series
    kinds = {
        step.later.code: step.kind for step in KpiLineage.objects.exclude(kind="same")
    }
    assert kinds == {
        "BC1.2": "renumbered",
        "BC1.3": "renumbered",
        "BC3.2": "renamed",
        "CC1.1": "replaced",
    }
    asked = [i for i in proposal.issues if i.code == "same-kpi"]
    assert {i.params["code"]: i.default for i in asked} == {
        "BC3.2": "same",
        "CC1.1": "replaced",
    }
    # The trend is one line from the first year of 111 to the last of 112.
    years = kpi("BC3.2", 112).series.actuals.values_list("period", flat=True)
    assert sorted(years) == ["2019", "2020", "2021", "2022"]


def test_a_later_sheet_that_prints_another_figure_proposes_a_restatement(
    reference: None, later: Path
):
    proposal = both((workbook("center-111"), later))
    (issue,) = [issue for issue in proposal.issues if issue.code == "restated"]
    assert (issue.sheet, issue.cell) == (TABLE, MEASURED_IN_110)
    assert (issue.default, issue.severity) == ("keep", "ask")
    assert issue.params["year"] == "110"
    assert in_force() == BEFORE
    assert printed() == ["46.15", "46.51"]


def test_a_figure_that_is_held_is_told_as_its_sheet_prints_it(
    reference: None, later: Path, tmp_path: Path
):
    def with_zeros(book: Workbook) -> None:
        book[TABLE]["G6"] = 34
        book[TABLE]["G6"].number_format = "0.00"

    before = altered("center-111", tmp_path, with_zeros)
    proposal = both((before, later))
    (issue,) = [issue for issue in proposal.issues if issue.code == "restated"]
    assert (issue.params["held"], issue.params["printed"]) == ("34.00", "46.51")
    with translation.override("en"):
        assert message(issue.code, issue.params) == (
            "AC3.1, 110: the sheet prints 46.51, the figure in force is 34.00."
        )


def test_a_restatement_that_is_confirmed_becomes_the_figure_in_force(
    reference: None, later: Path
):
    import_file(workbook("center-111"))
    asked = services.read_and_propose(later, Options(file_name=later.name))
    (issue,) = [issue for issue in asked.issues if issue.code == "restated"]
    import_file(later, answers={issue.key: "restate"})
    assert in_force() == RESTATED
    # The table of 111 prints what it printed.
    assert printed() == ["46.15", "46.51"]

    # Either sheet again takes nothing back and asks nothing.
    before = rows_with_keys()
    for path in (later, workbook("center-111")):
        assert issues_of(import_file(path), "restated") == []
    assert rows_with_keys() == before


def start_again() -> None:
    """Take all cards and plans away; units and rules stay."""
    for label in (
        "kpi.Result",
        "kpi.Statement",
        "actions.PlanLink",
        "actions.PlanRow",
        "kpi.Kpi",
        "kpi.Actual",
        "kpi.Series",
        "actions.ActionPlan",
        "bsc.Objective",
        "bsc.Scorecard",
    ):
        apps.get_model(label).objects.all().delete()


def test_the_later_year_first_gives_the_same_and_asks_the_same(
    reference: None, later: Path
):
    proposal = both((later, workbook("center-111")))
    assert issues_of(proposal, "restated") == [(TABLE, "G6")]
    assert {
        issue.params["code"]: issue.default
        for issue in proposal.issues
        if issue.code == "same-kpi"
    } == {"BC3.2": "same", "CC1.1": "replaced"}
    assert in_force() == BEFORE
    backwards = rows_by_meaning()
    again = [
        import_file(path).changes().values() for path in (later, workbook("center-111"))
    ]
    assert not any(
        counts["created"] or counts["changed"] for told in again for counts in told
    )

    start_again()
    both((workbook("center-111"), later))
    assert rows_by_meaning() == backwards
