"""A new card for a unit and year: empty, or copied from an earlier one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from bsc import planning
from bsc.history import create_with_history
from bsc.models import (
    LineageStep,
    Objective,
    ObjectiveLineage,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeLineage,
    ThemeMember,
    Unit,
    User,
)
from bsc.permissions import Action, may
from kpi.models import Kpi, KpiLineage, KpiOwner, Target

WORDS = {
    "card-stands": _("This unit has a card of this year and plan already."),
    "not-earlier": _(
        "A card is copied from an earlier year of the same unit and plan."
    ),
    "impossible-year": _("This year is not possible."),
}
# Not copied: what was printed of the earlier card, and what was decided for its year.
LEFT_OUT = {
    Kpi: {
        "text",
        "result_name",
        "formula_cell",
        "measure_text",
        "is_exempt",
        "exemption_reason",
    },
    Objective: {"map_text", "table_text", "same_as", "supports"},
    SuccessFactor: {"text"},
    Target: {"printed"},
}


@transaction.atomic
def new_card(
    *,
    unit: Unit,
    year: int,
    plan: str,
    source: Scorecard | None,
    by: User,
    at: datetime,
) -> Scorecard:
    """Make the draft of a card and return it.

    From `source` come its mission, vision and values, all that stands on its map, its
    KPIs with owners, and the targets it set for this year and later; each is joined to
    its like there as the same, confirmed by who copies. Figures, exemptions, withdrawn
    KPIs and action plans stay where they are. Raises ValidationError: not-yours,
    card-stands, not-earlier.
    """
    if not may(by, Action.EDIT_PLAN, unit):
        raise planning.refusal("not-yours")
    if not 1912 <= year <= 2111:
        raise _refusal("impossible-year", box="year")
    if Scorecard.objects.filter(unit=unit, year=year, plan=plan).exists():
        raise _refusal("card-stands", box="year")
    if source is not None:
        is_same = (source.unit_id, source.plan) == (unit.pk, plan)
        if not is_same or source.year >= year:
            raise _refusal("not-earlier", box="source")
    card = Scorecard(unit=unit, year=year, plan=plan, status=Scorecard.Status.DRAFT)
    if source is not None:
        for name in ("mission", "vision", "core_values", "parent_text"):
            setattr(card, name, getattr(source, name))
    reason = f"copied from {source.year}" if source else "new card"
    planning.keep(card, by=by, reason=reason)
    if source is not None:
        _Copy(source, card, by=by, at=at, reason=reason).all()
    planning.link_again(card, by=by, reason=reason)
    return card


def _refusal(code: str, *, box: str) -> ValidationError:
    return ValidationError({box: [ValidationError(WORDS[code], code=code)]})


class _Copy:
    """The parts of one card on their way to another; a few statements a model."""

    def __init__(
        self,
        source: Scorecard,
        card: Scorecard,
        *,
        by: User,
        at: datetime,
        reason: str,
    ) -> None:
        self.source, self.card = source, card
        self.by, self.at, self.reason = by, at, reason
        self.made: dict[type[Model], dict[int, Any]] = {Scorecard: {source.pk: card}}

    def all(self) -> None:
        card = self.source
        themes = self._copied(Theme, card.themes.all())
        self._copied(ThemeMember, ThemeMember.objects.filter(theme__in=themes))
        self._copied(Perspective, card.perspectives.all())
        objectives = self._copied(Objective, card.objectives.all())
        links = ObjectiveLink.objects.filter(
            cause__in=objectives, effect__in=objectives
        )
        self._copied(ObjectiveLink, links)
        factors = SuccessFactor.objects.filter(objective__in=objectives)
        self._copied(SuccessFactor, factors)
        kpis = self._copied(Kpi, card.kpis.in_plan())
        self._copied(KpiOwner, KpiOwner.objects.filter(kpi__in=kpis))
        targets = Target.objects.filter(kpi__in=kpis, year__gte=self.card.year)
        self._copied(Target, targets)
        for lineage, model in (
            (ThemeLineage, Theme),
            (ObjectiveLineage, Objective),
            (KpiLineage, Kpi),
        ):
            self._joined(lineage, model)

    def _copied(self, model: type[Model], rows: Iterable[Any]) -> list[Any]:
        """Write the like of each row on the new card, and return the rows."""
        rows = list(rows)
        left_out = LEFT_OUT.get(model, set())
        made = self.made[model] = {}
        for row in rows:
            values = {}
            for field in model._meta.concrete_fields:
                if field.primary_key or field.name in left_out:
                    continue
                key = getattr(row, field.attname)
                mapped = self.made.get(field.related_model) if key else None
                # What stands on the earlier card itself is met by its like here.
                new = mapped.get(key) if mapped is not None else None
                if new is not None:
                    values[field.name] = new
                else:
                    values[field.attname] = key
            made[row.pk] = model(**values)
        create_with_history(list(made.values()), by=self.by, reason=self.reason)
        return rows

    def _joined(self, lineage: type[LineageStep], model: type[Model]) -> None:
        steps = [
            lineage(
                earlier_id=earlier,
                later=later,
                kind=LineageStep.Kind.SAME,
                confirmed_at=self.at,
                confirmed_by=self.by,
            )
            for earlier, later in self.made[model].items()
        ]
        create_with_history(steps, by=self.by, reason=self.reason)
