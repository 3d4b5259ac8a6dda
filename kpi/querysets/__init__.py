"""Questions to the tables of KPIs, and of figures on their way."""

from kpi.querysets.entries import EntryQuerySet
from kpi.querysets.kpis import KpiQuerySet
from kpi.querysets.rounds import RoundQuerySet

__all__ = ["EntryQuerySet", "KpiQuerySet", "RoundQuerySet"]
