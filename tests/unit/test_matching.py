"""What became of things in next year's card: pairs that must and must not match."""

import time

import pytest

from bsc.matching import (
    Item,
    Kind,
    Sort,
    Step,
    kpi_steps,
    objective_steps,
    plan_steps,
    sort_of,
)

# As printed for 109 and 110 by E組: code, name, objective.
KPIS_109 = """
EC1.1 弱勢家庭關懷訪視服務涵蓋率(%)
EC1.2 特定對象就業媒合率
EC1.3 街友脫遊率
EC1.4 代賑工回歸一般勞動市場比率
EC3.1 新移民關懷訪視率
EC3.2 每年新移民婦女暨家庭服務中心及新移民社區關懷據點方案參與人次增長率
EP2.1 社區整合照顧服務據點開辦數
EP2.2 長者搭乘大眾運輸工具使用人次成長率
EP3.1 社區社福機構(設施)佈點數
EP3.2 社區式日間照顧中心(據點)服務量
EP4.1 無障礙運輸設施之運具推動進度 %
EP4.2 弱勢族群公共運輸使用量 %
EP5.1 家庭暴力高危機案件解列後再列管率
EP5.2 進入性侵害案件減少被害人重複陳述作業之執行率
"""
KPIS_110 = """
EC1.1 特定對象就業媒合率
EC1.2 街友脫遊率
EC1.3 代賑工回歸一般勞動市場比率
EC3.1 新移民關懷訪視率
EC3.2 新移民婦女暨家庭服務中心及新移民社區關懷據點創新方案滿意度
EP2.1 敬老卡擴大使用成長率
EP3.1 社區社福機構(設施)佈點數
EP4.1 無障礙運具改善/汰換比率
EP4.2 弱勢族群公共運輸使用率
EP5.1 弱勢家庭關懷訪視服務涵蓋率(%)
EP5.2 家庭暴力高危機案件解列後再列管率
EP5.3 進入性侵害案件減少被害人重複陳述作業之執行率
"""


def kpis(lines: str) -> list[Item]:
    found = []
    for line in lines.split("\n"):
        if line.strip():
            code, name, *measure = line.split()
            place, section = code.split(".")[0], code[1]
            found.append(Item(code, code, name, place, section, "".join(measure)))
    return found


def told(steps: list[Step]) -> set[tuple]:
    return {
        (step.earlier, step.later, step.kind.value, step.is_doubtful) for step in steps
    }


def test_the_kpis_of_109_are_found_in_110_by_name_measure_and_place():
    assert told(kpi_steps(kpis(KPIS_109), kpis(KPIS_110))) == {
        ("EC1.1", "EP5.1", "moved", False),
        ("EC1.2", "EC1.1", "renumbered", False),
        ("EC1.3", "EC1.2", "renumbered", False),
        ("EC1.4", "EC1.3", "renumbered", False),
        ("EC3.1", "EC3.1", "same", False),
        ("EC3.2", "EC3.2", "replaced", True),
        ("EP2.2", "EP2.1", "renamed", True),
        ("EP3.1", "EP3.1", "same", False),
        ("EP4.1", "EP4.1", "renamed", True),
        ("EP4.2", "EP4.2", "renamed", True),
        ("EP5.1", "EP5.2", "renumbered", False),
        ("EP5.2", "EP5.3", "renumbered", False),
    }


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "is_doubtful"),
    [
        # Typed otherwise, or with its unit in the name: the same.
        ("A1.1 結案率", "A1.1 結案率(%)", "same", False),
        ("A1.1 臺北市服務人次（人次）", "A1.1 台北市服務人次", "same", False),
        ("A1.1 完成率。", "A1.1 完成率", "same", False),
        ("A1.1 培訓人數 人", "A1.1 培訓人數 人數", "same", False),
        # The same name elsewhere goes on under another code or objective.
        ("A1.1 結案率", "A1.4 結案率", "renumbered", False),
        ("A1.1 結案率", "B2.1 結案率", "moved", False),
        # Another name for the same measure at the same place is asked.
        ("A1.1 完成率", "A1.1 如期完成率", "renamed", True),
        ("A1.1 辦理場次 場", "A1.2 宣導辦理場次 場", "renamed", True),
        ("A1.1 親職賦能服務", "A1.1 親職賦能服務成效", "renamed", True),
        # Another measure at the same place replaces it, and that is asked.
        ("A1.1 參與人次增長率", "A1.1 方案滿意度", "replaced", True),
        ("A1.1 服務人次 人次", "A1.1 服務涵蓋率 %", "replaced", True),
        ("A1.1 服務量 人", "A1.1 服務量 %", "replaced", True),
        ("A1.1 友善通報機制", "A1.1 防暴宣講師", "replaced", True),
    ],
)
def test_a_pair_that_must_match(earlier: str, later: str, kind: str, is_doubtful: bool):
    (step,) = kpi_steps(kpis(earlier), kpis(later))
    assert (step.kind, step.is_doubtful) == (kind, is_doubtful)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        # A code alone joins nothing: the objectives are others.
        ("A1.1 完成率", "A2.1 涵蓋率"),
        # Another measure under another code is gone, and new.
        ("A1.1 據點數 處", "A1.2 滿意度 %"),
        ("A1.2 服務人次", "A1.1 服務滿意度"),
        # Several of one measure are told apart by their names only.
        ("A1.3 甲乙完成率\nA1.4 丙丁執行率", "A1.1 戊己涵蓋率\nA1.2 庚辛結案率"),
    ],
)
def test_a_pair_that_must_not_match(earlier: str, later: str):
    assert kpi_steps(kpis(earlier), kpis(later)) == []


def test_a_code_alone_never_joins_two_kpis():
    one = Item("a", "A1.1", "完成率", place=None)
    other = Item("b", "A1.1", "涵蓋率", place="A1")
    assert kpi_steps([one], [other]) == []


def test_what_a_person_has_settled_is_not_asked_again():
    given = {("EC3.2", "EC3.2"): Kind.RENAMED}
    steps = kpi_steps(kpis(KPIS_109), kpis(KPIS_110), given)
    assert ("EC3.2", "EC3.2", "renamed", False) in told(steps)


def test_kpis_of_one_name_are_told_apart_by_code_then_place():
    earlier = kpis("A1.1 滿意度\nB1.1 滿意度\nC1.1 滿意度")
    later = kpis("A1.1 滿意度\nC1.1 滿意度\nB1.2 滿意度")
    assert told(kpi_steps(earlier, later)) == {
        ("A1.1", "A1.1", "same", False),
        ("C1.1", "C1.1", "same", False),
        ("B1.1", "B1.2", "renumbered", False),
    }


@pytest.mark.parametrize(
    ("name", "measure", "quantity"),
    [
        ("福利服務使用者滿意度", "", Sort.SATISFACTION),
        ("專業職能訓練班期滿意度", "分", Sort.SATISFACTION),
        ("參與人次增長率", "%", Sort.GROWTH),
        ("減少被害人重複陳述作業執行率", "%", Sort.SHARE),
        ("涵蓋率(%)", "", Sort.SHARE),
        ("推動進度", "％", Sort.SHARE),
        ("據點開辦數", "", Sort.NUMBER),
        ("建立友善通報機制", "家數", Sort.NUMBER),
        ("建立友善通報機制", "", Sort.UNKNOWN),
    ],
)
def test_what_is_measured_is_read_from_the_name_and_the_unit(
    name: str, measure: str, quantity: Sort
):
    assert sort_of(name, measure) is quantity


def objectives(lines: str) -> list[Item]:
    return [
        Item(code, code, name, code[0], code[1])
        for code, name in (line.split() for line in lines.strip().split("\n"))
    ]


def test_objectives_of_the_city_are_found_by_name_first_then_by_code():
    earlier = objectives(
        "BC1 推動宜居城市\nBP1 創造臺北新象\nBP2 打造安全舒適的基礎建設\n"
        "EC1 強化弱勢關懷\nEP1 打造友善生養城市\nEL1 培育優秀人力\nFC2 強化市民運動表現\n"
        "FL1 培育優秀人力"
    )
    later = objectives(
        "BC1 強化水資源運用\nBP1 推動宜居城市\nBP2 創造臺北新象\n"
        "BP3 打造安全舒適的基礎建設\nEC1 提升弱勢經濟能力\nEP1 打造友善生養環境\n"
        "EL1 培育優秀人力\nFC2 推展運動風氣\nFL1 培育優秀人力"
    )
    # BC1 of 110 is new: nothing of 109 leads to it.
    assert told(objective_steps(earlier, later)) == {
        ("BC1", "BP1", "moved", False),
        ("BP1", "BP2", "renumbered", False),
        ("BP2", "BP3", "renumbered", False),
        ("EC1", "EC1", "renamed", False),
        ("EP1", "EP1", "renamed", False),
        ("EL1", "EL1", "same", False),
        ("FC2", "FC2", "renamed", False),
        ("FL1", "FL1", "same", False),
    }


def plans(lines: str, place: str = "", section: str = "C") -> list[Item]:
    return [
        Item(code, code, name, place or code.rpartition(".")[0], section)
        for code, name in (line.split() for line in lines.strip().split("\n"))
    ]


def test_a_plan_that_listed_two_is_split_and_two_that_are_listed_are_merged():
    both = "EP2.2.1 擴大敬老悠遊卡計畫、搭乘公車補助辦法"
    each = "EP2.1.1 擴大敬老悠遊卡計畫\nEP2.1.2 搭乘公車補助辦法"
    assert told(plan_steps(plans(both), plans(each))) == {
        ("EP2.2.1", "EP2.1.1", "split", False),
        ("EP2.2.1", "EP2.1.2", "split", False),
    }
    assert told(plan_steps(plans(each), plans(both))) == {
        ("EP2.1.1", "EP2.2.1", "merged", False),
        ("EP2.1.2", "EP2.2.1", "merged", False),
    }


def test_signs_inside_brackets_part_no_plan():
    one = plans("A1.1.1 服務方案(脫貧、居住)")
    other = plans("A1.1.1 服務方案(脫貧\nA1.1.2 居住)")
    assert all(step.kind is not Kind.SPLIT for step in plan_steps(one, other))


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        ("A1.1.1 強化社會安全網計畫", "same"),
        ("A1.1.2 強化社會安全網計畫", "renumbered"),
        ("A1.1.1 社會安全網計畫第二期", "renamed"),
        ("A1.1.1 生育獎勵金發放辦法", "replaced"),
    ],
)
def test_a_plan_is_found_by_its_name_then_by_its_place(later: str, kind: str):
    (step,) = plan_steps(plans("A1.1.1 強化社會安全網計畫"), plans(later))
    assert step.kind == kind


def test_a_plan_in_another_perspective_has_moved():
    (step,) = plan_steps(
        plans("EC1.1.1 強化社會安全網計畫", place="EP5.1", section="C"),
        plans("EP5.1.1 強化社會安全網計畫", section="P"),
    )
    assert step.kind is Kind.MOVED


def renamed_card(count: int) -> tuple[list[Item], list[Item]]:
    """Return two years of so many KPIs at ten places, of which no name is kept."""
    return tuple(
        [
            Item(n, f"A{n % 10}.{n}", f"{year}第{n}項完成率", f"A{n % 10}", "", "%")
            for n in range(count)
        ]
        for year in ("去年", "今年")
    )


def test_matching_takes_time_in_proportion_to_the_card():
    def spent(count: int) -> float:
        earlier, later = renamed_card(count)
        start = time.process_time()
        assert len(kpi_steps(earlier, later)) == count
        return time.process_time() - start

    spent(500)
    assert spent(5000) < 30 * spent(500)
