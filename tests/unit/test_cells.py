from decimal import Decimal

import pytest

from sheets.cells import (
    BadYear,
    Months,
    decimals_of,
    depth_of,
    join_wrapped,
    light_of,
    mark_of,
    months_of,
    normal,
    owners_of,
    parent_of,
    quantity_of,
    split_code,
    split_items,
    squashed,
    year_named_in,
    year_of,
)

# Texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("提升家庭 暴力被害 人保護服 務", "提升家庭暴力被害人保護服務"),
        ("臺北市實物銀行計畫。", "台北市實物銀行計畫"),
        ("預算支出達成率（含基金）", "預算支出達成率(含基金)"),
        ("提供 24 小時服務", "提供24小時服務"),
        ("目標：９０％", "目標:90%"),
        ("CPR  比率", "CPR比率"),
    ],
)
def test_width_spaces_variants_and_a_closing_stop_make_no_difference(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("打造友善生養城市", "打造友善生養環境"), ("培育", "培植"), ("a b", "ab")],
)
def test_other_words_stay_different(one, other):
    assert normal(one) != normal(other)


def test_headings_are_compared_without_any_space():
    assert squashed("行動計畫\n已編111年概算 （元）") == "行動計畫已編111年概算(元)"


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("提升家庭\n暴力被害", "提升家庭暴力被害"),
        ("關鍵績效指標\n(KPI)", "關鍵績效指標 (KPI)"),
        ("創造安全尊重的環境 減少家庭暴力", "創造安全尊重的環境 減少家庭暴力"),
        ("每10萬人<br/>火災死亡", "每10萬人火災死亡"),
        ("a\r\n b", "a b"),
        (" ", ""),
    ],
)
def test_wrapped_lines_are_joined_and_inner_spaces_kept(cell: str, line: str):
    assert join_wrapped(cell) == line


# Codes


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("AC1提升環境品質", "AC1", "提升環境品質"),
        ("TL3 保護資訊系統資訊安全", "TL3", "保護資訊系統資訊安全"),
        ("BC1.1性侵害案情評估表", "BC1.1", "性侵害案情評估表"),
        (
            "AC1.1.1. 臺北市家庭暴力安全防護網計畫",
            "AC1.1.1",
            "臺北市家庭暴力安全防護網計畫",
        ),
        ("BP2.1.1 12區社會福利服務中心", "BP2.1.1", "12區社會福利服務中心"),
        ("EF1.1.1「臺北市政府各機關」", "EF1.1.1", "「臺北市政府各機關」"),
        ("AC1.10 第十項", "AC1.10", "第十項"),
        ("1-1-1 市民對本市治安滿意度", "1-1-1", "市民對本市治安滿意度"),
        ("ＡＣ１．１　保護案件", "AC1.1", "保護案件"),
        ("AC01.01 保護案件", "AC1.1", "保護案件"),
        ("GP3CPR比率", "GP3", "CPR比率"),
        ("F1提高預算執行效能", "F1", "提高預算執行效能"),
        ("3.4", "", "3.4"),
        ("1-2月", "", "1-2月"),
        ("12區社會福利服務中心", "", "12區社會福利服務中心"),
        ("CPR比率", "", "CPR比率"),
    ],
)
def test_a_code_is_taken_from_its_name_by_grammar(text: str, code: str, name: str):
    coded = split_code(text)
    assert (coded.code, coded.name, coded.is_glued) == (code, name, False)


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("BP2.1.112區社會福利服務中心", "BP2.1.1", "12區社會福利服務中心"),
        ("BP2.16歲以下兒童", "BP2.1", "6歲以下兒童"),
    ],
)
def test_a_code_that_runs_into_a_number_is_a_guess(text: str, code: str, name: str):
    coded = split_code(text)
    assert (coded.code, coded.name, coded.is_glued) == (code, name, True)


@pytest.mark.parametrize(
    ("code", "depth", "parent"),
    [
        ("AC1", 1, ""),
        ("AC1.1", 2, "AC1"),
        ("AC1.1.10", 3, "AC1.1"),
        ("1-1", 1, "1"),
        ("1-1-1", 2, "1-1"),
        ("", 0, ""),
    ],
)
def test_a_code_tells_its_level(code: str, depth: int, parent: str):
    assert (depth_of(code), parent_of(code)) == (depth, parent)


@pytest.mark.parametrize(
    ("cell", "depth", "items"),
    [
        (
            "TC1提升滿意的住民、TC2增加快樂的員工、C3發展協力的企業",
            1,
            ["TC1提升滿意的住民", "TC2增加快樂的員工", "C3發展協力的企業"],
        ),
        ("AC1提升… AC2落實…AC3推廣…", 1, ["AC1提升…", "AC2落實…", "AC3推廣…"]),
        ("TL3 保護資訊系統\n資訊安全", 1, ["TL3 保護資訊系統\n資訊安全"]),
        (
            "AC1.1.1 甲計畫\n續行\nAC1.1.2 乙計畫",
            3,
            ["AC1.1.1 甲計畫\n續行", "AC1.1.2 乙計畫"],
        ),
        ("AC1.1.1 配合AC1辦理", 3, ["AC1.1.1 配合AC1辦理"]),
        ("甲計畫\n乙計畫", 3, ["甲計畫", "乙計畫"]),
        ("1-1-1 甲\n1-1-2 乙", 2, ["1-1-1 甲", "1-1-2 乙"]),
        ("", 3, []),
    ],
)
def test_items_of_a_cell_are_parted_by_their_codes(cell: str, depth: int, items: list):
    assert split_items(cell, depth) == items


# Numbers


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("91.60", "91.60", ""),
        ("-1", "-1", ""),
        ("−29.4", "-29.4", ""),
        ("4,143", "4143", ""),
        ("３，０００", "3000", ""),
        ("100%", "100", ""),
        ("90.25 ％", "90.25", ""),
        ("56人", "56", ""),
        ("4.5分 (滿分5分)", "4.5", ""),
        ("≥99.5", "99.5", "≥"),
        ("≧ 100", "100", "≥"),
        (">=90", "90", "≥"),
        ("81%以上", "81", "≥"),
        ("達90%", "90", "≥"),
        ("不低於90", "90", "≥"),
        ("至少5場次", "5", "≥"),
        ("12家(含)以上", "12", "≥"),
        ("≤3.5", "3.5", "≤"),
        ("不超過3.5%", "3.5", "≤"),
        ("5件以下", "5", "≤"),
        (">3", "3", ">"),
        ("超過3", "3", ">"),
        ("＜3", "3", "<"),
        ("低於3", "3", "<"),
        ("=3", "3", "="),
        ("268萬3,257人", "2683257", ""),
        ("1.5億元", "150000000", ""),
        ("1 900 000", "1900000", ""),
    ],
)
def test_a_number_is_read_in_every_spelling(text: str, value: str, comparator: str):
    said = quantity_of(text)
    assert (said.value, said.comparator) == (Decimal(value), comparator)
    assert not said.flaws


@pytest.mark.parametrize(
    ("text", "absence"),
    [
        ("無實際值", "not-measured"),
        ("無實 際值", "not-measured"),
        ("尚無資料", "not-measured"),
        ("無", "not-measured"),
        ("—", "not-measured"),
        ("無相關統計數據", "no-statistics"),
        ("不適用", "not-applicable"),
        ("Ｎ／Ａ", "not-applicable"),
    ],
)
def test_the_kinds_of_nothing_stay_apart(text: str, absence: str):
    said = quantity_of(text)
    assert (said.absence, said.value, said.words) == (absence, None, "")


def test_zero_is_a_number():
    assert quantity_of("0").value == 0
    assert quantity_of("0").absence == ""


@pytest.mark.parametrize(
    "text",
    [
        "高於6都平均值",
        "109年底",
        "140萬1,30人",
        "2,18萬9,197元",
        "1:110",
        "3,000/5,000",
        "1,2,3",
        "12,",
        "依限完成",
        "8" * 5000,
    ],
)
def test_what_is_no_plain_number_stays_words(text: str):
    said = quantity_of(text)
    assert said.value is None
    assert said.words


def test_a_broken_separator_is_read_and_told():
    said = quantity_of("1900,000")
    assert (said.value, said.flaws) == (Decimal(1900000), ("broken-separator",))


@pytest.mark.parametrize("text", ["1234567890123456", "0.1234567", "123456789012345"])
def test_a_number_the_database_cannot_hold_stays_words(text: str):
    said = quantity_of(text)
    assert (said.value, said.words) == (None, text)
    assert said.flaws == ("too-many-digits",)


def test_a_part_year_is_a_number_with_its_months():
    said = quantity_of("88 (109年7-12月)")
    assert (said.value, said.note) == (Decimal(88), "109年7-12月")
    assert said.months == Months(7, 12, 2020)


def test_a_total_keeps_its_components():
    said = quantity_of("4,143 (身障3,107+ 老人1,036)")
    assert said.value == 4143
    assert said.parts == (("身障", Decimal(3107), ""), ("老人", Decimal(1036), ""))
    assert said.note == ""


def test_parts_that_agree_give_one_target_and_others_are_asked():
    same = quantity_of("公務 81%以上 公彩 81%以上 社發 81%以上")
    assert (same.value, same.comparator, len(same.parts)) == (Decimal(81), "≥", 3)
    other = quantity_of("公務 81%以上 公彩 90%以上")
    assert (other.value, other.flaws) == (None, ("parts-differ",))
    assert other.words == "公務 81%以上 公彩 90%以上"


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("91.60", 2), ("≥99.5", 1), ("100%", 0), ("4,143 (甲3.25)", 0), ("無", 0)],
)
def test_the_printed_decimals_are_those_of_the_first_number(text, decimals):
    assert decimals_of(text) == decimals


# Years and months


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("臺北市政府社會局 107年 策略地圖", 2018),
        ("平衡計分卡 (111年)", 2022),
        ("本府109年度策略地圖", 2020),
        ("98 年度工作計畫", 2009),
        ("民國112年", 2023),
        ("2022年平衡計分卡", 2022),
        ("１１１年", 2022),
        ("未來2年施政重點", None),
        ("12年國教", None),
        ("平衡計分卡", None),
    ],
)
def test_a_title_names_its_year_in_either_calendar(text: str, year: int | None):
    assert year_named_in(text) == year


@pytest.mark.parametrize("text", ["1110年平衡計分卡", "999年度", "3022年"])
def test_an_impossible_year_is_refused(text: str):
    with pytest.raises(BadYear):
        year_named_in(text)


@pytest.mark.parametrize("text", ["0", "9", "1110", "abc", ""])
def test_a_year_of_a_heading_must_be_possible(text: str):
    with pytest.raises(BadYear):
        year_of(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("109年7-12月", Months(7, 12, 2020)),
        ("1至6月", Months(1, 6)),
        ("109年上半年", Months(1, 6, 2020)),
        ("截至", None),
        ("12-7月", None),
    ],
)
def test_months_of_a_note(text: str, months: Months | None):
    assert months_of(text) == months


# Lists and marks


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("成保組\n兒少組", ("成保組", "兒少組")),
        ("成保組、兒少組", ("成保組", "兒少組")),
        ("成保組 兒少組", ("成保組", "兒少組")),
        ("成保組／兒少組, 會計室，綜規組", ("成保組", "兒少組", "會計室", "綜規組")),
        ("社會局 綜企", ("社會局 綜企",)),
        ("成保組\n成保組", ("成保組",)),
        ("", ()),
    ],
)
def test_owners_are_parted_by_every_separator(text: str, owners: tuple):
    assert owners_of(text) == owners


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("★(優)", "excellent"),
        ("●(良)", "good"),
        ("▲(可)", "fair"),
        ("×差", "poor"),
        ("? 績效不明", "unknown"),
        ("？", "unknown"),
        ("●", "good"),
        ("Ｘ", "poor"),
        ("▲良", "good"),
        ("", None),
        ("88.5", None),
    ],
)
def test_a_light_is_read_by_its_word_before_its_symbol(text: str, light: str | None):
    assert light_of(text) == light


def test_a_status_word_is_taken_from_a_name():
    assert mark_of("提高預算執行效能(新增)") == ("提高預算執行效能", "新增")
    assert mark_of("家庭暴力再列管率(年度)") == ("家庭暴力再列管率(年度)", "")
