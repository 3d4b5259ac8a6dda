"""Closed years: the seal of a card, and corrections beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard
from kpi.models.kpis import Kpi


class Seal(models.Model):
    """What a card said when its year was closed: canonical JSON, and its SHA-256."""

    scorecard = models.OneToOneField(
        Scorecard, on_delete=models.PROTECT, related_name="seal"
    )
    content = models.TextField(_("content"), editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, editable=False)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    sealed_at = models.DateTimeField(_("closed"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return self.digest


class Erratum(models.Model):
    """A correction beside a closed card; the sealed content stays as it is.

    `printed` is what the sealed card says, `corrected` what it should have said.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="errata"
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, null=True, blank=True, related_name="errata"
    )
    period = models.CharField(_("period"), max_length=7, blank=True)
    what = models.CharField(_("what is corrected"), max_length=100)
    printed = models.CharField(_("as sealed"), max_length=500)
    corrected = models.CharField(_("corrected"), max_length=500)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["scorecard", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="erratum_says_why"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False),
                name="erratum_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.printed} → {self.corrected}"
