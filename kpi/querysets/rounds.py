"""Questions to the table of rounds."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from bsc.models import Scorecard

if TYPE_CHECKING:
    from datetime import date

    from bsc.models import Unit

LONG_OVER = timedelta(days=60)


class RoundQuerySet(models.QuerySet):
    def seen_from(self, units: "models.QuerySet[Unit]") -> Self:
        """Keep the rounds of cards of `units`, or of KPIs that one of them enters."""
        keys = units.values("pk")
        cards = Scorecard.objects.filter(
            Q(unit__in=keys) | Q(kpis__owners__unit__in=keys)
        )
        return self.filter(scorecards__in=cards.values("pk")).distinct()

    def with_simulated(self) -> Self:
        """Add `is_simulated`: whether a card of a simulated unit is in the round."""
        cards = Scorecard.objects.filter(rounds=OuterRef("pk"), unit__is_simulated=True)
        return self.annotate(is_simulated=Exists(cards))

    def running(self, on: "date") -> Self:
        """Keep those that have opened, and whose approval is not long overdue."""
        return self.filter(opens_on__lte=on, approve_due_on__gte=on - LONG_OVER)
