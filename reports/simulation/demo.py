"""`make_demo`: writes 模擬市, and lets its figures go their way year by year."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bsc.models import Membership, Scorecard, Unit, User, WorkDay
from bsc.periods import Period, roc
from bsc.services import save_unit
from bsc.workdays import add_work_days
from kpi import services
from kpi.models import Entry, Kpi, Round
from kpi.services import reminders, rounds
from reports.documents.seals import sealed_content
from reports.simulation.cards import CardWriter, Place, Written
from reports.simulation.city_cards import CARDS
from reports.simulation.invention import Invented, invented
from reports.simulation.journeys import Clock, Hands, Journey, walk_together
from reports.simulation.plans import CITY, PEOPLE, UNITS, YEARS, KpiPlan

# The round of this bureau began before the others' and has closed.
EARLY = "sim-works"
# Working days from a round's opening to the day on which it is due, and of the current
# rounds from the day on which they were due until today.
DAYS_TO_FILL = 11
DAYS_OVERDUE, DAYS_LONG_OVERDUE = 3, 14
# Month and day of the next year on which a year is closed.
CLOSED = (5, 12)


@transaction.atomic
def make_demo(*, seed: int, now: datetime) -> bool:
    """Write 模擬市 with three years of figures; return False where it stands already.

    The last of the years is the one before `now`, and its rounds are half done. Raises
    ValidationError where a real account bears the name of one of its people.
    """
    if Unit.objects.filter(code=CITY).exists():
        return False
    names = [person.username for person in PEOPLE]
    if User.objects.filter(username__in=names).exists():
        raise ValidationError(_("A real account bears the name of a demonstration."))
    units = _units()
    return _City(units, _people(units), seed, now).write()


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, parent, name, short_name, kind in UNITS:
        unit = Unit(code=code, name=name, short_name=short_name, kind=kind)
        unit.is_simulated = True
        units[code] = save_unit(unit=unit, parent=units.get(parent))
    return {unit.code: unit for unit in Unit.objects.filter(code__in=units)}


def _people(units: Mapping[str, Unit]) -> dict[str, User]:
    """Make the people of the city; nobody knows a password of theirs yet."""
    people = {}
    for username, name, role, unit in PEOPLE:
        user = User(username=username, display_name=name, is_demonstration=True)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, unit=units[unit], role=role)
        people[username] = user
    return people


def _loaded(kpis: Mapping[Place, Kpi]) -> Iterator[tuple[Place, Kpi]]:
    """Return the KPIs with their cards and owners, as services take them."""
    keys = [kpi.pk for kpi in kpis.values()]
    rows = Kpi.objects.with_owners().in_bulk(keys)
    return ((place, rows[kpi.pk]) for place, kpi in kpis.items())


class _City:
    """The city while it is written."""

    def __init__(
        self,
        units: Mapping[str, Unit],
        people: Mapping[str, User],
        seed: int,
        now: datetime,
    ) -> None:
        self.units, self.people, self.seed, self.now = units, people, seed, now
        self.today = timezone.localdate(now)
        self.years = tuple(range(self.today.year - YEARS, self.today.year))
        self.calendar = WorkDay.objects.as_calendar()
        self.planner = people["sim-planner"]

    def write(self) -> bool:
        stories = {
            (card.unit, plan.code): invented(plan, card.unit, self.years, self.seed)
            for card in CARDS
            for plan in card.kpis
        }
        writer = CardWriter(self.units, self.planner, self.years)
        for at, year in enumerate(self.years):
            written = writer.write(at)
            found = self._rounds(at, year, written.cards)
            journeys = [
                self._journey(kpi, stories[place][at], written, found[place[0]])
                for place, kpi in _loaded(written.kpis)
            ]
            walk_together(journeys)
            if at == 0:
                self._close(written.cards)
            if at == YEARS - 1:
                self._tell(one.entry for one in journeys if one.entry is not None)
        return True

    def _rounds(
        self, at: int, year: int, cards: Mapping[str, Scorecard]
    ) -> dict[str, Round]:
        """Make the rounds of a year; return that of each unit's card."""
        label = f"{roc(year)}年度實績填報"
        if at < YEARS - 1:
            opens_on = add_work_days(date(year + 1, 1, 9), 0, self.calendar)
            due_on = add_work_days(opens_on, DAYS_TO_FILL, self.calendar)
            whole = self._round(label, year, opens_on, due_on, cards.values())
            return dict.fromkeys(cards, whole)
        others = [card for unit, card in cards.items() if unit != EARLY]
        early = self._current(
            f"{label} {self.units[EARLY].short_name}",
            year,
            DAYS_LONG_OVERDUE,
            [cards[EARLY]],
        )
        current = self._current(label, year, DAYS_OVERDUE, others)
        return {**dict.fromkeys(cards, current), EARLY: early}

    def _current(
        self, name: str, year: int, overdue: int, cards: list[Scorecard]
    ) -> Round:
        due_on = add_work_days(self.today, -overdue, self.calendar)
        opens_on = add_work_days(due_on, -DAYS_TO_FILL, self.calendar)
        return self._round(name, year, opens_on, due_on, cards)

    def _round(
        self,
        name: str,
        year: int,
        opens_on: date,
        due_on: date,
        cards: Iterable[Scorecard],
    ) -> Round:
        days = rounds.reckon_days(
            opens_on=opens_on, due_on=due_on, calendar=self.calendar
        )
        return rounds.create_round(
            name=name,
            period=Period(year),
            scorecards=cards,
            days=days,
            refuses_late=False,
            by=self.planner,
        )

    def _journey(
        self, kpi: Kpi, told: Invented, written: Written, round: Round
    ) -> Journey:
        unit = kpi.scorecard.unit.code
        plan = written.plans[unit, kpi.code]
        # A section begins all of its figures on one day.
        delay = Random(f"{self.seed} {plan.owners[0]} {told.year}").randint(0, 2)
        begins = add_work_days(round.opens_on, delay, self.calendar)
        chance = Random(f"{self.seed} {unit} {kpi.code} {told.year}")
        clock = Clock(begins, self.calendar, self.now, chance)
        # A unit without rules of its own has lights once its heads give points.
        gives = unit != CITY and told.year == self.years[0]
        hands = self._hands(plan, unit)
        return Journey(kpi, told, hands, clock, round, gives_points=gives)

    def _hands(self, plan: KpiPlan, unit: str) -> Hands:
        first, *others = plan.owners
        return Hands(
            staff=self._person(first, "staff"),
            head=self._person(first, "head"),
            approver=self.people.get(f"{unit}-manager") or self.people["sim-manager"],
            planner=self.planner,
            signers=tuple((code, self._person(code, "staff")) for code in others),
        )

    def _person(self, unit: str, part: str) -> User:
        """Return the staff or the head of a section."""
        return self.people.get(f"{unit}-{part}") or self.people[f"sim-{part}"]

    def _close(self, cards: Mapping[str, Scorecard]) -> None:
        """Close the first year, and correct something beside what was sealed."""
        closed, proposed, decided = (
            timezone.make_aware(datetime.combine(day, time(15, 20)))
            for day in (
                add_work_days(date(self.years[0] + 1, *CLOSED), count, self.calendar)
                for count in (0, 6, 10)
            )
        )
        for card in cards.values():
            services.close_year(
                scorecard=card, content_of=sealed_content, by=self.planner, at=closed
            )
        city = Scorecard.objects.get(pk=cards[CITY].pk)
        kpi = city.kpis.get(code="CP1.1")
        stated = kpi.series.actuals.get(period=str(self.years[0]))
        found = services.propose_erratum(
            scorecard=city,
            kpi=kpi,
            what="實際值",
            printed=f"{stated.value:.2f}",
            corrected=f"{stated.value + kpi.targets.get().value / 100:.2f}",
            reason="漏計一處於年底完工之鄰里公園，已會同地政單位複測。",
            by=self.planner,
            at=proposed,
        )
        services.decide_erratum(
            erratum=found,
            is_approved=True,
            by=self.people["sim-manager"],
            at=decided,
            note="同意更正。",
        )

    def _tell(self, entries: Iterable[Entry]) -> None:
        """Tell people of the last step of each figure that is still on its way."""
        for entry in entries:
            last = (
                entry.steps.select_related(
                    "by",
                    "entry__submitted_by",
                    "entry__entered_by",
                    "entry__kpi__scorecard__unit__lead",
                )
                .order_by("at", "pk")
                .last()
            )
            if last is not None:
                reminders.tell_of_step(last)
