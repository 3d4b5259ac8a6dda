"""Questions to the table of imports."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from bsc.permissions import Action, units_where
from sheets.forms.wordings import Wording

if TYPE_CHECKING:
    from bsc.models import User


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep what `user` uploaded, and imports of units they may import for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(uploaded_by=user) | Q(unit__in=units_where(user, Action.IMPORT))
        )

    def for_page(self) -> Self:
        """Leave what applying wrote in the database; `has_undo` says whether it is there.

        The job, unit and people are joined.
        """
        return (
            self.select_related("job", "unit", "applied_by", "undone_by")
            .annotate(has_undo=Q(undo__isnull=False))
            .defer("undo")
        )

    def for_history(self) -> Self:
        """Add `applied_changes`, the counts by noun of what was written, or None.

        What was read of a file, which may be megabytes, stays in the database.
        """
        return (
            self.select_related("unit", "uploaded_by")
            .annotate(applied_changes=F("verdict__changes"))
            .defer("pictures", "proposal", "verdict", "undo")
        )


class ColumnWordingQuerySet(models.QuerySet):
    def as_wordings(self) -> tuple[Wording, ...]:
        """Return the wordings as the reader of forms takes them. One query."""
        rows = self.values_list("column", "bare", "stage")
        return tuple(Wording(column, (bare,), stage) for column, bare, stage in rows)
