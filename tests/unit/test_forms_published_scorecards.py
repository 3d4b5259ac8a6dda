"""The published scorecards, cell by cell."""

from decimal import Decimal

import pytest

from tests.unit.forms_published import (
    by_roc_year,
    doubts_of,
    money,
    scorecard_of,
    truth_of,
)


@pytest.mark.parametrize("name", ["center-111", "bureau-107"])
def test_the_objectives_of_a_scorecard_are_as_printed(name: str):
    truth, reading = truth_of(name), scorecard_of(name)
    expected = {
        (
            o["code"],
            o["text_in_table"].removeprefix(o["code"]).strip(),
            o["text_in_table"],
            o["perspective"],
        )
        for o in truth["objectives"]
    }
    found = {(o.code, o.name, o.text, o.perspective) for o in reading.objectives}
    assert found == expected
    assert [(p.code, p.name, p.label) for p in reading.perspectives] == [
        (p["code"], p["name"], p["label_in_table"]) for p in truth["perspectives"]
    ]


@pytest.mark.parametrize("name", ["group-e-109", "group-e-110"])
def test_the_scorecard_of_a_group_is_read_whole(name: str):
    truth, reading = truth_of(name), scorecard_of(name)
    assert [(p.code, p.name, p.label) for p in reading.perspectives] == [
        (p["code"], p["name"], p["label_on_scorecard"]) for p in truth["perspectives"]
    ]
    assert [(o.code, o.name, o.perspective) for o in reading.objectives] == [
        (o["code"], o["name"], o["perspective"]) for o in truth["objectives"]
    ]
    assert [(f.objective, f.name, f.text) for f in reading.factors] == [
        (f["objective"], f["text"], f["text_published"]) for f in truth["ksfs"]
    ]
    assert [
        (k.code, k.name, k.objective, k.perspective, k.text) for k in reading.kpis
    ] == [
        (k["code"], k["name"], k["objective"], k["perspective"], k["text_published"])
        for k in truth["kpis"]
    ]
    assert [
        (row.kpi, [(p.code, p.name, p.text) for p in row.plans]) for row in reading.rows
    ] == [
        (
            kpi["code"],
            [
                (p["code"], p["name"], p["text_published"])
                for p in truth["plans"]
                if p["kpi"] == kpi["code"]
            ],
        )
        for kpi in truth["kpis"]
    ]
    for kpi in reading.kpis:
        assert reading.factors[kpi.factor].objective == kpi.objective


def test_a_unit_in_the_name_of_a_kpi_is_its_measure():
    measures = {
        k.code: (k.measure, k.measure_text) for k in scorecard_of("group-e-109").kpis
    }
    assert measures["EC1.1"] == ("%", "(%)")
    assert measures["EC1.2"] == ("", "")


def test_the_factors_of_the_centre_keep_their_codes():
    found = [
        (f.code, f.name, f.objective, f.text)
        for f in scorecard_of("center-111").factors
    ]
    assert found == [
        (f["code"], f["text"], f["objective"], f["text_published"])
        for f in truth_of("center-111")["ksfs"]
    ]


def test_every_kpi_of_the_centre_is_read_cell_by_cell():
    truth, reading = truth_of("center-111"), scorecard_of("center-111")
    assert [kpi.code for kpi in reading.kpis] == [kpi["code"] for kpi in truth["kpis"]]
    for kpi, expected in zip(reading.kpis, truth["kpis"], strict=True):
        assert {
            "name": kpi.name,
            "objective": kpi.objective,
            "ksf": reading.factors[kpi.factor].code,
            "text_published": kpi.text,
            "formula_text": kpi.formula_text,
            "formula_cell": kpi.formula_cell,
            "unit": kpi.measure,
            "unit_published": kpi.measure_text,
            "direction": kpi.direction or None,
            "notes": list(kpi.notes),
            "owners": list(kpi.owners),
            "actuals": by_roc_year(kpi.actuals),
            "targets": by_roc_year(kpi.targets),
        } == {key: value for key, value in expected.items() if key != "code"}


def test_no_actual_value_is_an_absence_and_zero_a_number():
    kpis = {kpi.code: kpi for kpi in scorecard_of("center-111").kpis}
    absent = [f for k in kpis.values() for f in k.actuals.values() if f.absence]
    assert len(absent) == 35
    assert {figure.absence for figure in absent} == {"not-measured"}
    zero = kpis["CC1.1"].actuals[2021]
    assert (zero.value, zero.absence) == (Decimal(0), "")


def test_a_figure_of_half_a_year_names_its_months():
    half = {k.code: k for k in scorecard_of("center-111").kpis}["BC2.1"].actuals[2020]
    assert (half.value, half.note) == (Decimal(88), "109年7-12月")
    assert (half.month_from, half.month_until) == (7, 12)


def test_plans_budgets_and_owners_of_the_centre_stand_in_their_rows():
    truth, reading = truth_of("center-111"), scorecard_of("center-111")
    plans = {plan["key"]: plan for plan in truth["action_plans"]}
    assert len(reading.rows) == len(truth["table_rows"])
    for row, expected in zip(reading.rows, truth["table_rows"], strict=True):
        assert row.kpi == expected["kpi"]
        assert [(p.code, p.name, p.text) for p in row.plans] == [
            (plans[key]["code"], plans[key]["name"], plans[key]["text_published"])
            for key in expected["action_plans"]
        ]
        assert list(row.owners) == expected["plan_owners"]
        assert {str(m.year - 1911): money(m) for m in row.budgets} == expected[
            "budgets"
        ]


def test_budgets_keep_their_stage_and_their_kinds_of_nothing():
    budgets = [m for row in scorecard_of("center-111").rows for m in row.budgets]
    assert {(m.year, m.stage) for m in budgets} == {
        (2022, "estimate"),
        (2023, "preliminary"),
    }
    first = [m for m in budgets if m.year == 2022]
    kinds = [(m.kind, m.amount == 0) for m in first]
    assert kinds.count(("none", False)) == 9
    assert kinds.count(("amount", True)) == 3
    assert sum(m.amount or 0 for m in first) == 8494980
    assert sum(m.amount or 0 for m in budgets if m.year == 2023) == 9444980


def test_the_doubts_of_the_centre_are_those_of_its_quirks():
    name, sheet = "center-111", "平衡計分卡"
    assert doubts_of(name, sheet, "code-mismatch") == [
        ("L8", {"code": "BC1.1.2", "kpi": "BC1.2"}),
        ("L9", {"code": "BC1.1.3", "kpi": "BC1.3"}),
        ("L10", {"code": "BP2.1.1", "kpi": "BC2.1"}),
        ("L15", {"code": "BC4.1.2", "kpi": "BC4.2"}),
        ("L19", {"code": "AP2.1.1", "kpi": "AP1.1"}),
    ]
    ((cell, reused),) = doubts_of(name, sheet, "code-reused")
    assert (cell, reused["code"]) == ("L20", "AP2.1.1")
    assert doubts_of(name, sheet, "no-plan") == [("L12", {"code": "BC3.2"})]
    assert doubts_of(name, sheet, "broken-separator") == [
        ("N13", {"text": "1900,000", "value": "1900000"})
    ]
    assert doubts_of(name, sheet, "direction-unconfirmed") == [(None, {"count": "19"})]


def test_the_kpis_and_plans_of_the_bureau_are_attached_by_their_codes():
    truth, reading = truth_of("bureau-107"), scorecard_of("bureau-107")
    assert [(k.code, k.name, k.objective, k.text) for k in reading.kpis] == [
        (k["code"], k["name"], k["objective"], k["text_published"])
        for k in truth["kpis"]
    ]
    expected = {
        (plan["kpis"][0], plan["code"], plan["name"], plan["text_published"])
        for plan in truth["action_plans"]
    }
    found = [
        (row.kpi, plan.code, plan.name, plan.text)
        for row in reading.rows
        for plan in row.plans
    ]
    assert set(found) == expected
    assert len(found) == len(expected) == 65
    assert len({row.cell for row in reading.rows}) == len(truth["table_rows"]) == 45
    assert {row.printed_kpis for row in reading.rows if row.kpi == "BC2.2"} == {
        ("BC2.1", "BC2.2")
    }


def test_the_definitions_of_the_safety_net_are_read_by_group():
    truth, reading = truth_of("safety-net-107"), scorecard_of("safety-net-107")
    assert [(t.code, t.name, t.label) for t in reading.themes] == [
        (g["code"], g["name"], g["title_published"]) for g in truth["groups"]
    ]
    assert [(o.code, o.name, o.theme) for o in reading.objectives] == [
        (o["code"], o["name"], o["group"]) for o in truth["objectives"]
    ]
    for kpi, expected in zip(reading.kpis, truth["kpis"], strict=True):
        assert (kpi.code, kpi.name, kpi.objective) == (
            expected["code"],
            expected["name"],
            expected["objective"],
        )
        assert kpi.formula_text == expected["formula_text"]
        assert kpi.formula_cell == expected["formula_cell"]
        assert kpi.measure == expected["unit"]
        assert list(kpi.notes) == expected["notes"]
        assert not kpi.direction
