"""KPIs and their figures; rules; and, to look at only, what services wrote."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone

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
from kpi.admin.lists import ActualResource, RulesResource, TargetResource, written_by
from kpi.services import rulebook


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


class ListedByService(FlatListMixin, VersionedAdmin):
    """Rows to look at only, whose lists come in through the service of their pages."""

    is_kept = True

    def has_import_permission(self, request) -> bool:
        return self._may(request)

    def get_resource_kwargs(self, request, *args, **kwargs):
        return super().get_resource_kwargs(request) | {"by": request.user}


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
    is_kept = True
    to_unit = "kpis__scorecard__unit"
    autocomplete_fields = []
    list_select_related = False
    list_display = ["pk", "name"]
    search_fields = ["name"]


class KpiOwnerInline(PortalInline):
    is_kept = True
    model = models.KpiOwner


@admin.register(models.Kpi)
class KpiAdmin(OfAPlan):
    """KPIs, to look at; planners change them on the pages of their plan."""

    is_kept = True
    to_unit = "scorecard__unit"
    autocomplete_fields = ["series", "scorecard", "objective", "success_factor"]
    inlines = [KpiOwnerInline]
    list_select_related = ["scorecard__unit"]
    list_display = ["code", "name", "scorecard", "direction", "is_exempt"]
    list_filter = [("scorecard__year", RocYearFilter), "direction", "is_exempt"]
    search_fields = ["code", "name", "scorecard__unit__name"]


@admin.register(models.KpiOwner)
class KpiOwnerAdmin(OfAPlan):
    is_kept = True
    list_display = ["name", "unit", "kpi"]


@admin.register(models.Target)
class TargetAdmin(ListedByService, OfAPlan):
    """Targets, to look at; a list of them comes in as planners set them."""

    resource_classes = [TargetResource]
    list_display = ["kpi", "roc_year", "__str__"]
    list_filter = [("year", RocYearFilter)]


@admin.register(models.Actual)
class ActualAdmin(ListedByService):
    """Figures in force, to look at; a list of new ones becomes drafts of entries."""

    action = Action.EDIT_PLAN
    to_unit = "series__kpis__scorecard__unit"
    resource_classes = [ActualResource]
    list_display = ["series", "roc_period", "__str__", "state"]
    list_filter = ["state"]
    list_select_related = ["series"]
    search_fields = ["series__name"]


@admin.register(models.SelfRating)
class SelfRatingAdmin(OfAResult):
    list_display = ["kpi", "roc_period", "level", "__str__"]
    list_filter = ["level"]


class LightBandInline(PortalInline):
    is_kept = True
    model = models.LightBand


@admin.register(models.RatingRules)
class RatingRulesAdmin(ListedByService):
    """Rules, to look at; planners of the city change them on their own page."""

    action = Action.EDIT_RULES
    resource_classes = [RulesResource]
    inlines = [LightBandInline]
    list_display = ["__str__", "standing", "basis", "is_adopted"]
    list_filter = ["level", "standing"]

    def process_result(self, result, request):
        written = models.RatingRules.objects.filter(pk__in=written_by(result))
        years = list(written.values_list("year", flat=True))
        if years:
            _rate_again(min(years), request.user)
        return super().process_result(result, request)


def _rate_again(year: int, by) -> None:
    """Start rating the years for which rules of `year` may hold: it and all later."""
    for found in rulebook.years_rated(year):
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
