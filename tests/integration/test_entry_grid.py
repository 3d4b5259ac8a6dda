"""Many KPIs as a grid: the same services, and a table of boxes without scripts."""

import re

import pytest
from django.test import Client

from bsc.models import Unit
from kpi.models import Entry
from tests.factories import make_kpi, make_scorecard, make_target, make_unit, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/units/care/111/entry/grid/"


@pytest.fixture
def kpis() -> list:
    centre = make_unit("centre", parent=make_unit("city"))
    unit = make_unit("care", parent=centre, kind=Unit.Kind.SECTION)
    card = make_scorecard(centre, 2022, status="in-force")
    found = [
        make_kpi("A1.1", scorecard=card, owners=(unit,), measure="件"),
        make_kpi(
            "A1.2",
            scorecard=card,
            owners=(unit,),
            formula_text="(結案人數/安置人數)*100%",
        ),
    ]
    for kpi in found:
        make_target(kpi, "50")
    return found


@pytest.fixture
def staff(kpis) -> Client:
    client = Client()
    unit = Unit.objects.get(code="care")
    client.force_login(make_user("lin", role="staff", unit=unit))
    return client


def test_the_grid_has_a_row_a_kpi_and_a_cell_a_box(staff, kpis):
    text = staff.get(ADDRESS).content.decode()

    assert re.findall(r'data-box="([a-z:0-9]+)" data-cell', text) == [
        "value",
        "input:0",
        "input:1",
    ]
    assert 'role="grid"' in text
    # Every box has words of its own, and a place for its errors.
    for box in re.findall(r'<input class="in" id="([^"]+)"', text):
        assert f'<label for="{box}">' in text
        assert f'id="{box}-error"' in text


def test_the_grid_is_kept_without_scripts_by_the_same_services(staff, kpis):
    first, second = kpis

    answer = staff.post(
        ADDRESS,
        {
            f"k{first.pk}-version": "",
            f"k{first.pk}-value": "1,234",
            f"k{second.pk}-version": "",
            f"k{second.pk}-input:0": "3",
            f"k{second.pk}-input:1": "0",
        },
    )

    assert answer.headers["Location"] == ADDRESS
    assert Entry.objects.get(kpi=first).value == 1234
    text = staff.get(ADDRESS).content.decode()
    # What cannot be is said at its cell, and stands there as it was typed.
    wrong = re.search(r'id="k\d+-input-1"[^>]*>', text)[0]
    assert 'value="0"' in wrong
    assert Entry.objects.get(kpi=second).value is None


def test_a_stale_row_stays_in_the_grid_with_both_sides(staff, kpis):
    first = kpis[0]
    sent = {f"k{first.pk}-version": "", f"k{first.pk}-value": "1"}
    staff.post(ADDRESS, sent)

    answer = staff.post(ADDRESS, {**sent, f"k{first.pk}-value": "2"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'data-differs="value" data-theirs="1"' in text
    assert 'value="2"' in text
    assert Entry.objects.get(kpi=first).typed["value"] == "1"
