"""A sheet that is the whole plan takes away what it does not list."""

import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from actions.models import ActionPlan, PlanLink, PlanRow
from bsc.models import Objective, Theme
from kpi.models import Kpi, Series, Target
from sheets import services
from sheets.boards import Place
from sheets.previews import preview_of
from sheets.proposals import Proposal
from tests.factories import make_entry, make_user
from tests.integration.batches import applied, everything
from tests.integration.importing import (
    altered,
    client_of,
    counts_of,
    import_file,
    load_reference,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = "平衡計分卡"


@pytest.fixture(autouse=True)
def reference():
    load_reference()


def table_only(book: openpyxl.Workbook) -> None:
    for name in book.sheetnames:
        if name != TABLE:
            del book[name]


def without_a_kpi(book: openpyxl.Workbook) -> None:
    """Drop EC1.2 with its plans, and all sheets but the table."""
    table_only(book)
    for cell in ("D4", "E4"):
        book[TABLE][cell] = None


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The table of E組 alone: its KPIs have no figures."""
    return altered("group-e-109", tmp_path, table_only, "bare.xlsx")


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    return altered("group-e-109", tmp_path, without_a_kpi, "shorter.xlsx")


def test_without_the_word_what_a_sheet_lacks_stays(bare: Path, shorter: Path):
    import_file(bare)
    proposal = import_file(shorter)
    assert proposal.changes()["kpis"]["left"] == 1
    assert Kpi.objects.filter(code="EC1.2", is_withdrawn=False).exists()


def test_a_kpi_without_figures_is_removed_with_all_below_it(bare: Path, shorter: Path):
    import_file(bare)
    plans = ActionPlan.objects.count()
    only_here = PlanLink.objects.filter(row__kpi__code="EC1.2").count()

    proposal = import_file(shorter, is_whole=True)

    counts = counts_of(proposal)
    assert counts["kpis"]["removed"] == 1
    assert counts["plan_rows"]["removed"] == 1
    assert "left" not in counts["kpis"]
    assert not Kpi.objects.filter(code="EC1.2").exists()
    assert not PlanRow.objects.filter(kpi__code="EC1.2").exists()
    assert Series.objects.count() == Kpi.objects.count() == 18
    assert ActionPlan.objects.count() == plans - only_here


def test_a_kpi_with_figures_is_withdrawn_and_keeps_them(shorter: Path):
    import_file(workbook("group-e-109"))
    proposal = import_file(shorter, is_whole=True)

    assert counts_of(proposal)["kpis"]["removed"] == 1
    kpi = Kpi.objects.get(code="EC1.2")
    assert kpi.is_withdrawn
    assert kpi.published_results.exists()
    assert kpi.plan_rows.exists()
    assert Kpi.history.filter(code="EC1.2", is_withdrawn=True).exists()

    again = import_file(shorter, is_whole=True)
    assert [n for n, counts in again.changes().items() if counts["removed"]] == []
    assert again.changes()["kpis"]["left"] == 0


def test_a_kpi_that_somebody_enters_is_withdrawn_and_keeps_what_was_typed(
    bare: Path, shorter: Path
):
    import_file(bare)
    entry = make_entry(Kpi.objects.get(code="EC1.2"))

    import_file(shorter, is_whole=True)

    assert Kpi.objects.get(code="EC1.2").is_withdrawn
    entry.refresh_from_db()
    assert entry.typed == {"value": "90"}


def test_a_withdrawn_kpi_is_on_no_board_and_keeps_its_page(shorter: Path):
    import_file(workbook("group-e-109"))
    kpi = Kpi.objects.get(code="EC1.2")
    client = client_of(make_user("vera"))
    boards = [
        reverse(f"reports:{name}", kwargs={"code": "group-e", "year": 2020})
        for name in ("map", "scorecard", "results", "lights")
    ]
    assert any(kpi.name in client.get(url).content.decode() for url in boards)

    import_file(shorter, is_whole=True)

    for url in boards:
        answer = client.get(url)
        assert answer.status_code == 200
        assert kpi.name not in answer.content.decode(), url
    shown = client.get(kpi.get_absolute_url())
    assert "Withdrawn" in shown.content.decode()
    told = client.get("/api/v1/scorecards/group-e/109").json()
    assert "EC1.2" not in {one["code"] for one in told["kpis"]}


def test_a_withdrawn_kpi_that_is_listed_again_is_back(bare: Path, shorter: Path):
    import_file(workbook("group-e-109"))
    import_file(shorter, is_whole=True)
    proposal = import_file(bare, is_whole=True)
    # Those after it change, too: they stand one place lower again.
    assert counts_of(proposal)["kpis"] == {"changed": 18, "unchanged": 1}
    assert not Kpi.objects.filter(is_withdrawn=True).exists()


def test_objectives_and_themes_without_anything_below_are_removed(tmp_path: Path):
    def with_more(book: openpyxl.Workbook) -> None:
        table_only(book)

    import_file(altered("group-e-109", tmp_path, with_more, "one.xlsx"))
    card = Objective.objects.first().scorecard
    Objective.objects.create(scorecard=card, code="EX9", name="沒有人提到的目標")
    Theme.objects.create(scorecard=card, code="Z", name="沒有人提到的主題")

    proposal = import_file(
        altered("group-e-109", tmp_path, with_more, "two.xlsx"), is_whole=True
    )

    assert counts_of(proposal)["objectives"]["removed"] == 1
    assert not Objective.objects.filter(code="EX9").exists()
    # A table without themes says nothing of them.
    assert Theme.objects.filter(code="Z").exists()


def test_a_map_that_is_the_whole_plan_removes_an_empty_theme():
    import_file(workbook("city-109"))
    card = Theme.objects.first().scorecard
    Theme.objects.create(scorecard=card, code="Z", name="沒有人提到的主題")
    proposal = import_file(workbook("city-109"), is_whole=True)
    assert counts_of(proposal)["themes"]["removed"] == 1
    assert not Theme.objects.filter(code="Z").exists()


def test_the_undo_of_a_whole_plan_brings_all_back(bare: Path, shorter: Path):
    import_file(workbook("center-111"))
    import_file(bare)
    before = everything()
    batch = applied(shorter, whole=True)
    assert everything() != before
    told = services.undo_batch(batch, None)
    assert told["kept"] == []
    assert told["changes"]["kpis"]["restored"] == 1
    assert everything() == before


def test_the_undo_of_a_withdrawal_brings_the_kpi_back(shorter: Path):
    import_file(workbook("group-e-109"))
    before = everything()
    batch = applied(shorter, whole=True)
    services.undo_batch(batch, None)
    assert everything() == before


def test_the_undo_brings_back_what_led_to_the_year_before(tmp_path: Path):
    def dropped(book: openpyxl.Workbook) -> None:
        table_only(book)
        sheet = book.worksheets[0]
        rows = [cell.row for cell in sheet["D"] if "EC1.2" in str(cell.value)]
        for cell in (sheet.cell(rows[0], column) for column in (4, 5)):
            cell.value = None

    import_file(workbook("group-e-109"))
    import_file(workbook("group-e-110"))
    before = everything()
    batch = applied(altered("group-e-110", tmp_path, dropped), whole=True)
    assert batch.verdict["changes"]["kpis"]["removed"] == 1
    assert services.undo_batch(batch, None)["kept"] == []
    assert everything() == before


def test_the_command_takes_the_whole_plan(bare: Path, shorter: Path):
    import_file(bare)
    told = StringIO()
    call_command("import_sheet", shorter, whole=True, as_json=True, stdout=told)
    changes = json.loads(told.getvalue())["changes"]
    assert changes["kpis"]["removed"] == 1
    assert Kpi.objects.count() == 18


def test_a_target_of_a_removed_kpi_goes_with_it(tmp_path: Path, bare: Path, shorter):
    import_file(bare)
    kpi = Kpi.objects.get(code="EC1.2")
    Target.objects.create(kpi=kpi, year=2020, value=5)
    import_file(shorter, is_whole=True)
    assert not Target.objects.filter(kpi_id=kpi.pk).exists()


# What goes is named before it goes


def told_of(proposal: Proposal, code: str) -> dict[str, tuple[str, str]]:
    """Return count and names by noun of the issues with `code`, all of them warnings."""
    found = [issue for issue in proposal.issues if issue.code == code]
    assert {str(issue.severity) for issue in found} <= {"warn"}
    return {
        str(issue.params["noun"]): (
            str(issue.params["count"]),
            str(issue.params["names"]),
        )
        for issue in found
    }


def test_what_is_deleted_is_named(bare: Path, shorter: Path):
    import_file(bare)
    kpi = Kpi.objects.get(code="EC1.2")
    proposal = import_file(shorter, is_whole=True)
    assert told_of(proposal, "removed")["kpis"] == ("1", f"EC1.2 {kpi.name}")
    assert told_of(proposal, "withdrawn") == {}


def test_what_is_withdrawn_is_named_apart_from_what_is_deleted(shorter: Path):
    import_file(workbook("group-e-109"))
    kpi = Kpi.objects.get(code="EC1.2")
    proposal = import_file(shorter, is_whole=True)
    assert told_of(proposal, "withdrawn") == {"kpis": ("1", f"EC1.2 {kpi.name}")}
    assert "kpis" not in told_of(proposal, "removed")


def test_a_plan_that_only_goes_from_one_row_of_the_card_is_not_named_as_deleted(
    bare: Path, shorter: Path
):
    import_file(bare)
    link = PlanLink.objects.filter(row__kpi__code="EC1.2").first()
    other = PlanLink.objects.exclude(row__kpi__code="EC1.2").first()
    PlanLink.objects.filter(pk=link.pk).update(plan=other.plan, text=other.text)
    proposal = import_file(shorter, is_whole=True)
    _, names = told_of(proposal, "removed").get("action_plans", ("0", ""))
    assert proposal.changes()["action_plans"]["removed"]
    assert other.text not in names


def test_without_the_word_nothing_is_told_to_go(bare: Path, shorter: Path):
    import_file(bare)
    proposal = import_file(shorter)
    assert told_of(proposal, "removed") == told_of(proposal, "withdrawn") == {}


@pytest.mark.parametrize(
    ("has_figures", "words"), [(False, "1 removed"), (True, "1 withdrawn")]
)
def test_the_page_tells_deleted_from_withdrawn(
    bare: Path, shorter: Path, has_figures: bool, words: str
):
    import_file(workbook("group-e-109") if has_figures else bare)
    batch = applied(shorter, whole=True)
    with translation.override("en"):
        shown = preview_of(batch, Place.of({}), may_answer=False, may_see=True)
        kpis = next(noun for noun in shown.nouns if noun.name == "KPIs")
        assert words in kpis.words
