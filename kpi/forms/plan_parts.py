"""Cards and what stands on their maps, as planners type them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bsc.models import (
    MAIN_PLAN,
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    Unit,
)
from bsc.periods import common_era
from kpi.forms.plan_fields import LinesField, PlanForm, dress, units_of

# Words that have a place of their own in the address of a card.
RESERVED = frozenset(
    "plan map scorecard results lights close seal entry rate".split()  # noqa: SIM905
)


class CardForm(PlanForm):
    """What a card says at its head."""

    core_values = LinesField(
        label=_("Core values"), required=False, help_text=_("One a line.")
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            (Scorecard.Status.DRAFT.value, _("draft")),
            (Scorecard.Status.IN_FORCE.value, _("in force")),
        ],
        help_text=_("Only its own unit and those above see a draft."),
    )

    class Meta:
        model = Scorecard
        fields = (
            "title",
            "map_title",
            "mission",
            "vision",
            "core_values",
            "parent_text",
            "status",
        )
        widgets = {
            "mission": forms.Textarea(attrs={"rows": 2}),
            "vision": forms.Textarea(attrs={"rows": 2}),
        }


class NewCardForm(forms.Form):
    """A new card: for which unit and year, and what it begins from."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    year = forms.CharField(
        label=_("Year"),
        max_length=4,
        help_text=_("As 115."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    plan = forms.SlugField(
        label=_("Plan"),
        max_length=40,
        initial=MAIN_PLAN,
        help_text=_("“bsc” for the balanced scorecard; another word for a side plan."),
    )
    source = forms.ModelChoiceField(
        Scorecard.objects.none(),
        label=_("Copied from"),
        required=False,
        empty_label=_("nothing: an empty card"),
        help_text=_("An earlier card of the same unit and plan."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        units: QuerySet[Unit],
        cards: QuerySet[Scorecard],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["unit"].queryset = units
        self.fields["source"].queryset = cards
        dress(self)

    def clean_year(self) -> int:
        try:
            return common_era(self.cleaned_data["year"])
        except ValueError as error:
            raise ValidationError(_("This is no year.")) from error

    def clean_plan(self) -> str:
        plan = self.cleaned_data["plan"].lower()
        if plan in RESERVED:
            raise ValidationError(_("This word has another meaning in addresses."))
        return plan


class ThemeForm(PlanForm):
    members = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units of the theme"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lead = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Lead unit"), required=False
    )

    class Meta:
        model = Theme
        fields = ("code", "name", "position")

    def __init__(self, data: Any = None, *, row: Theme, **kwargs: Any) -> None:
        held = list(row.members.all()) if row.pk else []
        start = {
            "members": [member.unit_id for member in held],
            "lead": next((m.unit_id for m in held if m.is_lead), None),
        }
        super().__init__(data, row=row, initial=start, **kwargs)
        units = units_of(self.card, {member.unit_id for member in held})
        self.fields["members"].queryset = units
        self.fields["lead"].queryset = units


class PerspectiveForm(PlanForm):
    class Meta:
        model = Perspective
        fields = ("code", "name", "position")


class ObjectiveForm(PlanForm):
    """An objective and where the map draws it."""

    class Meta:
        model = Objective
        fields = (
            "code",
            "name",
            "row",
            "perspective",
            "theme",
            "first_theme",
            "last_theme",
            "mark",
            "position",
        )
        labels = {
            "row": _("Row of the map"),
            "theme": _("Theme"),
            "perspective": _("Perspective"),
            "first_theme": _("Spans from theme"),
            "last_theme": _("Spans to theme"),
        }
        help_texts = {
            "first_theme": _("Only where it stands over several themes."),
            "mark": _("A sign that the map prints beside it."),
        }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in ("theme", "first_theme", "last_theme"):
            self.fields[name].queryset = self.card.themes.all()
        self.fields["perspective"].queryset = self.card.perspectives.all()


class SuccessFactorForm(PlanForm):
    class Meta:
        model = SuccessFactor
        fields = ("objective", "code", "name", "position")
        labels = {"objective": _("Objective")}
        widgets = {"name": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["objective"].queryset = self.card.objectives.all()


class LinkForm(PlanForm):
    class Meta:
        model = ObjectiveLink
        fields = ("cause", "effect")
        labels = {"cause": _("What helps"), "effect": _("What is helped")}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in self._meta.fields:
            self.fields[name].queryset = self.card.objectives.all()
