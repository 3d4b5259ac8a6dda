"""Reached: by the comparator, by direction, in parts, or as a person stated."""

from decimal import Decimal

import pytest

from kpi.scoring import (
    Absence,
    ActualFigure,
    Comparator,
    Direction,
    Ground,
    Part,
    TargetFigure,
    reached,
    verdict,
)

POSITIVE, NEGATIVE, UNCONFIRMED = Direction


@pytest.mark.parametrize(
    ("direction", "comparator", "target", "actual", "expected"),
    [
        (POSITIVE, None, "404", "401", False),
        (POSITIVE, None, "404", "404", True),
        (UNCONFIRMED, None, "404", "405", True),
        (NEGATIVE, None, "3.57", "2.88", True),
        (NEGATIVE, None, "3.57", "3.57", True),
        (NEGATIVE, None, "3.57", "3.58", False),
        (NEGATIVE, None, "0", "0", True),
        (NEGATIVE, None, "-10", "-12", True),
        (POSITIVE, None, "0", "0", True),
        (POSITIVE, None, "0", "-1", False),
        (POSITIVE, ">", "30", "30", False),
        (POSITIVE, ">", "30", "30.000001", True),
        (POSITIVE, "≥", "30", "30", True),
        (POSITIVE, "=", "30", "30.0", True),
        (POSITIVE, "=", "30", "31", False),
        (NEGATIVE, "<", "5", "5", False),
        (NEGATIVE, "≤", "5", "5", True),
        # Against the direction the comparator decides.
        (NEGATIVE, "≥", "5", "6", True),
        (NEGATIVE, "≥", "5", "4", False),
        (POSITIVE, "≤", "5", "6", False),
        # Rounding would print 100 and hide that the target is missed.
        (POSITIVE, None, "100", "99.999", False),
    ],
)
def test_reached_is_exact(
    direction: Direction,
    comparator: str | None,
    target: str,
    actual: str,
    expected: bool,
):
    sign = Comparator.parse(comparator) if comparator else None
    figure = TargetFigure(Decimal(target), sign)
    assert reached(direction, figure, ActualFigure(Decimal(actual))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">=", Comparator.AT_LEAST),
        ("<=", Comparator.AT_MOST),
        (" ≧ ", Comparator.AT_LEAST),
        ("≦", Comparator.AT_MOST),
        ("＞", Comparator.ABOVE),
        ("<", Comparator.BELOW),
        ("=", Comparator.EQUAL),
    ],
)
def test_a_comparator_is_read_in_its_spellings(text: str, expected: Comparator):
    assert Comparator.parse(text) == expected


@pytest.mark.parametrize("text", ["", "=>", "以上", "~"])
def test_what_is_no_comparator_is_refused(text: str):
    with pytest.raises(ValueError, match="not a valid"):
        Comparator.parse(text)


def funds(*values: str, comparator: Comparator | None = None) -> tuple[Part, ...]:
    names = ("公務", "公彩", "社發")
    return tuple(
        Part(name, Decimal(value), comparator)
        for name, value in zip(names, values, strict=False)
    )


EACH_81 = TargetFigure(
    text="公務 81%以上 公彩 81%以上 社發 81%以上",
    parts=funds("81", "81", "81", comparator=Comparator.AT_LEAST),
)
DAY_CARE = TargetFigure(
    Decimal(4143), parts=(Part("身障", Decimal(3107)), Part("老人", Decimal(1036)))
)


@pytest.mark.parametrize(
    ("target", "actual", "expected", "ground"),
    [
        (EACH_81, ActualFigure(Decimal("52.85")), False, Ground.OVERALL),
        (EACH_81, ActualFigure(Decimal(81)), True, Ground.OVERALL),
        (
            EACH_81,
            ActualFigure(Decimal("52.85"), parts=funds("52.76", "100", "0.25")),
            False,
            Ground.PARTS,
        ),
        (
            EACH_81,
            ActualFigure(Decimal(90), parts=funds("95", "100", "80.9")),
            False,
            Ground.PARTS,
        ),
        (EACH_81, ActualFigure(parts=funds("81", "81", "99")), True, Ground.PARTS),
        # A part that nobody measured leaves it to the overall figure.
        (
            EACH_81,
            ActualFigure(Decimal(82), parts=funds("81", "100")),
            True,
            Ground.OVERALL,
        ),
        # A sum is one target, whatever it is made of.
        (
            DAY_CARE,
            ActualFigure(
                Decimal(5531),
                parts=(Part("身障", Decimal(4631)), Part("老人", Decimal(900))),
            ),
            True,
            Ground.DIRECTION,
        ),
        (
            TargetFigure(text="高於6都平均值"),
            ActualFigure(reached=True),
            True,
            "stated",
        ),
        (TargetFigure(text="高於6都平均值"), ActualFigure(Decimal(1)), None, None),
        (
            TargetFigure(Decimal(5)),
            ActualFigure(text="略", reached=False),
            False,
            "stated",
        ),
        (
            TargetFigure(Decimal(5)),
            ActualFigure(absence=Absence.NOT_MEASURED),
            None,
            None,
        ),
        (TargetFigure(Decimal(5)), None, None, None),
        (None, ActualFigure(Decimal(5), reached=True), None, None),
        # Two numbers speak for themselves, whatever was stated.
        (
            TargetFigure(Decimal(5)),
            ActualFigure(Decimal(4), reached=True),
            False,
            "direction",
        ),
    ],
)
def test_reached_says_what_decided(
    target: TargetFigure | None,
    actual: ActualFigure | None,
    expected: bool | None,
    ground: str | None,
):
    assert verdict(POSITIVE, target, actual) == (expected, ground)


def test_parts_that_differ_have_no_number_for_the_whole():
    parts = (*funds("81", "81"), Part("社發", Decimal(90)))
    assert TargetFigure(text="…", parts=parts).overall is None
