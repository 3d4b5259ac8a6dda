"""The published maps and sheets, held against the truth."""

import pytest

from sheets.forms.readings import Severity
from tests.unit.forms_published import (
    doubts_of,
    map_of,
    sheets_of,
    truth_of,
)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("bureau-107", ["strategy-map", "scorecard"]),
        ("center-111", ["strategy-map", "scorecard"]),
        ("city-109", ["strategy-map"]),
        ("city-110", ["strategy-map"]),
        ("group-e-109", ["scorecard", "results", "light-table"]),
        ("group-e-110", ["scorecard", "revision", None]),
        ("safety-net-107", ["kpi-definitions", None]),
        ("workplan-098", [None] * 7),
    ],
)
def test_every_published_sheet_is_recognised_by_its_words(name: str, forms: list):
    assert [sheet.form for sheet in sheets_of(name).values()] == forms


@pytest.mark.parametrize(
    ("name", "sheet", "form"),
    [
        ("group-e-110", "主要任務", "main-tasks"),
        ("safety-net-107", "社工人力", "staffing"),
        ("workplan-098", "主軸一 提供被害人求助管道", "work-plan"),
    ],
)
def test_a_known_form_that_is_not_read_says_so(name: str, sheet: str, form: str):
    reading = sheets_of(name)[sheet]
    assert reading.reading is None
    (doubt,) = reading.doubts
    assert doubt.code == "sheet-not-read"
    assert doubt.severity is Severity.WARN
    assert doubt.params == {"form": form}


@pytest.mark.parametrize(
    ("name", "unit", "year", "titles"),
    [
        (
            "center-111",
            "臺北市家庭暴力暨性侵害防治中心",
            2022,
            ["title_map", "title"],
        ),
        ("bureau-107", "臺北市政府社會局", 2018, []),
        ("city-109", "本府", 2020, ["title_published"]),
        ("city-110", "本府", 2021, ["title_published"]),
        ("group-e-110", "E組", 2021, []),
    ],
)
def test_unit_and_year_stand_in_a_title_of_the_file(
    name: str, unit: str, year: int, titles: list
):
    readings = [s.reading for s in sheets_of(name).values() if s.reading]
    assert {reading.unit_text for reading in readings} == {unit}
    assert {reading.year for reading in readings} == {year}
    for reading, title in zip(readings, titles, strict=False):
        assert reading.title == truth_of(name)[title]


# Maps


@pytest.mark.parametrize("name", ["city-109", "city-110"])
def test_the_map_of_the_city_is_read_whole(name: str):
    truth, reading = truth_of(name), map_of(name)
    assert reading.mission == truth["mission"]
    assert reading.vision == truth["vision"]
    assert list(reading.core_values) == truth["core_values"]
    assert reading.core_values_text == truth["core_values_published"]
    assert [(t.code, t.name, t.label) for t in reading.themes] == [
        (t["code"], t["name"], t["label_published"]) for t in truth["themes"]
    ]
    assert [(p.code, p.name, p.label) for p in reading.perspectives] == [
        (p["code"], p["name"], p["label_published"]) for p in truth["perspectives"]
    ]
    expected = [
        (
            theme["code"],
            o["code"],
            o["name"],
            o["text_published"],
            o["perspective"],
            o.get("code_published") or "",
            (o["mark"] or "").strip("()"),
        )
        for theme in truth["themes"]
        for o in theme["objectives"]
    ]
    found = [
        (o.theme, o.code, o.name, o.text, o.perspective, o.code_text, o.mark)
        for o in reading.objectives
        if o.row == "perspective"
    ]
    assert sorted(found) == sorted(expected)
    assert all(
        o.first_theme == o.last_theme == o.theme
        for o in reading.objectives
        if o.row == "perspective"
    )


@pytest.mark.parametrize("name", ["city-109", "city-110"])
def test_the_top_row_of_the_city_spans_all_themes(name: str):
    items = truth_of(name)["top_objectives"]["items"]
    top = [o for o in map_of(name).objectives if o.row == "top"]
    assert [(o.code, o.code_text or o.code, o.name, o.text) for o in top] == [
        (i["code"], i["code_published"], i["name"], i["text_published"]) for i in items
    ]
    assert {(o.theme, o.first_theme, o.last_theme) for o in top} == {("", "A", "H")}


@pytest.mark.parametrize("name", ["city-109", "city-110"])
def test_the_members_of_every_theme_keep_their_line_and_lead(name: str):
    expected = [
        (theme["code"], member["name"], member["lead"], member["line"])
        for theme in truth_of(name)["themes"]
        for member in theme["agencies"]["members"]
    ]
    found = [(m.theme, m.name, m.is_lead, m.line) for m in map_of(name).members]
    assert found == expected


@pytest.mark.parametrize("name", ["city-109", "city-110"])
def test_codes_that_lack_their_theme_are_completed_and_asked(name: str):
    assert doubts_of(name, "策略地圖", "code-completed") == [
        ("B6", {"printed": "C3", "code": "TC3"}),
        ("C10", {"printed": "F1", "code": "AF1"}),
    ]


@pytest.mark.parametrize("name", ["center-111", "bureau-107"])
def test_a_map_below_the_city_is_read_whole(name: str):
    truth, reading = truth_of(name), map_of(name)
    assert reading.mission == (truth["mission"] or "")
    assert reading.vision == (truth["vision"] or "")
    assert list(reading.core_values) == (truth["core_values"] or [])
    parent = truth["parent_theme"]
    assert reading.parent_text == parent.get("text_published", parent["name"])
    assert [(t.code, t.name, t.label) for t in reading.themes] == [
        (t["code"], t["name"], t["label_published"]) for t in truth["themes"]
    ]
    assert [(p.code, p.name) for p in reading.perspectives] == [
        (p["code"], p["name"]) for p in truth["perspectives"]
    ]
    expected = {
        (
            o["code"],
            o.get("name_in_map", o["text_in_map"].removeprefix(o["code"]).strip()),
            o["text_in_map"],
            o["theme"] or "",
            o["perspective"],
        )
        for o in truth["objectives"]
    }
    found = {
        (o.code, o.name, o.text, o.theme, o.perspective) for o in reading.objectives
    }
    assert found == expected
    assert len(reading.objectives) == len(truth["objectives"])


def test_objectives_of_all_themes_span_them_and_others_stand_in_their_own():
    spans = {
        o.code: (o.first_theme, o.last_theme) for o in map_of("center-111").objectives
    }
    assert {spans[code] for code in ("TL1", "TL2", "TL3", "TF1")} == {("A", "C")}
    assert spans["AP1"] == spans["AP2"] == ("A", "A")
    assert spans["BC4"] == ("B", "B")
