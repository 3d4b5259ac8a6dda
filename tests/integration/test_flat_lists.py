"""Flat lists of the admin: out and in again, every row checked, nothing by formula."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from import_export.formats.base_formats import CSV

from actions.admin import BudgetLineResource
from bsc.admin.people import UserResource
from bsc.admin.units import UnitResource
from bsc.admin_base import with_quote, without_quote
from bsc.models import Unit, User
from bsc.permissions import Action, units_where
from kpi.admin.lists import ActualResource, RulesResource, TargetResource
from kpi.models import Actual, Entry, RatingRules, Target
from tests.factories import (
    ines,
    make_actual,
    make_budget_line,
    make_kpi,
    make_rules,
    make_scorecard,
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


def read(resource, text: str):
    """Bring a list in, as its page does when one confirms."""
    dataset = CSV().create_dataset(text)
    return resource.import_data(dataset, rollback_on_validation_errors=True)


def write(resource) -> str:
    return resource.export().csv


def errors_of(result) -> dict[int, str]:
    """Return what is wrong with each row, counted from 1."""
    errors = {row.number: str(row.error) for row in result.invalid_rows}
    for number, found in result.row_errors():
        errors[number] = " ".join(str(error.error) for error in found)
    return errors


@pytest.mark.parametrize(
    "text", ["=1+1", "+886", "-", "@sum", "\tx", "'=1", "'text", "plain", "≥80", ""]
)
def test_a_text_goes_out_as_no_formula_and_comes_back_as_it_was(text: str):
    out = with_quote(text)

    assert not out.startswith(tuple("=+-@\t\r"))
    assert without_quote(out) == text


def test_a_list_of_units_holds_no_formula(city: Unit):
    make_unit("evil", parent=city, name='=HYPERLINK("http://x")')

    text = write(UnitResource())

    assert "'=HYPERLINK" in text
    assert read(UnitResource(), text).totals["skip"] == 2


def test_units_come_in_as_a_list(city: Unit):
    text = (
        "code,name,short_name,kind,parent,lead,is_open\n"
        "city,市府,,city,,,1\n"
        "health,衛生局,衛生局,bureau,city,,1\n"
        "group-g,G組,,group,city,health,1\n"
    )

    result = read(UnitResource(), text)

    assert errors_of(result) == {}
    health = Unit.objects.get(code="health")
    assert health.path.startswith(city.path)
    assert Unit.objects.get(code="group-g").lead == health
    assert Unit.objects.get(code="city").name == "市府"


def test_the_errors_of_a_list_stand_at_their_rows(city: Unit):
    text = (
        "code,name,short_name,kind,parent,lead,is_open\n"
        "good,好局,,bureau,city,,1\n"
        "bad code,壞局,,bureau,city,,1\n"
        "other,他局,,nothing,city,,1\n"
        "orphan,孤局,,bureau,nowhere,,1\n"
    )

    result = read(UnitResource(), text)

    assert set(errors_of(result)) == {2, 3, 4}
    assert not Unit.objects.filter(code="good").exists()


def test_an_account_of_a_list_has_no_password_and_no_rights():
    text = "username,display_name,email,is_active\nvera,Vera,vera@example.org,1\n"

    read(UserResource(), text)

    vera = User.objects.get(username="vera")
    assert not vera.has_usable_password()
    assert not vera.is_superuser
    assert "password" not in write(UserResource())


def test_a_list_changes_no_account_above(city: Unit, bureau: Unit):
    make_user("boss", role="planner", unit=city)
    own = make_user(role="admin", unit=bureau)
    units = units_where(own, Action.ADMINISTER).values_list("pk", flat=True)
    text = "username,display_name,email,is_active\nboss,Boss,,0\n"

    result = read(UserResource(units=units), text)

    assert errors_of(result)
    assert User.objects.get(username="boss").is_active


TARGETS = "unit,card_year,plan,kpi,year,value,comparator,text,note,reason\n"


def test_targets_come_in_as_a_list_and_are_rated(bureau: Unit):
    make_rules("bureau")
    kpi = make_kpi("EC1.1", unit=bureau)
    make_target(kpi, "80", printed="80%以上")
    make_actual(kpi, "90")

    text = f"{TARGETS}bureau,109,bsc,EC1.1,109,90,≥,,,"
    assert errors_of(read(TargetResource(by=ines(bureau)), f"{text}\n"))
    result = read(TargetResource(by=User.objects.get()), f"{text}會議決議\n")

    assert errors_of(result) == {}
    target = Target.objects.get()
    assert (target.value, target.comparator, target.printed) == (90, "≥", "")
    assert kpi.results.get().achievement == 100


def test_a_list_that_says_nothing_new_writes_nothing(bureau: Unit):
    kpi = make_kpi("EC1.1", unit=bureau)
    make_target(kpi, "80.5", comparator="=")
    make_actual(kpi, "90")
    make_budget_line()
    make_rules()

    for resource in (
        TargetResource(),
        ActualResource(),
        BudgetLineResource(),
        RulesResource(),
    ):
        result = read(resource, write(resource))
        assert errors_of(result) == {}
        assert result.totals["skip"] == 1


def test_a_target_of_a_list_is_checked_like_that_of_a_page(bureau: Unit):
    make_kpi("EC1.1", unit=bureau)
    rows = (
        "bureau,109,bsc,EC1.1,109,90,,也有字,,會議\n"
        "bureau,109,bsc,EC9.9,109,90,,,,會議\n"
        "bureau,109,bsc,EC1.1,0,90,,,,會議\n"
        "bureau,109,bsc,EC1.1,109,many,,,,會議\n"
    )

    result = read(TargetResource(by=ines(bureau)), TARGETS + rows)

    assert set(errors_of(result)) == {1, 2, 3, 4}
    assert not Target.objects.exists()


def test_a_planner_brings_in_no_row_of_another_unit(bureau: Unit):
    make_kpi("EC1.1", unit=make_unit("other"))
    units = [bureau.pk]
    assert list(units_where(ines(bureau), Action.EDIT_PLAN)) == [bureau]

    text = f"{TARGETS}other,109,bsc,EC1.1,109,90,,,,會議\n"
    result = read(TargetResource(units=units, by=User.objects.get()), text)

    assert errors_of(result)
    assert not Target.objects.exists()


def test_a_closed_year_takes_no_row_of_a_list(bureau: Unit):
    card = make_scorecard(bureau, status="closed")
    make_kpi("EC1.1", scorecard=card)

    text = f"{TARGETS}bureau,109,bsc,EC1.1,109,90,,,,會議\n"
    result = read(TargetResource(by=ines(bureau)), text)

    assert errors_of(result)


def test_an_approved_figure_is_not_changed_by_a_list(bureau: Unit):
    kpi = make_kpi(unit=bureau)
    make_actual(kpi, "90")
    text = f"series,period,value,text,absence\n{kpi.series.pk},109,91,,\n"

    assert errors_of(read(ActualResource(), text))
    assert Actual.objects.get().value == 90


def test_a_figure_of_a_list_is_a_draft_of_who_may_enter_it(bureau: Unit):
    kpi = make_kpi(unit=bureau, owners=(bureau,))
    clerk = make_user(role="staff", unit=bureau)
    text = f"series,period,value,text,absence\n{kpi.series.pk},109,91.50,,\n"

    assert errors_of(read(ActualResource(by=ines(bureau)), text))
    assert not Entry.objects.exists()
    assert errors_of(read(ActualResource(by=clerk), text)) == {}
    entry = Entry.objects.get()
    assert (entry.period, entry.state, entry.typed) == (
        "2020",
        "draft",
        {"value": "91.50"},
    )
    assert (entry.entered_by, Actual.objects.exists()) == (clerk, False)
    assert errors_of(read(ActualResource(by=clerk), text)) == {}
    other = text.replace("91.50", "92")
    assert errors_of(read(ActualResource(by=clerk), other))
    entry.refresh_from_db()
    assert entry.typed == {"value": "91.50"}


def test_a_page_of_the_admin_brings_figures_in_as_drafts(client: Client, bureau: Unit):
    kpi = make_kpi(unit=bureau, owners=(bureau,))
    planner = ines(bureau)
    planner.memberships.create(unit=bureau, role="staff")
    client.force_login(planner)
    rows = f"series,period,value,text,absence\n{kpi.series.pk},109,91,,\n"
    file = SimpleUploadedFile("figures.csv", rows.encode())

    page = client.post(
        "/admin/kpi/actual/import/", {"import_file": file, "format": "0"}
    )
    confirmed = page.context["confirm_form"].initial
    done = client.post("/admin/kpi/actual/process_import/", confirmed)

    assert done.status_code == 302
    assert Entry.objects.get().entered_by == planner


def test_budgets_come_in_as_a_list(bureau: Unit):
    line = make_budget_line(amount="1000", printed="1,000元")
    kpi = line.row.kpi
    code = kpi.scorecard.unit.code
    text = (
        "unit,card_year,plan,kpi,row,year,stage,kind,amount\n"
        f"{code},109,bsc,{kpi.code},0,109,budget,amount,2500\n"
        f"{code},109,bsc,{kpi.code},0,110,budget,none,\n"
    )

    result = read(BudgetLineResource(), text)

    assert errors_of(result) == {}
    line.refresh_from_db()
    assert (line.amount, line.printed) == (2500, "")
    assert line.row.budgets.get(year=2021).kind == "none"


def test_rules_that_do_not_sum_to_one_are_refused(city: Unit):
    make_rules()
    rows = RulesResource(by=ines(city))
    text = write(rows).replace("0.2500", "0.3500", 1)

    assert errors_of(read(rows, text))
    assert RatingRules.objects.get().achievement_weight == pytest.approx(0.25)


def test_rules_of_a_list_are_kept_by_planners_of_the_city(city: Unit, bureau: Unit):
    make_rules()
    text = write(RulesResource()).replace(",100.00,1,", ",100.00,2,")
    elsewhere = RulesResource(by=make_user(role="planner", unit=bureau))
    assert errors_of(read(elsewhere, text))

    keeper = ines(city)
    assert errors_of(read(RulesResource(by=keeper), text)) == {}
    rules = RatingRules.objects.get()
    assert (rules.total_decimals, rules.history.first().history_user) == (2, keeper)


def test_a_list_comes_in_through_its_page(client: Client, bureau: Unit):
    make_kpi("EC1.1", unit=bureau)
    planner = ines(bureau)
    client.force_login(planner)
    text = f"{TARGETS}bureau,109,bsc,EC1.1,109,90,≥,,,會議\n".encode("utf-8-sig")
    file = SimpleUploadedFile("targets.csv", text)

    form = {"import_file": file, "format": "0", "resource": ""}
    page = client.post("/admin/kpi/target/import/", form)
    confirm = page.context["confirm_form"].initial
    client.post("/admin/kpi/target/process_import/", confirm)

    target = Target.objects.get()
    assert target.value == 90
    assert target.history.get().history_user == planner


def test_a_list_goes_out_through_its_page(client: Client, bureau: Unit):
    make_target(make_kpi("EC1.1", unit=bureau))
    make_target(make_kpi("EC9.9", unit=make_unit()))
    client.force_login(ines(bureau))
    page = client.get("/admin/kpi/target/export/")
    form = {"format": "0", "resource": ""}
    columns = [name for name in page.context["form"].fields if "target" in name]
    form |= dict.fromkeys(columns, "on")

    text = client.post("/admin/kpi/target/export/", form).content.decode("utf-8-sig")

    assert "EC1.1" in text
    assert "EC9.9" not in text
