"""A section's own work: its rows, drafts kept as typed, conflicts, sending, no scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from bsc.models import Unit, User
from kpi.models import Entry, Kpi, KpiOwner, Round, Statement
from tests.factories import (
    make_kpi,
    make_plan_row,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_target,
    make_unit,
    make_user,
    omar,
    vera,
)

pytestmark = pytest.mark.django_db

YEAR = 2022
MOST = 15
RATIO = "(安置後結案人數/安置人數)*100%"


@dataclass
class Section:
    """A centre with one section of two people, and a KPI that is a ratio."""

    unit: Unit
    other: Unit
    kpi: Kpi
    lin: User
    chen: User

    @property
    def page(self) -> str:
        return f"/units/{self.unit.code}/111/entry/"

    @property
    def draft(self) -> str:
        return f"/kpis/{self.kpi.pk}/111/draft/"

    def entry(self) -> Entry:
        return Entry.objects.get(kpi=self.kpi)


@pytest.fixture
def section() -> Section:
    centre = make_unit("centre", parent=make_unit("city"))
    unit = make_unit("care", parent=centre, kind=Unit.Kind.SECTION, name="安置組")
    other = make_unit("plan", parent=centre, kind=Unit.Kind.SECTION, name="綜規組")
    card = make_scorecard(centre, YEAR, status="in-force")
    kpi = make_kpi("BC1.3", scorecard=card, owners=(unit,), formula_text=RATIO)
    make_target(kpi, "57.5", printed="57.5")
    make_plan_row(kpi, ("社福績效考核實施計畫",))
    for year, value, absence in ((2019, None, "not-measured"), (2021, "56.25", "")):
        Statement.objects.create(
            scorecard=card,
            series=kpi.series,
            period=str(year),
            text=f"{value}%" if value else "無實際值",
            value=value,
            absence=absence,
        )
    return Section(
        unit,
        other,
        kpi,
        make_user("lin", role="staff", unit=unit, display_name="林怡君"),
        make_user("chen", role="staff", unit=unit, display_name="陳大文"),
    )


@pytest.fixture
def of() -> Callable[[User], Client]:
    def client(user: User) -> Client:
        found = Client()
        found.force_login(user)
        return found

    return client


def typed(numerator: str, denominator: str, **more: str) -> dict[str, str]:
    return {"input:0": numerator, "input:1": denominator, **more}


EXPLAINED = {
    "control": "inside",
    "explanation": "寄養家庭不足",
    "remedy": "與三所機構簽約",
    "remedy_due_on": "112.6.30",
}


def test_a_person_comes_to_their_section_and_sees_what_to_report(section, of):
    answer = of(section.lin).get("/work/", follow=True)

    assert answer.redirect_chain == [(section.page, 302)]
    text = answer.content.decode()
    for words in (
        "安置後結案人數",
        "安置人數",
        "57.5",
        "56.25",
        "無實際值",
        "社福績效",
    ):
        assert words in text


def test_without_a_round_the_page_says_so_and_with_one_when_it_is_due(section, of):
    client = of(section.lin)
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        assert "no due date yet" in client.get(section.page).content.decode()

        days = [timezone.localdate() + timedelta(days=n) for n in range(-2, 3)]
        Round.objects.create(
            name="111年",
            period=str(YEAR),
            opens_on=days[0],
            due_on=days[3],
            check_due_on=days[4],
            approve_due_on=days[4],
            closes_on=days[4],
        ).scorecards.add(section.kpi.scorecard)
        text = client.get(section.page).content.decode()
        assert f"Due {days[3].isoformat()}, 1 day left" in text


def test_what_is_typed_is_answered_with_value_light_and_distance(section, of):
    client = of(section.lin)

    answer = client.post(section.draft, typed("21", "46", version=""))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "45.65" in text
    assert "27 ÷ 46 × 100" in text
    assert 'data-explain="yes"' in text
    entry = section.entry()
    assert (entry.typed["input:0"], entry.state) == ("21", "draft")
    assert f'data-version="{entry.version}"' in text


def test_what_cannot_be_is_said_at_its_box_and_kept_as_typed(section, of):
    client = of(section.lin)

    answer = client.post(section.draft, typed("兩成", "0", version=""))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert '<div data-part="error-input:0"></div>' not in text
    assert section.entry().typed["input:0"] == "兩成"
    assert "兩成" in client.get(section.page).content.decode()


@pytest.mark.parametrize(
    "boxes",
    [{"value": "1"}, {"input:9": "1"}, {"input:0": "9" * 6000}],
    ids=["a box of another kind", "a box too many", "a text too long"],
)
def test_what_no_page_sends_is_refused_and_nothing_is_written(section, of, boxes):
    answer = of(section.lin).post(section.draft, boxes)

    assert answer.status_code == 422
    assert not Entry.objects.exists()


def test_the_second_of_two_is_told_who_wrote_what(section, of):
    of(section.lin).post(section.draft, typed("21", "46", version=""))

    answer = of(section.chen).post(section.draft, typed("22", "46", version=""))

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "林怡君" in text
    assert 'data-differs="input:0" data-theirs="21"' in text
    assert section.entry().typed["input:0"] == "21"

    version = section.entry().version
    again = of(section.chen).post(section.draft, {"input:0": "22", "version": version})
    assert again.status_code == 200
    assert section.entry().typed == {"input:0": "22", "input:1": "46"}


def test_others_read_and_write_nothing(section, of):
    manager = make_user("chief", role="manager", unit=section.unit)
    auditor, stranger = vera(section.unit), omar()

    for user, seen in ((manager, 200), (auditor, 200), (stranger, 403)):
        client = of(user)
        assert client.get(section.page).status_code == seen
        assert client.post(section.draft, typed("1", "2")).status_code == 403
        assert client.post(section.page, {}).status_code == 403
    assert "data-entry" in of(manager).get(section.page).content.decode()
    assert "Check and send" not in of(manager).get(section.page).content.decode()
    assert not Entry.objects.exists()


def page_of(kpi: Kpi, boxes: dict[str, str]) -> dict[str, str]:
    return {f"k{kpi.pk}-{name}": text for name, text in boxes.items()}


def test_without_scripts_the_whole_page_is_kept_by_one_button(section, of):
    client = of(section.lin)
    second = make_kpi(
        "BC1.4", scorecard=section.kpi.scorecard, owners=(section.unit,), measure="件"
    )
    sent = page_of(section.kpi, typed("21", "46", version=""))
    sent |= page_of(second, {"value": "12", "version": ""})

    answer = client.post(section.page, sent)

    assert (answer.status_code, answer.headers["Location"]) == (302, section.page)
    assert Entry.objects.count() == 2
    text = client.get(section.page).content.decode()
    assert 'value="21"' in text
    assert "45.65" in text


def test_without_scripts_a_conflict_shows_both_and_keeps_what_was_typed(section, of):
    of(section.lin).post(section.draft, typed("21", "46", version=""))
    client = of(section.chen)

    answer = client.post(
        section.page, page_of(section.kpi, typed("22", "46", version=""))
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "林怡君" in text
    assert 'value="22"' in text
    assert f'name="k{section.kpi.pk}-version" value="{section.entry().version}"' in text
    assert section.entry().typed["input:0"] == "21"


def test_what_is_missing_is_listed_with_the_way_to_its_box(section, of):
    client = of(section.lin)
    client.post(section.draft, typed("21", "46", version=""))

    text = client.get(f"{section.page}send/").content.decode()

    assert f'href="{section.page}#k{section.kpi.pk}-explanation"' in text
    assert "autofocus" not in text


def test_what_is_whole_is_sent_and_then_locked_until_taken_back(section, of):
    client = of(section.lin)
    client.post(section.draft, typed("21", "46", version="", **EXPLAINED))
    entry = section.entry()
    address = f"{section.page}send/"
    form = {"send": section.kpi.pk, f"k{section.kpi.pk}-version": entry.version}

    asked = client.get(address).content.decode()
    assert f'name="send" value="{section.kpi.pk}"' in asked
    answer = client.post(address, form)

    assert answer.headers.get("Location") == f"{section.page}sent/"
    assert section.entry().state == "submitted"
    sent = client.get(f"{section.page}sent/").content.decode()
    assert "45.65" in sent
    assert client.post(section.draft, typed("22", "46")).status_code in (409, 422)

    entry = section.entry()
    client.post(f"/entries/{entry.pk}/recall/", {"version": entry.version})
    assert section.entry().state == "draft"


def test_a_question_is_confirmed_once_before_sending(section, of):
    client = of(section.lin)
    # To the digit the target: asked, and not kept back once it is confirmed.
    client.post(section.draft, typed("23", "40", version=""))
    address = f"{section.page}send/"
    text = client.get(address).content.decode()
    assert "equal-to-target" in text

    form = {
        "send": section.kpi.pk,
        f"k{section.kpi.pk}-version": section.entry().version,
        f"k{section.kpi.pk}-confirmed": "equal-to-target",
    }
    refused = {**form, f"k{section.kpi.pk}-confirmed": ""}
    assert client.post(address, refused).status_code == 422
    assert section.entry().state == "draft"
    client.post(address, form)
    assert section.entry().state == "submitted"


def test_one_unit_enters_and_the_other_signs(section, of):
    KpiOwner.objects.filter(kpi=section.kpi).update(is_editor=True)
    KpiOwner.objects.create(kpi=section.kpi, unit=section.other, name="綜規組")
    wang = make_user("wang", role="staff", unit=section.other)
    client = of(section.lin)
    client.post(section.draft, typed("28", "46", version=""))
    entry = section.entry()
    assert of(wang).post(section.draft, typed("1", "2")).status_code == 403

    form = {"send": section.kpi.pk, f"k{section.kpi.pk}-version": entry.version}
    client.post(f"{section.page}send/", form)
    page = of(wang).get("/units/plan/111/entry/sent/").content.decode()
    assert f"/entries/{entry.pk}/sign/" in page
    of(wang).post(f"/entries/{entry.pk}/sign/", {"section": "plan"})

    assert entry.steps.filter(action="signed", unit=section.other, by=wang).exists()


def test_self_ratings_are_asked_for_where_rules_use_them(section, of):
    make_rules("bureau", YEAR)
    make_self_rating(section.kpi, ("80", "85", "90"), period="2021")

    text = of(section.lin).get(section.page).content.decode()

    for box in ("innovation", "challenge", "contribution", "basis"):
        assert f'data-box="{box}"' in text
    assert "85" in text


def test_the_form_on_paper_has_a_line_for_each_figure(section, of):
    text = of(section.lin).get(f"{section.page}print/").content.decode()

    assert "安置後結案人數" in text
    assert "57.5" in text


def test_all_years_are_one_click_away(section, of):
    text = of(section.lin).get(f"{section.page}years/").content.decode()

    assert "56.25%" in text
    assert "無實際值" in text


def test_a_figure_in_force_is_not_typed_over(section, of):
    section.kpi.series.actuals.create(period=str(YEAR), value="60", state="approved")
    client = of(section.lin)

    assert client.post(section.draft, typed("1", "2", version="")).status_code == 422
    text = client.get(section.page).content.decode()
    assert f'id="row-{section.kpi.pk}"' not in text
    sent = client.get(f"{section.page}sent/").content.decode()
    assert f'id="row-{section.kpi.pk}"' in sent


def test_a_person_without_a_section_is_told_so(of):
    answer = of(make_user()).get("/work/")

    assert answer.status_code == 200


def test_two_hundred_kpis_take_the_queries_of_two(section, of):
    client = of(section.lin)
    client.get(section.page)
    taken = []
    for count in (1, 199):
        for number in range(count):
            kpi = make_kpi(
                f"X{count}.{number}",
                scorecard=section.kpi.scorecard,
                objective=section.kpi.objective,
                owners=(section.unit,),
                formula_text=RATIO,
            )
            make_target(kpi)
            make_plan_row(kpi, (f"計畫{number}",))
            Entry.objects.create(
                kpi=kpi,
                period=str(YEAR),
                typed=typed("1", "2"),
                entered_by=section.lin,
                entered_at=timezone.now(),
            )
        with CaptureQueriesContext(connection) as captured:
            assert client.get(section.page).status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1], taken
    assert taken[1] <= MOST, "\n".join(q["sql"] for q in captured.captured_queries)


def test_days_are_written_as_the_reader_writes_them():
    from kpi.boards.entry_heads import day_text

    with translation.override("zh-hant"):
        assert day_text(date(2023, 2, 10)) == "112.2.10"
    with translation.override("en"):
        assert day_text(date(2023, 2, 10)) == "2023-02-10"
