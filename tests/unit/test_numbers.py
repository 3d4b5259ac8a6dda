from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsc import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("90.25", 1, "90.3"),
        ("70.75", 1, "70.8"),
        ("88.825", 1, "88.8"),
        ("79.7125", 1, "79.7"),
        ("94.786666666666", 2, "94.79"),
        ("-29.45", 1, "-29.5"),
        ("2.5", 0, "3"),
    ],
)
def test_a_half_goes_up_and_away_from_zero(value: str, decimals: int, expected: str):
    assert numbers.half_up(Decimal(value), decimals) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("88.500000", None, "88.5"),
        ("4.000000", None, "4"),
        ("1000", None, "1000"),
        ("1E+3", None, "1000"),
        ("-1", None, "−1"),
        ("0", None, "0"),
        ("-0.000000", None, "0"),
        ("-0.04", 1, "0.0"),
        ("92", 1, "92.0"),
        ("0.000001", None, "0.000001"),
    ],
)
def test_a_number_reads_plainly(value: str, decimals: int | None, expected: str):
    assert numbers.plain(Decimal(value), decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("999", "999"), ("4143", "4,143"), ("-1234567.5", "−1,234,567.5")],
)
def test_thousands_are_grouped_where_asked(value: str, expected: str):
    assert numbers.plain(Decimal(value), grouped=True) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("100", 1, "100"),
        ("123.9583", 1, "124"),
        ("65.2469", 2, "65.25"),
        ("65.2469", 1, "65.2"),
        ("-29.4117", 1, "−29.4"),
        ("99.96", 1, "100"),
        ("-0.04", 1, "0"),
        ("110.625", 1, "110.6"),
        ("100", 0, "100"),
    ],
)
def test_an_achievement_reads_as_published(value: str, decimals: int, expected: str):
    assert numbers.achievement_text(Decimal(value), decimals) == expected


def test_points_keep_their_decimal():
    assert numbers.points(Decimal(92)) == "92.0"


def test_percentages_and_shares_carry_the_sign():
    assert numbers.percent(Decimal("40.510000")) == "40.51%"
    assert numbers.share(Decimal("0.25")) == "25%"
    assert numbers.share(Decimal("0.125")) == "12.5%"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8494980.00", "8,494,980"),
        ("0", "0"),
        ("12.5", "12.50"),
        ("-3000", "−3,000"),
    ],
)
def test_money_is_grouped_and_shows_cents_only_where_there_are_some(
    value: str, expected: str
):
    assert numbers.money(Decimal(value)) == expected


def test_a_year_reads_in_the_calendar_of_the_republic():
    assert numbers.roc_year(2020) == "109"


@given(st.decimals(-(10**14), 10**14, places=6), st.integers(0, 5))
def test_rounding_moves_a_value_by_half_a_step_at_most(value: Decimal, decimals: int):
    rounded = numbers.half_up(value, decimals)
    assert abs(rounded - value) * 2 <= Decimal(1).scaleb(-decimals)
    assert numbers.half_up(-value, decimals) == -rounded
