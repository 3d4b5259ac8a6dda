"""A section reports its year: by keyboard alone, with a log-in and a line that break."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from bsc.models import Membership, Unit
from kpi.models import Entry, Kpi
from tests.browser.test_smoke import bring_in
from tests.factories import (
    PASSWORD,
    make_kpi,
    make_rules,
    make_scorecard,
    make_target,
    make_unit,
    make_user,
)

Role = Membership.Role
CENTRE, SECTION = "/units/dvpc/111/entry/", "/units/dvpc-sexual/111/entry/"


@pytest.fixture
def centre(transactional_db) -> None:
    call_command("load_reference", verbosity=0)
    bring_in("center-111")


class Keyboard:
    """Hands on a keyboard: every key is counted, and every page that loads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.loads = 0
        page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    @property
    def box(self) -> str:
        return self.page.evaluate("document.activeElement.dataset.box || ''")

    @property
    def row(self) -> str:
        return self.page.evaluate(
            "document.activeElement.closest('[data-row]')?.dataset.row || ''"
        )


def log_in(page: Page, name: str, unit: str) -> None:
    make_user(name, role=Role.STAFF, unit=Unit.objects.get(code=unit))
    page.goto("/login/")
    sign_in(page, name)


def sign_in(page: Page, name: str) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    expect(page.locator(".brand").first).to_be_visible()


def reached(kpi: Kpi) -> Decimal:
    """Return a figure that reaches the target: a little beyond it, or the whole."""
    target = kpi.targets.get(year=2022).value
    is_share = kpi.measure == "%"
    if kpi.direction == Kpi.Direction.NEGATIVE:
        return target - 1
    return Decimal(100) if is_share and target >= 99 else target + 1


@pytest.mark.slow
def test_ten_kpis_are_entered_and_sent_by_keyboard_alone(
    page: Page, centre, capsys: pytest.CaptureFixture
):
    log_in(page, "lin", "dvpc")
    hands = Keyboard(page)
    page.goto("/work/")
    expect(page).to_have_url(f"{page.url.split('/units')[0]}{CENTRE}")
    expect(page.locator("[data-box]:focus")).to_have_count(1)

    entered: list[str] = []
    for _ in range(40):
        row, box = hands.row, hands.box
        if row not in entered:
            if len(entered) == 10:
                break
            entered.append(row)
        kpi = Kpi.objects.get(pk=row)
        is_ratio = page.locator(f'[data-row="{row}"] .vin').count() > 0
        if box == "input:1":
            hands.type("1000")
        elif box not in ("input:0", "value"):
            # Half a fraction may ask for an explanation; the whole does not.
            pass
        elif is_ratio:
            hands.type(f"{reached(kpi) * 10:.0f}")
        else:
            hands.type(f"{reached(kpi):.1f}".removesuffix(".0"))
        hands.press("Enter")
    expect(page.locator("[data-local]:not(:empty)")).to_have_count(0)
    assert Entry.objects.filter(kpi__in=entered).count() == 10

    # The button that sends is the last of the page: one key back from its end.
    page.locator("[data-send]").focus()
    hands.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/units')[0]}{CENTRE}send/")
    for question in page.locator(".asks input").all():
        question.focus()
        hands.press("Space")
    expect(page.locator("input[name=send]")).to_have_count(
        len(entered) - page.locator(".lacks").count()
    )
    page.locator("main button[type=submit]").focus()
    hands.press("Enter")
    expect(page.locator(".sent tbody tr").first).to_be_visible()

    sent = Entry.objects.filter(state="submitted").count()
    with capsys.disabled():
        print(
            f"\n{sent} of {len(entered)} KPIs sent by keyboard:"
            f" {hands.keys} keystrokes, {hands.loads} page loads"
        )
    assert sent == 10
    assert hands.loads <= 4


@pytest.fixture
def section(transactional_db) -> None:
    """Make a section with three KPIs, two of them ratios."""
    city = make_unit("taipei")
    centre = make_unit("dvpc", parent=city, name="家防中心")
    unit = make_unit(
        "dvpc-sexual", parent=centre, kind=Unit.Kind.SECTION, name="性保組"
    )
    weights = ("achievement", "innovation", "challenge", "contribution")
    make_rules(
        "bureau",
        2009,
        basis="achievement",
        uses_self_rating=False,
        **{f"{name}_weight": 0 for name in weights},
    )
    card = make_scorecard(centre, 2022, status="in-force")
    for code, formula in (
        ("AC3.1", ""),
        ("BC1.1", "(完成評估件數/開案件數)*100%"),
        ("BC1.2", "(使用手冊人數/被害人總數)*100%"),
    ):
        kpi = make_kpi(code, scorecard=card, owners=(unit,), formula_text=formula)
        make_target(kpi, "99.5" if code == "BC1.1" else "60")


@pytest.fixture
def row(page: Page, section) -> Callable:
    log_in(page, "lin", "dvpc-sexual")
    page.goto(SECTION)
    kpi = Kpi.objects.get(code="BC1.1", scorecard__year=2022)

    def part(selector: str):
        return page.locator(f'[data-row="{kpi.pk}"] {selector}')

    return part


def kept() -> dict[str, str]:
    return Entry.objects.get(kpi__code="BC1.1").typed


def test_light_arithmetic_and_distance_appear_as_one_types(page: Page, row):
    row('[data-box="input:0"]').fill("21")
    row('[data-box="input:1"]').fill("46")

    expect(row('[data-part="value"]')).to_contain_text("45.65")
    expect(row(".gauge")).to_be_visible()
    expect(row(".distance")).to_contain_text("46 ÷ 46")
    expect(row('[data-box="explanation"]')).to_be_visible()
    expect(row("[data-local]")).to_be_empty()
    assert kept() == {"input:0": "21", "input:1": "46"}

    row('[data-box="input:0"]').fill("兩成")
    expect(row('[data-box="input:0"]')).to_have_attribute("aria-invalid", "true")


@pytest.mark.slow
def test_what_is_typed_without_a_line_is_kept_and_sent_when_it_is_back(page: Page, row):
    row('[data-box="input:0"]').fill("21")
    expect(row("[data-local]")).to_be_empty()
    page.context.set_offline(True)
    row('[data-box="input:1"]').fill("46")
    expect(row("[data-local]")).to_contain_text("連線中斷")
    assert kept()["input:0"] == "21"
    assert "input:1" not in kept() or kept()["input:1"] == ""

    page.context.set_offline(False)
    expect(row("[data-local]")).to_be_empty(timeout=10_000)
    assert kept()["input:1"] == "46"


@pytest.mark.slow
def test_a_closed_lid_loses_nothing(page: Page, row):
    page.context.set_offline(True)
    row('[data-box="input:0"]').fill("21")
    expect(row("[data-local]")).to_contain_text("連線中斷")
    # The tab is gone; later, on the same computer, the page is opened again.
    address, context = page.url, page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)

    expect(again.locator("[data-box='input:0']").first).to_have_value("21")
    expect(again.locator("[data-local]:not(:empty)")).to_have_count(0)
    assert kept()["input:0"] == "21"


@pytest.mark.slow
def test_an_expired_log_in_loses_nothing(page: Page, row):
    page.context.clear_cookies(name="sessionid")
    row('[data-box="input:0"]').fill("21")
    expect(row("[data-local]")).to_contain_text("登入已逾時")
    assert not Entry.objects.exists()

    row("[data-local] a").click()
    sign_in(page, "lin")

    expect(page.locator(".kr").first).to_be_visible()
    expect(row('[data-box="input:0"]')).to_have_value("21")
    expect(row("[data-local]")).to_be_empty()
    assert kept()["input:0"] == "21"


@pytest.mark.slow
def test_two_people_see_both_sides_and_choose(page: Page, row, browser):
    make_user("chen", role=Role.STAFF, unit=Unit.objects.get(code="dvpc-sexual"))
    other = browser.new_context(base_url=page.url.split("/units")[0])
    theirs = other.new_page()
    theirs.goto("/login/")
    sign_in(theirs, "chen")
    theirs.goto(SECTION)
    row('[data-box="input:0"]').fill("21")
    expect(row('[data-part="state"]')).not_to_be_empty()
    expect(row("[data-local]")).to_be_empty()

    kpi = Kpi.objects.get(code="BC1.1", scorecard__year=2022)
    second = theirs.locator(f'[data-row="{kpi.pk}"]')
    second.locator('[data-box="input:0"]').fill("22")
    second.locator('[data-box="input:1"]').fill("46")
    expect(second.locator("[data-conflict]")).to_contain_text("lin")
    assert kept() == {"input:0": "21"}
    second.locator('[data-keep="mine"]').click()
    expect(second.locator("[data-local]")).to_be_empty()
    other.close()

    assert kept() == {"input:0": "22", "input:1": "46"}


@pytest.mark.slow
def test_evidence_is_given_in_the_row(page: Page, row):
    row('[data-box="input:0"]').fill("21")
    expect(row(".live")).to_be_visible()

    row("[data-evidence]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"21"}
    )
    expect(row(".files")).to_contain_text("a.txt")
    row("[data-evidence]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    )
    expect(row("[data-files] .error")).to_be_visible()
    row(".files button").click()
    expect(row(".files li")).to_have_count(0)
    row('[data-box="input:1"]').fill("46")
    expect(row('[data-part="value"]')).to_contain_text("45.65")


PASTE = """text => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent(
    "paste", {clipboardData: carried, bubbles: true, cancelable: true}));
}"""


@pytest.mark.slow
def test_a_block_is_pasted_into_the_grid_and_taken_back(page: Page, section):
    log_in(page, "lin", "dvpc-sexual")
    page.goto(f"{SECTION}grid/")
    cells = page.locator("[data-cell]")
    kpi = Kpi.objects.get(code="BC1.1", scorecard__year=2022)
    first = page.locator(f'[data-row="{kpi.pk}"] [data-cell]').first
    first.focus()

    page.evaluate(PASTE, '21\t46\r\n"1,234"\t2,000\r\n')

    expect(page.locator(f'[data-row="{kpi.pk}"] .eq')).to_contain_text("45.65")
    assert kept() == {"input:0": "21", "input:1": "46"}
    below = page.locator("[data-row]").nth(2).locator("[data-cell]")
    expect(below.first).to_have_value("1,234")
    first.focus()
    page.keyboard.press("Control+z")
    expect(first).to_have_value("")
    expect(below.first).to_have_value("")
    page.keyboard.press("Control+y")
    expect(first).to_have_value("21")

    page.keyboard.press("ArrowDown")
    expect(below.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(below.nth(1)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(below.first).to_be_focused()
    assert cells.count() == 5


@pytest.mark.slow
def test_the_pages_are_accessible_and_fit_a_phone(page: Page, axe, row):
    row('[data-box="input:0"]').fill("21")
    row('[data-box="input:1"]').fill("46")
    expect(row(".gauge")).to_be_visible()
    row(".other > summary").click()

    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        if violations := axe():
            found[scheme, SECTION, "typed"] = violations
        for part in ("", "grid/", "send/", "sent/", "years/", "print/"):
            page.goto(SECTION + part)
            if violations := axe():
                found[scheme, part] = violations
    for width in (360, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for part in ("", "grid/", "send/", "sent/", "years/"):
            page.goto(SECTION + part)
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                found[width, part] = needed

    assert found == {}
