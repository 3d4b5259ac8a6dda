"""A planner brings a doubtful workbook in: answers, applies, looks, undoes."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from bsc.models import Membership, Unit
from kpi.models import Kpi, Target
from sheets.package.macros import may_hold_macros
from tests.factories import PASSWORD, make_user
from tests.unit.written import with_macros

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

    # A page of its own says before what goes and what stays.
    page.locator(".actions a.btn").click()
    expect(page.locator(".undoing")).to_contain_text("KPI 20")
    assert Kpi.objects.count() == 20
    page.locator(".undoing button.primary").click()
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


def bring(page: Page, name: str, content: bytes) -> None:
    page.goto("/imports/new/")
    file = {"name": name, "mimeType": "text/plain", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.upload button[type=submit]").click()
    expect(page.locator(".issues li").first).to_be_visible()


def test_what_a_table_does_not_say_is_said_on_its_page(planner: Page, axe):
    page = planner
    lines = (
        "績效表",
        "策略目標\tKPI\t計量單位\t111年推估水準\t主責科室",
        "AC1 提升服務\tAC1.1 服務涵蓋率\t%\t85\t成保組",
    )
    bring(page, "table.tsv", "\n".join(lines).encode())

    # Neither whose it is nor of which year, and one column under words of its own.
    page.locator("select[name=unit]").first.select_option("dvpc")
    page.locator(".opts.year button").first.click()
    page.locator("input[name=year]").first.fill("111")
    page.locator(".opts.year button").first.click()
    expect(page.locator(".said")).to_contain_text("111")
    column = page.locator(".issues input[value=target]")
    column.check()
    page.locator(".answer-row button").first.click()
    keep = page.locator("button[name=keep]")
    expect(keep).to_be_visible()
    assert axe() == []
    keep.click()
    expect(page.locator(".messages")).to_contain_text("推估水準")

    page.locator(".actions button.primary").click()
    expect(page.locator(".outcome")).to_be_visible()
    assert str(Target.objects.get().value) == "85.000000"


def test_a_workbook_with_macros_is_kept_without_them(planner: Page):
    page = planner
    sent = with_macros(Path("fixtures/workbooks/group-e-109.xlsx").read_bytes())
    page.goto("/imports/new/")
    file = {"name": "plan.xlsm", "mimeType": "application/zip", "buffer": sent}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.upload button[type=submit]").click()

    with page.expect_download() as download:
        page.locator(".file a[href$='/file/']").click()
    assert download.value.suggested_filename == "plan.xlsx"
    kept = Path(download.value.path()).read_bytes()
    assert not may_hold_macros(io.BytesIO(kept))


def test_next_year_is_brought_in_after_this_year(planner: Page):
    page = planner
    for name, kpis in (("group-e-109", 19), ("group-e-110", 17)):
        page.goto("/imports/new/")
        path = f"fixtures/workbooks/{name}.xlsx"
        page.locator("input[type=file]").set_input_files(path)
        page.locator("form.upload button[type=submit]").click()
        expect(page.locator(".nouns")).to_contain_text(f"KPI {kpis}")
        page.locator("button[name=accept]").click()
        page.locator(".actions button.primary").click()
        expect(page.locator(".outcome")).to_be_visible()
    expect(page.locator(".issues")).to_contain_text("19 → 17")
    page.goto("/imports/")
    expect(page.locator(".imports")).to_contain_text("KPI：17 新增")
