"""Targets, actuals and rules as flat lists, out and in again."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field

from bsc import planning as plans
from bsc.admin_base import FlatListResource, PeriodWidget, YearWidget
from bsc.models import MAIN_PLAN, Scorecard, Unit, User
from bsc.periods import Period, common_era
from kpi import models, services
from kpi.services import entries, rulebook, targets

# How a flat list names the card that a row belongs to.
CARD_COLUMNS = ("unit", "card_year", "plan")


class KpiWidget(widgets.Widget):
    """The KPI of a row, found by its card's unit, year and plan and its code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Kpi:
        try:
            year = common_era(row["card_year"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError({"card_year": _("This is no year.")}) from error
        found = models.Kpi.objects.select_related("scorecard__unit").filter(
            code=value,
            scorecard__unit__code=row.get("unit"),
            scorecard__year=year,
            scorecard__plan=row.get("plan") or MAIN_PLAN,
        )
        kpi = found.first()
        if kpi is None:
            raise ValidationError({"kpi": _("This card has no such KPI.")})
        return kpi

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value is not None else ""


class ByAPerson(FlatListResource):
    """A list whose rows a service writes, in the name of `by`."""

    def __init__(
        self, units: Iterable[int] | None = None, *, by: User | None = None, **kwargs
    ) -> None:
        super().__init__(units, **kwargs)
        self.by = by


class OfAKpi(ByAPerson):
    """A list whose rows name a KPI by its card and code."""

    unit = Field(column_name="unit", readonly=True)
    card_year = Field(column_name="card_year", readonly=True)
    plan = Field(column_name="plan", readonly=True)

    def card_of(self, instance: Any) -> Scorecard | None:
        kpi = getattr(instance, "kpi", None) if instance.kpi_id else None
        return kpi.scorecard if kpi is not None else None

    def unit_of(self, instance: Any) -> Unit | None:
        card = self.card_of(instance)
        return card.unit if card is not None else None

    def dehydrate_unit(self, instance: Any) -> str:
        card = self.card_of(instance)
        return card.unit.code if card is not None else ""

    def dehydrate_card_year(self, instance: Any) -> str:
        card = self.card_of(instance)
        return str(card.roc_year) if card is not None else ""

    def dehydrate_plan(self, instance: Any) -> str:
        card = self.card_of(instance)
        return card.plan if card is not None else ""

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        super().validate_instance(instance, import_validation_errors, **kwargs)
        card = self.card_of(instance)
        if card is not None and card.status == Scorecard.Status.CLOSED:
            raise ValidationError(_("A closed year takes no change."))


class TargetResource(OfAKpi):
    kpi = Field("kpi", "kpi", KpiWidget())
    year = Field("year", "year", YearWidget())

    class Meta:
        model = models.Target
        import_id_fields = ("kpi", "year")
        fields = (
            *CARD_COLUMNS,
            "kpi",
            "year",
            "value",
            "comparator",
            "text",
            "note",
            "reason",
        )
        export_order = fields

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Set a target as its page does: with a reason where one is asked for."""
        if self.by is None:
            raise plans.refusal("not-yours")
        target = targets.set_target(
            kpi=instance.kpi,
            year=instance.year,
            target=targets.values_of(instance),
            by=self.by,
            reason=instance.reason,
            version=targets.version_of_target(instance.kpi, instance.year),
        )
        instance.pk = target.pk if target is not None else None

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        written = models.Target.objects.filter(pk__in=written_by(result))
        for year in set(written.values_list("year", flat=True)):
            services.refresh_results(
                models.Kpi.objects.filter(targets__in=written.filter(year=year)),
                Period(year),
                at=timezone.now(),
            )


def written_by(result: Any) -> list[int]:
    """Return the keys of the rows that an import wrote."""
    return [row.object_id for row in result.rows if row.is_new() or row.is_update()]


# Columns of a list of figures that are boxes of an entry.
BOXES = ("value", "text", "absence", "explanation")


class ActualResource(ByAPerson):
    """Figures in force go out; what comes in is typed into drafts, as on the page.

    `by` brings a list in, and enters what they might enter there. A cell that is empty
    empties no box, and a draft that says otherwise is left to who typed it.
    """

    series = Field("series", "series", widgets.ForeignKeyWidget(models.Series))
    name = Field("series__name", "name", readonly=True)
    period = Field("period", "period", PeriodWidget())
    state = Field("state", "state", readonly=True)

    class Meta:
        model = models.Actual
        import_id_fields = ("series", "period")
        fields = (
            "series",
            "name",
            "period",
            "value",
            "text",
            "absence",
            "explanation",
            "state",
        )
        export_order = fields

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        super().validate_instance(instance, import_validation_errors, **kwargs)
        if instance.pk is not None:
            raise ValidationError(
                _("This figure is in force; it changes through a reopening only.")
            )

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Type a row into the draft of its KPI; the figure in force is not touched."""
        period = Period.parse(instance.period)
        kpis = models.Kpi.objects.in_plan().with_owners()
        kpi = kpis.filter(
            series=instance.series_id, scorecard__year=period.year
        ).first()
        if kpi is None or self.by is None:
            raise ValidationError(_("No card of this year has this series."))
        typed = {name: _typed(getattr(instance, name)) for name in BOXES}
        entries.save_draft(
            kpi=kpi,
            period=period,
            typed={name: text for name, text in typed.items() if text},
            by=self.by,
            at=timezone.now(),
            version=None,
        )


def _typed(value: Any) -> str:
    """Return the value of a column as it would be typed into its box."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "")


class RulesResource(ByAPerson):
    """Rules that are there, without their bands: those, and new rules, have a page."""

    year = Field("year", "year", YearWidget())

    class Meta:
        model = models.RatingRules
        import_id_fields = ("level", "year", "uses_self_rating")
        fields = (
            "level",
            "year",
            "uses_self_rating",
            "standing",
            "is_adopted",
            "basis",
            "achievement_weight",
            "innovation_weight",
            "challenge_weight",
            "contribution_weight",
            "clamp_low",
            "clamp_high",
            "total_decimals",
            "zero_target",
            "minimum_rated",
            "document",
            "source",
        )
        export_order = fields

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        super().validate_instance(instance, import_validation_errors, **kwargs)
        if instance.pk is None:
            raise ValidationError(
                _("New rules need bands: add them on the page of the rules.")
            )
        try:
            services.rules_of(instance)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Change rules as their page does; a list has a preview of its own."""
        if self.by is None:
            raise ValidationError(rulebook.WORDS["not-yours"])
        row = models.RatingRules.objects.get(pk=instance.pk)
        values = {name: getattr(instance, name) for name in rulebook.FIELDS}
        bands = [rulebook.BandValues(b.light, b.lower) for b in row.bands.all()]
        rulebook.save_rules(
            rules=row,
            values=values,
            bands=bands,
            by=self.by,
            reason=_("brought in as a list"),
            seen=rulebook.fingerprint_of(values, bands),
            version=rulebook.version_of_rules(row),
        )
