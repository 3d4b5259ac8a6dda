"""All published formulas of centre 111 and the safety net as boxes to type into."""

from decimal import Decimal

import pytest

from kpi.entries import Kind, boxes_of, formula_of, read
from kpi.formula import Asked
from kpi.scoring import Part
from tests.unit.entry_cases import AC3_1, make, target, truth

PUBLISHED = {
    f"{source} {kpi['code']}": (kpi["formula_text"], kpi["unit"])
    for source, name in (("center", "center-111"), ("safety-net", "safety-net-107"))
    for kpi in truth(name)["kpis"]
}
# Each KPI's boxes in the order of filling: the printed words, and what they count.
BOXES = {
    "center AC1.1": [
        ("當年度通報案件中為過去1年內結案之件數", "件"),
        ("當年度通報案件數", "件"),
    ],
    "center AC2.1": [
        ("依限完成派案評估之案件", "件"),
        ("通報件數", "件"),
    ],
    "center BC1.1": [
        ("性侵害案件開案後14個日曆天內完成評估件數", "件"),
        ("開案件數", "件"),
    ],
    "center BC1.2": [
        ("12歲以下或全齡心智障礙之性侵害被害人有使用性侵害防治易讀手冊人數", "人"),
        ("12歲以下或全齡心智障礙之性侵害被害人總數", ""),
    ],
    "center BC1.3": [
        ("因家內性侵害而安置之結束安置或結束後追達積極結案人數", "人"),
        ("因家內性侵害而安置之結束安置或結束後追人數", "人"),
    ],
    "center BC3.1": [
        ("納入定期會議討論案件數", "件"),
        ("符合列管指標案件", "件"),
    ],
    "center BC3.2": [
        ("接受服務兒少人數", "人"),
        ("家內(第1類)調查人數", ""),
    ],
    "center BC3.3": [
        ("提供6歲以下兒少保護個案親職賦能服務人次", "人次"),
    ],
    "center BC4.1": [
        ("6歲以上18歲以下在學中目睹家暴兒少轉知教育單位數", "單位"),
        ("6歲以上18歲以下在學中目睹家暴兒少數", ""),
    ],
    "center BC4.2": [
        ("家暴高危機案件6歲以下目睹家暴兒少面訪評估案件數", "件"),
        ("家暴高危機案件有6歲以下目睹家暴兒少案件數", "件"),
    ],
    "center CC1.1": [
        ("當年度核備取得宣講師資格名冊", "人數"),
    ],
    "center CC2.1": [
        ("當年度提供服務之行政區社區組織數", "區"),
    ],
    "center AP1.1": [
        ("兒少及心智障礙者進入性侵害案件減少被害人重複陳述作業件數", "件"),
        ("兒少及心智障礙者性侵害案件進行訊前訪視評估案件總數", ""),
    ],
    "center AP2.1": [
        ("合作家數", "家數"),
    ],
    "center TL1.1": [
        ("各組辦理同儕經驗分享團督次數", "次"),
        ("督導人數", "人"),
    ],
    "center TL2.1": [
        ("實體完訓人數", "人"),
        ("全體應受訓人數", "人"),
    ],
    "center TL3.1": [
        ("查詢案件", "件"),
        ("無正當理由查詢案件", "件"),
    ],
    "center TF1.1": [
        ("實際執行數", ""),
        ("保留數", ""),
        ("可用預算數", ""),
    ],
    "safety-net 1-1-1": [
        ("警政署治安滿意度調查第1題之單項滿意度", "%"),
    ],
    "safety-net 1-1-2": [
        ("警政署治安滿意度調查第9題之單項滿意度", "%"),
    ],
    "safety-net 1-2-1": [
        ("各區鄰里社區相互關懷方案參與的團體數量", "個數"),
    ],
    "safety-net 1-2-2": [
        ("各區鄰里社區相互關懷方案參與的團體成員人數", "人數"),
    ],
    "safety-net 1-2-3": [
        ("接受簡易助人技巧訓練的人數", "人數"),
    ],
    "safety-net 1-2-4": [
        ("市民學習自殺防治的人數", "人數"),
    ],
    "safety-net 1-3-1": [
        ("透過學生生活調查結果計算之", "‰"),
    ],
    "safety-net 1-3-2": [
        ("透過學生生活調查結果計算之", "%"),
    ],
    "safety-net 2-1-1": [
        ("民意調查平均滿意度(題目為執行能力與行政效率)", "%"),
    ],
    "safety-net 2-1-2": [
        ("警政署治安滿意度調查第10題之滿意度", "%"),
    ],
    "safety-net 2-2-1": [
        ("統計期間內輟學人數", "人"),
        ("就學總數", ""),
    ],
    "safety-net 2-3-1": [
        ("年度全般刑案破獲數", ""),
        ("年度全般刑案發生數", ""),
    ],
    "safety-net 2-3-2": [
        ("社區干擾及安全威脅者之干擾事件再發生數", "人數"),
    ],
    "safety-net 2-4-1": [
        ("自殺死亡率", ""),
    ],
    "safety-net 2-5-1": [
        ("家暴高風險新案中，屬除管後再提報之件數", "件"),
        ("家暴高風險新案件數", "件"),
    ],
    "safety-net 2-5-2": [
        ("兒少高風險家庭發生家暴(成案)案件數", ""),
    ],
    "safety-net 2-6-1": [
        ("火災死亡人數", "人"),
        ("城市人口數", ""),
    ],
    "safety-net 2-7-1": [
        ("所有送醫OHCA患者存活出院件數", "件"),
        ("所有送醫OHCA件數", "件"),
    ],
    "safety-net 2-7-2": [
        ("有旁觀者執行CPR件數", "件"),
        ("統計期間送醫及衛送醫OHCA人數", "人"),
    ],
    "safety-net 2-8-1": [
        ("經通報且成案之兒少藥物濫用個案1年內再被通報且成案者", ""),
        ("經通報且成案之兒少藥物濫用個案", "案"),
    ],
    "safety-net 2-8-2": [
        ("年度毒品查獲件數", "件數"),
    ],
    "safety-net 2-8-3": [
        ("當年度總個案數", "案"),
        ("休轉學之個案數", "案"),
    ],
    "safety-net 2-9-1": [
        ("有效就業人數", "人"),
        ("新登記求職人數", "人"),
    ],
    "safety-net 2-9-2": [
        ("一般就業諮詢人次", "人次"),
    ],
    "safety-net 2-9-3": [
        ("開立介紹卡人次", "人次"),
    ],
}
# What nobody may decide but a planner: the value itself is typed until then.
ASKED = {"center AC3.1": "sign-in-phrase", "center BC2.1": "sum-after-slash"}
# Last year's figure of the same words is filled in by the system, or asked for once.
WITH_LAST_YEAR = {
    "safety-net 2-4-1": "自殺死亡率",
    "safety-net 2-5-2": "兒少高風險家庭發生家暴(成案)案件數",
}

# Code, figures typed in the order of the boxes, decimals, value.
RECKONED = [
    ("center AC1.1", ["77", "1,000"], 2, "7.7"),
    ("center BC1.1", ["653", "713"], 2, "91.58"),
    ("center BC1.2", ["18", "31"], 2, "58.06"),
    ("center BC1.3", ["9", "16"], 2, "56.25"),
    ("center BC3.1", ["68", "93"], 2, "73.12"),
    ("center TL3.1", ["200", "3"], 1, "98.5"),
    ("center TF1.1", ["800", "159.7", "1000"], 2, "95.97"),
    ("center AP2.1", ["１０５"], 2, "105"),
    ("safety-net 2-6-1", ["24", "2,683,257"], 2, "0.89"),
    ("safety-net 2-8-3", ["120", "6"], 2, "95.00"),
]


def figure_boxes(key: str, **more):
    text, measure = PUBLISHED[key]
    boxes = boxes_of(make(text, measure, **more))
    kinds = (Kind.VALUE, Kind.INPUT, Kind.PREVIOUS)
    return [box for box in boxes if box.kind in kinds]


def test_every_published_formula_is_in_one_of_the_tables():
    assert len(PUBLISHED) == 45
    assert BOXES.keys() | ASKED.keys() == PUBLISHED.keys()
    assert not BOXES.keys() & ASKED.keys()


@pytest.mark.parametrize("key", BOXES)
def test_a_published_formula_becomes_its_boxes(key: str):
    boxes = [box for box in figure_boxes(key) if box.kind == Kind.INPUT]
    assert [(box.label, box.unit) for box in boxes] == BOXES[key]
    assert [box.name for box in boxes] == [f"input:{at}" for at in range(len(boxes))]


@pytest.mark.parametrize("key", BOXES)
def test_only_a_figure_of_last_year_that_is_not_known_is_asked_for(key: str):
    asked = [box.label for box in figure_boxes(key) if box.kind == Kind.PREVIOUS]
    assert asked == ([WITH_LAST_YEAR[key]] if key in WITH_LAST_YEAR else [])
    known = {label: Decimal(10) for label in asked}
    assert not any(
        box.kind == Kind.PREVIOUS for box in figure_boxes(key, previous=known)
    )


@pytest.mark.parametrize(("key", "code"), ASKED.items())
def test_a_formula_that_is_asked_about_has_one_box_for_the_value(key: str, code: str):
    text, measure = PUBLISHED[key]
    formula = formula_of(text, "", measure)
    assert isinstance(formula, Asked)
    assert formula.code == code
    (box,) = figure_boxes(key)
    assert (box.name, box.kind, box.unit) == ("value", Kind.VALUE, measure)


def test_the_reading_that_a_planner_chose_goes_before_the_printed_text():
    text, measure = PUBLISHED["center AC3.1"]
    definition = make()
    assert formula_of("", "", measure) is None
    assert formula_of(text, AC3_1, measure) == formula_of(AC3_1, "", measure)
    assert [box.name for box in boxes_of(definition)][:1] == ["value"]


@pytest.mark.parametrize(("key", "typed", "decimals", "value"), RECKONED)
def test_the_value_is_reckoned_and_traced(
    key: str, typed: list[str], decimals: int, value: str
):
    text, measure = PUBLISHED[key]
    definition = make(text, measure, decimals=decimals)
    reading = read({f"input:{at}": each for at, each in enumerate(typed)}, definition)
    assert (reading.problems, reading.missing) == ((), ())
    assert reading.value == Decimal(value)
    labels = [label for label, _ in BOXES[key]]
    assert [entered["label"] for entered in reading.computation["inputs"]] == labels
    assert {each["period"] for each in reading.computation["inputs"]} == {"2022"}
    expression = reading.computation["expression"]
    assert formula_of(expression, "", measure) == formula_of(text, "", measure) or (
        formula_of(expression, "", measure).expression == definition.parsed.expression
    )


def test_a_change_takes_last_years_figure_from_the_system():
    text, measure = PUBLISHED["safety-net 2-4-1"]
    known = {"自殺死亡率": Decimal("12.900000")}  # as the database keeps it
    reading = read({"input:0": "12.1"}, make(text, measure, previous=known))
    assert reading.value == Decimal("-0.8")
    assert reading.computation["inputs"] == [
        {"label": "自殺死亡率", "period": "2022", "value": "12.1"},
        {"label": "自殺死亡率", "period": "2021", "value": "12.9"},
    ]


def test_a_change_whose_last_year_is_not_known_waits_for_it():
    text, measure = PUBLISHED["safety-net 2-4-1"]
    definition = make(text, measure)
    waiting = read({"input:0": "12.1"}, definition)
    assert waiting.value is None
    assert [(each.box, each.code) for each in waiting.missing] == [
        ("previous:0", "input-missing")
    ]
    reading = read({"input:0": "12.1", "previous:0": "12.9"}, definition)
    assert reading.value == Decimal("-0.8")


def test_a_target_in_parts_has_a_box_for_each():
    parts = (Part("身障", Decimal(3107)), Part("老人", Decimal(1036)))
    definition = make(measure="趟次", target=target("4143", *parts))
    names = [(box.name, box.label) for box in boxes_of(definition)][:3]
    assert names == [("value", ""), ("part:0", "身障"), ("part:1", "老人")]


def test_a_target_in_words_asks_for_words_and_whether_it_is_reached():
    names = [box.name for box in boxes_of(make(goal="高於6都平均值"))]
    assert names[:3] == ["value", "text", "reached"]
    assert "reached" not in [box.name for box in boxes_of(make(goal="≥100"))]


def test_ratings_a_light_and_lateness_are_asked_for_where_they_are_due():
    plain = {box.name for box in boxes_of(make())}
    assert not plain & {"innovation", "basis", "light", "late_reason"}
    rated = {box.name for box in boxes_of(make(uses_self_rating=True, is_late=True))}
    points = {"innovation", "challenge", "contribution", "basis", "late_reason"}
    assert rated - plain == points
    by_hand = {box.name for box in boxes_of(make(light_by_hand=True))}
    assert by_hand - plain == {"light", "basis"}
    exempt = make(uses_self_rating=True, light_by_hand=True, is_exempt=True)
    assert {box.name for box in boxes_of(exempt)} == plain


def test_a_box_shows_what_it_held_a_year_before():
    formula, known = "甲件數/乙件數*100", {"甲件數": Decimal(21)}
    first, second, *_ = boxes_of(make(formula, previous=known))
    assert (first.past, second.past) == (Decimal(21), None)
    assert boxes_of(make(past="40 46.15"))[0].past == Decimal("46.15")
    assert boxes_of(make(past="40 -"))[0].past is None
