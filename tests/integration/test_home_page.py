"""The first page, by role, and the frame around every page."""

import pytest
from django.test import Client

from bsc.models import Membership, Unit
from tests.factories import (
    make_import,
    make_kpi,
    make_published_result,
    make_result,
    make_scorecard,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.fixture
def city() -> Unit:
    return make_unit("city", name="臺北市政府")


def home(client: Client, role: str, unit: Unit, **fields) -> str:
    client.force_login(make_user(role=role, unit=unit, **fields))
    client.cookies["django_language"] = "en"
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_finds_the_citys_map_and_every_units_years(
    client: Client, city: Unit
):
    make_scorecard(city, 2020, vision="成為宜居永續城市")
    make_scorecard(city, 2021, vision="成為宜居永續城市")
    bureau = make_unit("bureau", parent=city, name="社會局")
    make_scorecard(bureau, 2018)

    shown = home(client, Role.AUDITOR, city)

    assert "成為宜居永續城市" in shown
    assert '<a class="btn" href="/units/city/110/">110</a>' in shown
    assert '<li class="depth-2"><span class="n">社會局</span>' in shown
    assert '<a href="/units/bureau/107/">107</a>' in shown


def test_an_empty_portal_says_that_nothing_was_imported(client: Client, city: Unit):
    assert "No scorecard has been imported yet." in home(client, Role.AUDITOR, city)


def test_a_planner_finds_the_import_and_the_last_imports(client: Client, city: Unit):
    make_import(unit=city, file_name="city-109.xlsx")

    shown = home(client, Role.PLANNER, city)

    assert 'href="/imports/new/"' in shown
    assert "city-109.xlsx" in shown


def test_who_may_not_import_is_not_offered_it(client: Client, city: Unit):
    assert "/imports/" not in home(client, Role.MANAGER, city)


def test_a_manager_finds_what_is_poor_fair_or_not_reached_worst_first(
    client: Client, city: Unit
):
    card = make_scorecard(city)
    for code, light, reached in [
        ("K1", "good", True),
        ("K2", "good", False),
        ("K3", "fair", True),
        ("K4", "poor", False),
    ]:
        kpi = make_kpi(code, scorecard=card)
        make_result(kpi, light, is_reached=reached)
        make_published_result(kpi, light)

    shown = home(client, Role.MANAGER, city)

    found = [code for code in ("K4", "K3", "K2", "K1") if f">{code}<" in shown]
    assert found == ["K4", "K3", "K2"]
    assert shown.index(">K4<") < shown.index(">K3<") < shown.index(">K2<")


def test_a_manager_of_another_unit_finds_nothing_to_attend_to(
    client: Client, city: Unit
):
    make_result(make_kpi("K4", scorecard=make_scorecard(city)), "poor")

    shown = home(client, Role.MANAGER, make_unit("bureau", parent=city))

    assert ">K4<" not in shown
    assert "No KPI of your units is poor" in shown


def test_staff_find_the_kpis_their_unit_answers_for_wherever_they_hang(
    client: Client, city: Unit
):
    section = make_unit("section", parent=city)
    card = make_scorecard(city)
    make_kpi("OURS", scorecard=card, owners=(section,))
    make_kpi("THEIRS", scorecard=card)

    shown = home(client, Role.STAFF, section)

    assert ">OURS<" in shown
    assert ">THEIRS<" not in shown
    assert "not yet reported" in shown


def test_staff_find_only_the_newest_card(client: Client, city: Unit):
    make_kpi("OLD", scorecard=make_scorecard(city, 2020))
    make_kpi("NEW", scorecard=make_scorecard(city, 2021))

    shown = home(client, Role.STAFF, city)

    assert ">NEW<" in shown
    assert ">OLD<" not in shown


def test_the_frame_names_the_language_the_anchors_and_the_landmarks(
    client: Client, city: Unit
):
    client.force_login(make_user(role=Role.STAFF, unit=city))

    shown = client.get("/").content.decode()

    assert '<html lang="zh-Hant-TW">' in shown
    for key in "UZ":
        assert f'accesskey="{key}"' in shown
    assert 'href="#main"' in shown
    assert "<main" in shown
    assert "<footer" in shown


def test_the_language_of_the_page_follows_the_switch(client: Client, city: Unit):
    client.force_login(make_user(role=Role.STAFF, unit=city))

    client.post("/language/", {"language": "en", "next": "/"})

    assert '<html lang="en">' in client.get("/").content.decode()


def test_the_theme_is_remembered_and_drawn_from_the_start(client: Client, city: Unit):
    client.force_login(make_user(role=Role.STAFF, unit=city))

    answer = client.post("/theme/", {"theme": "dark", "next": "/jobs/"})

    assert answer["Location"] == "/jobs/"
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_an_unknown_theme_is_not_remembered(client: Client):
    answer = client.post("/theme/", {"theme": '"><script>', "next": "/"})

    assert "theme" not in answer.cookies


def test_a_theme_cookie_from_elsewhere_does_not_reach_the_page(
    client: Client, city: Unit
):
    client.force_login(make_user(role=Role.STAFF, unit=city))
    client.cookies["theme"] = "sepia"

    assert "data-theme=" not in client.get("/").content.decode()


def test_the_theme_switch_leads_to_no_other_site(client: Client):
    answer = client.post(
        "/theme/", {"theme": "dark", "next": "https://elsewhere.example/"}
    )

    assert answer["Location"] == "/"


def test_the_menu_offers_the_administration_to_those_who_may(
    client: Client, city: Unit
):
    assert 'href="/admin/"' not in home(client, Role.MANAGER, city)
    assert 'href="/admin/"' in home(client, Role.ADMIN, city)
