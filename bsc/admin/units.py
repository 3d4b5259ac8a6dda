"""Units and their names."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export import widgets
from import_export.fields import Field

from bsc import models, services
from bsc.admin_base import (
    FlatListMixin,
    FlatListResource,
    PortalInline,
    VersionedAdmin,
)
from bsc.permissions import Action


class UnitForm(forms.ModelForm):
    parent = forms.ModelChoiceField(
        models.Unit.objects.all(), required=False, label=_("unit above")
    )

    class Meta:
        model = models.Unit
        fields = ["code", "name", "short_name", "kind", "parent", "lead", "is_open"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["parent"].initial = models.Unit.objects.get_parent(
                self.instance
            )

    def clean_parent(self) -> models.Unit | None:
        parent = self.cleaned_data["parent"]
        own = self.instance.path if self.instance.pk else None
        if parent is not None and own and parent.path.startswith(own):
            raise ValidationError(_("A unit cannot stand below itself."))
        return parent


class UnitResource(FlatListResource):
    parent = Field(column_name="parent", attribute="parent_code")
    lead = Field("lead", "lead", widgets.ForeignKeyWidget(models.Unit, "code"))

    class Meta:
        model = models.Unit
        fields = ("code", "name", "short_name", "kind", "parent", "lead", "is_open")
        import_id_fields = ("code",)

    def dehydrate_parent(self, unit: models.Unit) -> str:
        if unit.pk is None or unit.is_root():
            return ""
        return models.Unit.objects.get_parent(unit).code

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any):
        instance.parent_code = self.dehydrate_parent(instance)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        errors = import_validation_errors or {}
        try:
            # Its place in the tree is written by the service.
            instance.full_clean(exclude=["path", "depth", "numchild", *errors])
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        self._parent_of(instance)

    def save_instance(
        self, instance: Any, is_create: bool, row: Any, **kwargs: Any
    ) -> None:
        saved = services.save_unit(unit=instance, parent=self._parent_of(instance))
        instance.pk = saved.pk

    def _parent_of(self, unit: models.Unit) -> models.Unit | None:
        if not unit.parent_code:
            return None
        parent = models.Unit.objects.filter(code=unit.parent_code).first()
        if parent is None:
            raise ValidationError(
                _("There is no unit %(code)s.") % {"code": unit.parent_code}
            )
        if self.units is not None and parent.pk not in self.units:
            raise ValidationError(
                _("You have no role in %(unit)s for this.") % {"unit": parent}
            )
        return parent


class UnitNameInline(PortalInline):
    model = models.UnitName


@admin.register(models.Unit)
class UnitAdmin(FlatListMixin, VersionedAdmin):
    action = Action.ADMINISTER
    to_unit = "pk"
    form = UnitForm
    inlines = [UnitNameInline]
    resource_classes = [UnitResource]
    list_display = ["name", "code", "kind", "is_open"]
    list_filter = ["kind", "is_open"]
    search_fields = ["code", "name", "short_name", "names__name"]
    list_per_page = 200

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        saved = services.save_unit(unit=obj, parent=form.cleaned_data["parent"])
        obj.pk = saved.pk

    def delete_model(self, request: HttpRequest, obj: models.Unit) -> None:
        models.Unit.objects.get(pk=obj.pk).delete()


@admin.register(models.UnitName)
class UnitNameAdmin(VersionedAdmin):
    action = Action.ADMINISTER
    to_unit = "unit"
    list_display = ["name", "unit", "kind", "year_from", "year_until"]
    list_filter = ["kind"]
    search_fields = ["name", "unit__name", "unit__code"]
