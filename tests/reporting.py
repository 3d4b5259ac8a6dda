"""A centre that reports: its sections, its card with KPIs, and the people of a round."""

from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from bsc.models import Unit, User
from kpi.models import Entry, Kpi, Round
from tests.factories import make_kpi, make_scorecard, make_unit, make_user

# The last working day before the New Year of 116.
DUE = date(2027, 2, 3)


class City:
    """A city with a centre of two sections, its card, and the people of a round."""

    def __init__(self, kpis: int = 3) -> None:
        self.city = make_unit("city")
        self.centre = make_unit("centre", parent=self.city, kind=Unit.Kind.CENTRE)
        self.sections = [
            make_unit(parent=self.centre, kind=Unit.Kind.SECTION, name=name)
            for name in ("成保組", "兒少組")
        ]
        self.planner = make_user("planner", role="planner", unit=self.centre)
        self.manager = make_user("manager", role="manager", unit=self.centre)
        self.staff = [
            make_user(f"staff{number}", role="staff", unit=section)
            for number, section in enumerate(self.sections)
        ]
        self.head = make_user("head", role="manager", unit=self.sections[0])
        self.card = make_scorecard(self.centre, 2026)
        self.kpis = [
            make_kpi(
                f"A{number}", scorecard=self.card, owners=(self.sections[number % 2],)
            )
            for number in range(kpis)
        ]

    def round(self, **fields: Any) -> Round:
        days = {
            "opens_on": date(2027, 1, 4),
            "due_on": DUE,
            "check_due_on": date(2027, 2, 17),
            "approve_due_on": date(2027, 2, 24),
            "closes_on": date(2027, 2, 17),
        }
        values = {"name": "115年填報", "period": "2026"} | days | fields
        made = Round.objects.create(**values)
        made.scorecards.add(self.card)
        return made

    def entry(self, kpi: Kpi, state: str = "submitted", **fields: Any) -> Entry:
        values = {"value": 1, "submitted_at": timezone.now(), "period": "2026"}
        return Entry.objects.create(kpi=kpi, state=state, **(values | fields))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
