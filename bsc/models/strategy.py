"""Scorecards and what stands on their strategy maps."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models.units import Unit
from bsc.periods import roc
from bsc.querysets import ScorecardQuerySet

MAIN_PLAN = "bsc"


class Scorecard(models.Model):
    """The plan of one unit for one year, with its mission, vision and core values.

    `parent_text` is the theme or objective of the level above as the map prints it;
    `parent_theme` and `parent_objective` are what it was found to be. A card that
    *is* a theme of another card, such as E組's, names it in `fills_theme`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in-force", _("in force")
        CLOSED = "closed", _("closed")

    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="scorecards",
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1912), MaxValueValidator(2111)]
    )
    plan = models.SlugField(_("plan"), max_length=40, default=MAIN_PLAN)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.IN_FORCE
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    map_title = models.CharField(_("title of the map"), max_length=200, blank=True)
    mission = models.CharField(_("mission"), max_length=300, blank=True)
    vision = models.CharField(_("vision"), max_length=300, blank=True)
    core_values = models.JSONField(_("core values"), default=list, blank=True)
    core_values_text = models.CharField(
        _("core values as printed"), max_length=300, blank=True
    )
    parent_text = models.CharField(
        _("belongs to, as printed"), max_length=200, blank=True
    )
    parent_theme = models.ForeignKey(
        "Theme",
        verbose_name=_("theme above"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cards_below",
    )
    parent_objective = models.ForeignKey(
        "Objective",
        verbose_name=_("objective above"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cards_below",
    )
    fills_theme = models.ForeignKey(
        "Theme",
        verbose_name=_("is the theme"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="filled_by",
    )
    history = HistoricalRecords()

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("balanced scorecard")
        verbose_name_plural = _("balanced scorecards")
        ordering = ["unit", "year", "plan"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "plan"], name="scorecard_per_unit_year_plan"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1912, year__lte=2111),
                name="scorecard_year_is_possible",
                violation_error_message=_("This year is not possible."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.roc_year}"

    def get_absolute_url(self) -> str:
        return self.url_of("map")

    @property
    def roc_year(self) -> int:
        return roc(self.year)

    def url_of(self, tab: str) -> str:
        """Return the address of one of its tabs: map, scorecard, results, lights."""
        parts = {"code": self.unit.code, "year": self.year}
        if self.plan != MAIN_PLAN:
            return reverse(f"reports:plan-{tab}", kwargs={**parts, "plan": self.plan})
        return reverse(f"reports:{tab}", kwargs=parts)


class Theme(models.Model):
    """A strategic theme (策略主題), or a group of a plan without a map."""

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="themes"
    )
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=100)
    label = models.CharField(_("as printed"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("strategic theme")
        verbose_name_plural = _("strategic themes")
        ordering = ["scorecard", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "code"], name="theme_code_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ThemeMember(models.Model):
    """A unit that works on a theme: the lead (主政) or a member, as printed.

    `line` is the printed line, counted from 1; units of one line belong together.
    """

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(_("name as printed"), max_length=60)
    is_lead = models.BooleanField(_("lead"), default=False)
    line = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("member of a theme")
        verbose_name_plural = _("members of themes")
        ordering = ["theme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "unit"], name="theme_member_once")
        ]

    def __str__(self) -> str:
        return self.name


class Perspective(models.Model):
    """A perspective (構面) of one card. Letter, name and order are the card's own."""

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="perspectives"
    )
    code = models.CharField(_("code"), max_length=4)
    name = models.CharField(_("name"), max_length=40)
    map_label = models.CharField(_("as the map prints it"), max_length=60, blank=True)
    table_label = models.CharField(
        _("as the table prints it"), max_length=60, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("perspective")
        verbose_name_plural = _("perspectives")
        ordering = ["scorecard", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "code"], name="perspective_code_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Objective(models.Model):
    """A strategic objective (策略目標).

    Where it is drawn comes from the cells of the map: `row` is the top row or its
    perspective, `first_theme` to `last_theme` the columns it spans. The code is a
    label; `code_text` is how it was printed where that differs. `map_name` and
    `table_name` keep what each sheet prints, and `name` the one in use.
    `same_as` is the objective of another card that this one *is*.
    """

    class Row(models.TextChoices):
        TOP = "top", _("above the perspectives")
        PERSPECTIVE = "perspective", _("in its perspective")

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="objectives"
    )
    theme = models.ForeignKey(
        Theme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objectives",
    )
    perspective = models.ForeignKey(
        Perspective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objectives",
    )
    code = models.CharField(_("code"), max_length=20)
    code_text = models.CharField(_("code as printed"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=200)
    map_name = models.CharField(_("name on the map"), max_length=200, blank=True)
    table_name = models.CharField(_("name in the table"), max_length=200, blank=True)
    map_text = models.CharField(_("as the map prints it"), max_length=240, blank=True)
    table_text = models.CharField(
        _("as the table prints it"), max_length=240, blank=True
    )
    mark = models.CharField(_("mark"), max_length=20, blank=True)
    row = models.CharField(max_length=11, choices=Row, default=Row.PERSPECTIVE)
    first_theme = models.ForeignKey(
        Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_theme = models.ForeignKey(
        Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    same_as = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="mirrors"
    )
    supports = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="supported_by",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("strategic objective")
        verbose_name_plural = _("strategic objectives")
        ordering = ["scorecard", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "code"], name="objective_code_once"
            ),
            models.CheckConstraint(
                condition=~Q(same_as=F("pk")) & ~Q(supports=F("pk")),
                name="objective_is_not_above_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("reports:objective", kwargs={"pk": self.pk})


class ObjectiveLink(models.Model):
    """An arrow of the map: what helps (cause) and what is helped (effect)."""

    cause = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="effect_links"
    )
    effect = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="cause_links"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("link of objectives")
        verbose_name_plural = _("links of objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "effect"], name="objective_link_once"
            ),
            models.CheckConstraint(
                condition=~Q(cause=F("effect")), name="objective_link_joins_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} → {self.effect}"


class SuccessFactor(models.Model):
    """A key success factor (KSF) of an objective; a KPI may name it as its own.

    The code is the printed one: an objective's or a KPI's, or none.
    """

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="success_factors"
    )
    code = models.CharField(_("code"), max_length=20, blank=True)
    name = models.CharField(_("text"), max_length=300)
    text = models.CharField(_("as printed"), max_length=320, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("key success factor")
        verbose_name_plural = _("key success factors")
        ordering = ["objective", "position", "pk"]

    def __str__(self) -> str:
        return self.name
