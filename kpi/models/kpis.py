"""KPIs: one definition a card, one series through the years."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models import Objective, Scorecard, SuccessFactor, Unit
from kpi.querysets import KpiQuerySet


class Series(models.Model):
    """One KPI through all its years and codes; figures hang on it, not on a code."""

    name = models.CharField(_("name"), max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.name


class Kpi(models.Model):
    """One card's definition of a KPI.

    `text` and `formula_cell` are the cells as printed; `formula_text`, `measure`,
    `direction` and `notes` are what they say. `decimals` are those of the actual. One
    that is withdrawn is no longer part of its card's plan; its figures stay.
    """

    class Direction(models.TextChoices):
        POSITIVE = "positive", _("higher is better")
        NEGATIVE = "negative", _("lower is better")
        UNCONFIRMED = "unconfirmed", _("unconfirmed")

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="kpis")
    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="kpis"
    )
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="kpis"
    )
    success_factor = models.ForeignKey(
        SuccessFactor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kpis",
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    text = models.CharField(_("as printed"), max_length=240, blank=True)
    result_name = models.CharField(_("name in the results"), max_length=200, blank=True)
    formula_text = models.TextField(_("formula"), blank=True)
    expression = models.TextField(
        _("formula as it is reckoned"),
        blank=True,
        help_text=_("Empty: the published formula is read as it stands."),
    )
    formula_cell = models.TextField(_("formula cell as printed"), blank=True)
    measure = models.CharField(_("unit of measure"), max_length=20, blank=True)
    measure_text = models.CharField(
        _("unit of measure as printed"), max_length=40, blank=True
    )
    rate_base = models.PositiveIntegerField(_("rate base"), null=True, blank=True)
    direction = models.CharField(
        _("direction"), max_length=11, choices=Direction, default=Direction.UNCONFIRMED
    )
    direction_basis = models.CharField(
        _("where the direction comes from"), max_length=20, blank=True
    )
    minimum = models.DecimalField(
        _("natural minimum"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    maximum = models.DecimalField(
        _("natural maximum"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    window = models.CharField(_("window of time"), max_length=100, blank=True)
    cut_off = models.CharField(_("cut-off date"), max_length=100, blank=True)
    population = models.CharField(_("population"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2)
    achievement_decimals = models.PositiveSmallIntegerField(
        _("decimals of the achievement"), default=1
    )
    weight = models.DecimalField(
        _("weight"),
        max_digits=8,
        decimal_places=4,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0))],
    )
    is_exempt = models.BooleanField(_("exempt from evaluation"), default=False)
    exemption_reason = models.CharField(_("why exempt"), max_length=200, blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    units = models.ManyToManyField(Unit, through="KpiOwner", related_name="kpis")
    history = HistoricalRecords()

    objects = KpiQuerySet.as_manager()

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        ordering = ["scorecard", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "code"], name="kpi_code_once"),
            models.CheckConstraint(
                condition=Q(is_exempt=True) | Q(exemption_reason=""),
                name="kpi_exemption_has_its_flag",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("reports:kpi", kwargs={"pk": self.pk})


class KpiOwner(models.Model):
    """A unit responsible for a KPI (主責科室), with its name as printed."""

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="owners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name as printed"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_editor = models.BooleanField(
        _("enters the figures"),
        default=False,
        help_text=_("Where several units are responsible, one enters; others sign."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("responsible unit")
        verbose_name_plural = _("responsible units")
        ordering = ["kpi", "position"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "unit"], name="kpi_owner_once"),
            models.UniqueConstraint(
                fields=["kpi"],
                condition=Q(is_editor=True),
                name="kpi_has_one_editor",
                violation_error_message=_("One unit enters the figures of a KPI."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
