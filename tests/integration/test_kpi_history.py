"""The history of a KPI: each step of its figures, and the marks of the portal in words."""

import pytest
from django.utils import translation

from kpi.models import Target
from reports.dashboards.histories import Change, kpi_history
from tests.factories import make_actual
from tests.integration.offices import Office, fresh
from tests.reviewing import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def told(office: Office) -> tuple[Change, ...]:
    with translation.override("en"):
        return kpi_history(office.kpi)


def test_each_step_is_told_with_what_was_sent_and_why(office: Office):
    office.approved("90")
    office.reopened(reason="更正分母")

    steps = [one for one in told(office) if one.is_step]

    assert [(one.what, one.who, one.after, one.reason) for one in steps] == [
        ("reporting 109, reopened", "Ines; agreed by Boss", "90%", "更正分母"),
        ("reporting 109, asked to reopen", "Ines", "90%", "更正分母"),
        ("reporting 109, approved", "Boss", "90%", ""),
        ("reporting 109, checked by the section", "Head", "90%", ""),
        ("reporting 109, submitted", "Clerk", "90%", ""),
    ]


def test_a_figure_in_force_says_who_entered_and_who_approved_it(office: Office):
    office.approved("90")
    entry = office.reopened(reason="更正分母")
    entry = office.save({"value": "95"}, version=entry.version, by=office.colleague)
    office.approve(office.check(office.submit(entry, by=office.colleague)))

    changes = [one for one in told(office) if one.what == "actual 109"]

    assert [(one.before, one.after, one.who, one.reason) for one in changes] == [
        ("90", "95", "Boss", "entered by Colleague: 更正分母"),
        ("", "90", "Boss", "entered by Clerk"),
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("import 7", "import 7"),
        ("import 7: restated", "import 7: restated"),
        ("undo import 7", "import 7 taken back"),
        ("imports were late", "imports were late"),
        ("誤繕", "誤繕"),
    ],
)
def test_marks_are_put_in_words_and_reasons_left_as_typed(
    office: Office, reason: str, words: str
):
    target = Target.objects.get(kpi=office.kpi)
    target.value += 1
    target._change_reason = reason
    target.save()

    assert told(office)[0].reason == words


def test_a_planner_reopens_an_imported_figure_from_the_page_of_its_kpi(office: Office):
    address = f"/kpis/{office.kpi.pk}/109/reopen/"

    def is_offered(user) -> bool:
        page = client_of(user).get(fresh(office.kpi).get_absolute_url())
        return address in page.content.decode()

    assert not is_offered(office.ines)
    make_actual(office.kpi, "77")
    assert is_offered(office.ines)
    assert not is_offered(office.vera)
    assert not is_offered(office.boss)
    office.card.status = "closed"
    office.card.save()
    assert not is_offered(office.ines)
