"""Whole journeys with the published plans, as each role walks them."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from bsc.models import Membership, Objective, Unit
from kpi.models import Kpi
from tests.factories import PASSWORD, make_user

WORKBOOKS = "fixtures/workbooks"
Role = Membership.Role


@pytest.fixture
def reference(transactional_db) -> None:
    call_command("load_reference", verbosity=0)


@pytest.fixture
def group(reference) -> None:
    """Bring in the results of E group and the city they belong to."""
    bring_in("city-109", "group-e-109")


@pytest.fixture
def plans(group) -> None:
    """Bring in every published plan that the walks through all pages visit."""
    bring_in("center-111", "bureau-107")


def bring_in(*names: str) -> None:
    for name in names:
        call_command("import_sheet", f"{WORKBOOKS}/{name}.xlsx", stdout=StringIO())


def log_in(page: Page, role: str, unit: str) -> None:
    make_user(role, role=role, unit=Unit.objects.get(code=unit))
    page.goto("/")
    page.locator("input[name=login]").fill(role)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button").click()
    expect(page.locator(".brand").first).to_be_visible()


def pages() -> list[str]:
    """Return the addresses that every reader of the plans comes by."""
    objective = Objective.objects.get(scorecard__unit__code="group-e", code="EP2")
    kpi = Kpi.objects.get(scorecard__unit__code="group-e", code="EP5.1")
    counted = Kpi.objects.get(scorecard__unit__code="dvpc", code="BC2.1")
    return [
        "/",
        "/units/taipei/109/",
        "/units/group-e/109/",
        f"/units/group-e/109/?objective={objective.pk}",
        "/units/group-e/109/scorecard/",
        "/units/group-e/109/results/",
        "/units/group-e/109/lights/",
        "/units/dvpc/111/",
        "/units/dvpc/111/scorecard/",
        "/units/dosw/107/",
        "/units/dosw/107/scorecard/",
        f"/objectives/{objective.pk}/",
        f"/kpis/{kpi.pk}/",
        f"/kpis/{counted.pk}/",
        "/imports/",
    ]


def test_a_manager_asks_why_an_objective_is_red(page: Page, group):
    log_in(page, Role.MANAGER, "taipei")

    page.goto("/units/taipei/109/")
    page.get_by_role("link", name="推動長青樂齡環境").first.click()
    expect(page.get_by_text("70.75").first).to_be_visible()

    page.goto("/units/group-e/109/results/?light=poor")
    page.get_by_role("link", name="EP2.2").first.click()
    expect(page.locator("h1")).to_contain_text("長者搭乘大眾運輸工具使用人次成長率")
    expect(page.locator("main")).to_contain_text("70.75")


def test_a_planner_brings_a_workbook_in(page: Page, reference):
    log_in(page, Role.PLANNER, "taipei")

    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(f"{WORKBOOKS}/group-e-110.xlsx")
    page.get_by_role("button", name="讀取檔案").click()
    expect(page.locator("main")).to_contain_text("group-e-110.xlsx")
    page.get_by_role("button", name="全部套用").click()
    expect(page.locator("main")).to_contain_text("已套用")

    page.goto("/units/group-e/110/")
    expect(page.locator("main")).to_contain_text("提升弱勢經濟能力")


def test_the_portal_speaks_english_by_a_switch(page: Page, group):
    log_in(page, Role.STAFF, "dvpc-sexual")

    page.get_by_role("button", name="EN").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/units/group-e/109/results/")
    expect(page.locator("main")).to_contain_text("good")


@pytest.mark.parametrize(
    "scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)]
)
def test_every_page_is_accessible_in_both_themes(page: Page, axe, plans, scheme: str):
    log_in(page, Role.PLANNER, "taipei")
    page.emulate_media(color_scheme=scheme)

    found = {}
    for address in pages():
        page.goto(address)
        if violations := axe():
            found[address] = violations

    assert found == {}


@pytest.mark.slow
def test_no_page_scrolls_sideways(page: Page, plans):
    log_in(page, Role.PLANNER, "taipei")

    wide = {}
    for width in (360, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for address in pages():
            page.goto(address)
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide[width, address] = needed

    assert wide == {}


def test_the_map_is_walked_by_keyboard(page: Page, group):
    log_in(page, Role.MANAGER, "taipei")
    page.goto("/units/group-e/109/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))

    for name in ("強化弱勢關懷", "推動長青樂齡環境", "提高預算執行效能"):
        assert any(name in text for text in reached)
