"""What a sheet prints twice: each sum, count and result is checked, and said to be.

Each row of a table below is a requirement, one figure changed in a copy of a published
workbook, and the cell at which the difference is told; untouched, all of them agree.
"""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sheets import services
from sheets.messages import message
from sheets.proposals import Issue, Options, Proposal
from tests.integration.importing import (
    altered,
    counts_of,
    workbook,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("reference"),
]

MAP, CARD, RESULTS, LIGHTS = "策略地圖", "平衡計分卡", "執行成果", "自評燈號統計表"
CODES = {
    "count-differs",
    "kpi-name-differs",
    "name-differs",
    "parts-sum-differs",
    "result-differs",
    "sum-differs",
    "total-differs",
}
SENTENCES = {
    "顧客構面": "針對內外部顧客研擬9項策略目標，10項關鍵績效指標",
    "內部流程構面": "本構面為核心業務範疇，共計18項策略目標，28項關鍵績效指標",
    "學習成長構面": "著重員工訓練與效能提升，共計4項策略目標，4項關鍵績效指標",
    "財務構面": "著重相關預算之使用效率，共計4項策略目標，4項關鍵績效指標",
}
IN_ALL = "以上合計35項策略目標、46項關鍵績效指標及65項行動方案"


def proposed(path: Path) -> Proposal:
    proposal = services.read_and_propose(path, Options(file_name=path.name))
    assert not proposal.is_refused
    return proposal


def differences(proposal: Proposal) -> list[Issue]:
    found = [issue for issue in proposal.issues if issue.code in CODES]
    assert all(issue.severity == "warn" for issue in found)
    return found


def places(proposal: Proposal) -> list[tuple[str, str | None, str | None]]:
    return [(issue.code, issue.sheet, issue.cell) for issue in differences(proposal)]


def checked(proposal: Proposal) -> dict[str | None, int]:
    """Return how many comparisons each sheet's note tells of."""
    notes = [issue for issue in proposal.issues if issue.code == "checked"]
    assert all(note.severity == "note" for note in notes)
    return {note.sheet: int(note.params["count"]) for note in notes}


def changed(name: str, folder: Path, sheet: str, **cells: object) -> Proposal:
    """Propose a published workbook with other values in some cells of a sheet."""

    def alter(book: openpyxl.Workbook) -> None:
        for cell, value in cells.items():
            book[sheet][cell] = value

    return proposed(altered(name, folder, alter))


# Results and the table of lights (109, E group)


def test_published_results_and_lights_agree_with_all_that_is_checked():
    proposal = proposed(workbook("group-e-109"))
    assert differences(proposal) == []
    # 19 achievements or totals or lights and 19 names; 45 counts, 10 above, 1 exempt.
    assert checked(proposal) == {RESULTS: 75, LIGHTS: 56}


@pytest.mark.parametrize(
    ("requirement", "sheet", "cell", "value", "code"),
    [
        ("S003-20", RESULTS, "D3", "110.7", "result-differs"),
        ("S003-20", RESULTS, "H4", "90.2", "result-differs"),
        ("S003-20", RESULTS, "I3", "★(優)", "result-differs"),
        ("S003-22", RESULTS, "D20", "101", "result-differs"),
        ("S003-23", RESULTS, "A3", "EC1.1弱勢家庭關懷訪視率", "kpi-name-differs"),
        ("S003-24", RESULTS, "D16", "1.01", "result-differs"),
        ("S003-25", RESULTS, "D17", "104.3", "result-differs"),
        (
            "S003-26",
            RESULTS,
            "B15",
            "4,143 (身障3,107+ 老人1,037)",
            "parts-sum-differs",
        ),
        (
            "S003-26",
            RESULTS,
            "C15",
            "5,920 (身障4,630+ 老人1,289)",
            "parts-sum-differs",
        ),
        ("S003-36", RESULTS, "H10", "90.1", "result-differs"),
        ("S003-36", RESULTS, "D21", "65.24", "result-differs"),
        ("S003-43", LIGHTS, "J9", "2 (此指標免評核)", "total-differs"),
        ("S003-44", LIGHTS, "A2", "◆ 策略目標：11項", "count-differs"),
        (
            "S003-44",
            LIGHTS,
            "A3",
            "顧客構面4項；內部流程構面5項；學習成長構面1項；財務構面1項",
            "count-differs",
        ),
        ("S003-44", LIGHTS, "A4", "◆ 關鍵績效指標 (KPI)：18項", "count-differs"),
        (
            "S003-44",
            LIGHTS,
            "A5",
            "顧客構面7項；內部流程構面10項；學習成長構面1項；財務構面2項",
            "count-differs",
        ),
    ],
)
def test_a_printed_figure_that_does_not_agree_is_told_at_its_cell(
    requirement: str, sheet: str, cell: str, value: str, code: str, tmp_path: Path
):
    proposal = changed("group-e-109", tmp_path, sheet, **{cell: value})
    here = [issue for issue in differences(proposal) if issue.sheet == sheet]
    assert {(issue.code, issue.cell) for issue in here} == {(code, cell)}, requirement
    for issue in here:
        assert issue.params["printed"] != issue.params["found"]
        words = message(issue.code, issue.params)
        assert "%(" not in words
        assert str(issue.params["found"]) in words or issue.params["column"] == "light"
    assert sheet not in checked(proposal)


def test_every_count_of_a_table_of_lights_is_compared(tmp_path: Path):
    cells = [f"{column}{row}" for row in range(8, 13) for column in "BCDEFGHIJ"]

    def add_one(book: openpyxl.Workbook) -> None:
        for cell in cells:
            said = str(book[LIGHTS][cell].value)
            book[LIGHTS][cell] = str(int(said.split()[0]) + 1)

    proposal = proposed(altered("group-e-109", tmp_path, add_one))
    assert set(places(proposal)) == {("total-differs", LIGHTS, cell) for cell in cells}


def test_a_note_of_exemption_is_held_against_the_results(tmp_path: Path):
    def rate_it(book: openpyxl.Workbook) -> None:
        book[RESULTS].unmerge_cells("E11:I11")
        book[RESULTS]["E11"] = None

    proposal = proposed(altered("group-e-109", tmp_path, rate_it))
    (issue,) = differences(proposal)
    assert (issue.code, issue.cell) == ("total-differs", "J9")
    assert issue.params["column"] == "exempt"
    assert (issue.params["printed"], issue.params["found"]) == ("1", "0")


def test_a_table_of_lights_without_results_is_held_against_itself(tmp_path: Path):
    def alone(book: openpyxl.Workbook) -> None:
        del book[RESULTS]
        book[LIGHTS]["G8"] = 6

    proposal = proposed(altered("group-e-109", tmp_path, alone))
    assert places(proposal) == [
        ("total-differs", LIGHTS, "B8"),
        ("total-differs", LIGHTS, "G12"),
    ]


# Sentences and headings that count (107, bureau)


def with_sentences(sheet: Worksheet, **instead: str) -> list[str]:
    """Put a sentence below every band and one at the end; return their cells.

    `instead` are other sentences by the name of the band, 合計 the one at the end.
    """
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for merge in [*sheet.merged_cells.ranges]:
        sheet.unmerge_cells(str(merge))
    sheet.delete_rows(1, len(lines))
    cells = []
    for line in lines:
        sheet.append(line)
        if line[0] in SENTENCES:
            sheet.append([instead.get(line[0], SENTENCES[line[0]])])
            cells.append(f"A{sheet.max_row}")
    sheet.append([instead.get("合計", IN_ALL)])
    return [*cells, f"A{sheet.max_row}"]


def sentences(folder: Path, **instead: str) -> tuple[Proposal, list[str]]:
    cells: list[str] = []

    def alter(book: openpyxl.Workbook) -> None:
        cells.extend(with_sentences(book[CARD], **instead))

    return proposed(altered("bureau-107", folder, alter)), cells


def counted(proposal: Proposal) -> list[tuple[str | None, str, str, str]]:
    return [
        (
            issue.cell,
            issue.params["noun"],
            issue.params["printed"],
            issue.params["found"],
        )
        for issue in proposal.issues
        if issue.code == "count-differs"
    ]


def test_the_sentences_of_the_bureau_count_what_is_there(tmp_path: Path):
    proposal, _ = sentences(tmp_path)
    assert counted(proposal) == []


@pytest.mark.parametrize(
    ("requirement", "band", "sentence", "told"),
    [
        (
            "S001-03",
            "顧客構面",
            "針對內外部顧客研擬8項策略目標，11項關鍵績效指標",
            [("objectives", "8", "9"), ("kpis", "11", "10")],
        ),
        (
            "S001-03",
            "內部流程構面",
            "共計18項策略目標，27項關鍵績效指標",
            [("kpis", "27", "28")],
        ),
        ("S001-03", "財務構面", "共計5項策略目標", [("objectives", "5", "4")]),
        (
            "S001-03",
            "合計",
            "以上合計35項策略目標、47項關鍵績效指標及64項行動方案",
            [("kpis", "47", "46"), ("plans", "64", "65")],
        ),
    ],
)
def test_a_sentence_that_counts_otherwise_is_told_at_its_cell(
    requirement: str, band: str, sentence: str, told: list, tmp_path: Path
):
    proposal, cells = sentences(tmp_path, **{band: sentence})
    cell = dict(zip([*SENTENCES, "合計"], cells, strict=True))[band]
    assert counted(proposal) == [(cell, *each) for each in told], requirement


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("4大策略主題，共計35項策略目標", []),
        ("4大策略主題，共計36項策略目標", [("C1", "objectives", "36", "35")]),
        ("5大策略主題，共計35項策略目標", [("C1", "themes", "5", "4")]),
    ],
)
def test_a_map_has_as_many_objectives_as_it_says(line: str, told: list, tmp_path: Path):
    """S001-02: 35 objectives are 9 + 18 + 4 + 4."""

    def alter(book: openpyxl.Workbook) -> None:
        sheet = book[MAP]
        for merge in [m for m in sheet.merged_cells.ranges if m.min_row == 1]:
            sheet.unmerge_cells(str(merge))
        sheet["C1"] = line

    assert counted(proposed(altered("bureau-107", tmp_path, alter))) == told


def test_names_on_map_and_in_table_differ_four_times():
    """S001-04, and the golden numbers: 4 differences, 0 others."""
    names = [
        (issue.params["code"], issue.params["map"], issue.params["table"])
        for issue in differences(proposed(workbook("bureau-107")))
    ]
    both = ("培育優秀人力資源", "培植優秀人力資源")
    assert names == [(f"{theme}L1", *both) for theme in "ABCD"]


def test_another_name_that_differs_is_one_more(tmp_path: Path):
    proposal = changed("bureau-107", tmp_path, CARD, A4="AC1塑造親子資源服務")
    assert places(proposal)[0] == ("name-differs", CARD, "A4")
    assert len(places(proposal)) == 5


# Counts of a city's map (S003-07)


@pytest.mark.parametrize(("name", "below"), [("city-109", 80), ("city-110", 81)])
def test_a_map_of_the_city_counts_its_objectives(name: str, below: int):
    counts = counts_of(proposed(workbook(name)))
    assert counts["objectives"] == {"created": below + 4}
    assert counts["themes"] == {"created": 8}


# Sums of budgets (111, centre; S000-73)

SUMS = {"M27": 8_494_980, "N27": 9_444_980}


def with_sums(folder: Path, label: str = "合計", **instead: int) -> Proposal:
    return changed("center-111", folder, CARD, A27=label, **(SUMS | instead))


def test_the_sums_of_the_budget_columns_are_shown():
    proposal = proposed(workbook("center-111"))
    (note,) = [issue for issue in proposal.issues if issue.code == "budget-sums"]
    assert (note.severity, note.sheet) == ("note", CARD)
    assert note.params["sums"] == "111：8,494,980；112：9,444,980"


def test_sums_that_agree_are_checked(tmp_path: Path):
    proposal = with_sums(tmp_path)
    assert differences(proposal) == []
    assert checked(proposal) == {CARD: 2}


@pytest.mark.parametrize("label", ["合計", "總計", "小計"])
@pytest.mark.parametrize(("cell", "amount"), [("M27", 8_494_990), ("N27", 1)])
def test_a_sum_that_does_not_agree_is_told_at_its_cell(
    label: str, cell: str, amount: int, tmp_path: Path
):
    (issue,) = differences(with_sums(tmp_path, label, **{cell: amount}))
    assert (issue.code, issue.sheet, issue.cell) == ("sum-differs", CARD, cell)
    assert issue.params["found"] == f"{SUMS[cell]:,}"
    assert issue.params["label"] == label


def test_an_amount_that_changed_below_its_sum_is_told_at_the_sum(tmp_path: Path):
    (issue,) = differences(with_sums(tmp_path, M4=803_501))
    assert (issue.code, issue.cell) == ("sum-differs", "M27")
    assert issue.params["found"] == "8,494,981"


# A text, in which such sentences stand between the tables


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("針對顧客研擬2項策略目標，3項關鍵績效指標", []),
        (
            "針對顧客研擬3項策略目標，2項關鍵績效指標",
            [("objectives", "3", "2"), ("kpis", "2", "3")],
        ),
    ],
)
def test_sentences_of_a_text_are_checked_too(sentence: str, told: list, tmp_path: Path):
    path = tmp_path / "bureau.txt"
    lines = (
        "臺北市政府社會局 107年平衡計分卡-顧客構面",
        sentence,
        "策略目標\tKPI\t行動方案",
        "AC1塑造友善親子資源服務\tAC1.1親子資源服務滿意度\tAC1.1.1經營親子館",
        "AC2強化新移民社會支持\tAC2.1參與人次增長\tAC2.1.1辦理支持性服務",
        "\tAC2.2方案滿意度\tAC2.2.1辦理滿意度調查",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [each for _, *each in counted(proposed(path))] == [list(t) for t in told]
