"""What people type on the pages that show several apps."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard
from kpi.models import Erratum, Kpi


class CloseForm(forms.Form):
    """The items of the list that whoever closes a year says they have seen."""

    seen = forms.MultipleChoiceField(required=False)

    def __init__(self, *args, to_confirm: frozenset[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.to_confirm = to_confirm
        self.fields["seen"].choices = [(code, code) for code in to_confirm]

    def clean_seen(self) -> list[str]:
        seen = self.cleaned_data["seen"]
        if set(seen) != self.to_confirm:
            raise ValidationError(
                _("Confirm each item that you have seen; nothing was closed.")
            )
        return seen


class ErratumForm(forms.ModelForm):
    """A correction beside a closed card."""

    reason = forms.CharField(
        label=_("reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = Erratum
        fields = ("kpi", "what", "printed", "corrected", "reason")

    def __init__(self, *args, card: Scorecard, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kpi"].queryset = Kpi.objects.filter(scorecard=card).in_plan()
        self.fields["kpi"].empty_label = _("the whole card")
        self.fields["kpi"].label = _("KPI")
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"


class DecisionForm(forms.Form):
    """What a manager says about a proposed correction."""

    is_approved = forms.TypedChoiceField(
        choices=[("yes", _("approve")), ("no", _("refuse"))],
        coerce=lambda answer: answer == "yes",
    )
    note = forms.CharField(max_length=1000, required=False)
