"""The published texts give the same database as the workbooks made of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tests.integration import test_import_truth as truth
from tests.integration.importing import (
    NOTHING_CHANGED,
    ROOT,
    import_all,
    import_file,
    issues_of,
    kept_for_a_module,
    load_reference,
    rows_by_meaning,
)

SOURCES = ROOT / "tests" / "truth" / "sources"
# The work plan (002) is known, and read by nothing yet.
READ = ("003", "001", "000", "004")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PLACE = "A text has one sheet without a name, whose rows are its lines."
TITLE = (
    "003 heads the group's card with 「109年E組策略地圖」; the words 「平衡計分卡」 in the"
    " title are those of whoever typed the workbook."
)
# What the texts cannot say as the workbooks do: model, column, whose row, and why.
OTHERWISE = {
    ("kpi.Statement", "sheet", ""): PLACE,
    ("kpi.Statement", "cell", ""): PLACE,
    ("kpi.PublishedResult", "sheet", ""): PLACE,
    ("kpi.PublishedResult", "cell", ""): PLACE,
    ("bsc.Scorecard", "title", "group-e"): TITLE,
}
FROM_WORKBOOKS: dict[str, list[str]] = {}


def source(number: str) -> Path:
    return next(SOURCES.glob(f"{number}_*.txt"))


def import_both() -> None:
    """Import the workbooks, remember what they give, and start anew with the texts."""
    with transaction.atomic():
        import_all()
        FROM_WORKBOOKS.update(rows_by_meaning())
        transaction.set_rollback(True)
    load_reference()
    for number in READ:
        assert not import_file(source(number)).is_refused, number


@pytest.fixture(scope="module", autouse=True)
def _imported(django_db_setup, django_db_blocker) -> Iterator[None]:
    with kept_for_a_module(django_db_blocker, import_both):
        yield


def told(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return rows by their model, less the columns that texts fill otherwise."""
    left_out = [(label, column, whose) for label, column, whose in OTHERWISE]
    found = {}
    for label, said in rows.items():
        kept = []
        for text in said:
            row = json.loads(text)
            for of, column, whose in left_out:
                if of == label and whose in text:
                    del row[column]
            kept.append(json.dumps(row, ensure_ascii=False, sort_keys=True))
        found[label] = sorted(kept)
    return found


def test_every_row_is_the_one_that_the_workbooks_give():
    from_texts = told(rows_by_meaning())
    from_workbooks = told(FROM_WORKBOOKS)
    assert from_texts.keys() == from_workbooks.keys()
    for label in from_texts:
        assert from_texts[label] == from_workbooks[label], label


def test_what_is_said_to_differ_differs():
    now = rows_by_meaning()
    for label, column, whose in OTHERWISE:
        said = [
            {json.loads(row)[column] for row in rows[label] if whose in row}
            for rows in (now, FROM_WORKBOOKS)
        ]
        assert said[0] != said[1], (label, column)


@pytest.mark.parametrize(
    "holds",
    [
        truth.test_the_card_of_the_centre_is_as_published,
        truth.test_every_kpi_of_the_centre_is_as_published,
        truth.test_plans_owners_and_budgets_of_the_centre_stand_in_their_printed_rows,
        truth.test_no_actual_value_and_zero_and_half_a_year_are_kept_apart,
        truth.test_the_card_of_the_bureau_is_as_published,
        truth.test_the_plans_of_the_bureau_stand_in_their_printed_rows,
        truth.test_the_safety_net_is_as_published,
        truth.test_every_cell_of_the_results_is_kept_as_printed,
        truth.test_the_results_are_read_as_the_numbers_they_print,
        truth.test_the_light_table_can_be_counted_from_what_is_stored,
        truth.test_what_the_rules_give_for_109_is_what_was_published,
        truth.test_nothing_stands_beside_what_was_published,
    ],
)
def test_what_is_published_is_stored(holds):
    holds()


@pytest.mark.parametrize("year", [109, 110])
@pytest.mark.parametrize(
    "holds",
    [
        truth.test_the_map_of_the_city_is_as_published,
        truth.test_the_members_of_every_theme_are_as_published,
        truth.test_the_card_of_the_group_is_as_published,
        truth.test_the_group_is_the_theme_of_the_city_and_its_objectives_are_the_citys,
    ],
)
def test_what_is_published_of_a_year_is_stored_in_that_year(holds, year: int):
    holds(year)


@pytest.mark.parametrize("number", READ)
def test_the_same_text_again_changes_nothing(number: str):
    before = rows_by_meaning()
    proposal = import_file(source(number))
    assert not proposal.is_refused
    for noun, counts in proposal.changes().items():
        assert counts | NOTHING_CHANGED == counts, noun
    assert rows_by_meaning() == before


def test_the_work_plan_is_known_and_not_read():
    before = rows_by_meaning()
    proposal = import_file(source("002"))
    assert not proposal.is_refused
    assert {sheet["form"] for sheet in proposal.sheets} == {None}
    not_read = [i for i in proposal.issues if i.code == "sheet-not-read"]
    assert ("A30", "work-plan") in [(i.cell, i.params["form"]) for i in not_read]
    assert rows_by_meaning() == before


def test_a_doubt_names_the_line_it_is_about():
    proposal = import_file(source("000"))
    # The plan codes that are not those of their KPI, in the twelfth column.
    assert issues_of(proposal, "code-mismatch") == [
        ("", cell) for cell in ("L31", "L32", "L35", "L42", "L48")
    ]
    assert issues_of(proposal, "broken-separator") == [("", "N38")]
    assert issues_of(proposal, "no-plan") == [("", "L37")]
    lines = source("000").read_text("utf-8").split("\n")
    assert "1900,000" in lines[38 - 1].split("\t")[14 - 1]


def test_a_text_with_two_years_lands_on_the_cards_of_both():
    proposal = import_file(source("003"))
    assert [
        (sheet["form"], sheet["unit"], sheet["year"])
        for sheet in proposal.sheets
        if sheet["form"]
    ] == [
        ("strategy-map", "taipei", 109),
        ("scorecard", "group-e", 109),
        ("light-table", "group-e", 109),
        ("results", "group-e", 109),
        ("strategy-map", "taipei", 110),
        ("revision", "group-e", 110),
        ("scorecard", "group-e", 110),
    ]
