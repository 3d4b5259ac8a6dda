"""An approved figure is reopened by two people, in the browser."""

import pytest

from kpi.models import Actual, Entry
from tests.factories import make_actual, make_user
from tests.reviewing import Centre, State, ask, client_of, fresh, kinds_of, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_two_people_reopen_an_approved_figure(centre: Centre):
    entry = centre.approved()

    assert ask(centre.planner, entry.kpi).status_code == 302

    assert "reopening-asked" in kinds_of(centre.manager)
    page = client_of(centre.manager).get("/review/").content.decode()
    assert "分母漏列" in page
    assert step(centre.planner, entry, "reopen", do="agree").status_code == 403
    assert step(centre.manager, entry, "reopen", do="agree").status_code == 302
    assert fresh(entry).state == State.DRAFT
    assert Actual.objects.get().value == 90
    assert "reopened" in kinds_of(centre.staff)


def test_a_manager_may_refuse_to_reopen_and_says_why(centre: Centre):
    entry = centre.approved()
    ask(centre.planner, entry.kpi)

    assert step(centre.manager, entry, "reopen", do="refuse").status_code == 422
    answer = step(centre.manager, entry, "reopen", do="refuse", note="已上傳議會")

    assert answer.status_code == 302
    assert fresh(entry).state == State.APPROVED
    assert kinds_of(centre.planner) == ["reopening-refused"]


def test_an_imported_figure_is_reopened_too(centre: Centre):
    kpi = centre.kpi()
    make_actual(kpi, "77")
    page = client_of(centre.planner).get(f"/kpis/{kpi.pk}/115/reopen/").content.decode()
    assert "77" in page

    assert ask(centre.planner, kpi).status_code == 302
    entry = Entry.objects.get()
    assert step(centre.manager, entry, "reopen", do="agree").status_code == 302

    assert fresh(entry).state == State.DRAFT


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reopening_needs_its_reason(centre: Centre, reason: str):
    entry = centre.approved()

    response = ask(centre.planner, entry.kpi, reason)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_only_planners_ask_and_only_for_what_is_in_force(centre: Centre):
    entry = centre.sent()

    assert ask(centre.manager, entry.kpi).status_code == 403
    assert ask(centre.planner, entry.kpi).status_code == 422
    assert ask(make_user(role="planner"), entry.kpi).status_code == 403


def test_nothing_is_reopened_that_nobody_asked_for(centre: Centre):
    entry = centre.approved()

    assert step(centre.manager, entry, "reopen", do="agree").status_code == 422
