"""Figures on their way, rounds, seals and errata: to look at; services write them."""

from django.contrib import admin

from bsc.admin_base import RocYearFilter, VersionedAdmin
from kpi import models
from kpi.admin.tables import KeptAdmin


@admin.register(models.Entry)
class EntryAdmin(KeptAdmin):
    to_unit = "kpi__scorecard__unit"
    list_display = ["kpi", "roc_period", "state", "entered_by", "entered_at"]
    list_select_related = ["kpi", "entered_by"]
    list_filter = ["state", ("kpi__scorecard__year", RocYearFilter)]
    search_fields = ["kpi__code", "kpi__name"]


@admin.register(models.ReviewStep)
class ReviewStepAdmin(KeptAdmin):
    to_unit = "entry__kpi__scorecard__unit"
    list_display = ["entry", "action", "unit", "by", "at"]
    list_select_related = ["entry__kpi", "unit", "by"]
    list_filter = ["action"]
    search_fields = ["entry__kpi__code", "entry__kpi__name", "by__username"]


@admin.register(models.ActualInput)
class ActualInputAdmin(KeptAdmin, VersionedAdmin):
    to_unit = "actual__series__kpis__scorecard__unit"
    list_display = ["actual", "label", "value"]
    list_select_related = ["actual"]
    search_fields = ["label", "actual__series__name"]


@admin.register(models.Round)
class RoundAdmin(KeptAdmin, VersionedAdmin):
    to_unit = "scorecards__unit"
    list_display = ["name", "roc_period", "opens_on", "due_on", "closes_on"]
    search_fields = ["name"]


@admin.register(models.Seal)
class SealAdmin(KeptAdmin):
    to_unit = "scorecard__unit"
    list_display = ["scorecard", "digest", "sealed_by", "sealed_at"]
    list_select_related = ["scorecard__unit", "sealed_by"]
    search_fields = ["digest", "scorecard__unit__name"]


@admin.register(models.Erratum)
class ErratumAdmin(KeptAdmin):
    to_unit = "scorecard__unit"
    list_display = ["scorecard", "what", "printed", "corrected", "state"]
    list_select_related = ["scorecard__unit"]
    list_filter = ["state"]
    search_fields = ["what", "reason", "kpi__code"]
