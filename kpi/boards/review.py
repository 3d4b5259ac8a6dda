"""The pages of review: what waits for a person, and one figure with its steps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bsc.models import Scorecard, User
from bsc.periods import Period
from kpi.boards.entry_heads import period_text
from kpi.boards.review_items import (
    Item,
    entry_url,
    item_of,
    loaded_by_period,
    loaded_of,
)
from kpi.models import Entry, Kpi, ReviewStep
from kpi.services import rights, steps
from kpi.services.wordings import said_text
from kpi.wording import LIGHTS


@dataclass(frozen=True, slots=True)
class Group:
    """What waits of one section and period."""

    section: str
    card: str
    period: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A reopening that somebody asked for."""

    url: str
    kpi: str
    period: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one person: to check, to approve, to agree to."""

    to_check: tuple[Group, ...]
    to_approve: tuple[Group, ...]
    asked: tuple[Asked, ...]

    @property
    def parts(self) -> tuple[tuple[str, str, tuple[Group, ...]], ...]:
        """What waits, by the step that comes next."""
        parts = (
            ("check", _("To check, as head of the section"), self.to_check),
            ("approve", _("To approve, for the card's unit"), self.to_approve),
        )
        return tuple(part for part in parts if part[2])

    @property
    def count(self) -> int:
        groups = (*self.to_check, *self.to_approve)
        return sum(len(group.items) for group in groups)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of review as its list shows it."""

    action: str
    who: str
    at: str
    unit: str
    note: str
    said: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One figure under way, or approved: what it says, its steps, what may be done."""

    item: Item
    card: str
    card_url: str
    period: str
    state_word: str
    steps: tuple[Step, ...]
    may_check: bool
    may_approve: bool
    may_return: bool
    may_ask: bool
    may_agree: bool
    reopening: Asked | None
    ask_url: str
    lights: tuple[tuple[str, str], ...]


def queue_board(
    user: User,
    *,
    refused: Mapping[int, ValidationError] | None = None,
    picked: Collection[int] = (),
) -> Queue:
    """Return what waits for `user`; a fixed number of queries for each period.

    `refused` says why steps were not taken, by the key of the entry.
    """
    waiting = list(
        Entry.objects.waiting_for(user)
        .with_kpi()
        .order_by("kpi__scorecard", "kpi__position", "pk")
    )
    loaded = loaded_by_period(waiting)
    groups: dict[str, dict[tuple[str, str, str], list[Item]]] = {
        "check": defaultdict(list),
        "approve": defaultdict(list),
    }
    for entry in waiting:
        item = item_of(
            entry,
            loaded[entry.period],
            refused=(refused or {}).get(entry.pk),
            is_picked=entry.pk in picked,
        )
        place = (
            item.section,
            entry.kpi.scorecard.unit.name,
            period_text(Period.parse(entry.period)),
        )
        groups[item.step][place].append(item)
    asked = Entry.objects.to_reopen_by(user).select_related("kpi")
    return Queue(
        to_check=_groups(groups["check"]),
        to_approve=_groups(groups["approve"]),
        asked=_asked(asked),
    )


def _groups(found: Mapping[tuple[str, str, str], list[Item]]) -> tuple[Group, ...]:
    return tuple(
        Group(section, card, period, tuple(items))
        for (section, card, period), items in found.items()
    )


def _asked(entries: Iterable[Entry]) -> tuple[Asked, ...]:
    entries = {entry.pk: entry for entry in entries}
    requests = {
        step.entry_id: step
        for step in ReviewStep.objects.filter(
            entry__in=entries, action=ReviewStep.Action.ASKED
        )
        .select_related("by")
        .order_by("at", "pk")
    }
    return tuple(
        Asked(
            url=entry_url(entry),
            kpi=str(entry.kpi),
            period=period_text(Period.parse(entry.period)),
            by=str(requests[pk].by),
            reason=requests[pk].note,
        )
        for pk, entry in entries.items()
        if pk in requests
    )


def entry_page(
    entry: Entry, user: User, *, refused: ValidationError | None = None
) -> EntryPage:
    """Return the page of one figure; a fixed number of queries."""
    kpi, state = entry.kpi, entry.state
    loaded = loaded_of([kpi.pk], Period.parse(entry.period))
    item = item_of(entry, loaded, refused=refused)
    asked = _asked(Entry.objects.filter(pk=entry.pk).to_reopen_by(user))
    taken = list(
        entry.steps.select_related("by", "agreed_by", "unit").order_by("-at", "-pk")
    )
    is_asked = bool(taken) and taken[0].action == ReviewStep.Action.ASKED
    card = kpi.scorecard
    is_open = card.status != Scorecard.Status.CLOSED
    return EntryPage(
        item=item,
        card=f"{card.unit.name} {period_text(Period(card.year))}",
        card_url=card.url_of("scorecard"),
        period=period_text(Period.parse(entry.period)),
        state_word=str(entry.get_state_display()),
        steps=tuple(step_of(step, kpi) for step in taken),
        may_check=is_open
        and state == Entry.State.SUBMITTED
        and rights.may_check(user, entry),
        may_approve=is_open
        and state == Entry.State.CHECKED
        and rights.may_approve(user, entry),
        may_return=is_open
        and state in (Entry.State.SUBMITTED, Entry.State.CHECKED)
        and rights.may_return(user, entry),
        may_ask=is_open
        and state == Entry.State.APPROVED
        and not is_asked
        and rights.may_plan(user, kpi),
        may_agree=is_open and bool(asked),
        reopening=asked[0] if asked else None,
        ask_url=reverse(
            "kpi:ask-reopening",
            kwargs={"pk": kpi.pk, "year": Period.parse(entry.period).year},
        ),
        lights=tuple((str(code), str(word)) for code, word in LIGHTS.items())
        if item.row.light is not None
        else (),
    )


def step_of(step: ReviewStep, kpi: Kpi) -> Step:
    """Return a step in words; no query where its people and its unit are loaded."""
    at = timezone.localtime(step.at)
    who = str(step.by)
    if step.agreed_by is not None:
        who = _("%(who)s; agreed by %(manager)s") % {
            "who": who,
            "manager": step.agreed_by,
        }
    return Step(
        action=str(step.get_action_display()),
        who=who,
        at=f"{at:%Y-%m-%d %H:%M}",
        unit=step.unit.name if step.unit else "",
        note=step.note,
        said=_said(step, kpi),
    )


def reopening_url(kpi: Kpi, user: User) -> str:
    """Return where the person asks to reopen the KPI's figure; "" where none is to be.

    Two queries at the most. An imported figure has no entry, and is reopened all the same.
    """
    card = kpi.scorecard
    if card.status == Scorecard.Status.CLOSED or not rights.may_plan(user, kpi):
        return ""
    period = Period(card.year)
    entry = Entry.objects.filter(kpi=kpi, period=period.code).first()
    if entry is not None and entry.state != Entry.State.APPROVED:
        return ""
    if steps.in_force(kpi, period) is None:
        return ""
    return reverse("kpi:ask-reopening", kwargs={"pk": kpi.pk, "year": card.year})


def _said(step: ReviewStep, kpi: Kpi) -> str:
    said = step.said
    if not any(said.get(name) for name in ("value", "text", "absence")):
        return ""
    is_share = bool(said.get("value")) and kpi.measure == "%"
    return f"{said_text(said)}%" if is_share else said_text(said)
