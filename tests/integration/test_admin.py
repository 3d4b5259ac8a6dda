"""The admin: who may what in it, what is read-only, and nothing inline."""

import re
from html.parser import HTMLParser

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from bsc.models import ApiToken, Job, Membership, Unit, User
from kpi.models import PublishedResult, Result, Statement
from sheets.models import ImportBatch
from tests.factories import (
    ines,
    make_budget_line,
    make_import,
    make_job,
    make_kpi,
    make_plan_row,
    make_published_result,
    make_result,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_statement,
    make_target,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Unit:
    return make_unit("city")


@pytest.fixture
def bureau(city: Unit) -> Unit:
    return make_unit("bureau", parent=city)


@pytest.fixture
def keeper(city: Unit) -> User:
    """Return an administrator of the whole city."""
    return make_user("keeper", role="admin", unit=city)


def test_every_model_of_ours_is_registered():
    ours = {"bsc", "kpi", "actions", "sheets"}
    registered = set(admin.site._registry)
    missing = [
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in ours
        and model not in registered
        and not model.__name__.startswith("Historical")
    ]

    assert missing == []


def test_an_administrator_keeps_accounts_and_sees_no_figures(
    client: Client, keeper: User
):
    client.force_login(keeper)

    page = client.get("/admin/").content.decode()

    for name in ("unit", "user", "membership", "unitname"):
        assert f"/admin/bsc/{name}/" in page
    for figures in ("kpi/target", "kpi/actual", "kpi/result", "actions/budgetline"):
        assert f"/admin/{figures}/" not in page
        assert client.get(f"/admin/{figures}/").status_code == 403


def test_an_administrator_makes_an_account_with_a_role(
    client: Client, keeper: User, bureau: Unit
):
    client.force_login(keeper)
    form = {
        "username": "vera",
        "display_name": "Vera",
        "password1": "a long password 7",
        "password2": "a long password 7",
        "usable_password": "true",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-unit": bureau.pk,
        "memberships-0-role": "auditor",
    }

    response = client.post("/admin/bsc/user/add/", form)

    assert response.status_code == 302
    vera = User.objects.get(username="vera")
    assert vera.memberships.get().role == "auditor"
    assert not vera.is_superuser


def test_an_administrator_gives_no_role_outside_their_units(client: Client):
    elsewhere = make_unit("elsewhere")
    own = make_unit("own")
    client.force_login(make_user(role="admin", unit=own))
    user = make_user()
    form = {"user": user.pk, "unit": elsewhere.pk, "role": "planner"}

    response = client.post("/admin/bsc/membership/add/", form)

    assert response.status_code == 200
    assert not user.memberships.exists()


def test_nobody_makes_themselves_a_superuser(client: Client, keeper: User):
    client.force_login(keeper)
    form = {"username": "keeper", "is_superuser": "on", "is_staff": "on"}

    client.post(f"/admin/bsc/user/{keeper.pk}/change/", form)

    keeper.refresh_from_db()
    assert not keeper.is_superuser


def test_a_superuser_is_not_an_administrators_to_change(client: Client, keeper: User):
    root = make_user("root", is_superuser=True)
    client.force_login(keeper)

    address = reverse("admin:auth_user_password_change", args=[root.pk])

    assert client.get(address).status_code == 403


def test_an_account_of_another_unit_is_not_an_administrators_to_change(
    client: Client, city: Unit, bureau: Unit
):
    own = make_user(role="admin", unit=bureau)
    planner = make_user(role="planner", unit=city)
    client.force_login(own)

    form = {"username": planner.username, "is_active": ""}
    response = client.post(f"/admin/bsc/user/{planner.pk}/change/", form)

    assert response.status_code == 403
    planner.refresh_from_db()
    assert planner.is_active


def test_an_administrator_unlocks_an_account(client: Client, keeper: User):
    for _ in range(5):
        client.post("/login/", {"login": "vera", "password": "wrong"})
    attempt = AccessAttempt.objects.get()
    client.force_login(keeper)

    client.post(f"/admin/axes/accessattempt/{attempt.pk}/delete/", {"post": "yes"})

    assert not AccessAttempt.objects.exists()


def test_an_administrator_moves_a_unit(
    client: Client, keeper: User, city: Unit, bureau: Unit
):
    section = make_unit("section", parent=city, kind="section")
    client.force_login(keeper)
    form = {
        "code": "section",
        "name": "新名稱",
        "kind": "section",
        "parent": bureau.pk,
        "is_open": "on",
        "names-TOTAL_FORMS": "1",
        "names-INITIAL_FORMS": "0",
        "names-0-name": "舊名稱",
        "names-0-kind": "official",
        "names-0-year_until": "101",
    }

    response = client.post(f"/admin/bsc/unit/{section.pk}/change/", form)

    assert response.status_code == 302
    section = Unit.objects.get(code="section")
    assert section.name == "新名稱"
    assert section.path.startswith(Unit.objects.get(code="bureau").path)
    assert section.names.get().year_until == 2012
    assert section.history.latest().history_user == keeper


def test_years_are_shown_and_typed_as_roc(client: Client, city: Unit):
    planner = ines(city)
    line = make_budget_line(make_plan_row(make_kpi(unit=city)))
    client.force_login(planner)

    page = client.get(f"/admin/actions/budgetline/{line.pk}/change/").content.decode()

    assert re.search(r'name="year" value="109"', page)


def test_a_planner_sees_the_cards_of_their_units_only(client: Client, bureau: Unit):
    planner = ines(bureau)
    mine = make_scorecard(bureau)
    theirs = make_scorecard(make_unit())
    client.force_login(planner)

    assert client.get(f"/admin/bsc/scorecard/{mine.pk}/change/").status_code == 200
    assert client.get(f"/admin/bsc/scorecard/{theirs.pk}/change/").status_code == 404


def test_rules_belong_to_the_planners_of_the_city(
    client: Client, city: Unit, bureau: Unit
):
    make_rules()
    for unit, status in ((city, 200), (bureau, 403)):
        client.force_login(make_user(role="planner", unit=unit))
        assert client.get("/admin/kpi/ratingrules/").status_code == status


def kept_rows() -> list:
    kpi = make_kpi()
    return [
        make_result(kpi),
        make_published_result(kpi),
        make_statement(kpi),
        make_import(),
        make_job(),
        ApiToken.objects.create(user=make_user(), name="mine", digest="0" * 64),
    ]


@pytest.mark.parametrize(
    "model", [Result, PublishedResult, Statement, ImportBatch, Job, ApiToken]
)
def test_what_services_keep_is_read_only_even_to_a_superuser(client: Client, model):
    row = next(row for row in kept_rows() if isinstance(row, model))
    client.force_login(make_user(is_superuser=True))
    place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"

    assert client.get(place).status_code == 200
    assert client.get(f"{place}add/").status_code == 403
    page = client.get(f"{place}{row.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(f"{place}{row.pk}/change/", {}).status_code == 403
    assert "0" * 64 not in page.content.decode() or model is ImportBatch


class Inline(HTMLParser):
    """Collects what a policy without unsafe-inline refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        names = dict(attrs)
        handlers = [name for name in names if name.startswith("on") or name == "style"]
        self.found += [f"{tag} {name}" for name in handlers]
        is_code = names.get("type", "text/javascript") in {"module", "text/javascript"}
        if tag == "script" and "src" not in names and is_code:
            self.found.append("script")
        if tag == "style" and "nonce" not in names:
            self.found.append("style")


def inline_parts(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


def test_no_page_of_the_admin_needs_unsafe_inline(client: Client):
    client.force_login(make_user(is_superuser=True))
    target = make_target()
    unit = make_unit()
    unit.name = "另一名稱"
    unit.save()
    version = unit.history.first()
    change = f"/admin/kpi/target/{target.pk}/"
    pages = [
        "/admin/",
        "/admin/kpi/",
        "/admin/kpi/target/",
        "/admin/kpi/selfrating/add/",
        f"{change}change/",
        f"/admin/kpi/selfrating/{make_self_rating().pk}/delete/",
        "/admin/kpi/target/import/",
        "/admin/kpi/target/export/",
        "/admin/kpi/result/",
        f"/admin/bsc/unit/{unit.pk}/history/",
        f"/admin/bsc/unit/{unit.pk}/history/{version.pk}/",
        "/admin/bsc/user/add/",
        f"/admin/bsc/user/{make_user().pk}/password/",
    ]
    for address in pages:
        response = client.get(address)
        policy = response["Content-Security-Policy"]

        assert response.status_code == 200, address
        assert "unsafe-inline" not in policy
        assert inline_parts(response.content.decode()) == [], address
        for nonce in re.findall(r'nonce="([^"]+)"', response.content.decode()):
            assert f"'nonce-{nonce}'" in policy


def test_a_page_asks_for_the_persons_units_once(
    client: Client, bureau: Unit, django_assert_max_num_queries
):
    client.force_login(ines(bureau))
    client.get("/admin/")

    with django_assert_max_num_queries(25):
        client.get("/admin/")


def test_a_role_is_versioned(client: Client, keeper: User, bureau: Unit):
    membership = Membership.objects.create(user=make_user(), unit=bureau, role="staff")
    client.force_login(keeper)
    form = {"user": membership.user_id, "unit": bureau.pk, "role": "manager"}

    client.post(f"/admin/bsc/membership/{membership.pk}/change/", form)
    page = client.get(f"/admin/bsc/membership/{membership.pk}/history/")

    assert membership.history.latest().history_user == keeper
    assert str(keeper) in page.content.decode()


def test_a_closed_card_is_only_looked_at(client: Client, bureau: Unit):
    target = make_target(make_kpi(scorecard=make_scorecard(bureau, status="closed")))
    client.force_login(ines(bureau))
    address = f"/admin/kpi/target/{target.pk}/change/"

    page = client.get(address)
    sent = client.post(address, {"kpi": target.kpi_id, "year": 109, "value": "1"})

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert sent.status_code == 403
    assert client.get(f"/admin/kpi/target/{target.pk}/delete/").status_code == 403
