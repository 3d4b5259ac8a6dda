"""A round of reporting, as a planner types it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard
from bsc.periods import Period
from bsc.workdays import Calendar, day_text, parse_day
from kpi.models import Round
from kpi.services.rounds import (
    DAYS_TO_APPROVE,
    DAYS_TO_CHECK,
    DAYS_TO_CLOSE,
    MOST_WORK_DAYS,
    Days,
    reckon_days,
)


class DayField(forms.CharField):
    """A day: shown as 112.6.30, typed so or as 2023-06-30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs.update({"class": "in day", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return day_text(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_day(text)
        except ValueError as error:
            raise ValidationError(
                _("This is no day. Write it as 112.6.30 or 2023-06-30.")
            ) from error


def days_field(label: str, initial: int) -> forms.IntegerField:
    """Return a box for a number of working days."""
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=0,
        max_value=MOST_WORK_DAYS,
        widget=forms.NumberInput(attrs={"class": "in days", "inputmode": "numeric"}),
    )


class RoundForm(forms.Form):
    """The cards, period and days of a round.

    The last three days may be left empty: they are then reckoned from the working
    days beside them. `days` are those of a valid form.
    """

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"class": "in"})
    )
    period = forms.CharField(
        label=_("Period"),
        max_length=12,
        help_text=_("A year, half, quarter or month: 115, 115H1, 115Q3, 11507."),
        widget=forms.TextInput(attrs={"class": "in day", "autocomplete": "off"}),
    )
    opens_on = DayField(label=_("Opens"))
    due_on = DayField(label=_("Sections send until"))
    days_to_check = days_field(_("Working days to check"), DAYS_TO_CHECK)
    check_due_on = DayField(label=_("Heads check until"), required=False)
    days_to_approve = days_field(_("Working days to approve"), DAYS_TO_APPROVE)
    approve_due_on = DayField(label=_("Units approve until"), required=False)
    days_to_close = days_field(_("Working days until it closes"), DAYS_TO_CLOSE)
    closes_on = DayField(label=_("Closes"), required=False)
    refuses_late = forms.TypedChoiceField(
        label=_("After it has closed"),
        choices=[("", _("take with a reason")), ("1", _("take nothing more"))],
        required=False,
        coerce=bool,
        empty_value=False,
        widget=forms.RadioSelect,
    )
    scorecards = forms.ModelMultipleChoiceField(
        Scorecard.objects.none(),
        label=_("Scorecards"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one scorecard.")},
    )

    RECKONED = ("check_due_on", "approve_due_on", "closes_on")

    def __init__(
        self, *args: Any, cards: Any, calendar: Calendar, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.days: Days | None = None
        self.fields["scorecards"].queryset = cards
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"help-{name}"

    @classmethod
    def initial_of(cls, round: Round) -> dict[str, Any]:
        """Return what the form of an existing round shows."""
        return {
            "name": round.name,
            "period": Period.parse(round.period).roc_code,
            "opens_on": round.opens_on,
            "due_on": round.due_on,
            "check_due_on": round.check_due_on,
            "approve_due_on": round.approve_due_on,
            "closes_on": round.closes_on,
            "refuses_late": "1" if round.refuses_late else "",
            "scorecards": list(round.scorecards.values_list("pk", flat=True)),
        }

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise ValidationError(
                _("This is no year, half, quarter or month.")
            ) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.has_error("opens_on") or self.has_error("due_on"):
            return given
        if given["due_on"] < given["opens_on"]:
            self.add_error("due_on", _("It is due before it opens."))
            return given
        reckoned = self.reckon(given)
        if reckoned is None:
            return given
        for name in self.RECKONED:
            if not given.get(name) and not self.has_error(name):
                given[name] = getattr(reckoned, name)
        if any(self.has_error(name) for name in self.RECKONED):
            return given
        days = Days(**{name: given[name] for name in Days.__slots__})
        self._require_order(days)
        self.days = None if self.errors.keys() & set(self.RECKONED) else days
        return given

    def reckon(self, given: Mapping[str, Any]) -> Days | None:
        """Return the days that follow from the first two; None without them."""
        names = ("opens_on", "due_on", "days_to_check", "days_to_approve")
        counts = (*names, "days_to_close")
        if any(given.get(name) is None for name in counts):
            return None
        values = {name: given[name] for name in counts}
        return reckon_days(calendar=self.calendar, **values)

    def _require_order(self, days: Days) -> None:
        for earlier, later in (
            ("due_on", "check_due_on"),
            ("check_due_on", "approve_due_on"),
            ("due_on", "closes_on"),
        ):
            if getattr(days, later) < getattr(days, earlier):
                words = _("This day is before “%(earlier)s”.")
                label = self.fields[earlier].label
                self.add_error(later, words % {"earlier": label})
