"""Plans, their rows and budgets, for the planners of the cards' units."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field

from actions import models
from bsc.admin.plans import LineageAdmin
from bsc.admin_base import (
    FlatListMixin,
    PortalInline,
    RocYearFilter,
    VersionedAdmin,
    YearWidget,
)
from bsc.models import Scorecard
from bsc.permissions import Action
from kpi.admin.lists import CARD_COLUMNS, KpiWidget, OfAKpi


class RowWidget(KpiWidget):
    """The row of a budget line, found by its KPI and its position below it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.PlanRow:
        kpi = super().clean(row.get("kpi"), row)
        position = widgets.IntegerWidget().clean(value)
        found = models.PlanRow.objects.filter(kpi=kpi, position=position).first()
        if found is None:
            raise ValidationError({"row": _("This KPI has no such row of plans.")})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value.position) if value is not None else ""


class BudgetLineResource(OfAKpi):
    kpi = Field("row__kpi__code", "kpi", readonly=True)
    row = Field("row", "row", RowWidget())
    year = Field("year", "year", YearWidget())

    class Meta:
        model = models.BudgetLine
        import_id_fields = ("row", "year", "stage")
        fields = (*CARD_COLUMNS, "kpi", "row", "year", "stage", "kind", "amount")
        export_order = fields

    def card_of(self, instance: Any) -> Scorecard | None:
        return instance.row.kpi.scorecard if instance.row_id else None

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        # The cell as published no longer says what this row does.
        instance.printed = ""


class PlanLinkInline(PortalInline):
    model = models.PlanLink
    autocomplete_fields = ["plan"]


class PlanRowOwnerInline(PortalInline):
    model = models.PlanRowOwner


@admin.register(models.ActionPlan)
class ActionPlanAdmin(VersionedAdmin):
    """Plans are the whole city's: many units' rows name the same one."""

    action = Action.EDIT_PLAN
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(models.PlanRow)
class PlanRowAdmin(VersionedAdmin):
    action = Action.EDIT_PLAN
    to_unit = "kpi__scorecard__unit"
    autocomplete_fields = ["kpi"]
    inlines = [PlanLinkInline, PlanRowOwnerInline]
    list_display = ["kpi", "position", "printed_row"]
    list_select_related = ["kpi"]
    list_filter = [("kpi__scorecard__year", RocYearFilter)]
    search_fields = ["kpi__code", "kpi__name"]


@admin.register(models.PlanRowOwner)
class PlanRowOwnerAdmin(VersionedAdmin):
    action = Action.EDIT_PLAN
    to_unit = "row__kpi__scorecard__unit"
    autocomplete_fields = ["row"]
    list_display = ["name", "unit", "row"]
    list_select_related = ["unit", "row__kpi"]


@admin.register(models.PlanLink)
class PlanLinkAdmin(VersionedAdmin):
    action = Action.EDIT_PLAN
    to_unit = "row__kpi__scorecard__unit"
    autocomplete_fields = ["row", "plan"]
    list_display = ["code", "plan", "row"]
    list_select_related = ["plan", "row__kpi"]
    search_fields = ["code", "text"]


@admin.register(models.BudgetLine)
class BudgetLineAdmin(FlatListMixin, VersionedAdmin):
    action = Action.EDIT_PLAN
    to_unit = "row__kpi__scorecard__unit"
    resource_classes = [BudgetLineResource]
    autocomplete_fields = ["row"]
    readonly_fields = ["printed"]
    list_display = ["row", "roc_year", "stage", "__str__"]
    list_select_related = ["row__kpi"]
    list_filter = [("year", RocYearFilter), "stage"]
    search_fields = ["row__kpi__code", "row__kpi__name"]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if {"amount", "kind"} & set(form.changed_data):
            obj.printed = ""
        super().save_model(request, obj, form, change)


@admin.register(models.PlanLineage)
class PlanLineageAdmin(LineageAdmin):
    to_unit = "later__row__kpi__scorecard__unit"
    list_filter = ["kind", ("later__row__kpi__scorecard__year", RocYearFilter)]
    search_fields = ["earlier__text", "later__text"]
