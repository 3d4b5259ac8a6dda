"""Units of the organisation and the names they bore."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from treebeard.mp_tree import MP_Node

from bsc.querysets import UnitManager


class Unit(MP_Node):
    """A part of the city government: the city itself, a group, a bureau, a section.

    `name` is what it is called today; a year's page prints `name_in(year)`. What a
    simulated unit holds is invented, and never shown among the figures of real ones.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        GROUP = "group", _("group")
        BUREAU = "bureau", _("bureau")
        CENTRE = "centre", _("centre")
        SECTION = "section", _("section")
        PROGRAMME = "programme", _("programme")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    lead = models.ForeignKey(
        "self",
        verbose_name=_("lead unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_groups",
    )
    is_open = models.BooleanField(_("in use"), default=True)
    is_simulated = models.BooleanField(
        _("simulated"),
        default=False,
        editable=False,
        help_text=_("Its figures are invented; units below it are simulated too."),
    )
    history = HistoricalRecords(excluded_fields=["path", "depth", "numchild"])

    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def name_in(self, year: int) -> str:
        """Return the official name it bore in `year`; today's where none is noted.

        Costs no query where `names` is prefetched.
        """
        for name in self.names.all():
            if name.kind == UnitName.Kind.OFFICIAL and name.holds_in(year):
                return name.name
        return self.name


class UnitName(models.Model):
    """A name a unit is known by: official for some years, or an alias on a sheet."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official name")
        SHORT = "short", _("short name")
        ALIAS = "alias", _("alias")

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="names"
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.ALIAS)
    year_from = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(
        _("until year"), null=True, blank=True
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("name of a unit")
        verbose_name_plural = _("names of units")
        ordering = ["unit", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="unit_name_once"),
            models.CheckConstraint(
                condition=Q(year_from__isnull=True)
                | Q(year_until__isnull=True)
                | Q(year_from__lte=F("year_until")),
                name="unit_name_years_in_order",
                violation_error_message=_("A name ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_in(self, year: int) -> bool:
        return (self.year_from or 0) <= year <= (self.year_until or 9999)
