"""Figures that ask for a second look: slips are found, true figures hardly asked."""

import re
from decimal import Decimal

import pytest

from bsc.periods import Period
from kpi.entries import Counterpart, Past, doubts, read, unconfirmed
from kpi.scoring import Part, TargetFigure
from tests.unit.entry_cases import AC3_1, make, target, truth

PARTS = (Part("身障", Decimal(3107)), Part("老人", Decimal(1036)))
SHARES = tuple(target("≥81") for _ in range(3))
IN_PARTS = TargetFigure(
    parts=tuple(
        Part(label, goal.value, goal.comparator)
        for label, goal in zip(("公務", "公彩", "社發"), SHARES, strict=True)
    )
)
MARCH = Period.parse("111-03")
OTHER = (Counterpart("臺北市 109年 EP5.2", Decimal("90.34")),)

ASKED = [
    # Definition, boxes, codes.
    (make(goal="46.5", past="48.39 46.15"), {"value": "45.65"}, []),
    (make(goal="46.5", past="48.39 46.15"), {"value": "4.565"}, ["tenfold"]),
    (make(goal="46.5", past="48.39 46.15"), {"value": "456.5"}, ["tenfold"]),
    (make(goal="46.5", past="48.39 46.15"), {"value": "0.4565"}, ["hundredfold"]),
    (make(goal="46.5", past="48.39 46.15"), {"value": "4565"}, ["hundredfold"]),
    (make(measure="千元", past="8494 9444"), {"value": "8790000"}, ["thousandfold"]),
    (make(goal="100"), {"value": "1.0118"}, ["hundredfold"]),
    (make(goal="80", past="78.4 38.65 42.92"), {"value": "60"}, []),
    (make(goal="80", past="78.4 38.65 42.92"), {"value": "95"}, []),
    (make(goal="34.17", past="35.28 34.00 35.60"), {"value": "36.1"}, []),
    (make(goal="34.17", past="35.28 34 35.6"), {"value": "63.5"}, ["far-from-series"]),
    (make(goal="34.17", past="35.28 34 35.6"), {"value": "53.6"}, ["far-from-series"]),
    (make(past="34 35.6"), {"value": "63.5"}, []),  # two years say too little
    (make(measure="區", past="1 3 2"), {"value": "6"}, []),
    (make(measure="區", past="1 3 2"), {"value": "9"}, ["far-from-series"]),
    (make(goal="4.5", measure="分"), {"value": "4.5"}, ["equal-to-target"]),
    (make(goal="4.5", measure="分"), {"value": "4.50"}, ["equal-to-target"]),
    (make(goal="4.5", measure="分"), {"value": "4.51"}, []),
    (make(goal="100"), {"value": "100"}, []),  # as much as there can be
    (make(goal="12", measure="區", maximum=Decimal(12)), {"value": "12"}, []),
    (make(goal="0", measure="件"), {"value": "0"}, []),
    (make(past="85.6 95.97"), {"value": "95.97"}, ["unchanged-from-last-year"]),
    (make(past="85.6 100"), {"value": "100"}, []),
    (make(measure="區", past="2 3"), {"value": "3"}, []),
    (make(goal="3.4"), {"value": "-1"}, ["below-zero"]),
    (make(past="-0.5", measure="百分點"), {"value": "-0.8"}, []),
    (make(goal="90"), {"value": "103.5"}, ["over-whole"]),
    (make(goal="100"), {"value": "101.18"}, []),
    (make(maximum=Decimal(12), measure="區", goal="6"), {"value": "13"}, ["outside-bounds"]),
    (make(minimum=Decimal(0), goal="6"), {"value": "-3"}, ["outside-bounds"]),
    (make(goal="50", measure="人次"), {"value": "48.5"}, ["fraction-of-count"]),
    (make(goal="4.5", measure="分"), {"value": "4.6"}, []),
    (make(goal="46.5"), {"value": "45.654"}, ["more-decimals"]),
    (make(goal="46.5", decimals=0), {"value": "45"}, []),
    (make(goal="高於6都平均值"), {"text": "高於6都平均值"}, ["equal-to-target"]),
    (make(counterparts=OTHER), {"value": "38.65"}, ["counterpart-differs"]),
    (make(counterparts=OTHER), {"value": "90.3"}, []),  # the same, printed shorter
    (
        make(measure="趟次", target=target("4143", *PARTS)),
        {"value": "5920", "part:0": "4631", "part:1": "1298"},
        ["parts-differ"],
    ),
    (
        make(measure="趟次", target=target("4143", *PARTS)),
        {"value": "5920", "part:0": "4631", "part:1": "1289"},
        [],
    ),
    (
        make(target=IN_PARTS),
        {"value": "52.85", "part:0": "52.76", "part:1": "100", "part:2": "0.25"},
        [],
    ),
    (
        make(target=IN_PARTS),
        {"value": "52.85", "part:0": "52.96", "part:1": "100", "part:2": "62.62"},
        ["parts-differ"],
    ),
    # Boxes of a formula.
    (make(AC3_1, goal="46.5", past="46.15"), {"input:0": "21", "input:1": "46"}, []),
    (
        make(AC3_1, goal="46.5", past="46.15"),
        {"input:0": "46", "input:1": "21"},
        ["over-whole"],
    ),
    (
        make(AC3_1, goal="46.5", past="46.15"),
        {"input:0": "210", "input:1": "46"},
        ["tenfold"],
    ),
    (
        make("團督次數/督導人數*100", goal="100", past="100"),
        {"input:0": "18", "input:1": "12"},
        ["over-whole"],
    ),
    (
        make("團督次數/督導人數*100", goal="100", past="140"),
        {"input:0": "18", "input:1": "12"},
        [],
    ),
    (
        make("甲件數/乙件數*100", previous={"甲件數": Decimal(21)}),
        {"input:0": "230", "input:1": "400"},
        ["tenfold"],
    ),
    (
        make("甲件數/乙件數*100"),
        {"input:0": "20.5", "input:1": "46"},
        ["fraction-of-count"],
    ),
    (make("合作家數", "家數", goal="≥100"), {"input:0": "1050"}, ["tenfold"]),
    (make("合作家數", "家數", goal="≥100"), {"input:0": "10.5"}, ["tenfold"]),
    (
        make(measure="趟次", target=target("4143", *PARTS)),
        {"value": "5920", "part:0": "4631"},
        [],
    ),
    (make(past="85.6 95.97"), {"value": "95.97", "months": "1-6"}, []),
    (make(earlier=(Past(2021, Decimal("95.97"), None, False),)), {"value": "95.97"}, []),
    # Half a year is not compared with years.
    (make(measure="人次", past="500 520 510"), {"value": "48", "months": "1-2"}, []),
    # A month is no slip of the year's target.
    (make(goal="600", measure="人次", period=MARCH), {"value": "52"}, []),
    (make(goal="600", measure="人次", past="550"), {"value": "52"}, ["tenfold"]),
    # A reason why there is no number is no figure to doubt.
    (make(goal="46.5", past="46.15"), {"value": "無實際值"}, []),
    (make(goal="46.5", past="46.15"), {}, []),
]  # fmt: skip


def codes(definition, typed: dict[str, str]) -> list[str]:
    return [check.code for check in doubts(read(typed, definition), definition)]


@pytest.mark.parametrize(("definition", "typed", "expected"), ASKED)
def test_a_figure_is_asked_about_where_it_may_be_a_slip(definition, typed, expected):
    assert codes(definition, typed) == expected


def test_a_year_that_cannot_be_compared_is_no_ground_for_doubt():
    part_year = Past(2020, Decimal(88), is_comparable=False)
    assert codes(make(measure="件", earlier=(part_year,)), {"value": "900"}) == []
    assert codes(make(measure="件", past="88"), {"value": "900"}) == ["tenfold"]


def test_a_small_share_may_jump_further_than_a_large_one():
    past = "48.39 46.15 47.2"
    few, many = {"input:0": "9", "input:1": "13"}, {"input:0": "900", "input:1": "1300"}
    assert codes(make(AC3_1, past=past), few) == []
    assert codes(make(AC3_1, past=past), many) == ["far-from-series"]


def test_a_check_is_confirmed_for_the_figure_that_it_was_asked_about():
    definition = make(goal="4.5", measure="分")
    asked = doubts(read({"value": "4.50"}, definition), definition)
    assert [(check.key, check.value) for check in asked] == [("equal-to-target", "4.5")]
    assert unconfirmed(asked, {}) == asked
    assert unconfirmed(asked, {"equal-to-target": "4.5"}) == ()
    assert unconfirmed(asked, {"equal-to-target": "4.4"}) == asked


def test_a_slip_of_an_input_is_asked_about_there_and_not_again_at_the_value():
    definition = make(
        "甲件數/乙件數*100", goal="46.5", previous={"甲件數": Decimal(21)}
    )
    asked = doubts(read({"input:0": "210", "input:1": "460"}, definition), definition)
    assert asked[0].key == "tenfold input:0"
    asked = doubts(read({"input:0": "210", "input:1": "46"}, definition), definition)
    assert [check.key for check in asked] == ["tenfold input:0"]


def test_checks_of_two_boxes_are_confirmed_apart():
    known = {"甲件數": Decimal(21), "乙件數": Decimal(46)}
    definition = make("甲件數/乙件數*100", previous=known)
    asked = doubts(read({"input:0": "210", "input:1": "460"}, definition), definition)
    assert [check.key for check in asked] == ["tenfold input:0", "tenfold input:1"]
    assert unconfirmed(asked, {"tenfold input:0": "210"}) == asked[1:]


def number(text: str) -> Decimal | None:
    match = re.match(r"≥?(-?[\d.,]+)", text)
    return Decimal(match[1].replace(",", "")) if match else None


def published_figures():
    """Yield every published figure with what was known before it: code, boxes, KPI."""
    for kpi in truth("center-111")["kpis"]:
        earlier: list[Past] = []
        for year, cell in kpi["actuals"].items():
            value, is_part = number(cell["text"]), "月" in cell["text"]
            period = Period.parse(year)
            if value is not None:
                typed = {"value": str(value), "months": "7-12月" if is_part else ""}
                before = tuple(earlier)
                kpi_then = make(measure=kpi["unit"], period=period, earlier=before)
                yield f"{kpi['code']} {year}", typed, kpi_then
            earlier.append(Past(period.year, value, None, not is_part))
    for kpi in truth("group-e-109")["kpis"]:
        read_as = kpi["numeric_reading"]
        if read_as["actual"] is None:
            continue
        named = read_as.get("parts", {})
        parts = [Part(label, Decimal(each["target"])) for label, each in named.items()]
        typed = {"value": str(read_as["actual"])}
        for at, each in enumerate(named.values()):
            typed[f"part:{at}"] = str(each["actual"])
        goal = target(str(read_as["target"]), *parts)
        kpi_then = make(measure=kpi["unit"] or "", target=goal, period=Period(2020))
        yield f"{kpi['code']} 109", typed, kpi_then


def test_of_all_published_figures_three_are_asked_about():
    """EP2.1 and EL1.1 equal their targets; EP2.2 fell where growth was planned."""
    figures = list(published_figures())
    asked = {
        key: codes(definition, typed)
        for key, typed, definition in figures
        if codes(definition, typed)
    }
    assert len(figures) == 43
    assert asked == {
        "EP2.1 109": ["equal-to-target"],
        "EP2.2 109": ["below-zero"],
        "EL1.1 109": ["equal-to-target"],
    }
    assert not any(read(typed, kpi).problems for _, typed, kpi in figures)


@pytest.mark.parametrize(
    "kpi", truth("center-111")["kpis"], ids=lambda kpi: kpi["code"]
)
def test_no_slip_of_digits_goes_unasked_at_the_centre(kpi):
    """The figure of 111 near its target is a figure; moved by digits it is a slip."""
    past = tuple(
        Past(int(year) + 1911, number(cell["text"]), None, "月" not in cell["text"])
        for year, cell in kpi["actuals"].items()
    )
    goal = kpi["targets"]["111"]["text"]
    definition = make(measure=kpi["unit"], goal=goal, earlier=past)
    value = number(goal)
    assert value is not None
    for places, code in ((1, "tenfold"), (-1, "tenfold"), (2, "hundredfold")):
        assert code in codes(definition, {"value": f"{value.scaleb(places):f}"})
    # 1 below and above, so that it does not equal the target.
    for near in (value - 1, value - Decimal(2)):
        assert not set(codes(definition, {"value": f"{near:f}"})) - {
            "fraction-of-count"
        }
