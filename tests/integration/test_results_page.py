"""The results as printed beside what the rules give, and the table of lights."""

import pytest
from django.test import Client

from bsc.models import Objective, Scorecard
from reports.dashboards.light_tables import light_table
from reports.dashboards.results import Choice, results_board
from tests.factories import (
    make_actual,
    make_kpi,
    make_objective,
    make_perspective,
    make_published_result,
    make_result,
    make_rules,
    make_scorecard,
    make_statement,
    make_target,
    make_unit,
    vera,
)

pytestmark = pytest.mark.django_db

TRACE = [
    ["direction", {"direction": "positive"}],
    ["counted", {"achievement": "110.6", "counted": "100"}],
]


@pytest.fixture
def card() -> Scorecard:
    return make_scorecard(make_unit("group-e"), 2020)


@pytest.fixture
def reader(client: Client, card: Scorecard) -> Client:
    client.force_login(vera(card.unit))
    return client


@pytest.fixture
def customer(card: Scorecard) -> Objective:
    perspective = make_perspective(card, "C", name="顧客", position=1)
    return make_objective(card, "EC1", perspective=perspective)


@pytest.fixture
def process(card: Scorecard) -> Objective:
    perspective = make_perspective(card, "P", name="內部流程", position=2)
    return make_objective(card, "EP1", perspective=perspective)


def rows_of(card: Scorecard, **chosen: str):
    return [
        row
        for band in results_board(card, Choice.of(chosen)).bands
        for row in band.rows
    ]


def test_a_result_that_is_reckoned_alike_says_so(card: Scorecard, customer: Objective):
    kpi = make_kpi("EC1.1", objective=customer)
    make_published_result(kpi)
    make_result(kpi, trace=TRACE)
    [row] = rows_of(card)
    assert row.check and not row.differences
    assert row.kind == "chip"
    assert row.trace


def test_every_difference_is_listed_with_both_values(
    card: Scorecard, customer: Objective
):
    kpi = make_kpi("EC1.1", objective=customer)
    make_published_result(kpi, "fair", "79.7")
    make_result(kpi, "good", "87.5")
    [row] = rows_of(card)
    found = [(one.printed, one.computed) for one in row.differences]
    assert ("79.7", "87.5") in found
    assert len(found) == 2
    assert results_board(card, Choice()).differing == 1


def test_the_printed_result_is_the_official_one(card: Scorecard, customer: Objective):
    kpi = make_kpi("EC1.1", objective=customer)
    make_published_result(kpi, "fair", "79.7")
    make_result(kpi, "good", "87.5")
    [row] = rows_of(card)
    assert row.light.code == "fair"
    assert (row.total.whole, row.total.fraction) == ("79", ".7")


def test_an_exempt_kpi_shows_its_reason_over_the_cells_of_its_rating(
    reader: Client, card: Scorecard, process: Objective
):
    reason = "本項KPI屬資料統計，免予評核。"
    kpi = make_kpi("EP1.2", objective=process, is_exempt=True, exemption_reason=reason)
    make_published_result(kpi, "unknown", None, exemption_text=reason)
    page = reader.get(card.url_of("results")).content.decode()
    assert reason in page
    assert 'colspan="5"' in page


def test_not_reached_and_a_good_light_are_two_facts(
    card: Scorecard, process: Objective
):
    kpi = make_kpi("EP3.1", objective=process)
    make_published_result(kpi, "good", "88.8", achievement="99.3")
    make_result(kpi, "good", "88.8", is_reached=False)
    [row] = rows_of(card)
    assert row.light.code == "good" and row.is_reached is False


def test_a_card_without_results_says_so_and_shows_its_last_actuals(
    reader: Client, card: Scorecard, customer: Objective
):
    kpi = make_kpi("AC3.1", objective=customer)
    make_statement(kpi, "46.15", "2019", value="46.15")
    make_target(kpi, "46.5", printed="46.5")
    board = results_board(card, Choice())
    assert board.sentence and not board.has_results
    assert board.bands[0].rows[0].last.fraction == ".15"
    assert reader.get(card.url_of("results")).status_code == 200


def test_only_approved_figures_are_shown(card: Scorecard, customer: Objective):
    kpi = make_kpi("EC1.1", objective=customer)
    make_actual(kpi, "90", state="submitted")
    [row] = rows_of(card)
    assert row.actual.nothing


def test_the_rules_are_named_with_their_standing(card: Scorecard, customer: Objective):
    kpi = make_kpi("EC1.1", objective=customer)
    make_result(kpi, rules=make_rules(source="推定，依公布之18項"))
    board = results_board(card, Choice())
    assert board.rules and board.rules_source


@pytest.fixture
def lights(card: Scorecard, customer: Objective, process: Objective) -> Scorecard:
    for number, (light, reached) in enumerate(
        (("excellent", True), ("good", True), ("good", False)), 1
    ):
        kpi = make_kpi(f"EC1.{number}", objective=customer, position=number)
        make_published_result(kpi, light)
        make_result(kpi, light, is_reached=reached)
    exempt = make_kpi(
        "EP1.2",
        objective=process,
        is_exempt=True,
        exemption_reason="免評核",
        position=9,
    )
    make_published_result(exempt, "unknown", None)
    make_result(exempt, "unknown", None)
    return card


def counts_of(card: Scorecard) -> list[list[str]]:
    return [
        [
            row.kpis.count,
            *(cell.count for _name, cell in row.reached),
            *(cell.count for _name, cell in row.lights),
        ]
        for row in light_table(card).rows
    ]


def test_the_table_of_lights_counts_reached_and_lights_apart(lights: Scorecard):
    assert counts_of(lights) == [
        ["3", "2", "1", "0", "1", "2", "0", "0", "0"],
        ["1", "1", "0", "0", "0", "0", "0", "0", "1"],
        ["4", "3", "1", "0", "1", "2", "0", "0", "1"],
    ]


def test_no_statistics_is_neither_reached_nor_missed(
    card: Scorecard, customer: Objective
):
    kpi = make_kpi("EC1.1", objective=customer)
    make_actual(kpi, None, absence="no-statistics")
    make_result(kpi, "unknown", None, achievement=None, is_reached=None)
    assert counts_of(card)[-1][1:4] == ["0", "0", "1"]


def test_the_note_of_an_exempt_kpi_comes_from_its_exemption(lights: Scorecard):
    _customer, process, _sum = light_table(lights).rows
    [_unknown] = [cell for _name, cell in process.lights if cell.note]
    assert all(not cell.note for _name, cell in light_table(lights).rows[0].lights)


def test_every_count_leads_to_just_the_kpis_it_counts(
    reader: Client, lights: Scorecard
):
    for row in light_table(lights).rows:
        for cell in (
            row.kpis,
            *(cell for _name, cell in row.reached),
            *(cell for _name, cell in row.lights),
        ):
            if cell.count == "0":
                assert not cell.url
                continue
            page = reader.get(cell.url).content.decode()
            assert page.count('<th class="k"') == int(cell.count), cell.url


def test_a_choice_that_is_none_shows_everything(lights: Scorecard):
    assert len(rows_of(lights, light="purple", reached="perhaps")) == 4
    assert [row.kpi.code for row in rows_of(lights, light="excellent")] == ["EC1.1"]


def test_the_counts_of_objectives_and_kpis_stand_above_the_table(lights: Scorecard):
    (objectives, by_place), (kpis, kpis_by_place) = light_table(lights).lines
    assert "2" in objectives and "4" in kpis
    assert "顧客" in by_place and "內部流程" in kpis_by_place


def test_a_card_without_results_has_no_table_but_words(
    reader: Client, card: Scorecard, customer: Objective
):
    make_kpi("EC1.1", objective=customer)
    page = reader.get(card.url_of("lights")).content.decode()
    assert "<table" not in page
