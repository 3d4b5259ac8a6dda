"""The rules: achievement, reached, total, light, counts of lights, roll-ups.

Plain Python on Decimals, the only home of what docs/rules.md states. What a
result was made of comes back as codes with parameters; `kpi.wording` says them
in words.
"""

from kpi.scoring.composites import mean, pooled_rate
from kpi.scoring.figures import (
    Absence,
    ActualFigure,
    Comparator,
    Direction,
    Light,
    Part,
    Rating,
    TargetFigure,
)
from kpi.scoring.ratios import (
    Ground,
    Verdict,
    achievement,
    printed_achievement,
    reached,
    verdict,
)
from kpi.scoring.rules import (
    Band,
    Basis,
    Choice,
    Level,
    Rules,
    Standing,
    Weights,
    Why,
    ZeroTarget,
    choose_rules,
    rules_from_fields,
)
from kpi.scoring.scores import Question, Score, score
from kpi.scoring.tallies import Counts, Rollup, counts, lights_by_quota, roll_up
from kpi.scoring.totals import counted_part, light, total
from kpi.scoring.traces import Mark, Reason, Step, explain

__all__ = [
    "Absence",
    "ActualFigure",
    "Band",
    "Basis",
    "Choice",
    "Comparator",
    "Counts",
    "Direction",
    "Ground",
    "Level",
    "Light",
    "Mark",
    "Part",
    "Question",
    "Rating",
    "Reason",
    "Rollup",
    "Rules",
    "Score",
    "Standing",
    "Step",
    "TargetFigure",
    "Verdict",
    "Weights",
    "Why",
    "ZeroTarget",
    "achievement",
    "choose_rules",
    "counted_part",
    "counts",
    "explain",
    "light",
    "lights_by_quota",
    "mean",
    "pooled_rate",
    "printed_achievement",
    "reached",
    "roll_up",
    "rules_from_fields",
    "score",
    "total",
    "verdict",
]
