"""The 19 rows that group E published for 109, read as printed and scored again."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi.scoring import (
    ActualFigure,
    Comparator,
    Direction,
    Light,
    Mark,
    Part,
    Rating,
    Reason,
    Score,
    TargetFigure,
    counts,
    mean,
    pooled_rate,
    printed_achievement,
    roll_up,
    rules_from_fields,
    score,
)

HERE = Path(__file__).resolve()
TRUTH = HERE.parents[1] / "truth" / "group-e-109.json"
RULES = HERE.parents[2] / "fixtures" / "rating_rules.json"

PUBLISHED = json.loads(TRUTH.read_text(encoding="utf-8"), parse_float=Decimal)
RULES_109 = rules_from_fields(json.loads(RULES.read_text(encoding="utf-8"))[0])
KPIS = {kpi["code"]: kpi for kpi in PUBLISHED["kpis"]}
RATED = [code for code in KPIS if code != "EP1.2"]
GRADES = {
    "優": Light.EXCELLENT,
    "良": Light.GOOD,
    "可": Light.FAIR,
    "差": Light.POOR,
    "績效不明": Light.UNKNOWN,
}
DIRECTIONS = {
    "higher_is_better": Direction.POSITIVE,
    "lower_is_better": Direction.NEGATIVE,
    None: Direction.UNCONFIRMED,
}


def target_of(kpi: dict[str, Any]) -> TargetFigure:
    reading, text = kpi["numeric_reading"], kpi["result"]["target"]
    if parts := reading.get("target_parts"):
        of_each = [
            Part(part["name"], Decimal(part["number"]), Comparator.AT_LEAST)
            for part in parts
        ]
        return TargetFigure(text=text, parts=tuple(of_each))
    if reading["target"] is None:
        return TargetFigure(text=text)
    components = reading.get("parts", {}).items()
    return TargetFigure(
        Decimal(reading["target"]),
        text=text,
        parts=tuple(Part(name, Decimal(one["target"])) for name, one in components),
    )


def actual_of(kpi: dict[str, Any]) -> ActualFigure:
    reading = kpi["numeric_reading"]
    if reading["actual"] is None:
        # A printed achievement of 100 states that the text's target is reached.
        return ActualFigure(
            text=kpi["result"]["actual"], reached=reading["achievement"] >= 100
        )
    components = reading.get("parts", {}).items()
    return ActualFigure(
        Decimal(reading["actual"]),
        parts=tuple(Part(name, Decimal(one["actual"])) for name, one in components),
    )


def scored(code: str) -> Score:
    kpi = KPIS[code]
    result = kpi["result"]
    given = [result[name] for name in ("innovation", "challenge", "contribution")]
    return score(
        DIRECTIONS[kpi["numeric_reading"]["direction"]],
        target_of(kpi),
        actual_of(kpi),
        Rating.of(*(None if text is None else Decimal(text) for text in given)),
        RULES_109,
        exempt="exempt_text" in result,
    )


def test_all_nineteen_rows_are_there():
    assert len(KPIS) == 19
    assert len(RATED) == 18


@pytest.mark.parametrize("code", KPIS)
def test_the_achievement_is_as_published(code: str):
    printed = KPIS[code]["result"]["achievement"]
    decimals = max(len(printed.partition(".")[2]), 1)
    answer = scored(code).achievement
    assert answer is not None
    assert printed_achievement(answer, decimals) == Decimal(printed)


@pytest.mark.parametrize("code", RATED)
def test_the_total_is_as_published(code: str):
    assert scored(code).total == Decimal(KPIS[code]["result"]["total"])


@pytest.mark.parametrize("code", KPIS)
def test_the_light_is_as_published(code: str):
    assert scored(code).light == GRADES[KPIS[code]["light"]["grade"]]


@pytest.mark.parametrize("code", KPIS)
def test_reached_is_as_published(code: str):
    assert scored(code).reached is KPIS[code]["met_target"]["value"]


@pytest.mark.parametrize(
    "row", PUBLISHED["light_table"]["rows"], ids=lambda row: row["label"]
)
def test_the_light_table_is_as_published(row: dict[str, Any]):
    codes = [c for c in KPIS if row["perspective"] in (None, KPIS[c]["perspective"])]
    answer = counts(scored(code) for code in codes)
    assert (answer.kpis, answer.reached, answer.not_reached, answer.no_statistics) == (
        row["kpi_total"],
        row["met"],
        row["not_met"],
        row["no_statistics"],
    )
    assert answer.lights == {GRADES[word]: n for word, n in row["lights"].items()}
    assert answer.undecided == 0


def test_the_light_table_sums_up_to_sixteen_reached_and_three_not():
    answer = counts(scored(code) for code in KPIS)
    assert (answer.reached, answer.not_reached, answer.no_statistics) == (16, 3, 0)
    assert list(answer.lights.values()) == [2, 14, 1, 1, 1]


def test_an_exempt_kpi_has_no_total_but_is_reached():
    answer = scored("EP1.2")
    assert (answer.total, answer.light, answer.reached) == (None, Light.UNKNOWN, True)
    assert answer.reason == Reason.EXEMPT
    assert answer.achievement == 100


def test_a_missed_target_may_still_have_a_good_light():
    answer = scored("EP3.1")
    assert (answer.reached, answer.light) == (False, Light.GOOD)


def test_a_negative_actual_counts_as_nothing():
    answer = scored("EP2.2")
    assert answer.counted == 0
    assert answer.light == Light.POOR


def test_three_equal_parts_are_judged_by_the_one_actual_there_is():
    answer = scored("EF1.1")
    assert answer.marks == (Mark.BY_OVERALL,)
    assert answer.reached is False


def test_a_breakdown_leaves_the_verdict_to_its_sum():
    answer = scored("EP3.2")
    assert answer.reached is True
    assert answer.marks == ()


def test_an_objective_is_the_mean_of_its_kpis_and_names_its_worst():
    answer = roll_up([(scored(c), Decimal(1)) for c in ("EP2.1", "EP2.2")], RULES_109)
    assert answer is not None
    assert answer.total == Decimal("80.6")
    assert (answer.light, answer.worst) == (Light.GOOD, Light.POOR)
    assert answer.is_red


def test_an_exempt_kpi_leaves_the_mean_of_its_objective():
    answer = roll_up([(scored(c), Decimal(1)) for c in ("EP1.1", "EP1.2")], RULES_109)
    assert answer is not None
    assert (answer.total, answer.rated) == (Decimal("90.0"), 1)
    assert answer.counts.lights[Light.UNKNOWN] == 1


def test_a_satisfaction_of_six_services_is_their_mean():
    services = ["97.43", "95.88", "91.85", "94.80", "94.16", "94.6"]
    exact = mean([Decimal(text) for text in services])
    assert exact is not None
    assert f"{exact:.4f}" == "94.7867"
    stored = mean([Decimal(text) for text in services], decimals=2)
    assert stored == Decimal(KPIS["EC2.1"]["result"]["actual"])


FUNDS = {
    "numerators": [Decimal(1_150_497_691), Decimal(157_000), Decimal(4_641_590)],
    "denominators": [
        Decimal(2_180_680_673),
        Decimal(157_000),
        Decimal(1_875_349_417),
    ],
}
NOT_EXECUTABLE = Decimal(1_870_338_000)


def test_three_funds_are_pooled_without_what_could_not_be_executed():
    rate = pooled_rate(**FUNDS, exclusions=[NOT_EXECUTABLE], decimals=2)
    assert rate == Decimal(KPIS["EF1.1"]["result"]["actual"])


def test_the_same_funds_with_nothing_excluded_give_half_of_it():
    assert pooled_rate(**FUNDS, decimals=2) == Decimal("28.48")


@pytest.mark.parametrize(
    ("fund", "excluded", "rate"),
    [(0, 0, "52.76"), (1, 0, "100"), (2, 0, "0.25"), (2, 1_870_338_000, "92.62")],
)
def test_each_funds_own_rate_is_as_published(fund: int, excluded: int, rate: str):
    answer = pooled_rate(
        [FUNDS["numerators"][fund]],
        [FUNDS["denominators"][fund]],
        [Decimal(excluded)],
        decimals=2,
    )
    assert answer == Decimal(rate)
