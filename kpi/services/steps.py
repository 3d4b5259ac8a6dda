"""What every step of an entry shares: open cards, versions, and who did what."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from kpi.models import Actual, Entry, Kpi, ReviewStep
from kpi.services.refusals import Conflict, refusal

Step = ReviewStep.Action
State = Entry.State
EDITABLE = (State.DRAFT, State.RETURNED)
SENT = (State.SUBMITTED, State.CHECKED)
MOST_CHARACTERS = 5000


def hold_cards(kpis: Iterable[Kpi]) -> None:
    """Hold the cards of `kpis` until the end of the transaction, and see them anew.

    Every step of a figure does so first: no card is closed meanwhile, its ranks stay in
    order, and two steps that need the same rows wait for each other in one order.
    """
    kpis = list(kpis)
    cards = Scorecard.objects.select_for_update(no_key=True).order_by("pk")
    held = cards.filter(pk__in={kpi.scorecard_id for kpi in kpis})
    statuses = dict(held.values_list("pk", "status"))
    for kpi in kpis:
        kpi.scorecard.status = statuses[kpi.scorecard_id]


def require_open(kpi: Kpi, period: Period) -> None:
    """Raise ValidationError where the KPI takes no figure of `period` at all."""
    if kpi.scorecard.status == Scorecard.Status.CLOSED:
        raise refusal("closed-card")
    if kpi.is_withdrawn:
        raise refusal("withdrawn")
    if kpi.scorecard.year != period.year:
        raise refusal("wrong-period", year=kpi.scorecard.roc_year)


def move(
    entry: Entry,
    version: int,
    states: Collection[str],
    *,
    code: str = "not-sent",
    **values: Any,
) -> Entry:
    """Write `values` where the entry is still as the person saw it, and return it.

    One statement decides, so that of several at once one writes. Raises `Conflict`
    where somebody wrote in between, ValidationError `code` where its state takes no
    such step.
    """
    fresh = Entry.objects.filter(pk=entry.pk, version=version, state__in=states)
    if not fresh.update(**values, version=version + 1):
        now = Entry.objects.only("state", "version").get(pk=entry.pk)
        if now.version == version:
            raise refusal(code, state=now.get_state_display())
        raise stale(entry.pk, {})
    for name, value in values.items():
        setattr(entry, name, value)
    entry.version = version + 1
    return entry


def words_of(note: str) -> str:
    """Return a note as the database takes it. Raises ValidationError: too-long."""
    words = note.replace("\0", "").strip()
    if len(words) > MOST_CHARACTERS:
        raise refusal("too-long", most=f"{MOST_CHARACTERS:,}")
    return words


def stale(pk: int, typed: dict[str, str]) -> Conflict:
    """Return the error that tells who wrote in between, and what stands now."""
    entry = Entry.objects.select_related("entered_by", "kpi").get(pk=pk)
    last = entry.steps.select_related("by").order_by("at", "pk").last()
    return Conflict(entry, typed, last)


def add_step(
    entry: Entry,
    action: str,
    *,
    by: User,
    at: datetime,
    unit: Unit | None,
    note: str = "",
    agreed_by: User | None = None,
) -> ReviewStep:
    """Keep who did what to an entry, and what it said then."""
    return ReviewStep.objects.create(
        entry=entry,
        action=action,
        unit=unit,
        by=by,
        agreed_by=agreed_by,
        at=at,
        note=words_of(note),
        said=said(entry),
        version=entry.version,
    )


def said(entry: Entry) -> dict[str, Any]:
    """Return what an entry says, with numbers as decimal strings."""
    inputs = entry.computation.get("inputs", [])
    return {
        **figure_said(entry),
        "inputs": {each["label"]: each["value"] for each in inputs},
    }


def figure_said(figure: Entry | Actual) -> dict[str, str]:
    """Return a figure's value, text and absence as texts; "" for what it has not."""
    return {
        "value": number_text(figure.value),
        "text": figure.text,
        "absence": figure.absence,
    }


def number_text(value: Decimal | None) -> str:
    """Return a stored number as its shortest decimal string; "" for none."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_force(kpi: Kpi, period: Period) -> Actual | None:
    """Return the figure in force of a KPI's series; None where there is none."""
    return Actual.objects.filter(
        series=kpi.series_id, period=period.code, state=Actual.State.APPROVED
    ).first()
