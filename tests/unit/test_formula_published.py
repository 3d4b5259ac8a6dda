"""All published formulas of centre 111 and the safety net: read, or asked about."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.formula import Asked, Kind, Parsed, Source, parse, text_of

TRUTH = Path(__file__).resolve().parents[1] / "truth"
CENTRE = json.loads((TRUTH / "center-111.json").read_text(encoding="utf-8"))
SAFETY_NET = json.loads((TRUTH / "safety-net-107.json").read_text(encoding="utf-8"))
PUBLISHED = {
    ("center", kpi["code"]): (kpi["formula_text"], kpi["unit"])
    for kpi in CENTRE["kpis"]
} | {
    ("safety-net", kpi["code"]): (kpi["formula_text"], kpi["unit"])
    for kpi in SAFETY_NET["kpis"]
}

# Code, numerator, denominator, factor, whether the factor is ours and not printed.
# A text in quotes is one box; TL3.1, TF1.1 and 2-8-3 have a sum for a numerator.
RATIOS = [
    (
        "center AC1.1",
        '"當年度通報案件中為過去1年內結案之件數"',
        '"當年度通報案件數"',
        100,
        False,
    ),
    ("center AC2.1", '"依限完成派案評估之案件"', '"通報件數"', 100, False),
    (
        "center BC1.1",
        '"性侵害案件開案後14個日曆天內完成評估件數"',
        '"開案件數"',
        100,
        False,
    ),
    (
        "center BC1.2",
        '"12歲以下或全齡心智障礙之性侵害被害人有使用性侵害防治易讀手冊人數"',
        '"12歲以下或全齡心智障礙之性侵害被害人總數"',
        100,
        False,
    ),
    (
        "center BC1.3",
        '"因家內性侵害而安置之結束安置或結束後追達積極結案人數"',
        '"因家內性侵害而安置之結束安置或結束後追人數"',
        100,
        True,
    ),
    ("center BC3.1", '"納入定期會議討論案件數"', '"符合列管指標案件"', 100, True),
    ("center BC3.2", '"接受服務兒少人數"', '"家內(第1類)調查人數"', 100, True),
    (
        "center BC4.1",
        '"6歲以上18歲以下在學中目睹家暴兒少轉知教育單位數"',
        '"6歲以上18歲以下在學中目睹家暴兒少數"',
        100,
        False,
    ),
    (
        "center BC4.2",
        '"家暴高危機案件6歲以下目睹家暴兒少面訪評估案件數"',
        '"家暴高危機案件有6歲以下目睹家暴兒少案件數"',
        100,
        False,
    ),
    (
        "center AP1.1",
        '"兒少及心智障礙者進入性侵害案件減少被害人重複陳述作業件數"',
        '"兒少及心智障礙者性侵害案件進行訊前訪視評估案件總數"',
        100,
        False,
    ),
    ("center TL1.1", '"各組辦理同儕經驗分享團督次數"', '"督導人數"', 100, False),
    ("center TL2.1", '"實體完訓人數"', '"全體應受訓人數"', 100, False),
    ("center TL3.1", '"查詢案件" - "無正當理由查詢案件"', '"查詢案件"', 100, False),
    (
        "center TF1.1",
        '"本年度預算執行數"("實際執行數" + "保留數")',
        '"可用預算數"',
        100,
        False,
    ),
    ("safety-net 2-2-1", '"統計期間內輟學人數"', '"就學總數"', 100, False),
    ("safety-net 2-3-1", '"年度全般刑案破獲數"', '"年度全般刑案發生數"', 100, False),
    (
        "safety-net 2-5-1",
        '"家暴高風險新案中，屬除管後再提報之件數"',
        '"家暴高風險新案件數"',
        100,
        False,
    ),
    ("safety-net 2-6-1", '"火災死亡人數"', '"城市人口數"', 100_000, False),
    (
        "safety-net 2-7-1",
        '"所有送醫OHCA患者存活出院件數"',
        '"所有送醫OHCA件數"',
        100,
        False,
    ),
    (
        "safety-net 2-7-2",
        '"有旁觀者執行CPR件數"',
        '"統計期間送醫及衛送醫OHCA人數"',
        100,
        False,
    ),
    (
        "safety-net 2-8-1",
        '"經通報且成案之兒少藥物濫用個案1年內再被通報且成案者"',
        '"經通報且成案之兒少藥物濫用個案"',
        100,
        False,
    ),
    (
        "safety-net 2-8-3",
        '"當年度總個案數" - "休轉學之個案數"',
        '"當年度總個案數"',
        100,
        False,
    ),
    ("safety-net 2-9-1", '"有效就業人數"', '"新登記求職人數"', 100, False),
]

# Code, the one box, where it comes from as far as its words say.
BOXES = [
    ("center BC3.3", "提供6歲以下兒少保護個案親職賦能服務人次", ""),
    ("center CC1.1", "當年度核備取得宣講師資格名冊", "roster"),
    ("center CC2.1", "當年度提供服務之行政區社區組織數", ""),
    ("center AP2.1", "合作家數", ""),
    ("safety-net 1-1-1", "警政署治安滿意度調查第1題之單項滿意度", "survey"),
    ("safety-net 1-1-2", "警政署治安滿意度調查第9題之單項滿意度", "survey"),
    ("safety-net 1-2-1", "各區鄰里社區相互關懷方案參與的團體數量", ""),
    ("safety-net 1-2-2", "各區鄰里社區相互關懷方案參與的團體成員人數", ""),
    ("safety-net 1-2-3", "接受簡易助人技巧訓練的人數", ""),
    ("safety-net 1-2-4", "市民學習自殺防治的人數", ""),
    ("safety-net 1-3-1", "透過學生生活調查結果計算之", "survey"),
    ("safety-net 1-3-2", "透過學生生活調查結果計算之", "survey"),
    ("safety-net 2-1-1", "民意調查平均滿意度(題目為執行能力與行政效率)", "survey"),
    ("safety-net 2-1-2", "警政署治安滿意度調查第10題之滿意度", "survey"),
    ("safety-net 2-3-2", "社區干擾及安全威脅者之干擾事件再發生數", ""),
    ("safety-net 2-8-2", "年度毒品查獲件數", ""),
    ("safety-net 2-9-2", "一般就業諮詢人次", ""),
    ("safety-net 2-9-3", "開立介紹卡人次", ""),
]

# Code, the box of this year, whose figure of last year the system fills in.
CHANGES = [
    ("safety-net 2-4-1", "自殺死亡率"),
    ("safety-net 2-5-2", "兒少高風險家庭發生家暴(成案)案件數"),
]

# Code, why it is asked, the readings.
QUESTIONS = [
    (
        "center AC3.1",
        "sign-in-phrase",
        [
            (
                '("使用專家協助詢(訊)問或醫療團隊早期鑑定"'
                ' / "社工陪同偵訊之6歲以下兒童或心智障礙性侵害案件") * 100'
            ),
            (
                '"使用專家協助詢(訊)問或醫療團隊早期鑑定/'
                '社工陪同偵訊之6歲以下兒童或心智障礙性侵害案件"'
            ),
        ],
    ),
    (
        "center BC2.1",
        "sum-after-slash",
        [
            (
                '(("處遇業務管單位收到保護令裁定通知後安排加害人1個月內執行處遇計畫人數"'
                ' / "處遇計畫保護令裁定人數") - "因故無法執行處遇人數") * 100'
            ),
            (
                '("處遇業務管單位收到保護令裁定通知後安排加害人1個月內執行處遇計畫人數"'
                ' / ("處遇計畫保護令裁定人數" - "因故無法執行處遇人數")) * 100'
            ),
        ],
    ),
]


def published(key: str) -> Parsed | Asked:
    source, code = key.split()
    text, measure = PUBLISHED[source, code]
    return parse(text, measure)


def understood(key: str) -> Parsed:
    formula = published(key)
    assert isinstance(formula, Parsed)
    return formula


def test_every_published_formula_is_in_one_of_the_tables():
    tables = (*RATIOS, *BOXES, *CHANGES, *QUESTIONS)
    keys = [tuple(row[0].split()) for row in tables]
    assert len(keys) == 45
    assert set(keys) == set(PUBLISHED)


@pytest.mark.parametrize(
    ("key", "numerator", "denominator", "factor", "is_ours"), RATIOS
)
def test_a_published_ratio_is_numerator_denominator_and_factor(
    key: str, numerator: str, denominator: str, factor: int, is_ours: bool
):
    formula = understood(key)
    assert formula.kind == Kind.RATIO
    assert formula.numerator is not None
    assert formula.denominator is not None
    assert text_of(formula.numerator) == numerator
    assert text_of(formula.denominator) == denominator
    assert formula.factor == Decimal(factor)
    assert ("scaled-by-measure" in formula.notes) is is_ours
    assert formula.previous == ()


@pytest.mark.parametrize(("key", "label", "source"), BOXES)
def test_a_published_text_without_a_sign_is_one_box(key: str, label: str, source: str):
    formula = understood(key)
    assert formula.kind == Kind.BOX
    assert formula.labels == (label,)
    assert formula.source == Source(source)


@pytest.mark.parametrize(("key", "label"), CHANGES)
def test_a_published_change_asks_for_one_box_and_knows_last_years(key: str, label: str):
    formula = understood(key)
    assert formula.kind == Kind.CHANGE
    assert formula.labels == formula.previous == (label,)
    assert text_of(formula.expression) == f'"{label}" - prev("{label}")'


@pytest.mark.parametrize(("key", "code", "readings"), QUESTIONS)
def test_a_published_text_with_two_readings_is_asked_about(
    key: str, code: str, readings: list[str]
):
    question = published(key)
    assert isinstance(question, Asked)
    assert question.code == code
    assert [text_of(reading) for reading in question.readings] == readings


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("center TL3.1", ("查詢案件", "無正當理由查詢案件")),
        ("center TF1.1", ("實際執行數", "保留數", "可用預算數")),
        ("safety-net 2-8-3", ("當年度總個案數", "休轉學之個案數")),
        ("safety-net 2-6-1", ("火災死亡人數", "城市人口數")),
    ],
)
def test_a_box_that_is_met_twice_is_filled_once(key: str, labels: tuple[str, ...]):
    assert understood(key).labels == labels


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("safety-net 2-5-1", "factor-unlike-measure"),  # a percentage counted in 件
        ("safety-net 2-6-1", "factor-unlike-measure"),  # per 100,000, counted in 人數
        ("safety-net 2-4-1", "points-of-percent"),  # a change of a percentage
    ],
)
def test_a_measure_unlike_its_formula_is_noted(key: str, note: str):
    assert understood(key).notes == (note,)


@pytest.mark.parametrize("kpi", SAFETY_NET["kpis"], ids=lambda kpi: kpi["code"])
def test_a_formula_printed_as_latex_reads_as_its_clean_text(kpi: dict[str, str]):
    raw = kpi.get("formula_raw", kpi["formula_text"]).split("<br>")[0]
    assert parse(raw, kpi["unit"]) == parse(kpi["formula_text"], kpi["unit"])


@pytest.mark.parametrize("key", sorted(PUBLISHED), ids=" ".join)
def test_a_reading_that_is_chosen_is_asked_about_no_more(key: tuple[str, str]):
    text, measure = PUBLISHED[key]
    formula = parse(text, measure)
    if isinstance(formula, Parsed):
        readings = (formula.expression,)
    else:
        readings = formula.readings
    for reading in readings:
        again = parse(text_of(reading), measure)
        assert isinstance(again, Parsed)
        assert again.expression == reading


@pytest.mark.parametrize("key", sorted(PUBLISHED), ids=" ".join)
def test_full_width_signs_change_nothing(key: tuple[str, str]):
    text, measure = PUBLISHED[key]
    wide = text.translate(str.maketrans("()[]*/%+", "（）［］×÷％＋"))
    assert parse(wide, measure) == parse(text, measure)
