"""Questions to the tables of KPIs."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from bsc.models import Scorecard

if TYPE_CHECKING:
    from bsc.models import User


class KpiQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep the KPIs of the cards that `user` may see."""
        return self.filter(scorecard__in=Scorecard.objects.visible_to(user))

    def open_in(self, *, unit: str | None = None, year: int | None = None) -> Self:
        """Keep the KPIs of cards not closed, of one unit and year where given."""
        wanted = ~Q(scorecard__status=Scorecard.Status.CLOSED)
        if unit is not None:
            wanted &= Q(scorecard__unit__code=unit)
        if year is not None:
            wanted &= Q(scorecard__year=year)
        return self.filter(wanted)
