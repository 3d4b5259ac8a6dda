"""Bad files are refused with file, sheet and cell, and nothing of them is written."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from bsc.models import Scorecard
from sheets.forms.readings import Severity
from tests.integration.importing import (
    altered,
    import_file,
    issues_of,
    rows_with_keys,
    workbook,
)
from tests.unit import hostile
from tests.unit.test_package import REFUSED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference"),
    pytest.mark.slow,
]

TABLE, MAP, RESULTS = "平衡計分卡", "策略地圖", "執行成果"
type Alter = Callable[[openpyxl.Workbook], None]


def put(sheet: str, **cells: object) -> Alter:
    """Return an alteration that writes `cells` into a sheet."""

    def alter(book: openpyxl.Workbook) -> None:
        for address, value in cells.items():
            book[sheet][address] = value

    return alter


def without_header(book: openpyxl.Workbook) -> None:
    del book[MAP]
    for cell in book[TABLE][2]:
        cell.value = f"欄{cell.column}"


def nothing_known(book: openpyxl.Workbook) -> None:
    for sheet in list(book.worksheets)[1:]:
        book.remove(sheet)
    sheet = book.worksheets[0]
    sheet.delete_rows(1, 100)
    for row in (["品項", "數量"], ["紙", 3], ["筆", 5]):
        sheet.append(row)


def same_code_twice(book: openpyxl.Workbook) -> None:
    """Give the second KPI of the centre the code of the first."""
    book[TABLE]["C5"] = "AC1.1 另一個指標"


def two_results_of_one_kpi(book: openpyxl.Workbook) -> None:
    book[RESULTS]["A4"] = book[RESULTS]["A3"].value


def kpi_below_no_objective(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    for merge in list(sheet.merged_cells.ranges):
        if merge.min_col <= 2:
            sheet.unmerge_cells(str(merge))
    sheet["A4"] = None
    sheet["B4"] = None


# The workbook, what is done to it, the code, and the sheet and cell it is told at.
BAD: dict[str, tuple[str, Alter, str, str | None, str | None]] = {
    "one code with two contents": (
        "center-111",
        same_code_twice,
        "duplicate-code",
        TABLE,
        "C5",
    ),
    "one code with two results": (
        "group-e-109",
        two_results_of_one_kpi,
        "duplicate-code",
        RESULTS,
        "A4",
    ),
    "a KPI below no objective": (
        "center-111",
        kpi_below_no_objective,
        "no-objective",
        TABLE,
        "C4",
    ),
    "an unknown section": (
        "center-111",
        put(TABLE, K4="火星組"),
        "unknown-unit",
        TABLE,
        "K4",
    ),
    "an unknown agency on the map": (
        "city-109",
        put(MAP, C11="火星局(主政)"),
        "unknown-unit",
        MAP,
        "C11",
    ),
    "a title of nobody": (
        "bureau-107",
        lambda book: (
            put(MAP, A1="火星局 107年 策略地圖")(book),
            put(TABLE, A1="火星局 107年平衡計分卡")(book),
        ),
        "unknown-unit",
        MAP,
        "A1",
    ),
    "money below zero": (
        "center-111",
        put(TABLE, M4=-803500),
        "negative-amount",
        TABLE,
        "M4",
    ),
    "money in brackets": (
        "center-111",
        put(TABLE, N4="(5,000)"),
        "negative-amount",
        TABLE,
        "N4",
    ),
    "a title of the year 1110": (
        "center-111",
        put(TABLE, A1="臺北市家庭暴力暨性侵害防治中心 平衡計分卡 (1110年)"),
        "bad-year",
        TABLE,
        "A1",
    ),
    "a column of the year 999": (
        "center-111",
        put(TABLE, H2="KPI 999年 目標值"),
        "bad-year",
        TABLE,
        "H2",
    ),
    "no form we know": (
        "center-111",
        nothing_known,
        "unknown-form",
        MAP,
        None,
    ),
    "a title without headings": (
        "center-111",
        without_header,
        "no-header",
        TABLE,
        "A1",
    ),
    "a name of 201 signs": (
        "center-111",
        put(TABLE, C4="AC1.1 " + "長" * 201),
        "too-long-to-keep",
        TABLE,
        "C4",
    ),
    "a rating of 120 points": (
        "group-e-109",
        put(RESULTS, E4=120),
        "bad-points",
        RESULTS,
        "E4",
    ),
    "a rating below zero": (
        "group-e-109",
        put(RESULTS, F4=-1),
        "bad-points",
        RESULTS,
        "F4",
    ),
    "a total that no column holds": (
        "group-e-109",
        put(RESULTS, H4=123456),
        "bad-points",
        RESULTS,
        "H4",
    ),
    "a result of no KPI": (
        "group-e-109",
        put(RESULTS, A3="EC9.9 不在計分卡上的指標"),
        "unknown-kpi",
        RESULTS,
        "A3",
    ),
    "the same form twice": (
        "city-109",
        lambda book: setattr(book.copy_worksheet(book[MAP]), "title", "又一張"),
        "sheet-twice",
        "又一張",
        None,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_at_its_cell_and_nothing_is_written(
    name: str, tmp_path: Path
):
    source, alter, code, sheet, cell = BAD[name]
    before = rows_with_keys()
    proposal = import_file(altered(source, tmp_path, alter))
    assert proposal.is_refused
    assert proposal.file_name == f"{source}.xlsx"
    assert (sheet, cell) in issues_of(proposal, code)
    assert all(i.severity is Severity.ERROR for i in proposal.issues if i.code == code)
    assert rows_with_keys() == before


@pytest.mark.parametrize(
    "name", ["one code with two contents", "an unknown section", "a result of no KPI"]
)
def test_a_bad_file_changes_nothing_of_what_stands(name: str, tmp_path: Path):
    source, alter, _, _, _ = BAD[name]
    import_file(workbook(source))
    before = rows_with_keys()
    assert import_file(altered(source, tmp_path, alter)).is_refused
    assert rows_with_keys() == before


def test_all_errors_are_told_at_once(tmp_path: Path):
    alter = put(TABLE, K4="火星組", M4=-1, C5="AC1.1 另一個指標")
    proposal = import_file(altered("center-111", tmp_path, alter))
    assert {i.code for i in proposal.issues if i.severity is Severity.ERROR} == {
        "unknown-unit",
        "negative-amount",
        "duplicate-code",
    }


def test_an_unknown_unit_is_told_once_for_all_its_cells_and_spellings(tmp_path: Path):
    alter = put(TABLE, K4="火星組", K5="火 星組", O4="火星組。", O6="金星組")
    proposal = import_file(altered("center-111", tmp_path, alter))
    assert issues_of(proposal, "unknown-unit") == [(TABLE, "K4"), (TABLE, "O6")]


def test_a_closed_card_takes_no_import():
    import_file(workbook("center-111"))
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)
    before = rows_with_keys()
    proposal = import_file(workbook("center-111"))
    assert proposal.is_refused
    assert issues_of(proposal, "card-closed") == [(MAP, None)]
    assert rows_with_keys() == before


def test_a_closed_card_in_a_file_holds_back_all_of_the_file(tmp_path: Path):
    import_file(workbook("group-e-109"))
    Scorecard.objects.update(status=Scorecard.Status.CLOSED)

    def add_another_card(book: openpyxl.Workbook) -> None:
        city = openpyxl.load_workbook(workbook("city-109"))[MAP]
        sheet = book.create_sheet("府級")
        for row in city.iter_rows():
            for cell in row:
                if cell.value is not None:
                    sheet[cell.coordinate] = cell.value
        for merge in city.merged_cells.ranges:
            sheet.merge_cells(str(merge))

    before = rows_with_keys()
    proposal = import_file(altered("group-e-109", tmp_path, add_another_card))
    assert proposal.is_refused
    assert [sheet["unit"] for sheet in proposal.sheets].count("taipei") == 1
    assert rows_with_keys() == before


# What a sheet contradicts, but may: warned of, and written


@pytest.mark.parametrize(
    ("cells", "code", "cell"),
    [
        ({"D4": 99}, "result-differs", "D4"),
        ({"H4": 50}, "result-differs", "H4"),
        ({"I4": "×(差)"}, "result-differs", "I4"),
    ],
)
def test_a_result_that_the_rules_do_not_give_is_warned_of(
    cells: dict, code: str, cell: str, tmp_path: Path
):
    proposal = import_file(altered("group-e-109", tmp_path, put(RESULTS, **cells)))
    assert not proposal.is_refused
    assert (RESULTS, cell) in issues_of(proposal, code)


def test_published_results_and_counts_contradict_nothing():
    proposal = import_file(workbook("group-e-109"))
    assert issues_of(proposal, "result-differs") == []
    assert issues_of(proposal, "total-differs") == []


def test_a_count_of_lights_that_the_rows_do_not_give_is_warned_of(tmp_path: Path):
    sheet = openpyxl.load_workbook(workbook("group-e-109"))["自評燈號統計表"]
    row = next(c.row for c in sheet["A"] if str(c.value).startswith("財務構面"))
    alter = put("自評燈號統計表", **{f"B{row}": 2})
    proposal = import_file(altered("group-e-109", tmp_path, alter))
    assert not proposal.is_refused
    assert issues_of(proposal, "total-differs") == [("自評燈號統計表", f"B{row}")]


# Files that would harm a reader

# All of them are sent to the running server, and read without Django, elsewhere.
KINDS = {
    "far_cell",
    "zip_bomb",
    "billion_laughs",
    "damaged",
    "encrypted",
    "comma_separated",
    "long_text",
    "long_number",
    "many_sheets",
    "ods_repeated_rows",
    "ods_with_password",
    "xls_far_row",
    "xls_with_password",
    "csv_of_no_encoding",
    "csv_nothing_but_quotes",
}
CHOSEN = [refused for refused in REFUSED if refused[0].__name__ in KINDS]


@pytest.mark.parametrize(
    ("build", "file_name", "code"),
    [*CHOSEN, (bytes, "plan.xlsx", "file-empty")],
    ids=[f"{b.__name__}-{name}" for b, name, _ in (*CHOSEN, (bytes, "empty", ""))],
)
def test_a_hostile_file_is_refused_by_the_import(
    build: Callable[[], bytes], file_name: str, code: str, tmp_path: Path
):
    path = tmp_path / file_name
    path.write_bytes(build())
    before = rows_with_keys()
    proposal = import_file(path)
    assert [(i.severity, i.code) for i in proposal.issues] == [(Severity.ERROR, code)]
    assert rows_with_keys() == before


def test_a_hostile_file_is_refused_with_sheet_and_cell(tmp_path: Path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(hostile.far_cell())
    (issue,) = import_file(path).issues
    assert (issue.sheet, issue.cell) == ("Sheet1", "XFD1048576")
