"""What people are told, and the government's calendar of working days."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.querysets import NoticeQuerySet, WorkDayQuerySet


class Notice(models.Model):
    """Something a person is told: in the inbox, and by mail.

    `kind` and `parameters` are put into words by whoever shows them; `key` names what
    it is about, so that nobody is told the same thing twice.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(max_length=100)
    parameters = models.JSONField(default=dict, blank=True)
    url = models.CharField(_("leads to"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("told"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_failures = models.PositiveSmallIntegerField(_("failed mails"), default=0)
    mail_error = models.CharField(_("why not mailed"), max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], name="notice_told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(mailed_at__isnull=True),
                name="notice_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WorkDay(models.Model):
    """A day on which the government calendar differs from the week, or confirms it.

    Days without a row are working days from Monday to Friday.
    """

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    history = HistoricalRecords()

    objects = WorkDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
