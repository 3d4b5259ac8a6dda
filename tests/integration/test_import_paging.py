"""A large sheet and a long list of doubts on the page of an import."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bsc.models import User
from sheets import services
from sheets.models import ImportBatch
from tests.factories import Role
from tests.integration.importing import (
    client_of,
    kept_for_a_module,
    load_reference,
    person,
    upload,
    workbook,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("english"),
    pytest.mark.slow,
]

HEADS = (
    "策略目標", "關鍵成功因素", "KPI", "公式及計量單位", "110年實際值", "111年目標值",
    "主責科室", "行動計畫", "已編111年概算",
)  # fmt: skip
MOST_QUERIES = 15


@pytest.fixture(scope="module", autouse=True)
def large(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Import 260 rows with a doubt in each, once for all that only look at them."""

    def prepare() -> None:
        load_reference()
        planner = person("planner", Role.PLANNER, "taipei")
        path = long_scorecard(tmp_path_factory.mktemp("large"), 260)
        file = SimpleUploadedFile(path.name, path.read_bytes())
        services.propose_batch(
            services.store_upload(
                file=file, file_name=path.name, by=planner, options={}
            )
        )

    with kept_for_a_module(django_db_blocker, prepare):
        yield


@pytest.fixture
def client() -> Client:
    return client_of(User.objects.get(username="planner"))


@pytest.fixture
def batch() -> ImportBatch:
    return ImportBatch.objects.get()


def long_scorecard(folder: Path, kpis: int) -> Path:
    """Return a workbook of `kpis` KPIs; the amount of every one lacks a separator."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "平衡計分卡"
    sheet.append(["臺北市家庭暴力暨性侵害防治中心 平衡計分卡 (111年)"])
    sheet.append(HEADS)
    sheet.append(["顧客構面"])
    for number in range(1, kpis + 1):
        above = (number - 1) // 5 + 1
        code = f"AC{above}.{(number - 1) % 5 + 1}"
        sheet.append(
            [
                f"AC{above} 目標第{above}", f"AC{above} 因素第{above}",
                f"{code} 指標第{number}", "(甲/乙)*100%　單位：%", "91.60", "95",
                "性保組", f"{code}.1 計畫第{number}", "1900,000",
            ]
        )  # fmt: skip
    path = folder / f"center-{kpis}.xlsx"
    book.save(path)
    return path


def shown(client: Client, batch: ImportBatch, query: str = "") -> str:
    answer = client.get(f"/imports/{batch.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers_of_doubts(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li id="issue-(\d+)"', html)]


def test_a_large_sheet_is_drawn_a_hundred_rows_a_page(client, batch):
    first = shown(client, batch)
    assert "rows 1 to 100 of 263" in first
    assert 'id="A100"' in first
    assert 'id="A101"' not in first
    last = shown(client, batch, "?sheet=1&page=3")
    assert "rows 201 to 263 of 263" in last
    assert 'id="C263"' in last
    assert 'id="C200"' not in last


def test_the_column_headings_stand_on_every_page_of_a_sheet(client, batch):
    second = shown(client, batch, "?sheet=1&page=2")
    table = second[second.index('<table class="gs"') :]
    assert '<tr class="hd again">' in table
    assert "主責科室" in table[: table.index('id="A101"')]
    # A repeated heading is no second cell of the same address.
    assert 'id="A2"' not in table


def test_a_doubt_leads_to_the_page_that_holds_its_cell_and_back(client, batch):
    listed = shown(client, batch, "?part=3")
    link = re.search(r'href="(\?[^"]*)#I263"', listed)
    assert link is not None
    there = shown(client, batch, link[1].replace("&amp;", "&"))
    cell = there[there.index('id="I263"') :]
    back = re.search(r'href="(\?[^"]*)#issue-(\d+)"', cell)
    assert back is not None
    again = shown(client, batch, back[1].replace("&amp;", "&"))
    assert f'<li id="issue-{back[2]}"' in again


def test_the_list_of_doubts_has_a_hundred_a_page_each_once(client, batch):
    count = len(batch.issues)
    assert count > 260
    found = []
    for part in range(1, count // 100 + 2):
        found += numbers_of_doubts(shown(client, batch, f"?part={part}"))
    assert found == list(range(1, count + 1))


def test_a_severity_is_listed_alone_and_stays_chosen_with_the_sheet(client, batch):
    warned = [
        number
        for number, issue in enumerate(batch.issues, 1)
        if issue["severity"] == "warn"
    ]
    some = shown(client, batch, "?severity=warn&sheet=1&page=2")
    assert numbers_of_doubts(some) == warned[:100]
    assert 'href="?sheet=1&amp;page=3&amp;severity=warn"' in some
    assert 'href="?sheet=1&amp;page=2" aria-current="true"' in some
    # A mark of the drawn rows leads to the part of this list that holds its doubt.
    marks = re.findall(r'href="\?([^"#]*)#issue-(\d+)">\2</a>', some)
    assert marks
    for query, number in marks:
        if int(number) in warned:
            part = warned.index(int(number)) // 100 + 1
            assert f"severity=warn&amp;part={part}" in query


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=999", "?page=x", "?part=999", "?severity=bad", "?page=٣"],
)
def test_an_odd_address_shows_what_there_is(client, batch, query: str):
    assert "平衡計分卡" in shown(client, batch, query)


def test_the_queries_do_not_grow_with_the_file(
    client, tmp_path: Path, django_capture_on_commit_callbacks
):
    taken = []
    for kpis in (20, 500):
        ImportBatch.objects.all().delete()
        path = long_scorecard(tmp_path, kpis)
        batch = upload(client, path, django_capture_on_commit_callbacks)
        shown(client, batch)
        with CaptureQueriesContext(connection) as captured:
            shown(client, batch)
        taken.append(len(captured))
    assert taken[0] == taken[1] <= MOST_QUERIES


def test_a_hidden_row_says_so(
    client, tmp_path: Path, django_capture_on_commit_callbacks
):
    ImportBatch.objects.all().delete()
    book = openpyxl.load_workbook(workbook("center-111"))
    book["平衡計分卡"].row_dimensions[5].hidden = True
    path = tmp_path / "center-111.xlsx"
    book.save(path)
    batch = upload(client, path, django_capture_on_commit_callbacks)
    html = shown(client, batch, "?sheet=2")
    assert '<th scope="row" class="off" title="hidden in the file">5</th>' in html
