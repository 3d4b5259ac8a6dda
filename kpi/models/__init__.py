"""What is measured, and what it means."""

from kpi.models.closing import Erratum, Seal
from kpi.models.entries import Entry, ReviewStep
from kpi.models.figures import Actual, ActualInput, SelfRating, Statement, Target
from kpi.models.kpis import Kpi, KpiOwner, Series
from kpi.models.lineage import KpiLineage
from kpi.models.results import LightBand, PublishedResult, RatingRules, Result
from kpi.models.rounds import Round

__all__ = [
    "Actual",
    "ActualInput",
    "Entry",
    "Erratum",
    "Kpi",
    "KpiLineage",
    "KpiOwner",
    "LightBand",
    "PublishedResult",
    "RatingRules",
    "Result",
    "ReviewStep",
    "Round",
    "Seal",
    "SelfRating",
    "Series",
    "Statement",
    "Target",
]
