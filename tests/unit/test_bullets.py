"""The bar of an actual against its target."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bullets import MOST_STEPS, WIDTH, bullet


def drawn(actual: str, target: str):
    return bullet(Decimal(actual), Decimal(target))


@pytest.mark.parametrize(
    ("actual", "target", "ticks", "bar", "mark"),
    [
        ("12", "12", ["0", "5", "10", "15"], ("0.0", "307.2"), "307.2"),  # EP2.1
        ("-1", "3.4", ["−2", "0", "2", "4"], ("64.0", "64.0"), "345.6"),  # EP2.2
        ("401", "404", ["0", "200", "400", "600"], ("0.0", "256.6"), "258.6"),
        ("0", "0", ["0", "0.5", "1"], ("0.0", "0.0"), "0.0"),
    ],
)
def test_the_scale_holds_nought_the_actual_and_the_target(
    actual: str, target: str, ticks: list[str], bar: tuple[str, str], mark: str
):
    found = drawn(actual, target)

    assert [tick.text for tick in found.ticks] == ticks
    assert (found.bar_x, found.bar_width) == bar
    assert found.target_x == mark


def test_the_ends_of_the_scale_are_anchored_inwards():
    anchors = [tick.anchor for tick in drawn("12", "12").ticks]

    assert anchors == ["start", "middle", "middle", "end"]


def test_a_target_at_the_left_has_its_text_at_its_right():
    assert drawn("100", "1").label_anchor == "start"
    assert drawn("100", "90").label_anchor == "end"


@given(
    st.decimals("-99999999", "99999999", places=4),
    st.decimals("-99999999", "99999999", places=4),
)
def test_every_pair_has_a_short_scale_and_stays_on_it(actual: Decimal, target: Decimal):
    found = bullet(actual, target)

    assert 2 <= len(found.ticks) <= MOST_STEPS + 1
    for place in (found.bar_x, found.bar_width, found.zero_x, found.target_x):
        assert 0 <= Decimal(place) <= WIDTH
