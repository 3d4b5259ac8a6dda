"""The permission table: every address and every role, and what each is answered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from bsc.models import Membership
from tests.factories import (
    make_kpi,
    make_scorecard,
    make_user,
)
from tests.world import World

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "staff", "manager", "planner", "auditor", "admin", "omar")

SIGNED_IN = "302 200 200 200 200 200 200"
EVERYBODY = "200 200 200 200 200 200 200"
BY_TOKEN = "401 200 200 200 200 200 200"
PLANNERS = "302 403 403 200 403 403 200"
# Omar plans elsewhere: he sees the plan, and edits none of it.
OF_THE_PLAN = "302 403 403 200 403 403 403"
# The planner uploaded the file and started the job; the administrator sees all jobs.
THEIR_IMPORT = "302 404 404 200 404 404 404"
THEIR_JOB = "302 404 404 200 404 200 404"
# What is under way is seen by those who report and review it, and by auditors.
OF_A_SECTION = "302 200 200 200 200 403 403"
OF_A_ROUND = "302 200 200 200 200 404 404"
# A form that is not there is asked for by a GET: told so, and nothing else.
POST_ONLY = "405 405 405 405 405 405 405"
POST_ONLY_INSIDE = "302 405 405 405 405 405 405"

CARD = {"code": "bureau", "year": "109"}
PLAN = {"code": "bureau", "year": "109", "plan": "safety-net"}
SECTION = {"code": "section", "year": "109"}
CLOSED = {"code": "bureau", "year": "108"}
CLOSED_PLAN = CLOSED | {"plan": "bsc"}

# name: what stands in the address, and the status per role, in the order of ROLES.
# Omar plans in a city of his own: he sees what every signed-in person sees.
TABLE: dict[str, tuple[dict[str, Any], str]] = {
    "health": ({}, EVERYBODY),
    "reports:home": ({}, SIGNED_IN),
    "reports:set-theme": ({}, POST_ONLY),
    "reports:unit": ({"code": "bureau"}, "302 302 302 302 302 302 302"),
    "reports:map": (CARD, SIGNED_IN),
    "reports:scorecard": (CARD, SIGNED_IN),
    "reports:results": (CARD, SIGNED_IN),
    "reports:lights": (CARD, SIGNED_IN),
    "reports:scorecard-json": (CARD, SIGNED_IN),
    "reports:plan-map": (PLAN, SIGNED_IN),
    "reports:plan-scorecard": (PLAN, SIGNED_IN),
    "reports:plan-results": (PLAN, SIGNED_IN),
    "reports:plan-lights": (PLAN, SIGNED_IN),
    "reports:plan-scorecard-json": (PLAN, SIGNED_IN),
    "reports:close": (CARD, "302 403 403 200 403 403 403"),
    "reports:plan-close": (PLAN, "302 403 403 200 403 403 403"),
    "reports:seal": (CLOSED, SIGNED_IN),
    "reports:plan-seal": (CLOSED_PLAN, SIGNED_IN),
    "reports:sealed-json": (CLOSED, SIGNED_IN),
    "reports:plan-sealed-json": (CLOSED_PLAN, SIGNED_IN),
    "reports:decide-erratum": ({"pk": "erratum"}, POST_ONLY_INSIDE),
    "reports:objective": ({"pk": "objective"}, SIGNED_IN),
    "reports:kpi": ({"pk": "kpi"}, SIGNED_IN),
    "reports:kpi-history": ({"pk": "kpi"}, "302 403 403 200 200 403 403"),
    "sheets:import-list": ({}, PLANNERS),
    "sheets:import-upload": ({}, PLANNERS),
    "sheets:import-detail": ({"pk": "batch"}, THEIR_IMPORT),
    "sheets:apply-import": ({"pk": "batch"}, POST_ONLY_INSIDE),
    "sheets:discard-import": ({"pk": "batch"}, POST_ONLY_INSIDE),
    "sheets:answer-import": ({"pk": "batch"}, POST_ONLY_INSIDE),
    # An import that is not applied has nothing to undo: the page leads back.
    "sheets:undo-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:copy-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:import-file": ({"pk": "batch"}, THEIR_IMPORT),
    "sheets:annotated-copy": ({"pk": "batch"}, THEIR_IMPORT),
    "kpi:rate": (CARD, POST_ONLY_INSIDE),
    "kpi:my-work": ({}, "302 302 200 200 200 200 200"),
    "kpi:entry": (SECTION, OF_A_SECTION),
    "kpi:entry-grid": (SECTION, OF_A_SECTION),
    "kpi:entry-print": (SECTION, OF_A_SECTION),
    "kpi:entry-sent": (SECTION, OF_A_SECTION),
    "kpi:entry-years": (SECTION, OF_A_SECTION),
    "kpi:send": (SECTION, OF_A_SECTION),
    "kpi:save-draft": ({"pk": "kpi", "year": "109"}, POST_ONLY_INSIDE),
    "kpi:evidence-upload": ({"pk": "kpi", "year": "109"}, POST_ONLY_INSIDE),
    "kpi:evidence-file": ({"pk": "evidence"}, OF_A_ROUND),
    "kpi:evidence-remove": ({"pk": "evidence"}, POST_ONLY_INSIDE),
    "kpi:recall": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:sign": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:review-queue": ({}, "302 403 200 403 403 403 403"),
    "kpi:entry-detail": ({"pk": "entry"}, OF_A_ROUND),
    "kpi:check": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:approve": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:return-entry": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:reopen": ({"pk": "entry"}, POST_ONLY_INSIDE),
    "kpi:ask-reopening": (
        {"pk": "kpi", "year": "109"},
        "302 403 403 200 403 403 403",
    ),
    "kpi:round-list": ({}, SIGNED_IN),
    "kpi:round-new": ({}, PLANNERS),
    "kpi:round": ({"pk": "round"}, OF_A_ROUND),
    "kpi:round-edit": ({"pk": "round"}, "302 403 403 200 403 404 404"),
    "kpi:wall": ({"pk": "round"}, OF_A_ROUND),
    "kpi:remind": ({"pk": "round"}, POST_ONLY_INSIDE),
    "kpi:plan-new": ({}, PLANNERS),
    "kpi:plan": (CARD, OF_THE_PLAN),
    "kpi:plan-of-plan": (PLAN, OF_THE_PLAN),
    "kpi:directions": (CARD, OF_THE_PLAN),
    "kpi:directions-of-plan": (PLAN, OF_THE_PLAN),
    "kpi:plan-card": ({"pk": "card"}, OF_THE_PLAN),
    "kpi:plan-kpi-new": ({"pk": "card"}, OF_THE_PLAN),
    "kpi:plan-part-new": ({"pk": "card", "kind": "objectives"}, OF_THE_PLAN),
    "kpi:plan-part": ({"kind": "objectives", "pk": "objective"}, OF_THE_PLAN),
    "kpi:plan-formula": ({}, PLANNERS),
    "kpi:plan-kpi": ({"pk": "kpi"}, OF_THE_PLAN),
    "kpi:plan-targets": ({"pk": "kpi"}, OF_THE_PLAN),
    "kpi:rules": ({}, SIGNED_IN),
    "kpi:rules-new": ({}, OF_THE_PLAN),
    "kpi:rules-edit": ({"pk": "rules"}, OF_THE_PLAN),
    "kpi:rules-adopt": ({"pk": "rules"}, OF_THE_PLAN),
    "bsc:inbox": ({}, SIGNED_IN),
    "bsc:open-notice": ({"pk": "notice"}, POST_ONLY_INSIDE),
    "bsc:read-notices": ({}, POST_ONLY_INSIDE),
    "bsc:mail-choice": ({}, POST_ONLY_INSIDE),
    "bsc:job-list": ({}, SIGNED_IN),
    "bsc:job": ({"pk": "job"}, THEIR_JOB),
    "bsc:run-job-again": ({"pk": "job"}, POST_ONLY_INSIDE),
    "bsc:cancel-job": ({"pk": "job"}, POST_ONLY_INSIDE),
    "account_login": ({}, "200 302 302 302 302 302 302"),
    "account_logout": ({}, SIGNED_IN),
    "account_change_password": ({}, SIGNED_IN),
    "set_language": ({}, "302 302 302 302 302 302 302"),
    "api:api-root": ({}, "404 404 404 404 404 404 404"),
    "api:openapi-json": ({}, EVERYBODY),
    "api:openapi-view": ({}, EVERYBODY),
    "api:units": ({}, BY_TOKEN),
    "api:series": ({"series_id": "series"}, BY_TOKEN),
    "api:scorecard": ({"unit": "bureau", "year": "109"}, BY_TOKEN),
    "api:results": ({"unit": "bureau", "year": "109"}, BY_TOKEN),
    "api:score": ({}, POST_ONLY),
}

# What is sent by POST: the same, sent; in a transaction each, which is taken back.
POSTED: dict[str, tuple[dict[str, Any], str]] = {
    "reports:set-theme": ({}, "302 302 302 302 302 302 302"),
    "sheets:import-upload": ({}, "302 403 403 422 403 403 422"),
    "sheets:apply-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:discard-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:answer-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:undo-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "sheets:copy-import": ({"pk": "batch"}, "302 404 404 302 404 404 404"),
    "kpi:rate": (CARD, "302 403 403 302 403 403 403"),
    "reports:close": (CARD, "302 403 403 200 403 403 403"),
    "reports:plan-close": (PLAN, "302 403 403 302 403 403 403"),
    "reports:seal": (CLOSED, "302 403 403 200 403 403 403"),
    "reports:plan-seal": (CLOSED_PLAN, "302 403 403 200 403 403 403"),
    "reports:decide-erratum": ({"pk": "erratum"}, "302 403 302 403 403 403 403"),
    "kpi:entry": (SECTION, "302 302 403 403 403 403 403"),
    "kpi:entry-grid": (SECTION, "302 302 403 403 403 403 403"),
    "kpi:send": (SECTION, "302 200 403 403 403 403 403"),
    "kpi:save-draft": (
        {"pk": "kpi", "year": "109"},
        "302 200 403 403 403 403 403",
    ),
    "kpi:evidence-upload": (
        {"pk": "kpi", "year": "109"},
        "302 302 403 403 403 403 403",
    ),
    "kpi:evidence-remove": ({"pk": "evidence"}, "302 302 403 403 403 404 404"),
    "kpi:recall": ({"pk": "entry"}, "302 302 403 403 403 404 404"),
    "kpi:sign": ({"pk": "entry"}, "302 302 403 403 403 404 404"),
    "kpi:review-queue": ({}, "302 403 422 403 403 403 403"),
    "kpi:check": ({"pk": "entry"}, "302 403 422 403 403 404 404"),
    "kpi:approve": ({"pk": "entry"}, "302 403 422 403 403 404 404"),
    "kpi:return-entry": ({"pk": "entry"}, "302 403 422 403 403 404 404"),
    "kpi:reopen": ({"pk": "entry"}, "302 403 422 403 403 404 404"),
    "kpi:ask-reopening": (
        {"pk": "kpi", "year": "109"},
        "302 403 403 422 403 403 403",
    ),
    "kpi:round-new": ({}, "302 403 403 422 403 403 422"),
    "kpi:round-edit": ({"pk": "round"}, "302 403 403 422 403 404 404"),
    "kpi:remind": ({"pk": "round"}, "302 403 403 302 403 404 404"),
    "kpi:plan-new": ({}, "302 403 403 422 403 403 422"),
    "kpi:directions": (CARD, "302 403 403 422 403 403 403"),
    "kpi:directions-of-plan": (PLAN, "302 403 403 422 403 403 403"),
    "kpi:plan-card": ({"pk": "card"}, "302 403 403 422 403 403 403"),
    "kpi:plan-kpi-new": ({"pk": "card"}, "302 403 403 422 403 403 403"),
    "kpi:plan-part-new": (
        {"pk": "card", "kind": "objectives"},
        "302 403 403 422 403 403 403",
    ),
    "kpi:plan-part": (
        {"kind": "objectives", "pk": "objective"},
        "302 403 403 422 403 403 403",
    ),
    "kpi:plan-kpi": ({"pk": "kpi"}, "302 403 403 422 403 403 403"),
    "kpi:plan-targets": ({"pk": "kpi"}, "302 403 403 422 403 403 403"),
    "kpi:rules-new": ({}, "302 403 403 422 403 403 403"),
    "kpi:rules-edit": ({"pk": "rules"}, "302 403 403 422 403 403 403"),
    "kpi:rules-adopt": ({"pk": "rules"}, "302 403 403 422 403 403 403"),
    "bsc:open-notice": ({"pk": "notice"}, "302 404 404 302 404 404 404"),
    "bsc:read-notices": ({}, "302 302 302 302 302 302 302"),
    "bsc:mail-choice": ({}, "302 302 302 302 302 302 302"),
    "bsc:run-job-again": ({"pk": "job"}, "302 404 404 302 404 302 404"),
    "bsc:cancel-job": ({"pk": "job"}, "302 404 404 302 404 302 404"),
    "api:score": ({}, BY_TOKEN),
}

# The admin's own addresses.
INSIDE = "302 403 403 200 403 200 200"
SITE: dict[str, tuple[dict[str, Any], str]] = {
    "admin:index": ({}, INSIDE),
    "admin:login": ({}, "302 403 403 302 403 302 302"),
    "admin:logout": ({}, "302 403 403 405 403 405 405"),
    "admin:password_change": ({}, "302 403 403 302 403 302 302"),
    "admin:password_change_done": ({}, "302 403 403 302 403 302 302"),
    "admin:jsi18n": ({}, INSIDE),
    "admin:app_list": ({"app_label": "bsc"}, INSIDE),
    "admin:autocomplete": ({}, "302 403 403 200 403 403 200"),
    "admin:view_on_site": (
        {"content_type_id": 0, "object_id": 0},
        "302 403 403 404 403 404 404",
    ),
}
AUTOCOMPLETE = "?term=&app_label=bsc&model_name=theme&field_name=scorecard"


@dataclass(frozen=True)
class Kept:
    """Who keeps a table in the admin: `role`, and whether a service writes it.

    `is_the_citys`: a planner of another city has no part in it. `is_withdrawn`: a row
    that a service wrote may still be deleted.
    """

    role: str
    by_service: bool = False
    is_the_citys: bool = False
    is_withdrawn: bool = False


OF_PLANS = Kept("planner")
BY_SERVICE = Kept("planner", by_service=True)
OF_ACCOUNTS = Kept("admin", is_the_citys=True)

TABLES: dict[str, Kept] = {
    "bsc_unit": OF_ACCOUNTS,
    "bsc_unitname": OF_ACCOUNTS,
    "bsc_user": OF_ACCOUNTS,
    "bsc_membership": OF_ACCOUNTS,
    "bsc_apitoken": Kept("admin", by_service=True, is_withdrawn=True),
    "axes_accessattempt": Kept("admin", by_service=True, is_withdrawn=True),
    "bsc_job": Kept("admin", by_service=True),
    "bsc_notice": Kept("admin", by_service=True),
    "bsc_evidence": BY_SERVICE,
    "bsc_workday": Kept("planner", is_the_citys=True),
    "bsc_scorecard": BY_SERVICE,
    "bsc_theme": BY_SERVICE,
    "bsc_thememember": BY_SERVICE,
    "bsc_perspective": BY_SERVICE,
    "bsc_objective": BY_SERVICE,
    "bsc_objectivelink": BY_SERVICE,
    "bsc_successfactor": BY_SERVICE,
    "bsc_themelineage": BY_SERVICE,
    "bsc_objectivelineage": BY_SERVICE,
    "kpi_series": BY_SERVICE,
    "kpi_kpi": BY_SERVICE,
    "kpi_kpiowner": BY_SERVICE,
    "kpi_kpilineage": BY_SERVICE,
    "kpi_target": BY_SERVICE,
    "kpi_actual": BY_SERVICE,
    "kpi_actualinput": BY_SERVICE,
    "kpi_entry": BY_SERVICE,
    "kpi_reviewstep": BY_SERVICE,
    "kpi_round": BY_SERVICE,
    "kpi_seal": BY_SERVICE,
    "kpi_erratum": BY_SERVICE,
    "kpi_selfrating": OF_PLANS,
    "kpi_ratingrules": Kept("planner", by_service=True, is_the_citys=True),
    "kpi_lightband": Kept("planner", by_service=True, is_the_citys=True),
    "kpi_statement": BY_SERVICE,
    "kpi_result": BY_SERVICE,
    "kpi_publishedresult": BY_SERVICE,
    "actions_actionplan": Kept("planner", is_the_citys=True),
    "actions_planrow": OF_PLANS,
    "actions_planrowowner": OF_PLANS,
    "actions_planlink": OF_PLANS,
    "actions_planlineage": BY_SERVICE,
    "actions_budgetline": OF_PLANS,
    "sheets_columnwording": Kept("planner", is_the_citys=True),
    "sheets_importbatch": BY_SERVICE,
    "sheets_sheetpage": BY_SERVICE,
    "sheets_importdoubt": BY_SERVICE,
    "sheets_objectiveanswer": BY_SERVICE,
}
OF_A_TABLE = ("changelist", "add", "import", "export", "process_import")
OF_A_ROW = ("change", "delete", "history", "simple_history")


def expected_in_admin(table: str, page: str, role: str) -> int:
    """Return the status of one page of one table for one role."""
    kept = TABLES[table]
    if role == "anonymous":
        return 302
    is_elsewhere = role == "omar"
    if role not in {kept.role, "omar"} or (is_elsewhere and kept.role != "planner"):
        return 405 if page == "process_import" and role in INSIDERS else 403
    if is_elsewhere and kept.is_the_citys:
        return 405 if page == "process_import" else 403
    if page == "add" and kept.by_service:
        return 403
    if page == "delete" and kept.by_service and not kept.is_withdrawn:
        return 403
    if page == "process_import":
        return 405
    return 404 if is_elsewhere and page in OF_A_ROW else 200


# Whoever has any table in the admin passes its door, and is then refused by the table.
INSIDERS = ("planner", "admin", "omar")


@pytest.fixture
def world() -> World:
    return World()


def addresses() -> Iterator[str]:
    """Yield the name of every address there is."""

    def walk(patterns: list, space: str) -> Iterator[str]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                own = pattern.namespace or ""
                yield from walk(
                    pattern.url_patterns, f"{space}{own}:" if own else space
                )
            else:
                yield f"{space}{pattern.name}"

    yield from walk(get_resolver().url_patterns, "")


def admin_pages() -> Iterator[tuple[str, str, str]]:
    """Yield the address, the table and the page of every table in the admin."""
    for model, model_admin in admin.site._registry.items():
        table = f"{model._meta.app_label}_{model._meta.model_name}"
        for pattern in model_admin.get_urls():
            name = pattern.name
            if name is None:
                # The admin leads old addresses of rows to their page.
                continue
            page = name.removeprefix(f"{table}_")
            yield f"admin:{name}", table, page


def wrong(
    client: Client,
    role: str,
    table: dict[str, tuple[dict[str, Any], str]],
    address: Callable[[str, dict], str],
    send: Callable[[Client, str], Any],
) -> list[str]:
    """Return the addresses that answer a role otherwise than the table says."""
    found = []
    for name, (parts, statuses) in table.items():
        expected = int(statuses.split()[ROLES.index(role)])
        got = send(client, address(name, parts)).status_code
        if got != expected:
            found.append(f"{name}: {got} instead of {expected}")
    return found


def test_no_address_is_left_out():
    of_tables = {name for name, _table, _page in admin_pages()}
    known = {*TABLE, *SITE, *of_tables, "admin:None"}

    assert set(addresses()) - known == set()
    assert {*TABLE, *SITE} - set(addresses()) == set()
    assert {table for _name, table, _page in admin_pages()} == set(TABLES)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_a_role_as_the_table_says(world: World, role: str):
    def get(client: Client, address: str):
        query = AUTOCOMPLETE if "autocomplete" in address else ""
        return client.get(address + query)

    client = world.client(role)

    assert wrong(client, role, TABLE | SITE, world.address, get) == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sent_is_answered_as_the_table_says(world: World, role: str):
    def post(client: Client, address: str):
        body: Any = [] if address.startswith("/api/") else {}
        kind = {"content_type": "application/json"} if body == [] else {}
        with transaction.atomic():
            response = client.post(address, body, **kind)
            transaction.set_rollback(True)
        return response

    assert wrong(world.client(role), role, POSTED, world.address, post) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_admin_answers_a_role_as_the_table_says(
    world: World, role: str
):
    client = world.client(role)
    found = []
    for name, table, page in admin_pages():
        row = world.rows[table]
        if page == "simple_history":
            parts: list[Any] = [row.pk, row.history.first().pk]
        else:
            parts = [] if page in OF_A_TABLE else [row.pk]
        if name == "admin:auth_user_password_change":
            page = "change"
        got = client.get(reverse(name, args=parts)).status_code
        expected = expected_in_admin(table, page, role)
        if got != expected:
            found.append(f"{name}: {got} instead of {expected}")

    assert found == []


def test_a_draft_is_found_by_those_of_its_unit_only(world: World):
    draft = make_scorecard(world.bureau, 2021, status="draft")
    kpi = make_kpi("E1.1", scorecard=draft)

    for role in ROLES[1:]:
        # Staff of a section do not see the draft of the bureau above, and who keeps
        # accounts sees no figures.
        expected = 404 if role in ("omar", "staff", "admin") else 200
        client = world.client(role)
        for address in ("/units/bureau/110/", f"/kpis/{kpi.pk}/"):
            assert client.get(address).status_code == expected, (role, address)


@pytest.mark.parametrize("year", ["0", "201", "1911", "2112", "12345", "abc"])
def test_a_year_that_cannot_be_is_not_found(world: World, year: str):
    client = world.client("planner")

    assert client.get(f"/units/bureau/{year}/").status_code == 404


def test_both_ways_to_write_a_year_lead_to_the_same_page(world: World):
    client = world.client("planner")
    address = reverse("reports:map", kwargs={"code": "bureau", "year": 2020})

    assert address == "/units/bureau/109/"
    for year in ("109", "2020"):
        assert client.get(f"/units/bureau/{year}/").status_code == 200


def test_a_person_without_a_role_sees_what_everybody_sees(world: World):
    client = Client()
    client.force_login(make_user())

    assert client.get("/units/bureau/109/").status_code == 200
    assert client.get("/imports/").status_code == 403
    assert client.get("/admin/").status_code == 403


def test_a_role_holds_below_its_unit_and_not_above(world: World):
    member = Membership.objects.get(user__username="staff")

    assert member.unit.code == "section"
    assert world.client("manager").get("/imports/").status_code == 403
