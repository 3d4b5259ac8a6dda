"""How signs, brackets, scales and years of a formula are read."""

from decimal import Decimal

import pytest

from kpi.formula import Asked, Kind, Parsed, base_of, parse, text_of

RATIO = '("完成件數" / "總件數") * 100'


def read(text: str, measure: str = "", rate_base: int | None = None) -> str:
    """Return what a text is understood as, written in the language."""
    formula = parse(text, measure, rate_base)
    assert isinstance(formula, Parsed), formula
    return text_of(formula.expression)


@pytest.mark.parametrize(
    "text",
    [
        "(完成件數/總件數)*100%",
        "完成件數/總件數*100%",
        "（完成件數÷總件數）×１００％",
        "完成件數／總件數＊100％",
        "［完成件數／總件數］×100﹪",
        "【完成件數/總件數】*100%",
        "(完成件數/總件數)x100%",
        "完成件數 / 總件數 X 100%",
        "(完成件數/總件數)X(100%)",
        "(完成件數/總件數)*百分之百",
        "100%*完成件數/總件數",
        "(完成件數/總件數)%",
        "(完成件數/總件數)(%)",
        "完成件數除以總件數乘以100%",
        "「完成件數」/「總件數」*100%",
        '"完成件數"/"總件數"*100',
        "完成件數\n/總件數\n*100%。",
        "計算公式：（完成件數／總件數）×100％",
        "=完成件數/總件數*100",
        r"$\frac{\text{完成件數}}{\text{總件數}} \times 100\%$",
        r"\[\left(\frac{完成件數}{總件數}\right)\times 100\%\]",
        r"$(\text{完成件數}\div\text{總件數})\times100\%$",
        r"$[\text{完成件數}/\text{總件數}]*100\%$",
    ],
)
def test_the_signs_of_all_offices_say_the_same(text: str):
    assert read(text, "%") == RATIO


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("完成件數/總件數", "%", RATIO),
        ("完成件數/總件數", "％", RATIO),
        ("完成件數/總件數*100", "%", RATIO),
        ("完成件數/總件數", "", '"完成件數" / "總件數"'),
        ("死亡數/人口數", "‰", '("死亡數" / "人口數") * 1000'),
        ("死亡數/人口數*1000‰", "‰", '("死亡數" / "人口數") * 1000'),
        ("死亡數/人口數", "人/10萬人", '("死亡數" / "人口數") * 100000'),
        ("死亡數/人口數*每10萬人", "", '("死亡數" / "人口數") * 100000'),
        ("死亡數/人口數×十萬", "", '("死亡數" / "人口數") * 100000'),
        ("死亡數/人口數×100,000", "", '("死亡數" / "人口數") * 100000'),
        ("1-逾期數/總數", "%", '(1 - ("逾期數" / "總數")) * 100'),
        ("100%-逾期數/總數*100%", "%", '100 - (("逾期數" / "總數") * 100)'),
        ("100-逾期率", "%", '100 - "逾期率"'),
        ("(甲率+乙率)/2", "%", '("甲率" + "乙率") / 2'),
        ("甲分數*30%+乙分數*70%", "分", '("甲分數" * 0.3) + ("乙分數" * 0.7)'),
    ],
)
def test_a_ratio_is_taken_times_what_its_text_or_its_measure_says(
    text: str, measure: str, expected: str
):
    assert read(text, measure) == expected


def test_a_rate_base_of_the_kpi_goes_before_its_measure():
    assert read("死亡數/人口數", "人數", 100_000) == '("死亡數" / "人口數") * 100000'
    assert read("死亡數/人口數", "%", 1000) == '("死亡數" / "人口數") * 1000'


@pytest.mark.parametrize(
    ("measure", "base"),
    [
        ("%", 100),
        ("％", 100),
        ("百分比", 100),
        ("‰", 1000),
        ("千分比", 1000),
        ("每10萬人", 100_000),
        ("人/十萬人", 100_000),
        ("件／10萬人", 100_000),
        ("十萬分之", 100_000),
        ("件/千人", 1000),
        ("百分點", 100),
        ("件", None),
        ("萬元", None),
        ("百萬元", None),
        ("千元", None),
        ("", None),
    ],
)
def test_a_measure_says_what_a_ratio_is_counted_by(measure: str, base: int | None):
    assert base_of(measure) == (None if base is None else Decimal(base))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("使用專家協助詢(訊)問件數", "使用專家協助詢(訊)問件數"),
        ("家內(第1類)調查人數", "家內(第1類)調查人數"),
        ("(第1類)調查人數", "(第1類)調查人數"),
        ("在學中(6歲以上 18歲以下)目睹人數", "在學中(6歲以上18歲以下)目睹人數"),
        ("在學中（6歲以上　18歲以下）目睹人數", "在學中(6歲以上18歲以下)目睹人數"),
        ("12(含)歲以下人數", "12(含)歲以下人數"),
        ("服務人數(7-12月)", "服務人數(7-12月)"),
        ("件數(112/7/1-112/12/31)", "件數(112/7/1-112/12/31)"),
        ("參與「健康/樂活」活動人數", "參與「健康/樂活」活動人數"),
        ("(甲((乙)丙)丁)戊數", "(甲((乙)丙)丁)戊數"),
        ("低於5%之件數", "低於5%之件數"),
        ("排除以前年度案件數", "排除以前年度案件數"),
        ("所有送醫 OHCA 件數", "所有送醫OHCA件數"),
        ("照射X光人數", "照射X光人數"),
        ("第Ⅱ型糖尿病人數", "第Ⅱ型糖尿病人數"),
        ("AED use cases", "AED use cases"),
        ("每10萬人口死亡數", "每10萬人口死亡數"),
    ],
)
def test_brackets_and_signs_within_words_stay_in_the_label(text: str, label: str):
    formula = parse(f"{text}/總數", "%")
    alone = parse(text)
    assert isinstance(alone, Parsed)
    assert alone.labels == (label,)
    if isinstance(formula, Parsed):
        assert formula.labels == (label, "總數")
    else:
        assert text == "AED use cases"  # half a phrase, so the slash is asked about


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("執行數(實付數+保留數)", '"執行數"("實付數" + "保留數")'),
        ("執行數 （決算數－保留數）", '"執行數"("決算數" - "保留數")'),
        ("(甲數+乙數)/(丙數+丁數)", '("甲數" + "乙數") / ("丙數" + "丁數")'),
        ("甲數/(乙數-丙數)", '"甲數" / ("乙數" - "丙數")'),
        ("甲數*乙數/丙數", '("甲數" * "乙數") / "丙數"'),
        ("甲數/乙數-丙數/丁數", '("甲數" / "乙數") - ("丙數" / "丁數")'),
        ("-甲數", '-"甲數"'),
        ("min(甲數，乙數)", 'min("甲數", "乙數")'),
        ("SUM(甲數、乙數、丙數)", 'sum("甲數", "乙數", "丙數")'),
        ("AVERAGE(甲數,乙數)", 'mean("甲數", "乙數")'),
        ("abs(甲數-乙數)", 'abs("甲數" - "乙數")'),
        ("round(甲數/乙數, 2)", 'round("甲數" / "乙數", 2)'),
        ("if(甲數≧1, 乙數/甲數, 0)", 'if("甲數" >= 1, "乙數" / "甲數", 0)'),
        ("甲數-prev(甲數)", '"甲數" - prev("甲數")'),
    ],
)
def test_published_and_edited_signs_are_one_language(text: str, expected: str):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今年度案件數-去年度案件數", '"案件數" - prev("案件數")'),
        ("本年度案件數－上年度案件數", '"案件數" - prev("案件數")'),
        ("案件數-去年案件數", '"案件數" - prev("案件數")'),
        ("當年同期案件數-去年同期案件數", '"案件數" - prev("案件數")'),
        (
            "(今年案件數-去年案件數)/去年案件數*100%",
            '(("案件數" - prev("案件數")) / prev("案件數")) * 100',
        ),
        # Without this year's box in the formula it is a box of its own.
        ("再犯人數/去年度個案數", '"再犯人數" / "去年度個案數"'),
        ("本年度執行數/可用數", '"本年度執行數" / "可用數"'),
        # Two boxes might be meant, so that none is taken for the other.
        (
            "今年案件數-去年案件數+案件數",
            '"今年案件數" - "去年案件數" + "案件數"',
        ),
    ],
)
def test_last_years_figure_is_known_where_this_years_is_asked(text: str, expected: str):
    assert read(text) == expected


def test_what_stands_left_of_the_equals_sign_is_the_name():
    formula = parse("達成率＝（完成件數／總件數）×100％", "%")
    assert isinstance(formula, Parsed)
    assert formula.name == "達成率"
    assert formula.kind == Kind.RATIO


@pytest.mark.parametrize(
    ("text", "measure", "code", "readings"),
    [
        (
            "甲數/乙數-丙數",
            "",
            "sum-after-slash",
            ['("甲數" / "乙數") - "丙數"', '"甲數" / ("乙數" - "丙數")'],
        ),
        (
            "甲數/乙數+丙數",
            "",
            "sum-after-slash",
            ['("甲數" / "乙數") + "丙數"', '"甲數" / ("乙數" + "丙數")'],
        ),
        (
            "甲數-乙數/丙數*100%",
            "%",
            "sum-before-slash",
            [
                '"甲數" - (("乙數" / "丙數") * 100)',
                '(("甲數" - "乙數") / "丙數") * 100',
            ],
        ),
        (
            "甲數/乙數-1",
            "%",
            "sum-after-slash",
            ['(("甲數" / "乙數") - 1) * 100', '("甲數" / ("乙數" - 1)) * 100'],
        ),
        (
            "甲數/乙數/丙數",
            "",
            "two-slashes",
            ['("甲數" / "乙數") / "丙數"', '"甲數" / ("乙數" / "丙數")'],
        ),
        (
            "甲數/乙數*丙數",
            "",
            "product-after-slash",
            ['("甲數" / "乙數") * "丙數"', '"甲數" / ("乙數" * "丙數")'],
        ),
        ("男/女人數", "", "sign-in-phrase", ['"男" / "女人數"', '"男/女人數"']),
        ("人/車流量", "", "sign-in-phrase", ['"人" / "車流量"', '"人/車流量"']),
        (
            "一般+重度障礙人數",
            "",
            "sign-in-phrase",
            ['"一般" + "重度障礙人數"', '"一般+重度障礙人數"'],
        ),
        # Counted in 人次, a slash more likely joins two words than divides them.
        (
            "個案/家庭訪視人次",
            "人次",
            "sign-in-phrase",
            ['"個案" / "家庭訪視人次"', '"個案/家庭訪視人次"'],
        ),
        ("執行率(甲數/乙數)", "", "bracket-in-word", None),
        ("執行數(含甲數+乙數)", "", "bracket-in-word", None),
        ("詢(訊+問)問件數", "", "bracket-in-word", ['"詢(訊+問)問件數"']),
        (
            "(甲數+乙數)合計",
            "",
            "words-after-bracket",
            ['"甲數" + "乙數"', '"(甲數+乙數)合計"'],
        ),
        ("COVID-19確診數", "", "hyphen-in-word", None),
        ("30-40歲人數", "", "hyphen-in-word", None),
        ("甲數\n乙數", "", "several-lines", ['"甲數乙數"', '"甲數"']),
        (
            "甲數/總數，總數含休學人數",
            "",
            "several-sentences",
            ['"甲數" / "總數，總數含休學人數"', '"甲數" / "總數"'],
        ),
        (
            "1.甲數/乙數",
            "",
            "heading-in-word",
            ['"甲數" / "乙數"', '"1.甲數" / "乙數"'],
        ),
        (
            "甲數/乙數×100％（取至小數點第二位）",
            "%",
            "missing-sign",
            None,
        ),
        ("(甲數)(乙數)", "", "missing-sign", ['"甲數" * "乙數"', '"甲數"']),
        (
            "合作家數*100%",
            "%",
            "percent-of-no-ratio",
            ['"合作家數"', '"合作家數" * 100'],
        ),
        ("100%-甲率", "%", "percent-in-sum", ['100 - "甲率"', '1 - "甲率"']),
        (
            "各機關達成率總和/機關數",
            "%",
            "already-percent",
            [
                '("各機關達成率總和" / "機關數") * 100',
                '("各機關達成率總和" / "機關數") * 1',
            ],
        ),
        (
            "100-甲數/乙數",
            "%",
            "whole-less-share",
            ['100 - (("甲數" / "乙數") * 100)', '(100 - ("甲數" / "乙數")) * 100'],
        ),
        ("甲數/乙數*100-丙數/丁數", "%", "factor-in-part", None),
        (
            "甲數X乙數",
            "",
            "letter-times",
            ['"甲數" * "乙數"', '"甲數X乙數"'],
        ),
        ("甲數*2倍", "", "number-with-unit", ['"甲數" * "2倍"', '"甲數" * 2']),
        (
            "死亡數/每10萬人",
            "",
            "number-with-unit",
            ['"死亡數" / "每10萬人"', '"死亡數" / 100000'],
        ),
        (
            "今年案件數-前年案件數",
            "",
            "which-year",
            ['"案件數" - prev("案件數")', '"今年案件數" - "前年案件數"'],
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about_with_its_readings(
    text: str, measure: str, code: str, readings: list[str] | None
):
    question = parse(text, measure)
    assert isinstance(question, Asked)
    assert question.code == code
    shown = [text_of(reading) for reading in question.readings]
    assert len(shown) >= (1 if readings is None else len(readings))
    if readings is not None:
        assert shown == readings
    for reading in question.readings:
        again = parse(text_of(reading), measure)
        assert isinstance(again, Parsed)
        assert again.expression == reading
