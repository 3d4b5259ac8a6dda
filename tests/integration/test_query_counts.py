"""Pages ask the database as often for many KPIs as for few, and not often."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bsc.models import Scorecard, Theme, Unit
from tests.factories import (
    make_kpi,
    make_objective,
    make_perspective,
    make_plan_row,
    make_published_result,
    make_result,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_statement,
    make_success_factor,
    make_target,
    make_theme,
    make_unit,
    make_user,
    vera,
)

pytestmark = pytest.mark.django_db

MOST = 15
FEW, MANY = 2, 20


def of_card(tab: str) -> Callable[[Scorecard], str]:
    return lambda card: card.url_of(tab)


def with_focus(card: Scorecard) -> str:
    return f"{card.url_of('map')}?objective={card.objectives.first().pk}"


# The address of a page, and how many queries it may take.
PAGES: list[tuple[str, Callable[[Scorecard], str], int]] = [
    ("map", of_card("map"), MOST),
    ("map with a drawer", with_focus, MOST),
    ("map of the city", lambda card: card.fills_theme.scorecard.url_of("map"), MOST),
    ("scorecard", of_card("scorecard"), MOST),
    ("results", of_card("results"), MOST),
    ("lights", of_card("lights"), MOST),
    ("KPI", lambda card: card.kpis.first().get_absolute_url(), MOST),
    ("objective", lambda card: card.objectives.first().get_absolute_url(), MOST),
]


def card_of(count: int, *, unit: Unit, theme: Theme, year: int) -> Scorecard:
    """Return a card of `count` objectives with as many KPIs, all with results."""
    rules = make_rules(year=year)
    card = make_scorecard(unit, year, fills_theme=theme)
    perspective = make_perspective(card)
    for number in range(count):
        of_city = make_objective(
            theme.scorecard,
            f"C{number}",
            theme=theme,
            perspective=theme.scorecard.perspectives.first(),
        )
        objective = make_objective(
            card, f"C{number}", perspective=perspective, same_as=of_city
        )
        make_success_factor(objective)
        kpi = make_kpi(f"C{number}.1", objective=objective)
        make_target(kpi)
        make_statement(kpi)
        make_self_rating(kpi)
        make_result(kpi, rules=rules)
        make_published_result(kpi)
        make_plan_row(kpi, (f"計畫 {number}",))
    return card


@pytest.mark.parametrize(
    ("address", "most"),
    [pytest.param(address, most, id=name) for name, address, most in PAGES],
)
def test_a_page_of_many_kpis_takes_the_queries_of_a_page_of_few(
    client: Client, address: Callable[[Scorecard], str], most: int
):
    city = make_unit("city")
    group = make_unit("group", parent=city, kind=Unit.Kind.GROUP)
    taken = []
    client.force_login(vera(city))
    for year, count in [(2020, FEW), (2021, MANY)]:
        above = make_scorecard(city, year)
        make_perspective(above)
        make_theme(above, "A", position=1)
        theme = make_theme(above, "E", position=2)
        card = card_of(count, unit=group, theme=theme, year=year)
        url = address(card)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1]
    assert taken[1] <= most, "\n".join(q["sql"] for q in captured.captured_queries)


def test_the_first_page_takes_the_queries_of_few_for_many(client: Client):
    city = make_unit("city")
    card = make_scorecard(city)
    taken = []
    for count in (FEW, MANY):
        for number in range(count):
            make_result(make_kpi(f"{count}.{number}", scorecard=card), "poor")
        client.force_login(make_user(role="manager", unit=city))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1] <= MOST
