"""Imports, to look at only, and the wordings of columns that planners add."""

from django.contrib import admin

from bsc.admin_base import PortalAdmin
from bsc.permissions import Action
from sheets.models import (
    ColumnWording,
    ImportBatch,
    ImportDoubt,
    ObjectiveAnswer,
    SheetPage,
)


@admin.register(ImportBatch)
class ImportBatchAdmin(PortalAdmin):
    action = Action.IMPORT
    to_unit = "unit"
    is_kept = True
    list_display = ["file_name", "unit", "status", "uploaded_by", "uploaded_at"]
    list_filter = ["status"]
    list_select_related = ["unit", "uploaded_by"]
    search_fields = ["file_name"]
    # What a sheet looks like is for the import's own page.
    exclude = ["pictures"]


@admin.register(SheetPage)
class SheetPageAdmin(PortalAdmin):
    action = Action.IMPORT
    to_unit = "batch__unit"
    is_kept = True
    list_display = ["batch", "sheet", "number"]
    list_select_related = ["batch"]
    # Packed: the import's own page draws them.
    exclude = ["rows"]


@admin.register(ColumnWording)
class ColumnWordingAdmin(PortalAdmin):
    action = Action.IMPORT
    list_display = ["words", "column", "stage", "added_by", "added_at"]
    list_filter = ["column"]
    list_select_related = ["added_by"]
    search_fields = ["words", "bare"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.added_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(ImportDoubt)
class ImportDoubtAdmin(PortalAdmin):
    action = Action.IMPORT
    to_unit = "batch__unit"
    is_kept = True
    list_display = ["batch", "number", "severity", "code", "sheet", "cell", "answer"]
    list_select_related = ["batch"]
    list_filter = ["severity"]
    search_fields = ["code", "batch__file_name"]


@admin.register(ObjectiveAnswer)
class ObjectiveAnswerAdmin(PortalAdmin):
    action = Action.IMPORT
    to_unit = "own__scorecard__unit"
    is_kept = True
    list_display = ["own", "other", "is_same", "confirmed_by", "confirmed_at"]
    list_select_related = ["own", "other", "confirmed_by"]
