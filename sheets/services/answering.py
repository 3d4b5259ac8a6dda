"""Take the answers of a person to the questions of a proposal."""

from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bsc.models import Unit, User
from bsc.permissions import Action, may
from sheets.models import ImportBatch
from sheets.proposals import Proposal
from sheets.proposals.questions import ALIAS, NEW_SECTION, is_possible
from sheets.services.reading import keep_proposal, options_of, propose_content, read

ANSWERABLE = (ImportBatch.Status.PROPOSED, ImportBatch.Status.REFUSED)


def answer_batch(
    batch: ImportBatch, answers: dict[str, str], by: User | None
) -> Proposal:
    """Store answers, by the key of their issue, and propose again.

    An empty answer takes an earlier one back. Raises ValidationError where a key is no
    question of this proposal, a choice is none of its choices, or the file is over;
    PermissionDenied where a new section would stand in a unit `by` does not plan.
    """
    return _propose_again(batch, lambda: answers, by)


def accept_defaults(batch: ImportBatch, by: User | None) -> Proposal:
    """Answer every open question of a proposal with its default; an error has none.

    What somebody has answered meanwhile stands. Raises as `answer_batch` does.
    """
    return _propose_again(batch, lambda: _defaults(batch), by)


def _defaults(batch: ImportBatch) -> dict[str, str]:
    return {
        issue["key"]: issue["choices"][0]
        for issue in batch.proposal.get("issues", [])
        if issue["severity"] != "error"
        and issue.get("choices")
        and not issue.get("answer")
    }


def _propose_again(
    batch: ImportBatch, given: Callable[[], dict[str, str]], by: User | None
) -> Proposal:
    """Store what is given, asked for once nobody else can answer, and propose again."""
    # Before the transaction: nobody who writes has to wait until a file is read.
    content = read(Path(batch.file.path), batch.file_name)
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update()
        batch.refresh_from_db(from_queryset=held)
        if batch.status not in ANSWERABLE:
            raise ValidationError(_("This file is no longer waiting to be applied."))
        asked = {issue.get("key"): issue for issue in batch.proposal.get("issues", [])}
        for key, choice in given().items():
            _check_answer(asked.get(key), choice, by)
            if choice:
                batch.answers[key] = choice
            else:
                batch.answers.pop(key, None)
        proposal = propose_content(content, options_of(batch))
        keep_proposal(batch, proposal)
        batch.save(update_fields=["answers", "proposal", "status", "unit"])
    return proposal


def _check_answer(issue: dict | None, choice: str, by: User | None) -> None:
    if issue is None or not issue.get("choices"):
        raise ValidationError(_("This is no longer asked of this file."))
    if not choice:
        return
    known = choice.startswith(ALIAS) and Unit.objects.filter(
        code=choice.removeprefix(ALIAS)
    )
    if not is_possible(choice, tuple(issue["choices"])) or (
        choice.startswith(ALIAS) and not known
    ):
        raise ValidationError(
            _("“%(choice)s” cannot be chosen here.") % {"choice": choice}
        )
    if choice == NEW_SECTION and by is not None:
        parent = Unit.objects.filter(code=issue["params"].get("parent", "")).first()
        if parent is None or not may(by, Action.EDIT_PLAN, parent):
            raise PermissionDenied
