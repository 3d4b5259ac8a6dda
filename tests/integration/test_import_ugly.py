"""A badly typed workbook brought in: the same numbers as the published one."""

from pathlib import Path

import pytest

from bsc.models import Scorecard
from kpi.models import Actual, Kpi, Target
from tests.integration.importing import import_file, load_reference
from tests.unit.test_ugly_workbooks import BAD
from tests.unit.ugly import CENTRE

pytestmark = pytest.mark.django_db


def stored(unit: str) -> dict[str, list]:
    """Return what the database holds of a unit's card, without what tells rows apart."""
    card = Scorecard.objects.get(unit__code=unit)
    kpis = Kpi.objects.filter(scorecard=card).order_by("code")
    return {
        "kpis": [
            (kpi.code, kpi.measure, kpi.direction, kpi.objective.code) for kpi in kpis
        ],
        "targets": [
            *Target.objects.filter(kpi__in=kpis)
            .order_by("kpi__code", "year")
            .values_list("kpi__code", "year", "value", "comparator")
        ],
        "actuals": [
            *Actual.objects.filter(series__kpis__in=kpis)
            .order_by("series__kpis__code", "period")
            .values_list("series__kpis__code", "period", "value", "absence")
        ],
    }


def test_all_that_is_bad_at_once_is_brought_in_like_the_published_workbook(
    tmp_path: Path,
):
    load_reference()
    ugly = tmp_path / "ugly.xlsx"
    ugly.write_bytes(BAD["all at once"].content())
    proposal = import_file(ugly)
    assert not proposal.is_refused
    found = stored("dvpc")
    assert Scorecard.objects.count() == 2
    assert len(found["kpis"]) == 20

    again = import_file(CENTRE)
    assert not again.is_refused
    counts = again.changes()
    for noun in ("kpis", "targets", "actuals", "series"):
        assert (counts[noun]["created"], counts[noun]["left"]) == (0, 0), noun
    assert stored("dvpc")["targets"] == found["targets"]
    assert stored("dvpc")["actuals"] == found["actuals"]
