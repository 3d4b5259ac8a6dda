"""The review of a figure: checked, approved, or returned; and its reopening."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bsc.models import Unit, User
from bsc.periods import Period
from bsc.permissions import Action, may
from kpi.models import Actual, Entry, Kpi, KpiOwner, Result, SelfRating
from kpi.scoring import Light
from kpi.services import rights
from kpi.services.approving import (
    put_in_force,
    reason_of,
    said_in_force,
    standing_actual,
    state_as_printed,
)
from kpi.services.points import keep_points, with_points
from kpi.services.refusals import refusal
from kpi.services.reopening import ask_reopening, refuse_reopening, reopen, request_of
from kpi.services.results import refresh_provisional, refresh_results
from kpi.services.steps import (
    SENT,
    State,
    Step,
    add_step,
    figure_said,
    hold_cards,
    move,
    require_open,
    stale,
    words_of,
)
from kpi.services.wordings import said_text

__all__ = [
    "approve",
    "ask_reopening",
    "check",
    "refuse_reopening",
    "reopen",
    "request_of",
    "return_entry",
    "unsigned",
]

Level = SelfRating.Level


@transaction.atomic
def check(
    *,
    entry: Entry,
    by: User,
    at: datetime,
    version: int,
    note: str = "",
    ratings: Mapping[str, Any] | None = None,
) -> Entry:
    """Pass a figure that was sent on to the card's unit.

    `ratings` are the points of the first review: some of innovation, challenge,
    contribution (numbers or their texts), `basis`, and `light` where the rules leave
    the light to people. Raises `Conflict`, or ValidationError: not-sent, closed-card,
    not-yours-to-check, own-entry, bad-points, light-needs-reason, light-not-by-hand.
    """
    hold_cards([entry.kpi])
    require_open(entry.kpi, Period.parse(entry.period))
    _require_head(entry, by)
    move(
        entry,
        version,
        [State.SUBMITTED],
        state=State.CHECKED,
        ratings=with_points(entry, Level.FIRST, ratings, by),
    )
    unit = _headed_by(by, entry)
    add_step(entry, Step.CHECKED, by=by, at=at, unit=unit, note=note)
    _refresh_provisional(entry, at)
    return entry


@transaction.atomic
def approve(
    *,
    entry: Entry,
    by: User,
    at: datetime,
    version: int,
    note: str = "",
    ratings: Mapping[str, Any] | None = None,
    confirmed: Collection[str] = (),
) -> Actual:
    """Put a checked figure in force, and reckon the results that follow from it.

    Writes the actual with its inputs, the self-ratings of every level (`ratings` are
    those of the approval), and what the card prints where it prints nothing yet.
    Raises `Conflict`, or ValidationError: not-sent, closed-card, not-yours-to-approve,
    own-entry, direction-unconfirmed, the codes of points; and, until the code is among
    `confirmed`, in-force-changed (somebody put another figure in force meanwhile;
    params before, now, entry) and unsigned (params units). Where several are to be
    confirmed one ValidationError lists them all (`error_list`).
    """
    kpi, period = entry.kpi, Period.parse(entry.period)
    same = Kpi.objects.filter(series=kpi.series_id, scorecard__year=period.year)
    # All cards whose results follow, in one order, so that none waits for the other.
    hold_cards([kpi, *same.select_related("scorecard")])
    require_open(kpi, period)
    _require_approver(entry, by)
    actual = standing_actual(entry)
    if (entry.state, entry.version) == (State.CHECKED, version):
        _require_confirmed(entry, actual, confirmed)
    move(
        entry,
        version,
        [State.CHECKED],
        state=State.APPROVED,
        ratings=with_points(entry, Level.FINAL, ratings, by),
    )
    reason = reason_of(entry, words_of(note) or _why_reopened(entry))
    written = put_in_force(entry, actual, by=by, at=at, reason=reason)
    if written is None:
        raise stale(entry.pk, {})
    is_first = (
        entry.ratings
        and not SelfRating.objects.filter(
            kpi__scorecard=kpi.scorecard_id, period=entry.period
        ).exists()
    )
    keep_points(entry, by=by, reason=reason)
    state_as_printed(entry)
    add_step(entry, Step.APPROVED, by=by, at=at, unit=kpi.scorecard.unit, note=note)
    kpis = same
    if is_first:
        # With its first self-rating other rules may hold for the whole card.
        kpis = kpis | Kpi.objects.filter(scorecard=kpi.scorecard_id)
    refresh_results(kpis.in_plan(), period, at=at)
    _refresh_provisional(entry, at)
    _require_direction(kpi, entry)
    return written


@transaction.atomic
def return_entry(
    *, entry: Entry, by: User, at: datetime, version: int, note: str
) -> Entry:
    """Send a figure back to its section, with what is to be mended.

    The head of the section may do so until it is approved, the card's unit once it is
    checked. Points of the review are given anew. Raises `Conflict`, or ValidationError:
    no-reason, not-sent, closed-card, not-yours-to-check, not-yours-to-approve,
    own-entry.
    """
    hold_cards([entry.kpi])
    require_open(entry.kpi, Period.parse(entry.period))
    if not words_of(note):
        raise refusal("no-reason")
    unit = _headed_by(by, entry)
    if unit is not None or entry.state != State.CHECKED:
        _require_head(entry, by)
    else:
        _require_approver(entry, by)
        unit = entry.kpi.scorecard.unit
    own = {
        level: points for level, points in entry.ratings.items() if level == Level.SELF
    }
    move(entry, version, SENT, state=State.RETURNED, ratings=own)
    add_step(entry, Step.RETURNED, by=by, at=at, unit=unit, note=note)
    _refresh_provisional(entry, at)
    return entry


def unsigned(entry: Entry) -> list[KpiOwner]:
    """Return the responsible units that have not signed an entry since it was sent.

    One query; `entry` comes `with_kpi`.
    """
    signers = rights.signers_of(entry.kpi)
    if not signers or entry.submitted_at is None:
        return []
    signed = set(
        entry.steps.filter(
            action__in=[Step.SUBMITTED, Step.SIGNED], at__gte=entry.submitted_at
        ).values_list("unit", flat=True)
    )
    return [owner for owner in signers if owner.unit_id not in signed]


def _headed_by(by: User, entry: Entry) -> Unit | None:
    """Return the unit that enters the figure and that `by` manages; None for none."""
    units = (owner.unit for owner in rights.editors_of(entry.kpi))
    return next((unit for unit in units if may(by, Action.REVIEW, unit)), None)


def _require_head(entry: Entry, by: User) -> None:
    if not rights.heads(by, entry.kpi):
        raise refusal("not-yours-to-check")
    if rights.has_entered(by, entry):
        raise refusal("own-entry")


def _require_approver(entry: Entry, by: User) -> None:
    if not rights.may_agree(by, entry.kpi):
        raise refusal("not-yours-to-approve")
    if rights.has_entered(by, entry):
        raise refusal("own-entry")


def _require_confirmed(
    entry: Entry, actual: Actual | None, confirmed: Collection[str]
) -> None:
    """Ask about what the approver may not know: another figure, a missing signature."""
    asked = []
    now, own = said_in_force(actual), figure_said(entry)
    if now not in (entry.stood, own) and "in-force-changed" not in confirmed:
        asked.append(
            refusal(
                "in-force-changed",
                before=said_text(entry.stood),
                now=said_text(now),
                entry=said_text(own),
            )
        )
    missing = unsigned(entry)
    if missing and "unsigned" not in confirmed:
        names = ", ".join(owner.name for owner in missing)
        asked.append(refusal("unsigned", units=names))
    if asked:
        raise ValidationError(asked)


def _require_direction(kpi: Kpi, entry: Entry) -> None:
    """Take back the approval of a KPI that gets a light while its direction is open."""
    if kpi.direction != Kpi.Direction.UNCONFIRMED:
        return
    rated = Result.objects.filter(
        kpi=kpi, period=entry.period, standing=Result.Standing.OFFICIAL
    ).exclude(light=Light.UNKNOWN)
    if rated.exists():
        raise refusal("direction-unconfirmed")


def _why_reopened(entry: Entry) -> str:
    """Return why the entry was reopened since it was last approved, if it was."""
    if not entry.stood:
        return ""
    step = entry.steps.filter(action=Step.REOPENED).order_by("at", "pk").last()
    return step.note if step is not None else ""


def _refresh_provisional(entry: Entry, at: datetime) -> None:
    kpis = Kpi.objects.filter(pk=entry.kpi_id)
    refresh_provisional(kpis, Period.parse(entry.period), at=at)
