"""KPIs and their targets, as planners type them."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bsc.models import SuccessFactor, Unit
from bsc.numbers import plain, roc_year
from kpi.forms.plan_fields import LinesField, NumberField, PlanForm, dress, units_of
from kpi.models import Kpi, Target
from kpi.models.figures import Comparator
from kpi.services.targets import TargetValues

_PART = re.compile(
    r"(?P<label>.*?)\s*[:：]?\s*(?P<sign>>=|<=|[≥≧≤≦><=])?\s*"
    r"(?P<value>-?\d[\d,]*(?:\.\d+)?)\s*%?"
)
_SIGNS = {">=": "≥", "≧": "≥", "<=": "≤", "≦": "≤"}


class KpiForm(PlanForm):
    """What a KPI is, who is responsible for it and who enters its figures."""

    notes = LinesField(label=_("Notes"), required=False, help_text=_("One a line."))
    minimum = NumberField(label=_("Natural minimum"))
    maximum = NumberField(label=_("Natural maximum"))
    decimals = forms.IntegerField(
        label=_("Decimals of the actual"), min_value=0, max_value=6
    )
    achievement_decimals = forms.IntegerField(
        label=_("Decimals of the achievement"), min_value=0, max_value=6
    )
    owners = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Responsible units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    editor = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Enters the figures"),
        required=False,
        empty_label=_("any of the responsible units"),
        help_text=_("Where several units are responsible, one enters; others sign."),
    )

    class Meta:
        model = Kpi
        fields = (
            "code",
            "name",
            "objective",
            "success_factor",
            "measure",
            "rate_base",
            "direction",
            "minimum",
            "maximum",
            "decimals",
            "achievement_decimals",
            "weight",
            "position",
            "formula_text",
            "expression",
            "window",
            "cut_off",
            "population",
            "source",
            "notes",
            "is_exempt",
            "exemption_reason",
        )
        labels = {
            "objective": _("Objective"),
            "success_factor": _("KSF"),
            "formula_text": _("Formula as published"),
        }
        help_texts = {
            "rate_base": _("For rates: 100, 1000 or 100000."),
            "weight": _("Its weight among the KPIs of its objective."),
        }
        widgets = {
            "formula_text": forms.Textarea(attrs={"rows": 3}),
            "expression": forms.Textarea(attrs={"rows": 2}),
            "direction": forms.RadioSelect,
        }

    def __init__(self, data: Any = None, *, row: Kpi, **kwargs: Any) -> None:
        held = list(row.owners.all()) if row.pk else []
        start = {
            "owners": [owner.unit_id for owner in held],
            "editor": next((o.unit_id for o in held if o.is_editor), None),
        }
        super().__init__(data, row=row, initial=start, **kwargs)
        units = units_of(self.card, {owner.unit_id for owner in held})
        self.fields["owners"].queryset = units
        self.fields["editor"].queryset = units
        self.fields["objective"].queryset = self.card.objectives.all()
        factors = SuccessFactor.objects.filter(objective__scorecard=self.card)
        self.fields["success_factor"].queryset = factors
        self.initial["weight"] = plain(row.weight)
        # A new KPI has no direction until somebody says it; nothing is ticked.
        if not row.pk:
            self.initial["direction"] = None


class TargetForm(forms.Form):
    """What a KPI is to reach in one year: one row of the page of targets."""

    comparator = forms.ChoiceField(
        label=_("Comparator"),
        choices=[("", "—"), *Comparator.choices],
        required=False,
    )
    value = NumberField(label=_("Value"))
    text = forms.CharField(label=_("Or in words"), max_length=200, required=False)
    parts = LinesField(
        label=_("In parts"),
        required=False,
        help_text=_("One a line: its name, and what it is to reach (網路 ≥ 80)."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, year: int, row: Target | None, version: str
    ) -> None:
        start: dict[str, Any] = {"version": version}
        if row is not None:
            start |= {
                "comparator": row.comparator,
                "value": row.value,
                "text": row.text,
                "note": row.note,
                "reason": row.reason,
                "parts": [_part_text(part) for part in row.parts],
            }
        super().__init__(data, initial=start, prefix=f"t{year}")
        self.year, self.row = year, row
        self.roc_year = roc_year(year)
        dress(self)

    def clean_parts(self) -> tuple[dict[str, str], ...]:
        return tuple(_part(line) for line in self.cleaned_data["parts"])

    @property
    def has_more(self) -> bool:
        """Say whether its parts or its note say anything, or are to be mended."""
        names = ("parts", "note")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def target(self) -> TargetValues:
        names = ("value", "comparator", "text", "note", "parts")
        return TargetValues(**{name: self.cleaned_data[name] for name in names})


def _part(line: str) -> dict[str, str]:
    match = _PART.fullmatch(unicodedata.normalize("NFKC", line).replace("−", "-"))
    if match is None or not match["label"]:
        raise ValidationError(
            _("“%(line)s” is no part: write its name, then a number."),
            params={"line": line[:40]},
        )
    sign = match["sign"] or ""
    return {
        "label": match["label"],
        "value": match["value"].replace(",", ""),
        "comparator": _SIGNS.get(sign, sign),
    }


def _part_text(part: Mapping[str, str]) -> str:
    return f"{part['label']} {part['comparator']}{part['value']}".strip()
