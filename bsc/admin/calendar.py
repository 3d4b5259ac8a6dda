"""The government's calendar of working days."""

from django.contrib import admin
from django.http import HttpRequest

from bsc import models
from bsc.admin_base import FlatListMixin, FlatListResource, VersionedAdmin
from bsc.permissions import Action


class WorkDayResource(FlatListResource):
    class Meta:
        model = models.WorkDay
        fields = ("day", "is_working", "name")
        import_id_fields = ("day",)


@admin.register(models.WorkDay)
class WorkDayAdmin(FlatListMixin, VersionedAdmin):
    """The planners of the city keep it: due days are reckoned from it."""

    action = Action.SET_ROUNDS
    resource_classes = [WorkDayResource]
    list_display = ["day", "is_working", "name"]
    list_filter = ["is_working"]
    date_hierarchy = "day"
    search_fields = ["name"]
    list_per_page = 200

    def get_resource_kwargs(self, request: HttpRequest, *args, **kwargs) -> dict:
        return {"units": None}
