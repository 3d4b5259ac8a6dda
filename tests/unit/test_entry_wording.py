"""Every code of an entry and of a formula has words, with all that they speak of."""

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from django.utils import translation

from kpi import entry_wording, formula_wording
from kpi.entries import Box, Kind, distance, doubts, must_explain, read
from kpi.entries.codes import CheckCode, DemandCode, ProblemCode
from kpi.formula import Asked, Parsed, evaluate, parse
from kpi.formula import Problem as Failure
from tests.unit.entry_cases import AC3_1, make, scored
from tests.unit.test_entry_checks import ASKED
from tests.unit.test_entry_explanations import BANDS, DEMANDS, DISTANCES
from tests.unit.test_entry_reading import MISSING, WRONG
from tests.unit.test_entry_texts import REFUSED
from tests.unit.test_formula_hostile import REFUSED as HOSTILE
from tests.unit.test_formula_published import PUBLISHED

FORMULA = Path(formula_wording.__file__).parent / "formula"


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (get_args(ProblemCode.__value__), entry_wording.PROBLEMS),
        (get_args(CheckCode.__value__), entry_wording.CHECKS),
        (get_args(DemandCode.__value__), entry_wording.DEMANDS),
        (tuple(Kind), entry_wording.LABELS),
        (tuple(Failure)[1:], formula_wording.PROBLEMS),
    ],
)
def test_every_code_has_its_words_and_no_words_are_left_over(codes, words):
    assert set(codes) == set(words)


def codes_given(name: str, rooms: str = "*.py") -> Iterator[str]:
    """Yield the codes that the rooms of the formula hand to `name`."""
    for path in FORMULA.glob(rooms):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            code = node.args[0]
            if called == name and isinstance(code, ast.Constant):
                yield str(code.value)


def test_every_question_of_a_formula_has_its_words():
    asked = {*codes_given("Refused"), *codes_given("choose")}
    assert len(asked) > 30
    assert asked == set(formula_wording.QUESTIONS)


def test_every_note_of_a_formula_has_its_words():
    assert set(codes_given("append", "parsing.py")) == set(formula_wording.NOTES)


# Formula, figures of this year and the last, decimals.
OUTCOMES = [
    (
        "本年度執行數(實際數+保留數)/可用數*100",
        {"實際數": 1, "保留數": 2, "可用數": 7},
        {},
    ),
    ("甲件數/乙件數*100", {"甲件數": 1}, {}),
    ("甲件數/乙件數*100", {"甲件數": 1, "乙件數": 0}, {}),
    ("甲件數/乙件數*100", {"甲件數": "1e20", "乙件數": 1}, {}),
    ("今年度件數-去年度件數", {"件數": 3}, {"件數": 5}),
    ("今年度件數-去年度件數", {"件數": 3}, {}),
    ("今年度件數-去年度件數", {"件數": 3}, {"件數": "1e20"}),
]


def test_every_step_of_a_formula_is_said_in_words():
    met = set()
    for text, inputs, previous in OUTCOMES:
        formula = parse(text, "%")
        assert isinstance(formula, Parsed)
        figures = {name: Decimal(value) for name, value in inputs.items()}
        before = {name: Decimal(value) for name, value in previous.items()}
        outcome = evaluate(formula.expression, figures, before, 2)
        met |= {step.code for step in outcome.trace}
        for step in outcome.trace:
            assert is_said(formula_wording.step_text(step))
    assert met == set(formula_wording.STEPS)


def test_a_trace_shows_the_figures_as_people_write_them():
    outcome = outcome_of("甲件數/乙件數*100", "1,000", "3000")
    with translation.override("en"):
        assert formula_wording.trace_text(outcome.trace) == (
            "甲件數: 1,000\n乙件數: 3,000\n(1000 ÷ 3000) × 100 ≈ 33.333333\n"
            "rounded half up to 2 decimals: 33.33"
        )


def test_a_formula_is_shown_without_the_quotes_of_the_language():
    formula = parse("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", "%")
    assert isinstance(formula, Parsed)
    assert formula_wording.formula_text(formula.expression) == (
        "((查詢案件 − 無正當理由查詢案件) ÷ 查詢案件) × 100"
    )


def outcome_of(text: str, *typed: str):
    reading = read({f"input:{at}": each for at, each in enumerate(typed)}, make(text))
    assert reading.outcome is not None
    return reading.outcome


def is_said(words: str) -> bool:
    """Whether a sentence has all that it speaks of."""
    return bool(words) and "%(" not in words and "None" not in words


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_case_of_the_tables_is_said_in_words(language: str):
    with translation.override(language):
        for definition, typed, *_ in (*ASKED, *DEMANDS, *DISTANCES, *WRONG, *MISSING):
            reading = read(typed, definition)
            for problem in (*reading.problems, *reading.missing):
                assert is_said(entry_wording.problem_text(problem))
            for check in doubts(reading, definition):
                assert is_said(entry_wording.check_text(check))
            score = scored(definition, reading, BANDS)
            for demand in must_explain(reading, definition, score):
                assert is_said(entry_wording.demand_text(demand))
            found = distance(definition, reading)
            assert found is None or is_said(entry_wording.distance_text(found))
        for text, unit, _ in REFUSED:
            for problem in read({"value": text}, make(measure=unit)).problems:
                assert is_said(entry_wording.problem_text(problem))


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_question_that_is_met_is_said_in_words(language: str):
    texts = [text for text, _ in (*HOSTILE, *PUBLISHED.values())]
    with translation.override(language):
        for text in texts:
            formula = parse(text, "%")
            if isinstance(formula, Asked):
                assert is_said(formula_wording.question_text(formula))
                for doubt in formula.doubts:
                    assert is_said(formula_wording.doubt_text(doubt))
            else:
                for note in formula.notes:
                    assert is_said(formula_wording.note_text(note))


AC3_1_OF_111 = make(AC3_1, goal="46.5")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 件 more would reach the target: 22 ÷ 46 × 100 = 47.83."),
        ("zh-hant", "再 1 件即達標：22 ÷ 46 × 100 ＝ 47.83。"),
    ],
)
def test_the_distance_is_told_as_people_say_it(language: str, words: str):
    found = distance(
        AC3_1_OF_111, read({"input:0": "21", "input:1": "46"}, AC3_1_OF_111)
    )
    assert found is not None
    with translation.override(language):
        assert entry_wording.distance_text(found) == words


def test_a_percentage_is_missed_by_points():
    definition = make(goal="46.5")
    found = distance(definition, read({"value": "45.65"}, definition))
    assert found is not None
    with translation.override("en"):
        assert entry_wording.distance_text(found) == (
            "0.85 percentage points more would reach the target of 46.5."
        )


def test_a_box_is_called_by_its_printed_words_or_by_ours():
    with translation.override("en"):
        printed = Box("input:0", "通報件數", Kind.INPUT)
        before = Box("previous:0", "自殺死亡率", Kind.PREVIOUS)
        assert entry_wording.box_label(printed) == "通報件數"
        assert entry_wording.box_label(before) == "自殺死亡率, last year"
        assert entry_wording.box_label(Box("value", "", Kind.VALUE)) == "actual"
