"""Take the answers of a person to the questions of a proposal."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bsc.models import Unit, User
from bsc.permissions import Action, may
from sheets.models import ImportBatch, ImportDoubt
from sheets.proposals import Proposal
from sheets.proposals.questions import ALIAS, NEW_SECTION, is_possible
from sheets.services.doubting import keep_doubts
from sheets.services.reading import keep_proposal, options_of, propose_content, read

# Answers by key, and the doubts that bear those keys.
type Given = tuple[dict[str, str], Iterable[ImportDoubt]]

ANSWERABLE = (ImportBatch.Status.PROPOSED, ImportBatch.Status.REFUSED)


def answer_batch(
    batch: ImportBatch,
    answers: dict[str, str],
    by: User | None,
    said: dict[str, Any] | None = None,
) -> Proposal:
    """Store answers, by the key of their issue, and propose again.

    An empty answer takes an earlier one back. `said` is the year, of the common era, or
    the unit of sheets that name none, as `options` keeps them. Raises ValidationError where a key is no question of this
    proposal, a choice is none of its choices, or the file is over; PermissionDenied
    where a new section would stand in a unit `by` does not plan.
    """
    return _propose_again(
        batch, lambda: (answers, batch.doubts.named(answers)), by, said
    )


def accept_defaults(batch: ImportBatch, by: User | None) -> Proposal:
    """Answer every open question of a proposal with its default; an error has none.

    What somebody has answered meanwhile stands. Raises as `answer_batch` does.
    """
    return _propose_again(batch, lambda: _defaults(batch), by)


def _defaults(batch: ImportBatch) -> Given:
    asked = [*batch.doubts.waiting()]
    return {doubt.key: doubt.choices[0] for doubt in asked}, asked


def _propose_again(
    batch: ImportBatch,
    given: Callable[[], Given],
    by: User | None,
    said: dict[str, Any] | None = None,
) -> Proposal:
    """Store what is given, asked for once nobody else can answer, and propose again."""
    # Before the transaction: nobody who writes has to wait until a file is read.
    content = read(Path(batch.file.path), batch.file_name)
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update()
        batch.refresh_from_db(from_queryset=held)
        if batch.status not in ANSWERABLE:
            raise ValidationError(_("This file is no longer waiting to be applied."))
        answers, doubts = given()
        asked = {doubt.key: doubt for doubt in doubts}
        for key, choice in answers.items():
            _check_answer(asked.get(key), choice, by)
            if choice:
                batch.answers[key] = choice
            else:
                batch.answers.pop(key, None)
        batch.options = {**batch.options, **(said or {})}
        proposal = propose_content(content, options_of(batch))
        keep_proposal(batch, proposal)
        keep_doubts(batch, proposal.issues)
        batch.save(update_fields=["answers", "options", "proposal", "status", "unit"])
    return proposal


def _check_answer(doubt: ImportDoubt | None, choice: str, by: User | None) -> None:
    if doubt is None:
        raise ValidationError(_("This is no longer asked of this file."))
    if not choice:
        return
    known = choice.startswith(ALIAS) and Unit.objects.filter(
        code=choice.removeprefix(ALIAS)
    )
    if not is_possible(choice, tuple(doubt.choices)) or (
        choice.startswith(ALIAS) and not known
    ):
        raise ValidationError(
            _("“%(choice)s” cannot be chosen here.") % {"choice": choice}
        )
    if choice == NEW_SECTION and by is not None:
        parent = Unit.objects.filter(code=doubt.params.get("parent", "")).first()
        if parent is None or not may(by, Action.EDIT_PLAN, parent):
            raise PermissionDenied
