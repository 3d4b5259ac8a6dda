"""Accounts, roles and tokens; locked logins; jobs."""

from collections.abc import Iterable
from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bsc import models
from bsc.admin_base import (
    FlatListMixin,
    FlatListResource,
    PortalAdmin,
    PortalInline,
    VersionedAdmin,
)
from bsc.permissions import Action, units_where


class UserResource(FlatListResource):
    class Meta:
        model = models.User
        fields = ("username", "display_name", "email", "is_active")
        import_id_fields = ("username",)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any):
        # A list carries no password: an administrator sets the first one.
        if new:
            instance.set_unusable_password()

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        super().validate_instance(instance, import_validation_errors, **kwargs)
        if self.units is not None and not may_administer(instance, self.units):
            raise ValidationError(_("This account is not yours to change."))


def may_administer(user: models.User, units: Iterable[int]) -> bool:
    """Say whether all of a person's roles lie in the units of these keys."""
    if user.is_superuser:
        return False
    if user.pk is None:
        return True
    return not user.memberships.exclude(unit__in=units).exists()


class MembershipInline(PortalInline):
    model = models.Membership

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "unit" and not request.user.is_superuser:
            kwargs["queryset"] = units_where(request.user, Action.ADMINISTER)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(models.User)
class PortalUserAdmin(FlatListMixin, PortalAdmin, UserAdmin):
    """Accounts. What a person may do is said by roles in units, never by flags."""

    action = Action.ADMINISTER
    resource_classes = [UserResource]
    inlines = [MembershipInline]
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "is_demonstration", "memberships__role"]
    search_fields = ["username", "display_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (
            _("Person"),
            {
                "fields": [
                    "display_name",
                    "email",
                    "language",
                    "is_mailed",
                    "is_active",
                ]
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "display_name", "password1", "password2"]})
    ]
    readonly_fields = ["last_login", "date_joined"]

    def _may(self, request: HttpRequest, row: Model | None = None) -> bool:
        if request.user.is_superuser:
            return True
        units = self._units(request)
        return bool(units) and (row is None or may_administer(row, units))

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self._may(request)


@admin.register(models.Membership)
class MembershipAdmin(VersionedAdmin):
    action = Action.ADMINISTER
    to_unit = "unit"
    list_display = ["user", "role", "unit"]
    list_filter = ["role"]
    search_fields = ["user__username", "user__display_name", "unit__name"]
    autocomplete_fields = ["user"]


@admin.register(models.ApiToken)
class ApiTokenAdmin(PortalAdmin):
    """Tokens can be looked at and withdrawn; of the token itself a hash is kept."""

    action = Action.ADMINISTER
    is_kept = True
    list_display = ["name", "user", "created_at", "last_used_on"]
    search_fields = ["name", "user__username"]
    has_delete_permission = PortalAdmin.has_view_permission


@admin.register(AccessAttempt)
class AccessAttemptAdmin(PortalAdmin):
    """Failed logins; deleting one unlocks the account before its time."""

    action = Action.ADMINISTER
    is_kept = True
    list_display = ["username", "failures_since_start", "attempt_time", "ip_address"]
    search_fields = ["username"]
    fields = ["username", "failures_since_start", "attempt_time", "ip_address"]
    has_delete_permission = PortalAdmin.has_view_permission


@admin.register(models.Job)
class JobAdmin(PortalAdmin):
    action = Action.ADMINISTER
    is_kept = True
    list_display = ["__str__", "kind", "state", "owner", "queued_at", "ended_at"]
    list_filter = ["state", "kind"]
