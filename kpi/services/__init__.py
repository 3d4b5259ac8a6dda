"""What is done to KPIs: figures on their way, their review, and their results."""

from kpi.services.closing import (
    close_year,
    decide_erratum,
    digest_of,
    propose_erratum,
)
from kpi.services.inputs import actual_figure, target_figure
from kpi.services.results import (
    PLACE,
    WRITTEN,
    Refreshed,
    periods_of,
    refresh_provisional,
    refresh_results,
)
from kpi.services.rules import choose_rules, level_of, rules_of

__all__ = [
    "PLACE",
    "WRITTEN",
    "Refreshed",
    "actual_figure",
    "choose_rules",
    "close_year",
    "decide_erratum",
    "digest_of",
    "level_of",
    "periods_of",
    "propose_erratum",
    "refresh_provisional",
    "refresh_results",
    "rules_of",
    "target_figure",
]
