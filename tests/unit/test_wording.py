"""A result's trace in the words of both languages."""

from decimal import Decimal

import pytest
from django.utils import translation

from kpi import wording
from kpi.scoring import (
    Absence,
    ActualFigure,
    Band,
    Basis,
    Comparator,
    Direction,
    Light,
    Mark,
    Part,
    Rating,
    Reason,
    Rules,
    Standing,
    TargetFigure,
    Weights,
    score,
)

RULES_109 = Rules(
    weights=Weights(Decimal("0.25"), Decimal("0.25"), Decimal("0.30"), Decimal("0.20")),
    bands=(
        Band(Light.EXCELLENT, Decimal("92.5")),
        Band(Light.GOOD, Decimal(80)),
        Band(Light.FAIR, Decimal(75)),
        Band(Light.POOR, None),
    ),
    standing=Standing.INFERRED,
)
EC1_2 = score(
    Direction.POSITIVE,
    TargetFigure(Decimal(40)),
    ActualFigure(Decimal("62.07")),
    Rating(Decimal(89), Decimal(84), Decimal(89)),
    RULES_109,
)
EP2_2 = score(
    Direction.POSITIVE,
    TargetFigure(Decimal("3.4")),
    ActualFigure(Decimal(-1)),
    Rating(Decimal(85), Decimal(99), Decimal(99)),
    RULES_109,
)
EP1_2 = score(
    Direction.UNCONFIRMED,
    TargetFigure(text="高於6都平均值"),
    ActualFigure(text="高於6都平均值", reached=True),
    None,
    RULES_109,
    exempt=True,
)
ZERO_GOAL = score(
    Direction.NEGATIVE,
    TargetFigure(Decimal(0), Comparator.EQUAL),
    ActualFigure(Decimal(2)),
    None,
    None,
)


def funds(*values: str, comparator: Comparator | None = None) -> tuple[Part, ...]:
    names = ("公務", "公彩", "社發")
    return tuple(
        Part(name, Decimal(value), comparator)
        for name, value in zip(names, values, strict=True)
    )


IN_PARTS = score(
    Direction.POSITIVE,
    TargetFigure(
        text="公務 81%以上 公彩 81%以上 社發 81%以上",
        parts=funds("81", "81", "81", comparator=Comparator.AT_LEAST),
    ),
    ActualFigure(Decimal("52.85"), parts=funds("52.76", "100", "0.25")),
    Rating(Decimal(80), Decimal(88), Decimal(85)),
    RULES_109,
)


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            EC1_2,
            [
                "正向指標（值愈高愈好）",
                "62.07 ÷ 40 × 100 = 155.175",
                "已達成：62.07 ≥ 40",
                (
                    "達成度 155.2，以 100 計；"
                    "100×25% + 89×25% + 84×30% + 89×20% = 90.25 → 90.3"
                ),
                "90.3 ≥ 80：●良（推定）",
            ],
        ),
        (
            EP2_2,
            [
                "正向指標（值愈高愈好）",
                "−1 ÷ 3.4 × 100 ≈ −29.411765",
                "未達成：−1 < 3.4",
                "達成度 −29.4，以 0 計；0×25% + 85×25% + 99×30% + 99×20% = 70.75 → 70.8",
                "70.8 < 75：×差（推定）",
            ],
        ),
        (
            EP1_2,
            [
                "方向未確認，暫以正向計算",
                "已達成（人工註明）：目標值「高於6都平均值」，實際值「高於6都平均值」",
                "達成度 100",
                "? 績效不明：免評核",
            ],
        ),
        (
            ZERO_GOAL,
            [
                "負向指標（值愈低愈好）",
                "未達成：2 ≠ 0",
                "? 績效不明：尚無評核規則",
                "註：目標值為 0，無法計算達成度",
            ],
        ),
        (
            IN_PARTS,
            [
                "正向指標（值愈高愈好）",
                "52.85 ÷ 81 × 100 ≈ 65.246914",
                "公務：未達成，52.76 < 81",
                "公彩：已達成，100 ≥ 81",
                "社發：未達成，0.25 < 81",
                "未達成：3 個分項未全數達成",
                (
                    "達成度 65.2；65.246914×25% + 80×25% + 88×30% + 85×20% "
                    "≈ 79.711728 → 79.7"
                ),
                "79.7 ≥ 75：▲可（推定）",
            ],
        ),
    ],
)
def test_a_trace_shows_its_arithmetic_in_chinese(answer, lines: list[str]):
    with translation.override("zh-hant"):
        assert wording.trace_text(answer.trace).split("\n") == lines


def test_a_trace_shows_its_arithmetic_in_english():
    with translation.override("en"):
        assert wording.trace_text(EC1_2.trace).split("\n") == [
            "positive: higher is better",
            "62.07 ÷ 40 × 100 = 155.175",
            "Reached: 62.07 ≥ 40",
            (
                "Achievement 155.2, counted as 100; "
                "100×25% + 89×25% + 84×30% + 89×20% = 90.25 → 90.3"
            ),
            "90.3 ≥ 80: ●good (inferred)",
        ]


def test_thousands_are_grouped_in_a_trace():
    target, actual = TargetFigure(Decimal(4143)), ActualFigure(Decimal(5920))
    answer = score(Direction.POSITIVE, target, actual, None, None)
    with translation.override("en"):
        assert "Reached: 5,920 ≥ 4,143" in wording.trace_text(answer.trace)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "line"),
    [
        (Direction.NEGATIVE, "3.57", "2.88", "3.57 ÷ 2.88 × 100 ≈ 123.958333"),
        (Direction.NEGATIVE, "10", "0", "100 + (10 − 0) ÷ |10| × 100 = 200"),
        (Direction.POSITIVE, "-10", "-5", "100 + (−5 − (−10)) ÷ |−10| × 100 = 150"),
    ],
)
def test_every_form_of_the_achievement_shows_its_own_arithmetic(
    direction: Direction, target: str, actual: str, line: str
):
    figures = TargetFigure(Decimal(target)), ActualFigure(Decimal(actual))
    answer = score(direction, *figures, None, None)
    with translation.override("en"):
        assert wording.trace_text(answer.trace).split("\n")[1] == line


@pytest.mark.parametrize(
    ("rating", "rules", "notes"),
    [
        (Rating(Decimal(80), Decimal(80), Decimal(80)), RULES_109, 0),
        (None, None, 1),
    ],
)
def test_a_target_of_zero_is_spoken_of_once(
    rating: Rating | None, rules: Rules | None, notes: int
):
    figures = TargetFigure(Decimal(0)), ActualFigure(Decimal(0))
    answer = score(Direction.NEGATIVE, *figures, rating, rules)
    with translation.override("zh-hant"):
        text = wording.trace_text(answer.trace)
    assert text.count("目標值為 0") == 1
    assert text.count("註：") == notes


def test_a_light_by_hand_says_so():
    rules = Rules(None, (), Basis.BY_HAND, standing=Standing.ANNOUNCED)
    figures = TargetFigure(Decimal(5)), ActualFigure(Decimal(5))
    answer = score(Direction.POSITIVE, *figures, None, rules, by_hand=Light.FAIR)
    with translation.override("zh-hant"):
        last = wording.trace_text(answer.trace).split("\n")[-1]
    assert last == "人工評定：▲可（公告）"


@pytest.mark.parametrize(
    ("light", "expected"),
    [
        ("excellent", "★優"),
        ("good", "●良"),
        ("fair", "▲可"),
        ("poor", "×差"),
        ("unknown", "? 績效不明"),
    ],
)
def test_a_light_is_a_shape_and_a_word(light: str, expected: str):
    with translation.override("zh-hant"):
        assert wording.light_text(light) == expected


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.LIGHTS, Light),
        (wording.SYMBOLS, Light),
        (wording.STANDINGS, Standing),
        (wording.ABSENCES, Absence),
        (wording.DIRECTIONS, Direction),
        (wording.REASONS, Reason),
        (wording.MARKS, Mark),
        (wording.BASES, Basis),
    ],
)
def test_every_code_has_a_word(words, codes):
    assert set(words) == set(codes)


def test_the_words_for_nothing_are_those_of_the_published_tables():
    with translation.override("zh-hant"):
        assert [str(word) for word in wording.ABSENCES.values()] == [
            "無實際值",
            "無相關統計數據",
            "不適用",
        ]
