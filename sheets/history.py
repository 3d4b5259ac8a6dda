"""The imports that were made: which file, by whom, and how it ended."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bsc.models import Unit
from sheets.counts import nouns_of
from sheets.models import ImportBatch
from sheets.querysets import ImportBatchQuerySet

Status = ImportBatch.Status


class HistoryForm(forms.Form):
    """Which imports the list shows: of one unit, in one state."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="code",
        empty_label=_("all units"),
    )
    status = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args, batches: ImportBatchQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.batches = batches
        self.fields["unit"].queryset = Unit.objects.filter(
            pk__in=batches.order_by().values("unit")
        )
        self.fields["status"].choices = [("", _("all states")), *Status.choices]

    def chosen(self) -> ImportBatchQuerySet:
        """Return the imports that are asked for; all where the asking is odd."""
        if not self.is_valid():
            return self.batches
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return self.batches.filter(**said)

    @property
    def query(self) -> str:
        """What a link to another page of the list carries on."""
        if not self.is_bound or not self.is_valid():
            return ""
        unit, status = self.cleaned_data["unit"], self.cleaned_data["status"]
        told = {"unit": unit.code if unit else "", "status": status}
        return "".join(f"{name}={value}&" for name, value in told.items() if value)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One import with its verdict in words."""

    batch: ImportBatch
    words: str


def history_of(batch: ImportBatch) -> HistoryLine:
    """Return a line of the list; `batch` comes from `for_history`."""
    is_written = batch.status in {Status.APPLIED, Status.UNDONE}
    changes = batch.applied_changes if is_written else None
    words = [
        gettext("%(noun)s: %(words)s") % {"noun": count.name, "words": told}
        for count in nouns_of(
            changes or {}, batch.applied_withdrawn, batch.applied_kinds
        )
        if (told := count.news)
    ]
    return HistoryLine(batch, gettext("; ").join(words))
