"""Many rows of one model created, changed or removed, each with its history."""

from collections.abc import Sequence
from itertools import batched

from django.db import models
from django.db.models import F

from actions.models import PlanLineage, PlanLink
from bsc.history import (
    BATCH_SIZE,
    create_with_history,
    keep_removed,
    update_with_history,
)
from bsc.models import Objective, ObjectiveLineage, Theme, ThemeLineage, Unit, User
from kpi.models import Kpi, KpiLineage, Result
from sheets.models import ObjectiveAnswer

# What became of a row in other years is found again from the cards that are there.
LINEAGES = {
    Theme: ThemeLineage,
    Objective: ObjectiveLineage,
    Kpi: KpiLineage,
    PlanLink: PlanLineage,
}


def has_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history")


def create_rows(
    model: type[models.Model],
    rows: Sequence[models.Model],
    *,
    by: User | None,
    reason: str,
) -> None:
    """Insert rows; those that bear a key keep it."""
    create_with_history(rows, by=by, reason=reason)


def change_rows(
    model: type[models.Model],
    rows: Sequence[models.Model],
    fields: Sequence[str],
    *,
    by: User | None,
    reason: str,
) -> None:
    """Write `fields` of rows that stand."""
    update_with_history(rows, fields, by=by, reason=reason)


def remove_rows(
    model: type[models.Model],
    rows: Sequence[models.Model],
    *,
    by: User | None,
    reason: str,
) -> None:
    """Delete rows that nothing points at but their results and derived links.

    A caller makes sure of that (see `sheets.proposals.dependents`). The signals of a
    deletion would write the history row by row, without the person and the reason: so
    it is written here, and the rows are deleted without signals.
    """
    if not rows:
        return
    if model is Unit:
        _uncount(rows)
    keep_removed(rows, by=by, reason=reason)
    for keys in batched((row.pk for row in rows), BATCH_SIZE):
        if model is Kpi:
            Result.objects.filter(kpi__in=keys).delete()
        if model is Objective:
            ObjectiveAnswer.objects.filter(
                models.Q(own__in=keys) | models.Q(other__in=keys)
            ).delete()
        if steps := LINEAGES.get(model):
            steps.objects.filter(
                models.Q(earlier__in=keys) | models.Q(later__in=keys)
            ).delete()
        gone = model._base_manager.filter(pk__in=keys)
        gone._raw_delete(gone.db)


def _uncount(units: Sequence[models.Model]) -> None:
    """Tell the unit above each that it has one less below."""
    for unit in units:
        above = Unit.objects.filter(path=unit.path[: -Unit.steplen])
        above.update(numchild=F("numchild") - 1)
