"""An approved figure reopened by two people, refused, asked for again."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpi.models import Actual, Entry
from kpi.services import review
from tests.factories import (
    make_actual,
    make_self_rating,
)
from tests.integration.offices import AT, PERIOD, Office, again, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_imported_figure_is_reopened_by_two_people(office: Office):
    make_actual(office.kpi, "46.15", month_from=7, month_until=12)
    make_self_rating(office.kpi)
    ask = {"kpi": fresh(office.kpi), "period": PERIOD, "at": AT, "reason": "更正"}
    with pytest.raises(ValidationError) as refused:
        review.ask_reopening(**ask, by=office.boss)
    assert refused.value.code == "not-yours-to-plan"
    review.ask_reopening(**ask, by=office.ines)
    with pytest.raises(ValidationError) as refused:
        review.ask_reopening(**ask, by=office.ines)
    assert refused.value.code == "already-asked"
    assert list(Entry.objects.to_reopen_by(office.boss)) == [Entry.objects.get()]

    office.ines.memberships.create(unit=office.bureau, role="manager")
    del office.ines.held
    for agreed_by, code in (
        (office.ines, "two-people"),
        (office.head, "not-yours-to-approve"),
        (office.clerk, "not-yours-to-approve"),
    ):
        with pytest.raises(ValidationError) as refused:
            review.reopen(**ask, by=office.ines, approved_by=agreed_by)
        assert refused.value.code == code
    entry = review.reopen(**ask, by=office.ines, approved_by=office.boss)

    assert entry.state == "draft"
    assert entry.typed == {"value": "46.15", "months": "7-12"}
    assert entry.stood == {"value": "46.15", "text": "", "absence": ""}
    assert Actual.objects.get().value == Decimal("46.15")
    entry = office.save({"value": "90"}, version=entry.version)
    office.approve(office.check(office.submit_after_all(entry)))
    assert Actual.objects.get().value == 90


def test_a_reopening_may_be_refused_and_asked_for_again(office: Office):
    entry = office.approved()
    answer = {"kpi": fresh(office.kpi), "period": PERIOD, "at": AT, "by": office.boss}
    with pytest.raises(ValidationError) as refused:
        review.refuse_reopening(**answer, reason="不必")
    assert refused.value.code == "not-asked"
    office.asked()
    review.refuse_reopening(**answer, reason="數字無誤")
    assert not Entry.objects.to_reopen_by(office.boss).exists()
    assert again(entry).state == "approved"
    with pytest.raises(ValidationError) as refused:
        given = answer | {"by": office.ines, "approved_by": office.boss}
        review.reopen(**given, reason="改")
    assert refused.value.code == "not-asked"
    office.asked()


def test_a_figure_restated_since_is_what_a_reopening_begins_from(office: Office):
    office.approved("90")
    Actual.objects.update(value=Decimal("46.15"), version=9)
    entry = office.reopened()
    assert (entry.typed["value"], str(again(entry).value)) == ("46.15", "46.150000")
