"""Files that people give as evidence; stored outside the web root."""

from pathlib import PurePath
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bsc.models.units import Unit


def _place(evidence: "Evidence", name: str) -> str:
    """Return a path that tells nothing of the file but its kind."""
    return f"evidence/{uuid4().hex}{PurePath(name).suffix.lower()}"


class Evidence(models.Model):
    """A file that proves a figure, as it was kept: checked, and without its authors.

    `content_type` is what its content was found to be, whatever its name says.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="evidence"
    )
    file = models.FileField(_("file"), upload_to=_place, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name
