"""Which of several responsible units enters the figures of a KPI."""

from django.db import transaction

from bsc.models import Scorecard, Unit, User
from bsc.permissions import Action, may
from kpi.models import Kpi
from kpi.services.refusals import refusal


@transaction.atomic
def name_editor(*, kpi: Kpi, unit: Unit | None, by: User) -> None:
    """Let `unit` alone enter the figures of `kpi`, and the others sign; None: any.

    Raises ValidationError: closed-card, not-yours-to-plan, not-an-owner.
    """
    if kpi.scorecard.status == Scorecard.Status.CLOSED:
        raise refusal("closed-card")
    if not may(by, Action.EDIT_PLAN, kpi.scorecard):
        raise refusal("not-yours-to-plan")
    owners = {owner.unit_id: owner for owner in kpi.owners.select_for_update()}
    if unit is not None and unit.pk not in owners:
        raise refusal("not-an-owner", unit=str(unit))
    # The one before gives way first: a KPI has one editor at any moment.
    for is_editor in (False, True):
        for owner in owners.values():
            named = unit is not None and owner.unit_id == unit.pk
            if named == is_editor != owner.is_editor:
                owner.is_editor = is_editor
                owner._history_user, owner._change_reason = by, "named the editor"
                owner.save()
