"""Figures of 模擬市 go their way: typed, sent, checked, approved, by the services."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from bsc.models import User
from bsc.periods import Period
from bsc.workdays import Calendar, add_work_days
from kpi.models import Entry, Kpi, Round
from kpi.services import entries, reopening, review
from kpi.services.refusals import NotReady
from reports.simulation.invention import Invented

NOTES = {
    "return": "所填數值與業務系統報表不符，請核對後再送。",
    "send-back": "請確認計算期間，並與監測月報核對後再送。",
}
WHY_REOPENED = "結算後接獲補正資料，須更正後重新核定。"


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what to the figures of one KPI."""

    staff: User
    head: User
    approver: User
    planner: User
    signers: tuple[tuple[str, User], ...] = ()


def walk_together(journeys: Iterable["Journey"]) -> None:
    """Let figures go their way; what one person sends on one day is sent together."""
    going = [(journey, journey.walk()) for journey in journeys]
    while going:
        waiting: dict[tuple[User, date], list[tuple[Journey, datetime]]]
        waiting = defaultdict(list)
        left = []
        for journey, steps in going:
            at = next(steps, None)
            if at is not None:
                place = journey.hands.staff, timezone.localdate(at)
                waiting[place].append((journey, at))
                left.append((journey, steps))
        for (staff, _day), sent in waiting.items():
            at = max(at for _journey, at in sent)
            _send_together(staff, [journey for journey, _at in sent], at)
        going = left


def _send_together(by: User, journeys: list["Journey"], at: datetime) -> None:
    """Send figures, and once more with what was doubted confirmed."""
    by_kpi = {journey.kpi.pk: journey for journey in journeys}
    confirmed: dict[int, list[str]] = {}
    while by_kpi:
        done = entries.submit(
            entries=[
                (journey.kpi, journey.period, journey.entry.version)
                for journey in by_kpi.values()
            ],
            by=by,
            at=at,
            confirmed=confirmed,
        )
        for entry in done.sent:
            journey = by_kpi.pop(entry.kpi_id)
            journey.entry, journey.clock.last = entry, at
            journey.clock.day = timezone.localdate(at)
        for kpi, refused in done.refused.items():
            if not isinstance(refused, NotReady) or not refused.doubts:
                raise refused
            if kpi in confirmed:
                raise refused
            confirmed[kpi] = [check.key for check in refused.doubts]


class Clock:
    """Moments in the hours of offices, each later than the one before, never to come."""

    def __init__(
        self, begins: date, calendar: Calendar, now: datetime, chance: Random
    ) -> None:
        self.calendar, self.chance, self.day = calendar, chance, begins
        # What is written from now on; versions of before are dated already.
        self.began = timezone.now()
        self.latest = timezone.localdate(now) - timedelta(days=1)
        self.last: datetime | None = None

    def next(self, *, not_before: date | None = None) -> datetime:
        """Return a moment of the next working day, at the latest of yesterday."""
        day = self.day if self.last is None else _after(self.day, self.calendar)
        if not_before is not None:
            day = max(day, not_before)
        self.day = min(day, self.latest)
        at = _moment(self.day, 9 * 60 + self.chance.randint(0, 60))
        if self.last is not None and at <= self.last:
            at = self.last + timedelta(minutes=self.chance.randint(5, 20))
        self.last = at
        return at


def _after(day: date, calendar: Calendar) -> date:
    return add_work_days(day, 1, calendar)


def _moment(day: date, minutes: int) -> datetime:
    at = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return timezone.make_aware(at)


class Journey:
    """One figure on its way."""

    def __init__(
        self,
        kpi: Kpi,
        told: Invented,
        hands: Hands,
        clock: Clock,
        round: Round,
        *,
        gives_points: bool,
    ) -> None:
        self.kpi, self.told, self.hands = kpi, told, hands
        self.clock, self.round = clock, round
        self.period = Period(told.year)
        self.gives_points = gives_points
        self.entry: Entry | None = None

    def walk(self) -> Iterator[datetime]:
        """Take all steps; stand still before each sending, and tell when it is."""
        steps = {
            "slip": lambda: self._save(self.told.slip),
            "save": lambda: self._save(self.told.typed),
            "recall": self._recall,
            "check": self._check,
            "approve": self._approve,
            "return": lambda: self._return(self.hands.head, "return"),
            "send-back": lambda: self._return(self.hands.approver, "send-back"),
            "ask": self._ask,
            "reopen": self._reopen,
            "wait-until-late": lambda: self._wait(self.round.due_on),
            "wait-until-closed": lambda: self._wait(self.round.closes_on),
        }
        for step in self.told.steps:
            if step == "send":
                yield self.clock.next()
                self._sign()
            else:
                steps[step]()

    def _held(self) -> Entry:
        """Return the entry as it stands, with its KPI as that was loaded."""
        self.entry.kpi = self.kpi
        return self.entry

    def _wait(self, day: date) -> None:
        self.clock.day = day

    def _save(self, typed: Mapping[str, str]) -> None:
        self.entry = entries.save_draft(
            kpi=self.kpi,
            period=self.period,
            typed=typed,
            by=self.hands.staff,
            at=self.clock.next(),
            version=self.entry.version if self.entry else None,
        )

    def _sign(self) -> None:
        """Let the other responsible units sign what was sent."""
        owners = {owner.unit.code: owner.unit for owner in self.kpi.owners.all()}
        for code, person in self.hands.signers:
            at = self.clock.next()
            entries.sign(entry=self._held(), unit=owners[code], by=person, at=at)

    def _recall(self) -> None:
        entry = self._held()
        self.entry = entries.recall(
            entry=entry,
            by=self.hands.staff,
            at=self.clock.next(),
            version=entry.version,
        )

    def _check(self) -> None:
        entry = self._held()
        ratings = self.told.points if self.gives_points else None
        self.entry = review.check(
            entry=entry,
            by=self.hands.head,
            at=self.clock.next(),
            version=entry.version,
            ratings=ratings or None,
        )

    def _approve(self) -> None:
        entry = self._held()
        at = self.clock.next()
        actual = review.approve(
            entry=entry, by=self.hands.approver, at=at, version=entry.version
        )
        # The history keeps when it was written; here that was in the past.
        dated = {"history_date": at}
        actual.history.filter(version=actual.version).update(**dated)
        for row in (*actual.inputs.all(), *self.kpi.self_ratings.all()):
            row.history.filter(history_date__gte=self.clock.began).update(**dated)
        self.entry = entry

    def _return(self, by: User, why: str) -> None:
        entry = self._held()
        self.entry = review.return_entry(
            entry=entry,
            by=by,
            at=self.clock.next(),
            version=entry.version,
            note=NOTES[why],
        )

    def _ask(self) -> None:
        reopening.ask_reopening(
            kpi=self.kpi,
            period=self.period,
            by=self.hands.planner,
            at=self.clock.next(),
            reason=WHY_REOPENED,
        )

    def _reopen(self) -> None:
        self.entry = reopening.reopen(
            kpi=self.kpi,
            period=self.period,
            by=self.hands.planner,
            approved_by=self.hands.approver,
            at=self.clock.next(),
            reason=WHY_REOPENED,
        )
