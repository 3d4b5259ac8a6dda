import pytest

from bsc.names import comparable


@pytest.mark.parametrize(
    "typed",
    [
        "臺北市政府社會局",
        "台北市政府 社會局",
        "台北市政府社會局。",
        "臺北市政府社　會局",
    ],
)
def test_how_a_name_was_typed_makes_no_difference(typed: str):
    assert comparable(typed) == comparable("台北市政府社會局")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＫＰＩ", "kpi"), ("（一）", "(一)"), ("完成率１００％", "完成率100%")],
)
def test_full_and_half_width_and_case_are_the_same(one: str, other: str):
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"), [("勞工局", "勞動局"), ("第1.1項", "第11項"), ("甲、乙", "甲乙")]
)
def test_another_name_stays_another(one: str, other: str):
    assert comparable(one) != comparable(other)
