"""Files that were brought in, what they would change, and how it ended."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bsc.models import Job, Unit
from sheets.forms.headings import bare_heading
from sheets.forms.wordings import BUILT_IN
from sheets.querysets import ColumnWordingQuerySet, ImportBatchQuerySet


class ImportBatch(models.Model):
    """One uploaded file: its checksum, its proposal and its verdict.

    `options` are what the person said: unit, year and plan. `proposal` is what
    `import_sheet --json` prints for a dry run; `verdict` the same after applying.
    `answers` are what was chosen, by the key of an issue; `undo` is what applying
    wrote (see `sheets.services.records`), None where nothing can be undone.
    `pictures` outlines the sheets as they look (see `sheets.pictures`); `pages` holds
    their rows.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be read")
        PROPOSED = "proposed", _("ready to apply")
        REFUSED = "refused", _("refused")
        RUNNING = "running", _("being applied")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")
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
    answers = models.JSONField(default=dict, blank=True)
    undo = models.BinaryField(null=True)
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
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("applied by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class SheetPage(models.Model):
    """Some rows of one sheet of an uploaded file as they look, packed.

    `sheet` and `number` count from 1; how the rows are packed, and how many a page
    has, `sheets.pictures` knows.
    """

    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="pages"
    )
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    rows = models.BinaryField()

    class Meta:
        verbose_name = _("page of a sheet")
        verbose_name_plural = _("pages of sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sheet", "number"], name="sheet_page_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.sheet}, {self.number}"


class ColumnWording(models.Model):
    """Words by which offices head a column, beside those that all offices use.

    `bare` is what headings are compared by: `words` squashed, without year and unit
    of money.
    """

    class Column(models.TextChoices):
        PERSPECTIVE = "perspective", _("perspective")
        OBJECTIVE = "objective", _("strategic objective")
        OBJECTIVE_CODE = "objective_code", _("code of the objective")
        FACTOR = "factor", _("key success factor")
        KPI = "kpi", _("KPI")
        KPI_CODE = "kpi_code", _("code of the KPI")
        FORMULA = "formula", _("formula")
        MEASURE = "measure", _("unit of measure")
        DIRECTION = "direction", _("direction")
        ACTUAL = "actual", _("actual")
        TARGET = "target", _("target")
        KPI_OWNER = "kpi_owner", _("responsible for the KPI")
        PLAN = "plan", _("action plan")
        PLAN_CODE = "plan_code", _("code of the action plan")
        PLAN_OWNER = "plan_owner", _("responsible for the action plan")
        BUDGET = "budget", _("budget")
        ACHIEVEMENT = "achievement", _("achievement")
        INNOVATION = "innovation", _("innovation")
        CHALLENGE = "challenge", _("challenge")
        CONTRIBUTION = "contribution", _("contribution")
        TOTAL = "total", _("total")
        LIGHT = "light", _("light")

    class Stage(models.TextChoices):
        PRELIMINARY = "preliminary", _("preliminary estimate (預編)")
        ESTIMATE = "estimate", _("estimate (已編)")
        BUDGET = "budget", _("budget (預算)")
        FINAL = "final", _("final accounts (決算)")

    words = models.CharField(_("heading"), max_length=60)
    bare = models.CharField(max_length=60, unique=True, editable=False)
    column = models.CharField(_("column"), max_length=14, choices=Column)
    stage = models.CharField(
        _("stage of the budget"), max_length=11, choices=Stage, blank=True
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = ColumnWordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a column")
        verbose_name_plural = _("wordings of columns")
        ordering = ["column", "bare"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(column="budget") & ~models.Q(stage="")
                | ~models.Q(column="budget") & models.Q(stage=""),
                name="wording_of_a_budget_has_a_stage",
                violation_error_message=_(
                    "A budget has a stage, and no other column has one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.get_column_display()}"

    def clean(self) -> None:
        self.bare = bare_heading(self.words)
        if not self.bare:
            raise ValidationError({"words": _("This heading has no words.")})
        if self.bare in BUILT_IN.words:
            raise ValidationError({"words": _("This heading is known already.")})
        if type(self).objects.filter(bare=self.bare).exclude(pk=self.pk).exists():
            raise ValidationError({"words": _("This heading was added already.")})
