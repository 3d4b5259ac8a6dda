"""What a section types for a KPI: its boxes, what they say, and what is doubtful.

`boxes_of` gives the boxes, `read` what was typed into them, `doubts` the figures that
ask for a second look, `must_explain` when words are needed, `distance` how far the
target is. Codes with parameters come back; `kpi.entry_wording` says them in words.
"""

from kpi.entries.boxes import boxes_of
from kpi.entries.checks import Check, doubts, unconfirmed
from kpi.entries.definitions import (
    Box,
    Counterpart,
    Definition,
    Kind,
    Past,
    formula_of,
)
from kpi.entries.distances import Distance, distance
from kpi.entries.explanations import Demand, missing_explanations, must_explain
from kpi.entries.reader import read
from kpi.entries.reading import Input, Problem, Reading

__all__ = [
    "Box",
    "Check",
    "Counterpart",
    "Definition",
    "Demand",
    "Distance",
    "Input",
    "Kind",
    "Past",
    "Problem",
    "Reading",
    "boxes_of",
    "distance",
    "doubts",
    "formula_of",
    "missing_explanations",
    "must_explain",
    "read",
    "unconfirmed",
]
