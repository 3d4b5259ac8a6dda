"""What a person says when they bring a file in."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from bsc.models import Unit, User
from bsc.periods import common_era
from bsc.permissions import Action, units_where
from sheets.limits import limits


class UploadForm(forms.Form):
    """A file, and what its titles may leave out: unit, year and plan."""

    file = forms.FileField(label=_("File"), max_length=200)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="code",
        empty_label=_("as the file says"),
    )
    year = forms.CharField(
        label=_("Year"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("111 or 2022; only where the file does not say it."),
    )
    plan = forms.SlugField(
        label=_("Plan"),
        required=False,
        max_length=40,
        help_text=_("bsc unless it is another plan, such as safety-net."),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_where(user, Action.IMPORT)

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        most = limits().packed
        if file.size > most:
            raise ValidationError(
                _("%(name)s is larger than %(most)s."),
                params={"name": file.name, "most": filesizeformat(most)},
            )
        return file

    def clean_year(self) -> int | None:
        if not self.cleaned_data["year"]:
            return None
        try:
            return common_era(self.cleaned_data["year"])
        except ValueError as error:
            raise ValidationError(_("This is not a year, such as 111.")) from error

    @property
    def options(self) -> dict:
        """Return what was said, as an import batch keeps it."""
        said = self.cleaned_data
        return {
            "unit": said["unit"].code if said["unit"] else None,
            "year": said["year"],
            "plan": said["plan"] or None,
        }
