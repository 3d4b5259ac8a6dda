"""The list of files that were brought in: what, by whom, and how it ended."""

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bsc.models import Unit, User
from sheets.models import ImportBatch
from tests.factories import make_import, omar
from tests.integration.importing import (
    altered,
    client_of,
    page,
    post,
    upload,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "english")]

Status = ImportBatch.Status
NONE = {"created": 0, "changed": 0, "unchanged": 0, "left": 0, "removed": 0}


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/imports/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_applied_file_stands_with_what_it_changed_and_who_did_it(
    client, planner, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    assert "KPIs: 19 new" not in listed(client)
    post(client, "apply-import", batch, on_commit)
    shown = listed(client)
    for words in ("group-e-109.xlsx", "KPIs: 19 new", str(planner), "applied"):
        assert words in shown
    assert batch.checksum[:12] in shown
    assert f'href="/imports/{batch.pk}/file/"' in shown


def test_figures_and_the_kinds_of_nothing_are_counted_apart(
    client, tmp_path, django_capture_on_commit_callbacks
):
    def only_absences(book: openpyxl.Workbook) -> None:
        for row in range(4, 28):
            if book["平衡計分卡"].cell(row, 3).value:
                for column in (5, 6, 7):
                    book["平衡計分卡"].cell(row, column, "無實際值")

    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, altered("center-111", tmp_path, only_absences), on_commit)
    assert "0 <small>new, and 60 “no actual value”</small>" in page(client, batch)
    batch.delete()
    batch = upload(client, workbook("center-111"), on_commit)
    post(client, "apply-import", batch, on_commit)
    assert "actuals: 25 new, and 35 “no actual value”;" in listed(client)


def test_an_undone_file_stays_in_the_list_and_says_so(
    client, django_capture_on_commit_callbacks
):
    on_commit = django_capture_on_commit_callbacks
    batch = upload(client, workbook("group-e-109"), on_commit)
    post(client, "apply-import", batch, on_commit)
    post(client, "undo-import", batch, on_commit)
    shown = listed(client)
    assert 'state-undone">undone<' in shown
    assert "KPIs: 19 new" in shown


def test_a_file_with_macros_has_no_link_to_its_original(client, planner):
    batch = make_import(planner, file_name="Plan.XLSM")
    shown = listed(client)
    assert "holds macros" in shown
    assert f"/imports/{batch.pk}/file/" not in shown


def test_the_list_is_filtered_by_unit_and_state(client, planner):
    dosw, group = (Unit.objects.get(code=code) for code in ("dosw", "group-e"))
    make_import(planner, dosw, file_name="one.xlsx")
    make_import(planner, group, file_name="two.xlsx", status=Status.REFUSED)
    make_import(planner, dosw, file_name="three.xlsx", status=Status.DISCARDED)

    def names(query: str) -> set[str]:
        shown = listed(client, query)
        return {n for n in ("one", "two", "three") if f"{n}.xlsx</a>" in shown}

    assert names("") == {"one", "two", "three"}
    assert names("?unit=dosw") == {"one", "three"}
    assert names("?status=refused") == {"two"}
    assert names("?unit=dosw&status=discarded") == {"three"}
    assert names("?unit=dosw&status=refused") == set()
    assert "No import is like that." in listed(client, "?unit=dosw&status=refused")


@pytest.mark.parametrize("query", ["?unit=nowhere", "?status=odd", "?page=x"])
def test_an_odd_filter_shows_all(client, planner, query: str):
    make_import(planner, file_name="one.xlsx")
    assert "one.xlsx" in listed(client, query)


def test_the_next_page_keeps_the_filter(client, planner):
    dosw = Unit.objects.get(code="dosw")
    for number in range(31):
        make_import(planner, dosw, file_name=f"{number}.xlsx")
    assert 'href="?unit=dosw&amp;page=2"' in listed(client, "?unit=dosw")


def test_the_units_to_choose_from_are_those_of_imports_one_may_see(client, planner):
    make_import(planner, Unit.objects.get(code="dosw"))
    assert '<option value="dosw">' in listed(client)
    assert 'name="status"' in listed(client)
    assert '<option value="dosw">' not in listed(client_of(omar()))


def test_the_list_costs_the_same_for_two_imports_and_for_twenty(client, planner):
    taken = []
    for count in (2, 18):
        for number in range(count):
            verdict = {"changes": {"kpis": NONE | {"created": number}}, "issues": []}
            make_import(planner, verdict=verdict)
        listed(client)
        with CaptureQueriesContext(connection) as captured:
            listed(client)
        taken.append(len(captured))
    assert taken[0] == taken[1] <= 15
