"""Targets of KPIs as planners set them, and when one needs a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from bsc import planning
from bsc.models import Scorecard, User
from bsc.numbers import plain, roc_year
from bsc.periods import Period
from kpi.directions import is_weaker
from kpi.models import Actual, Kpi, Target
from kpi.scoring import Direction

YEARS_BACK = 10
WORDS = {
    "below-actual": gettext_lazy(
        "This target asks for less than the last actual (%(actual)s in %(year)s):"
        " say why."
    ),
    "lowered": gettext_lazy(
        "This target asks for less than before (%(before)s): say why."
    ),
    "value-and-text": gettext_lazy("Give a value, or say it in words."),
    "comparator-alone": gettext_lazy("A comparator needs a value."),
}


def _refusal(code: str, *, box: str, **params: Any) -> ValidationError:
    error = ValidationError(WORDS[code], code=code, params=params)
    return ValidationError({box: [error]})


def version_of_target(kpi: Kpi, year: int) -> str:
    """Return what stands for a KPI's target of a year, also where there is none."""
    return planning.version_of(_target_history(kpi, year))


def _target_history(kpi: Kpi, year: int) -> QuerySet:
    return Target.history.filter(kpi_id=kpi.pk, year=year)


@dataclass(frozen=True, slots=True)
class TargetValues:
    """A target as a planner says it; nothing at all takes the target away."""

    value: Decimal | None = None
    comparator: str = ""
    text: str = ""
    note: str = ""
    parts: tuple[Mapping[str, str], ...] = ()

    @property
    def is_nothing(self) -> bool:
        return self == TargetValues()


@transaction.atomic
def set_target(
    *,
    kpi: Kpi,
    year: int,
    target: TargetValues,
    by: User,
    reason: str = "",
    version: str = "",
) -> Target | None:
    """Store what a KPI is to reach in a year, and return it; None where nothing is.

    The reason is kept with the target. It is required where the plan is in force, and
    where the target asks for less than the last actual. A target that stays as it is
    needs none. Raises ValidationError, at its box: as `open_plan` and
    `require_version` do; value-and-text, comparator-alone, below-actual, lowered.
    """
    held = kpi.targets.filter(year=year).first()
    if values_of(held) == target and (held is None or held.reason == reason.strip()):
        return held
    try:
        card = planning.open_plan(kpi.scorecard, by=by, reason=reason)
    except ValidationError as error:
        # Who lowers a target is told so, not only that the plan is in force.
        lacks_reason = "reason" in getattr(error, "error_dict", {})
        raise (lacks_reason and _weaker(kpi, held, target, year)) or error from None
    planning.require_version(version, _target_history(kpi, year))
    if target.is_nothing:
        if held is not None:
            planning.remove(held, by=by, reason=reason)
        return None
    if (target.value is None) == (not target.text):
        raise _refusal("value-and-text", box="value")
    if target.comparator and target.value is None:
        raise _refusal("comparator-alone", box="comparator")
    in_force = card.status == Scorecard.Status.IN_FORCE
    before = held if in_force else None
    if not reason.strip() and (error := _weaker(kpi, before, target, year)):
        raise error
    row = held or Target(kpi=kpi, year=year)
    # The cell as published no longer says what this row does.
    row.value, row.comparator, row.printed = target.value, target.comparator, ""
    row.text, row.note = target.text, target.note
    row.parts = [dict(part) for part in target.parts]
    row.reason = reason.strip()
    row.full_clean(validate_unique=False)
    planning.keep(row, by=by, reason=reason)
    return row


def values_of(row: Target | None) -> TargetValues:
    """Return a stored target as a planner would say it."""
    if row is None:
        return TargetValues()
    return TargetValues(row.value, row.comparator, row.text, row.note, tuple(row.parts))


def _weaker(
    kpi: Kpi, held: Target | None, target: TargetValues, year: int
) -> ValidationError | None:
    """Return why a target needs a reason: it asks for less than before, or was done."""
    if target.value is None:
        return None
    direction = Direction(kpi.direction)
    last = last_actual(kpi, year)
    if last is not None and is_weaker(direction, target.value, last.value):
        params = {
            "actual": plain(last.value, grouped=True),
            "year": roc_year(Period.parse(last.period).year),
        }
        return _refusal("below-actual", box="reason", **params)
    before = held.value if held is not None else None
    if before is not None and is_weaker(direction, target.value, before):
        return _refusal("lowered", box="reason", before=plain(before, grouped=True))
    return None


def last_actual(kpi: Kpi, year: int) -> Actual | None:
    """Return the last figure in force of a whole year before `year`, if any."""
    years = [str(each) for each in range(year - YEARS_BACK, year)]
    found = kpi.series.actuals.filter(
        period__in=years,
        state=Actual.State.APPROVED,
        value__isnull=False,
        month_from__isnull=True,
    )
    return found.order_by("-period").first()
