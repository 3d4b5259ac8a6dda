"""A KPI that prints no direction is asked with the one it had a year before."""

from pathlib import Path

import pytest
from django.utils import translation

from kpi.models import Kpi
from sheets.messages import message
from sheets.proposals import Proposal
from sheets.proposals.issues import Issue
from tests.integration.importing import (
    ROOT,
    import_file,
    load_reference,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SOURCES = ROOT / "tests" / "truth" / "sources"


@pytest.fixture
def first_year() -> None:
    load_reference()
    import_file(workbook("group-e-109"))


def kpi(code: str, year: int) -> Kpi:
    return Kpi.objects.get(
        scorecard__unit__code="group-e", scorecard__year=year + 1911, code=code
    )


def asked(proposal: Proposal, code: str = "EP5.2") -> list[Issue]:
    return [
        issue
        for issue in proposal.issues
        if issue.code == "direction-doubtful" and issue.params["code"] == code
    ]


def test_a_direction_of_a_printed_achievement_is_offered_and_not_taken(first_year):
    assert kpi("EP5.1", 109).direction == "negative"
    (issue,) = asked(import_file(workbook("group-e-110")))
    assert kpi("EP5.2", 110).series == kpi("EP5.1", 109).series
    assert issue.choices == ("unconfirmed", "negative", "positive")
    assert (issue.default, issue.params["evidence"]) == ("unconfirmed", "109 EP5.1")
    assert kpi("EP5.2", 110).direction == "unconfirmed"
    with translation.override("en"):
        told = message(issue.code, issue.params)
    assert "109 EP5.1, the same KPI a year before, is: lower is better." in told


def test_the_offered_direction_that_is_answered_is_confirmed_and_asked_no_more(
    first_year,
):
    (issue,) = asked(import_file(workbook("group-e-110")))
    import_file(workbook("group-e-110"), answers={issue.key: "negative"})
    now = kpi("EP5.2", 110)
    assert (now.direction, now.direction_basis) == ("negative", "confirmed")
    assert asked(import_file(workbook("group-e-110"))) == []
    assert kpi("EP5.2", 110).direction == "negative"


@pytest.mark.parametrize("basis", ["confirmed", "printed"])
@pytest.mark.parametrize("direction", ["negative", "positive"])
def test_a_direction_that_is_sure_is_the_default_a_year_later(
    first_year, direction: str, basis: str
):
    Kpi.objects.filter(pk=kpi("EP5.1", 109).pk).update(
        direction=direction, direction_basis=basis
    )
    (issue,) = asked(import_file(workbook("group-e-110")))
    assert (issue.default, issue.choices[0]) == (direction, direction)
    assert sorted(issue.choices) == ["negative", "positive", "unconfirmed"]
    # Taken, and confirmed by nobody.
    now = kpi("EP5.2", 110)
    assert (now.direction, now.direction_basis) == (direction, "")


def test_a_default_that_is_refused_leaves_the_direction_open(first_year):
    Kpi.objects.filter(pk=kpi("EP5.1", 109).pk).update(direction_basis="confirmed")
    (issue,) = asked(import_file(workbook("group-e-110")))
    import_file(workbook("group-e-110"), answers={issue.key: "unconfirmed"})
    assert kpi("EP5.2", 110).direction == "unconfirmed"


def test_a_text_of_both_years_asks_the_same():
    load_reference()
    text: Path = next(SOURCES.glob("003_*.txt"))
    proposal = import_file(text)
    (issue,) = asked(proposal)
    assert (issue.default, issue.params["evidence"]) == ("unconfirmed", "109 EP5.1")
    assert kpi("EP5.2", 110).direction == "unconfirmed"


def test_a_kpi_of_another_series_is_not_asked(first_year):
    proposal = import_file(workbook("group-e-110"))
    # EP5.1 of 110 is another KPI than EP5.1 of 109.
    assert asked(proposal, "EP5.1") == []
