"""`invented`: what a KPI of 模擬市 measured in each year, and which way it went.

One seed gives one city, whenever and wherever it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from bsc.periods import Period
from kpi.entries import Definition, boxes_of, formula_of
from kpi.entries.definitions import Kind
from reports.simulation.plans import YEARS, KpiPlan

HUNDRED = Decimal(100)
# What a letter of `KpiPlan.outcomes` means: achievement in percent, points.
ACHIEVED = {
    "E": (106, 111),
    "G": (101, 104),
    "M": (97, 99),
    "F": (90, 94),
    "P": (52, 62),
}
POINTS = {"E": (94, 96), "G": (83, 87), "M": (84, 87), "F": (71, 72), "P": (70, 73)}
MISSED = frozenset("MFP")
# The steps of each way of `KpiPlan.ways`; "slip" is typed wrong and mended later.
WAYS: Mapping[str, tuple[str, ...]] = {
    "plain": ("save", "send", "check", "approve"),
    "returned": ("slip", "send", "return", "save", "send", "check", "approve"),
    "sent-back": (
        "slip",
        "send",
        "check",
        "send-back",
        "save",
        "send",
        "check",
        "approve",
    ),
    "recalled": ("slip", "send", "recall", "save", "send", "check", "approve"),
    "reopened": (
        "slip",
        "send",
        "check",
        "approve",
        "ask",
        "reopen",
        "save",
        "send",
        "check",
        "approve",
    ),
    "approved": ("save", "send", "check", "approve"),
    "checked": ("save", "send", "check"),
    "submitted": ("save", "send"),
    "returned-open": ("slip", "send", "return"),
    "draft": ("save",),
    "late": ("save", "wait-until-late", "send"),
    "late-reason": ("save", "wait-until-closed", "send"),
    "none": (),
    "no-owner": (),
}
FIGURES = frozenset({Kind.VALUE, Kind.INPUT, Kind.TEXT})
POINT_NAMES = ("innovation", "challenge", "contribution")
BASES = {
    "E": "超越目標，且作法已獲其他機關觀摩。",
    "G": "達成目標，流程較前一年度精簡。",
    "M": "未達目標，惟差距甚小，作法具創新性。",
    "F": "未達目標，改善措施尚在起步。",
    "P": "未達目標，主要措施未能如期推動。",
}
ABSENCE_REASON = "主管機關統計資料尚未發布，俟公布後補登。"


@dataclass(frozen=True, slots=True)
class Invented:
    """One year of one KPI: the boxes as typed, and as first mistyped; its steps."""

    typed: Mapping[str, str]
    slip: Mapping[str, str]
    steps: tuple[str, ...]
    points: Mapping[str, str]
    year: int
    way: str


def invented(
    plan: KpiPlan, card: str, years: tuple[int, ...], seed: int
) -> tuple[Invented, ...]:
    """Return the years of a KPI of the unit `card`, oldest first."""
    chance = Random(f"{seed} {card} {plan.code}")
    return tuple(
        _year(plan, at, year, chance)
        for at, year in zip(range(YEARS), years, strict=True)
    )


def _year(plan: KpiPlan, at: int, year: int, chance: Random) -> Invented:
    outcome = plan.outcomes[at]
    points: dict[str, str] = {}
    if outcome == "U":
        typed = {"absence": "no-statistics", "absence_reason": ABSENCE_REASON}
        slip = typed
    else:
        low, high = POINTS[outcome]
        points = {name: str(chance.randint(low, high)) for name in POINT_NAMES}
        points["basis"] = BASES[outcome]
        figure, wrong = _figure(plan, at, year, chance)
        said = points | _explained(plan, outcome, year)
        typed, slip = figure | said, wrong | said
    way = plan.ways[at]
    if way == "late-reason":
        typed = typed | {"late_reason": "承辦人員異動，交接期間未及填報。"}
    steps = WAYS[way]
    return Invented(typed, slip, steps, points, year, way)


def _figure(
    plan: KpiPlan, at: int, year: int, chance: Random
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the boxes of a figure as they should be, and with a slip in them."""
    if plan.is_in_words:
        text = {"text": f"{plan.targets[at]}，業經核定", "reached": "yes"}
        return text, text | {"text": plan.targets[at]}
    low, high = ACHIEVED[plan.outcomes[at]]
    achieved = Decimal(chance.randint(low, high))
    target = Decimal(plan.targets[at])
    value = target * HUNDRED / achieved
    if not plan.is_negative:
        value = target * achieved / HUNDRED
    names = _boxes(plan, year)
    if len(names) == 2:
        whole = plan.base * Decimal(chance.randint(96, 104)) / HUNDRED
        whole = whole.quantize(Decimal(1), ROUND_HALF_UP)
        part = (value * whole / HUNDRED).quantize(Decimal(1), ROUND_HALF_UP)
        step = max(Decimal(1), whole // 400)
        slipped = part - step if plan.is_negative else part + step
        texts = [f"{part}", f"{whole}"], [f"{slipped}", f"{whole}"]
    else:
        step = Decimal(1).scaleb(-plan.decimals)
        value = value.quantize(step, ROUND_HALF_UP)
        if value == target:
            is_upward = (achieved > HUNDRED) != plan.is_negative
            value += step if is_upward else -step
        slipped = value + (-step if plan.is_negative else step)
        texts = [f"{value}"], [f"{slipped}"]
    right, wrong = (dict(zip(names, each, strict=True)) for each in texts)
    return right, wrong


def _boxes(plan: KpiPlan, year: int) -> list[str]:
    """Return the names of the boxes that the figure itself is typed into."""
    formula = formula_of(plan.formula_text, "", plan.measure)
    definition = Definition(Period(year), measure=plan.measure, formula=formula)
    return [box.name for box in boxes_of(definition) if box.kind in FIGURES]


def _explained(plan: KpiPlan, outcome: str, year: int) -> dict[str, str]:
    if outcome not in MISSED:
        return {}
    return {
        "control": "outside" if plan.is_outside else "inside",
        "explanation": plan.cause,
        "remedy": plan.remedy,
        "remedy_due_on": f"{year + 1}-12-31",
    }
