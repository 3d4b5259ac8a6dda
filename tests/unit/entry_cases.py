"""Definitions with plain defaults for the tests of what is typed for a KPI."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from bsc.periods import Period
from kpi.entries import Definition, Past, formula_of
from kpi.scoring import Comparator, Direction, Part, Score, TargetFigure, score

TRUTH = Path(__file__).resolve().parents[1] / "truth"
YEAR = Period.parse("111")

AC3_1 = (
    '("使用專家協助詢(訊)問或醫療團隊早期鑑定"'
    ' / "社工陪同偵訊之6歲以下兒童或心智障礙性侵害案件") * 100'
)


def truth(name: str) -> dict[str, Any]:
    """Return one of the transcribed source tables."""
    return json.loads((TRUTH / f"{name}.json").read_text(encoding="utf-8"))


def target(text: str, *parts: Part) -> TargetFigure:
    """Return a target: 46.5, ≥100, 高於6都平均值."""
    try:
        return TargetFigure(*_numbered(text), parts=parts)
    except ArithmeticError:
        return TargetFigure(text=text, parts=parts)


def _numbered(text: str) -> tuple[Decimal, Comparator | None]:
    if text[:1] in "≥>≤<=":
        return Decimal(text[1:]), Comparator(text[0])
    return Decimal(text), None


def make(
    formula: str = "", measure: str = "%", goal: str = "", past: str = "", **more: Any
) -> Definition:
    """Return a definition; `past` are the figures of the years before, oldest first."""
    known = past.split()
    first = YEAR.year - len(known)
    return Definition(
        more.pop("period", YEAR),
        measure,
        formula=formula_of(formula, "", measure),
        target=target(goal) if goal else more.pop("target", None),
        past=more.pop("earlier", None)
        or tuple(
            Past(first + at, None if text == "-" else Decimal(text))
            for at, text in enumerate(known)
        ),
        **more,
    )


def scored(definition: Definition, reading: Any, rules: Any = None) -> Score:
    """Return what `rules` give for a reading."""
    return score(
        Direction(definition.direction),
        definition.target,
        reading.figure,
        reading.rating,
        rules,
        exempt=definition.is_exempt,
    )
