"""What a hostile or a clumsy person cannot do to the portal as a whole."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from bsc.accounts import store_token
from tests.factories import PASSWORD, make_kpi, make_user
from tests.integration.importing import load_reference

pytestmark = pytest.mark.django_db

SCORE = "/api/v1/score"
TOO_LARGE = "9" * 30
POLICY = "Content-Security-Policy"


@pytest.fixture
def bearer() -> dict[str, str]:
    store_token(user=make_user("vera"), name="mine", token="key")
    return {"authorization": "Bearer key"}


@pytest.fixture
def inside(client: Client) -> Client:
    client.force_login(make_user("ines"))
    return client


@pytest.mark.parametrize(
    "address", ["/", "/jobs/", "/password/", "/nowhere/", "/admin/", "/api/v1/units"]
)
def test_no_cache_keeps_what_a_person_was_shown(inside: Client, address: str):
    told = inside.get(address)["Cache-Control"]

    assert "no-store" in told
    assert "private" in told


def test_no_cache_keeps_what_a_token_was_shown(client: Client, bearer):
    told = client.get("/api/v1/units", headers=bearer)["Cache-Control"]

    assert "no-store" in told


@pytest.mark.parametrize(
    "address", ["/", "/login/", "/nowhere/", "/admin/", "/api/v1/docs", "/imports/"]
)
def test_every_answer_says_what_it_may_load(inside: Client, address: str, settings):
    settings.DEBUG = False

    assert "default-src 'none'" in inside.get(address)[POLICY]


def test_the_pages_of_the_api_load_nothing_from_another_site(client: Client):
    page = client.get("/api/v1/docs").content.decode()

    assert "swagger-ui" in page
    assert "//" not in page.replace("<!--", "")
    assert page.count("<script>") == 0


@pytest.mark.parametrize(
    "question",
    [None, 1, "target", [], {"taget": "80"}, {"target": "80", "actuals": "81"}],
)
def test_a_question_that_is_none_is_refused_and_not_answered(
    client: Client, bearer, question
):
    load_reference()

    response = client.post(
        SCORE, json.dumps([question]), "application/json", headers=bearer
    )

    assert response.status_code == 422


@pytest.mark.parametrize(
    "question",
    [
        {"target": "1e-24", "actual": "9" * 25},
        {"target": "9" * 25, "actual": "1e-24"},
        {"target": "1e-39", "actual": "1e39"},
        {"target": "0.1", "actual": "1", "innovation": "1e-24"},
    ],
)
def test_numbers_of_any_size_are_reckoned_or_refused(client: Client, bearer, question):
    load_reference()

    response = client.post(
        SCORE, json.dumps([question]), "application/json", headers=bearer
    )

    assert response.status_code in {200, 422}


def test_a_key_larger_than_any_is_not_found(client: Client, bearer):
    assert client.get(f"/api/v1/series/{TOO_LARGE}", headers=bearer).status_code == 404


def test_a_series_is_found_by_its_key(client: Client, bearer):
    kpi = make_kpi()

    told = client.get(f"/api/v1/series/{kpi.series_id}", headers=bearer).json()

    assert told["id"] == kpi.series_id
    assert [one["code"] for one in told["kpis"]] == [kpi.code]


def test_a_session_alone_writes_nothing_over_the_api():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    assert client.post(SCORE, "[]", "application/json").status_code == 403


def test_a_form_of_another_site_is_refused_everywhere():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    for address in ("/logout/", "/theme/", "/language/", "/password/", "/imports/new/"):
        assert client.post(address).status_code == 403, address


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "https:x"]
)
def test_nobody_is_led_to_another_site(client: Client, target: str):
    for address in ("/theme/", "/language/"):
        assert client.post(address, {"next": target})["Location"] == "/"
    make_user("vera")
    form = {"login": "vera", "password": PASSWORD, "next": target}
    assert client.post("/login/", form)["Location"] == reverse("reports:home")


def test_a_name_is_counted_as_one_whatever_blanks_are_around_it(client: Client):
    make_user("vera")
    for name in ("vera", " vera", "vera ", "vera\u3000", "vera"):
        client.post("/login/", {"login": name, "password": "wrong"})

    form = {"login": "vera", "password": PASSWORD}
    assert client.post("/login/", form).status_code == 429


def test_the_name_in_other_letters_is_no_way_around_the_lock(client: Client):
    make_user("vera")

    for name in ("VERA", "Vera", "\uff56\uff45\uff52\uff41"):
        client.post("/login/", {"login": name, "password": PASSWORD})
        assert "_auth_user_id" not in client.session, name


def test_a_session_is_named_anew_as_a_person_logs_in(client: Client):
    make_user("vera")
    client.get("/login/")
    client.session.save()
    before = client.session.session_key

    client.post("/login/", {"login": "vera", "password": PASSWORD})

    assert client.session.session_key != before


def test_a_whole_office_logs_in_from_one_address():
    people = [make_user(f"person{number}") for number in range(40)]

    statuses = {
        Client()
        .post("/login/", {"login": one.username, "password": PASSWORD})
        .status_code
        for one in people
    }

    assert statuses == {302}
