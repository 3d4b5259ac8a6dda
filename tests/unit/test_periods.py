import pytest

from bsc.periods import Kind, Period, common_era, roc

YEAR, HALF, QUARTER, MONTH = Kind.YEAR, Kind.HALF, Kind.QUARTER, Kind.MONTH


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("109", "2020"),
        ("2020", "2020"),
        (109, "2020"),
        (" １０９ ", "2020"),
        ("98", "2009"),
        ("098", "2009"),
        ("109年", "2020"),
        ("109 年度", "2020"),
        ("民國109年", "2020"),
        ("109H1", "2020H1"),
        ("2020h2", "2020H2"),
        ("109年上半年", "2020H1"),
        ("109年度下半年", "2020H2"),
        ("109Q3", "2020Q3"),
        ("109年第3季", "2020Q3"),
        ("109年第四季", "2020Q4"),
        ("10907", "2020-07"),
        ("202007", "2020-07"),
        ("2020-07", "2020-07"),
        ("109-7", "2020-07"),
        ("109/07", "2020-07"),
        ("109.07", "2020-07"),
        ("109年7月", "2020-07"),
        ("1", "1912"),
        ("200", "2111"),
        ("2111", "2111"),
    ],
)
def test_a_period_is_read_in_either_calendar(text: str | int, code: str):
    assert Period.parse(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "000", "-5", "201", "999", "1000", "1911", "2112", "9807"),
        *("109Q0", "109Q5", "109H3", "10900", "10913", "2020-13", "109年13月"),
        *("109.5.1", "1090701", "abc", "109 to 110", "1e2", "109Q", "Q3"),
    ],
)
def test_what_is_no_period_is_refused(text: str):
    with pytest.raises(ValueError, match="no "):
        Period.parse(text)


@pytest.mark.parametrize(
    "period",
    [
        Period(2020),
        Period(2020, HALF, 2),
        Period(2020, QUARTER, 3),
        Period(2020, MONTH, 7),
    ],
)
def test_both_codes_name_the_same_period(period: Period):
    assert len(period.code) <= 7
    assert Period.parse(period.code) == Period.parse(period.roc_code) == period


@pytest.mark.parametrize(
    ("period", "chinese", "english"),
    [
        (Period(2020), "109年", "109"),
        (Period(2020, HALF, 1), "109年上半年", "H1 109"),
        (Period(2020, HALF, 2), "109年下半年", "H2 109"),
        (Period(2020, QUARTER, 3), "109年第3季", "Q3 109"),
        (Period(2020, MONTH, 7), "109年7月", "July 109"),
    ],
)
def test_a_label_counts_as_the_tables_do(period: Period, chinese: str, english: str):
    assert period.label() == period.label("zh-hant") == chinese
    assert period.label("en") == english


@pytest.mark.parametrize(
    ("period", "chinese", "english"),
    [
        (Period(2020), "109年", "ROC 109 (2020)"),
        (Period(2020, MONTH, 7), "109年7月", "July ROC 109 (2020)"),
    ],
)
def test_a_title_tells_an_english_reader_the_calendar(
    period: Period, chinese: str, english: str
):
    assert period.title() == period.title("zh-hant") == chinese
    assert period.title("en") == english


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("2020", "2021"),
        ("2020H2", "2021H1"),
        ("2020Q3", "2020Q4"),
        ("2020Q4", "2021Q1"),
        ("2020-12", "2021-01"),
    ],
)
def test_the_next_period_has_the_same_length(text: str, following: str):
    assert Period.parse(text).next().code == following
    assert Period.parse(following).previous().code == text


def test_nothing_follows_the_last_year():
    with pytest.raises(ValueError, match="no year"):
        Period(2111).next()


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("2020", "2020", True),
        ("2020", "2020-12", True),
        ("2020", "2021-01", False),
        ("2020H1", "2020Q2", True),
        ("2020H1", "2020Q3", False),
        ("2020Q3", "2020-07", True),
        ("2020Q3", "2020H2", False),
    ],
)
def test_a_period_contains_the_shorter_ones_within(
    outer: str, inner: str, expected: bool
):
    assert Period.parse(outer).contains(Period.parse(inner)) is expected


def test_a_period_that_cannot_be_is_refused_however_it_is_made():
    with pytest.raises(ValueError, match="no month"):
        Period(2020, MONTH, 13)
    with pytest.raises(ValueError, match="no year"):
        Period(109)


def test_years_translate_both_ways():
    assert common_era("109") == common_era(2020) == 2020
    assert roc(2020) == 109
