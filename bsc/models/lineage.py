"""What became of things in a later card (沿革)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc import matching
from bsc.models.people import User
from bsc.models.strategy import Objective, Theme


class LineageStep(models.Model):
    """From a thing of one card to its successor in a later one.

    Found by name and place when a card is imported, and proposed so: `confirmed_at`
    is empty until a person has said that it is so. Something new has no step that
    leads to it, and what is gone has none that leads on.
    """

    class Kind(models.TextChoices):
        SAME = matching.Kind.SAME.value, _("the same")
        RENUMBERED = matching.Kind.RENUMBERED.value, _("under another code")
        MOVED = matching.Kind.MOVED.value, _("moved")
        RENAMED = matching.Kind.RENAMED.value, _("renamed")
        SPLIT = matching.Kind.SPLIT.value, _("split")
        MERGED = matching.Kind.MERGED.value, _("merged")
        REPLACED = matching.Kind.REPLACED.value, _("replaced by another")

    kind = models.CharField(_("what became of it"), max_length=10, choices=Kind)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User,
        verbose_name=_("confirmed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        abstract = True


class ThemeLineage(LineageStep):
    """What became of a strategic theme in a later card."""

    earlier = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="later_steps"
    )
    later = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="earlier_steps"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lineage of a theme")
        verbose_name_plural = _("lineages of themes")
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="theme_lineage_once"
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="theme_lineage_joins_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


class ObjectiveLineage(LineageStep):
    """What became of a strategic objective in a later card."""

    earlier = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="later_steps"
    )
    later = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="earlier_steps"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lineage of an objective")
        verbose_name_plural = _("lineages of objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="objective_lineage_once"
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="objective_lineage_joins_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"
