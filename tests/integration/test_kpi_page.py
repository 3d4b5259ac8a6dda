"""One KPI and one objective: figures, trend, arithmetic, years, plans, changes."""

import json
import re
from decimal import Decimal

import plotly.graph_objects as go
import pytest
from django.test import Client

from bsc.models import Scorecard, User
from kpi.models import Kpi
from reports.charts import TrendPoint, figure_json, trend
from reports.dashboards.kpis import find_kpis, kpi_board
from reports.dashboards.traces import trace_board
from tests.factories import (
    make_actual,
    make_budget_line,
    make_import,
    make_kpi,
    make_objective,
    make_plan_row,
    make_published_result,
    make_result,
    make_rules,
    make_scorecard,
    make_statement,
    make_target,
    make_unit,
    make_user,
    vera,
)

pytestmark = pytest.mark.django_db

TRACE = [
    ["direction", {"direction": "negative"}],
    [
        "target-by-actual",
        {"target": "3.57", "actual": "2.88", "sign": "≈", "achievement": "123.958333"},
    ],
    ["reached", {"actual": "2.88", "sign": "≤", "target": "3.57"}],
    ["counted", {"achievement": "124", "counted": "100"}],
    [
        "total",
        {
            "parts": "100×25% + 85×25% + 85×30% + 85×20%",
            "sign": "=",
            "raw": "88.75",
            "total": "88.8",
        },
    ],
    [
        "band",
        {
            "light": "good",
            "standing": "inferred",
            "basis": "total",
            "measured": "88.8",
            "lower": "80",
        },
    ],
]


@pytest.fixture
def card() -> Scorecard:
    return make_scorecard(make_unit("group-e", short_name="E組"), 2020)


@pytest.fixture
def auditor(card: Scorecard) -> User:
    return vera(card.unit)


@pytest.fixture
def reader(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


@pytest.fixture
def kpi(card: Scorecard) -> Kpi:
    kpi = make_kpi("EP5.1", scorecard=card, name="再列管率", measure="")
    make_target(kpi, "3.57", printed="3.57")
    make_actual(kpi, "2.88")
    make_statement(kpi, "2.88", value="2.88", sheet="執行成果", cell="C20")
    texts = {"target": "3.57", "actual": "2.88", "achievement": "124", "total": "88.8"}
    texts |= dict.fromkeys(("innovation", "challenge", "contribution"), "85")
    make_published_result(kpi, "good", "88.8", texts=texts, achievement=Decimal(124))
    make_result(
        kpi,
        "good",
        "88.8",
        achievement=Decimal("123.958333"),
        trace=TRACE,
        rules=make_rules(source="推定，非公告"),
    )
    return kpi


def board_of(kpi: Kpi, user: User):
    series = find_kpis(user, kpi.pk)
    return kpi_board(next(one for one in series if one.pk == kpi.pk), series)


def test_the_head_shows_the_figures_as_printed(kpi: Kpi, auditor: User):
    board = board_of(kpi, auditor)
    shown = [
        cell.whole + cell.fraction
        for cell in (board.target, board.actual, board.achievement, board.total)
    ]
    assert shown == ["3.57", "2.88", "124", "88.8"]
    assert (board.light.code, board.kind) == ("good", "chip")
    assert board.agrees


def test_a_total_is_taken_apart_into_its_weighted_parts(kpi: Kpi):
    trace = trace_board(kpi.results.get())
    assert [(part.points, part.weight, part.product) for part in trace.parts] == [
        ("100", "25%", "25.00"),
        ("85", "25%", "21.25"),
        ("85", "30%", "25.50"),
        ("85", "20%", "17.00"),
    ]
    assert (trace.raw, trace.total) == ("88.75", "88.8")
    assert "推定" in trace.rules_source


def test_published_and_reckoned_stand_side_by_side_where_they_differ(
    kpi: Kpi, auditor: User
):
    kpi.published_results.update(total=Decimal("87.0"), texts={"total": "87.0"})
    board = board_of(kpi, auditor)
    assert board.total.whole == "87"
    assert [(one.printed, one.computed) for one in board.differences] == [
        ("87.0", "88.8")
    ]


def test_years_are_joined_by_series_and_not_by_code(
    kpi: Kpi, card: Scorecard, auditor: User
):
    later = make_scorecard(card.unit, 2021)
    make_kpi("EP5.2", scorecard=later, series=kpi.series)
    make_kpi("EP5.1", scorecard=later, name="弱勢家庭關懷")
    board = board_of(kpi, auditor)
    assert [code for _year, code, _url, _current in board.codes] == ["EP5.1", "EP5.2"]


def test_each_year_names_the_card_sheet_and_cell_it_was_read_from(
    kpi: Kpi, card: Scorecard, auditor: User
):
    make_import(
        auditor,
        card.unit,
        file_name="group-e-109.xlsx",
        verdict={
            "sheets": [
                {
                    "name": "執行成果",
                    "form": "results",
                    "unit": "group-e",
                    "year": 109,
                    "plan": "bsc",
                }
            ]
        },
    )
    [row] = board_of(kpi, auditor).years
    assert "執行成果 C20" in row.source
    assert "group-e-109.xlsx" in row.brought and "Vera" in row.brought


def test_a_kpi_without_numbers_has_words_and_no_chart(
    reader: Client, card: Scorecard, auditor: User
):
    kpi = make_kpi("EP1.2", scorecard=card)
    make_target(kpi, None, text="高於6都平均值", printed="高於6都平均值")
    assert board_of(kpi, auditor).chart is None
    page = reader.get(kpi.get_absolute_url()).content.decode()
    assert "data-chart" not in page and "plotly" not in page


def test_the_chart_draws_no_year_that_nobody_published(card: Scorecard, auditor: User):
    kpi = make_kpi("AP1.1", scorecard=card)
    make_actual(kpi, "78.4", "2017")
    make_actual(kpi, None, "2018", absence="not-measured")
    make_actual(kpi, "42.92", "2019", month_from=7, month_until=12)
    make_actual(kpi, "99", "2020", state="submitted")
    make_target(kpi, "80")
    figure = json.loads(board_of(kpi, auditor).chart)
    target, actual = figure["data"]
    assert actual["y"] == ["78.4", None, "42.92", None]
    assert actual["marker"]["symbol"][2] == "circle-open"
    assert target["y"] == [None, None, None, "80"]
    assert "dash" in target["line"]


def test_the_page_keeps_the_content_security_policy(reader: Client, kpi: Kpi):
    page = reader.get(kpi.get_absolute_url()).content.decode()
    assert " style=" not in page
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not scripts
    assert 'id="plotly.js-style-global"' in page


def test_a_trace_that_the_bundle_lacks_is_refused():
    with pytest.raises(ValueError, match="heatmap"):
        figure_json(go.Figure(go.Heatmap(z=[["1"]])))


def test_a_figure_cannot_close_its_script():
    point = TrendPoint("</script>", Decimal(1), None)
    assert "<" not in trend([point], actual_name="a", target_name="t", measure="%")


def test_plans_stand_with_their_money(kpi: Kpi, auditor: User):
    row = make_plan_row(kpi, ("甲計畫", "乙計畫"))
    make_budget_line(row, "75000", printed="75,000")
    board = board_of(kpi, auditor)
    [plans] = board.plans
    assert [name for _code, name in plans.plans] == ["甲計畫", "乙計畫"]
    assert plans.budgets[0].text == "75,000" and plans.budgets[0].note
    assert len(board.plan_years) == 1


def test_a_change_says_from_what_to_what_and_who(
    reader: Client, kpi: Kpi, auditor: User
):
    target = kpi.targets.get()
    target.printed, target.value = "3.60", Decimal("3.6")
    target._history_user = auditor
    target._change_reason = "誤繕"
    target.save()
    page = reader.get(f"/kpis/{kpi.pk}/history/").content.decode()
    assert "3.57 → 3.60" in page
    assert "Vera" in page and "誤繕" in page


def test_changes_are_for_auditors_and_planners(client: Client, kpi: Kpi):
    staff = make_user("staff", role="staff", unit=kpi.scorecard.unit)
    client.force_login(staff)
    assert client.get(f"/kpis/{kpi.pk}/history/").status_code == 403
    assert "/history/" not in client.get(kpi.get_absolute_url()).content.decode()


def test_a_kpi_of_a_draft_elsewhere_is_not_found(reader: Client):
    other = make_kpi(scorecard=make_scorecard(make_unit("elsewhere"), status="draft"))
    assert reader.get(other.get_absolute_url()).status_code == 404
    objective = other.objective
    assert reader.get(objective.get_absolute_url()).status_code == 404


def test_an_objective_shows_its_kpis_its_arithmetic_and_its_plans(
    reader: Client, kpi: Kpi
):
    make_plan_row(kpi, ("防護網計畫",))
    page = reader.get(kpi.objective.get_absolute_url()).content.decode()
    assert kpi.name in page and "防護網計畫" in page
    assert "88.75 → 88.8" in page
    assert "light-good" in page


def test_an_objective_names_the_one_of_another_card_that_it_is(
    reader: Client, kpi: Kpi, card: Scorecard
):
    city = make_objective(make_scorecard(make_unit("taipei"), 2020), "EP5")
    kpi.objective.same_as = city
    kpi.objective.save()
    below = reader.get(kpi.objective.get_absolute_url()).content.decode()
    above = reader.get(city.get_absolute_url()).content.decode()
    assert f'href="{city.get_absolute_url()}"' in below
    assert f'href="{kpi.objective.get_absolute_url()}"' in above
    assert kpi.name in above
