"""A table of revisions is compared with both cards, and answers what is asked."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from bsc.models import Scorecard
from kpi.models import Kpi, KpiLineage, Target
from sheets.forms.readings import Severity
from sheets.messages import message
from sheets.proposals import Proposal
from tests.integration.batches import uploaded
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    load_reference,
    rows_with_keys,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHEET = "修正對照表"
DIFFERENT = ("revision-differs", "revision-count-differs")


@pytest.fixture(autouse=True)
def card_of_109():
    load_reference()
    import_file(workbook("group-e-109"))


def with_rows(*rows: tuple[str, ...]) -> Callable[[openpyxl.Workbook], None]:
    return with_sheet(
        ("110年度E組平衡計分卡修正對照表",),
        ("項次", "修正前", "修正後", "說明"),
        *rows,
    )


def with_sheet(*rows: tuple[str, ...]) -> Callable[[openpyxl.Workbook], None]:
    def alter(book: openpyxl.Workbook) -> None:
        del book[SHEET]
        sheet = book.create_sheet(SHEET)
        for row in rows:
            sheet.append(row)

    return alter


def told(proposal: Proposal, *codes: str) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [
            (issue.cell, message(issue.code, issue.params))
            for issue in proposal.issues
            if issue.code in codes
        ]


def kpi(code: str, roc_year: int) -> Kpi:
    return Kpi.objects.get(code=code, scorecard__year=roc_year + 1911)


def test_the_published_table_agrees_with_both_cards():
    proposal = import_file(workbook("group-e-110"))
    assert not told(proposal, *DIFFERENT, "revision-without-card")
    (checked,) = [
        issue
        for issue in proposal.issues
        if issue.code == "checked" and issue.sheet == SHEET
    ]
    # Twenty counts, and four differences beside them.
    assert checked.params["count"] == "24"
    # It states what changed, and writes nothing of its own.
    assert ("sheet-not-read", SHEET) not in [(i.code, i.sheet) for i in proposal.issues]


def test_a_count_that_is_not_so_is_told_with_both_figures(tmp_path: Path):
    def wrong(book: openpyxl.Workbook) -> None:
        book[SHEET]["C10"] = "6(-2)"
        book[SHEET]["B14"] = 20

    proposal = import_file(altered("group-e-110", tmp_path, wrong))
    delta = (
        "顧客構面: the table of revisions prints “6(-2)”; by the cards it is “6(-1)”."
    )
    total = "合計, KPIs: the table of revisions prints 20, the card of 109 has 19."
    assert told(proposal, *DIFFERENT) == [("C10", delta), ("B14", total)]
    assert {i.severity for i in proposal.issues if i.code in DIFFERENT} == {
        Severity.WARN
    }


def test_what_is_printed_of_a_kpi_answers_the_question_of_its_lineage(tmp_path: Path):
    path = altered(
        "group-e-110",
        tmp_path,
        with_rows(
            ("1", "EP2.2 長者搭乘大眾運輸工具使用人次成長率", "", "原EP2.2改編號EP2.1"),
            ("2", "EP4.1 無障礙運輸設施之運具推動進度", "刪除", ""),
            (
                "3",
                "EP4.2 弱勢族群公共運輸使用量",
                "EP4.2 弱勢族群公共運輸使用率",
                "名稱修正",
            ),
        ),
    )
    proposal = import_file(path)
    asked = {i.params["code"] for i in proposal.issues if i.code == "same-kpi"}
    assert "EP2.1" not in asked and "EP4.1" not in asked
    answered = {cell for cell, _ in told(proposal, "lineage-printed")}
    assert {"D3", "C4"} <= answered
    assert kpi("EP2.1", 110).series == kpi("EP2.2", 109).series
    assert KpiLineage.objects.get(later=kpi("EP2.1", 110)).kind == "renamed"
    assert kpi("EP4.1", 110).series != kpi("EP4.1", 109).series
    assert not KpiLineage.objects.filter(later=kpi("EP4.1", 110)).exists()
    again = rows_with_keys()
    import_file(path)
    assert rows_with_keys() == again


def test_what_contradicts_names_is_told_and_the_names_decide(tmp_path: Path):
    path = altered(
        "group-e-110",
        tmp_path,
        with_rows(
            ("1", "EC1.1 弱勢家庭關懷訪視服務涵蓋率(%)", "", "原EC1.1改編號EC1.1"),
            ("2", "EC1.2 特定對象就業媒合率", "(刪除)", ""),
            ("3", "EC1.3 街友脫離率", "EC1.2 街友脫遊率", "原EC1.3改編號EC1.3"),
            ("4", "EC1.1.1 強化社會安全網計畫", "EP5.1.1 強化社會安全網計畫", ""),
            ("5", "EP1.1.1 托育", "EP9.1.1 托育", ""),
        ),
    )
    proposal = import_file(path)
    words = told(proposal, "revision-differs")
    assert [cell for cell, _ in words] == ["B3", "C4", "B5", "B7", "C7", "C7"]
    text = "\n".join(said for _, said in words)
    assert "EC1.2 → EC1.1" in text
    assert "街友脫離率" in text and "EC1.3 街友脫遊率" in text
    assert kpi("EC1.1", 110).series == kpi("EC1.2", 109).series
    # What agrees is not told: the plan that moved.
    assert "強化社會安全網計畫" not in text


def test_targets_are_compared_with_those_of_the_card(tmp_path: Path):
    import_file(workbook("group-e-110"))
    held = kpi("EC1.1", 110)
    Target.objects.create(kpi=held, year=2021, value=65, printed="65%")

    targets = with_sheet(
        ("110年度E組目標值修正對照表",),
        ("關鍵績效指標 (KPI)", "110年目標值"),
        ("", "修訂前", "修訂後"),
        ("EC1.1 特定對象就業媒合率", "60%", "70%"),
    )
    proposal = import_file(altered("group-e-110", tmp_path, targets))
    assert told(proposal, "revision-differs") == [
        (
            "C4",
            "110 EC1.1: the table of revisions prints “70%”; by the cards it is “65%”.",
        )
    ]
    assert Target.objects.get(kpi=held, year=2021).value == 65


def test_a_table_alone_compares_and_makes_no_card(tmp_path: Path):
    def alone(book: openpyxl.Workbook) -> None:
        for name in ("平衡計分卡", "主要任務"):
            del book[name]

    path = altered("group-e-110", tmp_path, alone, to="revision.xlsx")
    before = rows_with_keys()
    proposal = import_file(path)
    assert not proposal.is_refused
    assert rows_with_keys() == before
    assert issues_of(proposal, "revision-without-card") == [(SHEET, None)]

    import_file(workbook("group-e-110"))
    Scorecard.objects.filter(year=2021).update(status=Scorecard.Status.CLOSED)
    before = rows_with_keys()
    proposal = import_file(path)
    assert not proposal.is_refused and not told(proposal, *DIFFERENT)
    assert rows_with_keys() == before


def test_the_page_shows_the_form_and_its_doubts(tmp_path: Path):
    batch = uploaded(workbook("group-e-110"))
    forms = {sheet["name"]: sheet["form"] for sheet in batch.proposal["sheets"]}
    assert forms[SHEET] == "revision"
