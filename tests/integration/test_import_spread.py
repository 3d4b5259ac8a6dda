"""One card on several sheets of a workbook: brought in as one, doubts at their cells."""

from pathlib import Path

import openpyxl
import pytest

from bsc.models import Scorecard
from kpi.models import Kpi, KpiOwner, Statement
from sheets.forms.readings import Severity
from sheets.proposals import Proposal
from tests.integration.importing import import_file, load_reference
from tests.unit.ugly import COLUMNS
from tests.unit.ugly_rows import parted

pytestmark = pytest.mark.django_db

OWNER = COLUMNS.index("kpi_owner") + 1
TARGET = COLUMNS.index("target 111") + 1


def bring_in(book: openpyxl.Workbook, folder: Path) -> Proposal:
    load_reference()
    path = folder / "parted.xlsx"
    book.save(path)
    return import_file(path)


def told(proposal: Proposal, code: str) -> list[tuple]:
    return [(i.severity, i.sheet, i.cell) for i in proposal.issues if i.code == code]


def test_a_sheet_for_each_perspective_is_one_card(tmp_path: Path):
    proposal = bring_in(parted(), tmp_path)
    assert not proposal.is_refused
    assert told(proposal, "card-spread") == [
        (Severity.NOTE, sheet, None)
        for sheet in ("內部流程構面", "學習成長構面", "財務構面")
    ]
    card = Scorecard.objects.get()
    assert card.kpis.count() == 20
    perspectives = Kpi.objects.values_list("objective__perspective__code", flat=True)
    assert [[*perspectives].count(code) for code in "CPLF"] == [14, 2, 3, 1]
    # Where a figure is printed is known by its own sheet.
    places = Statement.objects.filter(series__kpis__code="AF1.1") | (
        Statement.objects.filter(series__kpis__code="TF1.1")
    )
    assert {(place.sheet, place.cell[1:]) for place in places} == {("財務構面", "3")}
    # A doubt about a cell of a further sheet is told there.
    assert ("財務構面", "C3") in [
        (sheet, cell)
        for _, sheet, cell in told(proposal, "direction-doubtful")
        + told(proposal, "code-mismatch")
    ]


def test_a_further_sheet_that_contradicts_a_cell_is_refused_at_that_cell(
    tmp_path: Path,
):
    book = parted()
    sheet, more = book["顧客構面"], book["財務構面"]
    more.append([cell.value for cell in sheet[3]])
    more.cell(more.max_row, TARGET).value = "1"
    proposal = bring_in(book, tmp_path)
    assert told(proposal, "duplicate-code") == [(Severity.ERROR, "財務構面", "C4")]
    assert told(proposal, "sheet-twice") == []
    assert not Scorecard.objects.exists()


def test_another_version_of_a_sheet_is_no_further_part_of_it(tmp_path: Path):
    book = parted()
    sheet = book.copy_worksheet(book["顧客構面"])
    for row in range(3, sheet.max_row + 1):
        sheet.cell(row, TARGET).value = "1"
    proposal = bring_in(book, tmp_path)
    assert told(proposal, "sheet-twice") == [(Severity.ERROR, sheet.title, None)]


def test_the_part_that_an_owner_takes_is_kept_as_printed(tmp_path: Path):
    book = parted()
    book["顧客構面"].cell(3, OWNER).value = "成保組(主辦)兒少組(協辦)"
    assert not bring_in(book, tmp_path).is_refused
    owners = KpiOwner.objects.filter(kpi__code="AC1.1").order_by("position")
    assert [(owner.unit.code, owner.name) for owner in owners] == [
        ("dvpc-adult", "成保組(主辦)"),
        ("dvpc-child", "兒少組(協辦)"),
    ]


def test_an_objective_in_words_takes_the_code_of_its_kpis_unless_it_is_left_out(
    tmp_path: Path,
):
    book = parted()
    name = book["財務構面"]["A3"]
    name.value = str(name.value).replace("TF1", "").strip()
    proposal = bring_in(book, tmp_path)
    assert told(proposal, "objective-code") == [(Severity.ASK, "財務構面", "A3")]
    assert Kpi.objects.get(code="TF1.1").objective.code == "TF1"
