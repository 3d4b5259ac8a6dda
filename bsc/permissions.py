"""Who may do what: the one table, and the questions put to it.

A role holds in its unit, in all units below, and in the groups the unit leads.
A thing that is not seen is not found (404, by `visible_to`); a thing that is seen
but not allowed is refused (403, by `require`).
"""

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from bsc.models import Membership, Scorecard, Unit, User

Role = Membership.Role


class Action(StrEnum):
    """What can be done to a unit's things."""

    SEE = "see"
    SEE_DRAFT = "see-draft"
    RECORD = "record"
    REVIEW = "review"
    SET_ROUNDS = "set-rounds"
    CLOSE = "close"
    IMPORT = "import"
    EDIT_PLAN = "edit-plan"
    EDIT_RULES = "edit-rules"
    RATE = "rate"
    REOPEN = "reopen"
    AUDIT = "audit"
    ADMINISTER = "administer"


# None: every signed-in person.
TABLE: dict[Action, frozenset[Role] | None] = {
    Action.SEE: None,
    Action.SEE_DRAFT: frozenset({Role.STAFF, Role.MANAGER, Role.PLANNER, Role.AUDITOR}),
    Action.RECORD: frozenset({Role.STAFF}),
    Action.REVIEW: frozenset({Role.MANAGER}),
    Action.SET_ROUNDS: frozenset({Role.PLANNER}),
    Action.CLOSE: frozenset({Role.PLANNER}),
    Action.IMPORT: frozenset({Role.PLANNER}),
    Action.EDIT_PLAN: frozenset({Role.PLANNER}),
    Action.EDIT_RULES: frozenset({Role.PLANNER}),
    Action.RATE: frozenset({Role.PLANNER}),
    Action.REOPEN: frozenset({Role.PLANNER}),
    Action.AUDIT: frozenset({Role.PLANNER, Role.AUDITOR}),
    Action.ADMINISTER: frozenset({Role.ADMIN}),
}


def units_where(user: User, action: Action) -> QuerySet[Unit]:
    """Return the units in which `user` may do `action`. The roles are asked for once."""
    if not user.is_authenticated or not user.is_active:
        return Unit.objects.none()
    roles = TABLE[action]
    if roles is None:
        return Unit.objects.all()
    return Unit.objects.at_or_below(one.unit for one in user.held if one.role in roles)


def may(user: User, action: Action, thing: Any = None) -> bool:
    """Say whether `user` may do `action` to `thing`.

    `thing` is a unit, or what belongs to one (a scorecard, or anything with a
    `scorecard` or a `unit`); None asks whether they may do it in any unit. Costs no
    query but the one for the person's roles, once, where the unit is loaded.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    roles = TABLE[action]
    if roles is None:
        return True
    held = [one.unit for one in user.held if one.role in roles]
    if thing is None:
        return bool(held)
    unit = _unit_of(thing)
    return unit is not None and any(_reaches(one, unit) for one in held)


def _reaches(held: Unit, unit: Unit) -> bool:
    """Say whether a role in `held` holds in `unit`, as `at_or_below` says of tables."""
    return unit.path.startswith(held.path) or unit.lead_id == held.pk


def require(user: User, action: Action, thing: Any = None) -> None:
    """Raise PermissionDenied unless `user` may do `action` to `thing`."""
    if not may(user, action, thing):
        raise PermissionDenied


def _unit_of(thing: Any) -> Unit | None:
    if isinstance(thing, Unit):
        return thing
    if isinstance(thing, Scorecard):
        return thing.unit
    scorecard = getattr(thing, "scorecard", None)
    return scorecard.unit if scorecard is not None else getattr(thing, "unit", None)
