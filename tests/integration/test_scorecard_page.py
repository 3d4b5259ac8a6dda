"""The scorecard as a table: what the card prints, its notes, and nothing else."""

import re

import pytest
from django.test import Client

from actions.models import BudgetLine
from bsc.models import Scorecard
from kpi.formula import open_divisor
from kpi.models import Kpi
from reports.dashboards.cells import printed_cell
from reports.dashboards.scorecards import scorecard_board
from tests.factories import (
    make_budget_line,
    make_kpi,
    make_objective,
    make_perspective,
    make_plan_row,
    make_scorecard,
    make_statement,
    make_success_factor,
    make_target,
    make_unit,
    vera,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Scorecard:
    return make_scorecard(
        make_unit("centre", name="家防中心"), 2022, title="平衡計分卡"
    )


@pytest.fixture
def reader(client: Client, card: Scorecard) -> Client:
    client.force_login(vera(card.unit))
    return client


def words_of(card: Scorecard) -> str:
    return " ".join(
        f"{d.words} {d.default}" for d in scorecard_board(card).notes.doubts
    )


def test_a_printed_figure_keeps_its_places():
    assert printed_cell("91.60").fraction == ".60"
    assert printed_cell("≥99.5").comparator == "≥"
    assert printed_cell("-29.4").whole == "−29"
    assert printed_cell("4,143").whole == "4,143"


def test_the_part_of_a_year_stands_beneath_the_figure():
    cell = printed_cell("88 (109年7-12月)", "109年7-12月")
    assert (cell.whole, cell.note) == ("88", "109年7-12月")


def test_words_stay_whole():
    assert printed_cell("公務 81%以上").text == "公務 81%以上"
    assert printed_cell("4,143 (身障3,107+ 老人1,036)").text.startswith("4,143 (")


def test_no_actual_is_said_in_words_and_zero_is_a_number(
    reader: Client, card: Scorecard
):
    kpi = make_kpi("CC1.1", scorecard=card)
    make_statement(kpi, "無實際值", "2020", absence="not-measured")
    make_statement(kpi, "0", "2021", value="0")
    make_target(kpi, "10", printed="10")
    [row] = scorecard_board(card).bands[0].rows
    (_y109, missing), (_y110, zero) = row.kpi.actuals
    assert missing.nothing and not missing.whole
    assert zero.whole == "0" and not zero.nothing


def test_money_none_zero_and_blank_are_three_things(card: Scorecard):
    kpi = make_kpi("AP2.1", scorecard=card)
    row = make_plan_row(kpi)
    make_budget_line(row, "0", year=2022, printed="0")
    make_budget_line(row, None, year=2023, printed="無")
    make_budget_line(row, None, year=2024, kind=BudgetLine.Kind.BLANK)
    [shown] = scorecard_board(card).bands[0].rows
    zero, none, blank = (money for _label, money in shown.budgets)
    assert zero.text == "0"
    assert none.nothing and blank.nothing and none.nothing != blank.nothing


def test_a_budget_that_plans_share_counts_once(card: Scorecard):
    row = make_plan_row(make_kpi("AC1.1", scorecard=card), ("甲", "乙", "丙"))
    make_budget_line(row, "803500", printed="803,500")
    board = scorecard_board(card)
    assert [amount for _year, amount in board.sums] == ["803,500"]
    assert board.shares_budgets
    [(_label, money)] = board.bands[0].rows[0].budgets
    assert "3" in money.note


def test_objective_and_factor_span_the_rows_of_their_kpis(card: Scorecard):
    objective = make_objective(card, "BC3")
    first = make_success_factor(objective, code="BC3.1")
    second = make_success_factor(objective, code="BC3.2", position=1)
    make_kpi("BC3.1", objective=objective, success_factor=first)
    make_kpi("BC3.2", objective=objective, success_factor=first, position=1)
    make_kpi("BC3.3", objective=objective, success_factor=second, position=2)
    rows = scorecard_board(card).bands[0].rows
    assert [row.objective_span for row in rows if row.objective] == [3]
    assert [row.factor.span for row in rows if row.factor] == [2, 1]


def test_a_card_of_three_columns_shows_three(reader: Client, card: Scorecard):
    make_plan_row(make_kpi("AC1.1", scorecard=card))
    assert scorecard_board(card).columns.count == 3
    page = reader.get(card.url_of("scorecard")).content.decode()
    assert len(re.findall(r"<th[^>]*scope=\"col\"", page)) == 3


def test_figures_of_the_own_year_alone_stand_on_the_results_page(card: Scorecard):
    kpi = make_kpi("EC1.1", scorecard=card)
    make_statement(kpi, "88.5", "2022", value="88.5")
    make_target(kpi)
    columns = scorecard_board(card).columns
    assert (columns.actuals, columns.targets) == ((), ())


def test_perspectives_come_in_their_order_with_their_counts(card: Scorecard):
    finance = make_perspective(card, "F", name="財務", position=4)
    customer = make_perspective(card, "C", table_label="顧客構面", position=1)
    make_kpi(objective=make_objective(card, "TF1", perspective=finance))
    make_kpi(objective=make_objective(card, "AC1", perspective=customer, position=9))
    bands = scorecard_board(card).bands
    assert [band.code for band in bands] == ["C", "F"]
    assert bands[0].title == "顧客構面"


def test_a_target_below_the_last_actual_is_noted_unless_lower_is_better(
    card: Scorecard,
):
    for code, direction in (("BC3.1", "unconfirmed"), ("AC1.1", "negative")):
        kpi = make_kpi(code, scorecard=card, direction=direction)
        make_statement(kpi, "73.12", "2021", value="73.12")
        make_target(kpi, "60", 2022, printed="60")
    words = words_of(card)
    assert "BC3.1" in words and "AC1.1" not in words


def test_a_code_of_another_kpi_and_a_code_used_twice_are_noted_at_the_plan(
    card: Scorecard,
):
    objective = make_objective(card, "BC1")
    make_objective(card, "AP2")
    for code, plan in (
        ("BC1.2", "BC1.1.2"),
        ("AP1.1", "AP2.1.1"),
        ("AP2.1", "AP2.1.1"),
    ):
        row = make_plan_row(make_kpi(code, objective=objective))
        row.links.update(code=plan)
    notes = scorecard_board(card).notes
    marked = {place[0] for doubt in notes.doubts for place in doubt.places}
    assert marked == {"plan"}
    assert len(notes.doubts) == 2
    assert sorted(len(doubt.places) for doubt in notes.doubts) == [1, 2]


def test_a_kpi_without_a_plan_is_noted_where_others_have_one(card: Scorecard):
    make_plan_row(make_kpi("BC3.1", scorecard=card))
    empty = make_plan_row(make_kpi("BC3.2", scorecard=card), ())
    make_budget_line(empty, None, printed="無")
    assert "BC3.2" in words_of(card) and "無" in words_of(card)


def test_a_misplaced_separator_is_read_and_kept(card: Scorecard):
    row = make_plan_row(make_kpi(scorecard=card))
    make_budget_line(row, "1900000", printed="1900,000")
    board = scorecard_board(card)
    assert "1,900,000" in words_of(card)
    [(_label, money)] = board.bands[0].rows[0].budgets
    assert money.text == "1900,000" and money.marks


@pytest.mark.parametrize(
    ("formula", "divisor"),
    [
        ("(收到人數 / 裁定人數-無法執行人數)", "裁定人數-無法執行人數"),
        ("A/B-C", "B-C"),
        ("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", None),
        ("A/(B-C)", None),
        ("今年度死亡率-去年度死亡率", None),
    ],
)
def test_only_a_minus_without_brackets_after_a_slash_is_doubtful(formula, divisor):
    bounds = open_divisor(formula)
    assert (formula[slice(*bounds)] if bounds else None) == divisor


def test_one_note_counts_the_kpis_without_a_direction(card: Scorecard):
    for _number in range(3):
        make_target(make_kpi(scorecard=card, direction=Kpi.Direction.UNCONFIRMED))
    [doubt] = scorecard_board(card).notes.doubts
    assert "3" in doubt.words and not doubt.places


def test_every_kpi_and_objective_leads_to_its_page(reader: Client, card: Scorecard):
    kpi = make_kpi("AC1.1", scorecard=card)
    page = reader.get(card.url_of("scorecard")).content.decode()
    assert f'href="{kpi.get_absolute_url()}"' in page
    assert f'href="{kpi.objective.get_absolute_url()}"' in page
    assert " style=" not in page


def test_a_card_without_kpis_says_so_and_leads_to_its_map(
    reader: Client, card: Scorecard
):
    make_objective(card, "AC1")
    page = reader.get(card.url_of("scorecard"))
    assert page.status_code == 200
    assert f'href="{card.get_absolute_url()}"' in page.content.decode()


def test_a_draft_of_another_city_is_not_found(reader: Client):
    other = make_scorecard(make_unit("elsewhere"), 2022, status="draft")
    assert reader.get(other.url_of("scorecard")).status_code == 404
