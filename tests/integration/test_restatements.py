"""A figure that somebody corrected is not taken back by what a sheet prints."""

from pathlib import Path

import openpyxl
import pytest

from kpi.models import Actual
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    load_reference,
    workbook,
)

pytestmark = pytest.mark.django_db
RESULTS = "執行成果"


def test_words_that_somebody_corrected_stay_and_are_asked(tmp_path: Path):
    def reworded(book: openpyxl.Workbook) -> None:
        book[RESULTS]["C11"] = "低於6都平均值"

    load_reference()
    import_file(workbook("group-e-109"))
    held = Actual.objects.filter(series__kpis__code="EP1.2", period="2020")
    held.update(text="高於六都平均值（更正）")

    again = import_file(workbook("group-e-109"))
    assert issues_of(again, "restated") == []
    proposal = import_file(altered("group-e-109", tmp_path, reworded))
    assert issues_of(proposal, "restated") == [(RESULTS, "C11")]
    assert held.get().text == "高於六都平均值（更正）"


def test_a_figure_under_review_is_not_approved_by_being_printed():
    load_reference()
    import_file(workbook("group-e-109"))
    held = Actual.objects.filter(series__kpis__code="EC1.1", period="2020")
    held.update(state=Actual.State.SUBMITTED)

    import_file(workbook("group-e-109"))

    assert held.get().state == Actual.State.SUBMITTED
