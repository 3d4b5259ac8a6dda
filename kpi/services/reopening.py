"""An approved figure reopened: asked for by a planner, agreed to by a manager."""

from datetime import datetime

from django.db import IntegrityError, transaction

from bsc.models import Scorecard, User
from bsc.periods import Period
from kpi.entries import Definition, boxes_of
from kpi.models import Actual, Entry, Kpi, ReviewStep, SelfRating
from kpi.services import rights
from kpi.services.approving import COLUMNS
from kpi.services.definitions import definition_of
from kpi.services.points import PARTS
from kpi.services.refusals import refusal
from kpi.services.steps import (
    State,
    Step,
    add_step,
    figure_said,
    hold_cards,
    in_force,
    move,
    number_text,
    words_of,
)


@transaction.atomic
def ask_reopening(
    *, kpi: Kpi, period: Period, by: User, at: datetime, reason: str
) -> ReviewStep:
    """Ask a manager to reopen an approved figure; an imported one has an entry made.

    Raises ValidationError: no-reason, closed-card, not-yours-to-plan,
    nothing-to-reopen, already-asked.
    """
    _require_open_card(kpi)
    if not words_of(reason):
        raise refusal("no-reason")
    if not rights.may_plan(by, kpi):
        raise refusal("not-yours-to-plan")
    entry = _held(kpi, period) or _made(kpi, period)
    if entry is None or entry.state != State.APPROVED:
        raise refusal("nothing-to-reopen")
    if request_of(entry) is not None:
        raise refusal("already-asked")
    return add_step(
        entry, Step.ASKED, by=by, at=at, unit=kpi.scorecard.unit, note=reason
    )


@transaction.atomic
def reopen(
    *,
    kpi: Kpi,
    period: Period,
    by: User,
    approved_by: User,
    at: datetime,
    reason: str,
) -> Entry:
    """Make an approved figure a draft again; it stays in force until the next approval.

    `by` is the planner who asked, `approved_by` the manager who agrees. Raises
    ValidationError: no-reason, closed-card, not-asked, not-yours-to-plan,
    not-yours-to-approve, two-people.
    """
    _require_open_card(kpi)
    if not words_of(reason):
        raise refusal("no-reason")
    if not rights.may_plan(by, kpi):
        raise refusal("not-yours-to-plan")
    if not rights.may_agree(approved_by, kpi):
        raise refusal("not-yours-to-approve")
    if by.pk == approved_by.pk:
        raise refusal("two-people")
    entry = _held(kpi, period)
    asked = request_of(entry) if entry is not None else None
    if entry is None or asked is None or asked.by_id != by.pk:
        raise refusal("not-asked")
    standing = in_force(kpi, period)
    now = figure_said(standing) if standing is not None else {}
    values = {}
    if standing is not None and now != figure_said(entry):
        # Somebody restated it since: the section begins from what is in force.
        values = _copied(standing, kpi, period)
    move(
        entry,
        entry.version,
        [State.APPROVED],
        **values,
        state=State.DRAFT,
        stood=now,
        ratings={},
        confirmed={},
        submitted_by=None,
        submitted_at=None,
    )
    add_step(
        entry,
        Step.REOPENED,
        by=by,
        agreed_by=approved_by,
        at=at,
        unit=kpi.scorecard.unit,
        note=reason,
    )
    return entry


@transaction.atomic
def refuse_reopening(
    *, kpi: Kpi, period: Period, by: User, at: datetime, reason: str
) -> ReviewStep:
    """Leave a figure approved whose reopening was asked for.

    Raises ValidationError: no-reason, not-asked, not-yours-to-approve.
    """
    if not words_of(reason):
        raise refusal("no-reason")
    if not rights.may_agree(by, kpi):
        raise refusal("not-yours-to-approve")
    entry = _held(kpi, period)
    if entry is None or request_of(entry) is None:
        raise refusal("not-asked")
    return add_step(
        entry, Step.REFUSED, by=by, at=at, unit=kpi.scorecard.unit, note=reason
    )


def request_of(entry: Entry) -> ReviewStep | None:
    """Return the request to reopen an entry that nobody has answered; one query."""
    if entry.state != State.APPROVED:
        return None
    last = entry.steps.select_related("by").order_by("at", "pk").last()
    return last if last is not None and last.action == Step.ASKED else None


def _require_open_card(kpi: Kpi) -> None:
    hold_cards([kpi])
    if kpi.scorecard.status == Scorecard.Status.CLOSED:
        raise refusal("closed-card")


def _held(kpi: Kpi, period: Period) -> Entry | None:
    """Return the entry, held until the end: two who answer at once answer once."""
    return Entry.objects.select_for_update().filter(kpi=kpi, period=period.code).first()


def _made(kpi: Kpi, period: Period) -> Entry | None:
    """Return an approved entry made of a figure that was imported; None without one."""
    standing = in_force(kpi, period)
    if standing is None:
        return None
    entry = Entry(kpi=kpi, period=period.code, state=State.APPROVED)
    for name, value in _copied(standing, kpi, period).items():
        setattr(entry, name, value)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return _held(kpi, period)
    return entry


def _copied(actual: Actual, kpi: Kpi, period: Period) -> dict[str, object]:
    """Return a figure in force as the columns of an entry, and as it would be typed."""
    columns = {name: getattr(actual, name) for name in COLUMNS}
    definition = definition_of(kpi, period)
    typed = _typed(actual, kpi, definition)
    return {**columns, "typed": typed, "typed_by": {}}


def _typed(actual: Actual, kpi: Kpi, definition: Definition) -> dict[str, str]:
    inputs = {row.label: number_text(row.value) for row in actual.inputs.all()}
    parts = {each["label"]: each["value"] for each in actual.parts}
    months = f"{actual.month_from}-{actual.month_until}" if actual.month_from else ""
    reached = {True: "yes", False: "no", None: ""}[actual.is_reached]
    due = actual.remedy_due_on
    said = {
        "value": number_text(actual.value),
        "months": months,
        "reached": reached,
        "remedy_due_on": due.isoformat() if due else "",
    } | {
        name: getattr(actual, name)
        for name in (
            "text",
            "absence",
            "absence_reason",
            "control",
            "explanation",
            "remedy",
            "late_reason",
        )
    }
    own = SelfRating.objects.filter(
        kpi=kpi, period=actual.period, level=SelfRating.Level.SELF
    ).first()
    if own is not None:
        said |= {name: number_text(getattr(own, name)) for name in PARTS}
        said |= {"basis": own.basis, "light": own.light}
    typed = {}
    for box in boxes_of(definition):
        kind = box.name.partition(":")[0]
        if kind in {"input", "part"}:
            text = (inputs if kind == "input" else parts).get(box.label, "")
        else:
            text = said.get(box.name, "")
        if text:
            typed[box.name] = text
    return typed
