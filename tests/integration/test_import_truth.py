"""After the import the database says what the published documents say: all of it."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest

from actions.models import BudgetLine
from bsc.models import Objective, Scorecard
from kpi.models import Kpi, PublishedResult, Statement
from tests.integration.as_truth import (
    by_code,
    factors,
    kpis,
    objectives,
    only,
    perspectives,
    plans,
    printed_rows,
    themes,
)
from tests.integration.importing import ROOT, import_all, kept_for_a_module

LIGHTS = {
    "優": "excellent",
    "良": "good",
    "可": "fair",
    "差": "poor",
    "績效不明": "unknown",
}
COLUMNS = (
    "kpi",
    "target",
    "actual",
    "achievement",
    "innovation",
    "challenge",
    "contribution",
    "total",
    "light",
)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _imported(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Import the seven workbooks once for all tests here."""
    with kept_for_a_module(django_db_blocker, import_all):
        yield


@cache
def truth_of(name: str) -> dict:
    text = (ROOT / "tests" / "truth" / f"{name}.json").read_text("utf-8")
    return json.loads(text, parse_float=Decimal)


def card_of(unit: str, roc_year: int, plan: str = "bsc") -> Scorecard:
    return Scorecard.objects.get(unit__code=unit, year=roc_year + 1911, plan=plan)


# Document by document


def test_the_card_of_the_centre_is_as_published():
    truth, card = truth_of("center-111"), card_of("dvpc", 111)
    assert {
        "mission": card.mission,
        "vision": card.vision,
        "core_values": card.core_values,
        "core_values_published": card.core_values_text,
        "title": card.title,
        "title_map": card.map_title,
        "parent": card.parent_text,
    } == only(
        "mission vision core_values core_values_published title title_map parent",
        truth | {"parent": truth["parent_theme"]["name"]},
    )[0]
    assert themes(card) == truth["themes"]
    assert perspectives(card, "label_in_map", "label_in_table") == truth["perspectives"]
    keys = "code name theme perspective text_in_map text_in_table"
    assert by_code(only(keys, *objectives(card))) == by_code(
        only(keys, *truth["objectives"])
    )
    keys = "code text objective text_published"
    assert only(keys, *factors(card)) == only(keys, *truth["ksfs"])


def test_every_kpi_of_the_centre_is_as_published():
    keys = (
        "code name objective ksf text_published formula_text formula_cell unit"
        " unit_published direction notes owners actuals targets"
    )
    assert only(keys, *kpis(card_of("dvpc", 111))) == only(
        keys, *truth_of("center-111")["kpis"]
    )


def test_plans_owners_and_budgets_of_the_centre_stand_in_their_printed_rows():
    truth, card = truth_of("center-111"), card_of("dvpc", 111)
    keys = "key code name text_published kpis objective budgets owners"
    assert only(keys, *plans(card)) == only(keys, *truth["action_plans"])
    codes = {plan["key"]: plan["code"] for plan in truth["action_plans"]}
    expected = [
        row
        | {
            "kpis": [row["kpi"]],
            "action_plans": [codes[key] for key in row["action_plans"]],
        }
        for row in truth["table_rows"]
    ]
    keys = "perspective objective kpis action_plans budgets plan_owners"
    assert only(keys, *printed_rows(card)) == only(keys, *expected)
    of_card = BudgetLine.objects.filter(row__kpi__scorecard=card)
    assert {
        str(year): sum(line.amount or 0 for line in of_card.filter(year=year + 1911))
        for year in (111, 112)
    } == truth["computed"]["budget_total"]


def test_no_actual_value_and_zero_and_half_a_year_are_kept_apart():
    card = card_of("dvpc", 111)
    statements = Statement.objects.filter(scorecard=card)
    printed = [
        figure["text"]
        for kpi in truth_of("center-111")["kpis"]
        for figure in kpi["actuals"].values()
    ]
    absent = statements.filter(absence="not-measured", value=None)
    assert absent.count() == printed.count("無實際值")
    assert statements.exclude(absence="").count() == absent.count()
    zero = card.kpis.get(code="CC1.1").series.actuals.get(period="2021")
    assert (zero.value, zero.absence, zero.text) == (0, "", "")
    half = card.kpis.get(code="BC2.1").series.actuals.get(period="2020")
    assert (half.value, half.month_from, half.month_until) == (88, 7, 12)


def test_the_card_of_the_bureau_is_as_published():
    truth, card = truth_of("bureau-107"), card_of("dosw", 107)
    assert (card.mission, card.vision, card.core_values) == ("", "", [])
    assert card.parent_text == truth["parent_theme"]["text_published"]
    assert themes(card) == truth["themes"]
    assert perspectives(card, "", "label_in_table") == truth["perspectives"]
    # The name in use is the table's; AL1 to DL1 are named otherwise on the map.
    keys = "code theme perspective text_in_map text_in_table"
    assert by_code(only(keys, *objectives(card))) == by_code(
        only(keys, *truth["objectives"])
    )
    assert {each.code: each.name for each in card.objectives.all()} == {
        each["code"]: each["text_in_table"].removeprefix(each["code"]).strip()
        for each in truth["objectives"]
    }
    assert factors(card) == truth["ksfs"]
    keys = (
        "code name objective ksf text_published formula_text unit direction notes"
        " owners actuals targets"
    )
    assert only(keys, *kpis(card)) == only(keys, *truth["kpis"])


def test_the_plans_of_the_bureau_stand_in_their_printed_rows():
    truth, card = truth_of("bureau-107"), card_of("dosw", 107)
    keys = "key code name text_published kpis objective budgets owners"
    found = only(keys, *plans(card))
    expected = only(keys, *truth["action_plans"])
    assert sorted(found, key=str) == sorted(expected, key=str)
    # A plan is known by its name less the closing full stop.
    assert {plan["known_as"] for plan in plans(card)} == {
        plan["name"].rstrip("。") for plan in truth["action_plans"]
    }
    keys = "perspective objective kpis action_plans"
    assert only(keys, *printed_rows(card)) == only(keys, *truth["table_rows"])


def test_the_safety_net_is_as_published():
    truth, card = truth_of("safety-net-107"), card_of("dosw", 107, "safety-net")
    assert card.title == truth["title_kpi"]
    groups = [
        {key: group[of] for key, of in GROUP_KEYS.items()} for group in truth["groups"]
    ]
    assert themes(card) == groups
    assert list(card.perspectives.all()) == truth["perspectives"] == []
    expected = [o | {"theme": o["group"]} for o in truth["objectives"]]
    keys = "code name theme perspective"
    assert only(keys, *objectives(card)) == only(keys, *expected)
    keys = (
        "code name objective ksf formula_text formula_cell unit direction notes"
        " owners actuals targets"
    )
    assert only(keys, *kpis(card)) == only(keys, *truth["kpis"])
    assert plans(card) == truth["action_plans"] == []


GROUP_KEYS = {"code": "code", "name": "name", "label_published": "title_published"}


@pytest.mark.parametrize("year", [109, 110])
def test_the_map_of_the_city_is_as_published(year: int):
    truth, card = truth_of(f"city-{year}"), card_of("taipei", year)
    assert {
        "title_published": card.map_title,
        "mission": card.mission,
        "vision": card.vision,
        "core_values": card.core_values,
        "core_values_published": card.core_values_text,
    } == only(
        "title_published mission vision core_values core_values_published", truth
    )[0]
    assert themes(card) == only("code name label_published", *truth["themes"])
    assert perspectives(card, "label_published", "") == truth["perspectives"]
    found = objectives(card)
    tops = [
        each | {"text_in_map": each["text_published"]}
        for each in truth["top_objectives"]["items"]
    ]
    keys = "code name text_in_map"
    shown = [each for each in found if each["row"] == "top"]
    assert only(keys, *shown) == only(keys, *tops)
    assert [each["code_published"] or each["code"] for each in shown] == [
        each["code_published"] for each in tops
    ]
    assert {tuple(each["spans"]) for each in shown} == {("A", "H")}
    expected = [
        each | {"theme": theme["code"], "text_in_map": each["text_published"]}
        for theme in truth["themes"]
        for each in theme["objectives"]
    ]
    keys = "code name theme perspective text_in_map mark code_published"
    below = [each for each in found if each["row"] == "perspective"]
    assert by_code(only(keys, *below)) == by_code(only(keys, *expected))
    assert all(each["spans"] == [each["theme"]] * 2 for each in below)


@pytest.mark.parametrize("year", [109, 110])
def test_the_members_of_every_theme_are_as_published(year: int):
    found = {
        theme.code: [
            (member.name, member.is_lead, member.line) for member in theme.members.all()
        ]
        for theme in card_of("taipei", year).themes.all()
    }
    assert found == {
        theme["code"]: [
            (member["name"], member["lead"], member["line"])
            for member in theme["agencies"]["members"]
        ]
        for theme in truth_of(f"city-{year}")["themes"]
    }


@pytest.mark.parametrize("year", [109, 110])
def test_the_card_of_the_group_is_as_published(year: int):
    truth, card = truth_of(f"group-e-{year}"), card_of("group-e", year)
    assert perspectives(card, "", "label_on_scorecard") == only(
        "code name label_on_scorecard", *truth["perspectives"]
    )
    keys = "code name perspective kpis"
    assert only(keys, *objectives(card)) == only(keys, *truth["objectives"])
    keys = "objective perspective text text_published"
    assert only(keys, *factors(card)) == only(keys, *truth["ksfs"])
    keys = "code name objective perspective text_published name_in_results plans"
    assert only(keys, *kpis(card)) == only(keys, *truth["kpis"])
    expected = [plan | {"kpis": [plan["kpi"]]} for plan in truth["plans"]]
    keys = "code name kpis objective text_published"
    assert only(keys, *plans(card)) == only(keys, *expected)
    # The sheets print a unit only in names; others of the truth are from the slides.
    assert {kpi.code: kpi.measure for kpi in card.kpis.exclude(measure="")} == {
        kpi["code"]: "%" for kpi in truth["kpis"] if kpi["name"].endswith("(%)")
    }


@pytest.mark.parametrize("year", [109, 110])
def test_the_group_is_the_theme_of_the_city_and_its_objectives_are_the_citys(year: int):
    card = card_of("group-e", year)
    assert card.fills_theme == card_of("taipei", year).themes.get(code="E")
    twins = Objective.objects.filter(scorecard=card_of("taipei", year), theme__code="E")
    assert {each.code: each.same_as for each in card.objectives.all()} == {
        each.code: each for each in twins
    }


def test_every_cell_of_the_results_is_kept_as_printed():
    card = card_of("group-e", 109)
    published = PublishedResult.objects.filter(kpi__scorecard=card, period="2020")
    assert [
        [row.texts[column] for column in COLUMNS]
        for row in published.order_by("kpi__position")
    ] == truth_of("group-e-109")["results_table"]["rows"]


def test_the_results_are_read_as_the_numbers_they_print():
    card = card_of("group-e", 109)
    found = {}
    for row in PublishedResult.objects.filter(kpi__scorecard=card):
        kpi, rating = row.kpi, row.kpi.self_ratings.filter(level="self").first()
        target, actual = kpi.targets.get(), kpi.series.actuals.get(period="2020")
        found[kpi.code] = {
            "target": target.value,
            "actual": actual.value,
            "achievement": row.achievement,
            "innovation": rating.innovation if rating else None,
            "challenge": rating.challenge if rating else None,
            "contribution": rating.contribution if rating else None,
            "total": row.total,
            "light": row.light,
            "exempt_text": row.exemption_text,
            "target_text": target.printed,
            "actual_text": kpi.series.statements.get().text,
            "is_negative": kpi.direction == Kpi.Direction.NEGATIVE,
            "parts": [(part["label"], Decimal(part["value"])) for part in target.parts],
        }
    expected = {}
    for kpi in truth_of("group-e-109")["kpis"]:
        reading, result = kpi["numeric_reading"], kpi["result"]
        expected[kpi["code"]] = {
            **{key: reading[key] for key in COLUMNS[1:-1]},
            "light": LIGHTS[kpi["light"]["grade"]],
            "exempt_text": result.get("exempt_text", ""),
            "target_text": result["target"],
            "actual_text": result["actual"],
            "is_negative": reading["direction"] == "lower_is_better",
            "parts": [
                *((p["name"], p["number"]) for p in reading.get("target_parts", ())),
                *((k, p["target"]) for k, p in reading.get("parts", {}).items()),
            ],
        }
    assert found == expected


def test_the_light_table_can_be_counted_from_what_is_stored():
    card = card_of("group-e", 109)
    found: dict[str | None, Counter] = {}
    for row in PublishedResult.objects.filter(kpi__scorecard=card).select_related(
        "kpi__objective__perspective"
    ):
        reached = "met" if row.achievement >= 100 else "not_met"
        for place in (row.kpi.objective.perspective.code, None):
            found.setdefault(place, Counter()).update(["kpi_total", reached, row.light])
    assert found == {
        row["perspective"]: Counter(
            {
                **{k: row[k] for k in ("kpi_total", "met", "not_met") if row[k]},
                **{LIGHTS[k]: n for k, n in row["lights"].items() if n},
            }
        )
        for row in truth_of("group-e-109")["light_table"]["rows"]
    }


def test_what_the_rules_give_for_109_is_what_was_published():
    card = card_of("group-e", 109)
    found = {
        result.kpi.code: (result.total, result.light)
        for kpi in card.kpis.all()
        for result in kpi.results.all()
    }
    assert found == {
        row.kpi.code: (row.total, row.light)
        for row in PublishedResult.objects.filter(kpi__scorecard=card)
    }


def test_nothing_stands_beside_what_was_published():
    assert {
        (card.unit.code, card.year - 1911, card.plan): (
            card.themes.count(),
            card.objectives.count(),
            card.kpis.count(),
        )
        for card in Scorecard.objects.all()
    } == {
        ("taipei", 109, "bsc"): (8, 84, 0),
        ("taipei", 110, "bsc"): (8, 85, 0),
        ("group-e", 109, "bsc"): (0, 10, 19),
        ("group-e", 110, "bsc"): (0, 10, 17),
        ("dosw", 107, "bsc"): (4, 35, 46),
        ("dosw", 107, "safety-net"): (2, 12, 25),
        ("dvpc", 111, "bsc"): (3, 15, 20),
    }
