"""What became of KPIs in later cards."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models import LineageStep
from kpi.models.kpis import Kpi


class KpiLineage(LineageStep):
    """What became of a KPI in a later card.

    Two KPIs joined by a step that is not "replaced" are of one series.
    """

    earlier = models.ForeignKey(
        Kpi, on_delete=models.CASCADE, related_name="later_steps"
    )
    later = models.ForeignKey(
        Kpi, on_delete=models.CASCADE, related_name="earlier_steps"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lineage of a KPI")
        verbose_name_plural = _("lineages of KPIs")
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="kpi_lineage_once"
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="kpi_lineage_joins_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"

    @property
    def has_definition_break(self) -> bool:
        """Figures go on under another name: they may not be comparable."""
        return self.kind == self.Kind.RENAMED

    @property
    def is_doubtful(self) -> bool:
        """A person should say whether it is so: name or measure is another."""
        return self.kind in (self.Kind.RENAMED, self.Kind.REPLACED)
