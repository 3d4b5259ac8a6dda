"""KPIs and their figures; rules; and, to look at only, what services wrote."""

from types import SimpleNamespace

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext as _

from bsc import jobs
from bsc.admin.plans import LineageAdmin
from bsc.admin_base import (
    FlatListMixin,
    PortalAdmin,
    PortalInline,
    RocYearFilter,
    VersionedAdmin,
)
from bsc.periods import Period
from bsc.permissions import Action
from kpi import models, services, tasks
from kpi.admin.lists import ActualResource, RulesResource, TargetResource


class OfAPlan(VersionedAdmin):
    """A row under a KPI, for the planners of the card's unit."""

    action = Action.EDIT_PLAN
    to_unit = "kpi__scorecard__unit"
    autocomplete_fields = ["kpi"]
    list_select_related = ["kpi__scorecard__unit"]
    search_fields = ["kpi__code", "kpi__name", "kpi__scorecard__unit__name"]


class OfAResult(OfAPlan):
    """A row that results follow from: they are reckoned again when it changes."""

    # Where the row says which KPI it is of; "pk" for a KPI itself.
    to_kpi = "kpi_id"

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        # A row that was given to another KPI leaves one behind.
        before = form.initial.get("kpi")
        _reckon_again({getattr(form.instance, self.to_kpi), before} - {None})

    def delete_model(self, request, obj) -> None:
        kpi = getattr(obj, self.to_kpi)
        super().delete_model(request, obj)
        _reckon_again({kpi})

    def delete_queryset(self, request, queryset: QuerySet) -> None:
        kpis = set(queryset.values_list(self.to_kpi, flat=True))
        super().delete_queryset(request, queryset)
        _reckon_again(kpis)


def _reckon_again(pks: set[int]) -> None:
    """Reckon the results of some KPIs in every period that has a figure or result."""
    kpis = models.Kpi.objects.filter(pk__in=pks)
    figures = models.Actual.objects.filter(series__kpis__in=kpis)
    results = models.Result.objects.filter(kpi__in=kpis)
    periods = {row.period for rows in (figures, results) for row in rows.only("period")}
    for code in sorted(periods):
        services.refresh_results(kpis, Period.parse(code), at=timezone.now())


@admin.register(models.Series)
class SeriesAdmin(OfAPlan):
    to_unit = "kpis__scorecard__unit"
    autocomplete_fields = []
    list_select_related = False
    list_display = ["pk", "name"]
    search_fields = ["name"]


class KpiOwnerInline(PortalInline):
    model = models.KpiOwner


@admin.register(models.Kpi)
class KpiAdmin(OfAResult):
    to_kpi = "pk"
    to_unit = "scorecard__unit"
    autocomplete_fields = ["series", "scorecard", "objective", "success_factor"]
    inlines = [KpiOwnerInline]
    list_select_related = ["scorecard__unit"]
    list_display = ["code", "name", "scorecard", "direction", "is_exempt"]
    list_filter = [("scorecard__year", RocYearFilter), "direction", "is_exempt"]
    search_fields = ["code", "name", "scorecard__unit__name"]


@admin.register(models.KpiOwner)
class KpiOwnerAdmin(OfAPlan):
    list_display = ["name", "unit", "kpi"]


@admin.register(models.Target)
class TargetAdmin(FlatListMixin, OfAResult):
    resource_classes = [TargetResource]
    list_display = ["kpi", "roc_year", "__str__"]
    list_filter = [("year", RocYearFilter)]
    readonly_fields = ["printed"]


@admin.register(models.Actual)
class ActualAdmin(FlatListMixin, VersionedAdmin):
    """Figures to look at, and drafts to bring in as a list; pages enter them."""

    action = Action.EDIT_PLAN
    to_unit = "series__kpis__scorecard__unit"
    resource_classes = [ActualResource]
    list_display = ["series", "roc_period", "__str__", "state"]
    list_filter = ["state"]
    list_select_related = ["series"]
    search_fields = ["series__name"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def has_import_permission(self, request) -> bool:
        return self._may(request)


@admin.register(models.SelfRating)
class SelfRatingAdmin(OfAResult):
    list_display = ["kpi", "roc_period", "level", "__str__"]
    list_filter = ["level"]


class BandFormSet(BaseInlineFormSet):
    """The bands of rules, checked with them: rating stops on rules that cannot be."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        bands = [
            SimpleNamespace(light=band["light"], lower=band.get("lower"))
            for band in sorted(
                (
                    form.cleaned_data
                    for form in self.forms
                    if form.cleaned_data and not form.cleaned_data.get("DELETE")
                ),
                key=lambda band: band["position"],
            )
        ]
        fields = {
            field.name: getattr(self.instance, field.attname)
            for field in self.instance._meta.fields
        }
        draft = SimpleNamespace(**fields, bands=SimpleNamespace(all=lambda: bands))
        try:
            services.rules_of(draft)
        except ValueError as error:
            raise ValidationError(
                _(
                    "These rules cannot be: bands go down from the best light to the"
                    " worst, the last without a bound, and weights sum to 100%%."
                    " (%(reason)s)"
                )
                % {"reason": error}
            ) from error


class LightBandInline(PortalInline):
    model = models.LightBand
    formset = BandFormSet


@admin.register(models.RatingRules)
class RatingRulesAdmin(FlatListMixin, VersionedAdmin):
    """Rules of a level and year, for the planners of the whole city."""

    action = Action.EDIT_RULES
    resource_classes = [RulesResource]
    inlines = [LightBandInline]
    list_display = ["__str__", "standing", "basis", "is_adopted"]
    list_filter = ["level", "standing"]

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        _rate_again(form.instance.year, request.user)

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        _rate_again(obj.year, request.user)

    def delete_queryset(self, request, queryset: QuerySet) -> None:
        years = list(queryset.values_list("year", flat=True))
        super().delete_queryset(request, queryset)
        if years:
            _rate_again(min(years), request.user)


def _rate_again(year: int, by) -> None:
    """Start rating the years for which rules of `year` may hold: it and all later."""
    later = models.Actual.objects.filter(period__gte=str(year))
    periods = later.order_by().values_list("period", flat=True).distinct()
    for found in sorted({Period.parse(code).year for code in periods}):
        jobs.enqueue(tasks.rate, None, found, kind="rate", owner=by)


@admin.register(models.LightBand)
class LightBandAdmin(VersionedAdmin):
    """Bands of all rules, to look at; they change on the page of their rules."""

    is_kept = True
    action = Action.EDIT_RULES
    list_display = ["rules", "light", "lower"]
    list_select_related = ["rules"]


class KeptAdmin(PortalAdmin):
    """Rows that a service computes or copies as printed: to look at only."""

    action = Action.EDIT_PLAN
    is_kept = True


@admin.register(models.Statement)
class StatementAdmin(KeptAdmin):
    to_unit = "scorecard__unit"
    list_display = ["scorecard", "series", "roc_period", "text"]
    list_select_related = ["scorecard__unit", "series"]
    list_filter = [("scorecard__year", RocYearFilter)]
    search_fields = ["series__name", "text"]


@admin.register(models.Result)
class ResultAdmin(KeptAdmin):
    to_unit = "kpi__scorecard__unit"
    list_display = ["kpi", "roc_period", "standing", "total", "light"]
    list_select_related = ["kpi"]
    list_filter = ["standing", "light"]
    search_fields = ["kpi__code", "kpi__name"]


@admin.register(models.PublishedResult)
class PublishedResultAdmin(KeptAdmin, VersionedAdmin):
    to_unit = "kpi__scorecard__unit"
    list_display = ["kpi", "roc_period", "total", "light"]
    list_select_related = ["kpi"]
    list_filter = ["light"]
    search_fields = ["kpi__code", "kpi__name"]


admin.site.register(models.KpiLineage, LineageAdmin)
