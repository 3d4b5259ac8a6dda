"""Figures on their way under attack: notes, closed years, strangers, wrong numbers."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.urls import reverse

from bsc.models import Evidence, Job, Notice, Scorecard, Unit
from kpi import services
from kpi.models import Entry, Result
from kpi.services import evidence, reminders
from kpi.services import results as reckoning
from reports.documents.seals import holds, sealed_content
from tests.factories import (
    make_evidence,
    make_job,
    make_kpi,
    make_scorecard,
    make_unit,
    make_user,
)
from tests.integration.offices import (
    AT,
    PERIOD,
    Office,
    again,
)
from tests.reviewing import Centre, client_of, step
from tests.reviewing import fresh as seen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def office() -> Office:
    return Office()


def close(office: Office) -> Scorecard:
    services.close_year(
        scorecard=office.card, content_of=sealed_content, by=office.ines, at=AT
    )
    return Scorecard.objects.get(pk=office.card.pk)


def test_a_note_is_kept_without_what_no_database_takes():
    centre = Centre()
    entry = centre.sent()

    step(centre.head, entry, "return", note="請補\x00分母")

    assert seen(entry).steps.last().note == "請補分母"


def test_a_basis_is_kept_without_what_no_database_takes():
    centre = Centre()
    entry = centre.sent()

    step(centre.head, entry, "check", innovation="80", basis="新\x00法")

    assert seen(entry).ratings["first"]["basis"] == "新法"


@pytest.mark.parametrize("name", ["return", "check"])
def test_a_note_of_a_million_characters_is_refused_with_a_word(name: str):
    centre = Centre()
    entry = centre.sent()

    response = step(centre.head, entry, name, note="長" * 5001)

    assert response.status_code == 422
    assert "5,000" in response.content.decode()
    assert seen(entry).state == Entry.State.SUBMITTED


def test_a_basis_of_a_million_characters_is_refused():
    centre = Centre()
    entry = centre.sent()

    response = step(centre.head, entry, "check", innovation="80", basis="長" * 5001)

    assert response.status_code == 422
    assert seen(entry).ratings == {}


def test_a_reason_to_reopen_is_as_short_as_a_box(office: Office):
    office.approved()

    with pytest.raises(ValidationError) as refused:
        office.asked(reason="長" * 5001)

    assert refused.value.code == "too-long"


@pytest.mark.parametrize("typed", ["-0", "-0.00"])
def test_minus_zero_points_are_zero(typed: str):
    centre = Centre()
    entry = centre.sent()

    step(centre.head, entry, "check", innovation=typed, basis="無")

    assert seen(entry).ratings["first"]["innovation"].lstrip("0.") == ""


def test_a_closed_year_keeps_the_files_that_prove_its_figures(office: Office):
    entry = office.approved()
    proof = make_evidence(entry, office.clerk)
    office.reopened()
    close(office)

    with pytest.raises(ValidationError) as refused:
        evidence.remove_evidence(entry=again(entry), evidence=proof, by=office.clerk)

    assert refused.value.code == "closed-card"
    assert Evidence.objects.filter(pk=proof.pk).exists()


def test_only_the_named_editor_takes_a_file_away(office: Office):
    entry = office.save()
    proof = make_evidence(entry, office.clerk)

    for person in (office.neighbour, office.head, office.boss, office.omar):
        client = client_of(person)
        client.post(reverse("kpi:evidence-remove", kwargs={"pk": proof.pk}))

    assert entry.evidence.get() == proof


def test_results_reckoned_while_a_year_closes_leave_the_seal(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    """The run has listed the KPIs; the card closes before their chunk is written."""
    second = office.make_kpi("AC1.2", owners=(office.adult,))
    for kpi in (office.kpi, second):
        office.approved(kpi=kpi)
    monkeypatch.setattr(reckoning, "CHUNK", 1)
    Result.objects.filter(kpi=second).update(fingerprint="")
    office.card.kpis.get(pk=second.pk).targets.update(value=999)
    before = Result.objects.get(kpi=second).light

    reckoning.refresh_results(
        office.card.kpis.all(), PERIOD, at=AT, chunk_done=_closing(office)
    )

    assert Result.objects.get(kpi=second).light == before
    assert holds(Scorecard.objects.get(pk=office.card.pk))


def _closing(office: Office) -> Callable[..., None]:
    def chunk_done(*_told: object) -> None:
        if not Scorecard.objects.filter(pk=office.card.pk, status="closed").exists():
            close(office)

    return chunk_done


def test_a_closed_year_takes_no_step_whatever_is_sent(office: Office):
    approved = office.approved()
    draft = office.save(kpi=office.make_kpi("AC1.2", owners=(office.adult,)))
    card = close(office)
    for entry in (approved, draft):
        pk = {"pk": entry.pk}
        for person in (office.clerk, office.head, office.boss, office.ines):
            client = client_of(person)
            for name in (
                "check",
                "approve",
                "return-entry",
                "reopen",
                "recall",
                "sign",
            ):
                for version in (entry.version, entry.version + 1):
                    given = {"version": version, "note": "改", "do": "agree"}
                    client.post(reverse(f"kpi:{name}", kwargs=pk), given)
            given = {"pk": entry.kpi_id, "year": 2020}
            for version in (entry.version, entry.version + 1):
                client.post(
                    reverse("kpi:save-draft", kwargs=given),
                    {"value": "1", "version": version},
                )
            client.post(reverse("kpi:ask-reopening", kwargs=given), {"reason": "改"})
    assert again(approved).value == again(draft).value == 90
    assert holds(card)


def test_who_left_the_section_is_told_nothing_of_its_figures(office: Office):
    entry = office.submitted()
    office.clerk.memberships.all().delete()

    step(office.head, again(entry), "return", note="個案王小明的分母")

    assert not Notice.objects.filter(recipient=office.clerk).exists()
    assert again(entry).state == Entry.State.RETURNED


def test_a_page_of_two_hundred_kpis_is_kept_without_scripts(office: Office):
    kpis = [
        office.make_kpi(f"AC2.{number}", owners=(office.adult,))
        for number in range(200)
    ]
    boxes = "value absence absence_reason months control explanation remedy version"
    page = {f"k{kpi.pk}-{box}": "" for kpi in kpis for box in boxes.split()}
    page[f"k{kpis[0].pk}-value"] = "5"
    given = {"code": office.adult.code, "year": 2020}

    response = client_of(office.clerk).post(reverse("kpi:entry", kwargs=given), page)

    assert response.status_code == 302
    assert Entry.objects.get().value == 5


@pytest.mark.django_db(transaction=True)
def test_a_year_is_not_closed_in_the_middle_of_an_import(office: Office):
    """An import holds the top of the tree from what it proposes to what it writes."""

    def close_elsewhere() -> None:
        try:
            close(office)
        finally:
            connections.close_all()

    closing = Thread(target=close_elsewhere)
    with transaction.atomic():
        list(Unit.objects.select_for_update().filter(depth=1))
        closing.start()
        closing.join(1)
        is_waiting = closing.is_alive()
    closing.join(30)

    assert is_waiting
    assert Scorecard.objects.get(pk=office.card.pk).status == "closed"


ADDRESSES = {
    "kpi:entry-detail": "pk",
    "kpi:evidence-file": "pk",
    "kpi:round": "pk",
    "kpi:wall": "pk",
    "kpi:rules-edit": "pk",
    "bsc:job": "pk",
    "reports:kpi": "pk",
    "reports:kpi-history": "pk",
    "reports:objective": "pk",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_number_that_no_table_holds_is_not_found(office: Office, name: str):
    address = reverse(name, kwargs={ADDRESSES[name]: 10**30})

    assert client_of(office.ines).get(address).status_code in {403, 404}


def test_another_section_sees_nothing_of_a_draft(office: Office):
    stranger = make_user("stranger", role="staff", unit=office.child)
    entry = office.save({"value": "87.6543", "explanation": "尚未公開的原因"})
    proof = make_evidence(entry, office.clerk, "內部名單.txt")
    office.submit_after_all(entry)
    kpi = entry.kpi_id
    year = {"code": office.adult.code, "year": 2020}
    client = client_of(stranger)
    own = {"code": office.child.code, "year": 2020}
    pages = [
        reverse("kpi:entry-detail", kwargs={"pk": entry.pk}),
        reverse("kpi:evidence-file", kwargs={"pk": proof.pk}),
        *(
            reverse(f"kpi:{name}", kwargs=place)
            for name in ("entry", "entry-grid", "entry-print", "entry-sent", "send")
            for place in (year, own)
        ),
        reverse("kpi:entry-years", kwargs=year),
        reverse("reports:kpi", kwargs={"pk": kpi}),
        reverse("reports:kpi-history", kwargs={"pk": kpi}),
        *(
            reverse(f"reports:{name}", kwargs={"code": "bureau", "year": 2020})
            for name in ("map", "scorecard", "scorecard-json", "results", "lights")
        ),
        reverse("kpi:review-queue"),
        reverse("bsc:inbox"),
        f"/admin/kpi/entry/{entry.pk}/change/",
        f"/admin/kpi/entry/{entry.pk}/history/",
        "/admin/kpi/entry/",
        f"/api/v1/series/{entry.kpi.series_id}",
    ]

    for page in pages:
        response = client.get(page)
        said = b"".join(response) if response.streaming else response.content
        for secret in ("87.65", "尚未公開的原因", "內部名單"):
            assert secret not in said.decode(), page


def test_a_card_that_is_a_draft_is_named_to_nobody_outside(office: Office):
    card = make_scorecard(make_unit("other", parent=office.city), status="draft")
    planned = make_kpi(
        "DR1.1", name="尚未公開的指標", scorecard=card, owners=(office.adult,)
    )
    kpi_of_today = office.kpi
    round = office.make_round()
    round.scorecards.add(card)

    reminders.tell_of_rounds(on=round.due_on)
    wall = client_of(office.clerk).get(reverse("kpi:wall", kwargs={"pk": round.pk}))
    entry = {"code": office.adult.code, "year": card.year}
    own = client_of(office.clerk).get(reverse("kpi:entry", kwargs=entry))

    for page in (wall, own):
        assert kpi_of_today.name in page.content.decode()
        assert planned.name not in page.content.decode()
    told = Notice.objects.filter(recipient=office.clerk)
    assert {notice.parameters["count"] for notice in told} == {1}


def test_a_job_is_stopped_and_run_again_by_its_owner_only(office: Office):
    waiting = make_job(office.ines, state=Job.State.QUEUED)
    stopped = make_job(office.ines, state=Job.State.CANCELLED)

    for person in (office.boss, office.clerk, office.omar):
        client = client_of(person)
        for name, job in (("cancel-job", waiting), ("run-job-again", stopped)):
            address = reverse(f"bsc:{name}", kwargs={"pk": job.pk})
            assert client.post(address).status_code == 404

    states = [Job.objects.get(pk=job.pk).state for job in (waiting, stopped)]
    assert states == [Job.State.QUEUED, Job.State.CANCELLED]
