"""Forms of KPIs: what a person can mistype."""

from kpi.forms.entries import (
    VERSION,
    EvidenceForm,
    TypedRow,
    typed_boxes,
    typed_rows,
    version_of,
)
from kpi.forms.rounds import RoundForm

__all__ = [
    "VERSION",
    "EvidenceForm",
    "RoundForm",
    "TypedRow",
    "typed_boxes",
    "typed_rows",
    "version_of",
]
