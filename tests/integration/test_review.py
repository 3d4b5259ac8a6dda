"""The review of figures: who may what in which state, and who is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kpi.models import Actual, Entry, Kpi, Result
from kpi.services import entries, review, rights
from tests.factories import (
    make_actual,
    make_user,
)
from tests.integration.offices import AT, PERIOD, Office, again, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def the_light(kpi: Kpi, standing: str = "official") -> str:
    found = Result.objects.filter(kpi=kpi, period=PERIOD.code, standing=standing)
    return found.get().light if found else ""


def test_a_figure_goes_the_whole_way_and_the_light_moves_on_approval(office: Office):
    entry = office.submitted("88")
    assert (the_light(office.kpi), the_light(office.kpi, "provisional")) == (
        "",
        "excellent",
    )
    entry = office.check(entry, note="已核對")
    assert the_light(office.kpi) == ""

    actual = office.approve(entry, note="同意")

    assert (actual.value, actual.state, actual.version) == (88, "approved", 1)
    assert (actual.entered_by, actual.approved_by, actual.approved_at) == (
        office.clerk,
        office.boss,
        AT,
    )
    assert (the_light(office.kpi), the_light(office.kpi, "provisional")) == (
        "excellent",
        "",
    )
    entry = again(entry)
    assert (entry.state, entry.version) == ("approved", 4)
    told = [
        (step.action, step.by, step.unit, step.note, step.said["value"])
        for step in entry.steps.all()
    ]
    assert told == [
        ("submitted", office.clerk, office.adult, "", "88"),
        ("checked", office.head, office.adult, "已核對", "88"),
        ("approved", office.boss, office.bureau, "同意", "88"),
    ]


STATES = ("draft", "submitted", "checked", "approved", "returned")
# Who may take a step in which state; every other pair of the two is refused.
ALLOWED = {
    "save": ({"clerk"}, {"draft", "returned"}),
    "submit": ({"clerk"}, {"draft", "returned"}),
    "recall": ({"clerk"}, {"submitted"}),
    "sign": ({"neighbour"}, {"submitted", "checked"}),
    # A manager of the bureau manages its sections as well.
    "check": ({"head", "boss"}, {"submitted"}),
    "approve": ({"boss"}, {"checked"}),
    "return": ({"head", "boss"}, {"submitted", "checked"}),
    "ask": ({"ines"}, {"approved"}),
}


def _acts(office: Office, entry: Entry, by) -> dict[str, Callable[[], object]]:
    now = {"at": AT, "by": by}
    seen = now | {"version": entry.version}
    named = {"kpi": fresh(entry.kpi), "period": PERIOD}
    return {
        "save": lambda: entries.save_draft(**named, typed={"value": "91"}, **seen),
        "submit": lambda: entries.submit_entry(**named, **seen),
        "recall": lambda: entries.recall(entry=again(entry), **seen),
        "sign": lambda: entries.sign(entry=again(entry), unit=office.child, **now),
        "check": lambda: review.check(entry=again(entry), **seen),
        "approve": lambda: review.approve(
            entry=again(entry), confirmed=["unsigned"], **seen
        ),
        "return": lambda: review.return_entry(entry=again(entry), note="改", **seen),
        "ask": lambda: review.ask_reopening(**named, **now, reason="改"),
    }


def test_every_step_is_for_its_people_and_its_states(office: Office):
    kpi = office.make_kpi("AC2.1", owners=(office.adult, office.child))
    type(kpi.owners.first()).objects.filter(kpi=kpi, unit=office.adult).update(
        is_editor=True
    )
    made = {
        "draft": lambda: office.save(kpi=kpi),
        "submitted": lambda: office.submitted(kpi=kpi),
        "checked": lambda: office.checked(kpi=kpi),
        "returned": lambda: office.returned(kpi=kpi),
        "approved": lambda: (
            office.approve(office.checked(kpi=kpi), confirmed=["unsigned"])
            and Entry.objects.get(kpi=kpi)
        ),
    }
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in ALLOWED}
    for state in STATES:
        point = transaction.savepoint_create()
        entry = made[state]()
        assert entry.state == state
        for name, by in office.people.items():
            for step, act in _acts(office, entry, by).items():
                inner = transaction.savepoint_create()
                before = Entry.objects.values().get(pk=entry.pk)
                try:
                    act()
                except ValidationError as refused:
                    assert refused.messages
                    assert Entry.objects.values().get(pk=entry.pk) == before
                else:
                    found[step].add((name, state))
                transaction.savepoint_rollback(inner)
        transaction.savepoint_rollback(point)
    wanted = {
        step: {(name, state) for name in people for state in states}
        for step, (people, states) in ALLOWED.items()
    }
    assert found == wanted


def test_nobody_reviews_what_they_typed_or_sent(office: Office):
    both = make_user("both", role="staff", unit=office.adult)
    both.memberships.create(unit=office.adult, role="manager")
    both.memberships.create(unit=office.bureau, role="manager")
    entry = office.save({"value": "90"}, by=both)
    # What they typed was typed over; they had a hand in it all the same.
    entry = office.save({"value": "91"}, version=entry.version)
    entry = office.submit(entry)

    for step in (office.check, office.return_entry):
        with pytest.raises(ValidationError) as refused:
            step(entry, by=both)
        assert refused.value.code == "own-entry"
    assert not Entry.objects.waiting_for(both).exists()
    assert list(Entry.objects.waiting_for(office.head)) == [entry]
    entry = office.check(entry)
    with pytest.raises(ValidationError) as refused:
        office.approve(entry, by=both)
    assert refused.value.code == "own-entry"
    assert not rights.may_approve(both, again(entry))
    assert not Entry.objects.waiting_for(both).exists()


def test_each_is_shown_what_waits_for_them(office: Office):
    sent = office.submitted()
    passed = office.checked(kpi=office.make_kpi("Q1", owners=(office.adult,)))
    asked = office.approved(kpi=office.make_kpi("Q2", owners=(office.adult,)))
    office.asked(kpi=asked.kpi)
    office.save(kpi=office.make_kpi("Q3", owners=(office.adult,)))

    assert set(Entry.objects.waiting_for(office.head)) == {sent}
    assert set(Entry.objects.waiting_for(office.boss)) == {sent, passed}
    assert set(Entry.objects.to_approve_by(office.boss)) == {passed}
    assert set(Entry.objects.to_reopen_by(office.boss)) == {asked}
    for person in (office.clerk, office.neighbour_head, office.ines, office.omar):
        assert not Entry.objects.waiting_for(person).exists()
    assert not Entry.objects.to_reopen_by(office.ines).exists()
    seen = {
        name: Entry.objects.visible_to(person).count()
        for name, person in office.people.items()
    }
    # The neighbours are no part of the card's unit, and not responsible.
    assert seen == {
        "clerk": 4,
        "head": 4,
        "boss": 4,
        "ines": 4,
        "vera": 4,
        "neighbour": 0,
        "neighbour_head": 0,
        "omar": 0,
    }


def test_what_waits_is_asked_with_as_many_queries_for_many(office: Office):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            waiting = list(Entry.objects.waiting_for(office.boss).with_kpi())
            for entry in waiting:
                assert rights.may_check(office.boss, entry)
                assert rights.may_see_entry(office.boss, entry.kpi)
        return len(captured)

    office.submitted()
    assert office.boss.held
    few = queries()
    for at in range(6):
        office.submitted(kpi=office.make_kpi(f"M{at}", owners=(office.adult,)))
    assert queries() == few


def test_a_figure_comes_back_with_a_note_and_goes_again(office: Office):
    entry = office.submitted()
    with pytest.raises(ValidationError) as refused:
        office.return_entry(entry, note="  ")
    assert refused.value.code == "no-reason"
    entry = office.return_entry(entry)
    assert (entry.state, entry.steps.latest("pk").note) == ("returned", "請補分母")
    entry = office.submit(office.save({"value": "91"}, version=entry.version))
    assert office.check(entry).state == "checked"


def test_a_stale_step_of_review_is_told_who_was_first(office: Office):
    entry = office.submitted()
    seen = again(entry)
    office.return_entry(entry, at=AT + timedelta(minutes=3))
    with pytest.raises(ValidationError) as refused:
        review.check(entry=seen, by=office.boss, at=AT, version=seen.version)
    assert refused.value.code == "stale"
    assert refused.value.params == {"who": "Head", "at": "01-11 10:33"}


def test_a_closed_card_takes_no_step(office: Office):
    entry = office.checked()
    office.card.status = "closed"
    office.card.save()
    for step in (office.approve, office.return_entry):
        with pytest.raises(ValidationError) as refused:
            step(entry)
        assert refused.value.code == "closed-card"
    assert not Entry.objects.waiting_for(office.boss).exists()


def test_a_missing_signature_is_confirmed_by_who_approves(office: Office):
    kpi = office.make_kpi("AC2.1", owners=(office.adult, office.child))
    entry = office.checked(kpi=kpi)
    make_actual(kpi, "1")
    with pytest.raises(ValidationError) as refused:
        office.approve(entry)
    codes = [error.code for error in refused.value.error_list]
    assert codes == ["in-force-changed", "unsigned"]
    assert "兒少組" in refused.value.messages[1]
    office.approve(entry, confirmed=codes)


def test_a_rated_kpi_is_not_approved_while_its_direction_is_open(office: Office):
    Kpi.objects.filter(pk=office.kpi.pk).update(direction="unconfirmed")
    entry = office.checked("90")
    with pytest.raises(ValidationError) as refused:
        office.approve(entry)
    assert refused.value.code == "direction-unconfirmed"
    assert not Actual.objects.exists()
    assert (again(entry).state, the_light(office.kpi)) == ("checked", "")

    Kpi.objects.filter(pk=office.kpi.pk).update(is_exempt=True)
    assert office.approve(entry).value == 90


def test_a_series_joined_meanwhile_loses_nothing_of_an_entry(office: Office):
    other = office.make_kpi("OLD", owners=(office.child,))
    entry = office.checked("90")
    Kpi.objects.filter(pk=office.kpi.pk).update(series=other.series)

    actual = office.approve(entry)
    assert actual.series == other.series
    assert again(entry).typed == {"value": "90"}
