"""What holds for every number, not only for those of a table."""

import json
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring import (
    ActualFigure,
    Direction,
    Light,
    Rating,
    TargetFigure,
    achievement,
    counted_part,
    reached,
    rules_from_fields,
    score,
    total,
)

RULES = Path(__file__).resolve().parents[2] / "fixtures" / "rating_rules.json"
RULES_109 = rules_from_fields(json.loads(RULES.read_text(encoding="utf-8"))[0])
POSITIVE, NEGATIVE, UNCONFIRMED = Direction
RATING = Rating(Decimal(80), Decimal(85), Decimal(85))

# Stored values: 20 digits at most, six of them decimals.
values = st.decimals(-(10**14) + 1, 10**14 - 1, places=6)
points = st.decimals(0, 100, places=2)
percents = st.decimals(-(10**6), 10**6, places=6)
directions = st.sampled_from(Direction)


def what_counts(direction: Direction, target: Decimal, actual: Decimal) -> Decimal:
    percent = achievement(direction, target, actual)
    assert percent is not None
    return counted_part(percent, RULES_109)


@given(directions, values.filter(bool), values, values)
def test_what_counts_never_falls_as_the_actual_gets_better(
    direction: Direction, target: Decimal, one: Decimal, other: Decimal
):
    worse, better = sorted([one, other], reverse=direction == NEGATIVE)
    assert what_counts(direction, target, worse) <= what_counts(
        direction, target, better
    )


@given(values, values)
def test_less_of_the_bad_is_reached_as_more_of_the_good(
    target: Decimal, actual: Decimal
):
    upward = reached(POSITIVE, TargetFigure(target), ActualFigure(actual))
    downward = reached(NEGATIVE, TargetFigure(-target), ActualFigure(-actual))
    assert upward is downward


@given(directions, values.filter(bool), values)
def test_a_full_achievement_and_reached_are_the_same_without_a_comparator(
    direction: Direction, target: Decimal, actual: Decimal
):
    percent = achievement(direction, target, actual)
    is_reached = reached(direction, TargetFigure(target), ActualFigure(actual))
    assert percent is not None
    assert is_reached is (percent >= 100)


@given(directions, st.none() | values, st.none() | values)
def test_nothing_in_gives_nothing_out(
    direction: Direction, target: Decimal | None, actual: Decimal | None
):
    answer = score(
        direction,
        None if target is None else TargetFigure(target),
        None if actual is None else ActualFigure(actual),
        RATING,
        RULES_109,
    )
    is_missing = target is None or actual is None
    assert (answer.total is None) is is_missing
    assert (answer.reached is None) is is_missing
    assert (answer.light == Light.UNKNOWN) is is_missing
    assert (answer.reason is None) is not is_missing


@given(percents, points, points, points)
def test_a_total_lies_from_0_to_100_and_is_rounded_half_up(
    percent: Decimal, innovation: Decimal, challenge: Decimal, contribution: Decimal
):
    of = Rating(innovation, challenge, contribution)
    answer = total(percent, of, RULES_109)
    raw = (
        counted_part(percent, RULES_109) * Decimal("0.25")
        + innovation * Decimal("0.25")
        + challenge * Decimal("0.30")
        + contribution * Decimal("0.20")
    )
    assert answer is not None
    assert 0 <= answer <= 100
    assert Decimal("-0.05") < answer - raw <= Decimal("0.05")
