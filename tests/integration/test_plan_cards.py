"""A planner makes cards, empty or from an earlier year, and what stands on them."""

import pytest

from bsc.models import Objective, Scorecard, SuccessFactor
from kpi.models import Kpi, KpiLineage
from tests.factories import (
    make_actual,
    make_kpi,
    make_perspective,
    make_scorecard,
    make_success_factor,
    make_target,
    make_theme,
)
from tests.integration.test_plan_editing import KPI, Plan, as_drawn, errors_of

pytestmark = pytest.mark.django_db


def test_a_card_is_copied_to_another_year_as_a_draft_with_its_lineage():
    plan = Plan()
    theme = make_theme(plan.card)
    Objective.objects.update(theme=theme, perspective=make_perspective(plan.card))
    factor = make_success_factor(plan.objective)
    Kpi.objects.update(
        success_factor=factor,
        is_exempt=True,
        exemption_reason="新增",
        text="EC1.1 指標",
        formula_text="甲/乙",
    )
    make_kpi("EC1.9", objective=plan.objective, is_withdrawn=True)
    make_target(plan.kpi, "80", 2023)
    make_target(plan.kpi, "85", 2024, printed="85%")
    make_actual(plan.kpi, "90")
    typed = {
        "unit": plan.bureau.pk,
        "year": "113",
        "plan": "bsc",
        "source": plan.card.pk,
    }

    assert plan.client.post("/plans/new/", typed).status_code == 302

    card = Scorecard.objects.get(year=2024)
    assert card.status == "draft"
    kpi = card.kpis.get()
    assert (kpi.series, kpi.formula_text, kpi.text) == (plan.kpi.series, "甲/乙", "")
    assert not kpi.is_exempt
    assert (kpi.objective.scorecard, kpi.objective.theme.scorecard) == (card, card)
    assert kpi.success_factor.objective == kpi.objective
    assert kpi.objective.perspective.scorecard == card
    assert [owner.unit for owner in kpi.owners.all()] == [plan.section]
    target = kpi.targets.get()
    assert (target.year, target.value, target.printed) == (2024, 85, "")
    step = KpiLineage.objects.get()
    assert (step.earlier, step.later, step.kind) == (plan.kpi, kpi, "same")
    assert (step.confirmed_by, kpi.history.get().history_user) == (plan.ines, plan.ines)
    # The same once more, a later source, another's unit: said at the box.
    assert plan.client.post("/plans/new/", typed).context["form"].errors["year"]
    back = plan.client.post("/plans/new/", typed | {"year": "111"})
    assert back.context["form"].errors["source"]
    elsewhere = plan.client.post("/plans/new/", typed | {"unit": plan.city.pk})
    assert elsewhere.context["form"].errors["unit"]
    assert (
        plan.client.post("/plans/new/", typed | {"plan": "plan", "year": "114"})
        .context["form"]
        .errors["plan"]
    )


def test_an_empty_card_is_made_filled_and_put_in_force():
    plan = Plan()
    made = plan.client.post(
        "/plans/new/", {"unit": plan.bureau.pk, "year": "2024", "plan": "bsc"}
    )
    card = Scorecard.objects.get(year=2024)
    assert made.url == "/units/bureau/113/plan/"
    base = f"/plans/{card.pk}"
    for kind, typed in (
        (
            "themes",
            {
                "code": "E",
                "name": "支持",
                "members": [plan.section.pk],
                "lead": plan.section.pk,
            },
        ),
        ("themes", {"code": "F", "name": "財務"}),
        ("perspectives", {"code": "C", "name": "顧客"}),
    ):
        answer = plan.client.post(f"{base}/{kind}/new/", typed)
        assert answer.status_code == 302, errors_of(answer)
    first, last = card.themes.all()
    assert [(m.unit, m.is_lead, m.name) for m in first.members.all()] == [
        (plan.section, True, "成保組")
    ]
    objective = {
        "code": "EC1",
        "name": "安心",
        "row": "perspective",
        "perspective": card.perspectives.get().pk,
        "theme": first.pk,
    }
    turned = {"first_theme": last.pk, "last_theme": first.pk}
    answer = plan.client.post(f"{base}/objectives/new/", objective | turned)
    assert "last_theme" in errors_of(answer)
    assert plan.client.post(f"{base}/objectives/new/", objective).status_code == 302
    again = plan.client.post(f"{base}/objectives/new/", objective)
    assert "code" in errors_of(again)
    plan.client.post(f"{base}/objectives/new/", objective | {"code": "EC2"})
    one, two = card.objectives.all()
    plan.client.post(f"{base}/links/new/", {"cause": two.pk, "effect": one.pk})
    plan.client.post(f"{base}/ksfs/new/", {"objective": one.pk, "name": "合作"})
    made = plan.client.post(
        f"{base}/kpis/new/",
        KPI | {"objective": one.pk, "success_factor": SuccessFactor.objects.get().pk},
    )
    kpi = Kpi.objects.get(scorecard=card)
    assert made.url == f"/kpis/{kpi.pk}/targets/"
    assert (kpi.name, kpi.series.name, kpi.direction) == (
        "再通報率",
        "再通報率",
        "negative",
    )
    # A direction is not ticked for anybody.
    fresh = plan.client.get(f"{base}/kpis/new/")
    assert "Select an option" not in fresh.text
    assert fresh.context["form"]["direction"].value() is None
    page = plan.client.get("/units/bureau/113/plan/")
    assert "EC2 → EC1" in page.text and "no target of 113" in page.text.replace(
        "\n", " "
    )
    head = as_drawn(plan.client.get(f"{base}/card/").context["form"])
    head |= {"mission": "守護", "core_values": "愛\n勇氣", "status": "in-force"}
    assert plan.client.post(f"{base}/card/", head).status_code == 302
    card.refresh_from_db()
    assert (card.status, card.core_values) == ("in-force", ["愛", "勇氣"])
    # It stays in force, and what hangs on a theme is named when it is to go.
    head = as_drawn(plan.client.get(f"{base}/card/").context["form"])
    back = plan.client.post(f"{base}/card/", head | {"status": "draft", "reason": "x"})
    assert "status" in errors_of(back)
    drawn = as_drawn(plan.client.get(f"/plans/themes/{first.pk}/").context["form"])
    kept = plan.client.post(
        f"/plans/themes/{first.pk}/", drawn | {"remove": "1", "reason": "x"}
    )
    assert "EC1 安心" in errors_of(kept)["__all__"][0]
    drawn = as_drawn(plan.client.get(f"/plans/themes/{last.pk}/").context["form"])
    gone = {"remove": "1", "reason": "x"}
    assert (
        plan.client.post(f"/plans/themes/{last.pk}/", drawn | gone).status_code == 302
    )
    assert card.themes.get() == first


def test_a_theme_of_another_card_is_refused():
    plan = Plan(status="draft")
    theme = make_theme(make_scorecard(plan.bureau, 2021))
    url = f"/plans/{plan.card.pk}/objectives/new/"

    typed = {"code": "X", "name": "甲", "row": "top", "theme": theme.pk}
    assert "theme" in errors_of(plan.client.post(url, typed))
    assert plan.client.get("/plans/nonsense/1/").status_code == 404
