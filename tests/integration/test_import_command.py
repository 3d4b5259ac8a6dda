"""`import_sheet`: one JSON object as it is fixed, exit codes, and no second change."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from bsc.models import Scorecard
from kpi.models import Kpi, Result
from sheets.proposals import NOUNS
from tests.integration.importing import (
    NOTHING_CHANGED,
    READ,
    altered,
    import_all,
    kept_for_a_module,
    load_reference,
    rows_by_meaning,
    rows_with_keys,
    workbook,
)

pytestmark = pytest.mark.django_db


def run(path: Path | str, *options: str) -> tuple[int, dict[str, Any]]:
    """Return exit code and the one JSON object that `import_sheet --json` prints."""
    out = io.StringIO()
    code = 0
    try:
        call_command("import_sheet", str(path), "--json", *options, stdout=out)
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(out.getvalue())


@pytest.fixture(scope="module", autouse=True)
def reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, load_reference):
        yield


# What is printed


@pytest.mark.parametrize("name", [*READ, "workplan-098"])
def test_one_object_with_the_fixed_keys_is_printed(name: str):
    code, told = run(workbook(name))
    assert code == 0
    assert list(told) == ["file", "applied", "sheets", "changes", "issues"]
    assert (told["file"], told["applied"]) == (f"{name}.xlsx", True)
    for sheet in told["sheets"]:
        assert set(sheet) == {"name", "form", "unit", "year", "plan", "rows"}
    assert tuple(told["changes"]) == NOUNS
    for counts in told["changes"].values():
        assert set(counts) == {"created", "changed", "unchanged", "left", "removed"}
        assert all(type(count) is int for count in counts.values())
    for issue in told["issues"]:
        assert list(issue) == [
            "severity",
            "sheet",
            "cell",
            "code",
            "message",
            "default",
        ]
        assert issue["severity"] in ("ask", "warn", "note")
        assert (issue["default"] is not None) == (issue["severity"] == "ask")
        assert issue["sheet"] in [sheet["name"] for sheet in told["sheets"]]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in issue["message"])


def test_the_sheets_say_form_unit_year_and_plan():
    told = {
        name: [tuple(sheet.values()) for sheet in run(workbook(name))[1]["sheets"]]
        for name in READ
    }
    assert told == {
        "city-109": [("策略地圖", "strategy-map", "taipei", 109, "bsc", 84)],
        "city-110": [("策略地圖", "strategy-map", "taipei", 110, "bsc", 85)],
        "group-e-109": [
            ("平衡計分卡", "scorecard", "group-e", 109, "bsc", 19),
            ("執行成果", "results", "group-e", 109, "bsc", 19),
            ("自評燈號統計表", "light-table", "group-e", 109, "bsc", 5),
        ],
        "group-e-110": [
            ("平衡計分卡", "scorecard", "group-e", 110, "bsc", 17),
            ("修正對照表", "revision", "group-e", 110, "bsc", 20),
            ("主要任務", None, None, None, None, 0),
        ],
        "bureau-107": [
            ("策略地圖", "strategy-map", "dosw", 107, "bsc", 35),
            ("平衡計分卡", "scorecard", "dosw", 107, "bsc", 45),
        ],
        "center-111": [
            ("策略地圖", "strategy-map", "dvpc", 111, "bsc", 15),
            ("平衡計分卡", "scorecard", "dvpc", 111, "bsc", 20),
        ],
        "safety-net-107": [
            ("KPI", "kpi-definitions", "dosw", 107, "safety-net", 25),
            ("社工人力", None, None, None, None, 0),
        ],
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("city-109", {"themes": 8, "objectives": 84}),
        ("bureau-107", {"kpis": 46, "action_plans": 65, "plan_rows": 45}),
        (
            "center-111",
            {
                "themes": 3,
                "objectives": 15,
                "ksfs": 17,
                "kpis": 20,
                "series": 20,
                "targets": 60,
                "statements": 60,
                "actuals": 60,
                "action_plans": 22,
                "plan_rows": 20,
                "budget_lines": 40,
            },
        ),
        (
            "group-e-109",
            {
                "kpis": 19,
                "action_plans": 27,
                "plan_rows": 19,
                "published_results": 19,
                "self_ratings": 18,
            },
        ),
        ("group-e-110", {"kpis": 17, "action_plans": 25, "targets": 0}),
        ("safety-net-107", {"themes": 2, "objectives": 12, "kpis": 25}),
    ],
)
def test_the_counts_are_those_the_documents_print(name: str, expected: dict):
    _, told = run(workbook(name))
    assert {noun: told["changes"][noun]["created"] for noun in expected} == expected


# Exit codes and options


def test_a_dry_run_writes_nothing_and_says_the_same():
    before = rows_with_keys()
    code, dry = run(workbook("center-111"), "--dry-run")
    assert (code, dry["applied"]) == (0, False)
    assert rows_with_keys() == before
    assert run(workbook("center-111"))[1] == dry | {"applied": True}


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_strict_refuses_a_file_that_asks(more: tuple[str, ...]):
    before = rows_with_keys()
    code, told = run(workbook("city-109"), "--strict", *more)
    assert (code, told["applied"]) == (1, False)
    assert [issue["code"] for issue in told["issues"]] == ["code-completed"] * 2
    assert rows_with_keys() == before


def test_strict_takes_a_file_that_asks_nothing():
    code, told = run(workbook("workplan-098"), "--strict")
    assert (code, told["applied"]) == (0, True)


def test_a_refused_file_prints_its_object_and_ends_with_1(tmp_path: Path):
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(b"\0" * 100)
    code, told = run(path)
    assert (code, told["applied"], told["sheets"]) == (1, False, [])
    assert [(i["severity"], i["code"], i["cell"]) for i in told["issues"]] == [
        ("error", "file-kind", None)
    ]
    assert not any(any(counts.values()) for counts in told["changes"].values())


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.xlsx",),
        (workbook("city-109"), "--unit", "nowhere"),
        (workbook("city-109"), "--year", "one"),
        (workbook("city-109"), "--year", "999"),
        (workbook("city-109"), "--plan", "No Plan"),
        (),
    ],
)
def test_what_cannot_be_asked_ends_with_2(arguments: tuple):
    with pytest.raises(CommandError) as refused:
        call_command("import_sheet", *map(str, arguments), stdout=io.StringIO())
    # Without a file the parser itself refuses; `manage.py` ends with 2 then as well.
    assert refused.value.returncode == 2 or not arguments


def test_unit_year_and_plan_say_what_the_file_leaves_out(tmp_path: Path):
    def untitle(book: openpyxl.Workbook) -> None:
        book["KPI"]["A1"] = "KPI"
        del book["社工人力"]

    path = altered("safety-net-107", tmp_path, untitle, to="kpi.xlsx")
    code, told = run(path)
    assert code == 1
    assert {i["code"] for i in told["issues"] if i["severity"] == "error"} == {
        "unknown-unit",
        "no-year",
    }
    code, told = run(path, "--unit", "dosw", "--year", "2018", "--plan", "net")
    assert code == 0
    assert Scorecard.objects.get().year == 2018
    assert Scorecard.objects.get().plan == "net"


def test_a_year_that_is_not_the_sheets_is_taken_and_warned_of():
    _, told = run(workbook("city-109"), "--year", "110")
    assert told["sheets"][0]["year"] == 110
    assert "year-differs" in [issue["code"] for issue in told["issues"]]


def test_the_year_of_a_file_without_titles_is_asked_by_its_name():
    _, told = run(workbook("safety-net-107"))
    (issue,) = [i for i in told["issues"] if i["code"] == "year-from-file-name"]
    assert (issue["severity"], issue["sheet"], issue["default"]) == (
        "ask",
        "KPI",
        "107",
    )


def test_a_work_plan_is_known_and_nothing_of_it_is_written():
    before = rows_with_keys()
    code, told = run(workbook("workplan-098"))
    assert code == 0
    assert len(told["sheets"]) == 7
    assert [(i["severity"], i["code"]) for i in told["issues"]] == [
        ("warn", "sheet-not-read")
    ] * 7
    assert [i["sheet"] for i in told["issues"]] == [s["name"] for s in told["sheets"]]
    assert rows_with_keys() == before


# Again, and in any order


def test_a_second_import_changes_nothing(db):
    import_all()
    before = rows_with_keys()
    for name in READ:
        _, told = run(workbook(name))
        for counts in told["changes"].values():
            assert counts == NOTHING_CHANGED | {"unchanged": counts["unchanged"]}
    assert rows_with_keys() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [
        tuple(reversed(READ)),
        ("center-111", "safety-net-107", "city-110", "city-109", *READ[2:5]),
    ],
)
def test_the_order_of_imports_makes_no_difference(db, order: tuple[str, ...]):
    assert sorted(order) == sorted(READ)
    import_all(order)
    found = rows_by_meaning()
    _start_again()
    import_all()
    assert found == rows_by_meaning()


def _start_again() -> None:
    """Take all cards and plans away; units and rules stay."""
    Result.objects.all().delete()
    for label in ("kpi.Statement", "actions.PlanLink", "actions.PlanRow"):
        apps.get_model(label).objects.all().delete()
    Kpi.objects.all().delete()
    for label in (
        "kpi.Actual",
        "kpi.Series",
        "actions.ActionPlan",
        "bsc.Objective",
        "bsc.Scorecard",
    ):
        apps.get_model(label).objects.all().delete()
