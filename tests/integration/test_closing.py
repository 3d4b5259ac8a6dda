"""A year is looked over, closed and sealed; corrections stand beside the seal."""

import hashlib
import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from kpi import services
from kpi.models import Actual, Entry, Erratum, Kpi, Seal
from reports.dashboards.closing import check_list
from reports.documents.seals import holds, sealed_content
from tests.factories import (
    ines,
    make_actual,
    make_kpi,
    make_rules,
    make_scorecard,
    make_self_rating,
    make_target,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Unit:
    return make_unit(parent=make_unit())


@pytest.fixture
def planner(bureau: Unit) -> User:
    return ines(bureau)


@pytest.fixture
def card(bureau: Unit) -> Scorecard:
    """Give a card with one KPI that is reached, explained and rated."""
    make_rules()
    card = make_scorecard(bureau, 2020)
    kpi = make_kpi("E1.1", scorecard=card)
    make_target(kpi, "80")
    make_actual(kpi, "90")
    make_self_rating(kpi)
    reckon(card)
    return card


def reckon(card: Scorecard) -> None:
    kpis = Kpi.objects.filter(scorecard=card)
    services.refresh_results(kpis, Period.parse(card.year), at=timezone.now())


def close(card: Scorecard, by: User) -> Seal:
    return services.close_year(
        scorecard=card, content_of=sealed_content, by=by, at=timezone.now()
    )


def codes(card: Scorecard) -> dict[str, list[str]]:
    return {
        item.code: [kpi.code for kpi in item.kpis] for item in check_list(card).items
    }


def test_a_year_in_order_has_nothing_to_look_at(card: Scorecard):
    assert codes(card) == {}
    assert check_list(card).kpis == 1


def test_the_list_names_each_kpi_that_stands_open(card: Scorecard):
    missed = make_kpi("E1.2", scorecard=card, direction=Kpi.Direction.UNCONFIRMED)
    make_target(missed, "80")
    make_actual(missed, "70")
    make_kpi("E1.3", scorecard=card)
    begun = make_kpi("E1.4", scorecard=card)
    make_target(begun)
    Entry.objects.create(kpi=begun, period="2020")
    sent = make_kpi("E1.5", scorecard=card)
    make_target(sent)
    Entry.objects.create(kpi=sent, period="2020", value=1, state="submitted")
    reckon(card)

    assert codes(card) == {
        "under-review": ["E1.5"],
        "not-reported": ["E1.3", "E1.4", "E1.5"],
        "drafts": ["E1.4"],
        "no-target": ["E1.3"],
        "unconfirmed": ["E1.2"],
        "unexplained": ["E1.2"],
    }
    assert check_list(card).is_blocked


def test_the_list_costs_the_same_for_many_kpis(
    card: Scorecard, django_assert_max_num_queries
):
    for _ in range(30):
        make_target(make_kpi(scorecard=card))

    with django_assert_max_num_queries(6):
        check_list(card)


def test_a_year_is_not_closed_while_a_figure_is_under_review(
    card: Scorecard, planner: User
):
    kpi = Kpi.objects.get()
    Entry.objects.create(kpi=kpi, period="2020", value=1, state="checked")

    with pytest.raises(ValidationError) as refused:
        close(card, planner)

    assert refused.value.code == "under-review"
    assert not Seal.objects.exists()
    card.refresh_from_db()
    assert card.status == Scorecard.Status.IN_FORCE


def test_the_seal_is_the_hash_of_canonical_json(card: Scorecard, planner: User):
    seal = close(card, planner)

    said = json.loads(seal.content)
    assert seal.digest == hashlib.sha256(seal.content.encode()).hexdigest()
    assert seal.content == json.dumps(
        said, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert said["kpis"][0]["code"] == "E1.1"
    assert said["rules"][0]["weights"]["challenge"] == "0.3"
    assert said["traces"]["E1.1"]["2020"]
    assert "status" not in said


def test_a_closed_year_takes_no_figure_and_is_not_reckoned_again(
    card: Scorecard, planner: User
):
    close(card, planner)
    Actual.objects.update(value=10)

    done = services.refresh_results(
        Kpi.objects.all(), Period.parse(2020), at=timezone.now()
    )

    assert done.rated == 0
    with pytest.raises(ValidationError) as refused:
        close(card, planner)
    assert refused.value.code == "not-in-force"


def test_whoever_had_a_figure_open_when_the_year_closed_is_told(
    card: Scorecard, planner: User
):
    entry = Entry.objects.create(kpi=Kpi.objects.get(), period="2020", version=4)

    close(card, planner)

    entry.refresh_from_db()
    assert entry.version == 5


def test_the_page_of_the_seal_says_whether_it_still_holds(
    client: Client, card: Scorecard, planner: User
):
    client.force_login(planner)
    close(card, planner)
    page = client.get(f"/units/{card.unit.code}/109/seal/").content.decode()
    assert Seal.objects.get().digest in page
    assert "byte for byte" in page or "一字不差" in page

    Scorecard.objects.update(vision="另一個願景")

    card.refresh_from_db()
    assert not holds(card)
    page = client.get(f"/units/{card.unit.code}/109/seal/").content.decode()
    assert 'role="alert"' in page


def test_a_planner_closes_on_the_page_and_confirms_what_stays_open(
    client: Client, card: Scorecard, planner: User
):
    make_target(make_kpi("E1.3", scorecard=card))
    client.force_login(planner)
    address = f"/units/{card.unit.code}/109/close/"

    refused = client.post(address)
    assert refused.status_code == 200
    assert not Seal.objects.exists()
    done = client.post(address, {"seen": ["not-reported"]})

    assert done.status_code == 302
    assert Seal.objects.get().sealed_by == planner
    foot = client.get(f"/units/{card.unit.code}/109/scorecard/").content.decode()
    assert Seal.objects.get().digest in foot
    sealed = client.get(f"/units/{card.unit.code}/109/sealed.json")
    assert hashlib.sha256(sealed.content).hexdigest() == Seal.objects.get().digest


def propose(card: Scorecard, by: User, **changes) -> Erratum:
    card.refresh_from_db()
    said = {
        "scorecard": card,
        "kpi": card.kpis.get(),
        "what": "實際值",
        "printed": "90",
        "corrected": "91",
        "reason": "漏計一件",
        "by": by,
        "at": timezone.now(),
    }
    return services.propose_erratum(**(said | changes))


def test_an_erratum_stands_beside_the_seal_once_a_manager_agrees(
    client: Client, card: Scorecard, planner: User
):
    manager = make_user(role="manager", unit=card.unit)
    seal = close(card, planner)
    erratum = propose(card, planner)
    client.force_login(make_user())
    address = f"/units/{card.unit.code}/109/seal/"
    assert "漏計一件" not in client.get(address).content.decode()

    client.force_login(manager)
    client.post(f"/errata/{erratum.pk}/decide/", {"is_approved": "yes"})

    client.force_login(make_user())
    assert "漏計一件" in client.get(address).content.decode()
    said = client.get(f"/units/{card.unit.code}/109/scorecard.json").json()
    assert said["seal"] == seal.digest
    assert said["errata"] == [
        {
            "kpi": "E1.1",
            "what": "實際值",
            "sealed": "90",
            "corrected": "91",
            "reason": "漏計一件",
        }
    ]
    card.refresh_from_db()
    assert holds(card)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"printed": "91"}, "no-difference"),
        ({"corrected": " "}, "no-difference"),
        ({"reason": " "}, "no-reason"),
    ],
)
def test_an_erratum_says_what_and_why(
    card: Scorecard, planner: User, changes: dict, code: str
):
    close(card, planner)

    with pytest.raises(ValidationError) as refused:
        propose(card, planner, **changes)

    assert refused.value.code == code


def test_an_open_year_and_another_card_take_no_erratum(card: Scorecard, planner: User):
    with pytest.raises(ValidationError) as refused:
        propose(card, planner)
    assert refused.value.code == "not-closed"

    close(card, planner)
    other = make_kpi()
    with pytest.raises(ValidationError) as refused:
        propose(card, planner, kpi=other)
    assert refused.value.code == "other-card"


def test_nobody_decides_about_an_erratum_of_their_own_or_twice(
    card: Scorecard, planner: User
):
    close(card, planner)
    erratum = propose(card, planner)
    manager = make_user(role="manager", unit=card.unit)
    at = timezone.now()

    with pytest.raises(ValidationError) as refused:
        services.decide_erratum(erratum=erratum, is_approved=True, by=planner, at=at)
    assert refused.value.code == "own-erratum"
    with pytest.raises(ValidationError) as refused:
        services.decide_erratum(erratum=erratum, is_approved=False, by=manager, at=at)
    assert refused.value.code == "no-reason"
    services.decide_erratum(erratum=erratum, is_approved=True, by=manager, at=at)
    with pytest.raises(ValidationError) as refused:
        services.decide_erratum(erratum=erratum, is_approved=True, by=manager, at=at)
    assert refused.value.code == "decided"
