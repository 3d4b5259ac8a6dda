"""What names of KPIs and plans leave unclear: activities, several plans, lone stars.

Nothing is corrected, split or merged; a person is told, and the printed words stay.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from sheets.cells import half_width, join_wrapped, normal
from sheets.forms.readings import Doubt, Figure, KpiReading, PlanReading, Severity
from sheets.grid import Sheet

_SHARES = frozenset({"%", "％", "百分比"})
_LARGEST_SHARE = Decimal(100)
# What may well be more than the whole of something.
_BEYOND = re.compile(r"成長|增[長加減]|達成|執行|變動|比值")
# A KPI is named by what it measures; one that begins with a deed and ends without a
# measure is named like a plan.
_DEED = re.compile(
    r"提供|媒合|利用|辦理|推動|推展|落實|加強|強化|建立|建置|結合|規劃|開辦|擴大|定期"
    r"|協助|鼓勵|促進|提升|舉辦|執行|完成|開發|整合|訂定|宣導"
)
_MEASURED = re.compile(
    r"(?:[率數比度值次量額重分人天日家處件戶場]|比例|時間|時效|進度|情形|成長|指數"
    r"|成效|涵蓋|增長)(?:\([^()]*\))*[*※。]?$"
)
_COUNTED = re.compile(
    r"(人次|人數|家數|件數|次數|場次|戶數|處數|組織數|單位數|機構數|案件數)\)*$"
)
_PLAN = re.compile(r"(?:計畫|方案|辦法|專案|要點)(?:\([^()]*\))?$")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_LISTED = 3
# What plans of near-equal names may have or lack.
_FRAME = re.compile(
    r"^(?:台北市政府|台北市|本市|本府|辦理)|(?:實施|執行|工作)?(?:計畫|方案)$"
)
_SHORTEST, _MOST = 6, 0.7
_STAR = re.compile(r"[*＊※]$")
_EXPLAINS = re.compile(r"\s*[*＊※]")
_SHOWN = 40


def doubts_of_kpi(kpi: KpiReading) -> list[Doubt]:
    """Return warnings of a name that is no measure, and of bounds that are the whole."""
    doubts = []
    name = half_width(kpi.name)
    if _DEED.match(name) and not _MEASURED.search(name):
        params = {"code": kpi.code, "name": kpi.name, "offered": _offered(kpi)}
        doubts.append(Doubt(Severity.WARN, "name-no-measure", kpi.cell, params))
    if kpi.measure in _SHARES and not _BEYOND.search(name):
        for figure in kpi.targets.values():
            if _is_whole(figure):
                params = {"code": kpi.code, "text": figure.text}
                doubts.append(
                    Doubt(Severity.WARN, "bound-is-maximum", figure.cell, params)
                )
    return doubts


def _is_whole(figure: Figure) -> bool:
    return (
        figure.comparator in ("≥", ">")
        and figure.value is not None
        and figure.value >= _LARGEST_SHARE
    )


def _offered(kpi: KpiReading) -> str:
    """Return the measure that a KPI's formula counts: 人次, or 比率 for a share."""
    formula = half_width(join_wrapped(kpi.formula_text))
    if "/" in formula or kpi.measure in _SHARES:
        return "比率"
    found = _COUNTED.search(formula)
    return found[1] if found else kpi.measure


def doubt_of_compound(plan: PlanReading) -> Doubt | None:
    """Return a note where one name seems to be that of several plans."""
    name = half_width(join_wrapped(plan.name)).rstrip("。 ")
    if "、" not in name and "及" not in name:
        return None
    bare = _IN_BRACKETS.sub("", name)
    several = [piece for piece in re.split("[、;及]", bare) if _PLAN.search(piece)]
    inside = (found[1] for found in _IN_BRACKETS.finditer(name))
    is_list = any(len(items.split("、")) >= _LISTED for items in inside)
    if len(several) < 2 and not is_list:
        return None
    params = {"code": plan.code, "text": plan.name[:_SHOWN]}
    return Doubt(Severity.NOTE, "plans-in-one", plan.cell, params)


def doubts_of_alike(plans: Iterable[PlanReading]) -> list[Doubt]:
    """Return a note for every plan named nearly as another one of the table."""
    by_name: dict[str, PlanReading] = {}
    for plan in plans:
        by_name.setdefault(normal(plan.name), plan)
    framed = sorted((_unframed(name), name) for name in by_name)
    doubts = []
    for (short, one), (long, other) in pairwise(framed):
        is_alike = long.startswith(short) and len(short) >= _MOST * len(long)
        if (
            not is_alike
            or len(short) < _SHORTEST
            or re.search(r"\d", long[len(short) :])
        ):
            continue
        first, second = (by_name[name] for name in by_name if name in (one, other))
        params = {"first": f"{first.cell} {first.text}", "second": second.text}
        params["code"] = second.code
        doubts.append(Doubt(Severity.NOTE, "plans-alike", second.cell, params))
    return doubts


def _unframed(name: str) -> str:
    before = ""
    while name != before:
        before, name = name, _FRAME.sub("", name)
    return name


def doubts_of_stars(things: Iterable[tuple[str, str]], sheet: Sheet) -> list[Doubt]:
    """Return a warning for every name that ends with a star no line explains.

    `things` are names with their cells.
    """
    starred = [(name, cell) for name, cell in things if _STAR.search(name)]
    if not starred:
        return []
    explained = {
        half_width(cell.text.strip()[0]) for cell in sheet if _EXPLAINS.match(cell.text)
    }
    return [
        Doubt(Severity.WARN, "star-unexplained", cell, {"text": name[:_SHOWN]})
        for name, cell in starred
        if half_width(name[-1]) not in explained
    ]
