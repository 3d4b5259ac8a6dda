"""A card as JSON equals the published truth, on the page and on the command line."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from bsc.models import Scorecard
from reports.documents.scorecard_json import decimal_text, scorecard_as_json
from tests.factories import (
    make_budget_line,
    make_kpi,
    make_plan_row,
    make_published_result,
    make_result,
    make_scorecard,
    make_statement,
    make_target,
    make_unit,
    vera,
)
from tests.integration.importing import load_reference

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


def truth(name: str) -> dict[str, Any]:
    path = ROOT / "tests" / "truth" / f"{name}.json"
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


def imported(name: str, code: str, year: int, plan: str = "bsc") -> dict[str, Any]:
    """Bring a workbook in by its front door, and return its card as JSON."""
    load_reference()
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    call_command("import_sheet", str(path), verbosity=0)
    card = Scorecard.objects.get(unit__code=code, year=year, plan=plan)
    return json.loads(json.dumps(scorecard_as_json(card)))


def number(value: Any) -> str | None:
    return None if value is None else decimal_text(Decimal(str(value)))


def bare(mark: str | None) -> str | None:
    """Return a mark without the brackets that the map prints around it."""
    return mark.strip("()") if mark else None


def printed(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the truth's figures by year as the export names them."""
    return {
        year: (
            figure["text"],
            number(figure["value"]),
            figure.get("comparator"),
            figure.get("note"),
        )
        for year, figure in figures.items()
    }


def exported(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        year: (figure["text"], figure["value"], figure["comparator"], figure["note"])
        for year, figure in figures.items()
    }


def money(budgets: dict[str, Any]) -> dict[str, Any]:
    return {
        year: (cell["text"], number(cell["value"])) for year, cell in budgets.items()
    }


def same(
    found: list[dict[str, Any]], expected: list[dict[str, Any]], names: str
) -> None:
    """Hold two lists against each other, by the fields named."""
    picked = names.split()
    assert [[one[name] for name in picked] for one in found] == [
        [one[name] for name in picked] for one in expected
    ]


def same_kpis(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    same(found, expected, "code name objective ksf formula_text unit notes owners")
    for one, other in zip(found, expected, strict=True):
        assert one["direction"] == (other["direction"] or "unconfirmed")
        assert exported(one["actuals"]) == printed(other["actuals"])
        assert exported(one["targets"]) == printed(other["targets"])


def test_the_centre_of_111_equals_its_truth():
    card, published = imported("center-111", "dvpc", 2022), truth("center-111")
    same(
        [card],
        [published],
        "schema year organization title title_map mission vision core_values"
        " core_values_published",
    )
    assert (card["unit"], card["plan"]) == ("dvpc", "bsc")
    assert card["parent_theme"]["name"] == published["parent_theme"]["name"]
    same(card["themes"], published["themes"], "code name label_published")
    same(
        card["perspectives"],
        published["perspectives"],
        "code name label_in_map label_in_table",
    )
    same(
        card["objectives"],
        published["objectives"],
        "code name theme perspective text_in_map text_in_table",
    )
    same(card["ksfs"], published["ksfs"], "code text objective text_published")
    same_kpis(card["kpis"], published["kpis"])
    same(card["kpis"], published["kpis"], "text_published formula_cell unit_published")
    same(
        card["action_plans"],
        published["action_plans"],
        "key code name text_published kpis objective owners",
    )
    for one, other in zip(card["action_plans"], published["action_plans"], strict=True):
        assert money(one["budgets"]) == money(other["budgets"])
        shared = other.get("budget_cell_shared_by")
        assert one.get("budget_cell_shared_by") == shared
    same(
        card["table_rows"],
        published["table_rows"],
        "perspective objective ksf kpi action_plans plan_owners",
    )
    for one, other in zip(card["table_rows"], published["table_rows"], strict=True):
        assert money(one["budgets"]) == money(other["budgets"])
    absences = {
        actual["absence"] for kpi in card["kpis"] for actual in kpi["actuals"].values()
    }
    assert absences == {None, "not-measured"}


def test_the_bureau_of_107_equals_its_truth():
    card, published = imported("bureau-107", "dosw", 2018), truth("bureau-107")
    same([card], [published], "year mission vision core_values")
    same(card["themes"], published["themes"], "code name label_published")
    same(
        card["objectives"],
        published["objectives"],
        "code name theme perspective text_in_map text_in_table",
    )
    same_kpis(card["kpis"], published["kpis"])
    same(
        card["action_plans"],
        published["action_plans"],
        "key code name text_published kpis objective",
    )
    rows = [
        (
            row["objective"],
            row["kpis"],
            [plan.split("@")[0] for plan in row["action_plans"]],
        )
        for row in card["table_rows"]
    ]
    assert rows == [
        (row["objective"], row["kpis"], row["action_plans"])
        for row in published["table_rows"]
    ]


def test_the_safety_net_of_107_equals_its_truth():
    card = imported("safety-net-107", "dosw", 2018, "safety-net")
    published = truth("safety-net-107")
    assert card["plan"] == "safety-net"
    same(card["themes"], published["groups"], "code name")
    assert [(one["code"], one["name"], one["theme"]) for one in card["objectives"]] == [
        (one["code"], one["name"], one["group"]) for one in published["objectives"]
    ]
    same_kpis(card["kpis"], published["kpis"])
    assert card["action_plans"] == []


@pytest.mark.parametrize("year", [109, 110])
def test_the_map_of_the_city_equals_its_truth(year: int):
    card = imported(f"city-{year}", "taipei", year + 1911)
    published = truth(f"city-{year}")
    same([card], [published], "mission vision core_values core_values_published")
    same(
        card["top_objectives"]["items"],
        published["top_objectives"]["items"],
        "code code_published name",
    )
    same(card["themes"], published["themes"], "code name label_published")
    for theme, other in zip(card["themes"], published["themes"], strict=True):
        same(
            theme["agencies"]["members"], other["agencies"]["members"], "name lead line"
        )
        assert theme["agencies"]["lead"] == other["agencies"]["lead"]
        found = [one for one in card["objectives"] if one["theme"] == theme["code"]]
        assert {
            one["code"]: (one["name"], one["perspective"], one["mark"]) for one in found
        } == {
            one["code"]: (one["name"], one["perspective"], bare(one["mark"]))
            for one in other["objectives"]
        }


def test_the_group_of_109_equals_its_truth_with_its_results():
    imported("city-109", "taipei", 2020)
    card, published = imported("group-e-109", "group-e", 2020), truth("group-e-109")
    same(card["objectives"], published["objectives"], "code name perspective")
    same(card["ksfs"], published["ksfs"], "objective text text_published")
    same(card["kpis"], published["kpis"], "code name objective text_published")
    same(card["action_plans"], published["plans"], "code name objective text_published")
    lights = {
        "優": "excellent",
        "良": "good",
        "可": "fair",
        "差": "poor",
        "績效不明": "unknown",
    }
    for kpi, other in zip(card["kpis"], published["kpis"], strict=True):
        result, reading = kpi["results"]["109"], other["numeric_reading"]
        for name in ("achievement", "innovation", "challenge", "contribution", "total"):
            assert result[name] == number(reading[name]), (kpi["code"], name)
        assert result["light"] == lights[other["light"]["grade"]]
        assert result["exempt"] == ("exempt_text" in other["result"])
        assert kpi["actuals"]["109"]["text"] == other["result"]["actual"]
        assert kpi["targets"]["109"]["text"] == other["result"]["target"]


def test_the_group_of_110_equals_its_truth():
    card, published = imported("group-e-110", "group-e", 2021), truth("group-e-110")
    same(card["objectives"], published["objectives"], "code name perspective")
    same(card["ksfs"], published["ksfs"], "objective text text_published")
    same(card["kpis"], published["kpis"], "code name objective text_published")
    same(card["action_plans"], published["plans"], "code name objective text_published")


@pytest.fixture
def card() -> Scorecard:
    card = make_scorecard(make_unit("dvpc"), 2022)
    kpi = make_kpi("AC1.1", scorecard=card)
    make_statement(kpi, "91.60", "2020", value="91.60")
    make_target(kpi, "7.7", printed="7.7")
    make_budget_line(make_plan_row(kpi, ("甲", "乙")), "803500", printed="803,500")
    make_published_result(kpi)
    make_result(kpi)
    return card


def test_numbers_are_decimal_strings_and_years_are_roc(card: Scorecard):
    said = scorecard_as_json(card)
    assert said["year"] == 111
    [kpi] = said["kpis"]
    assert kpi["actuals"]["109"]["value"] == "91.6"
    assert kpi["targets"]["111"]["value"] == "7.7"
    assert kpi["results"]["111"]["total"] == "87.5"
    assert kpi["results"]["111"]["standing"] == "official"
    json.dumps(said)


def test_the_page_and_the_command_write_the_same(
    client: Client, card: Scorecard, tmp_path: Path
):
    client.force_login(vera(card.unit))
    page = client.get(card.url_of("scorecard-json"))
    file = tmp_path / "card.json"
    call_command(
        "export_sheet",
        "scorecard",
        unit="dvpc",
        year="111",
        format="json",
        output=file,
    )
    assert json.loads(file.read_text("utf-8")) == page.json()


@pytest.mark.parametrize(
    ("form", "kind", "unit", "code"),
    [
        ("results", "json", "dvpc", 2),
        ("scorecard", "xlsx", "dvpc", 2),
        ("scorecard", "json", "nobody", 1),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_no_file(
    card: Scorecard, tmp_path: Path, capsys, form: str, kind: str, unit: str, code: int
):
    file = tmp_path / "card"
    with pytest.raises(SystemExit) as stopped:
        call_command(
            "export_sheet", form, unit=unit, year="2022", format=kind, output=file
        )
    assert stopped.value.code == code
    assert capsys.readouterr().err
    assert not file.exists()
