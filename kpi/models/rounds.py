"""Rounds: when the figures of a period are entered, checked and approved."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models import Scorecard
from kpi.querysets import RoundQuerySet


class Round(models.Model):
    """The days by which some cards' figures of one period go their way (填報期間).

    Sections send until `due_on`, their heads check until `check_due_on`, the cards'
    units approve until `approve_due_on`. After `closes_on` an entry is taken with a
    reason, or refused where `refuses_late` is set.
    """

    name = models.CharField(_("name"), max_length=100)
    period = models.CharField(_("period"), max_length=7)
    scorecards = models.ManyToManyField(
        Scorecard, verbose_name=_("scorecards"), related_name="rounds"
    )
    opens_on = models.DateField(_("opens"))
    due_on = models.DateField(_("due"))
    check_due_on = models.DateField(_("checked by"))
    approve_due_on = models.DateField(_("approved by"))
    closes_on = models.DateField(_("closes"))
    refuses_late = models.BooleanField(_("takes no late entries"), default=False)
    history = HistoricalRecords()

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of reporting")
        verbose_name_plural = _("rounds of reporting")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on"))
                & Q(check_due_on__gte=F("due_on"))
                & Q(approve_due_on__gte=F("check_due_on"))
                & Q(closes_on__gte=F("due_on")),
                name="round_days_follow_each_other",
                violation_error_message=_("The days of a round follow each other."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpi:round", kwargs={"pk": self.pk})

    @property
    def days(self) -> tuple[date, ...]:
        return (
            self.opens_on,
            self.due_on,
            self.check_due_on,
            self.approve_due_on,
            self.closes_on,
        )
