"""Files tied to a figure on its way."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bsc.evidence import storing
from bsc.evidence.kinds import MAXIMUM_SIZE, MEGABYTE
from bsc.models import Evidence, User
from bsc.periods import Period
from kpi.models import Entry, Kpi
from kpi.services import entries, rights
from kpi.services.refusals import refusal
from kpi.services.steps import hold_cards, require_open

MOST_FILES = 10
_TOO_MANY = _("A figure takes at most %(most)s files.")


def add_evidence(
    *,
    kpi: Kpi,
    period: Period,
    name: str,
    size: int,
    chunks: Iterable[bytes],
    by: User,
    at: datetime,
) -> Evidence:
    """Keep a file as evidence of a KPI's figure that is not sent yet.

    Begins the draft where nothing was typed so far. Raises ValidationError where the
    file is not taken, or the figure is not to be changed.
    """
    if size > MAXIMUM_SIZE:
        raise ValidationError(
            storing.REFUSALS["too-large"],
            code="too-large",
            params={"most": str(MAXIMUM_SIZE // MEGABYTE)},
        )
    unit = rights.unit_recorded_for(by, kpi)
    if unit is None:
        raise refusal("not-your-unit")
    # A file is looked through before anything is locked: that may take seconds.
    checked = storing.checked_file(name, b"".join(chunks))
    with transaction.atomic():
        hold_cards([kpi])
        # Held until the end, so that nobody sends it while the file is tied to it.
        held = Entry.objects.select_for_update()
        entry = held.filter(kpi=kpi, period=period.code).first()
        entry = entries.save_draft(
            kpi=kpi,
            period=period,
            typed={},
            by=by,
            at=at,
            version=entry.version if entry else None,
        )
        if entry.evidence.count() >= MOST_FILES:
            raise ValidationError(
                _TOO_MANY, code="too-many", params={"most": MOST_FILES}
            )
        evidence = storing.store_evidence(unit=unit, file=checked, by=by)
        entry.evidence.add(evidence)
    return evidence


@transaction.atomic
def remove_evidence(*, entry: Entry, evidence: Evidence, by: User) -> None:
    """Take a file away from a figure that is not sent yet.

    Raises ValidationError where the figure is sent, is not theirs to enter, or its year
    is closed.
    """
    hold_cards([entry.kpi])
    require_open(entry.kpi, Period.parse(entry.period))
    current = Entry.objects.select_for_update().get(pk=entry.pk)
    if not rights.may_record(by, entry.kpi):
        raise refusal("not-your-unit")
    if not current.is_editable:
        raise refusal("locked", state=current.get_state_display())
    current.evidence.remove(evidence)
    if not evidence.entries.exists():
        storing.discard_evidence(evidence=evidence)
