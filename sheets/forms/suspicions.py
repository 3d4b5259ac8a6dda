"""What is probably a slip of the pen: dots for commas, units that do not fit.

Nothing is corrected; a person is told, and the printed words stay.
"""

import re
from collections.abc import Iterator

from kpi.formula import open_divisor
from sheets.cells import half_width, join_wrapped
from sheets.forms.readings import Doubt, KpiReading, Severity

_CJK = "[\u4e00-\u9fff]"
_DOTS = frozenset("·•‧・")
_DOT = re.compile(rf"(?<={_CJK})\s*[·•‧・]\s*(?={_CJK})")
_AROUND = 8
_SHARES = frozenset({"%", "‰", "百分比", "比率", "比例"})
# A ratio is scaled to a share by these.
_SCALED = re.compile(r"[*×x]\s*(?:100|1,?000|100,?000|10萬)\s*[%‰]?", re.IGNORECASE)
_COUNT = re.compile(r"(?<![指分倍成])數$")
_LAST_YEAR = re.compile(r"-\s*(?:去年|前一?年|上一?年)")
_CHANGE = re.compile(r"[增減差]|成長|變動|變化")
_ORGANISATIONS = re.compile(r"(?:單位|機構|組織|團體|據點|學校)(?:總數|數量?)$")
_PEOPLE = re.compile(
    r"(?:人次|人口|人|兒少|學生|員工|個案|被害人|民眾|督導|志工)(?:總數|數)$"
)
_CASES = re.compile(r"(?:案件|件|案)(?:總數|數)$")
_LISTS = re.compile(r"(?:名冊|清冊|名單)$")
# What the end of a formula counts, and the units of measure that fit it.
_FITTING: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (_LISTS, frozenset()),
    (
        _ORGANISATIONS,
        frozenset(
            [
                "個",
                "個數",
                "家",
                "家數",
                "團",
                "處",
                "處數",
                "所",
                "校",
                "單位",
                "單位數",
                "組織數",
                "機構數",
            ]
        ),
    ),
    (re.compile(r"人次數?$"), frozenset({"人次", "次", "人次數"})),
    (re.compile(r"人數$"), frozenset({"人", "人數", "名", "位", "人次"})),
    (
        re.compile(r"件數$|事件[^/]{0,8}數$"),
        frozenset(["件", "件數", "案", "案件", "次", "次數"]),
    ),
    (re.compile(r"家數$"), frozenset({"家", "家數", "所", "處"})),
    (re.compile(r"戶數$"), frozenset({"戶", "戶數"})),
    (re.compile(r"場次數?$"), frozenset({"場", "場次", "次"})),
)
_SLASHES = str.maketrans({"÷": "/", "∕": "/"})


def doubt_of_dot(text: str, cell: str) -> Doubt | None:
    """Return a warning where a middle dot stands for a comma: 工作坊·落實."""
    match = None if _DOTS.isdisjoint(text) else _DOT.search(text)
    if match is None:
        return None
    first, last = max(match.start() - _AROUND, 0), match.end() + _AROUND
    offered = f"{text[first : match.start()]}，{text[match.end() : last]}"
    params = {
        "text": join_wrapped(text[first:last]),
        "offered": join_wrapped(offered),
    }
    return Doubt(Severity.WARN, "middle-dot", cell, params)


def doubts_of_formula(kpi: KpiReading, cell: str) -> list[Doubt]:
    """Return warnings where a KPI's formula and its unit of measure disagree."""
    doubts = []
    formula = _plain(kpi.formula_text)
    if bounds := open_divisor(formula):
        params = {"code": kpi.code, "text": formula[slice(*bounds)].strip()}
        doubts.append(
            Doubt(Severity.WARN, "subtraction-without-brackets", cell, params)
        )
    if evidence := next(_mismatches(kpi, formula), ""):
        params = {"code": kpi.code, "measure": kpi.measure, "evidence": evidence}
        doubts.append(Doubt(Severity.WARN, "unit-mismatch", cell, params))
    return doubts


def _plain(formula: str) -> str:
    plain = half_width(join_wrapped(formula)).translate(_SLASHES)
    return plain.strip().rstrip("。.").strip()


def _mismatches(kpi: KpiReading, formula: str) -> Iterator[str]:
    """Yield what does not go with the unit of measure, as evidence."""
    measure = half_width(kpi.measure)
    is_share = measure in _SHARES
    if not measure:
        return
    if not is_share and "/" in formula and _SCALED.search(formula):
        yield formula
    if is_share and _COUNT.search(kpi.name):
        yield kpi.name
    is_difference = _LAST_YEAR.search(formula) and "/" not in formula
    if is_difference and not _CHANGE.search(kpi.name):
        yield formula
    if not is_share and "/" not in formula:
        for pattern, fitting in _FITTING:
            if pattern.search(formula):
                if measure not in fitting:
                    yield formula
                break
    if is_share:
        yield from _different_counts(formula)


def _different_counts(formula: str) -> Iterator[str]:
    """Yield numerator and denominator where they count different things."""
    above, slash, below = _unscaled(formula).partition("/")
    if not slash or "/" in below:
        return
    kinds = []
    for side in (above, below):
        bare = re.sub(r"\([^()]*\)", "", side).strip("[](){} ")
        patterns = (_ORGANISATIONS, _PEOPLE, _CASES)
        kinds.append(next((p for p in patterns if p.search(bare)), None))
    if None not in kinds and kinds[0] is not kinds[1]:
        yield f"{above.strip('[]( ')} / {below.strip('[]) ')}"


def _unscaled(formula: str) -> str:
    return re.sub(r"\s*[*×x]\s*100\s*%?\s*$", "", formula)
