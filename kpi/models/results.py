"""Rules by which KPIs are rated, and what the rules gave."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.periods import roc
from kpi.models.kpis import Kpi


class Light(models.TextChoices):
    EXCELLENT = "excellent", _("excellent")
    GOOD = "good", _("good")
    FAIR = "fair", _("fair")
    POOR = "poor", _("poor")
    UNKNOWN = "unknown", _("performance unknown")


def _share(label: str) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )


_REST = (Decimal(1) - F("innovation_weight") - F("challenge_weight")) - F(
    "contribution_weight"
)


class RatingRules(models.Model):
    """How KPIs of one level are rated from one year on, and where that comes from."""

    class Level(models.TextChoices):
        CITY = "city", _("city")
        BUREAU = "bureau", _("bureau")
        CENTRE = "centre", _("centre")

    class Standing(models.TextChoices):
        ANNOUNCED = "announced", _("announced")
        INFERRED = "inferred", _("inferred")
        DEFAULT = "default", _("default")

    class Basis(models.TextChoices):
        TOTAL = "total", _("the total")
        ACHIEVEMENT = "achievement", _("the achievement")
        BY_HAND = "by-hand", _("by hand, with a reason")
        QUOTA = "quota", _("a quota")

    class ZeroTarget(models.TextChoices):
        FULL_WHEN_REACHED = "full-when-reached", _("full points when reached")
        NOTHING = "nothing", _("no total")

    level = models.CharField(_("level"), max_length=6, choices=Level)
    year = models.PositiveSmallIntegerField(_("from year"))
    standing = models.CharField(_("standing"), max_length=9, choices=Standing)
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_adopted = models.BooleanField(
        _("adopted"),
        default=True,
        help_text=_("Default bands give no light until a planner adopts them."),
    )
    basis = models.CharField(
        _("the light follows"), max_length=11, choices=Basis, default=Basis.TOTAL
    )
    uses_self_rating = models.BooleanField(_("uses self-ratings"), default=True)
    achievement_weight = _share(_("weight of the achievement"))
    innovation_weight = _share(_("weight of innovation"))
    challenge_weight = _share(_("weight of challenge"))
    contribution_weight = _share(_("weight of contribution"))
    clamp_low = models.DecimalField(
        _("counted from"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(0),
        null=True,
        blank=True,
    )
    clamp_high = models.DecimalField(
        _("counted up to"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(100),
        null=True,
        blank=True,
    )
    total_decimals = models.PositiveSmallIntegerField(
        _("decimals of the total"), default=1
    )
    zero_target = models.CharField(
        _("where the target is 0"),
        max_length=20,
        choices=ZeroTarget,
        default=ZeroTarget.FULL_WHEN_REACHED,
    )
    minimum_rated = models.PositiveSmallIntegerField(
        _("fewest rated KPIs of a roll-up"), default=1
    )
    document = models.CharField(_("document number"), max_length=100, blank=True)
    source = models.TextField(_("source"), blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rating rules")
        verbose_name_plural = _("rating rules")
        ordering = ["level", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "year", "uses_self_rating"],
                name="rating_rules_per_level_and_year",
            ),
            models.CheckConstraint(
                # SQLite keeps decimals as floats, so the sum is held to a hair.
                condition=Q(uses_self_rating=False)
                | Q(
                    achievement_weight__gte=_REST - Decimal("0.00005"),
                    achievement_weight__lte=_REST + Decimal("0.00005"),
                ),
                name="rating_rules_weights_sum_to_one",
                violation_error_message=_("The weights sum to 100%."),
            ),
            models.CheckConstraint(
                condition=~Q(standing="announced") | ~Q(document=""),
                name="announced_rules_name_their_document",
                violation_error_message=_("Announced rules name their document."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{roc(self.year)} {self.get_level_display()}"


class LightBand(models.Model):
    """A band of the light: from `lower` (inclusive) up; none for the lowest.

    Of an inferred bound, `above` and `at_most` are what the published rows allow.
    """

    rules = models.ForeignKey(
        RatingRules, on_delete=models.CASCADE, related_name="bands"
    )
    light = models.CharField(_("light"), max_length=9, choices=Light)
    lower = models.DecimalField(
        _("from"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    above = models.DecimalField(
        _("lies above"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    at_most = models.DecimalField(
        _("lies at most at"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("band of lights")
        verbose_name_plural = _("bands of lights")
        ordering = ["rules", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rules", "light"], name="light_band_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_light_display()} ≥ {self.lower}"


class Result(models.Model):
    """What the rules give for one KPI, period and standing.

    `achievement` is in percent, to six decimals; `total` in points. `trace` lists
    the steps as `[code, parameters]`; `fingerprint` stands for all inputs, so that
    unchanged ones are not written again.
    """

    class Standing(models.TextChoices):
        OFFICIAL = "official", _("official")
        PROVISIONAL = "provisional", _("provisional")

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="results")
    period = models.CharField(_("period"), max_length=7)
    standing = models.CharField(
        _("standing"), max_length=11, choices=Standing, default=Standing.OFFICIAL
    )
    achievement = models.DecimalField(
        _("achievement"), max_digits=20, decimal_places=6, null=True
    )
    is_reached = models.BooleanField(_("reached"), null=True)
    total = models.DecimalField(_("total"), max_digits=8, decimal_places=4, null=True)
    light = models.CharField(
        _("light"), max_length=9, choices=Light, default=Light.UNKNOWN
    )
    trace = models.JSONField(_("how it was reckoned"), default=list)
    rules = models.ForeignKey(
        RatingRules, on_delete=models.PROTECT, null=True, related_name="results"
    )
    fingerprint = models.CharField(max_length=32)
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["kpi", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period", "standing"], name="result_per_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.total} {self.get_light_display()}"


class PublishedResult(models.Model):
    """A row of a results sheet as printed; never recomputed, and official.

    Texts are the cells; numbers are what they say, None where they say none.
    """

    kpi = models.ForeignKey(
        Kpi, on_delete=models.CASCADE, related_name="published_results"
    )
    period = models.CharField(_("period"), max_length=7)
    achievement = models.DecimalField(
        _("achievement"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    total = models.DecimalField(
        _("total"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    light = models.CharField(
        _("light"), max_length=9, choices=Light, default=Light.UNKNOWN
    )
    texts = models.JSONField(
        _("cells as printed"),
        default=dict,
        help_text=_(
            "kpi, target, actual, achievement, innovation, challenge, contribution,"
            " total, light"
        ),
    )
    exemption_text = models.CharField(
        _("exemption as printed"), max_length=200, blank=True
    )
    sheet = models.CharField(max_length=100, blank=True)
    cell = models.CharField(max_length=10, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ["kpi", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period"], name="published_result_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.total} {self.get_light_display()}"
