"""What people type into the boxes: numbers, months and days, read or asked again."""

from datetime import date
from decimal import Decimal

import pytest

from bsc.periods import Period
from kpi.entries.texts import (
    Months,
    counts_things,
    date_of,
    months_of,
    number_of,
    places_of,
    unit_of_label,
    unkept_sign,
)
from kpi.scoring import Absence

YEAR = Period.parse("111")

NUMBERS = [
    # As typed, what it counts, what it says.
    ("21", "件", "21"),
    ("２１", "件", "21"),
    (" 21 ", "件", "21"),
    ("　２１　件", "件", "21"),
    ("45.65", "%", "45.65"),
    ("45.65%", "%", "45.65"),
    ("４５．６５％", "%", "45.65"),
    ("45.65 %", "％", "45.65"),
    ("91.60", "%", "91.60"),
    ("1,234", "件", "1234"),
    ("１，２３４．５", "元", "1234.5"),
    ("2,180,680,673", "元", "2180680673"),
    ("1 234 567", "人", "1234567"),
    ("NT$1,000", "元", "1000"),
    ("-1", "%", "-1"),
    ("−1", "%", "-1"),
    ("－１", "%", "-1"),
    ("−29.4", "", "-29.4"),
    ("+3.4", "%", "3.4"),
    ("0", "人數", "0"),
    ("0.00", "%", "0.00"),
    ("007", "件", "7"),
    (".5", "%", "0.5"),
    ("12.", "%", "12"),
    ("56人", "人數", "56"),
    ("56 人次", "人次", "56"),
    ("12家", "家數", "12"),
    ("100件。", "件", "100"),
    ("50", "", "50"),
    ("50件", "", "50"),
    ("99999999999999", "元", "99999999999999"),
    ("0.000001", "", "0.000001"),
    ("1.5000000000", "", "1.5000000000"),
]

NOTHINGS = [
    ("無實際值", Absence.NOT_MEASURED),
    ("無實 際值", Absence.NOT_MEASURED),
    ("尚未統計", Absence.NOT_MEASURED),
    ("No actual value", Absence.NOT_MEASURED),
    ("無相關統計數據", Absence.NO_STATISTICS),
    ("不適用", Absence.NOT_APPLICABLE),
    ("Ｎ／Ａ", Absence.NOT_APPLICABLE),
]

REFUSED = [
    # As typed, what it counts, the code.
    ("無", "件", "zero-or-nothing"),
    ("-", "件", "zero-or-nothing"),
    ("—", "件", "zero-or-nothing"),
    ("──", "件", "zero-or-nothing"),
    ("268萬3,257", "人", "in-words"),
    ("1.5億", "元", "in-words"),
    ("3千", "人", "in-words"),
    ("三十二", "人", "in-words"),
    ("(1,000)", "元", "bracketed"),
    ("（1,000）", "元", "bracketed"),
    ("≥99.5", "%", "comparator"),
    ("＞100", "%", "comparator"),
    ("81%以上", "%", "comparator"),
    ("1.23E+08", "元", "exponent"),
    ("1e5", "元", "exponent"),
    ("1e999999999", "元", "exponent"),
    ("50-60", "%", "range"),
    ("50~60", "%", "range"),
    ("5至10", "場", "range"),
    ("21/46", "%", "calculation"),
    ("=A1+B1", "件", "calculation"),
    ("12+9", "件", "calculation"),
    ("NaN", "%", "not-finite"),
    ("sNaN123", "%", "not-finite"),
    ("Infinity", "%", "not-finite"),
    ("-inf", "%", "not-finite"),
    ("∞", "%", "not-finite"),
    ("1,23", "件", "broken-separator"),
    ("1900,000", "元", "broken-separator"),
    ("12,34,567", "元", "broken-separator"),
    ("1,234,", "元", "broken-separator"),
    ("1.234,5", "元", "not-a-number"),
    ("1.2.3", "%", "not-a-number"),
    ("1 23", "件", "not-a-number"),
    ("約50", "件", "not-a-number"),
    ("abc", "件", "not-a-number"),
    ("--5", "件", "not-a-number"),
    ("½", "", "not-a-number"),
    ("²", "", "not-a-number"),
    ("٣", "", "not-a-number"),
    ("<script>1</script>", "件", "not-a-number"),
    ("95%", "件", "unit-differs"),
    ("56人", "%", "unit-differs"),
    ("56人", "人次", "unit-differs"),
    ("1,000元", "千元", "unit-differs"),
    ("3‰", "%", "unit-differs"),
    ("100000000000000", "元", "too-large"),
    ("9" * 200, "元", "too-large"),
    ("9" * 201, "元", "too-long"),
    ("1.1234567", "%", "too-many-decimals"),
    ("0." + "1" * 190, "%", "too-many-decimals"),
    ("12345678901.12345", "元", "too-many-digits"),
    ("2\u200b1", "件", "odd-character"),
    ("\ufeff21", "件", "odd-character"),
    ("2\u202e1", "件", "odd-character"),
    ("21\x00", "件", "odd-character"),
    ("2\ud8001", "件", "odd-character"),
]


@pytest.mark.parametrize(("text", "unit", "expected"), NUMBERS)
def test_a_number_is_read_as_people_write_it(text: str, unit: str, expected: str):
    number = number_of(text, unit)
    assert (number.code, number.value) == ("", Decimal(expected))


@pytest.mark.parametrize(("text", "absence"), NOTHINGS)
def test_the_words_for_a_nothing_are_understood(text: str, absence: Absence):
    number = number_of(text, "%")
    assert (number.code, number.value, number.absence) == ("", None, absence)


@pytest.mark.parametrize(("text", "unit", "code"), REFUSED)
def test_what_is_no_plain_number_is_asked_for_again(text: str, unit: str, code: str):
    number = number_of(text, unit)
    assert (number.code, number.value) == (code, None)


@pytest.mark.parametrize("text", ["", " ", "　", "\n\t", "\xa0"])
def test_an_empty_box_says_nothing(text: str):
    number = number_of(text, "件")
    assert (number.code, number.value, number.absence) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", None, None),
        ("1-6", 1, 6),
        ("1~6", 1, 6),
        ("７－１２", 7, 12),
        ("7-12月", 7, 12),
        ("7月至12月", 7, 12),
        ("111年7-12月", 7, 12),
        ("111.7-111.12", 7, 12),
        ("上半年", 1, 6),
        ("下半年度", 7, 12),
        ("第3季", 7, 9),
        ("第四季", 10, 12),
        ("6月", 6, 6),
        ("1-12", None, None),
        ("全年", None, None),
        ("2022年1-6月", 1, 6),
    ],
)
def test_months_are_read_as_people_write_them(
    text: str, first: int | None, last: int | None
):
    assert months_of(text, YEAR) == Months(first, last)


@pytest.mark.parametrize(
    ("text", "period", "code"),
    [
        ("6", "111", "not-months"),
        ("6-1", "111", "not-months"),
        ("0-6", "111", "not-months"),
        ("1-13", "111", "not-months"),
        ("夏天", "111", "not-months"),
        ("1" * 300, "111", "not-months"),
        ("110年7-12月", "111", "other-year"),
        ("1-9", "111H1", "months-outside"),
    ],
)
def test_months_that_cannot_be_are_asked_for_again(text: str, period: str, code: str):
    assert months_of(text, Period.parse(period)).code == code


@pytest.mark.parametrize(
    "text",
    [
        *("112.6.30", "112/6/30", "112-06-30", "112年6月30日", "民國112年6月30日"),
        *("2023-06-30", "2023/6/30", "1120630", "20230630", "１１２．６．３０"),
    ],
)
def test_a_day_is_read_in_both_eras(text: str):
    assert date_of(text) == (date(2023, 6, 30), "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("112.6", "date-without-day"),
        ("112年6月", "date-without-day"),
        ("112.2.30", "no-such-day"),
        ("112.13.1", "no-such-day"),
        ("9999.1.1", "no-such-day"),
        ("6/30/2023", "not-a-date"),
        ("年底前", "not-a-date"),
        ("112.6-30", "not-a-date"),
        ("1" * 300, "not-a-date"),
    ],
)
def test_a_day_that_cannot_be_is_asked_for_again(text: str, code: str):
    assert date_of(text) == (None, code)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("通報件數", "件"),
        ("開案件數", "件"),
        ("符合列管指標案件", "件"),
        ("督導人數", "人"),
        ("提供6歲以下兒少保護個案親職賦能服務人次", "人次"),
        ("各組辦理同儕經驗分享團督次數", "次"),
        ("合作家數", "家"),
        ("家內(第1類)調查人數", ""),
        ("保留數", ""),
        ("自殺死亡率", ""),
    ],
)
def test_the_last_word_of_a_label_says_what_it_counts(label: str, unit: str):
    assert unit_of_label(label) == unit


def test_things_are_told_from_amounts():
    assert all(map(counts_things, ("人", "人數", "件", "家數", "人次", "區")))
    assert not any(map(counts_things, ("", "%", "元", "分", "小時", "‰", "人/車流量")))


@pytest.mark.parametrize(
    ("value", "places"),
    [("1", 0), ("1.50", 1), ("100", 0), ("1E+3", 0), ("0.000", 0), ("-2.05", 2)],
)
def test_closing_zeros_are_no_decimals(value: str, places: int):
    assert places_of(Decimal(value)) == places


def test_a_sentence_keeps_signs_that_an_office_made_itself():
    assert unkept_sign("王\ue000先生\u200d，第一行\n第二行\t。") == ""
    assert unkept_sign("甲\x00") == "U+0000"
    assert unkept_sign("甲\u202e乙") == "U+202E"
    assert unkept_sign("甲\udc00") == "U+DC00"
