"""The wordings of headings: one table a form, read by words and never by position.

A wording is compared squashed: half width, without spaces, 台 for 臺, lower case,
and without its year, its unit of money and the signs around it. A new wording of all
offices is one more word in a line here; one of a single office is a row that a
planner adds on the page of wordings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from sheets.cells import squashed


@dataclass(frozen=True, slots=True)
class Wording:
    """A column by its key, the words that name it, and the stage they imply."""

    key: str
    words: tuple[str, ...]
    stage: str = ""


# Who is responsible, in the words of every office.
_OWNERS = (
    *("主責科室", "主責單位", "主責機關", "權責單位", "權責科室", "權責機關"),
    *("主辦單位", "主辦科室", "主辦機關", "負責單位", "負責科室", "承辦單位"),
    *("承辦科室", "主政單位", "業務單位", "業務科室", "主管科室", "執行單位"),
)


def _of(*prefixes: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{owner}" for prefix in prefixes for owner in _OWNERS)


SCORECARD = (
    Wording("perspective", ("構面", "策略構面", "構面別", "構面名稱", "面向")),
    Wording(
        "objective",
        (
            *("策略目標", "策略目標(so)", "策略目標名稱", "策略性目標"),
            *("策略目標項目", "策略目標代碼及名稱", "策略目標(編號及名稱)"),
        ),
    ),
    Wording(
        "objective_code",
        ("策略目標編號", "策略目標代碼", "策略目標代號", "目標編號", "目標代碼"),
    ),
    Wording(
        "factor",
        (
            *("關鍵成功因素", "關鍵成功因素(ksf)", "ksf", "ksf(關鍵成功因素)"),
            *("成功因素", "關鍵成功要素", "成功關鍵因素", "關鍵成功因子"),
            *("關鍵成功因素(csf)", "csf"),
        ),
    ),
    Wording(
        "kpi",
        (
            *("kpi", "kpi(關鍵績效指標)", "關鍵績效指標(kpi)", "關鍵績效指標kpi"),
            *("關鍵績效指標", "績效指標", "績效指標(kpi)", "衡量指標", "kpi名稱"),
            *("kpi項目", "關鍵績效指標名稱", "績效指標名稱", "指標名稱", "指標"),
            *("關鍵指標", "績效衡量指標", "關鍵績效指標項目", "衡量指標(kpi)"),
        ),
    ),
    Wording(
        "kpi_code",
        ("kpi編號", "kpi代碼", "kpi代號", "指標編號", "指標代碼", "指標代號"),
    ),
    Wording(
        "formula",
        (
            *("kpi計算公式及計量單位", "kpi計算公式及單位", "計算公式及計量單位"),
            *("計算公式及單位", "計算公式", "kpi計算公式", "計算方式", "衡量公式"),
            *("衡量方式", "公式", "kpi計算方式", "計算方法", "計算方式及單位"),
            *("指標計算方式", "指標計算公式", "計算公式/單位", "計算公式說明"),
            *("指標定義及計算公式", "計算公式及衡量單位", "衡量方法", "指標公式"),
        ),
    ),
    Wording("measure", ("計量單位", "衡量單位", "kpi計量單位", "單位", "指標單位")),
    Wording(
        "direction",
        ("指標方向", "kpi方向", "方向", "方向性", "指標屬性", "正負向", "正/負向"),
    ),
    Wording(
        "actual",
        (
            *("實際值", "kpi實際值", "年度實際值", "實績", "實績值", "實際達成值"),
            *("實際", "實績數", "實際數", "達成值", "實際達成數", "執行實績"),
            *("執行成果", "實際績效值", "績效實際值"),
        ),
    ),
    Wording(
        "target",
        (
            *("目標值", "kpi目標值", "年度目標值", "目標", "預期目標值", "年度目標"),
            *("目標數", "預期目標", "預定目標值", "預定目標", "預計目標值"),
            *("績效目標值", "設定目標值", "目標設定", "目標水準"),
        ),
    ),
    Wording("kpi_owner", (*_of("kpi", "指標"), "kpi主責", "指標主責")),
    Wording(
        "plan",
        (
            *("行動計畫", "行動方案", "行動計劃", "方案", "行動計畫名稱", "計畫名稱"),
            *("行動方案名稱", "方案名稱", "具體行動方案", "行動計畫(方案)"),
            *("行動計畫/方案", "執行方案", "執行計畫", "行動計畫內容"),
        ),
    ),
    Wording(
        "plan_code",
        ("行動計畫編號", "行動計畫代碼", "行動方案編號", "計畫編號", "方案編號"),
    ),
    Wording("plan_owner", _of("行動計畫", "行動方案", "計畫", "方案")),
    # Whose column these are depends on the columns beside them.
    Wording("owner", _OWNERS),
    Wording("code", ("編號", "代碼", "代號")),
    Wording(
        "budget",
        (
            *("行動計畫預編概算", "預編概算", "行動計畫預編概算數", "預編"),
            *("預編預算", "預編概算數", "預編數", "計畫預編概算", "預編經費"),
        ),
        "preliminary",
    ),
    Wording(
        "budget",
        (
            *("行動計畫已編概算", "已編概算", "行動計畫已編概算數", "行動計畫概算"),
            *("概算", "概算數", "已編", "已編概算數", "已編數", "計畫已編概算"),
            *("概算金額", "已編經費"),
        ),
        "estimate",
    ),
    Wording(
        "budget",
        (
            *("行動計畫預算", "行動計畫預算數", "預算", "預算數", "法定預算"),
            *("預算金額", "經費", "年度預算", "經費預算", "預算經費", "預算額度"),
            *("所需經費", "計畫經費", "計畫預算", "方案預算", "行動方案預算"),
            *("法定預算數", "預算編列數", "編列預算"),
        ),
        "budget",
    ),
    Wording(
        "budget",
        (
            *("行動計畫決算", "行動計畫決算數", "決算", "決算數", "決算金額"),
            *("計畫決算", "決算經費"),
        ),
        "final",
    ),
)

RESULTS = (
    Wording(
        "achievement",
        (
            *("目標達成度", "達成度", "目標達成率", "達成率", "kpi達成率"),
            *("kpi達成度", "達成比率", "達成百分比", "目標達成情形"),
        ),
    ),
    Wording("innovation", ("創新度", "創新性", "創新度評分")),
    Wording("challenge", ("挑戰度", "挑戰性", "挑戰度評分")),
    Wording("contribution", ("貢獻度", "貢獻性", "貢獻度評分")),
    Wording("total", ("kpi總得分", "總得分", "總分", "kpi總分", "kpi得分", "自評總分")),
    Wording(
        "light",
        (
            *("自評燈號", "燈號", "自評績效燈號", "kpi自評燈號", "績效燈號"),
            *("評核燈號", "燈號自評"),
        ),
    ),
)

LIGHT_TABLE = (
    Wording("kpis", ("kpi總數", "kpi數", "指標總數")),
    Wording("not_reached", ("未達成目標值", "未達成")),
    Wording("reached", ("已達成目標值", "已達成")),
    Wording("no_statistics", ("無相關統計數據", "無統計數據", "無相關統計資料")),
)

# A table that prints one row a KPI and year, or one for its targets and actuals.
LONG = (
    Wording(
        "year",
        (
            *("年度", "年", "年別", "年度別", "年份", "民國年", "民國年度"),
            *("資料年度", "統計年度", "計畫年度", "指標年度", "績效年度"),
        ),
    ),
    Wording(
        "kind",
        (
            *("類別", "值別", "數值類別", "數據類別", "資料類別", "指標值類別"),
            *("目標/實際", "目標或實際", "目標實際", "目標值/實際值"),
        ),
    ),
    Wording("value", ("數值", "值", "數據", "指標值", "績效值")),
)

# Sheets that are known by their headings.
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
    LONG,
    MAIN_TASKS,
    WORK_PLAN,
    REVISION,
    STAFFING,
)

_LIKENESS = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Every known wording by its squashed words; equal only to itself."""

    words: dict[str, Wording]
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(map(len, self.words), default=0))

    def nearest(self, bare: str) -> str:
        """Return the known words that are most like unknown ones, "" if none are."""
        near = get_close_matches(bare[: self.longest + 8], self.words, 1, _LIKENESS)
        return near[0] if near else ""


def by_word(more: Iterable[Wording] = ()) -> dict[str, Wording]:
    """Return every wording of every table by its squashed words.

    `more` never takes a word from the tables: what all offices mean by it stands.
    """
    known = {
        squashed(word): wording
        for table in TABLES
        for wording in table
        for word in wording.words
    }
    for wording in more:
        for word in wording.words:
            known.setdefault(squashed(word), wording)
    return known


BUILT_IN = Vocabulary(by_word())


def vocabulary_of(more: Iterable[Wording]) -> Vocabulary:
    """Return the tables together with the wordings that planners added."""
    more = tuple(more)
    return Vocabulary(by_word(more)) if more else BUILT_IN
