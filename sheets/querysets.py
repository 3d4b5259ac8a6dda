"""Questions to the table of imports."""

from collections.abc import Iterable
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

        `applied_withdrawn` counts those of the removed that are only withdrawn,
        `applied_kinds` the figures and the kinds of nothing. What was read of a file,
        which may be megabytes, stays in the database.
        """
        return (
            self.select_related("unit", "uploaded_by")
            .annotate(
                applied_changes=F("verdict__changes"),
                applied_withdrawn=F("verdict__withdrawn"),
                applied_kinds=F("verdict__kinds"),
            )
            .defer("pictures", "proposal", "verdict", "undo")
        )


class ImportDoubtQuerySet(models.QuerySet):
    """The doubts of one batch: `batch.doubts` is the way here."""

    def listed(self, severity: str, first: int, count: int) -> Self:
        """Return `count` doubts of a severity, of any where it is "", from `first` on."""
        at = {"severity": severity} if severity else {}
        name = "place" if severity else "number"
        within = {f"{name}__gte": first, f"{name}__lt": first + count}
        return self.filter(**at, **within).order_by("number")

    def drawn(self, sheet: str, first: int, last: int) -> Self:
        """Keep the doubts at cells of some rows of a sheet, only as marks tell them."""
        marks = self.filter(sheet=sheet, row__gte=first, row__lte=last)
        return marks.only("number", "place", "severity", "cell").order_by("number")

    def first_row(self, sheet: str) -> int:
        """Return the row of the first doubt at a cell of a sheet; 1 without one."""
        rows = self.filter(sheet=sheet, row__isnull=False).order_by("number")
        return rows.values_list("row", flat=True).first() or 1

    def named(self, keys: Iterable[str]) -> Self:
        """Keep the doubts that take an answer and bear one of these keys."""
        return self.filter(is_answerable=True, key__in=[*keys])

    def waiting(self) -> Self:
        """Keep the doubts with a default that nobody has answered; an error has none."""
        return self.filter(is_answerable=True, answer="").exclude(severity="error")


class ColumnWordingQuerySet(models.QuerySet):
    def as_wordings(self) -> tuple[Wording, ...]:
        """Return the wordings as the reader of forms takes them. One query."""
        rows = self.values_list("column", "bare", "stage")
        return tuple(Wording(column, (bare,), stage) for column, bare, stage in rows)
