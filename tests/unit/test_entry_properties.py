"""Whatever is typed: reading never fails, never takes long, and reads itself again."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsc.numbers import plain
from kpi.entries import (
    boxes_of,
    distance,
    doubts,
    missing_explanations,
    must_explain,
    read,
)
from kpi.entries.texts import number_of, unstorable
from kpi.formula import parse
from kpi.scoring import Part
from tests.unit.entry_cases import AC3_1, make, scored, target

DEFINITIONS = [
    make(AC3_1, goal="46.5", past="50 48.39 46.15", uses_self_rating=True),
    make("今年度件數-去年度件數", "件", goal="10"),
    make("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", goal=">98.5"),
    make("if(甲件數 > 乙件數, 甲件數 / 乙件數, 乙件數 / 甲件數)", "%", goal="≤3"),
    make(goal="≥99.5", minimum=Decimal(0), maximum=Decimal(100), is_late=True),
    make(goal="高於6都平均值", light_by_hand=True),
    make(
        measure="趟次",
        target=target("4143", Part("身障", Decimal(3107)), Part("老人", Decimal(1036))),
    ),
    make(),
]
NAMES = sorted(
    {box.name for each in DEFINITIONS for box in boxes_of(each)} | {"value", "unknown"}
)

FIGURES = st.decimals(
    min_value=Decimal(-99999999),
    max_value=Decimal(99999999),
    places=6,
    allow_nan=False,
    allow_infinity=False,
)
WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "無實際值",
        "-",
        "1e9",
        "NaN",
        "∞",
        "1,2,3",
        "yes",
        "no",
        "112.6.30",
        "1-6",
        "good",
    ]
)
TYPED = st.dictionaries(
    st.sampled_from(NAMES), WORDS | FIGURES.map(str) | st.integers(0, 99).map(str)
)

HOSTILE = [
    "9" * 5000,
    "1," * 2500,
    "(" * 5000,
    "1-" * 2500,
    "." * 5000,
    "０" * 5000,
    " " * 5000 + "1",
    "1" + " " * 5000,
    "1 " * 2500,
    "億" * 5000,
    "1萬" * 2500,
    "年" * 5000,
    "112." * 1250,
    "\u202e" * 5000,
    "\x00" * 5000,
    "💣" * 5000,
    "\ud800" * 5000,
    "%" * 5000,
    "=" + "1+" * 2499,
    "e" * 5000,
    "1e" * 2500,
    "__import__('os').system('id')",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}",
    "${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "'; DROP TABLE kpi_entry; --",
    "9" * 14 + "." + "9" * 150,
    "-" * 200,
    "1" * 99 + "," + "1" * 99,
    "0." + "0" * 190 + "1",
]


@given(st.sampled_from(DEFINITIONS), TYPED)
@settings(deadline=None, max_examples=150)
def test_whatever_is_typed_is_read_and_answered(definition, typed):
    reading = read(typed, definition)
    assert reading.columns["value"] == reading.value
    if reading.value is not None:
        assert unstorable(reading.value) == ""
        assert reading.absence is None
    # What lacks nothing and has nothing wrong is a figure that can be sent.
    assert reading.problems or reading.missing or reading.figure is not None
    score = scored(definition, reading)
    demands = must_explain(reading, definition, score)
    missing_explanations(typed, demands)
    assert all(check.value for check in doubts(reading, definition))
    found = distance(definition, reading)
    if found is not None:
        assert found.amount != 0


@given(FIGURES)
def test_what_a_page_shows_reads_back(value: Decimal):
    for text in (str(value), plain(value), plain(value, grouped=True)):
        assert number_of(text).value == value
    assert number_of(plain(value, 2) + "%", "%").value == round_half_up(value)


def round_half_up(value: Decimal) -> Decimal:
    return Decimal(plain(value, 2).replace("−", "-"))


@given(st.integers(0, 200), st.integers(1, 200), st.integers(1, 99))
def test_the_distance_is_enough_and_one_less_is_not(over: int, under: int, goal: int):
    definition = make(AC3_1, goal=str(goal))
    typed = {"input:0": str(over), "input:1": str(under)}
    found = distance(definition, read(typed, definition))
    reached = scored(definition, read(typed, definition)).reached
    assert (found is None) is (reached is True)
    if found is None:
        return

    def is_reached(more: Decimal) -> bool:
        moved = {**typed, "input:0": str(over + more)}
        return scored(definition, read(moved, definition)).reached is True

    assert is_reached(found.amount)
    assert not is_reached(found.amount - 1)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_answered_soon_in_every_box(text: str):
    start = time.process_time()
    for definition in DEFINITIONS:
        reading = read(dict.fromkeys(NAMES, text), definition)
        assert reading.value is None
        assert reading.problems
        doubts(reading, definition)
        distance(definition, reading)
    assert time.process_time() - start < 0.5


def test_the_worst_distance_is_found_soon():
    """A box of a thousandth of a millionth in a formula that hardly moves."""
    formula = '("甲件數" + 1000000) / ("乙件數" * 1000000) * 100'
    assert parse(formula, "%")
    definition = make(formula, goal="99999999")
    start = time.process_time()
    typed = {"input:0": "0.000001", "input:1": "99999999999999"}
    distance(definition, read(typed, definition))
    assert time.process_time() - start < 0.5
