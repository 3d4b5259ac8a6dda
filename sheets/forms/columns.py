"""The wordings of headings: one table a form, read by words and never by position.

A wording is compared squashed: half width, without spaces, 台 for 臺, lower case,
and without its year, its unit of money and the signs around it. A new wording of an
office is one more word in a line here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sheets.cells import squashed


@dataclass(frozen=True, slots=True)
class Wording:
    """A column by its key, the words that name it, and the stage they imply."""

    key: str
    words: tuple[str, ...]
    stage: str = ""


SCORECARD = (
    Wording("perspective", ("構面", "策略構面", "構面別")),
    Wording("objective", ("策略目標", "策略目標(so)", "策略目標名稱")),
    Wording(
        "factor",
        ("關鍵成功因素", "關鍵成功因素(ksf)", "ksf", "ksf(關鍵成功因素)", "成功因素"),
    ),
    Wording(
        "kpi",
        (
            "kpi",
            "kpi(關鍵績效指標)",
            "關鍵績效指標(kpi)",
            "關鍵績效指標kpi",
            "關鍵績效指標",
            "績效指標",
            "績效指標(kpi)",
            "衡量指標",
            "kpi名稱",
        ),
    ),
    Wording(
        "formula",
        (
            "kpi計算公式及計量單位",
            "kpi計算公式及單位",
            "計算公式及計量單位",
            "計算公式及單位",
            "計算公式",
            "kpi計算公式",
            "計算方式",
            "衡量公式",
            "衡量方式",
            "公式",
        ),
    ),
    Wording("measure", ("計量單位", "衡量單位", "kpi計量單位", "單位")),
    Wording(
        "actual",
        ("實際值", "kpi實際值", "年度實際值", "實績", "實績值", "實際達成值", "實際"),
    ),
    Wording("target", ("目標值", "kpi目標值", "年度目標值", "目標", "預期目標值")),
    Wording(
        "kpi_owner",
        (
            "kpi主責科室",
            "kpi主責單位",
            "kpi權責單位",
            "kpi主辦單位",
            "kpi主辦科室",
            "kpi負責單位",
        ),
    ),
    Wording("plan", ("行動計畫", "行動方案", "行動計劃", "方案", "行動計畫名稱")),
    Wording(
        "plan_owner",
        (
            "行動計畫主責科室",
            "行動計畫主責單位",
            "行動計畫權責單位",
            "行動計畫主辦單位",
            "行動方案主責科室",
            "行動方案主責單位",
        ),
    ),
    # Whose column it is depends on the columns before it.
    Wording(
        "owner",
        ("主責科室", "主責單位", "權責單位", "主辦單位", "主辦科室", "負責單位"),
    ),
    Wording(
        "budget",
        ("行動計畫預編概算", "預編概算", "行動計畫預編概算數", "預編", "預編預算"),
        "preliminary",
    ),
    Wording(
        "budget",
        (
            "行動計畫已編概算",
            "已編概算",
            "行動計畫已編概算數",
            "行動計畫概算",
            "概算",
            "概算數",
            "已編",
        ),
        "estimate",
    ),
    Wording(
        "budget",
        ("行動計畫預算", "行動計畫預算數", "預算", "預算數", "法定預算", "預算金額"),
        "budget",
    ),
    Wording("budget", ("行動計畫決算", "行動計畫決算數", "決算", "決算數"), "final"),
)

RESULTS = (
    Wording("achievement", ("目標達成度", "達成度", "目標達成率", "達成率")),
    Wording("innovation", ("創新度", "創新性")),
    Wording("challenge", ("挑戰度", "挑戰性")),
    Wording("contribution", ("貢獻度", "貢獻性")),
    Wording("total", ("kpi總得分", "總得分", "總分", "kpi總分", "kpi得分")),
    Wording("light", ("自評燈號", "燈號", "自評績效燈號", "kpi自評燈號")),
)

LIGHT_TABLE = (
    Wording("kpis", ("kpi總數", "kpi數", "指標總數")),
    Wording("not_reached", ("未達成目標值", "未達成")),
    Wording("reached", ("已達成目標值", "已達成")),
    Wording("no_statistics", ("無相關統計數據", "無統計數據", "無相關統計資料")),
)

# Sheets that are known by their headings, and read by nothing yet.
MAIN_TASKS = (Wording("task", ("主要任務", "工作任務")),)
WORK_PLAN = (
    Wording("goal", ("工作目標",)),
    Wording("measures", ("具體工作措施", "工作措施")),
    Wording("benefit", ("預期效益(評估指標)", "預期效益")),
)
REVISION = (
    Wording("before", ("修訂前", "修正前")),
    Wording("after", ("修訂後", "修正後")),
)
STAFFING = (Wording("strategy", ("策略",)),)

TABLES = (
    SCORECARD,
    RESULTS,
    LIGHT_TABLE,
    MAIN_TASKS,
    WORK_PLAN,
    REVISION,
    STAFFING,
)

# Keys of columns that belong to one year each.
YEARLY = frozenset({"actual", "target", "budget"})

MONEY = {
    "元": 1,
    "新台幣元": 1,
    "新臺幣元": 1,
    "千元": 1_000,
    "新台幣千元": 1_000,
    "仟元": 1_000,
    "萬元": 10_000,
    "百萬元": 1_000_000,
    "億元": 100_000_000,
}

MAP_WORDS = {
    "themes": ("策略主題",),
    "objectives": ("策略目標",),
    "members": ("分成組員", "組員", "成員機關"),
    "mission": ("使命",),
    "vision": ("願景",),
    "core_values": ("核心價值",),
}

# The four perspectives of a balanced scorecard, by the names that print them.
PERSPECTIVES: Mapping[str, tuple[str, ...]] = {
    "C": ("顧客", "客戶", "民眾", "服務對象"),
    "P": ("內部流程", "內部程序", "流程", "內部業務流程"),
    "L": ("學習成長", "學習與成長", "學習及成長"),
    "F": ("財務",),
}

SUMS = ("小計", "合計", "總計")
EXEMPTIONS = ("免予評核", "免評核", "不予評核", "免予評分", "不列入評核")

# What a title of a form says, whatever its headings say.
SCORECARD_TITLES = ("平衡計分卡", "計分卡", "執行成果")

# Words of names where a smaller number is usually the better one.
LOWER_IS_BETTER = (
    "再通報",
    "再次通報",
    "再列管",
    "再犯",
    "再發生",
    "再被害",
    "死亡",
    "輟學",
    "失業",
    "中輟",
    "發生率",
    "違規",
    "逾期",
    "申訴",
    "負向",
)


# 「一、顧客構面」, 「【財務構面】」: what stands around the words of a label.
_AROUND = re.compile(r"^[【\[(]*(?:[一二三四五六1-6][、.)])?|[】\])]+$")


def by_word() -> dict[str, Wording]:
    """Return every wording of every table by its squashed words."""
    return {
        squashed(word): wording
        for table in TABLES
        for wording in table
        for word in wording.words
    }


def perspective_of(label: str) -> tuple[str, str]:
    """Return letter and bare name of a perspective's label, ("", "") if unknown.

    「顧客構面」 and 「顧客 C」 are both C and 顧客.
    """
    bare = _AROUND.sub("", squashed(label))
    letter = bare[-1:].upper() if bare[-1:].isascii() else ""
    name = bare.removesuffix(letter.lower()).removesuffix("構面")
    for code, names in PERSPECTIVES.items():
        if name in names:
            return (letter if letter in PERSPECTIVES else code), name
    return "", ""
