"""What speaks for a KPI's direction."""

from decimal import Decimal

import pytest

from kpi.directions import Printed, hints_of, is_weaker
from kpi.scoring import Comparator, Direction, TargetFigure

UP, DOWN = Direction.POSITIVE, Direction.NEGATIVE


def figures(*values: str, comparator: Comparator | None = None) -> dict:
    return {
        2020 + place: TargetFigure(Decimal(value), comparator)
        for place, value in enumerate(values)
    }


def printed(target: str, actual: str, achievement: str) -> Printed:
    return Printed(2020, Decimal(target), Decimal(actual), Decimal(achievement))


@pytest.mark.parametrize(
    ("name", "targets", "rows", "expected"),
    [
        ("完成率", {}, (), []),
        ("家暴再犯率", {}, (), [("word", DOWN)]),
        ("滿意度", figures("7.7", "7.5", "7.5"), (), [("targets-fall", DOWN)]),
        ("滿意度", figures("60", "62"), (), [("targets-rise", UP)]),
        ("滿意度", figures("60", "70", "65"), (), []),
        ("滿意度", figures("60", "60"), (), []),
        (
            "滿意度",
            figures("5", comparator=Comparator.AT_MOST),
            (),
            [("comparator", DOWN)],
        ),
        # 8 ÷ 10 is 80, 10 ÷ 8 is 125: only one of them is printed.
        ("甲", {}, (printed("10", "8", "125.0"),), [("achievement", DOWN)]),
        ("甲", {}, (printed("10", "8", "80.0"),), [("achievement", UP)]),
        ("甲", {}, (printed("10", "8", "99.0"),), []),
        # What both ways give tells nothing, nor does a target of 0.
        ("甲", {}, (printed("10", "10", "100.0"),), []),
        ("甲", {}, (printed("0", "8", "100.0"),), []),
    ],
)
def test_what_speaks_for_a_direction_is_told(name, targets, rows, expected):
    hints = hints_of(name, targets, rows)

    assert [(hint.code, hint.direction) for hint in hints] == expected


def test_the_strongest_stands_first():
    found = hints_of("再犯率", figures("10", "8"), (printed("10", "8", "80.0"),))

    assert [(hint.code, hint.direction) for hint in found] == [
        ("achievement", UP),
        ("targets-fall", DOWN),
        ("word", DOWN),
    ]


@pytest.mark.parametrize(
    ("direction", "one", "other", "expected"),
    [
        (UP, "79", "80", True),
        (UP, "80", "80", False),
        (DOWN, "9", "8", True),
        (DOWN, "7", "8", False),
        (Direction.UNCONFIRMED, "79", "80", True),
    ],
)
def test_a_weaker_target_asks_for_less(direction, one, other, expected):
    assert is_weaker(direction, Decimal(one), Decimal(other)) is expected
