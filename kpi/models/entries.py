"""Figures on their way: what a section enters, and each step of its review."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bsc.models import Evidence, Unit
from kpi.models.figures import Figure, State
from kpi.models.kpis import Kpi
from kpi.querysets import EntryQuerySet


class Entry(Figure):
    """A figure on its way from a section to the card's unit: one per KPI and period.

    `typed` keeps every box as it was typed (name of the box → text), also what is not
    yet right; the columns of the figure are what the boxes say, and are empty where
    they say nothing yet. `typed_by` tells who typed a box last, and when: name of the
    box → `{"by", "who", "at"}`; `writers` are all who ever typed into it. `ratings` are
    the points given so far, by level of `SelfRating.Level`: `{"innovation",
    "challenge", "contribution", "basis", "light", "by"}`. `confirmed` maps keys of
    checks to the value they were confirmed for. `stood` is what was in force when it
    began: `{"value", "text", "absence"}`, empty where nothing was. Once approved it
    stays, and a reopening begins from it.
    """

    State = State

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="entries")
    period = models.CharField(_("period"), max_length=7)
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    typed = models.JSONField(_("as typed"), default=dict, blank=True)
    typed_by = models.JSONField(_("who typed it"), default=dict, blank=True)
    ratings = models.JSONField(_("points"), default=dict, blank=True)
    confirmed = models.JSONField(_("confirmed checks"), default=dict, blank=True)
    stood = models.JSONField(_("in force before"), default=dict, blank=True)
    evidence = models.ManyToManyField(
        Evidence, verbose_name=_("evidence"), blank=True, related_name="entries"
    )
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("typed by"),
        blank=True,
        related_name="+",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["kpi", "period"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "period"], name="entry_per_period"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.RETURNED])
                | Q(value__isnull=False, text="", absence="")
                | Q(value__isnull=True, absence="") & ~Q(text="")
                | Q(value__isnull=True, text="") & ~Q(absence=""),
                name="entry_sent_is_one_of_value_text_absence",
                violation_error_message=_("Give a value, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(month_from__isnull=True, month_until__isnull=True)
                | Q(
                    month_from__gte=1,
                    month_until__lte=12,
                    month_from__lte=F("month_until"),
                ),
                name="entry_months_are_of_the_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} {self.period} {self.get_state_display()}"

    @property
    def is_editable(self) -> bool:
        return self.state in {State.DRAFT, State.RETURNED}


class ReviewStep(models.Model):
    """One step of an entry's review: who did what, when, and with which note.

    `said` is what the entry said then: `{"value", "text", "absence", "inputs"}`. A
    reopening is by who asked for it, and `agreed_by` is the manager who approved it.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        RECALLED = "recalled", _("taken back")
        SIGNED = "signed", _("co-signed")
        CHECKED = "checked", _("checked by the section")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")
        ASKED = "asked", _("asked to reopen")
        REOPENED = "reopened", _("reopened")
        REFUSED = "refused", _("not reopened")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(_("step"), max_length=9, choices=Action)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("for the unit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agreed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)
    said = models.JSONField(_("what the entry said"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("step of review")
        verbose_name_plural = _("steps of review")
        ordering = ["entry", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["returned", "asked", "reopened", "refused"])
                | ~Q(note=""),
                name="review_step_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=~Q(action="reopened")
                | Q(agreed_by__isnull=False) & ~Q(agreed_by=F("by")),
                name="review_step_reopened_by_two",
                violation_error_message=_("Two people reopen a figure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.by}"
