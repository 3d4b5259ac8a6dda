"""Where a KPI comes from and where it has gone: its steps to other years' cards."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpi.models import Kpi, KpiLineage
from reports.dashboards.cells import year_text


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: the KPI at its other end, what became of it, and what to mind."""

    is_later: bool
    year: str
    code: str
    name: str
    url: str
    kind: str
    remark: str
    is_proposed: bool


def steps_of(kpi: Kpi) -> tuple[StepView, ...]:
    """Return the steps that lead to and from `kpi`, by year. No queries.

    `kpi` knows its neighbours, as `find_kpis` gave it.
    """
    views = []
    for other in kpi.neighbours:
        is_later = bool(other.came_kind)
        kind, at = (
            (other.came_kind, other.came_at)
            if is_later
            else (other.went_kind, other.went_at)
        )
        step = KpiLineage(kind=kind, confirmed_at=at)
        views.append(
            StepView(
                is_later=is_later,
                year=year_text(other.scorecard.year),
                code=other.code,
                name=other.name,
                url=other.get_absolute_url(),
                kind=step.get_kind_display(),
                remark=_remark(step),
                is_proposed=step.is_doubtful and at is None,
            )
        )
    return tuple(views)


def _remark(step: KpiLineage) -> str:
    """Return what a reader of the figures should mind, "" for nothing."""
    if step.has_definition_break:
        return _("break in the definition: figures before and after may not compare")
    if step.kind == step.Kind.REPLACED:
        return _("another measure: the figures are not joined")
    return ""
