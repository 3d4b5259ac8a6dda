"""The year of a card closed and sealed, and corrections beside what was sealed."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard, Unit, User
from kpi.models import Entry, Erratum, Kpi, Seal

UNDER_REVIEW = (Entry.State.SUBMITTED, Entry.State.CHECKED)
WORDS = {
    "not-in-force": _("Only a card in force is closed."),
    "under-review": _("Figures are still under review: approve or return them first."),
    "not-closed": _("Errata stand beside closed cards; this one is still open."),
    "other-card": _("This KPI is of another card."),
    "no-reason": _("Say why."),
    "no-difference": _("Say what was sealed, and what it should have been."),
    "decided": _("This erratum is decided already."),
    "own-erratum": _("Somebody else than who proposed it decides about an erratum."),
}


def digest_of(content: str) -> str:
    """Return the SHA-256 of sealed content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def close_year(
    *,
    scorecard: Scorecard,
    content_of: Callable[[Scorecard], str],
    by: User,
    at: datetime,
) -> Seal:
    """Close the year of a card, and keep what it said.

    `content_of` writes the card as canonical JSON; it is asked once the card is
    closed to everybody else. Raises ValidationError: not-in-force, under-review.
    """
    # In turn with imports, which hold the top of the tree while they write.
    list(Unit.objects.select_for_update(no_key=True).filter(depth=1))
    card = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    if card.status != Scorecard.Status.IN_FORCE:
        raise _refusal("not-in-force")
    # Whoever has a figure open, or is about to approve one, finds another version.
    entries = Entry.objects.filter(kpi__scorecard=card)
    entries.update(version=F("version") + 1)
    if entries.filter(state__in=UNDER_REVIEW).exists():
        raise _refusal("under-review")
    content = content_of(card)
    card.status = Scorecard.Status.CLOSED
    card._history_user = by
    card._change_reason = "closed"
    card.save(update_fields=["status"])
    return Seal.objects.create(
        scorecard=card,
        content=content,
        digest=digest_of(content),
        sealed_by=by,
        sealed_at=at,
    )


@transaction.atomic
def propose_erratum(
    *,
    scorecard: Scorecard,
    kpi: Kpi | None,
    what: str,
    printed: str,
    corrected: str,
    reason: str,
    by: User,
    at: datetime,
) -> Erratum:
    """Propose a correction beside a closed card; the seal and its content stay.

    Raises ValidationError: not-closed, other-card, no-difference, no-reason.
    """
    if scorecard.status != Scorecard.Status.CLOSED:
        raise _refusal("not-closed")
    if kpi is not None and kpi.scorecard_id != scorecard.pk:
        raise _refusal("other-card")
    if not printed.strip() or not corrected.strip() or printed == corrected:
        raise _refusal("no-difference")
    if not reason.strip():
        raise _refusal("no-reason")
    return Erratum.objects.create(
        scorecard=scorecard,
        kpi=kpi,
        period=str(scorecard.year),
        what=what,
        printed=printed,
        corrected=corrected,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )


@transaction.atomic
def decide_erratum(
    *, erratum: Erratum, is_approved: bool, by: User, at: datetime, note: str = ""
) -> Erratum:
    """Approve or refuse a proposed correction.

    Raises ValidationError: decided, own-erratum, no-reason (for a refusal).
    """
    if erratum.proposed_by_id == by.pk:
        raise _refusal("own-erratum")
    if not is_approved and not note.strip():
        raise _refusal("no-reason")
    state = Erratum.State.APPROVED if is_approved else Erratum.State.REFUSED
    same = Erratum.objects.filter(pk=erratum.pk, state=Erratum.State.PROPOSED)
    if not same.update(state=state, decided_by=by, decided_at=at, decision_note=note):
        raise _refusal("decided")
    erratum.refresh_from_db()
    return erratum


def _refusal(code: str) -> ValidationError:
    return ValidationError(WORDS[code], code=code)
