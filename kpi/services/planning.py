"""KPIs as planners make and change them; directions confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bsc import planning
from bsc.history import update_with_history
from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from kpi.formula import Asked, parse
from kpi.formula_wording import question_text
from kpi.models import Kpi, KpiOwner, Series
from kpi.services.results import periods_of, refresh_provisional, refresh_results

CONFIRMED = "confirmed"
# Said by a sheet or a person: to say the same again changes nothing.
SURE = frozenset({CONFIRMED, "printed"})
# Rows that go with a KPI where nothing else hangs on it.
OF_A_KPI = frozenset({"owners", "targets", "earlier_steps", "later_steps", "units"})
# What was printed of a KPI, and the columns it says in words.
PRINTED = {
    "text": {"code", "name"},
    "result_name": {"name"},
    "measure_text": {"measure"},
    "formula_cell": {"formula_text", "measure", "direction", "notes"},
}
WORDS = {
    "no-exemption-reason": gettext_lazy("Say why this KPI is exempt."),
    "not-exempt": gettext_lazy("A reason stands here, but the KPI is not exempt."),
    "bounds-turned": gettext_lazy("The natural maximum lies below the minimum."),
    "other-objective": gettext_lazy("This KSF is of another objective."),
    "editor-not-owner": gettext_lazy("Only a responsible unit enters the figures."),
    "direction-changed": gettext_lazy(
        "%(kpi)s was changed meanwhile, by %(who)s: its direction is now “%(now)s”."
    ),
    "formula-asked": gettext_lazy("Not understood: %(why)s"),
}


def _refusal(code: str, *, box: str = "", **params: Any) -> ValidationError:
    error = ValidationError(WORDS[code], code=code, params=params)
    return ValidationError({box: [error]}) if box else error


def histories_of(kpi: Kpi) -> list[QuerySet]:
    """Return the histories of what the form of a KPI shows: itself and its owners."""
    return [
        Kpi.history.filter(id=kpi.pk),
        KpiOwner.history.filter(kpi_id=kpi.pk),
    ]


def version_of_kpi(kpi: Kpi) -> str:
    """Return what stands for a KPI as its form shows it; empty for a new one."""
    return planning.version_of(*histories_of(kpi)) if kpi.pk else ""


@transaction.atomic
def save_kpi(
    *,
    kpi: Kpi,
    values: Mapping[str, Any],
    owners: Sequence[Unit],
    editor: Unit | None,
    by: User,
    reason: str = "",
    version: str = "",
) -> Kpi:
    """Store what a KPI is: a new one with a series of its own, or a changed one.

    `owners` are its responsible units and `editor` the one that enters, where one is
    named. A direction that a planner sets is confirmed. What was printed and no longer
    says the same is forgotten. Raises ValidationError, at the box where there is one,
    as `open_plan` and `require_version` do, and codes of WORDS; code-taken.
    """
    card = planning.open_plan(kpi.scorecard, by=by, reason=reason)
    is_new = kpi.pk is None
    if not is_new:
        planning.require_version(version, *histories_of(kpi))
    changed = set(planning.set_values(kpi, values))
    _require_sense(kpi, card)
    if editor is not None and editor not in owners:
        raise _refusal("editor-not-owner", box="editor")
    if "direction" in changed:
        is_open = kpi.direction == Kpi.Direction.UNCONFIRMED
        kpi.direction_basis = "" if is_open else CONFIRMED
    if not is_new:
        for column, said in PRINTED.items():
            if changed & said:
                setattr(kpi, column, "")
    else:
        kpi.series = Series(name=kpi.name)
        planning.keep(kpi.series, by=by, reason=reason)
        kpi.series_id = kpi.series.pk
        if "position" not in values:
            last = card.kpis.aggregate(last=Max("position"))["last"]
            kpi.position = 0 if last is None else last + 1
    kpi.full_clean(validate_unique=False)
    if is_new or changed:
        planning.keep(kpi, by=by, reason=reason)
    _set_owners(kpi, owners, editor, by=by, reason=reason)
    return kpi


def _require_sense(kpi: Kpi, card: Scorecard) -> None:
    if kpi.objective.scorecard_id != card.pk:
        raise planning.refusal("other-card", box="objective")
    factor = kpi.success_factor
    if factor is not None and factor.objective_id != kpi.objective_id:
        raise _refusal("other-objective", box="success_factor")
    if card.kpis.filter(code=kpi.code).exclude(pk=kpi.pk).exists():
        raise planning.refusal("code-taken", box="code")
    if kpi.is_exempt and not kpi.exemption_reason.strip():
        raise _refusal("no-exemption-reason", box="exemption_reason")
    if not kpi.is_exempt and kpi.exemption_reason.strip():
        raise _refusal("not-exempt", box="exemption_reason")
    bounds = (kpi.minimum, kpi.maximum)
    if None not in bounds and kpi.maximum < kpi.minimum:
        raise _refusal("bounds-turned", box="maximum")
    if kpi.expression.strip():
        read = parse(kpi.expression.strip(), kpi.measure, kpi.rate_base)
        if isinstance(read, Asked):
            raise _refusal("formula-asked", box="expression", why=question_text(read))


def _set_owners(
    kpi: Kpi, units: Sequence[Unit], editor: Unit | None, *, by: User, reason: str
) -> None:
    """Let a KPI have these responsible units; who stays keeps the name as printed."""
    held = {owner.unit_id: owner for owner in kpi.owners.all()}
    wanted = {unit.pk: unit for unit in units}
    place = max((owner.position for owner in held.values()), default=-1)
    for key, owner in held.items():
        if key not in wanted:
            planning.remove(owner, by=by, reason=reason)
    # The one before gives way first: a KPI has one editor at any moment.
    for is_editor in (False, True):
        for key, unit in wanted.items():
            named = editor is not None and editor.pk == key
            if named != is_editor:
                continue
            owner = held.get(key)
            if owner is None:
                place += 1
                name = unit.short_name or unit.name
                owner = KpiOwner(kpi=kpi, unit=unit, name=name, position=place)
            elif owner.is_editor == is_editor:
                continue
            owner.is_editor = is_editor
            planning.keep(owner, by=by, reason=reason)


@transaction.atomic
def remove_kpi(*, kpi: Kpi, by: User, reason: str = "", version: str = "") -> bool:
    """Take a KPI out of its plan, and return whether it is gone altogether.

    One on which anything hangs but its owners and targets is withdrawn: it leaves the
    plan, and what was measured stays. Raises ValidationError as `open_plan` and
    `require_version` do.
    """
    planning.open_plan(kpi.scorecard, by=by, reason=reason)
    planning.require_version(version, *histories_of(kpi))
    if hangs_on(kpi):
        kpi.is_withdrawn = True
        planning.keep(kpi, by=by, reason=reason)
        return False
    series = kpi.series
    for row in (*kpi.owners.all(), *kpi.targets.all()):
        planning.remove(row, by=by, reason=reason)
    planning.remove(kpi, by=by, reason=reason)
    if not series.kpis.exists():
        planning.remove(series, by=by, reason=reason)
    return True


def hangs_on(kpi: Kpi) -> bool:
    """Say whether figures, plans or budgets hang on a KPI, whichever app keeps them."""
    if Kpi.objects.filter(pk=kpi.pk).with_figures().exists():
        return True
    for relation in kpi._meta.related_objects:
        name = relation.get_accessor_name()
        if name in OF_A_KPI or relation.field.model._meta.auto_created:
            continue
        rows = relation.related_model._default_manager
        if rows.filter(**{relation.field.name: kpi}).exists():
            return True
    return False


@transaction.atomic
def restore_kpi(*, kpi: Kpi, by: User, reason: str = "", version: str = "") -> None:
    """Put a withdrawn KPI back into its plan. Raises ValidationError as above."""
    planning.open_plan(kpi.scorecard, by=by, reason=reason)
    planning.require_version(version, *histories_of(kpi))
    kpi.is_withdrawn = False
    planning.keep(kpi, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a KPI's direction, and what it was when they were asked."""

    direction: str
    was: str


@transaction.atomic
def confirm_directions(
    *,
    scorecard: Scorecard,
    said: Mapping[int, Said],
    by: User,
    reason: str = "",
) -> list[int]:
    """Store the directions of a card's KPIs as a person confirmed them, all or none.

    Return the keys of those that were written: another direction, or one confirmed
    that came from a sheet or from reckoning. Raises ValidationError as `open_plan`
    does; other-card; direction-changed for each that somebody changed meanwhile.
    """
    card = planning.open_plan(scorecard, by=by, reason=reason)
    kpis = {kpi.pk: kpi for kpi in card.kpis.in_plan().filter(pk__in=said)}
    if kpis.keys() != said.keys():
        raise planning.refusal("other-card")
    moved = [kpi for pk, kpi in kpis.items() if kpi.direction != said[pk].was]
    if moved:
        raise ValidationError([_moved(kpi) for kpi in moved])
    changed = []
    for pk, kpi in kpis.items():
        direction = Kpi.Direction(said[pk].direction)
        basis = "" if direction == Kpi.Direction.UNCONFIRMED else CONFIRMED
        if kpi.direction == direction and kpi.direction_basis in {*SURE, basis}:
            continue
        if kpi.direction != direction:
            kpi.formula_cell = ""
        kpi.direction, kpi.direction_basis = direction, basis
        changed.append(kpi)
    update_with_history(
        changed,
        ["direction", "direction_basis", "formula_cell"],
        by=by,
        reason=reason.strip()[: planning.LONGEST_REASON] or "confirmed the direction",
    )
    return [kpi.pk for kpi in changed]


def _moved(kpi: Kpi) -> ValidationError:
    newest = kpi.history.select_related("history_user").order_by("-history_id").first()
    who = newest.history_user if newest is not None else None
    return _refusal(
        "direction-changed",
        kpi=kpi.code,
        who=str(who or _("The system")),
        now=kpi.get_direction_display(),
    )


def reckon_again(kpis: QuerySet[Kpi], *, at: datetime) -> None:
    """Reckon the results of some KPIs again in every period that has any.

    Those of closed cards are left as they are.
    """
    for code in periods_of(kpis):
        period = Period.parse(code)
        of_year = kpis.filter(scorecard__year=period.year)
        refresh_results(of_year, period, at=at)
        refresh_provisional(of_year, period, at=at)
