"""Rules as rows: what they may be, which a card uses, and what many KPIs give."""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.scoring import (
    Absence,
    Band,
    Basis,
    Light,
    Rules,
    Standing,
    Weights,
    Why,
    choose_rules,
    counts,
    lights_by_quota,
    mean,
    pooled_rate,
    roll_up,
    rules_from_fields,
)

ROWS = json.loads(
    (Path(__file__).resolve().parents[2] / "fixtures" / "rating_rules.json").read_text(
        encoding="utf-8"
    )
)
RULES_109 = rules_from_fields(ROWS[0])
BY_ACHIEVEMENT = rules_from_fields(ROWS[1])


def test_the_rules_of_109_come_from_reference_data():
    assert RULES_109.weights == Weights(
        Decimal("0.25"), Decimal("0.25"), Decimal("0.30"), Decimal("0.20")
    )
    assert RULES_109.bands == (
        Band(Light.EXCELLENT, Decimal("92.5")),
        Band(Light.GOOD, Decimal(80)),
        Band(Light.FAIR, Decimal(75)),
        Band(Light.POOR, None),
    )
    assert RULES_109.standing == Standing.INFERRED


def test_the_inferred_bounds_lie_where_the_published_rows_leave_room():
    for band in ROWS[0]["bands"][:-1]:
        above, lower, at_most = (
            Decimal(band[name]) for name in ("above", "lower", "at_most")
        )
        assert above < lower <= at_most


def test_no_default_is_adopted_beforehand():
    defaults = [row for row in ROWS if row["standing"] == "default"]
    assert [row["level"] for row in defaults] == ["bureau", "centre"]
    assert not any(row["adopted"] for row in defaults)


def test_every_row_of_reference_data_makes_rules_and_names_its_source():
    for row in ROWS:
        assert rules_from_fields(row).bands
        assert row["source"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bands": ()}, "lowest band"),
        ({"bands": (Band(Light.GOOD, Decimal(80)),)}, "lowest band"),
        (
            {"bands": (Band(Light.GOOD, None), Band(Light.POOR, None))},
            "only the lowest",
        ),
        (
            {
                "bands": (
                    Band(Light.EXCELLENT, Decimal(80)),
                    Band(Light.GOOD, Decimal(80)),
                    Band(Light.POOR, None),
                )
            },
            "do not fall",
        ),
        ({"weights": None}, "needs weights"),
        ({"uses_self_rating": False}, "weighs 1"),
        ({"clamp": (Decimal(100), Decimal(0))}, "clamp"),
    ],
)
def test_rules_that_cannot_be_are_refused(changed: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        replace(RULES_109, **changed)


@pytest.mark.parametrize(
    "shares",
    [("0.5", "0.5", "0.1", "0"), ("1.5", "-0.5", "0", "0"), ("0.9", "0", "0", "0")],
)
def test_weights_sum_to_one_and_none_is_below_zero(shares: tuple[str, ...]):
    with pytest.raises(ValueError, match="sum to 1"):
        Weights(*(Decimal(share) for share in shares))


def test_a_light_by_hand_needs_no_bands():
    assert Rules(None, (), Basis.BY_HAND).bands == ()


@dataclass(frozen=True)
class Row:
    """Rules as they are stored, as far as choosing goes."""

    level: str
    year: int
    uses_self_rating: bool = False
    is_adopted: bool = True


CITY_109 = Row("city", 2020, uses_self_rating=True)
CITY_111 = Row("city", 2022, uses_self_rating=True)
BUREAU_98 = Row("bureau", 2009)
BUREAU_110 = Row("bureau", 2021)
CENTRE_98 = Row("centre", 2009)
CENTRE_IDLE = Row("centre", 2009, is_adopted=False)
BUREAU_IDLE = Row("bureau", 2009, is_adopted=False)


@pytest.mark.parametrize(
    ("candidates", "level", "year", "has_self_ratings", "expected", "why"),
    [
        ([CITY_109, CITY_111], "city", 2020, True, CITY_109, Why.OWN),
        ([CITY_109, CITY_111], "city", 2021, True, CITY_109, Why.EARLIER_YEAR),
        ([CITY_111, CITY_109], "city", 2030, True, CITY_111, Why.EARLIER_YEAR),
        ([CITY_109], "city", 2019, True, None, Why.NO_EARLIER_RULES),
        ([CITY_109], "city", 2021, False, None, Why.NO_SELF_RATINGS),
        ([CITY_109, CENTRE_98], "centre", 2022, False, CENTRE_98, Why.EARLIER_YEAR),
        ([CITY_109, BUREAU_98], "centre", 2022, False, BUREAU_98, Why.LEVEL_ABOVE),
        ([BUREAU_98, BUREAU_110], "centre", 2022, False, BUREAU_110, Why.LEVEL_ABOVE),
        ([CITY_109], "centre", 2022, True, CITY_109, Why.LEVEL_ABOVE),
        ([CITY_109], "centre", 2022, False, None, Why.NO_SELF_RATINGS),
        # Its own level goes before a nearer year of the level above.
        ([CENTRE_98, BUREAU_110], "centre", 2022, False, CENTRE_98, Why.EARLIER_YEAR),
        # The levels below are nobody's business.
        ([CENTRE_98], "bureau", 2022, False, None, Why.NO_EARLIER_RULES),
        # What nobody adopted holds for none, and does not stand in the way.
        ([CENTRE_IDLE, BUREAU_IDLE], "centre", 2022, False, None, Why.NOT_ADOPTED),
        ([CENTRE_IDLE, BUREAU_98], "centre", 2022, False, BUREAU_98, Why.LEVEL_ABOVE),
        ([BUREAU_IDLE, CITY_109], "bureau", 2022, True, CITY_109, Why.LEVEL_ABOVE),
        ([BUREAU_IDLE, CITY_109], "bureau", 2022, False, None, Why.NOT_ADOPTED),
        ([], "city", 2020, True, None, Why.NO_EARLIER_RULES),
    ],
)
def test_a_card_uses_the_nearest_rules_that_fit(
    candidates: list[Row],
    level: str,
    year: int,
    has_self_ratings: bool,
    expected: Row | None,
    why: Why,
):
    answer = choose_rules(candidates, level, year, has_self_ratings=has_self_ratings)
    assert (answer.rules, answer.why) == (expected, why)


def test_the_rules_that_would_fit_are_named_where_none_holds():
    idle = [BUREAU_IDLE, CENTRE_IDLE]
    answer = choose_rules(idle, "centre", 2022, has_self_ratings=False)
    assert answer.instead == CENTRE_IDLE
    answer = choose_rules([CITY_109], "city", 2021, has_self_ratings=False)
    assert answer.instead == CITY_109


@dataclass(frozen=True)
class Outcome:
    """A stored result, as far as counting goes."""

    light: str = "good"
    reached: bool | None = True
    absence: str | None = None
    total: Decimal | None = None
    counted: Decimal | None = None


def test_the_four_kinds_of_nothing_are_not_one_count():
    answer = counts(
        [
            Outcome("unknown", None, Absence.NO_STATISTICS),
            Outcome("unknown", None, Absence.NOT_MEASURED),
            Outcome("unknown", None, Absence.NOT_APPLICABLE),
            Outcome("unknown", None),
            Outcome("poor", reached=False),
        ]
    )
    assert (answer.no_statistics, answer.undecided) == (1, 3)
    assert (answer.reached, answer.not_reached) == (0, 1)
    assert answer.lights[Light.UNKNOWN] == 4


def rated(total: str | None, light: str = "good") -> Outcome:
    return Outcome(light, total=None if total is None else Decimal(total))


ONE = Decimal(1)


@pytest.mark.parametrize(
    ("weighted", "total", "light", "worst"),
    [
        ([(rated("90.3"), 1), (rated("70.8", "poor"), 1)], "80.6", "good", "poor"),
        ([(rated("90"), 3), (rated("70", "poor"), 1)], "85.0", "good", "poor"),
        ([(rated("90"), 1), (rated(None, "unknown"), 9)], "90.0", "good", "good"),
        ([(rated(None, "unknown"), 1)], None, "unknown", None),
        ([(rated("92.45"), 1)], "92.5", "excellent", "good"),
        ([(rated("90"), 0)], None, "unknown", "good"),
    ],
)
def test_a_roll_up_is_the_weighted_mean_and_the_worst_light(
    weighted: list[tuple[Outcome, int]],
    total: str | None,
    light: str,
    worst: str | None,
):
    pairs = [(outcome, Decimal(weight)) for outcome, weight in weighted]
    answer = roll_up(pairs, RULES_109)
    assert answer is not None
    assert answer.total == (None if total is None else Decimal(total))
    assert (answer.light, answer.worst) == (light, worst)
    assert answer.is_red is (worst == "poor")


def test_fewer_rated_than_the_minimum_give_no_light_but_keep_the_worst():
    rules = replace(RULES_109, minimum_rated=2)
    answer = roll_up([(rated("70", "poor"), ONE)], rules)
    assert answer is not None
    assert (answer.total, answer.light) == (None, Light.UNKNOWN)
    assert answer.worst == Light.POOR


def test_nothing_to_roll_up_gives_no_chip():
    assert roll_up([], RULES_109) is None


def test_without_rules_a_roll_up_only_counts():
    answer = roll_up([(Outcome("unknown"), ONE)], None)
    assert answer is not None
    assert (answer.total, answer.light, answer.worst) == (None, Light.UNKNOWN, None)
    assert answer.counts.reached == 1


def test_one_that_is_far_over_its_target_hides_few_of_the_others():
    outcomes = [
        Outcome("excellent", counted=Decimal(120)),
        Outcome("poor", reached=False, counted=Decimal(60)),
    ]
    answer = roll_up([(outcome, ONE) for outcome in outcomes], BY_ACHIEVEMENT)
    assert answer is not None
    assert (answer.total, answer.achievement) == (None, Decimal(90))
    assert (answer.light, answer.worst) == (Light.FAIR, Light.POOR)


def test_a_quota_gives_its_lights_by_rank():
    quota = replace(
        RULES_109,
        basis=Basis.QUOTA,
        bands=(
            Band(Light.EXCELLENT, Decimal(90)),
            Band(Light.GOOD, Decimal(25)),
            Band(Light.POOR, None),
        ),
    )
    totals = [Decimal(value) for value in range(81, 91)]
    lights = lights_by_quota([*totals, None], quota)
    assert lights[-1] == Light.UNKNOWN
    assert lights[8:10] == (Light.EXCELLENT, Light.EXCELLENT)
    assert lights[2:8] == (Light.GOOD,) * 6
    assert lights[:2] == (Light.POOR,) * 2


def test_equal_totals_share_the_better_light():
    bands = (Band(Light.EXCELLENT, Decimal(100)), Band(Light.GOOD, None))
    quota = replace(RULES_109, basis=Basis.QUOTA, bands=bands)
    lights = lights_by_quota([Decimal(90), Decimal(90), Decimal(80)], quota)
    assert lights == (Light.EXCELLENT, Light.EXCELLENT, Light.GOOD)


def test_a_missing_part_makes_the_mean_missing():
    assert mean([Decimal(90), None]) is None
    assert mean([]) is None


def test_nothing_left_to_divide_by_gives_no_rate():
    assert pooled_rate([ONE], [Decimal(5)], [Decimal(5)]) is None
    assert pooled_rate([], []) is None


def test_a_rate_may_be_per_hundred_thousand():
    rate = pooled_rate([Decimal(12)], [Decimal(2_646_204)], base=Decimal(100_000))
    assert rate is not None
    assert f"{rate:.4f}" == "0.4535"


def test_every_source_in_the_rules_names_a_heading_of_their_document():
    root = Path(__file__).resolve().parents[2]
    headings = set(
        re.findall(
            r"^## (.+)$", (root / "docs/rules.md").read_text("utf-8"), re.MULTILINE
        )
    )
    modules = [*(root / "kpi/scoring").glob("*.py"), root / "bsc/numbers.py"]
    named = [
        heading
        for module in modules
        for heading in re.findall(
            r'Source: docs/rules\.md, "(.+?)"', module.read_text("utf-8")
        )
    ]
    assert named
    assert set(named) <= headings
