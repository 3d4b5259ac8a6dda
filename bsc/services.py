"""Changes to the organisation: units, their names, and the reference of both."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bsc.models import Unit, UnitName, WorkDay
from bsc.names import comparable
from bsc.periods import common_era

# As `comparable` writes them: 台 for 臺. A name that is nothing else keeps it.
_CITY_PREFIX = re.compile("^(?!台北市政府$)(台北市政府|台北市)(?=.)")
UNIT_FIELDS = ("name", "short_name", "kind")


class Loaded(NamedTuple):
    """How many rows of the reference were new, changed, and as they were."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def save_unit(*, unit: Unit, parent: Unit | None) -> Unit:
    """Store a new or changed unit at its place: below `parent`, or at the top.

    A new unit below a simulated one is simulated. Raises ValidationError where the
    place is the unit itself or below it, and where a real unit would come to stand
    below a simulated one, or a simulated one below a real one.
    """
    if unit.pk is None:
        if parent is None:
            return Unit.objects.add_root(instance=unit)
        above = Unit.objects.get(pk=parent.pk)
        unit.is_simulated = above.is_simulated
        return Unit.objects.add_child(above, instance=unit)
    if parent is not None and parent.path.startswith(unit.path):
        raise ValidationError(_("A unit cannot stand below itself."))
    if parent is not None and parent.is_simulated != unit.is_simulated:
        raise ValidationError(_("Simulated units and real ones stand apart."))
    unit.save()
    before = Unit.objects.get_parent(unit)
    if parent is None and before is not None:
        Unit.objects.move(unit, Unit.objects.get_root(unit), "last-sibling")
    elif parent is not None and parent != before:
        Unit.objects.move(unit, Unit.objects.get(pk=parent.pk), "last-child")
    # Moving writes paths below the model: only a fresh row knows its own.
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def load_units(definitions: Iterable[dict[str, Any]]) -> Loaded:
    """Bring units and names in line with the reference; parents come first in it.

    A second run changes nothing. What a person changed stays as they left it: a unit
    or a name whose history names a person, and a name that a person took away.
    """
    tally = {"created": 0, "changed": 0, "unchanged": 0}
    units = {unit.code: unit for unit in Unit.objects.all()}
    edited = _edited(Unit)
    for row in definitions:
        unit = units.get(row["code"])
        is_new = unit is None
        unit = unit or Unit(code=row["code"])
        wanted = {field: row.get(field, "") for field in UNIT_FIELDS}
        wanted["lead"] = units[row["lead"]] if row.get("lead") else None
        if unit.pk in edited or all(
            getattr(unit, field) == value for field, value in wanted.items()
        ):
            tally["unchanged"] += 1
            continue
        for field, value in wanted.items():
            setattr(unit, field, value)
        if is_new:
            parent = units[row["parent"]] if row.get("parent") else None
            units[row["code"]] = save_unit(unit=unit, parent=parent)
        else:
            unit.save()
        tally["created" if is_new else "changed"] += 1
    for result in _load_names(definitions, units):
        tally[result] += 1
    return Loaded(**tally)


def _load_names(
    definitions: Iterable[dict[str, Any]], units: dict[str, Unit]
) -> Iterable[str]:
    held = {(name.unit_id, name.name): name for name in UnitName.objects.all()}
    edited = _edited(UnitName)
    taken_away = set(
        UnitName.history.filter(
            history_type="-", history_user__isnull=False
        ).values_list("unit_id", "name")
    )
    for row in definitions:
        unit = units[row["code"]]
        for wanted in row.get("names", ()):
            key = (unit.pk, wanted["name"])
            values = {
                "kind": wanted["kind"],
                "year_from": _year(wanted.get("from")),
                "year_until": _year(wanted.get("until")),
            }
            name = held.get(key)
            if name is None and key not in taken_away:
                UnitName.objects.create(unit=unit, name=wanted["name"], **values)
                yield "created"
            elif (
                name is None
                or name.pk in edited
                or all(getattr(name, field) == held for field, held in values.items())
            ):
                yield "unchanged"
            else:
                for field, value in values.items():
                    setattr(name, field, value)
                name.save()
                yield "changed"


def _edited(model: Any) -> set[int]:
    """Return the keys of the rows that a person, not a command, has written."""
    by_people = model.history.filter(history_user__isnull=False)
    return set(by_people.values_list("id", flat=True))


def _year(text: str | None) -> int | None:
    return common_era(text) if text else None


@transaction.atomic
def load_work_days(reference: dict[str, Any]) -> Loaded:
    """Bring the calendar of working days in line with the reference.

    A second run changes nothing. A day that a person changed or took away stays so.
    """
    tally = {"created": 0, "changed": 0, "unchanged": 0}
    held = {work_day.day: work_day for work_day in WorkDay.objects.all()}
    edited = _edited(WorkDay)
    taken_away = set(
        WorkDay.history.filter(
            history_type="-", history_user__isnull=False
        ).values_list("day", flat=True)
    )
    for row in reference["days"]:
        day = date.fromisoformat(row["day"])
        values = {"is_working": row["working"], "name": row["name"]}
        work_day = held.get(day)
        if work_day is None and day not in taken_away:
            WorkDay.objects.create(day=day, **values)
            tally["created"] += 1
        elif (
            work_day is None
            or work_day.pk in edited
            or all(getattr(work_day, name) == value for name, value in values.items())
        ):
            tally["unchanged"] += 1
        else:
            for field, value in values.items():
                setattr(work_day, field, value)
            work_day.save()
            tally["changed"] += 1
    return Loaded(**tally)


class UnitDirectory:
    """Every unit by every name it is known by; one query, then none.

    Names are compared as `bsc.names` does, and without the city's own prefix.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        """`units` carry `known_as`, another name or None; one of them may recur."""
        self.by_code: dict[str, Unit] = {}
        self._by_name: dict[str, dict[int, Unit]] = defaultdict(dict)
        for unit in units:
            self.by_code[unit.code] = unit
            for name in (unit.name, unit.short_name, unit.known_as):
                if name:
                    self._by_name[plain_name(name)][unit.pk] = unit

    @classmethod
    def load(cls) -> Self:
        """Read the directory. One query."""
        return cls(Unit.objects.annotate(known_as=F("names__name")))

    def find(self, text: str, *, near: Unit | None = None) -> Unit | None:
        """Return the unit that `text` names; None where none or several bear it.

        Units below `near` (the card's unit) come first, then those below each unit
        above it. Sections are known only there: 人事室 of another bureau is none of
        this one's; all other units are known everywhere, but simulated ones only to
        each other.
        """
        bearers = self._by_name.get(plain_name(text), {}).values()
        if near is not None:
            for length in range(len(near.path), Unit.steplen, -Unit.steplen):
                around = [
                    one for one in bearers if one.path.startswith(near.path[:length])
                ]
                if around:
                    return around[0] if len(around) == 1 else None
        is_simulated = near is not None and near.is_simulated
        known = [
            one
            for one in bearers
            if one.kind != Unit.Kind.SECTION and one.is_simulated == is_simulated
        ]
        return known[0] if len(known) == 1 else None

    def named_in(self, text: str) -> Unit | None:
        """Return the unit with the longest name that `text` contains, or None.

        For titles, such as 「臺北市政府社會局 107年 策略地圖」; sections are left out.
        """
        title = plain_name(text)
        names = sorted(
            (name for name in self._by_name if name in title), key=len, reverse=True
        )
        for name in names:
            if len(name) > 1 and (unit := self.find(name)):
                return unit
        return None


def plain_name(text: str) -> str:
    """Return a unit's name as the directory compares it."""
    return _CITY_PREFIX.sub("", comparable(text).rstrip("、,;:"))
