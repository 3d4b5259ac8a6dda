"""A bureau with two sections and the people through whose hands a figure goes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bsc.models import Unit, User
from bsc.periods import Period
from kpi.models import Entry, Kpi, Round
from kpi.services import entries, review
from kpi.services.refusals import NotReady
from tests.factories import (
    ines,
    make_kpi,
    make_round,
    make_rules,
    make_scorecard,
    make_target,
    make_unit,
    make_user,
    omar,
    vera,
)

PERIOD = Period(2020)
AT = datetime(2021, 1, 11, 2, 30, tzinfo=UTC)
BANDS_BY_ACHIEVEMENT = {
    "uses_self_rating": False,
    "basis": "achievement",
    "achievement_weight": Decimal(1),
    "innovation_weight": Decimal(0),
    "challenge_weight": Decimal(0),
    "contribution_weight": Decimal(0),
}


class Office:
    """A bureau's card of 109 whose KPIs the section Adult enters.

    `clerk` and `colleague` are its staff, `head` its manager; `neighbour` is staff of
    the other section, Child, and `neighbour_head` its manager; `boss` manages the
    bureau, Ines plans there, Vera audits, Omar belongs elsewhere.
    """

    def __init__(self, **rules: Any) -> None:
        self.city = make_unit("city")
        self.bureau = make_unit("bureau", parent=self.city)
        self.adult = self._section("adult", "成保組")
        self.child = self._section("child", "兒少組")
        self.card = make_scorecard(self.bureau)
        self.clerk = self._person("clerk", "staff", self.adult)
        self.colleague = self._person("colleague", "staff", self.adult)
        self.head = self._person("head", "manager", self.adult)
        self.neighbour = self._person("neighbour", "staff", self.child)
        self.neighbour_head = self._person("neighbour_head", "manager", self.child)
        self.boss = self._person("boss", "manager", self.bureau)
        self.ines = ines(self.bureau)
        self.vera = vera(self.bureau)
        self.omar = omar()
        self.rules = make_rules("bureau", **(BANDS_BY_ACHIEVEMENT | rules))
        self.kpi = self.make_kpi("AC1.1", owners=(self.adult,))

    def _section(self, code: str, name: str) -> Unit:
        return make_unit(
            code, parent=self.bureau, kind=Unit.Kind.SECTION, name=name, short_name=name
        )

    def _person(self, name: str, role: str, unit: Unit) -> User:
        return make_user(name, display_name=name.title(), role=role, unit=unit)

    @property
    def people(self) -> dict[str, User]:
        return {
            "clerk": self.clerk,
            "head": self.head,
            "boss": self.boss,
            "neighbour": self.neighbour,
            "neighbour_head": self.neighbour_head,
            "ines": self.ines,
            "vera": self.vera,
            "omar": self.omar,
        }

    def make_kpi(
        self, code: str, *, owners: tuple[Unit, ...], target: str = "80", **fields: Any
    ) -> Kpi:
        kpi = make_kpi(code, scorecard=self.card, owners=owners, **fields)
        make_target(kpi, target)
        return fresh(kpi)

    def make_round(self, **fields: Any) -> Round:
        """Return a round that was due on the 15th and closes on the 20th of January."""
        return make_round(self.card, **fields)

    def save(
        self,
        typed: Mapping[str, str] | None = None,
        *,
        kpi: Kpi | None = None,
        by: User | None = None,
        at: datetime = AT,
        version: int | None = None,
    ) -> Entry:
        return entries.save_draft(
            kpi=fresh(kpi or self.kpi),
            period=PERIOD,
            typed={"value": "90"} if typed is None else typed,
            by=by or self.clerk,
            at=at,
            version=version,
        )

    def submit(
        self,
        entry: Entry,
        *,
        by: User | None = None,
        at: datetime = AT,
        confirmed: tuple[str, ...] = (),
    ) -> Entry:
        return entries.submit_entry(
            kpi=fresh(entry.kpi),
            period=PERIOD,
            by=by or self.clerk,
            at=at,
            version=entry.version,
            confirmed=confirmed,
        )

    def submit_after_all(self, entry: Entry) -> Entry:
        """Send an entry with every check confirmed that is asked."""
        try:
            return self.submit(entry)
        except NotReady as refused:
            return self.submit(entry, confirmed=tuple(c.key for c in refused.doubts))

    def check(self, entry: Entry, **given: Any) -> Entry:
        given = {"by": self.head, "at": AT, "version": entry.version} | given
        return review.check(entry=again(entry), **given)

    def approve(self, entry: Entry, **given: Any):
        given = {"by": self.boss, "at": AT, "version": entry.version} | given
        return review.approve(entry=again(entry), **given)

    def return_entry(self, entry: Entry, **given: Any) -> Entry:
        defaults = {"by": self.head, "at": AT, "version": entry.version}
        given = defaults | {"note": "請補分母"} | given
        return review.return_entry(entry=again(entry), **given)

    def approved(self, value: str = "90", *, kpi: Kpi | None = None) -> Entry:
        """Return an entry that has gone the whole way."""
        entry = self.checked(value, kpi=kpi)
        self.approve(entry)
        return again(entry)

    def checked(self, value: str = "90", *, kpi: Kpi | None = None) -> Entry:
        return self.check(self.submitted(value, kpi=kpi))

    def submitted(self, value: str = "90", *, kpi: Kpi | None = None) -> Entry:
        return self.submit(self.save({"value": value}, kpi=kpi))

    def returned(self, value: str = "90", *, kpi: Kpi | None = None) -> Entry:
        return self.return_entry(self.submitted(value, kpi=kpi))

    def asked(self, *, kpi: Kpi | None = None, reason: str = "更正分母"):
        return review.ask_reopening(
            kpi=fresh(kpi or self.kpi),
            period=PERIOD,
            by=self.ines,
            at=AT,
            reason=reason,
        )

    def reopened(self, *, kpi: Kpi | None = None, reason: str = "更正分母") -> Entry:
        self.asked(kpi=kpi, reason=reason)
        return review.reopen(
            kpi=fresh(kpi or self.kpi),
            period=PERIOD,
            by=self.ines,
            approved_by=self.boss,
            at=AT,
            reason=reason,
        )


def fresh(kpi: Kpi) -> Kpi:
    """Return a KPI as a view finds it."""
    return Kpi.objects.with_owners().get(pk=kpi.pk)


def again(entry: Entry) -> Entry:
    """Return an entry as a view finds it."""
    return Entry.objects.with_kpi().get(pk=entry.pk)
