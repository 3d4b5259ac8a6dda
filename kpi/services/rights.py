"""Who may do what to the figure of a KPI. See docs/permissions.md.

Each question costs no query of its own where the KPI comes `with_owners`, and the
entry `with_kpi`.
"""

from bsc.models import Unit, User
from bsc.permissions import Action, may
from kpi.models import Entry, Kpi, KpiOwner


def editors_of(kpi: Kpi) -> list[KpiOwner]:
    """Return the responsible units that enter the figure: the one named, else all."""
    owners = list(kpi.owners.all())
    return [owner for owner in owners if owner.is_editor] or owners


def signers_of(kpi: Kpi) -> list[KpiOwner]:
    """Return the responsible units that sign: all but the named editor.

    Where none is named, the one that sends the figure has signed by sending it.
    """
    return [owner for owner in kpi.owners.all() if not owner.is_editor]


def unit_recorded_for(user: User, kpi: Kpi) -> Unit | None:
    """Return the unit for which `user` enters the figure of `kpi`; None for none."""
    units = (owner.unit for owner in editors_of(kpi))
    return next((unit for unit in units if may(user, Action.RECORD, unit)), None)


def may_record(user: User, kpi: Kpi) -> bool:
    """Say whether `user` enters figures of `kpi`: staff of a unit that enters them."""
    return unit_recorded_for(user, kpi) is not None


def may_sign(user: User, kpi: Kpi) -> bool:
    """Say whether `user` signs for one of the units that do not enter the figure."""
    return any(may(user, Action.RECORD, owner.unit) for owner in signers_of(kpi))


def may_check(user: User, entry: Entry) -> bool:
    """Say whether `user` heads a unit that enters the figure, and did not enter it.

    Asks for the person only; whether the entry waits to be checked is its state.
    """
    return heads(user, entry.kpi) and not has_entered(user, entry)


def may_approve(user: User, entry: Entry) -> bool:
    """Say whether `user` manages the card's unit or one above, and did not enter it."""
    return may_agree(user, entry.kpi) and not has_entered(user, entry)


def may_return(user: User, entry: Entry) -> bool:
    """Say whether `user` sends it back: who may check it, or approve it once checked."""
    if may_check(user, entry):
        return entry.state in {Entry.State.SUBMITTED, Entry.State.CHECKED}
    return entry.state == Entry.State.CHECKED and may_approve(user, entry)


def heads(user: User, kpi: Kpi) -> bool:
    """Say whether `user` manages a unit that enters the figure of `kpi`."""
    return any(may(user, Action.REVIEW, owner.unit) for owner in editors_of(kpi))


def has_entered(user: User, entry: Entry) -> bool:
    """Say whether `user` typed anything of the figure, or sent it."""
    hands = {writer.pk for writer in entry.writers.all()}
    return user.pk in hands | {entry.entered_by_id, entry.submitted_by_id}


def may_plan(user: User, kpi: Kpi) -> bool:
    """Say whether `user` names editors and asks for reopenings: the card's planners."""
    return may(user, Action.REOPEN, kpi.scorecard)


def may_agree(user: User, kpi: Kpi) -> bool:
    """Say whether `user` manages the card's unit or one above: they agree to reopen."""
    return may(user, Action.REVIEW, kpi.scorecard)


def may_see_entry(user: User, kpi: Kpi) -> bool:
    """Say whether `user` sees what is under way for `kpi`, and its provisional result.

    Those with a part in a responsible unit, in the card's unit, or above.
    """
    units = [owner.unit for owner in kpi.owners.all()]
    return any(
        may(user, Action.SEE_DRAFT, unit) for unit in (*units, kpi.scorecard.unit)
    )
