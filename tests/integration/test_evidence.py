"""Evidence: given with a draft, handed out to whoever sees the figure, taken away."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bsc.models import Evidence, Unit
from kpi.models import Entry, Kpi
from kpi.services.evidence import MOST_FILES
from tests.factories import (
    make_kpi,
    make_scorecard,
    make_unit,
    make_user,
    omar,
    vera,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    centre = make_unit("centre", parent=make_unit("city"))
    return make_unit("care", parent=centre, kind=Unit.Kind.SECTION)


@pytest.fixture
def kpi(unit: Unit) -> Kpi:
    card = make_scorecard(unit, 2022, status="in-force")
    return make_kpi("BC1.3", scorecard=card, owners=(unit,))


@pytest.fixture
def staff(unit: Unit) -> Client:
    client = Client()
    client.force_login(make_user("lin", role="staff", unit=unit))
    return client


def a_picture() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "王小明"
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def give(client: Client, kpi: Kpi, name: str, content: bytes, **headers: str):
    file = SimpleUploadedFile(name, content, content_type="application/x-lie")
    address = f"/kpis/{kpi.pk}/111/evidence/"
    return client.post(address, {"file": file}, headers=headers)


def test_a_file_is_kept_without_its_author_and_handed_out_as_an_attachment(staff, kpi):
    answer = give(staff, kpi, "現場 照片.jpg", a_picture())

    assert answer.status_code == 302
    evidence = Entry.objects.get(kpi=kpi).evidence.get()
    assert (evidence.name, evidence.content_type) == ("現場 照片.jpg", "image/jpeg")
    assert "現場" not in evidence.file.name
    got = staff.get(f"/evidence/{evidence.pk}/")
    content = b"".join(got.streaming_content)
    assert "王小明".encode() not in content
    assert len(content) == evidence.size
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["Content-Type"] == "image/jpeg"


def test_a_false_file_is_refused_with_a_word_and_nothing_is_written(staff, kpi):
    answer = give(staff, kpi, "a.pdf", b"<html>", **{"X-Part": "files"})

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not Evidence.objects.exists()
    assert not Entry.objects.exists()


def test_who_does_not_see_the_figure_does_not_find_its_files(staff, kpi, unit):
    give(staff, kpi, "a.txt", b"21")
    evidence = Evidence.objects.get()
    address = f"/evidence/{evidence.pk}/"
    loose = Evidence.objects.create(
        unit=unit,
        file=ContentFile(b"x", "a.txt"),
        name="a.txt",
        content_type="text/plain",
        size=1,
        digest="0" * 64,
        uploaded_by=evidence.uploaded_by,
    )

    for user, status in (
        (vera(unit), 200),
        (make_user("chief", role="manager", unit=unit), 200),
        (make_user("next", role="staff", unit=make_unit()), 404),
        (omar(), 404),
    ):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == status, user
        removed = client.post(f"{address}remove/").status_code
        assert removed == (403 if status == 200 else 404)
    assert staff.get(f"/evidence/{loose.pk}/").status_code == 404
    assert Client().get(address).status_code == 302


def test_a_file_is_taken_away_while_the_figure_is_a_draft_and_not_after(
    staff, kpi, django_capture_on_commit_callbacks
):
    give(staff, kpi, "a.txt", b"21")
    give(staff, kpi, "b.txt", b"22")
    first, second = Evidence.objects.all()
    storage, place = first.file.storage, first.file.name

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"/evidence/{first.pk}/remove/")
    assert not storage.exists(place)

    Entry.objects.update(state="submitted", value="1")
    answer = staff.post(f"/evidence/{second.pk}/remove/", headers={"X-Part": "files"})
    assert answer.status_code == 422
    assert Evidence.objects.get() == second
    assert give(staff, kpi, "c.txt", b"23", **{"X-Part": "x"}).status_code == 422
    assert Evidence.objects.count() == 1


def test_a_figure_takes_so_many_files_and_no_more(staff, kpi):
    for number in range(MOST_FILES):
        give(staff, kpi, f"{number}.txt", b"21")

    answer = give(staff, kpi, "more.txt", b"21", **{"X-Part": "files"})

    assert answer.status_code == 422
    assert Evidence.objects.count() == MOST_FILES


def test_the_row_warns_of_personal_data_and_lists_the_files(staff, kpi):
    answer = give(staff, kpi, "a.txt", b"21", **{"X-Part": "files"})
    assert answer.headers["X-Version"] == str(Entry.objects.get().version)

    text = staff.get("/units/care/111/entry/").content.decode()
    assert "a.txt" in text
    assert "data-evidence" in text
