"""Tables with a row for each year, or for targets and actuals: read like wide ones."""

import pytest

from sheets.forms.readings import Severity
from tests.unit.forms_by_hand import codes, doubt, read

TITLE = "某局 111年平衡計分卡"
WIDE = (
    "策略目標|KPI|110年實際值|111年目標值|112年目標值",
    "AC1 甲|AC1.1 乙|80|≥81|82",
    "|AC1.2 丙|無|7|8",
)
LONG = {
    "a row a year": (
        "策略目標|KPI|年度|目標值|實際值",
        "AC1 甲|AC1.1 乙|110年||80",
        "AC1 甲|AC1.1 乙|111年|≥81|",
        "AC1 甲|AC1.1 乙|112年|82|",
        "AC1 甲|AC1.2 丙|110年||無",
        "AC1 甲|AC1.2 丙|111年|7|",
        "AC1 甲|AC1.2 丙|112年|8|",
    ),
    "each KPI once, western years": (
        "策略目標|KPI|年|目標值|實際值",
        "AC1 甲|AC1.1 乙|2021||80",
        "||2022|≥81",
        "||2023|82",
        "|AC1.2 丙|2021||無",
        "||2022|7",
        "||2023|8",
    ),
    "the year first, over its KPIs": (
        "年度|策略目標|KPI|目標值|實際值",
        "110|AC1 甲|AC1.1 乙||80",
        "||AC1.2 丙||無",
        "111|AC1 甲|AC1.1 乙|≥81",
        "||AC1.2 丙|7",
        "112|AC1 甲|AC1.1 乙|82",
        "||AC1.2 丙|8",
    ),
    "a row a figure": (
        "策略目標|KPI|類別|年度|數值",
        "AC1 甲|AC1.1 乙|實際|110|80",
        "||目標|111|≥81",
        "||目標值|112|82",
        "|AC1.2 丙|實際值|110|無",
        "||目標|111|7",
        "|||112|8",
    ),
    "targets and actuals over years": (
        "策略目標|KPI|類別|110年|111年|112年",
        "AC1 甲|AC1.1 乙|目標||≥81|82",
        "||實際|80",
        "|AC1.2 丙|目標||7|8",
        "||實際|無",
    ),
    "the year in the kind": (
        "策略目標|KPI|類別|數值",
        "AC1 甲|AC1.1 乙|110年實際值|80",
        "||111年目標值|≥81",
        "||112年目標值|82",
        "|AC1.2 丙|110年實際值|無",
        "||111年目標值|7",
        "||112年目標值|8",
    ),
}


def figures(reading) -> list:
    return [
        (
            kpi.code,
            kpi.objective,
            [
                {
                    year: (figure.value, figure.comparator, figure.absence)
                    for year, figure in sorted(found.items())
                }
                for found in (kpi.targets, kpi.actuals)
            ],
        )
        for kpi in reading.reading.kpis
    ]


@pytest.mark.parametrize("name", LONG)
def test_a_long_table_says_what_the_wide_one_says(name: str):
    long, wide = read(TITLE, *LONG[name]), read(TITLE, *WIDE)
    assert figures(long) == figures(wide)
    assert codes(long, Severity.ERROR) == codes(long, Severity.WARN) == []
    assert codes(long, Severity.ASK) == []


def test_a_figure_has_the_cell_of_its_own_row():
    (first, _) = read(TITLE, *LONG["a row a year"]).reading.kpis
    assert [(year, f.cell) for year, f in first.targets.items()] == [
        (2022, "D4"),
        (2023, "D5"),
    ]


def test_two_figures_of_one_year_contradict_each_other_at_the_second():
    again = ("策略目標|KPI|年度|目標值", "AC1 甲|AC1.1 乙|111|80", "||111|81")
    told = doubt(read(TITLE, *again), "duplicate-code")
    assert (told.severity, told.cell) == (Severity.ERROR, "B4")
    assert told.params["second"] == "81"


@pytest.mark.parametrize(
    ("year", "code", "severity"),
    [("1110", "bad-year", Severity.ERROR), ("平均", "line-ignored", Severity.NOTE)],
)
def test_a_row_of_no_year_is_told_and_gives_no_figure(year, code, severity):
    found = read(TITLE, "策略目標|KPI|年度|目標值", f"AC1 甲|AC1.1 乙|{year}|80")
    told = doubt(found, code)
    assert (told.cell, told.severity) == ("C3", severity)
    assert found.reading.kpis[0].targets == {}


def test_plans_and_owners_that_every_row_repeats_are_one_row_with_all_years():
    found = read(
        TITLE,
        "策略目標|KPI|年度|目標值|行動計畫|預算(元)|行動計畫主責科室",
        "AC1 甲|AC1.1 乙|111|80|AC1.1.1 計畫|500|成保組",
        "AC1 甲|AC1.1 乙|112|81|AC1.1.1 計畫|600|成保組",
        "AC1 甲|AC1.1 乙|112|81|AC1.1.2 另案|700|兒少組",
    ).reading
    assert [
        ([plan.code for plan in row.plans], [(m.year, m.text) for m in row.budgets])
        for row in found.rows
    ] == [
        (["AC1.1.1"], [(2022, "500"), (2023, "600")]),
        (["AC1.1.2"], [(2023, "700")]),
    ]


def test_a_kind_that_is_neither_target_nor_actual_is_told():
    found = read(
        TITLE,
        "策略目標|KPI|類別|年度|數值",
        "AC1 甲|AC1.1 乙|目標|111|80",
        "||達成率|111|99",
    )
    assert doubt(found, "line-ignored").cell == "C4"
    assert found.reading.kpis[0].targets[2022].value == 80


def test_a_column_of_kinds_beside_years_of_its_own_is_none_of_these():
    found = read(TITLE, "策略目標|KPI|類別|111年目標值", "AC1 甲|AC1.1 乙|產出|80")
    assert doubt(found, "column-not-read").params == {"heading": "類別"}
    assert found.reading.kpis[0].targets[2022].value == 80


def test_results_in_rows_a_year_are_those_of_the_sheets_year():
    found = read(
        "某局 110年執行成果",
        "KPI|年度|目標值|實際值|達成率",
        "AC1.1 乙|109|80|80|100",
        "AC1.1 乙|110|80|84|105",
    )
    (result,) = found.reading.results
    assert (result.actual.value, found.reading.year) == (84, 2021)
    assert doubt(found, "line-ignored").cell == "A3"


def test_a_kpi_printed_again_adds_what_it_did_not_say_before():
    found = read(
        TITLE,
        "策略目標|KPI|計量單位|主責科室|111年目標值|112年目標值",
        "AC1 甲|AC1.1 乙|%||80",
        "|AC1.1 乙||成保組||81",
        "|AC1.1 乙||兒少組",
    )
    (kpi,) = found.reading.kpis
    assert (kpi.measure, kpi.owners, [*kpi.targets]) == ("%", ("成保組",), [2022, 2023])
    told = doubt(found, "owners-vary")
    assert (told.severity, told.cell) == (Severity.WARN, "D5")
