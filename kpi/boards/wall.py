"""Who has reported and who has not: a round, section by section."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from bsc.models import Notice, Scorecard, Unit, User
from bsc.permissions import Action, units_where
from kpi.models import Actual, Entry, Kpi, Round
from kpi.services.rights import editors_of

SENT = ("submitted", "checked", "approved")
WORDS: dict[str, Promise] = {
    "empty": pgettext_lazy("reporting", "not begun"),
    "draft": pgettext_lazy("reporting", "being filled in"),
    "returned": pgettext_lazy("reporting", "returned"),
    "submitted": pgettext_lazy("reporting", "sent"),
    "checked": pgettext_lazy("reporting", "checked"),
    "approved": pgettext_lazy("reporting", "approved"),
}


class Standing(NamedTuple):
    """How far one KPI is in its round; `is_late`: sent after the due day."""

    card: int
    state: str
    entry: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class WallCell:
    """One KPI of a section."""

    code: str
    name: str
    url: str
    state: str
    word: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class WallRow:
    """One section: its KPIs, how many of them are sent, and how many are late."""

    name: str
    cells: tuple[WallCell, ...]
    sent: int
    late: int

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def is_done(self) -> bool:
        return self.sent == self.total


@dataclass(frozen=True, slots=True)
class WallCard:
    """One card of the round, with the sections that report for it."""

    title: str
    rows: tuple[WallRow, ...]


@dataclass(frozen=True, slots=True)
class WallBoard:
    """The wall of a round, as far as a person may see it."""

    cards: tuple[WallCard, ...]
    counts: tuple[tuple[str, str, int], ...]
    total: int
    sent: int
    late: int
    reminded: str


def standings_of(rounds: Iterable[Round]) -> dict[int, dict[int, Standing]]:
    """Return how far the KPIs of each round are, by its key; four queries for all.

    A figure that only stands in force, as an imported one does, counts as approved.
    """
    rounds = {round.pk: round for round in rounds}
    pairs = list(
        Kpi.objects.filter(scorecard__rounds__in=rounds)
        .in_plan()
        .values_list("pk", "series", "scorecard", "scorecard__rounds")
    )
    periods = {round.period for round in rounds.values()}
    entries = {
        (kpi, period): (pk, state, sent_at)
        for pk, kpi, period, state, sent_at in Entry.objects.filter(
            kpi__scorecard__rounds__in=rounds, period__in=periods
        )
        .order_by()
        .values_list("pk", "kpi", "period", "state", "submitted_at")
    }
    in_force = set(
        Actual.objects.filter(
            series__kpis__scorecard__rounds__in=rounds,
            period__in=periods,
            state=Actual.State.APPROVED,
        )
        .order_by()
        .values_list("series", "period")
    )
    found: dict[int, dict[int, Standing]] = {pk: {} for pk in rounds}
    today = timezone.localdate()
    for kpi, series, card, round_pk in pairs:
        if round_pk not in rounds:
            continue
        round = rounds[round_pk]
        entry, state, sent_at = entries.get((kpi, round.period), (None, "", None))
        if not state:
            state = "approved" if (series, round.period) in in_force else "empty"
        if state in SENT:
            is_late = sent_at is not None and _day(sent_at) > round.due_on
        else:
            is_late = today > round.due_on
        found[round_pk][kpi] = Standing(card, state, entry, is_late)
    return found


def _day(moment) -> date:
    return timezone.localtime(moment).date()


def wall_board(round: Round, user: User, *, only_open: bool = False) -> WallBoard:
    """Return the wall of a round for `user`; a fixed number of queries.

    They see the KPIs of the cards and sections in which they may see drafts; those of
    a card that is itself a draft are seen from that card's unit only.
    `only_open` leaves out the sections that have sent everything.
    """
    seen = set(units_where(user, Action.SEE_DRAFT).values_list("pk", flat=True))
    kpis = [
        kpi
        for kpi in Kpi.objects.filter(scorecard__rounds=round)
        .in_plan()
        .with_owners()
        .order_by("scorecard__unit__path", "scorecard", "position", "pk")
        if kpi.scorecard.unit_id in seen
        or (
            kpi.scorecard.status != Scorecard.Status.DRAFT
            and any(owner.unit_id in seen for owner in kpi.owners.all())
        )
    ]
    standings = standings_of([round])[round.pk]
    states = Counter(standings[kpi.pk].state for kpi in kpis)
    by_card: dict[int, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        by_card[kpi.scorecard_id].append(kpi)
    return WallBoard(
        cards=tuple(
            card
            for some in by_card.values()
            if (card := _card(some, standings, only_open)).rows
        ),
        counts=tuple((code, str(word), states[code]) for code, word in WORDS.items()),
        total=len(kpis),
        sent=sum(states[state] for state in SENT),
        late=sum(standings[kpi.pk].is_late for kpi in kpis),
        reminded=_reminded(round),
    )


def _card(
    kpis: list[Kpi], standings: Mapping[int, Standing], only_open: bool
) -> WallCard:
    by_unit: dict[Unit | None, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        for unit in [owner.unit for owner in editors_of(kpi)] or [None]:
            by_unit[unit].append(kpi)
    units = sorted(by_unit, key=lambda unit: unit.path if unit else "~")
    rows = [_row(unit, by_unit[unit], standings) for unit in units]
    return WallCard(
        title=kpis[0].scorecard.unit.name,
        rows=tuple(row for row in rows if not (only_open and row.is_done)),
    )


def _row(
    unit: Unit | None, kpis: list[Kpi], standings: Mapping[int, Standing]
) -> WallRow:
    cells = tuple(_cell(kpi, standings[kpi.pk]) for kpi in kpis)
    return WallRow(
        name=unit.name if unit else _("no responsible unit"),
        cells=cells,
        sent=sum(cell.state in SENT for cell in cells),
        late=sum(cell.is_late for cell in cells),
    )


def _cell(kpi: Kpi, standing: Standing) -> WallCell:
    if standing.entry is None:
        url = kpi.get_absolute_url()
    else:
        url = reverse("kpi:entry-detail", kwargs={"pk": standing.entry})
    word = str(WORDS[standing.state])
    return WallCell(kpi.code, kpi.name, url, standing.state, word, standing.is_late)


def _reminded(round: Round) -> str:
    """Return when people were last reminded of a round; empty where never."""
    last = (
        Notice.objects.filter(kind="reminder", key__startswith=f"reminder:{round.pk}:")
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return f"{timezone.localtime(last):%Y-%m-%d %H:%M}" if last else ""
