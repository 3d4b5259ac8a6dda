"""A section's side of a figure on its way: typed, sent, taken back, signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from bsc.models import Unit, User
from bsc.periods import Period
from bsc.permissions import Action, may
from bsc.workdays import day_text
from kpi.entries import Definition, boxes_of, read
from kpi.models import Entry, Kpi, ReviewStep, Round
from kpi.services.definitions import rounds_of, to_read
from kpi.services.refusals import Conflict, refusal
from kpi.services.results import refresh_provisional
from kpi.services.rights import editors_of, signers_of, unit_recorded_for
from kpi.services.sending import Sending, ready
from kpi.services.steps import (
    EDITABLE,
    MOST_CHARACTERS,
    SENT,
    State,
    Step,
    add_step,
    hold_cards,
    in_force,
    move,
    require_open,
    stale,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of figures sent together: those sent, and why each other was not."""

    sent: list[Entry] = field(default_factory=list)
    refused: dict[int, ValidationError] = field(default_factory=dict)


def save_draft(
    *,
    kpi: Kpi,
    period: Period,
    typed: Mapping[str, str],
    by: User,
    at: datetime,
    version: int | None,
) -> Entry:
    """Keep what was typed into some boxes of a KPI's figure, right or wrong.

    Boxes that are not among `typed` stay as they are; an empty text empties its box.
    `version` is the one the person saw, None where they saw no entry. Where what stands
    says the same already nothing is written and it is returned: a page may send again.
    Raises `Conflict` where somebody wrote in between, else ValidationError with the
    code locked, closed-card, withdrawn, wrong-period, round-closed, not-your-unit,
    not-the-editor, unknown-box or too-long.
    """
    require_open(kpi, period)
    _require_recorder(kpi, by)
    entries = Entry.objects.filter(kpi=kpi, period=period.code)
    entry = entries.select_related("entered_by").first()
    if entry is not None and entry.state not in EDITABLE:
        raise refusal("locked", state=entry.get_state_display())
    if entry is None and (standing := in_force(kpi, period)) is not None:
        raise refusal("locked", state=standing.get_state_display())
    round = rounds_of([kpi.scorecard_id], period).get(kpi.scorecard_id)
    _require_round(round, entry, at)
    definition = to_read(kpi, period)
    typed = _cleaned(typed, definition, entry)
    if entry is None:
        return _begun(kpi, period, typed, definition, by, at)
    if _says(entry, typed):
        return entry
    if entry.version != version:
        raise stale(entry.pk, typed)
    is_known = any(mark.get("by") == by.pk for mark in entry.typed_by.values())
    with transaction.atomic():
        try:
            move(
                entry,
                entry.version,
                EDITABLE,
                code="locked",
                **_written(entry, typed, definition, by, at),
            )
        except Conflict as conflict:
            if _says(conflict.entry, typed):
                return conflict.entry
            raise stale(entry.pk, typed) from conflict
        if not is_known:
            _note_writer(entry, by)
    return entry


def _begun(
    kpi: Kpi,
    period: Period,
    typed: dict[str, str],
    definition: Definition,
    by: User,
    at: datetime,
) -> Entry:
    """Make the entry; where somebody did so at the same moment, theirs stands."""
    entry = Entry(kpi=kpi, period=period.code)
    for name, value in _written(entry, typed, definition, by, at).items():
        setattr(entry, name, value)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            _note_writer(entry, by)
    except IntegrityError:
        held = Entry.objects.get(kpi=kpi, period=period.code)
        if _says(held, typed):
            return held
        raise stale(held.pk, typed) from None
    return entry


def _written(
    entry: Entry,
    typed: Mapping[str, str],
    definition: Definition,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """Return the columns of an entry with some boxes typed anew."""
    mark = {"by": by.pk, "who": str(by), "at": at.isoformat()}
    changed = [name for name in typed if entry.typed.get(name, "") != typed[name]]
    merged = {
        name: text for name, text in {**entry.typed, **typed}.items() if text != ""
    }
    return {
        **read(merged, definition).columns,
        "typed": merged,
        "typed_by": entry.typed_by | dict.fromkeys(changed, mark),
        "entered_by": by,
        "entered_at": at,
    }


def _note_writer(entry: Entry, by: User) -> None:
    hands = Entry.writers.through
    hands.objects.bulk_create(
        [hands(entry_id=entry.pk, user_id=by.pk)], ignore_conflicts=True
    )


def _says(entry: Entry, typed: Mapping[str, str]) -> bool:
    return all(entry.typed.get(name, "") == text for name, text in typed.items())


def _cleaned(
    typed: Mapping[str, str], definition: Definition, entry: Entry | None
) -> dict[str, str]:
    """Return what was typed as the database takes it; refuse what no page sends."""
    known = {box.name for box in boxes_of(definition)} | {"late_reason"}
    known |= entry.typed.keys() if entry is not None else set()
    for name, text in typed.items():
        if name not in known:
            raise refusal("unknown-box", box=name[:40])
        if len(text) > MOST_CHARACTERS:
            raise refusal("too-long", most=f"{MOST_CHARACTERS:,}")
    return {name: text.replace("\0", "") for name, text in typed.items()}


def _require_recorder(kpi: Kpi, by: User) -> None:
    if unit_recorded_for(by, kpi) is not None:
        return
    if any(may(by, Action.RECORD, owner.unit) for owner in signers_of(kpi)):
        raise refusal("not-the-editor", unit=editors_of(kpi)[0].name)
    raise refusal("not-your-unit")


def _require_round(round: Round | None, entry: Entry | None, at: datetime) -> None:
    """Refuse what comes after the round; what was returned or reopened is expected."""
    if round is None or not round.refuses_late:
        return
    if timezone.localdate(at) <= round.closes_on:
        return
    if entry is None or not (entry.submitted_at or entry.stood):
        raise refusal("round-closed", day=day_text(round.closes_on))


def submit(
    *,
    entries: Iterable[tuple[Kpi, Period, int]],
    by: User,
    at: datetime,
    confirmed: Mapping[int, Sequence[str]] | None = None,
) -> Sent:
    """Send several figures; each is sent whole, or refused with its reason.

    `confirmed` are the keys of the checks that the person confirmed (`Check.key`), by
    the key of the KPI. `Sent.refused` is by the key of the KPI too; see `submit_entry`.
    A fixed number of queries, and a few for each figure that is sent.
    """
    sent, refused = [], {}
    by_period: dict[Period, dict[Kpi, int]] = {}
    for kpi, period, version in entries:
        by_period.setdefault(period, {})[kpi] = version
    with transaction.atomic():
        hold_cards(kpi for versions in by_period.values() for kpi in versions)
        for period, versions in by_period.items():
            # Always in one order, so that two who send the same do not block each other.
            kpis = sorted(versions, key=lambda kpi: kpi.pk)
            sending = Sending.of(kpis, period, by=by, at=at)
            done = []
            for kpi in kpis:
                try:
                    with transaction.atomic():
                        entry = _sent(
                            sending, kpi, versions[kpi], (confirmed or {}).get(kpi.pk)
                        )
                except ValidationError as error:
                    refused[kpi.pk] = error
                else:
                    done.append(kpi.pk)
                    sent.append(entry)
            if done:
                refresh_provisional(Kpi.objects.filter(pk__in=done), period, at=at)
    return Sent(sent, refused)


def submit_entry(
    *,
    kpi: Kpi,
    period: Period,
    by: User,
    at: datetime,
    version: int,
    confirmed: Sequence[str] = (),
) -> Entry:
    """Send a figure to the head of its section; it is locked until it comes back.

    Raises `Conflict`, `NotReady` (boxes to mend, checks to confirm, causes to give), or
    ValidationError with the codes of `save_draft` or late-reason.
    """
    done = submit(
        entries=[(kpi, period, version)],
        by=by,
        at=at,
        confirmed={kpi.pk: confirmed},
    )
    for error in done.refused.values():
        raise error
    return done.sent[0]


def _sent(
    sending: Sending, kpi: Kpi, version: int, confirmed: Sequence[str] | None
) -> Entry:
    by, at = sending.by, sending.at
    require_open(kpi, sending.period)
    _require_recorder(kpi, by)
    entry = sending.entries.get(kpi.pk)
    if entry is not None and entry.state not in EDITABLE:
        raise refusal("locked", state=entry.get_state_display())
    _require_round(sending.rounds.get(kpi.scorecard_id), entry, at)
    values = ready(sending, kpi, entry, confirmed or ())
    move(
        entry,
        version,
        EDITABLE,
        code="locked",
        **values,
        state=State.SUBMITTED,
        submitted_by=by,
        submitted_at=at,
    )
    _note_writer(entry, by)
    unit = unit_recorded_for(by, kpi)
    add_step(entry, Step.SUBMITTED, by=by, at=at, unit=unit)
    return entry


@transaction.atomic
def recall(*, entry: Entry, by: User, at: datetime, version: int) -> Entry:
    """Take a figure back that was sent and is not checked yet.

    Raises `Conflict`, or ValidationError: not-sent, not-your-unit, not-the-editor,
    closed-card, round-closed (it could not be sent again).
    """
    kpi, period = entry.kpi, Period.parse(entry.period)
    hold_cards([kpi])
    require_open(kpi, period)
    _require_recorder(kpi, by)
    round = rounds_of([kpi.scorecard_id], period).get(kpi.scorecard_id)
    _require_round(round, None, at)
    move(
        entry,
        version,
        [State.SUBMITTED],
        state=State.DRAFT,
        submitted_by=None,
        submitted_at=None,
    )
    unit = unit_recorded_for(by, kpi)
    add_step(entry, Step.RECALLED, by=by, at=at, unit=unit)
    refresh_provisional(Kpi.objects.filter(pk=kpi.pk), period, at=at)
    return entry


@transaction.atomic
def sign(*, entry: Entry, unit: Unit, by: User, at: datetime) -> ReviewStep:
    """Sign a figure that is sent or checked, for a responsible unit that did not send it.

    Raises ValidationError: closed-card, not-sent, not-an-owner, not-your-unit,
    already-signed.
    """
    kpi = entry.kpi
    hold_cards([kpi])
    require_open(kpi, Period.parse(entry.period))
    if unit.pk not in {owner.unit_id for owner in signers_of(kpi)}:
        raise refusal("not-an-owner", unit=str(unit))
    if not may(by, Action.RECORD, unit):
        raise refusal("not-your-unit")
    # Held until the end, so that two who sign at once sign once.
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    if entry.state not in SENT:
        raise refusal("not-sent", state=entry.get_state_display())
    since = entry.steps.filter(
        unit=unit,
        action__in=[Step.SUBMITTED, Step.SIGNED],
        at__gte=entry.submitted_at,
    )
    if since.exists():
        raise refusal("already-signed")
    return add_step(entry, Step.SIGNED, by=by, at=at, unit=unit)
