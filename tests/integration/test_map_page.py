"""The strategy map of a card, as people meet it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bsc.models import Objective, ObjectiveLink, Scorecard, ThemeMember, Unit
from tests.factories import (
    ines,
    make_actual,
    make_kpi,
    make_objective,
    make_perspective,
    make_plan_row,
    make_published_result,
    make_result,
    make_rules,
    make_scorecard,
    make_statement,
    make_success_factor,
    make_target,
    make_theme,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def city() -> Unit:
    return make_unit("city", name="臺北市政府")


@pytest.fixture
def reader(client: Client, city: Unit) -> Client:
    client.force_login(ines(city))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def group_card(city: Unit) -> Scorecard:
    group = make_unit(
        "group-e",
        parent=city,
        kind=Unit.Kind.GROUP,
        name="E組 強化社會支持",
        short_name="E組",
    )
    return make_scorecard(group)


def rated_objective(card: Scorecard) -> Objective:
    """Return EP2 of 109: the mean of its two totals is good, and one is poor."""
    rules = make_rules()
    processes = make_perspective(card, "P", name="內部流程")
    objective = make_objective(
        card, "EP2", name="推動長青樂齡環境", perspective=processes
    )
    make_success_factor(objective, name="擴增服務據點")
    for code, target, actual, achievement, light, total, reached in [
        ("EP2.1", "12", "12", "100", "good", "90.3", True),
        ("EP2.2", "3.4", "-1", "-29.4117", "poor", "70.8", False),
    ]:
        kpi = make_kpi(code, objective=objective, name=f"指標 {code}")
        make_target(kpi, target, printed=target)
        make_actual(kpi, actual, explanation="受疫情影響" if not reached else "")
        make_statement(kpi, actual)
        make_result(
            kpi,
            light,
            total,
            rules=rules,
            is_reached=reached,
            achievement=achievement,
            trace=[
                [
                    "actual-by-target",
                    {
                        "actual": actual,
                        "target": target,
                        "sign": "=",
                        "achievement": achievement,
                    },
                ]
            ],
        )
        make_published_result(
            kpi,
            light,
            total,
            texts={
                "achievement": achievement,
                "innovation": "85",
                "challenge": "99",
                "contribution": "99",
                "total": total,
            },
        )
        make_plan_row(kpi, (f"計畫 {code}",))
    return objective


def page(client: Client, card: Scorecard, query: str = "") -> str:
    response = client.get(card.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def test_each_kpi_is_a_lamp_named_in_full(reader: Client, group_card: Scorecard):
    rated_objective(group_card)

    shown = page(reader, group_card)

    assert "EP2.1 指標 EP2.1: ●good, reached" in shown
    assert "EP2.2 指標 EP2.2: ×poor, not reached" in shown
    assert shown.count("lamp light-poor unmet") == 2


def test_a_chip_names_the_poor_kpi_that_its_mean_hides(
    reader: Client, group_card: Scorecard
):
    rated_objective(group_card)

    shown = page(reader, group_card)

    assert 'class="chip calc light-good"' in shown
    assert '<span class="more">· 1×</span>' in shown
    assert "totals 80.6 (inferred); among them 1 poor" in shown


def test_the_objective_in_focus_shows_its_arithmetic(
    reader: Client, group_card: Scorecard
):
    objective = rated_objective(group_card)

    shown = page(reader, group_card, f"?objective={objective.pk}")

    assert "(90.3 + 70.8) ÷ 2 = 80.55 → 80.6, ●good (inferred, from 80)" in shown
    assert "The mean is good, yet 1 of its KPIs is poor." in shown
    assert "0.00" in shown
    assert "70.75 → 70.8" in shown
    assert "受疫情影響" in shown
    assert "計畫 EP2.1" in shown
    assert "擴增服務據點" in shown
    assert 'aria-current="true"' in shown


def test_the_map_opens_without_focus(reader: Client, group_card: Scorecard):
    rated_objective(group_card)

    shown = page(reader, group_card)

    assert '<aside id="drawer" class="drawer" hidden' in shown


def test_the_drawer_alone_is_sent_where_a_script_asks(
    reader: Client, group_card: Scorecard
):
    objective = rated_objective(group_card)

    response = reader.get(
        objective.scorecard.get_absolute_url(),
        {"objective": objective.pk},
        headers={"HX-Request": "true", "HX-Target": "drawer"},
    )

    drawer = response.content.decode()
    assert "推動長青樂齡環境" in drawer
    assert "<html" not in drawer


@pytest.mark.parametrize("asked", ["0", "none", "-1", "²", "1e3"])
def test_an_objective_that_is_not_on_the_map_is_not_found(
    reader: Client, group_card: Scorecard, asked: str
):
    rated_objective(group_card)

    answer = reader.get(group_card.get_absolute_url(), {"objective": asked})

    assert answer.status_code == 404


def test_an_objective_of_another_card_is_not_found(
    reader: Client, group_card: Scorecard
):
    elsewhere = make_objective()

    answer = reader.get(group_card.get_absolute_url(), {"objective": elsewhere.pk})

    assert answer.status_code == 404


def city_map(city: Unit) -> Scorecard:
    """Return the city's card with two themes, and E組's beside it with lights."""
    card = make_scorecard(city, vision="成為宜居永續城市")
    customers = make_perspective(card, "C")
    first = make_theme(card, "A", name="營造永續環境", position=1)
    second = make_theme(card, "E", position=2)
    for position, (name, is_lead) in enumerate([("社會局", True), ("勞動局", False)]):
        ThemeMember.objects.create(
            theme=second,
            unit=make_unit(parent=Unit.objects.get(pk=city.pk)),
            name=name,
            is_lead=is_lead,
            line=1 + position,
            position=position,
        )
    make_objective(
        card,
        "TC3",
        code_text="C3",
        name="發展協力的企業",
        row=Objective.Row.TOP,
        first_theme=first,
        last_theme=second,
    )
    make_objective(
        card,
        "AC1",
        name="提升環境品質",
        theme=first,
        perspective=customers,
        mark="新增",
    )
    make_objective(card, "EP2", theme=second, perspective=customers)
    return card


def mirrored(city: Unit, group_card: Scorecard) -> Scorecard:
    card = city_map(city)
    objective = rated_objective(group_card)
    objective.same_as = card.objectives.get(code="EP2")
    objective.save()
    group_card.fills_theme = card.themes.get(code="E")
    group_card.save()
    return card


def test_the_city_shows_a_groups_lights_at_its_theme_and_objective(
    reader: Client, city: Unit, group_card: Scorecard
):
    card = mirrored(city, group_card)

    shown = page(reader, card)

    theme = shown[shown.index('<div class="th row') :]
    assert f'<a href="{group_card.get_absolute_url()}">強化社會支持</a>' in theme
    assert "good1" in theme
    assert "poor1" in theme
    assert 'class="light light-good" title=' in shown


def test_what_is_unknown_is_said_once_a_theme_and_not_at_each_objective(
    reader: Client, city: Unit, group_card: Scorecard
):
    card = mirrored(city, group_card)

    shown = page(reader, card)

    assert shown.count('class="light light-unknown"') == 1
    assert "A: ? unknown, no results imported yet" in shown


def test_a_doubt_about_a_code_is_a_note_and_a_mark_is_kept(reader: Client, city: Unit):
    shown = page(reader, city_map(city))

    assert 'TC3</span><span class="b">發展協力的企業<span class="fn">1</span>' in shown
    assert '<span class="fn">1</span> printed as C3' in shown
    assert '<span class="new">新增</span>' in shown


def test_a_map_without_kpis_says_so_once(reader: Client, city: Unit):
    shown = page(reader, city_map(city))

    assert shown.count("This map has no KPIs.") == 1
    assert "light-unknown" not in shown.split("</svg>", 1)[1].split("<main")[1]


def test_members_stand_below_their_theme_with_the_lead(reader: Client, city: Unit):
    shown = page(reader, city_map(city))

    assert '<strong>社會局</strong><span class="q">(lead)</span>' in shown
    assert "勞動局" in shown


def test_a_group_shows_the_vision_and_members_of_the_theme_it_fills(
    reader: Client, city: Unit, group_card: Scorecard
):
    mirrored(city, group_card)

    shown = page(reader, group_card)

    assert "成為宜居永續城市" in shown
    assert "<strong>社會局</strong>" in shown
    assert "City theme E" in shown


def test_a_map_without_results_shows_the_last_actual_and_the_target(
    reader: Client, city: Unit
):
    card = make_scorecard(city)
    objective = make_objective(card, perspective=make_perspective(card))
    kpi = make_kpi(objective=objective)
    make_target(kpi, "99.5", printed="≥99.5")
    make_statement(kpi, "99.77", period="2019")

    shown = page(reader, card)

    assert "Actuals of 109 not yet reported: last actual → target of 109." in shown
    assert '<span class="q">108</span> 99.77' in shown
    assert "<b>≥99.5</b>" in shown


def test_a_kpi_without_any_figure_is_not_given_a_sign(reader: Client, city: Unit):
    card = make_scorecard(city)
    make_kpi(objective=make_objective(card, perspective=make_perspective(card)))

    shown = page(reader, card)

    assert shown.count("Figures of 109 not yet reported.") == 1
    assert 'class="lamp' not in shown


def test_a_plan_without_perspectives_is_grouped_by_theme(reader: Client, city: Unit):
    card = make_scorecard(city, plan="safety-net", title="社會安全網計畫")
    for code, name in [("1", "市民安全感受檢測"), ("2", "效能精進")]:
        make_objective(card, f"{code}-1", theme=make_theme(card, code, name=name))

    shown = page(reader, card)

    assert "This plan has no published map" in shown
    assert "市民安全感受檢測" in shown
    assert "社會安全網計畫" in shown


def test_links_are_drawn_named_and_strong_at_the_objective_in_focus(
    reader: Client, city: Unit
):
    card = make_scorecard(city)
    low = make_objective(card, "L1", perspective=make_perspective(card, "L"))
    high = make_objective(card, "C1", perspective=make_perspective(card, "C"))
    ObjectiveLink.objects.create(cause=low, effect=high)

    shown = page(reader, card, f"?objective={low.pk}")

    assert f'data-cause="{low.pk}" data-effect="{high.pk}" class="on"' in shown
    assert f"<td>{high}</td>" in shown
    assert "not yet entered" not in shown


def test_a_map_without_links_says_so(reader: Client, city: Unit):
    assert "Links of objectives: not yet entered" in page(reader, city_map(city))


def test_the_year_switch_leads_to_the_nearest_years_of_the_unit(
    reader: Client, city: Unit
):
    make_scorecard(city, 2018)
    card = make_scorecard(city, 2020)

    shown = page(reader, card)

    assert 'href="/units/city/107/" title="107"' in shown
    assert '<span class="off" aria-hidden="true">›</span>' in shown


def test_the_unit_switch_takes_the_same_year_else_the_latest_earlier(
    reader: Client, city: Unit, group_card: Scorecard
):
    make_scorecard(group_card.unit, 2022)
    card = make_scorecard(city, 2021)

    shown = page(reader, card)

    assert '<a href="/units/group-e/109/">E組 強化社會支持' in shown


def test_only_pages_with_something_to_show_have_a_tab(
    reader: Client, city: Unit, group_card: Scorecard
):
    rated_objective(group_card)

    empty, full = page(reader, city_map(city)), page(reader, group_card)

    assert "Balanced scorecard" not in empty
    assert "Self-rated lights" not in empty
    assert reverse("reports:lights", kwargs={"code": "group-e", "year": 2020}) in full


def test_the_map_is_a_table_as_well(reader: Client, group_card: Scorecard):
    rated_objective(group_card)

    shown = page(reader, group_card)

    table = shown[shown.index("<table") : shown.index("</table>")]
    assert "內部流程" in table
    assert "EP2 推動長青樂齡環境" in table
    assert "EP2.2 指標 EP2.2: ×poor, not reached" in table


def test_no_style_or_script_is_inline(reader: Client, group_card: Scorecard):
    objective = rated_objective(group_card)

    shown = page(reader, group_card, f"?objective={objective.pk}")

    assert " style=" not in shown
    assert "<style" not in shown
    assert "<script>" not in shown
    assert " onclick=" not in shown


def test_a_draft_of_another_unit_is_not_found(client: Client, city: Unit):
    card = make_scorecard(city, status=Scorecard.Status.DRAFT)
    client.force_login(make_user())

    assert client.get(card.get_absolute_url()).status_code == 404


def test_a_unit_leads_to_its_newest_card(reader: Client, city: Unit):
    make_scorecard(city, 2020)
    make_scorecard(city, 2022, plan="other")
    newest = make_scorecard(city, 2021)

    answer = reader.get("/units/city/")

    assert answer.status_code == 302
    assert answer["Location"] == newest.get_absolute_url()


def test_a_unit_without_cards_is_not_found(reader: Client, city: Unit):
    assert reader.get("/units/city/").status_code == 404
    assert reader.get("/units/nobody/").status_code == 404
