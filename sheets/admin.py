"""Imports, to look at only: a batch is written by the import pages."""

from django.contrib import admin

from bsc.admin_base import PortalAdmin
from bsc.permissions import Action
from sheets.models import ImportBatch


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
