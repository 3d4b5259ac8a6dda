"""Questions to the table of KPIs."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
)
from django.db.models.functions import Cast

from bsc.models import Scorecard

if TYPE_CHECKING:
    from bsc.models import Unit, User
    from bsc.periods import Period

# States of an entry that has left its section.
SENT = ("submitted", "checked", "approved")


class KpiQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep the KPIs of the cards that `user` may see."""
        return self.filter(scorecard__in=Scorecard.objects.visible_to(user))

    def in_plan(self) -> Self:
        """Keep the KPIs that were not withdrawn from their card's plan."""
        return self.filter(is_withdrawn=False)

    def with_figures(self) -> Self:
        """Keep the KPIs that have a figure: measured, printed, published, rated, typed.

        What was measured counts for the year of the card, what it prints for any.
        """
        year = Cast("scorecard__year", CharField())
        return self.filter(
            Q(series__actuals__period__startswith=year)
            | Q(series__statements__scorecard=F("scorecard"))
            | Q(published_results__isnull=False)
            | Q(self_ratings__isnull=False)
            | Q(entries__isnull=False)
        ).distinct()

    def with_owners(self) -> Self:
        """Load each KPI's card, its unit, and its owners with theirs. Two queries."""
        owners = self.model._meta.get_field("owners").related_model._default_manager
        return self.select_related("scorecard__unit").prefetch_related(
            Prefetch("owners", owners.select_related("unit"))
        )

    def entered_by_units(self, units: "models.QuerySet[Unit]", year: int) -> Self:
        """Keep the KPIs of a year for which one of `units` is responsible.

        Of cards in force or closed; withdrawn KPIs are left out.
        """
        owned = self.model._default_manager.filter(owners__unit__in=units)
        return (
            self.in_plan()
            .filter(pk__in=owned.values("pk"), scorecard__year=year)
            .exclude(scorecard__status=Scorecard.Status.DRAFT)
        )

    def without_owner(self) -> Self:
        """Keep the KPIs for which no unit is responsible: nobody can enter them."""
        return self.filter(owners__isnull=True)

    def with_entry(self, period: "Period") -> Self:
        """Add `entry_state` and `entered_at` of the period's entry, and `is_in_force`.

        `entry_state` is None where nothing was typed yet; `is_in_force` says that an
        approved figure of the period stands, however it came. One join, no extra row.
        """
        of_period = Q(entries__period=period.code)
        return self.annotate(
            own_entry=FilteredRelation("entries", condition=of_period),
            entry_state=F("own_entry__state"),
            entered_at=F("own_entry__entered_at"),
            is_in_force=self._in_force(period),
        )

    def reported(self, period: "Period") -> Self:
        """Keep those whose figure of `period` left its section, or was imported.

        A figure that is being mended has not, even where an earlier one is in force.
        """
        entries = self._entries(period)
        sent, begun = Exists(entries.filter(state__in=SENT)), Exists(entries)
        return self.filter(Q(sent) | ~Q(begun) & Q(self._in_force(period)))

    def not_reported(self, period: "Period") -> Self:
        """Keep those of which nobody has sent a figure of `period` yet."""
        entries = self._entries(period)
        sent, begun = Exists(entries.filter(state__in=SENT)), Exists(entries)
        return self.filter(~Q(sent), Q(begun) | ~Q(self._in_force(period)))

    def _entries(self, period: "Period") -> models.QuerySet:
        rows = self.model._meta.get_field("entries").related_model._default_manager
        return rows.filter(kpi=OuterRef("pk"), period=period.code)

    def _in_force(self, period: "Period") -> Exists:
        series = self.model._meta.get_field("series").related_model
        actuals = series._meta.get_field("actuals").related_model._default_manager
        return Exists(
            actuals.filter(
                series=OuterRef("series"), period=period.code, state="approved"
            )
        )

    def open_in(self, *, unit: str | None = None, year: int | None = None) -> Self:
        """Keep the KPIs of cards not closed, of one unit and year where given."""
        wanted = ~Q(scorecard__status=Scorecard.Status.CLOSED)
        if unit is not None:
            wanted &= Q(scorecard__unit__code=unit)
        if year is not None:
            wanted &= Q(scorecard__year=year)
        return self.filter(wanted)
