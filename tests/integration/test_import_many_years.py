"""Cards of several years, and large ones: every step found once, with few queries."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from kpi.models import Kpi, KpiLineage
from sheets import services
from sheets.proposals import Options
from tests.integration.importing import import_file, issues_of, load_reference

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLE = "平衡計分卡"


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference()


def card_of(
    folder: Path, roc_year: int, count: int, left_out: frozenset[int] = frozenset()
) -> Path:
    """Return a card of group E with so many KPIs, every tenth of them renamed."""
    book = Workbook()
    sheet = book.active
    sheet.title = TABLE
    sheet.append([f"E組 強化社會支持 平衡計分卡 ({roc_year}年)"])
    heads = f"策略目標|關鍵成功因素|KPI|{roc_year}年目標值|KPI主責科室|行動計畫"
    sheet.append(heads.split("|"))
    sheet.append(["顧客構面"])
    for number in sorted({*range(count)} - left_out):
        objective, place = f"EC{number // 9 + 1}", number % 9 + 1
        code = f"{objective}.{place}"
        name = f"第{number}項{roc_year if number % 10 == 0 else ''}執行率"
        told = f"{objective} 目標{number // 9}|因素|{code} {name}|95"
        sheet.append([*told.split("|"), "社會局", f"{code}.1 計畫{number}"])
    path = folder / f"group-{roc_year}-{count}.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("order", [(101, 102, 103), (101, 103, 102), (103, 102, 101)])
def test_a_kpi_goes_on_across_a_year_that_lacks_it(
    order: tuple[int, ...], tmp_path: Path
):
    for year in order:
        left_out = frozenset({4} if year == 102 else ())
        import_file(card_of(tmp_path, year, 6, left_out), plan="three-years")
    of_plan = Kpi.objects.filter(scorecard__plan="three-years")
    assert of_plan.filter(code="EC1.5").count() == 2
    assert of_plan.filter(code="EC1.5").values("series").distinct().count() == 1
    assert of_plan.values("series").distinct().count() == 6
    steps_of_plan = KpiLineage.objects.filter(later__scorecard__plan="three-years")
    assert sorted(
        steps_of_plan.values_list(
            "earlier__scorecard__year", "later__scorecard__year", "later__code", "kind"
        )
    ) == sorted(
        [
            (2012, 2014, "EC1.5", "same"),
            *(
                (year, year + 1, f"EC1.{place}", "renamed" if place == 1 else "same")
                for year in (2012, 2013)
                for place in (1, 2, 3, 4, 6)
            ),
        ]
    )


def test_a_comparison_takes_as_many_queries_for_300_kpis_as_for_20(tmp_path: Path):
    spent = {}
    for count, year in ((20, 101), (300, 102)):
        import_file(card_of(tmp_path, year, count), plan=f"plan-{count}")
        path = card_of(tmp_path, year + 1, count)
        content = services.read(path, path.name)
        options = Options(file_name=path.name, plan=f"plan-{count}")
        with CaptureQueriesContext(connection) as queries:
            proposal = services.propose_content(content, options)
        assert len(issues_of(proposal, "same-kpi")) == count // 10
        assert proposal.changes()["kpis"]["created"] == count
        assert proposal.changes()["series"]["created"] == 0
        spent[count] = len(queries)
    assert spent[20] == spent[300]
