"""The cards of a file beside those of other years of the same unit and plan.

`join_years` comes before the sheets are put on the slates, so that a figure goes to
the series it belongs to; `put_lineage` comes after, when all rows stand.
"""

from sheets.proposals.lineage.elsewhere import (
    join_elsewhere,
    kpis_elsewhere,
    put_elsewhere,
)
from sheets.proposals.lineage.joining import join_years
from sheets.proposals.lineage.steps import put_lineage

__all__ = [
    "join_elsewhere",
    "join_years",
    "kpis_elsewhere",
    "put_elsewhere",
    "put_lineage",
]
