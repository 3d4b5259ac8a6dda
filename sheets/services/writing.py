"""Write the rows of a proposal, with their history, in bulk."""

from collections.abc import Iterable

from django.utils import timezone

from bsc.linking import link_cards
from bsc.models import Scorecard, Unit, User
from bsc.permissions import Action, units_where
from bsc.services import save_unit
from sheets.models import ObjectiveAnswer
from sheets.proposals import Proposal
from sheets.proposals.slates import Slate
from sheets.services.records import Record
from sheets.services.rows import change_rows, create_rows, remove_rows


def write(proposal: Proposal, *, by: User | None, reason: str) -> Record:
    """Write the rows of a proposal in the caller's transaction, and return what it was.

    How cards hang together is found again afterwards.
    """
    record = Record()
    if proposal.slates is None:
        return record
    _keep_own_names(proposal.slates.unit_names, by)
    for slate, key in proposal.slates.confirmed:
        slate.change(key, confirmed_by=by, confirmed_at=timezone.now())
    slates = [*proposal.slates]
    for slate in reversed(slates):
        removed = [*slate.removed.values()]
        record.note_removed(slate.model, removed)
        remove_rows(slate.model, removed, by=by, reason=reason)
    for slate in slates:
        _write_slate(slate, by=by, reason=reason)
        record.note_written(slate)
    link_again([card.unit for card in proposal.cards], by=by, reason=reason)
    record.note_cards(card.key for card in proposal.cards)
    return record


def link_again(units: Iterable[Unit], *, by: User | None, reason: str) -> None:
    """Find again how the cards of units hang together, by what was answered as well."""
    answers = ObjectiveAnswer.objects.values_list("own", "other", "is_same")
    answered = {(own, other): is_same for own, other, is_same in answers}
    cards = Scorecard.objects.touching(units)
    link_cards(cards, answered=answered, by=by, reason=reason)


def _keep_own_names(names: Slate, by: User | None) -> None:
    """Leave out new names of units that `by` may not import for.

    Their answer holds for this file; what such a unit is called is not theirs to say.
    """
    if by is None or not names.created:
        return
    own = set(units_where(by, Action.IMPORT).values_list("pk", flat=True))
    for key, row in [*names.created.items()]:
        if row.unit_id not in own:
            del names.created[key]


def _write_slate(slate: Slate, *, by: User | None, reason: str) -> None:
    for key, why in slate.reasons.items():
        slate.rows[key]._change_reason = f"{reason}: {why}"
    if slate.model is Unit:
        _write_units(slate, by=by, reason=reason)
        return
    create_rows(slate.model, [*slate.created.values()], by=by, reason=reason)
    changed = [slate.rows[key] for key in slate.changed]
    fields = sorted({name for names in slate.changed.values() for name in names})
    change_rows(slate.model, changed, fields, by=by, reason=reason)


def _write_units(slate: Slate, *, by: User | None, reason: str) -> None:
    """Put new sections into the tree one by one: each takes the next free place."""
    for (parent, _), unit in slate.created.items():
        unit._history_user, unit._change_reason = by, reason
        save_unit(unit=unit, parent=Unit.objects.get(pk=parent))
