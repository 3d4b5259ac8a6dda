"""What is measured, and what it means."""

from kpi.models.figures import Actual, SelfRating, Statement, Target
from kpi.models.kpis import Kpi, KpiOwner, Series
from kpi.models.lineage import KpiLineage
from kpi.models.results import LightBand, PublishedResult, RatingRules, Result

__all__ = [
    "Actual",
    "Kpi",
    "KpiLineage",
    "KpiOwner",
    "LightBand",
    "PublishedResult",
    "RatingRules",
    "Result",
    "SelfRating",
    "Series",
    "Statement",
    "Target",
]
