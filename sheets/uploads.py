"""What a person says when they bring a file in."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from bsc.models import Unit, User
from bsc.periods import common_era
from bsc.permissions import Action, units_where
from sheets.limits import limits

# What a browser offers to choose; what a file really is, its bytes say.
ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.txt,.tsv,.md"
# A pasted text is kept as a file like any other, under this name.
PASTED = "貼上的表格.txt"
LONGEST_PASTED = 200_000


class YearField(forms.CharField):
    """A year, typed either way; of the common era once it is clean, None for none."""

    def __init__(self, **kwargs) -> None:
        typed = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            required=False, max_length=4, widget=forms.TextInput(attrs=typed), **kwargs
        )

    def clean(self, value: str | None) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return common_era(text)
        except ValueError as error:
            raise ValidationError(_("This is not a year, such as 111.")) from error


class SaidForm(forms.Form):
    """The year and the unit of a file that is brought in already and says neither."""

    year = YearField()
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, to_field_name="code"
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_where(user, Action.IMPORT)

    def new_in(self, options: dict) -> dict:
        """Return what is said anew, beside the `options` of an import."""
        year, unit = self.cleaned_data["year"], self.cleaned_data["unit"]
        told = {"year": year, "unit": unit.code if unit else None}
        return {
            name: value
            for name, value in told.items()
            if value is not None and value != options.get(name)
        }


class UploadForm(forms.Form):
    """A file or a pasted table, and what its titles may leave out.

    Either way `cleaned_data["file"]` is a file.
    """

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    # The first cell of a table may be blank: what is pasted is not stripped.
    pasted = forms.CharField(
        label=_("or paste a table here"),
        required=False,
        max_length=LONGEST_PASTED,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=_(
            "Copied from a spreadsheet, a document or a page; with its title, so that"
            " unit and year are known."
        ),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="code",
        empty_label=_("as the file says"),
    )
    year = YearField(
        label=_("Year"),
        help_text=_("111 or 2022; only where the file does not say it."),
    )
    plan = forms.SlugField(
        label=_("Plan"),
        required=False,
        max_length=40,
        help_text=_("bsc unless it is another plan, such as safety-net."),
    )
    whole = forms.BooleanField(
        label=_("This file is the whole plan"),
        required=False,
        help_text=_(
            "KPIs that it does not list are removed, and withdrawn where they have"
            " figures. Without this, what a file lacks stays as it is."
        ),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_where(user, Action.IMPORT)

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        most = limits().packed
        if file is not None and file.size > most:
            raise ValidationError(
                _("%(name)s is larger than %(most)s."),
                params={"name": file.name, "most": filesizeformat(most)},
            )
        return file

    def clean(self) -> dict:
        """Take the file or the text: one of them, and not both."""
        said = super().clean()
        pasted = said.get("pasted", "")
        is_pasted = bool(pasted.strip())
        if self.errors:
            return said
        if said["file"] is not None and is_pasted:
            raise ValidationError(_("Give a file or a pasted table, not both."))
        if is_pasted:
            said["file"] = SimpleUploadedFile(PASTED, pasted.encode(), "text/plain")
        elif said["file"] is None:
            self.add_error("file", _("Choose a file, or paste a table."))
        return said

    @property
    def options(self) -> dict:
        """Return what was said, as an import batch keeps it."""
        said = self.cleaned_data
        return {
            "unit": said["unit"].code if said["unit"] else None,
            "year": said["year"],
            "plan": said["plan"] or None,
            "whole": said["whole"],
        }
