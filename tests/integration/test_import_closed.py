"""A closed year takes errata only, whatever a later year's sheet prints or joins."""

from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import Workbook

from bsc.models import Scorecard
from kpi.models import Actual, Kpi, KpiLineage, Series, Statement
from sheets import services
from sheets.forms.readings import Severity
from sheets.messages import message
from sheets.proposals import Options
from tests.integration.batches import applied
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    load_reference,
    workbook,
)
from tests.integration.test_import_restated_year import TABLE, next_year

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MEASURED_IN_111 = "G6"  # AC3.1
PRINTED = "61.50"


def printing_111(book: Workbook) -> None:
    next_year(book)
    book[TABLE][MEASURED_IN_111] = 61.5


@pytest.fixture
def later(tmp_path: Path) -> Path:
    return altered("center-111", tmp_path, printing_111, to="center-112.xlsx")


@pytest.fixture
def closed() -> Scorecard:
    """The card of 111 with a figure in force for its year, and sealed."""
    load_reference()
    import_file(workbook("center-111"))
    Actual.objects.create(
        series=kpi("AC3.1", 111).series,
        period="2022",
        value=60,
        state=Actual.State.APPROVED,
    )
    return close()


def close(**more) -> Scorecard:
    cards = Scorecard.objects.filter(**more)
    cards.update(status=Scorecard.Status.CLOSED)
    return cards.get()


def kpi(code: str, roc_year: int) -> Kpi:
    return Kpi.objects.get(
        scorecard__unit__code="dvpc", scorecard__year=roc_year + 1911, code=code
    )


def series_of(card: Scorecard) -> dict[str, int]:
    return dict(card.kpis.values_list("code", "series"))


def figures_of(card: Scorecard) -> list[tuple]:
    """Return the figures in force of a card's year."""
    found = Actual.objects.filter(
        series__kpis__scorecard=card, period__startswith=card.year
    )
    return sorted(found.values_list("pk", "series", "value", "text", "version"))


def test_a_later_sheet_does_not_change_the_figure_of_a_closed_year(closed, later: Path):
    before = figures_of(closed), series_of(closed)
    for _ in range(2):
        proposal = import_file(later)
        (issue,) = [one for one in proposal.issues if one.code == "restated-closed"]
        assert (issue.sheet, issue.cell) == (TABLE, MEASURED_IN_111)
        assert (issue.severity, issue.choices) == (Severity.WARN, ())
        with translation.override("en"):
            assert message(issue.code, issue.params) == (
                f"AC3.1, 111: the sheet prints {PRINTED}, the figure in force is 60."
                " The card of that year is closed: it stays, and only an erratum"
                " corrects it."
            )
        assert (figures_of(closed), series_of(closed)) == before
        statement = Statement.objects.get(
            scorecard__year=2023, series=kpi("AC3.1", 111).series, period="2022"
        )
        assert statement.text == PRINTED


def test_a_year_that_no_card_closed_is_asked_as_ever(closed, later: Path):
    proposal = import_file(later)
    (issue,) = [one for one in proposal.issues if one.code == "restated"]
    assert (issue.cell, issue.params["year"]) == ("F6", "110")


def test_a_closed_year_without_a_figure_gets_none_from_a_later_sheet(
    closed, later: Path
):
    Actual.objects.filter(period="2022").delete()
    proposal = import_file(later)
    (issue,) = [one for one in proposal.issues if one.code == "restated-closed"]
    assert issue.cell == MEASURED_IN_111
    with translation.override("en"):
        assert "no figure is in force" in message(issue.code, issue.params)
    assert not Actual.objects.filter(
        series__kpis__scorecard=closed, period="2022"
    ).exists()
    # The card of 112 prints them, and a KPI that is new in 112 has its figure.
    assert Statement.objects.filter(scorecard__year=2023, period="2022").exists()
    assert kpi("CC1.1", 112).series.actuals.filter(period="2022").exists()


def test_a_figure_that_agrees_is_no_difference(closed, later: Path):
    Actual.objects.filter(period="2022").update(value="61.5", version=7)
    proposal = import_file(later)
    assert (TABLE, MEASURED_IN_111) not in issues_of(proposal, "restated-closed")
    assert Actual.objects.get(value="61.5", period="2022").version == 7


def test_joining_leads_the_new_card_to_the_series_of_the_closed_one(later: Path):
    """Both years stand apart, as before there was a lineage; then they are joined."""
    load_reference()
    import_file(later)
    own = dict(Kpi.objects.values_list("code", "series"))
    apart(2023, workbook("center-111"))
    closed = close(year=2022)
    before = series_of(closed)
    assert not {*own.values()} & {*before.values()}

    batch = applied(later)
    assert series_of(closed) == before
    assert kpi("AC3.1", 112).series == kpi("AC3.1", 111).series
    assert not Actual.objects.filter(
        series__kpis__scorecard=closed, period="2022"
    ).exists()

    services.undo_batch(batch, None)
    assert series_of(closed) == before
    assert kpi("AC3.1", 112).series_id == own["AC3.1"]


def test_two_closed_cards_that_stand_apart_are_not_joined(tmp_path: Path, later: Path):
    def of_113(book: Workbook) -> None:
        next_year(book)
        sheet = book[TABLE]
        sheet["A1"] = sheet["A1"].value.replace("112", "113")
        for cell in sheet[2]:
            for year in (114, 113, 112, 111, 110, 109):
                text = str(cell.value or "")
                cell.value = text.replace(f"{year}年", f"{year + 1}年") or None

    load_reference()
    import_file(altered("center-111", tmp_path, of_113, to="center-113.xlsx"))
    apart(2024, workbook("center-111"))
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)
    before = dict(Kpi.objects.values_list("pk", "series"))
    closed = [*Scorecard.objects.all()]
    figures = [figures_of(card) for card in closed]

    proposal = import_file(later)
    assert not proposal.is_refused
    told = [one for one in proposal.issues if one.code == "series-closed"]
    assert told and {(one.severity, one.choices) for one in told} == {
        (Severity.WARN, ())
    }
    kept = dict(Kpi.objects.exclude(scorecard__year=2023).values_list("pk", "series"))
    assert kept == before
    # The new card goes on from the one before it, and no step leads on to the next.
    ours = kpi("AC3.1", 112)
    assert ours.series == kpi("AC3.1", 111).series
    assert not KpiLineage.objects.filter(earlier=ours).exists()
    assert [figures_of(card) for card in closed] == figures


def apart(year: int, path: Path) -> None:
    """Bring a file in as if the card of `year` were of no plan it goes on from."""
    Scorecard.objects.filter(year=year).update(plan="aside")
    import_file(path)
    Scorecard.objects.filter(year=year).update(plan="bsc")


def test_a_kpi_that_is_parted_from_a_closed_one_gets_the_new_series(
    closed, later: Path
):
    import_file(later)
    before, figures = series_of(closed), figures_of(closed)
    joined = kpi("BC3.2", 112)
    assert joined.series == kpi("BC3.2", 111).series
    asked = services.read_and_propose(later, Options(file_name=later.name))
    key = next(
        one.key
        for one in asked.issues
        if one.code == "same-kpi" and one.params["code"] == "BC3.2"
    )
    import_file(later, answers={key: "replaced"})
    assert series_of(closed) == before
    assert figures_of(closed) == figures
    joined.refresh_from_db()
    assert joined.series_id != before["BC3.2"]
    assert Series.objects.filter(kpis=None).count() == 0
    assert KpiLineage.objects.get(later=joined).kind == "replaced"


def test_undoing_a_later_year_leaves_the_series_of_a_card_closed_since(later: Path):
    load_reference()
    import_file(later)
    apart(2023, workbook("center-111"))
    batch = applied(later)
    # Open, either card may be led to the other's series.
    closed = close(year=2022)
    before, figures = series_of(closed), figures_of(closed)
    told = services.foresee_undo(batch, None)
    assert services.undo_batch(batch, None) == told
    assert (series_of(closed), figures_of(closed)) == (before, figures)
