"""Rules of rating, as planners of the city type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bsc.numbers import plain
from bsc.periods import common_era, roc
from bsc.planning import LONGEST_REASON
from kpi.forms.plan_fields import dress
from kpi.models import RatingRules
from kpi.models.results import Light
from kpi.services.rulebook import FIELDS, BandValues

# The lights that have a bound; the lowest has none.
BOUNDED = (Light.EXCELLENT, Light.GOOD, Light.FAIR)


class RocYearField(forms.CharField):
    """A year: 民國 outside, the common era inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def prepare_value(self, value: Any) -> Any:
        return roc(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        try:
            return common_era(super().clean(value))
        except ValueError as error:
            raise ValidationError(_("This is no year.")) from error


class ShareField(forms.DecimalField):
    """A share of 1, shown and typed in percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=100,
            max_digits=5,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return plain(value.scaleb(2)) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal:
        return super().clean(str(value or "").removesuffix("%")).scaleb(-2)


def bound_field(label: Any) -> forms.DecimalField:
    """Return the box for the lower bound of a light."""
    return forms.DecimalField(
        label=label,
        max_digits=7,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class RulesForm(forms.ModelForm):
    """Rules of a level and year with their bands; the row itself is not touched.

    `seen` stands for what the person saw previewed, `version` for the row as drawn.
    """

    year = RocYearField(label=_("From year"), help_text=_("As 115."))
    achievement_weight = ShareField(label=_("Weight of the achievement, in %"))
    innovation_weight = ShareField(label=_("Weight of innovation, in %"))
    challenge_weight = ShareField(label=_("Weight of challenge, in %"))
    contribution_weight = ShareField(label=_("Weight of contribution, in %"))
    excellent = bound_field(_("★ excellent from"))
    good = bound_field(_("● good from"))
    fair = bound_field(_("▲ fair from"))
    total_decimals = forms.IntegerField(
        label=_("Decimals of the total"), min_value=0, max_value=4
    )
    minimum_rated = forms.IntegerField(
        label=_("Fewest rated KPIs of a roll-up"), min_value=1, max_value=1000
    )
    reason = forms.CharField(
        label=_("Why this changes"), max_length=LONGEST_REASON, required=False
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    version = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    field_order = (
        "level",
        "year",
        "name",
        "standing",
        "basis",
        "uses_self_rating",
        "excellent",
        "good",
        "fair",
        "minimum_rated",
    )

    class Meta:
        model = RatingRules
        fields = tuple(name for name in FIELDS if name != "is_adopted")
        labels = {"name": _("Name"), "uses_self_rating": _("Uses self-ratings")}
        help_texts = {
            "document": _("Announced rules name it."),
            "clamp_low": _("Of the achievement, in percent; empty for no limit."),
            "clamp_high": _("Of the achievement, in percent; empty for no limit."),
        }
        widgets = {"source": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, data: Any = None, *, row: RatingRules, start: RatingRules, version: str
    ) -> None:
        """`start` is what the form shows: the row itself, or rules to begin from."""
        bounds = {}
        if start.pk:
            bounds = {band.light: band.lower for band in start.bands.all()}
        shown = forms.models.model_to_dict(start, self._meta.fields)
        shown |= {light.value: bounds.get(light.value) for light in BOUNDED}
        if row.pk is None:
            shown |= {"year": None, "document": "", "standing": None}
        super().__init__(
            data,
            instance=RatingRules(pk=row.pk),
            initial=shown | {"version": version, "seen": ""},
        )
        self.row = row
        dress(self)

    def clean(self) -> dict[str, Any]:
        """Leave what must hold of several boxes to the service."""
        return self.cleaned_data

    @property
    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        if self.row.pk is None:
            # Our own defaults give no light until a planner adopts them.
            values["is_adopted"] = values["standing"] != RatingRules.Standing.DEFAULT
        return values

    @property
    def bands(self) -> list[BandValues]:
        """Return the bands from the best light down; a light without bound is unused."""
        bounds = [(light, self.cleaned_data[light.value]) for light in BOUNDED]
        bands = [
            BandValues(each.value, lower) for each, lower in bounds if lower is not None
        ]
        return [*bands, BandValues(Light.POOR.value, None)]


class AdoptForm(forms.Form):
    """Why rules that stood ready are to hold."""

    reason = forms.CharField(
        label=_("Why this changes"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.TextInput(attrs={"class": "in"}),
    )
