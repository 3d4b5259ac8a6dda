"""Cards and what stands on their maps, for the planners of their units."""

from django.contrib import admin

from bsc import models
from bsc.admin_base import PortalInline, RocYearFilter, VersionedAdmin
from bsc.permissions import Action


class PlanAdmin(VersionedAdmin):
    """A part of a card, to look at; planners change it on the pages of its plan."""

    is_kept = True
    action = Action.EDIT_PLAN
    to_unit = "scorecard__unit"
    autocomplete_fields = ["scorecard"]
    list_select_related = ["scorecard__unit"]
    list_filter = [("scorecard__year", RocYearFilter)]


class ThemeInline(PortalInline):
    is_kept = True
    model = models.Theme


class PerspectiveInline(PortalInline):
    is_kept = True
    model = models.Perspective


@admin.register(models.Scorecard)
class ScorecardAdmin(PlanAdmin):
    to_unit = "unit"
    autocomplete_fields = []
    # What hangs where is found again after each import.
    readonly_fields = ["parent_theme", "parent_objective", "fills_theme"]
    inlines = [ThemeInline, PerspectiveInline]
    list_display = ["__str__", "unit", "roc_year", "plan", "status"]
    list_select_related = ["unit"]
    list_filter = [("year", RocYearFilter), "plan", "status"]
    search_fields = ["unit__name", "unit__code", "year", "title"]


class ThemeMemberInline(PortalInline):
    is_kept = True
    model = models.ThemeMember


@admin.register(models.Theme)
class ThemeAdmin(PlanAdmin):
    inlines = [ThemeMemberInline]
    list_display = ["code", "name", "scorecard"]
    search_fields = ["code", "name"]


@admin.register(models.ThemeMember)
class ThemeMemberAdmin(PlanAdmin):
    to_unit = "theme__scorecard__unit"
    autocomplete_fields = ["theme"]
    list_select_related = ["theme"]
    list_display = ["name", "theme", "unit", "is_lead"]
    list_filter = ["is_lead"]
    search_fields = ["name", "unit__name"]


@admin.register(models.Perspective)
class PerspectiveAdmin(PlanAdmin):
    list_display = ["code", "name", "scorecard"]
    search_fields = ["code", "name"]


class SuccessFactorInline(PortalInline):
    is_kept = True
    model = models.SuccessFactor


@admin.register(models.Objective)
class ObjectiveAdmin(PlanAdmin):
    autocomplete_fields = [
        "scorecard",
        "theme",
        "perspective",
        "first_theme",
        "last_theme",
    ]
    readonly_fields = ["same_as", "supports"]
    inlines = [SuccessFactorInline]
    list_display = ["code", "name", "scorecard"]
    search_fields = ["code", "name"]


@admin.register(models.ObjectiveLink)
class ObjectiveLinkAdmin(PlanAdmin):
    to_unit = "cause__scorecard__unit"
    autocomplete_fields = ["cause", "effect"]
    list_select_related = ["cause", "effect"]
    list_filter = [("cause__scorecard__year", RocYearFilter)]
    list_display = ["cause", "effect"]


@admin.register(models.SuccessFactor)
class SuccessFactorAdmin(PlanAdmin):
    to_unit = "objective__scorecard__unit"
    autocomplete_fields = ["objective"]
    list_select_related = ["objective"]
    list_filter = [("objective__scorecard__year", RocYearFilter)]
    list_display = ["name", "objective"]
    search_fields = ["name", "code"]


class LineageAdmin(VersionedAdmin):
    """What became of things in a later card; importing a card finds and keeps it."""

    action = Action.EDIT_PLAN
    to_unit = "later__scorecard__unit"
    is_kept = True
    list_display = ["earlier", "later", "kind", "confirmed_by", "confirmed_at"]
    list_select_related = ["earlier", "later", "confirmed_by"]
    list_filter = ["kind", ("later__scorecard__year", RocYearFilter)]
    search_fields = ["earlier__code", "earlier__name", "later__code", "later__name"]


admin.site.register([models.ThemeLineage, models.ObjectiveLineage], LineageAdmin)
