"""A planner makes and edits a plan in the browser."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bsc.models import Scorecard, Theme
from bsc.periods import Period
from kpi.models import Kpi, Result, Target
from kpi.services import refresh_results
from tests.factories import (
    ines,
    make_actual,
    make_kpi,
    make_objective,
    make_rules,
    make_scorecard,
    make_success_factor,
    make_target,
    make_theme,
    make_unit,
    make_user,
    vera,
)

pytestmark = pytest.mark.django_db

KPI = {
    "code": "EC1.1",
    "name": "再通報率",
    "direction": "negative",
    "measure": "%",
    "decimals": "2",
    "achievement_decimals": "1",
    "weight": "1",
}


class Plan:
    """A bureau with a section, a card of 112 and Ines, who plans there."""

    def __init__(self, status: str = "in-force") -> None:
        self.city = make_unit("city")
        self.bureau = make_unit("bureau", parent=self.city)
        self.section = make_unit("section", parent=self.bureau, name="成保組")
        self.card = make_scorecard(self.bureau, 2023, status=status)
        self.objective = make_objective(self.card, "EC1")
        self.kpi = make_kpi("EC1.1", objective=self.objective, owners=(self.section,))
        self.ines = ines(self.bureau)
        self.client = Client()
        self.client.force_login(self.ines)
        self.client.cookies["django_language"] = "en"

    def edit(self, **more):
        """Send the form of the KPI as the page draws it, with `more` typed."""
        page = self.client.get(f"/kpis/{self.kpi.pk}/edit/")
        typed = as_drawn(page.context["form"]) | more
        return self.client.post(f"/kpis/{self.kpi.pk}/edit/", typed)


def as_drawn(form) -> dict:
    """Return what a browser would send of a form that nobody touched."""
    found = {}
    for box in form:
        value = box.value()
        if isinstance(value, list) and box.name not in ("owners", "members"):
            value = "\n".join(value)
        if value is None or value is False:
            continue
        found[box.html_name] = value
    return found


def errors_of(response) -> dict:
    form = response.context["form"]
    return {name: [str(e) for e in errors] for name, errors in form.errors.items()}


def test_a_kpi_is_changed_with_a_reason_and_its_result_is_reckoned_again():
    plan = Plan()
    make_rules(
        level="bureau",
        year=2023,
        basis="achievement",
        uses_self_rating=False,
        achievement_weight=1,
        innovation_weight=0,
        challenge_weight=0,
        contribution_weight=0,
    )
    make_target(plan.kpi, "10")
    make_actual(plan.kpi, "8")
    refresh_results(Kpi.objects.all(), Period(2023), at=timezone.now())
    assert Result.objects.get().achievement == 80

    without = plan.edit(direction="negative")
    assert without.status_code == 422
    assert "say why" in errors_of(without)["reason"][0]

    done = plan.edit(direction="negative", name="再通報率", reason="會議決議")
    assert done.status_code == 302
    kpi = Kpi.objects.get()
    assert (kpi.direction, kpi.direction_basis) == ("negative", "confirmed")
    assert Result.objects.get().achievement == 125
    newest = kpi.history.first()
    assert (newest.history_user, newest.history_change_reason) == (
        plan.ines,
        "會議決議",
    )


def test_the_second_of_two_planners_is_told_who_changed_what():
    plan = Plan()
    page = plan.client.get(f"/kpis/{plan.kpi.pk}/edit/")
    typed = as_drawn(page.context["form"])
    plan.edit(measure="件", reason="first")

    answer = plan.client.post(
        f"/kpis/{plan.kpi.pk}/edit/", typed | {"source": "內政部", "reason": "second"}
    )

    assert answer.status_code == 409
    words = errors_of(answer)["__all__"][0]
    assert "Ines" in words and "“%” to “件”" in words
    assert "內政部" in answer.text
    assert Kpi.objects.get().source == ""
    # Who was told may send it again.
    again = as_drawn(answer.context["form"])
    assert plan.client.post(f"/kpis/{plan.kpi.pk}/edit/", again).status_code == 302
    assert Kpi.objects.get().source == "內政部"


def test_what_a_kpi_cannot_be_is_said_at_its_box():
    plan = Plan()
    make_kpi("EC1.2", objective=plan.objective)
    other = make_success_factor(make_objective(plan.card, "EC2"))
    address = f"/kpis/{plan.kpi.pk}/edit/"
    drawn = as_drawn(plan.client.get(address).context["form"]) | {"reason": "x"}
    for typed, box in (
        ({"code": "EC1.2"}, "code"),
        ({"is_exempt": "on"}, "exemption_reason"),
        ({"exemption_reason": "新增"}, "exemption_reason"),
        ({"minimum": "10", "maximum": "5"}, "maximum"),
        ({"minimum": "1e999999"}, "minimum"),
        ({"expression": "甲 / 乙 / 丙"}, "expression"),
        ({"success_factor": other.pk}, "success_factor"),
        ({"editor": plan.bureau.pk}, "editor"),
        ({"notes": "\n".join("x" * 31)}, "notes"),
        ({"decimals": "9"}, "decimals"),
    ):
        answer = plan.client.post(address, drawn | typed)
        assert answer.status_code == 422, typed
        assert box in errors_of(answer), typed
    assert Kpi.history.count() == 2


def test_owners_and_who_enters_are_chosen():
    plan = Plan()
    owners = [plan.section.pk, plan.bureau.pk]

    assert (
        plan.edit(owners=owners, editor=plan.bureau.pk, reason="x").status_code == 302
    )
    found = {owner.unit_id: owner.is_editor for owner in plan.kpi.owners.all()}
    assert found == {plan.section.pk: False, plan.bureau.pk: True}
    plan.edit(owners=owners, editor=plan.section.pk, reason="x")
    found = {owner.unit_id: owner.is_editor for owner in plan.kpi.owners.all()}
    assert found == {plan.section.pk: True, plan.bureau.pk: False}
    plan.edit(owners=[plan.section.pk], editor="", reason="x")
    assert [o.name for o in plan.kpi.owners.all()] == ["成保組"]


def test_a_formula_is_read_while_it_is_typed():
    plan = Plan()
    url = "/plans/formula/"
    said = plan.client.get(
        url, {"formula_text": "(完成件數/總件數)*100%", "measure": "%"}
    )
    assert "完成件數" in said.text and "總件數" in said.text

    asked = plan.client.get(url, {"formula_text": "甲/乙-丙", "measure": "%"})
    choices = asked.context["reading"].choices
    assert len(choices) > 1
    # Without a script the same is read by a button, and a reading is taken.
    taken = plan.edit(formula_text="甲/乙-丙", take=choices[1].expression)
    assert taken.status_code == 200
    assert taken.context["form"]["expression"].value() == choices[1].expression
    assert taken.context["reading"].boxes
    assert Kpi.objects.get().expression == ""


def targets(plan: Plan, **typed):
    client = plan.client
    url = f"/kpis/{plan.kpi.pk}/targets/"
    page = client.get(url)
    drawn: dict = {"year": [form.roc_year for form in page.context["forms"]]}
    for form in page.context["forms"]:
        drawn |= as_drawn(form)
    return client.post(url, drawn | typed)


def test_a_target_that_asks_for_less_needs_a_reason():
    plan = Plan(status="draft")
    make_actual(plan.kpi, "90", "2022")

    refused = targets(plan, **{"t2023-value": "85"})
    assert refused.status_code == 422
    [error] = refused.context["forms"][0].errors["reason"]
    assert "90 in 111" in error
    assert targets(plan, **{"t2023-value": "９１"}).status_code == 302
    assert (
        targets(plan, **{"t2023-value": "85", "t2023-reason": "疫情"}).status_code
        == 302
    )
    target = Target.objects.get()
    assert (target.value, target.reason) == (85, "疫情")


def test_a_target_of_a_plan_in_force_changes_with_a_reason_only():
    plan = Plan()
    make_target(plan.kpi, "80", printed="80%")

    refused = targets(plan, **{"t2023-value": "70"})
    assert "less than before (80)" in refused.context["forms"][0].errors["reason"][0]
    assert targets(plan, **{"t2023-value": "95"}).status_code == 422
    # What stays as it is needs none.
    assert targets(plan).status_code == 302
    assert Target.objects.get().printed == "80%"
    targets(plan, **{"t2023-value": "70", "t2023-reason": "人力不足"})
    target = Target.objects.get()
    assert (target.value, target.printed, target.reason) == (70, "", "人力不足")
    assert target.history.first().history_user == plan.ines


def test_every_kind_of_target_is_set_all_or_none():
    plan = Plan(status="draft")
    url = f"/kpis/{plan.kpi.pk}/targets/"
    rows = {
        "year": ["112", "113", "114"],
        "t2023-comparator": "≥",
        "t2023-value": "1,234.5",
        "t2023-parts": "網路 ≥ 80\n電話：1,000",
        "t2024-text": "完成建置",
        "t2025-value": "",
    }
    wrong = plan.client.post(url, rows | {"t2025-value": "5", "t2025-text": "x"})
    assert wrong.status_code == 422
    assert not Target.objects.exists()
    assert plan.client.post(url, rows | {"t2023-parts": "網路"}).status_code == 422

    assert plan.client.post(url, rows).status_code == 302
    first, second = Target.objects.all()
    assert (first.value, first.comparator) == (Decimal("1234.5"), "≥")
    assert first.parts == [
        {"label": "網路", "value": "80", "comparator": "≥"},
        {"label": "電話", "value": "1000", "comparator": ""},
    ]
    assert (second.value, second.text) == (None, "完成建置")
    # An emptied row takes its target away.
    targets(plan, **{"t2024-text": ""})
    assert Target.objects.get() == first


def test_two_planners_of_one_target_are_told_of_each_other():
    plan = Plan(status="draft")
    url = f"/kpis/{plan.kpi.pk}/targets/"
    version = plan.client.get(url).context["forms"][0]["version"].value()
    targets(plan, **{"t2023-value": "80"})

    late = {"year": "112", "t2023-value": "70", "t2023-version": version}
    answer = plan.client.post(url, late)

    assert answer.status_code == 409
    assert "Ines" in answer.context["forms"][0].errors["__all__"][0]
    assert Target.objects.get().value == 80


def test_a_closed_card_takes_no_edit():
    plan = Plan()
    Scorecard.objects.update(status="closed")
    address = f"/kpis/{plan.kpi.pk}/edit/"

    assert plan.client.get(address).status_code == 302
    answer = plan.client.post(address, KPI | {"objective": plan.objective.pk})
    assert answer.status_code == 422
    assert "errata only" in errors_of(answer)["__all__"][0]
    for page in (f"/plans/{plan.card.pk}/card/", f"/plans/{plan.card.pk}/themes/new/"):
        assert plan.client.post(page, {"code": "A", "name": "甲"}).status_code == 422
    assert Kpi.history.count() == 1 and not Theme.objects.exists()


def test_a_kpi_with_figures_is_withdrawn_and_one_without_goes():
    plan = Plan()
    make_actual(plan.kpi)
    bare = make_kpi("EC1.2", objective=plan.objective)

    plan.edit(remove="1", reason="停辦")
    plan.kpi.refresh_from_db()
    assert plan.kpi.is_withdrawn
    plan.edit(restore="1", reason="續辦")
    plan.kpi.refresh_from_db()
    assert not plan.kpi.is_withdrawn
    plan.kpi = bare
    plan.edit(remove="1", reason="誤增")
    assert not Kpi.objects.filter(pk=bare.pk).exists()
    assert not type(bare.series).objects.filter(pk=bare.series_id).exists()
    assert Kpi.history.filter(id=bare.pk).first().history_change_reason == "誤增"


def test_who_does_not_plan_the_unit_edits_nothing():
    plan = Plan()
    for user in (vera(plan.city), make_user(role="staff", unit=plan.section)):
        plan.client.force_login(user)
        for url in (f"/kpis/{plan.kpi.pk}/edit/", f"/kpis/{plan.kpi.pk}/targets/"):
            assert plan.client.post(url, KPI).status_code == 403
    assert Kpi.history.count() == 1


def test_the_page_of_a_plan_asks_as_often_for_many_kpis_as_for_few(
    django_assert_max_num_queries,
):
    plan = Plan()
    for number in range(12):
        objective = make_objective(plan.card)
        make_success_factor(objective)
        make_target(make_kpi(objective=objective, owners=(plan.section,)))
        make_theme(plan.card, f"T{number}")

    for page in ("plan/", "plan/directions/"):
        with django_assert_max_num_queries(24):
            assert plan.client.get(f"/units/bureau/112/{page}").status_code == 200
