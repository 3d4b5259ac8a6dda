"""One objective: its factors, its KPIs with the arithmetic, its plans and its links."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bsc.models import Objective, ObjectiveLink, Scorecard
from reports.dashboards.cells import (
    MoneyCell,
    listed,
    money_cells,
    money_columns,
    year_text,
)
from reports.dashboards.contents import plan_rows
from reports.dashboards.frame import Crumb
from reports.dashboards.map_focus import FocusBoard, focus_board
from reports.dashboards.map_kpis import map_content


@dataclass(frozen=True, slots=True)
class Relation:
    """Another objective this one belongs to, and how."""

    how: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class PlanRowView:
    """A row of plans under its KPI, with its money by year."""

    kpi_code: str
    kpi_url: str
    plans: tuple[tuple[str, str], ...]
    budgets: tuple[MoneyCell, ...]
    owners: str


@dataclass(frozen=True, slots=True)
class ObjectiveBoard:
    """The page of one objective; `focus` is what the map's drawer shows of it."""

    objective: Objective
    card: Scorecard
    year: str
    map_url: str
    focus: FocusBoard
    relations: tuple[Relation, ...]
    plans: tuple[PlanRowView, ...]
    plan_years: tuple[str, ...]
    crumbs: tuple[Crumb, ...]


def objective_board(
    objective: Objective, visible: QuerySet[Scorecard]
) -> ObjectiveBoard:
    """Return the page of an objective of a card that is among `visible`."""
    card = objective.scorecard
    content = map_content(card)
    focus = focus_board(content, objective.pk, with_plans=False)
    kpis = {one.kpi.pk: one.kpi for one in content.of(objective.pk)}
    rows = plan_rows(list(kpis))
    columns, headings = money_columns(line for row in rows for line in row.budgets)
    return ObjectiveBoard(
        objective=objective,
        card=card,
        year=year_text(card.year),
        map_url=f"{card.get_absolute_url()}?objective={objective.pk}",
        focus=focus,
        relations=_relations(objective, visible),
        plans=tuple(
            PlanRowView(
                kpi_code=kpis[row.row.kpi_id].code,
                kpi_url=kpis[row.row.kpi_id].get_absolute_url(),
                plans=tuple((plan.code, plan.name) for plan in row.plans),
                budgets=money_cells(row.budgets, columns, len(row.plans)),
                owners=listed(row.owners),
            )
            for row in rows
        ),
        plan_years=headings,
        crumbs=(
            Crumb(f"{card.unit} {year_text(card.year)}", card.get_absolute_url()),
            Crumb(objective.code),
        ),
    )


def _relations(
    objective: Objective, visible: QuerySet[Scorecard]
) -> tuple[Relation, ...]:
    """Return the objectives this one is, serves, is served by, helps. One query."""
    pk = objective.pk
    helped = ObjectiveLink.objects.filter(cause=objective, effect=OuterRef("pk"))
    helping = ObjectiveLink.objects.filter(cause=OuterRef("pk"), effect=objective)
    others = (
        Objective.objects.filter(scorecard__in=visible)
        .annotate(is_helped=Exists(helped), is_helping=Exists(helping))
        .filter(
            Q(pk__in=[objective.same_as_id, objective.supports_id])
            | Q(same_as=pk)
            | Q(supports=pk)
            | Q(is_helped=True)
            | Q(is_helping=True)
        )
        .select_related("scorecard__unit")
        .order_by("scorecard__year", "position")
    )
    found = []
    for other in others:
        hows = {
            _("is the same as"): pk == other.same_as_id
            or other.pk == objective.same_as_id,
            _("serves"): other.pk == objective.supports_id,
            _("is served by"): pk == other.supports_id,
            _("helps"): other.is_helped,
            _("is helped by"): other.is_helping,
        }
        found += [
            Relation(how, _named(other, objective), other.get_absolute_url())
            for how, holds in hows.items()
            if holds
        ]
    return tuple(found)


def _named(other: Objective, objective: Objective) -> str:
    """Return an objective's name, with its unit and year where it is elsewhere."""
    name = f"{other.code} {other.name}"
    if other.scorecard_id == objective.scorecard_id:
        return name
    return f"{other.scorecard.unit} {year_text(other.scorecard.year)} {name}"
