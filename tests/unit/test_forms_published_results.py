"""The published results and their light table."""

from decimal import Decimal

from sheets.forms.readings import LightTableReading, ResultsReading, Severity
from tests.unit.forms_published import (
    LIGHTS,
    doubts_of,
    sheets_of,
    truth_of,
)


def test_every_cell_of_the_results_is_kept_as_printed():
    truth = truth_of("group-e-109")["results_table"]["rows"]
    reading = sheets_of("group-e-109")["執行成果"].reading
    assert isinstance(reading, ResultsReading)
    assert [list(result.texts.values()) for result in reading.results] == truth


def test_every_result_is_read_as_the_numbers_it_prints():
    kpis = {kpi["code"]: kpi for kpi in truth_of("group-e-109")["kpis"]}
    reading = sheets_of("group-e-109")["執行成果"].reading
    assert isinstance(reading, ResultsReading)
    assert [result.code for result in reading.results] == list(kpis)
    for result in reading.results:
        expected = kpis[result.code]["numeric_reading"]
        assert result.name == kpis[result.code]["name_in_results"]
        assert result.target.value == expected["target"]
        assert result.actual.value == expected["actual"]
        for key in ("achievement", "innovation", "challenge", "contribution", "total"):
            assert getattr(result, key) == expected[key], (result.code, key)
        assert result.light == LIGHTS[kpis[result.code]["light"]["grade"]]


def test_targets_in_parts_keep_their_parts():
    reading = sheets_of("group-e-109")["執行成果"].reading
    results = {result.code: result for result in reading.results}
    pooled = results["EF1.1"].target
    assert (pooled.value, pooled.comparator) == (Decimal(81), "≥")
    assert pooled.parts == tuple(
        (label, Decimal(81), "≥") for label in ("公務", "公彩", "社發")
    )
    truth = {kpi["code"]: kpi for kpi in truth_of("group-e-109")["kpis"]}["EP3.2"]
    for key in ("target", "actual"):
        said = getattr(results["EP3.2"], key)
        assert {label: value for label, value, _ in said.parts} == {
            label: part[key]
            for label, part in truth["numeric_reading"]["parts"].items()
        }


def test_the_exempt_kpi_has_words_a_printed_achievement_and_no_ratings():
    reading = sheets_of("group-e-109")["執行成果"].reading
    result = next(result for result in reading.results if result.code == "EP1.2")
    assert result.exemption == "本項KPI屬資料統計，免予評核。"
    assert result.target.words == result.actual.words == "高於6都平均值"
    assert result.achievement == 100
    assert (result.innovation, result.total, result.light) == (None, None, "unknown")
    assert doubts_of("group-e-109", "執行成果", "text-for-number") == []
    assert doubts_of("group-e-109", "執行成果", "target-in-words") == [
        ("B11", {"text": "高於6都平均值"})
    ]


def test_only_the_kpi_whose_achievement_is_reversed_is_asked_to_be_negative():
    asked = doubts_of("group-e-109", "執行成果", "direction-negative")
    assert [(cell, params["code"]) for cell, params in asked] == [("D18", "EP5.1")]
    assert doubts_of("group-e-109", "平衡計分卡", "direction-doubtful") == []


def test_the_light_table_is_read_with_its_counts():
    truth = truth_of("group-e-109")
    reading = sheets_of("group-e-109")["自評燈號統計表"].reading
    assert isinstance(reading, LightTableReading)
    assert (reading.title, reading.year) == (truth["light_table"]["title"], 2020)
    for row, expected in zip(reading.rows, truth["light_table"]["rows"], strict=True):
        assert row.label == expected["label"]
        assert row.perspective == (expected["perspective"] or "")
        assert (row.kpis, row.reached, row.not_reached, row.no_statistics) == (
            expected["kpi_total"],
            expected["met"],
            expected["not_met"],
            expected["no_statistics"],
        )
        assert row.lights == {
            LIGHTS[word]: count for word, count in expected["lights"].items()
        }
        assert list(row.texts) == expected["cells_published"]
    for key, counts in (
        ("objectives", reading.objective_counts),
        ("kpis", reading.kpi_counts),
    ):
        published = truth["published_counts"][key]
        assert counts == {"" if k == "total" else k: v for k, v in published.items()}


def test_no_published_sheet_has_an_error():
    for name in ("bureau-107", "center-111", "city-109", "city-110", "workplan-098"):
        for sheet in sheets_of(name).values():
            assert [d for d in sheet.doubts if d.severity is Severity.ERROR] == []
