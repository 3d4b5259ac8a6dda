"""Files that were brought in, what they would change, and how it ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bsc.models import Job, Unit
from sheets.querysets import ImportBatchQuerySet


class ImportBatch(models.Model):
    """One uploaded file: its checksum, its proposal and its verdict.

    `options` are what the person said: unit, year and plan. `proposal` is what
    `import_sheet --json` prints for a dry run; `verdict` the same after applying.
    `pictures` are the sheets as they look (see `sheets.pictures`).
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be read")
        PROPOSED = "proposed", _("ready to apply")
        REFUSED = "refused", _("refused")
        RUNNING = "running", _("being applied")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    file = models.FileField(_("file"), upload_to="imports/%Y/", max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    checksum = models.CharField(_("SHA-256"), max_length=64)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
    )
    options = models.JSONField(default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.UPLOADED
    )
    pictures = models.JSONField(default=list, blank=True)
    proposal = models.JSONField(default=dict, blank=True)
    verdict = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="imports",
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
