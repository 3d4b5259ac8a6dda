"""One card on several sheets: what each adds, and where they contradict each other."""

from sheets.forms import read_book
from sheets.forms.readings import Reading, Severity
from sheets.forms.spread import Spread, placed, spread_over
from sheets.grid import Book
from tests.unit.forms_by_hand import sheet_of

CARD = "策略目標|關鍵成功因素|KPI|111年目標值|主責科室|行動計畫|111年預算(元)"
RESULTS = "KPI|目標值|實際值|達成率"


def readings(*sheets: tuple[str, ...]) -> list[Reading]:
    book = Book(
        "a.xlsx",
        tuple(sheet_of(*lines, name=f"表{n}") for n, lines in enumerate(sheets, 1)),
    )
    return [sheet.reading for sheet in read_book(book)]


def together(first: tuple[str, ...], second: tuple[str, ...]) -> Spread | None:
    one, other = readings(first, second)
    return spread_over(one, other, "表2")


def card(*rows: str, title: str = "某局 111年平衡計分卡") -> tuple[str, ...]:
    return (title, CARD, *rows)


A = "AC1 甲|因素|AC1.1 一率|80|成保組|AC1.1.1 計畫|500"
B = "BC1 乙|要素|BC1.1 二率|90|兒少組|BC1.1.1 方案|600"


def test_a_further_sheet_adds_objectives_kpis_factors_and_plans():
    found = together(card(A), card(B))
    assert found is not None
    assert found.doubts == ()
    whole = found.reading
    assert [o.code for o in whole.objectives] == ["AC1", "BC1"]
    assert [whole.factors[k.factor].name for k in whole.kpis] == ["因素", "要素"]
    assert [row.kpi for row in whole.rows] == ["AC1.1", "BC1.1"]
    (_, added) = whole.kpis
    assert placed("表1", added.cell) == ("表2", "C3")
    assert placed("表1", added.targets[2022].cell) == ("表2", "D3")
    assert placed("表1", whole.kpis[0].cell) == ("表1", "C3")


def test_a_sheet_of_a_perspective_tells_it_by_its_title():
    one, other = readings(
        card(A, title="某局 111年平衡計分卡-顧客構面"),
        card(B.replace("BC", "BF"), title="某局 111年平衡計分卡（財務構面）"),
    )
    whole = spread_over(one, other, "表2").reading
    assert [kpi.perspective for kpi in whole.kpis] == ["C", "F"]
    assert [p.name for p in whole.perspectives] == ["顧客", "財務"]


def test_other_years_of_the_same_kpis_are_added_to_them():
    later = ("某局 111年平衡計分卡", "策略目標|KPI|112年目標值", "AC1 甲|AC1.1 一率|85")
    (kpi,) = together(card(A), later).reading.kpis
    assert {year: f.text for year, f in kpi.targets.items()} == {2022: "80", 2023: "85"}


def test_a_sheet_that_adds_nothing_is_the_same_again():
    assert together(card(A, B), card(A)) is None
    assert together(card(A), card(A)) is None


def test_a_contradiction_is_told_at_the_cell_of_the_further_sheet():
    found = together(card(A), card(A.replace("80", "81"), B))
    (told,) = found.doubts
    assert (told.severity, told.code, told.cell) == (
        Severity.ERROR,
        "duplicate-code",
        "C3",
    )
    assert told.params == {"code": "AC1.1", "first": "C3 80", "second": "81"}


def test_other_money_for_the_same_plan_is_a_contradiction():
    (told,) = together(card(A), card(A.replace("500", "501"), B)).doubts
    assert (told.code, told.cell) == ("duplicate-code", "G3")


def test_other_owners_and_names_are_told_and_the_first_are_kept():
    found = together(
        card(A), card(A.replace("成保組", "性保組").replace("甲", "丙"), B)
    )
    assert sorted((d.code, d.cell) for d in found.doubts) == [
        ("name-varies", "A3"),
        ("owners-vary", "E3"),
    ]
    assert found.reading.kpis[0].owners == ("成保組",)


def test_sheets_that_differ_in_most_things_are_two_versions():
    rows = [A.replace("1.1", f"1.{n}").replace("一", f"{n}") for n in range(1, 5)]
    other = [row.replace("|80|", "|70|") for row in rows]
    assert together(card(*rows), card(*other, B)) is None


def shown(*rows: str) -> tuple[str, ...]:
    return ("某局 111年策略地圖", "使命|安居", *rows)


def test_a_map_for_each_theme_is_one_map():
    found = together(
        shown("策略主題||A 甲", "策略目標|顧客 C|AC1 一/TC1 全", "分成組員||社會局"),
        shown("策略主題||B 乙", "策略目標|顧客 C|BC1 二", "分成組員||民政局"),
    )
    assert found.doubts == ()
    whole = found.reading
    assert [theme.code for theme in whole.themes] == ["A", "B"]
    assert [o.code for o in whole.objectives] == ["AC1", "TC1", "BC1"]
    spans = {o.code: (o.first_theme, o.last_theme) for o in whole.objectives}
    assert spans["TC1"] == ("A", "B")
    assert [member.name for member in whole.members] == ["社會局", "民政局"]


def test_maps_of_two_missions_are_two_maps():
    rows = ("策略主題||A 甲", "策略目標|顧客 C|AC1 一")
    other = ("某局 111年策略地圖", "使命|樂業", rows[0].replace("A", "B"), rows[1])
    assert together(shown(*rows), other) is None


def test_results_by_perspective_are_one_sheet_of_results():
    first = ("某局 109年執行成果", RESULTS, "AC1.1 一|80|84|105")
    second = ("某局 109年執行成果", RESULTS, "AC1.1 一|80|84|105", "AF1.1 二|5|5|100")
    found = together(first, second)
    assert [result.code for result in found.reading.results] == ["AC1.1", "AF1.1"]
    assert found.doubts == ()
    other = (*second[:2], "AC1.1 一|80|88|110", second[3])
    assert [(d.code, d.cell) for d in together(first, other).doubts] == [
        ("duplicate-code", "A3")
    ]


def test_two_forms_are_never_one():
    one, other = readings(
        card(A), ("某局 109年執行成果", RESULTS, "AC1.1 一|80|84|105")
    )
    assert spread_over(one, other, "表2") is None
