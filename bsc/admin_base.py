"""What the admin pages of all apps share: permissions by role, years, flat lists."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Field as ModelField
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from import_export import resources, widgets
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from simple_history.admin import SimpleHistoryAdmin

from bsc.models import Scorecard, Unit
from bsc.periods import Period, common_era, roc
from bsc.permissions import Action, units_where

YEARS = {"year", "year_from", "year_until"}
MOST_ROWS = 20_000
# What stands for a column on a page that is only looked at.
ROC = {"year": "roc_year", "period": "roc_period"}

# A spreadsheet takes a text that begins with one of these for a formula. The quote
# is among them so that one which was there is told from one we put.
_FORMULA_STARTS = tuple("=+-@\t\r'")


class YearField(forms.IntegerField):
    """A year: shown as 民國, stored in the common era, typed either way."""

    def prepare_value(self, value: Any) -> Any:
        return roc(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        if number is None:
            return None
        try:
            return common_era(number)
        except ValueError as error:
            raise ValidationError(_("This year is not possible.")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class PeriodField(forms.CharField):
    """A year, half, quarter or month: shown in 民國, typed either way."""

    def prepare_value(self, value: Any) -> Any:
        try:
            return Period.parse(value).roc_code if value else value
        except ValueError:
            return value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return Period.parse(text).code
        except ValueError as error:
            raise ValidationError(
                _("This is no year, half, quarter or month.")
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class YearFieldsMixin:
    """Shows every year and period of a form in 民國."""

    def formfield_for_dbfield(
        self, db_field: ModelField, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        names = {"label": db_field.verbose_name, "help_text": db_field.help_text}
        if db_field.name in YEARS:
            return YearField(required=not db_field.blank, **names)
        if db_field.name == "period":
            return PeriodField(max_length=9, **names)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RocYearFilter(admin.AllValuesFieldListFilter):
    """Offers the years of a list in 民國."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            if isinstance(choice["display"], int):
                choice["display"] = roc(choice["display"])
            yield choice


class PortalAdmin(YearFieldsMixin, admin.ModelAdmin):
    """A table for those who may do `action` in the unit of the row.

    `to_unit` leads from a row to its unit ("scorecard__unit"); empty, the row belongs
    to no unit, and the person needs the role in the city itself. A superuser may all.
    `is_kept` marks a table that only services write: nobody edits it here.
    """

    action: Action
    to_unit = ""
    is_kept = False

    def _units(self, request: HttpRequest) -> list[int]:
        """Return the keys of the units in which the person may do `action`.

        A page of the admin asks for every table; the answer is kept for the request.
        """
        held = request.__dict__.setdefault("_units_by_action", {})
        if self.action not in held:
            units = units_where(request.user, self.action)
            held[self.action] = list(units.values_list("pk", flat=True))
        return held[self.action]

    def _may(self, request: HttpRequest, row: Model | None = None) -> bool:
        if request.user.is_superuser:
            return True
        units = self._units(request)
        if not units or (row is None and self.to_unit):
            return bool(units)
        if not self.to_unit:
            # The first unit of the tree is the city; what `make_city` adds is not.
            return Unit.objects.all()[:1].get().pk in units
        own = type(row)._default_manager.filter(pk=row.pk)
        return own.filter(**{f"{self.to_unit}__in": units}).exists()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list:
        """Show years and periods in 民國 where there is no box that would do so."""
        fields = list(super().get_fields(request, obj))
        if not self.is_kept:
            return fields
        return list(dict.fromkeys(ROC.get(name, name) for name in fields))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> list:
        fields = list(super().get_readonly_fields(request, obj))
        if not self.is_kept:
            return fields
        held = {field.name for field in self.model._meta.fields}
        return [*fields, *(shown for name, shown in ROC.items() if name in held)]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser or not self.to_unit:
            return rows
        # A row that leads to several units, as a series does, is listed once.
        theirs = self.model._default_manager.filter(
            **{f"{self.to_unit}__in": self._units(request)}
        )
        return rows.filter(pk__in=theirs.values("pk"))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        # What is not seen is not found, here as on every other page.
        raise Http404

    @admin.display(description=_("year"), ordering="year")
    def roc_year(self, row: Any) -> int:
        return roc(row.year)

    @admin.display(description=_("period"), ordering="period")
    def roc_period(self, row: Any) -> str:
        return Period.parse(row.period).roc_code

    def require_seen(self, request: HttpRequest, object_id: str) -> None:
        """Refuse who has no part in the table; a row of others is not found."""
        if not self._may(request):
            raise PermissionDenied
        get_object_or_404(self.get_queryset(request), pk=unquote(object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        self.require_seen(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not self.is_kept and self._may(request)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self._may_write(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self._may_write(request, obj)

    def _may_write(self, request: HttpRequest, row: Model | None) -> bool:
        if self.is_kept or (row is not None and self._is_closed(row)):
            return False
        return self._may(request, row)

    def _is_closed(self, row: Model) -> bool:
        """Say whether the row belongs to a closed card, which only errata correct."""
        if isinstance(row, Scorecard):
            return row.status == Scorecard.Status.CLOSED
        if not self.to_unit.endswith("scorecard__unit"):
            return False
        to_status = f"{self.to_unit.removesuffix('unit')}status"
        own = type(row)._default_manager.filter(pk=row.pk)
        return own.filter(**{to_status: Scorecard.Status.CLOSED}).exists()

    def formfield_for_foreignkey(
        self, db_field: ModelField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # A row cannot be put under a unit or a card in which the person has no role.
        if not request.user.is_superuser:
            model = db_field.remote_field.model
            if model is not Unit and self.admin_site.is_registered(model):
                related = self.admin_site.get_model_admin(model)
                kwargs["queryset"] = related.get_queryset(request)
            elif db_field.name == self.to_unit:
                kwargs["queryset"] = Unit.objects.filter(pk__in=self._units(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class VersionedAdmin(PortalAdmin, SimpleHistoryAdmin):
    """A table whose earlier versions are shown under "History"."""

    # The package's own list carries inline styles.
    object_history_list_template = "admin/_versions.html"

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, **options: Any
    ) -> HttpResponse:
        self.require_seen(request, object_id)
        return super().history_form_view(request, object_id, version_id, **options)


class PortalInline(YearFieldsMixin, admin.TabularInline):
    """Rows inside the page of another: who may change that one may change them."""

    extra = 0
    # Rows that only services write, as of a table that is kept.
    is_kept = False

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return True

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return not self.is_kept

    has_change_permission = has_delete_permission = has_add_permission


class FlatListMixin(ImportExportMixin):
    """A table that can be taken out as a flat list and brought in again.

    Only CSV comes in: the published workbooks have their own door, where a file is
    read in a process of its own.
    """

    import_formats = [CSV]
    export_formats = [CSV, XLSX]
    from_encoding = to_encoding = "utf-8-sig"
    import_template_name = "admin/import_export/import.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any):
        return {"units": None if request.user.is_superuser else self._units(request)}


class YearWidget(widgets.IntegerWidget):
    """A year of a list: 民國 outside, the common era inside."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        number = super().clean(value, row, **kwargs)
        return None if number is None else common_era(number)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(roc(value))


class PeriodWidget(widgets.CharWidget):
    """A period of a list: 民國 outside, the stored code inside."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return Period.parse(value or "").code

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return Period.parse(value).roc_code if value else ""


class FlatListResource(resources.ModelResource):
    """A flat list: every row is checked as its page's form would, unchanged ones stay.

    A text that a spreadsheet would take for a formula goes out behind a quote, and
    loses it on the way in. `units` are the keys of those whose rows may be
    written; None: of all.
    """

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def __init__(self, units: Iterable[int] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = None if units is None else set(units)

    def unit_of(self, instance: Any) -> Unit | None:
        """Return the unit that a row belongs to; None where to none."""
        return None

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        if len(dataset) > MOST_ROWS:
            raise ValidationError(
                _("A list has at most %(count)s rows.") % {"count": MOST_ROWS}
            )

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for column, value in row.items():
            if isinstance(value, str):
                row[column] = without_quote(value)

    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> Any:
        value = super().export_field(field, instance, **kwargs)
        if isinstance(field.widget, widgets.NumberWidget):
            return value
        return with_quote(value) if isinstance(value, str) else value

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        super().validate_instance(instance, import_validation_errors, **kwargs)
        unit = self.unit_of(instance)
        if self.units is not None and unit is not None and unit.pk not in self.units:
            raise ValidationError(
                _("You have no role in %(unit)s for this.") % {"unit": unit}
            )


def with_quote(text: str) -> str:
    """Return `text` as a spreadsheet may hold it without reckoning it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def without_quote(text: str) -> str:
    """Return what `with_quote` was given."""
    is_quoted = text.startswith("'") and text[1:].startswith(_FORMULA_STARTS)
    return text[1:] if is_quoted else text
