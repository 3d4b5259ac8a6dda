"""Targets, actuals, what cards print of them, and self-ratings."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models import Scorecard
from kpi.models.kpis import Kpi, Series
from kpi.models.results import Light


class Comparator(models.TextChoices):
    AT_LEAST = "≥", "≥"
    MORE_THAN = ">", ">"
    AT_MOST = "≤", "≤"
    LESS_THAN = "<", "<"
    EXACTLY = "=", "="


class Absence(models.TextChoices):
    NOT_MEASURED = "not-measured", _("no actual value")
    NO_STATISTICS = "no-statistics", _("no statistics available")
    NOT_APPLICABLE = "not-applicable", _("not applicable")


class Target(models.Model):
    """What a KPI is to reach in one year: a value, or words.

    `printed` is the cell as published. `parts` lists a target in parts, in printed
    order: `{"label", "value", "comparator"}`, values as decimal strings.
    """

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator, blank=True
    )
    text = models.CharField(_("in words"), max_length=200, blank=True)
    printed = models.CharField(_("as printed"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    parts = models.JSONField(_("parts"), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kpi", "year"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "year"], name="target_per_year"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, text="")
                | Q(value__isnull=True) & ~Q(text=""),
                name="target_is_value_or_text",
                violation_error_message=_("Give a value, or say it in words."),
            ),
        ]

    def __str__(self) -> str:
        return self.printed or self.text or f"{self.comparator}{self.value}"


class State(models.TextChoices):
    """How far a figure is on its way from the section to the card's unit."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CHECKED = "checked", _("checked by the section")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned")


class Control(models.TextChoices):
    """Whether the cause of a missed target lies with the agency (原因類別)."""

    INSIDE = "inside", _("within our control")
    OUTSIDE = "outside", _("outside our control")


class Figure(models.Model):
    """What a figure says: a number, words or why there is none, and its explanation.

    `month_from` and `month_until` bound a part of the year that it covers. `parts`
    lists a figure in parts as `Target.parts` does; `exclusions` what was left out:
    `{"amount", "reason", "document"}`. `computation` keeps how a formula gave the
    value: `{"expression", "inputs": [{"label", "period", "value"}]}`, with values as
    decimal strings; empty where the value was typed.
    """

    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    text = models.CharField(_("in words"), max_length=200, blank=True)
    absence = models.CharField(
        _("why there is no number"), max_length=14, choices=Absence, blank=True
    )
    is_reached = models.BooleanField(
        _("reached, as stated by a person"), null=True, blank=True
    )
    parts = models.JSONField(_("parts"), default=list, blank=True)
    exclusions = models.JSONField(_("exclusions"), default=list, blank=True)
    month_from = models.PositiveSmallIntegerField(null=True, blank=True)
    month_until = models.PositiveSmallIntegerField(null=True, blank=True)
    computation = models.JSONField(_("computation"), default=dict, blank=True)
    absence_reason = models.CharField(
        _("reason why there is no number"), max_length=500, blank=True
    )
    control = models.CharField(
        _("kind of cause"), max_length=7, choices=Control, blank=True
    )
    explanation = models.TextField(_("cause"), blank=True)
    remedy = models.TextField(_("remedy"), blank=True)
    remedy_due_on = models.DateField(_("remedy due"), null=True, blank=True)
    late_reason = models.CharField(_("why late"), max_length=500, blank=True)

    class Meta:
        abstract = True


class Actual(Figure):
    """What was measured for one series in one period, or why there is no number.

    This is the figure in force: charts and scores use it, tables print statements.
    A figure on its way is an `Entry`; approval brings it here, and what was approved
    before stays in force until then.
    """

    State = State

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="actuals")
    period = models.CharField(_("period"), max_length=7)
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("actual")
        verbose_name_plural = _("actuals")
        ordering = ["series", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period"], name="actual_per_period"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, text="", absence="")
                | Q(value__isnull=True, absence="") & ~Q(text="")
                | Q(value__isnull=True, text="") & ~Q(absence=""),
                name="actual_is_one_of_value_text_absence",
                violation_error_message=_("Give a value, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(month_from__isnull=True, month_until__isnull=True)
                | Q(
                    month_from__gte=1,
                    month_until__lte=12,
                    month_from__lte=F("month_until"),
                ),
                name="actual_months_are_of_the_year",
            ),
        ]

    def __str__(self) -> str:
        if self.absence:
            return str(self.get_absence_display())
        return self.text or str(self.value)


class ActualInput(models.Model):
    """A figure that the formula of an actual needs, as it was entered."""

    actual = models.ForeignKey(Actual, on_delete=models.CASCADE, related_name="inputs")
    label = models.CharField(_("input"), max_length=200)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("input")
        verbose_name_plural = _("inputs")
        ordering = ["actual", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["actual", "label"], name="actual_input_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


class Statement(models.Model):
    """What one card prints for a series and period; written once, never edited."""

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="statements"
    )
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, related_name="statements"
    )
    period = models.CharField(_("period"), max_length=7)
    text = models.CharField(_("as printed"), max_length=200)
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    comparator = models.CharField(max_length=1, choices=Comparator, blank=True)
    absence = models.CharField(max_length=14, choices=Absence, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    cell = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["scorecard", "series", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "series", "period"], name="statement_per_card"
            )
        ]

    def __str__(self) -> str:
        return self.text


def _points(label: str) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


class SelfRating(models.Model):
    """Innovation, challenge and contribution of one KPI and period, in points.

    `basis` says in words what they rest on. `light` is given only where the rules
    have lights given by hand, and `basis` is its reason then.
    """

    class Level(models.TextChoices):
        SELF = "self", _("self-rating")
        FIRST = "first", _("first review")
        SECOND = "second", _("second review")
        FINAL = "final", _("approval")

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="self_ratings")
    period = models.CharField(_("period"), max_length=7)
    level = models.CharField(
        _("level"), max_length=6, choices=Level, default=Level.SELF
    )
    innovation = _points(_("innovation"))
    challenge = _points(_("challenge"))
    contribution = _points(_("contribution"))
    basis = models.TextField(_("basis"), blank=True)
    light = models.CharField(
        _("light given by hand"), max_length=9, choices=Light, blank=True
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("self-rating")
        verbose_name_plural = _("self-ratings")
        ordering = ["kpi", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period", "level"], name="self_rating_per_level"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__isnull": True})
                    | Q(**{f"{part}__gte": 0, f"{part}__lte": 100}),
                    name=f"self_rating_{part}_in_points",
                    violation_error_message=_("Points go from 0 to 100."),
                )
                for part in ("innovation", "challenge", "contribution")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation}/{self.challenge}/{self.contribution}"
