"""A planner brings a doubtful workbook in: answers, applies, looks, undoes."""

from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from bsc.models import Membership, Unit
from kpi.models import Kpi
from tests.factories import PASSWORD, make_user

# Whole journeys: the quick run has those of test_smoke.
pytestmark = pytest.mark.slow

WORKBOOK = "fixtures/workbooks/center-111.xlsx"


@pytest.fixture
def doubtful(transactional_db, tmp_path: Path) -> Path:
    """Return a workbook with a unit that nobody knows, beside the reference data."""
    call_command("load_reference", verbosity=0)
    book = openpyxl.load_workbook(WORKBOOK)
    book["平衡計分卡"]["K7"] = "性保護組"
    path = tmp_path / "doubtful.xlsx"
    book.save(path)
    return path


@pytest.fixture
def planner(page: Page, doubtful: Path) -> Page:
    """Return the page of a planner who has brought the workbook in."""
    make_user("planner", role=Membership.Role.PLANNER, unit=Unit.objects.get(depth=1))
    page.goto("/login/")
    page.locator("main input[name=login]").fill("planner")
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button").click()
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(doubtful)
    page.locator("form.upload button[type=submit]").click()
    expect(page.locator(".issues li").first).to_be_visible()
    return page


def test_a_planner_answers_applies_and_undoes(planner: Page):
    page = planner
    # The mark in the sheet leads to the doubt in the list.
    page.locator("#K7 a.m").click()
    expect(page.locator("#issue-1")).to_contain_text("性保護組")
    page.locator("#issue-1 input[value='alias:dvpc-sexual']").check()
    page.locator(".answer-row button").first.click()
    expect(page.locator("#issue-1 .default")).to_contain_text("性保組")

    page.locator(".actions button.primary").click()
    expect(page.locator(".outcome")).to_be_visible()
    assert Kpi.objects.count() == 20

    page.locator(".undo summary").click()
    page.locator(".undo button").click()
    expect(page.locator(".state-undone")).to_be_visible()
    assert not Kpi.objects.exists()


def test_the_page_of_an_import_is_accessible_and_fits_a_phone(planner: Page, axe):
    page = planner
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe() == []
    for width in (360, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_severity_and_a_sheet_are_reached_by_keyboard(planner: Page):
    page = planner
    page.locator(".filter a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".filter a[aria-current]")).to_be_visible()
    page.locator(".sheets a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sheets a[aria-current]")).to_contain_text("策略地圖")
    expect(page.locator(".filter a[aria-current]")).to_be_visible()
