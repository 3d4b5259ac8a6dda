"""What the forms of plans share: lists, numbers, versions and reasons."""

import unicodedata
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.utils import get_blank_choice_label
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard, Unit
from bsc.numbers import plain
from bsc.planning import LONGEST_REASON

MOST_LINES = 30


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, longest: int = 300, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=longest * MOST_LINES, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_LINES or any(len(line) > self.longest for line in lines):
            raise ValidationError(
                _("At most %(lines)s lines of %(longest)s characters."),
                params={"lines": MOST_LINES, "longest": self.longest},
            )
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "")


class NumberField(forms.DecimalField):
    """A measured value: also typed as 1,234.5, in full width, or with a % sign."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_digits=20, decimal_places=6, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return plain(value).replace("−", "-") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        text = text.replace(",", "").replace("−", "-").removesuffix("%").strip()
        return super().to_python(text)


class PlanForm(forms.ModelForm):
    """A part of a plan: `values` of a valid form are what a service takes.

    The row itself is not touched; `version` stands for it as the form was drawn.
    """

    version = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why this changes"), required=False, max_length=LONGEST_REASON
    )

    def __init__(
        self,
        data: Any = None,
        *,
        row: Model,
        card: Scorecard,
        version: str = "",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        start = {"version": version, **(initial or {})}
        super().__init__(data, instance=copy(row), initial=start)
        self.card = card
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].label = _("Place in the order")
            self.fields["position"].help_text = _("The smallest number stands first.")
            if row.pk is None:
                self.initial["position"] = None
        if card.status == Scorecard.Status.IN_FORCE:
            self.fields["reason"].help_text = _(
                "The plan is in force: this is kept in its history."
            )
        else:
            del self.fields["reason"]
        dress(self)

    def clean(self) -> dict[str, Any]:
        """Leave what must hold of several boxes to the service."""
        return self.cleaned_data

    @property
    def values(self) -> dict[str, Any]:
        """Return what the row is to say; without a place, a new one stands last."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        if "position" in values and values["position"] is None:
            del values["position"]
        return values


# What a list of choices shows while nothing is chosen.
NOTHING = "—"


def dress(form: forms.BaseForm) -> None:
    """Give every box its class, and every list of choices a sign for nothing."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == get_blank_choice_label():
                field.empty_label = NOTHING
        elif isinstance(field, forms.ChoiceField):
            choices = list(field.choices)
            if choices and choices[0][0] == "":
                field.choices = [("", NOTHING), *choices[1:]]
        is_typed = not isinstance(
            widget, forms.CheckboxInput | forms.RadioSelect | forms.HiddenInput
        )
        if is_typed and not isinstance(widget, forms.CheckboxSelectMultiple):
            widget.attrs["class"] = f"in {widget.attrs.get('class', '')}".strip()


def units_of(card: Scorecard, held: set[int]) -> QuerySet[Unit]:
    """Return the units that may be responsible for things of a card.

    Those in use two levels down (one, below the city, or beside a group), and `held`.
    """
    base = card.unit
    if base.kind == Unit.Kind.GROUP:
        base = Unit.objects.get_parent(base) or base
    levels = 1 if base.kind == Unit.Kind.CITY else 2
    near = Q(path__startswith=base.path, depth__lte=base.depth + levels, is_open=True)
    return Unit.objects.filter(near | Q(pk__in=held) | Q(pk=card.unit_id))
