"""Maps, scorecards and results ask the database as often for 500 KPIs as for 20."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bsc.models import Unit
from tests.factories import (
    make_perspective,
    make_scorecard,
    make_theme,
    make_unit,
    vera,
)
from tests.integration.test_query_counts import card_of

FEW, MANY, MOST = 20, 500, 15


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_kpis(client: Client):
    city = make_unit("city")
    group = make_unit("group", parent=city, kind=Unit.Kind.GROUP)
    client.force_login(vera(city))
    taken: dict[str, list[int]] = {"map": [], "scorecard": [], "results": []}
    for year, count in [(2020, FEW), (2021, MANY)]:
        above = make_scorecard(city, year)
        make_perspective(above)
        theme = make_theme(above, "E", position=1)
        card = card_of(count, unit=group, theme=theme, year=year)
        for tab, numbers in taken.items():
            client.get(card.url_of(tab))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(card.url_of(tab)).status_code == 200
            numbers.append(len(captured))

    print(f"\nqueries for {FEW} and {MANY} KPIs: {taken} (at most {MOST})")
    for few, many in taken.values():
        assert few == many <= MOST
