"""Questions to the tables of KPIs."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import CharField, F, Q
from django.db.models.functions import Cast

from bsc.models import Scorecard

if TYPE_CHECKING:
    from bsc.models import User


class KpiQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep the KPIs of the cards that `user` may see."""
        return self.filter(scorecard__in=Scorecard.objects.visible_to(user))

    def in_plan(self) -> Self:
        """Keep the KPIs that were not withdrawn from their card's plan."""
        return self.filter(is_withdrawn=False)

    def with_figures(self) -> Self:
        """Keep the KPIs that have a figure: measured, printed, published or rated.

        What was measured counts for the year of the card, what it prints for any.
        """
        year = Cast("scorecard__year", CharField())
        return self.filter(
            Q(series__actuals__period__startswith=year)
            | Q(series__statements__scorecard=F("scorecard"))
            | Q(published_results__isnull=False)
            | Q(self_ratings__isnull=False)
        ).distinct()

    def open_in(self, *, unit: str | None = None, year: int | None = None) -> Self:
        """Keep the KPIs of cards not closed, of one unit and year where given."""
        wanted = ~Q(scorecard__status=Scorecard.Status.CLOSED)
        if unit is not None:
            wanted &= Q(scorecard__unit__code=unit)
        if year is not None:
            wanted &= Q(scorecard__year=year)
        return self.filter(wanted)
