"""What a minus behind a slash without brackets may belong to, by the grammar."""

import pytest

from kpi.formula import open_divisor


@pytest.mark.parametrize(
    ("formula", "divisor"),
    [
        ("(收到人數 / 裁定人數-無法執行人數)", "裁定人數-無法執行人數"),
        ("(收到人數／裁定人數－無法執行人數)*100%", "裁定人數－無法執行人數"),
        ("甲數÷乙數-丙數", "乙數-丙數"),
        ("A/B-C", "B-C"),
        ("(查詢案件-無正當理由查詢案件)/(查詢案件)*100%", None),
        ("甲數/(乙數-丙數)", None),
        ("今年度死亡率-去年度死亡率", None),
        # These can be read in one way only.
        ("1-甲數/乙數", None),
        ("甲數/乙數-丙數/丁數", None),
        ("1-6月件數/7-12月件數", None),
        ("甲數/乙數*100-丙數", None),
        ("", None),
    ],
)
def test_only_what_the_grammar_asks_about_is_open(formula: str, divisor: str | None):
    bounds = open_divisor(formula)
    assert (formula[slice(*bounds)] if bounds else None) == divisor
