"""A section's figures sent: what is asked first, what is late, what is taken back."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from kpi.models import Entry, ReviewStep
from kpi.services import entries
from kpi.services.refusals import NotReady
from tests.factories import make_actual
from tests.integration.offices import AT, PERIOD, Office, again, fresh

pytestmark = pytest.mark.django_db

LATE = datetime(2021, 1, 20, 16, 30, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return Office()


def code_of(error) -> str:
    return error.value.code


def test_a_sent_figure_is_locked_and_taken_back_until_it_is_checked(office: Office):
    entry = office.submitted()
    assert (entry.state, entry.submitted_by, entry.submitted_at) == (
        "submitted",
        office.clerk,
        AT,
    )
    with pytest.raises(ValidationError) as refused:
        office.save({"value": "91"}, version=entry.version)
    assert code_of(refused) == "locked"

    def taken_back(entry: Entry) -> Entry:
        given = {"by": office.colleague, "at": AT, "version": entry.version}
        return entries.recall(entry=again(entry), **given)

    entry = taken_back(entry)
    assert (entry.state, entry.submitted_by) == ("draft", None)
    entry = office.check(office.submit(entry))
    with pytest.raises(ValidationError) as refused:
        taken_back(entry)
    assert code_of(refused) == "not-sent"
    actions = list(ReviewStep.objects.values_list("action", flat=True))
    assert actions == ["submitted", "recalled", "submitted", "checked"]


def test_several_figures_are_sent_each_whole_or_refused_with_its_reason(office: Office):
    kpis = [office.make_kpi(f"S{at}", owners=(office.adult,)) for at in range(5)]
    good, wrong, empty, stale, foreign = kpis
    office.save({"value": "90"}, kpi=good)
    office.save({"value": "words"}, kpi=wrong)
    office.save({"value": "90"}, kpi=stale)
    foreign.owners.update(unit=office.child)

    done = entries.submit(
        entries=[
            (fresh(kpi), PERIOD, version)
            for kpi, version in zip(kpis, (1, 1, 0, 7, 0), strict=True)
        ],
        by=office.clerk,
        at=AT,
    )

    assert [entry.kpi for entry in done.sent] == [good]
    codes = {key: error.code for key, error in done.refused.items()}
    assert codes == {
        wrong.pk: "not-ready",
        empty.pk: "not-ready",
        stale.pk: "stale",
        foreign.pk: "not-your-unit",
    }
    assert list(Entry.objects.under_way().values_list("kpi", flat=True)) == [good.pk]


def test_a_doubtful_figure_is_asked_about_once_and_again_for_another(office: Office):
    for year, value in ((2017, "88"), (2018, "89"), (2019, "91")):
        make_actual(office.kpi, value, str(year))
    entry = office.save({"value": "905", "explanation": "筆誤？"})
    with pytest.raises(NotReady) as refused:
        office.submit(entry)
    keys = tuple(check.key for check in refused.value.doubts)
    assert "tenfold" in keys
    assert again(entry).state == "draft"

    confirmed = office.submit(entry, confirmed=keys)
    assert confirmed.state == "submitted"
    back = office.return_entry(confirmed)
    office.submit(back)

    back = office.return_entry(again(entry))
    other = office.save({"value": "906"}, version=back.version)
    with pytest.raises(NotReady) as refused:
        office.submit(other)
    assert "tenfold" in {check.code for check in refused.value.doubts}


def test_a_missed_target_is_sent_with_cause_and_remedy(office: Office):
    entry = office.save({"value": "70"})
    with pytest.raises(NotReady) as refused:
        office.submit(entry)
    boxes = {problem.box for problem in refused.value.unexplained}
    assert {"control", "explanation", "remedy", "remedy_due_on"} <= boxes
    assert "not-reached" in {demand.code for demand in refused.value.reasons}

    explained = {
        "control": "inside",
        "explanation": "人力不足",
        "remedy": "增補人力",
        "remedy_due_on": "110.6.30",
    }
    entry = office.submit(office.save(explained, version=entry.version))
    assert (entry.state, entry.control, entry.remedy) == (
        "submitted",
        "inside",
        "增補人力",
    )
    assert str(again(entry).remedy_due_on) == "2021-06-30"


def test_without_a_number_the_reason_is_sent(office: Office):
    entry = office.save({"absence": "not-measured"})
    with pytest.raises(NotReady):
        office.submit(entry)
    entry = office.save({"absence_reason": "調查延後"}, version=entry.version)
    entry = again(office.submit(entry))
    assert (entry.absence, entry.value) == ("not-measured", None)


def test_after_the_round_a_figure_comes_late_with_a_reason(office: Office):
    office.make_round()
    # In Taipei it is the 21st already.
    entry = office.save(at=LATE)
    with pytest.raises(ValidationError) as refused:
        office.submit(entry, at=LATE)
    assert code_of(refused) == "late-reason"
    entry = office.save({"late_reason": "系統停機"}, at=LATE, version=entry.version)
    assert again(office.submit(entry, at=LATE)).late_reason == "系統停機"


def test_a_round_that_refuses_what_is_late_takes_nothing_more(office: Office):
    office.make_round(refuses_late=True)
    entry = office.save()
    with pytest.raises(ValidationError) as refused:
        office.save({"value": "91"}, at=LATE, version=entry.version)
    assert code_of(refused) == "round-closed"
    with pytest.raises(ValidationError) as refused:
        office.submit(entry, at=LATE)
    assert code_of(refused) == "round-closed"
    sent = office.submit(entry)
    with pytest.raises(ValidationError) as refused:
        entries.recall(
            entry=again(sent), by=office.clerk, at=LATE, version=sent.version
        )
    assert code_of(refused) == "round-closed"


def test_what_was_returned_is_mended_after_the_round_too(office: Office):
    office.make_round(refuses_late=True)
    back = office.return_entry(office.submitted(), at=LATE)
    mended = office.save({"value": "91"}, at=LATE, version=back.version)
    assert office.submit(mended, at=LATE).state == "submitted"
