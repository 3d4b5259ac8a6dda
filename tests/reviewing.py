"""A centre whose figures are reviewed, and the steps its people take in the browser."""

from typing import Any

from django.test import Client
from django.utils import timezone

from bsc.models import Unit, User
from bsc.periods import Period
from kpi.models import Entry, Kpi
from kpi.services import entries
from kpi.services.refusals import NotReady
from tests.factories import (
    make_kpi,
    make_scorecard,
    make_target,
    make_unit,
    make_user,
)

PERIOD = Period(2026)
State = Entry.State


class Centre:
    """A centre with a section: its staff and head, the centre's manager and planner."""

    def __init__(self) -> None:
        self.centre = make_unit("centre", parent=make_unit("city"))
        self.section = make_unit(
            parent=self.centre, kind=Unit.Kind.SECTION, name="成保組"
        )
        self.staff = make_user("staff", role="staff", unit=self.section)
        self.head = make_user("head", role="manager", unit=self.section)
        self.manager = make_user("manager", role="manager", unit=self.centre)
        self.planner = make_user("planner", role="planner", unit=self.centre)
        self.card = make_scorecard(self.centre, 2026)

    def kpi(self, code: str = "A1", **fields: Any) -> Kpi:
        made = make_kpi(code, scorecard=self.card, owners=(self.section,), **fields)
        make_target(made, "80")
        return made

    def sent(self, kpi: Kpi | None = None, by: User | None = None, **typed: str):
        """Return an entry that the section has sent: 90 where nothing is said."""
        by = by or self.staff
        kpi = Kpi.objects.with_owners().get(pk=(kpi or self.kpi()).pk)
        given = {"kpi": kpi, "period": PERIOD, "by": by, "at": timezone.now()}
        typed = {"value": "90"} | typed
        stands = Entry.objects.filter(kpi=kpi, period=PERIOD.code).first()
        version = stands.version if stands else None
        draft = entries.save_draft(**given, typed=typed, version=version)
        asked: list[str] = []
        try:
            return entries.submit_entry(**given, version=draft.version)
        except NotReady as error:
            asked = [check.key for check in error.doubts]
        return entries.submit_entry(**given, version=draft.version, confirmed=asked)

    def checked(self, *args: Any, **given: Any) -> Entry:
        entry = self.sent(*args, **given)
        assert review(self.head, entry).status_code == 302
        return fresh(entry)

    def approved(self, *args: Any, **given: Any) -> Entry:
        entry = self.checked(*args, **given)
        assert review(self.manager, entry).status_code == 302
        return fresh(entry)


def fresh(entry: Entry) -> Entry:
    return Entry.objects.with_kpi().get(pk=entry.pk)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def review(user: User, *chosen: Entry, do: str = "pass", **fields: Any):
    picks = [f"{entry.pk}:{entry.version}" for entry in chosen]
    return client_of(user).post("/review/", {"pick": picks, "do": do, **fields})


def step(user: User, entry: Entry, name: str, **fields: Any):
    given = {"version": entry.version} | fields
    return client_of(user).post(f"/entries/{entry.pk}/{name}/", given)


def waiting(user: User) -> list[str]:
    queue = client_of(user).get("/review/").context["queue"]
    groups = (*queue.to_check, *queue.to_approve)
    return [item.row.code for group in groups for item in group.items]


def kinds_of(user: User) -> list[str]:
    return list(user.notices.order_by("pk").values_list("kind", flat=True))


def ask(user: User, kpi: Kpi, reason: str = "分母漏列"):
    return client_of(user).post(f"/kpis/{kpi.pk}/115/reopen/", {"reason": reason})


def reopened(centre: Centre, entry: Entry) -> None:
    assert ask(centre.planner, entry.kpi).status_code == 302
    assert step(centre.manager, entry, "reopen", do="agree").status_code == 302
