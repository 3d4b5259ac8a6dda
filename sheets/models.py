"""Files that were brought in, what they would change, and how it ended."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bsc.models import Job, Objective, Unit
from sheets.forms.headings import bare_heading
from sheets.forms.wordings import BUILT_IN
from sheets.package.macros import MACRO_ENDINGS
from sheets.querysets import (
    ColumnWordingQuerySet,
    ImportBatchQuerySet,
    ImportDoubtQuerySet,
)


class ImportBatch(models.Model):
    """One uploaded file: its checksum, its proposal and its verdict.

    `options` are what the person said: unit, year and plan; under `macros` stands
    whether some were taken out of the file. `proposal` is what
    `import_sheet --json` prints for a dry run, `verdict` the same after applying: both
    without the doubts, which are rows of their own and only counted there.
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

    @property
    def issues(self) -> list[dict[str, Any]]:
        """All its doubts in their order, each as a page is told of it. One query."""
        return [doubt.as_issue() for doubt in self.doubts.all()]

    def delete(self, *args, **kwargs):
        """Delete the import, and with it its file and the copies made of it."""
        storage, name, folder = self.file.storage, self.file.name, self.copies_folder
        deleted = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: _delete_files(storage, name, folder))
        return deleted

    @property
    def copies_folder(self) -> str:
        """Where copies of its file are kept that were made by jobs."""
        return f"imports/copies/{self.pk}"

    @property
    def lost_macros(self) -> bool:
        """Say whether the file is kept without macros that it was sent with."""
        return self.options.get("macros") == "removed"

    @property
    def is_given_out(self) -> bool:
        """Say whether the kept file may be had: not one whose macros nobody looked for."""
        is_named_so = self.file_name.lower().endswith(MACRO_ENDINGS)
        return "macros" in self.options or not is_named_so

    @property
    def kept_name(self) -> str:
        """What the kept file is called: a workbook whose macros went is a plain one."""
        path = PurePath(self.file_name)
        is_plain_now = self.lost_macros and path.suffix.lower() in MACRO_ENDINGS
        return f"{path.stem}.xlsx" if is_plain_now else self.file_name


class ImportDoubt(models.Model):
    """One doubt of an import, in the order in which its page lists them.

    `number` counts from 1, `place` the same among those of its severity. `sheet` is ""
    for text and CSV, and where it is of the whole file; `row` is that of `cell`, None
    without one. `default` and `answer` are "" where there is none.
    `key` names the doubt in every proposal of the same file, and its answer.
    """

    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="doubts"
    )
    number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    severity = models.CharField(max_length=5)
    sheet = models.TextField(blank=True)
    is_of_file = models.BooleanField(default=False)
    cell = models.CharField(max_length=12, blank=True)
    row = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=40)
    key = models.TextField()
    params = models.JSONField(default=dict)
    default = models.TextField(blank=True)
    choices = models.JSONField(default=list)
    answer = models.TextField(blank=True)
    is_learned = models.BooleanField(default=False)
    is_answerable = models.BooleanField(default=False)

    objects = ImportDoubtQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubt of an import")
        verbose_name_plural = _("doubts of imports")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"], name="import_doubt_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["batch", "severity", "place"], name="import_doubt_listed"
            ),
            models.Index(fields=["batch", "row"], name="import_doubt_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.number} {self.code}"

    def as_issue(self) -> dict[str, Any]:
        """Return it as `Issue.as_json` tells it to a page, without its sentence."""
        return {
            "severity": self.severity,
            "sheet": None if self.is_of_file else self.sheet,
            "cell": self.cell or None,
            "code": self.code,
            "default": self.default or None,
            "params": self.params,
            "key": self.key,
            "choices": self.choices,
            "answer": self.answer or None,
            "learned": self.is_learned,
        }


def _delete_files(storage: Storage, name: str, folder: str) -> None:
    if name:
        storage.delete(name)
    if storage.exists(folder):
        for copy in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{copy}")
        storage.delete(folder)


class ObjectiveAnswer(models.Model):
    """Whether two objectives of one code and year are one, though named otherwise.

    `own` is of a group's card, `other` of its city's; a person has said so, asked by an
    import. Those of one name are one without an answer.
    """

    own = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    is_same = models.BooleanField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer about an objective")
        verbose_name_plural = _("answers about objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["own", "other"], name="objective_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.own_id}, {self.other_id}"


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
