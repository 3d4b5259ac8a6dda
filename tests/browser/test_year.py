"""A year from its opening to its seal, each step by its own person."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from bsc.models import Membership, Scorecard, Unit
from bsc.workdays import day_text
from kpi.models import Entry, Kpi
from tests.browser.test_entry import CENTRE, Keyboard, reached, sign_in
from tests.browser.test_smoke import bring_in
from tests.factories import make_user

pytestmark = pytest.mark.slow

Role = Membership.Role
CARD = "/units/dvpc/111/"
NOTE = "請再核對分母"


@pytest.fixture
def centre(transactional_db) -> Unit:
    """Return the centre with its card of 111, and the four people who report it."""
    call_command("load_reference", verbosity=0)
    bring_in("center-111")
    unit = Unit.objects.get(code="dvpc")
    make_user("lin", role=Role.STAFF, unit=unit)
    make_user("wang", role=Role.MANAGER, unit=unit)
    make_user("pan", role=Role.PLANNER, unit=unit)
    sections = Unit.objects.filter(code__startswith="dvpc-").order_by("pk")
    head = make_user("mei", role=Role.MANAGER, unit=sections[0])
    for section in sections[1:]:
        Membership.objects.create(user=head, unit=section, role=Role.MANAGER)
    return unit


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict) -> Iterator[Callable]:
    """Give each person a browser of their own, logged in."""
    opened = []

    def of(name: str) -> Page:
        context = browser.new_context(**browser_context_args)
        opened.append(context)
        page = context.new_page()
        page.goto("/login/")
        sign_in(page, name)
        return page

    yield of
    for context in opened:
        context.close()


def due_on() -> date:
    return timezone.localdate() + timedelta(days=10)


def plan_the_round(page: Page) -> None:
    page.goto("/rounds/new/")
    page.locator("[name=name]").fill("111 年度實績填報")
    page.locator("[name=period]").fill("111")
    page.locator("[name=opens_on]").fill(day_text(timezone.localdate()))
    page.locator("[name=due_on]").fill(day_text(due_on()))
    page.get_by_label("家庭暴力暨性侵害防治中心").check()
    page.get_by_role("button", name="儲存").click()
    expect(page.locator(".days dd")).to_have_count(5)


def confirm_directions(page: Page) -> None:
    page.goto(f"{CARD}plan/directions/")
    for way in page.locator("tr.is-open input[value=positive]").all():
        way.check()
    page.locator("[name=reason]").fill("年度開始前確認")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("tr.is-open")).to_have_count(0)


def enter_ten(page: Page, hands: Keyboard) -> list[str]:
    """Enter ten KPIs by keyboard, from the box that has the focus, and return them."""
    entered: list[str] = []
    while True:
        row, box = hands.row, hands.box
        if row not in entered:
            if len(entered) == 10:
                break
            entered.append(row)
        kpi = Kpi.objects.get(pk=row)
        is_ratio = page.locator(f'[data-row="{row}"] .vin').count() > 0
        if box == "input:1":
            hands.type("1000")
        elif box == "input:0" or (box == "value" and is_ratio):
            hands.type(f"{reached(kpi) * 10:.0f}")
        elif box == "value":
            hands.type(f"{reached(kpi):.1f}".removesuffix(".0"))
        hands.press("Enter")
    expect(page.locator("[data-local]:not(:empty)")).to_have_count(0)
    # A figure far beyond its target is explained too.
    for cause in page.locator("[data-box=explanation]:visible").all():
        cause.focus()
        hands.type("專案擴大辦理")
    expect(page.locator("[data-local]:not(:empty)")).to_have_count(0)
    return entered


def send(page: Page, hands: Keyboard) -> None:
    """Check and send what is ready, by keyboard; what is doubtful is confirmed."""
    page.locator("[data-send]").focus()
    hands.press("Enter")
    expect(page).to_have_url(re.compile(f"{CENTRE}send/$"))
    for question in page.locator(".asks input[type=checkbox]").all():
        question.focus()
        hands.press("Space")
    page.locator("main button[type=submit]").focus()
    hands.press("Enter")
    expect(page.locator(".sent tbody tr").first).to_be_visible()


def pass_on(page: Page, count: int) -> None:
    page.goto("/review/")
    picks = page.locator("[name=pick]")
    expect(picks).to_have_count(count)
    for pick in picks.all():
        pick.check()
    page.locator("[name=do][value=pass]").click()
    # A figure of two sections that only one has signed asks whoever approves it.
    for question in page.locator("[name=confirm]").all():
        question.check()
    if page.locator("[name=confirm]").count():
        page.locator("[name=do][value=pass]").click()
    expect(page.locator("[name=pick]")).to_have_count(0)


def map_of(page: Page) -> str:
    """Return what the card's map says: the figure of each KPI beside its target."""
    page.goto(CARD)
    return page.locator("main").inner_text()


def test_a_year_is_reported_reviewed_closed_and_sealed(
    centre: Unit,
    desk: Callable[[str], Page],
    capsys: pytest.CaptureFixture,
):
    planner = desk("pan")
    plan_the_round(planner)
    confirm_directions(planner)

    staff = desk("lin")
    hands = Keyboard(staff)
    staff.goto("/work/")
    expect(staff.locator("[data-box]:focus")).to_have_count(1)
    expect(staff.locator("main")).to_contain_text(day_text(due_on()))
    entered = enter_ten(staff, hands)
    send(staff, hands)
    with capsys.disabled():
        print(f"\nten KPIs: {hands.keys} keystrokes, {hands.loads} page loads")
    assert Entry.objects.filter(state="submitted").count() == 10
    assert hands.loads <= 4

    before = map_of(planner)
    head = desk("mei")
    head.goto("/review/")
    expect(head.locator("[name=pick]")).to_have_count(10)
    returned = Entry.objects.get(kpi=entered[0])
    head.locator(f'[name=pick][value^="{returned.pk}:"]').check()
    head.locator("[name=note]").fill(NOTE)
    head.locator("[name=do][value=return]").click()
    expect(head.locator("[name=pick]")).to_have_count(9)

    staff.goto("/notices/")
    expect(staff.locator("main")).to_contain_text(NOTE)
    staff.goto(CENTRE)
    row = staff.locator(f'[data-row="{returned.kpi_id}"]')
    expect(row).to_contain_text(NOTE)
    box = row.locator("[data-box]:visible").first
    box.fill(f"{box.input_value()}")
    send(staff, hands)
    pass_on(head, 10)
    assert map_of(planner) == before

    manager = desk("wang")
    pass_on(manager, 10)
    assert Entry.objects.filter(state="approved").count() == 10
    after = map_of(planner)
    assert after != before

    planner.goto(f"{CARD}close/")
    for item in planner.locator("[name=seen]").all():
        item.check()
    planner.locator("main form button[type=submit]").click()
    digest = planner.locator(".digest").inner_text()
    sealed = planner.request.get(f"{CARD}sealed.json")
    assert hashlib.sha256(sealed.body()).hexdigest() == digest
    assert Scorecard.objects.get(unit=centre).status == Scorecard.Status.CLOSED

    planner.locator("[name=kpi]").select_option(index=1)
    for name, text in (
        ("what", "實際值"),
        ("printed", "61"),
        ("corrected", "62"),
        ("reason", "統計系統更正"),
    ):
        planner.locator(f"[name={name}]").fill(text)
    planner.locator("main form button[type=submit]").last.click()
    manager.goto(f"{CARD}seal/")
    manager.locator("[name=is_approved][value=yes]").click()

    planner.reload()
    expect(planner.locator("main tbody")).to_contain_text("統計系統更正")
    expect(planner.locator("main tbody")).to_contain_text("wang")
    expect(planner.locator(".seal")).to_contain_text("一字不差")
    expect(planner.locator(".digest")).to_have_text(digest)
    assert planner.request.get(f"{CARD}sealed.json").body() == sealed.body()
