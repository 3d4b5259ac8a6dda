"""Files given as evidence and what people were told: to look at; services write them."""

from django.contrib import admin

from bsc import models
from bsc.admin_base import PortalAdmin
from bsc.permissions import Action


@admin.register(models.Evidence)
class EvidenceAdmin(PortalAdmin):
    action = Action.EDIT_PLAN
    to_unit = "unit"
    is_kept = True
    list_display = [
        "name",
        "unit",
        "content_type",
        "size",
        "uploaded_by",
        "uploaded_at",
    ]
    list_select_related = ["unit", "uploaded_by"]
    search_fields = ["name", "digest"]
    # The file itself is given out by its own page, to those who may see its entry.
    exclude = ["file"]


@admin.register(models.Notice)
class NoticeAdmin(PortalAdmin):
    action = Action.ADMINISTER
    is_kept = True
    list_display = ["recipient", "kind", "created_at", "read_at", "mailed_at"]
    list_select_related = ["recipient"]
    list_filter = ["kind"]
    search_fields = ["recipient__username", "recipient__display_name"]
    # What it says of a figure is for its reader.
    exclude = ["parameters"]
