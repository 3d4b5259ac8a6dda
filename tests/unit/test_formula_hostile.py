"""Texts that mean harm, or nothing: refused with a reason, soon, and never run."""

import time
from decimal import Decimal

import pytest

from kpi.formula import MAXIMUM, Asked, Parsed, evaluate, labels_of, parse

REFUSED = [
    ("", "empty"),
    (" \n　", "empty"),
    ("。", "empty"),
    ("甲" * (MAXIMUM + 1), "too-long"),
    ("甲數+" * 50_000, "too-long"),
    ("\x00", "odd-character"),
    ("甲\x00數", "odd-character"),
    ("甲數\u202e/乙數", "odd-character"),  # right-to-left override
    ("甲數\u2066/乙數", "odd-character"),  # left-to-right isolate
    ("甲\u200b數", "odd-character"),  # zero width space
    ("甲\ufeff數", "odd-character"),  # byte order mark
    ("甲\u3164數", "odd-character"),  # a letter without a mark
    ("甲\u0301數", "odd-character"),  # a combining sign
    ("甲\ud800數", "odd-character"),  # half a character
    ("٣*甲數", "odd-character"),  # digits of another script
    ("𝟗*甲數", "odd-character"),
    ("甲數*²", "odd-character"),
    ("甲數ー乙數", "odd-character"),  # a letter that looks like a minus
    ("(甲+乙)合計「(」", None),
    ("甲數💣", "odd-character"),
    ("__import__('os').system('id')", "odd-character"),
    ("甲數.__class__", "odd-character"),
    ("甲數;import os", None),
    ("lambda: 甲數", None),
    ("{{ 7*7 }}", None),
    ("${7*7}", None),
    ("=cmd|' /C calc'!A0", "odd-character"),
    ("<script>alert(1)</script>", "not-understood"),
    (r"\input{/etc/passwd}", "odd-character"),
    (r"\text{甲", "odd-character"),
    ("甲數\\", "not-understood"),
    ("9**9**9", "not-understood"),
    ("甲數//乙數", "not-understood"),
    ("9^9", "odd-character"),
    ("9" * 400, "number-too-long"),
    ("甲數*" + "9" * 21, "number-too-long"),
    ("甲數*1e999999999", None),
    ("甲數*999999999億億", None),
    ("eval(甲數)", "unknown-function"),
    ("open(甲數)", "unknown-function"),
    ("min()", "not-understood"),
    ("abs(甲數,乙數)", "unknown-function"),
    ("round(甲數,99)", "odd-number"),
    ("round(甲數,0.5)", "odd-number"),
    ("if(甲數,1,0)", "not-understood"),
    ("prev(甲數+乙數)", "not-understood"),
    ("甲數=乙數=丙數", "not-understood"),
    ("甲數>乙數", "not-understood"),
    ("(甲數", "unbalanced"),
    ("甲數)", "unbalanced"),
    ("(甲數]", "unbalanced"),
    ('"甲數', "unbalanced"),
    ("「甲數", "unbalanced"),
    ("(" * 13 + "甲數" + ")" * 13, "too-deep"),
    ("(" * 250 + ")" * 250, "too-deep"),
    ("甲(" * 100 + "乙" + ")" * 100, "too-deep"),
    ("甲+" * 240 + "甲", "too-many"),
    ("-" * 400 + "甲數", "not-understood"),
    ("甲數+-乙數", "not-understood"),
    ("甲數/", "not-understood"),
    ("*甲數", "not-understood"),
    ("()", "not-understood"),
    ("甲數/()", "not-understood"),
    ('""', "not-understood"),
    ('"甲數""乙數"', "not-understood"),
    ("2*3", "no-input"),
    ("100%", "no-input"),
    ("甲數/100%", "odd-percent"),
    ("甲數*100%*100%", "odd-percent"),
    ("甲數/乙%", "loose-percent"),
    ("甲數*1,00", "odd-number"),
    ("mean(甲數,1,000)", "odd-number"),
]

HEAVY = [
    "甲" * MAXIMUM,
    "甲-" * 249,
    "A-1" * 166,
    "甲/" * 249 + "甲",
    "男/" * 70 + "女",
    "1-2-" * 60 + "甲數",
    "甲(乙+丙)" * 80,
    "(甲)(乙)" * 60,
    "(甲數+乙數)合計" * 50,
    "甲(" * 11 + "乙+丙" + ")" * 11,
    "「" * 249,
    "「」" * 249,
    "100%" * 120,
    "1," * 249,
    "1" * MAXIMUM,
    "每10萬" * 100,
    "甲。" * 249,
    "甲:" * 249,
    "甲\n" * 249,
    "去年度甲數-" * 80 + "今年度甲數",
    " " * 499 + "甲",
    "甲" + " " * 498 + "乙",
    "min(" * 11 + "甲" + ")" * 11,
    "\\frac{甲}{乙}" * 50,
    "\\text{甲}" * 60,
    "(" * 12 + "甲數/乙數" + ")" * 12,
    "含" * MAXIMUM,
    "甲(含" * 12 + "乙+丙" + ")" * 12,
    "x100%" * 100,
]


def shortly(value: str | None) -> str:
    return ascii(value)[:40]


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=shortly)
def test_what_is_no_formula_is_refused_with_a_reason(text: str, code: str | None):
    question = parse(text)
    if isinstance(question, Parsed):
        # What is left of it is words: a box, and nothing to run.
        assert code is None
        assert question.labels
    else:
        assert code in (None, question.code)
        assert all(isinstance(value, str) for value in question.params.values())


@pytest.mark.parametrize("text", [*HEAVY, *(text for text, _ in REFUSED)], ids=shortly)
def test_no_text_takes_longer_than_a_moment(text: str):
    parse("(甲數/乙數)*100%")  # the grammar is made once
    before = time.process_time()
    parse.__wrapped__(text, "%")
    assert time.process_time() - before < 0.5


def test_a_text_of_the_utmost_length_is_read():
    longest = "甲" * (MAXIMUM - 2)
    formula = parse(longest)
    assert isinstance(formula, Parsed)
    assert formula.labels == (longest,)


def test_the_longest_sum_is_read_reckoned_and_written():
    formula = parse("+".join(f"甲{at}" for at in range(50)))
    assert isinstance(formula, Asked)  # 甲0 names no count
    (expression, *_) = formula.readings
    outcome = evaluate(expression, dict.fromkeys(labels_of(expression), Decimal(2)))
    assert outcome.value == Decimal(100)
    assert outcome.trace[-1].params["value"] == "100"


def test_no_more_than_four_readings_are_shown():
    question = parse("男/" * 20 + "女人數")
    assert isinstance(question, Asked)
    assert 1 <= len(question.readings) <= 4
