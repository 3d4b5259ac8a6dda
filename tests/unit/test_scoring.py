"""Each rule of docs/rules.md as a table: boundaries first, then the odd cases."""

from dataclasses import replace
from decimal import Decimal

import pytest

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
    Score,
    Standing,
    TargetFigure,
    Weights,
    ZeroTarget,
    achievement,
    counted_part,
    light,
    printed_achievement,
    score,
    total,
)

POSITIVE, NEGATIVE, UNCONFIRMED = Direction
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
BY_ACHIEVEMENT = Rules(
    weights=None,
    bands=(
        Band(Light.EXCELLENT, Decimal(110)),
        Band(Light.GOOD, Decimal(100)),
        Band(Light.FAIR, Decimal(90)),
        Band(Light.POOR, None),
    ),
    basis=Basis.ACHIEVEMENT,
    uses_self_rating=False,
    clamp=(Decimal(0), Decimal(120)),
)
RATING = Rating(Decimal(80), Decimal(85), Decimal(85))


TWO_OF_81 = TargetFigure(
    text="公務 81%以上 公彩 81%以上",
    parts=tuple(
        Part(name, Decimal(81), Comparator.AT_LEAST) for name in ("公務", "公彩")
    ),
)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def make_score(
    target: str | TargetFigure | None = "80",
    actual: str | ActualFigure | None = "80",
    *,
    direction: Direction = POSITIVE,
    rating: Rating | None = RATING,
    rules: Rules | None = RULES_109,
    exempt: bool = False,
    by_hand: Light | None = None,
) -> Score:
    if isinstance(target, str):
        target = TargetFigure(Decimal(target))
    if isinstance(actual, str):
        actual = ActualFigure(Decimal(actual))
    return score(
        direction, target, actual, rating, rules, exempt=exempt, by_hand=by_hand
    )


@pytest.mark.parametrize(
    ("direction", "target", "actual", "expected"),
    [
        (POSITIVE, "80", "88.5", "110.625"),
        (POSITIVE, "40", "62.07", "155.175"),
        (UNCONFIRMED, "80", "88.5", "110.625"),
        (POSITIVE, "404", "401", "99.257426"),
        (POSITIVE, "3.4", "-1", "-29.411765"),
        (POSITIVE, "80", "0", "0"),
        (NEGATIVE, "3.57", "2.88", "123.958333"),
        (NEGATIVE, "10", "20", "50"),
        # A negative KPI at 0 or below has no ratio: what was spared counts.
        (NEGATIVE, "10", "0", "200"),
        (NEGATIVE, "10", "-5", "250"),
        (NEGATIVE, "-10", "-12", "120"),
        (NEGATIVE, "-10", "-5", "50"),
        (NEGATIVE, "-10", "5", "-50"),
        # So does a positive one whose target is below 0.
        (POSITIVE, "-10", "-5", "150"),
        (POSITIVE, "-10", "-12", "80"),
        (POSITIVE, "-10", "-10", "100"),
        (POSITIVE, "-10", "10", "300"),
        (POSITIVE, "0", "5", None),
        (POSITIVE, "0", "0", None),
        (NEGATIVE, "0", "0", None),
        (POSITIVE, None, "5", None),
        (POSITIVE, "5", None, None),
        (NEGATIVE, None, None, None),
    ],
)
def test_the_achievement_of_two_numbers(
    direction: Direction, target: str | None, actual: str | None, expected: str | None
):
    answer = achievement(direction, number(target), number(actual))
    if expected is None:
        assert answer is None
    else:
        assert answer is not None
        assert printed_achievement(answer, 6) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("105.551", 1, "105.6"),
        ("110.65", 1, "110.7"),
        ("65.2469", 2, "65.25"),
        ("-29.45", 1, "-29.5"),
        ("221.683", 1, "221.7"),
    ],
)
def test_the_printed_achievement_is_rounded_half_up_and_never_capped(
    value: str, decimals: int, expected: str
):
    assert printed_achievement(Decimal(value), decimals) == Decimal(expected)


def test_a_quotient_next_to_a_tie_is_not_taken_for_one():
    just_below = achievement(
        POSITIVE, Decimal("99999999999999.999999"), Decimal("90249999999999.999999")
    )
    assert just_below is not None
    assert just_below < Decimal("90.25")
    assert printed_achievement(just_below, 1) == Decimal("90.2")


@pytest.mark.parametrize(
    ("percent", "rating", "expected"),
    [
        ("110.625", (80, 85, 85), "87.5"),
        ("155.175", (89, 84, 89), "90.3"),
        ("-29.4117", (85, 99, 99), "70.8"),
        ("65.2469", (80, 88, 85), "79.7"),
        ("100", (80, 80, 80), "85.0"),
        ("0", (80, 80, 80), "60.0"),
        ("1000", (100, 100, 100), "100.0"),
        ("-1000", (0, 0, 0), "0.0"),
    ],
)
def test_the_total_weighs_what_counts(
    percent: str, rating: tuple[int, int, int], expected: str
):
    of = Rating(*(Decimal(points) for points in rating))
    assert str(total(Decimal(percent), of, RULES_109)) == expected


def test_a_missing_part_makes_the_total_missing():
    assert total(None, RATING, RULES_109) is None
    assert total(Decimal(100), None, RULES_109) is None
    assert Rating.of(Decimal(80), None, Decimal(80)) is None


def test_a_total_may_rest_on_the_achievement_alone():
    rules = replace(RULES_109, weights=Weights(Decimal(1)), uses_self_rating=False)
    assert total(Decimal("98.25"), None, rules) == Decimal("98.3")


@pytest.mark.parametrize(
    ("low", "high", "percent", "expected"),
    [
        (None, None, "-29.4", "-29.4"),
        (None, "100", "120", "100"),
        ("0", None, "120", "120"),
        ("0", "100", "0", "0"),
        ("0", "100", "100.000001", "100"),
    ],
)
def test_either_end_of_the_clamp_may_be_open(
    low: str | None, high: str | None, percent: str, expected: str
):
    rules = replace(RULES_109, clamp=(number(low), number(high)))
    assert counted_part(Decimal(percent), rules) == Decimal(expected)


@pytest.mark.parametrize("points", ["-0.1", "100.1", "1000"])
def test_a_rating_outside_its_range_is_refused(points: str):
    with pytest.raises(ValueError, match="0 to 100"):
        Rating(Decimal(80), Decimal(points), Decimal(80))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(ValueError, match="no number"):
        TargetFigure(Decimal(text))
    with pytest.raises(ValueError, match="no number"):
        ActualFigure(Decimal(text))


@pytest.mark.parametrize(
    ("rules", "measured", "expected"),
    [
        (RULES_109, "92.6", Light.EXCELLENT),
        (RULES_109, "92.5", Light.EXCELLENT),
        (RULES_109, "92.4", Light.GOOD),
        (RULES_109, "92.0", Light.GOOD),
        (RULES_109, "80", Light.GOOD),
        (RULES_109, "79.9", Light.FAIR),
        (RULES_109, "75", Light.FAIR),
        (RULES_109, "74.9", Light.POOR),
        (RULES_109, "0", Light.POOR),
        (RULES_109, None, Light.UNKNOWN),
        (BY_ACHIEVEMENT, "110", Light.EXCELLENT),
        (BY_ACHIEVEMENT, "109.99", Light.GOOD),
        (BY_ACHIEVEMENT, "99.999999", Light.FAIR),
        (BY_ACHIEVEMENT, "90", Light.FAIR),
        (BY_ACHIEVEMENT, "-29.4", Light.POOR),
    ],
)
def test_a_bands_lower_bound_belongs_to_it(
    rules: Rules, measured: str | None, expected: Light
):
    assert light(number(measured), rules.bands) == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exempt": True, "rating": None}, Reason.EXEMPT),
        ({"target": None}, Reason.NO_TARGET),
        ({"actual": None}, Reason.NOT_ENTERED),
        ({"actual": ActualFigure(absence=Absence.NOT_MEASURED)}, Reason.NOT_MEASURED),
        ({"actual": ActualFigure(absence=Absence.NO_STATISTICS)}, Reason.NO_STATISTICS),
        (
            {"actual": ActualFigure(absence=Absence.NOT_APPLICABLE)},
            Reason.NOT_APPLICABLE,
        ),
        ({"actual": ActualFigure(text="辦理中")}, Reason.NOT_STATED),
        (
            {"actual": ActualFigure(text="未辦", reached=False)},
            Reason.STATED_NOT_REACHED,
        ),
        ({"rules": None}, Reason.NO_RULES),
        ({"rating": None}, Reason.NO_SELF_RATING),
        (
            {
                "target": "0",
                "rules": replace(RULES_109, zero_target=ZeroTarget.NOTHING),
            },
            Reason.ZERO_TARGET,
        ),
        ({"rules": replace(RULES_109, basis=Basis.BY_HAND)}, Reason.BY_HAND),
        ({"rules": replace(RULES_109, basis=Basis.QUOTA)}, Reason.QUOTA),
    ],
)
def test_an_unknown_light_says_why(changed: dict[str, object], reason: Reason):
    answer = make_score(**changed)
    assert (answer.light, answer.reason) == (Light.UNKNOWN, reason)
    assert answer.trace[-1].code in ("unknown", "mark")


def test_without_rules_achievement_and_reached_still_stand():
    answer = make_score("40", "62.07", rules=None)
    assert answer.achievement == Decimal("155.175")
    assert answer.reached is True
    assert answer.total is None


def test_an_exempt_kpi_has_no_total_though_all_its_parts_are_there():
    answer = make_score("80", "88.5", exempt=True)
    assert (answer.total, answer.light, answer.reached) == (None, Light.UNKNOWN, True)
    assert answer.achievement == Decimal("110.625")


@pytest.mark.parametrize(
    ("direction", "actual", "counted", "light_of_it"),
    [
        (NEGATIVE, "0", "100", Light.GOOD),
        (NEGATIVE, "1", "0", Light.POOR),
        (POSITIVE, "0", "100", Light.GOOD),
        (POSITIVE, "-1", "0", Light.POOR),
    ],
)
def test_a_target_of_zero_counts_in_full_when_reached(
    direction: Direction, actual: str, counted: str, light_of_it: Light
):
    answer = make_score("0", actual, direction=direction)
    assert answer.achievement is None
    assert answer.counted == Decimal(counted)
    assert answer.light == light_of_it
    assert Mark.ZERO_TARGET in answer.marks


def test_a_stated_target_counts_as_a_hundred_when_reached():
    answer = make_score(
        TargetFigure(text="完成"), ActualFigure(text="完成", reached=True)
    )
    assert answer.achievement == 100
    assert answer.total == Decimal("87.5")


def test_a_stated_target_that_is_missed_gives_nothing():
    answer = make_score(
        TargetFigure(text="完成"), ActualFigure(text="無", reached=False)
    )
    assert (answer.achievement, answer.total) == (None, None)
    assert answer.reached is False


@pytest.mark.parametrize(
    ("changed", "marks"),
    [
        ({}, ()),
        ({"direction": UNCONFIRMED}, (Mark.UNCONFIRMED,)),
        ({"direction": NEGATIVE, "actual": "0"}, (Mark.RATIO_MEANINGLESS,)),
        ({"direction": NEGATIVE, "target": "-5"}, (Mark.RATIO_MEANINGLESS,)),
        (
            {
                "direction": NEGATIVE,
                "target": TargetFigure(Decimal(5), Comparator.AT_LEAST),
            },
            (Mark.AGAINST_DIRECTION,),
        ),
        (
            {
                "direction": UNCONFIRMED,
                "target": TargetFigure(Decimal(5), Comparator.AT_MOST),
            },
            (Mark.UNCONFIRMED, Mark.AGAINST_DIRECTION),
        ),
        (
            {
                "direction": NEGATIVE,
                "target": TargetFigure(Decimal(5), Comparator.EQUAL),
            },
            (),
        ),
        ({"target": TWO_OF_81}, (Mark.BY_OVERALL,)),
    ],
)
def test_what_is_doubtful_is_marked(
    changed: dict[str, object], marks: tuple[Mark, ...]
):
    assert make_score(**changed).marks == marks


def test_a_light_from_the_achievement_needs_no_self_rating():
    answer = make_score("80", "88", rating=None, rules=BY_ACHIEVEMENT)
    assert (answer.total, answer.light) == (None, Light.EXCELLENT)


def test_a_light_follows_the_exact_achievement_not_the_printed_one():
    answer = make_score("100000", "99999", rating=None, rules=BY_ACHIEVEMENT)
    assert answer.achievement is not None
    assert printed_achievement(answer.achievement) == 100
    assert answer.light == Light.FAIR


def test_a_light_by_hand_counts_only_where_the_rules_leave_it_to_people():
    by_hand = replace(RULES_109, basis=Basis.BY_HAND)
    assert make_score(rules=by_hand, by_hand=Light.FAIR).light == Light.FAIR
    assert make_score(by_hand=Light.FAIR).light == Light.GOOD
