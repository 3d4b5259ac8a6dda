"""Logging in and out, passwords, the lock, and the language."""

from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from bsc.accounts import make_demonstration, store_token
from tests.factories import PASSWORD, make_user
from tests.integration.importing import load_reference

pytestmark = pytest.mark.django_db

LOGIN = "/login/"


def log_in(client: Client, username: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def test_a_person_logs_in_and_lands_where_they_wanted(client: Client):
    make_user("vera")

    response = client.post(
        LOGIN, {"login": "vera", "password": PASSWORD, "next": "/jobs/"}
    )

    assert response.status_code == 302
    assert response["Location"] == "/jobs/"
    assert client.get("/jobs/").status_code == 200


def test_a_stranger_is_not_led_to_another_site(client: Client):
    make_user("vera")

    response = client.post(
        LOGIN,
        {"login": "vera", "password": PASSWORD, "next": "https://elsewhere.example/"},
    )

    assert response["Location"] == reverse("reports:home")


def test_known_and_unknown_names_look_alike(client: Client):
    make_user("vera")
    make_user("gone", is_active=False)

    pages = [
        log_in(client, name, password).content.decode().replace(name, "")
        for name, password in [
            ("vera", "wrong"),
            ("nobody", "wrong"),
            ("gone", PASSWORD),
        ]
    ]

    told = [page[page.index("errorlist") :].split("</ul>")[0] for page in pages]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    ("proxies", "told", "seen"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_who_failed_is_told_by_the_proxies_of_ours_alone(
    client: Client, settings, proxies: int, told: str, seen: str
):
    settings.TRUSTED_PROXIES = proxies
    log_in(client, "nobody", "wrong", headers={"X-Forwarded-For": told})
    assert AccessAttempt.objects.get().ip_address == seen


def test_five_failures_lock_an_account_and_only_that_one(client: Client):
    make_user("vera")
    make_user("ines")
    for _ in range(4):
        assert log_in(client, "vera", "wrong").status_code == 200

    assert log_in(client, "vera", "wrong").status_code == 429
    locked = log_in(Client(), "vera", REMOTE_ADDR="10.9.8.7")
    assert locked.status_code == 429
    assert "15" in locked.content.decode()
    assert log_in(client, "ines").status_code == 302


def test_an_unknown_name_is_locked_like_a_known_one(client: Client):
    statuses = [log_in(client, "nobody", "wrong").status_code for _ in range(6)]

    assert statuses == [200] * 4 + [429] * 2


def test_the_lock_ends_after_fifteen_minutes(client: Client):
    make_user("vera")
    for _ in range(5):
        log_in(client, "vera", "wrong")
    attempt = AccessAttempt.objects.get(username="vera")

    for minutes, status in ((14, 429), (16, 302)):
        AccessAttempt.objects.update(
            attempt_time=attempt.attempt_time - timedelta(minutes=minutes)
        )
        assert log_in(Client(), "vera").status_code == status


def test_a_success_forgets_earlier_failures(client: Client):
    make_user("vera")
    for _ in range(2):
        for _ in range(4):
            log_in(client, "vera", "wrong")
        assert log_in(client, "vera").status_code == 302
        client.logout()


def test_one_logs_out_by_post_only(client: Client):
    client.force_login(make_user())

    assert client.get("/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/logout/")
    assert "_auth_user_id" not in client.session


def test_a_person_changes_their_password(client: Client):
    make_user("vera")
    log_in(client, "vera")
    new = "quite another one 7"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    assert client.post("/password/", form).status_code == 302
    assert log_in(Client(), "vera", new).status_code == 302
    assert log_in(Client(), "vera").status_code == 200


def test_nobody_signs_up(client: Client):
    for address in ("/signup/", "/accounts/signup/", "/login/signup/"):
        assert client.get(address).status_code == 404


def test_pages_are_in_chinese_whatever_the_browser_says(client: Client):
    page = client.get(LOGIN, headers={"accept-language": "en-US,en"})

    assert page["Content-Language"] == "zh-hant"
    assert 'lang="zh-Hant' in page.content.decode()


def test_english_is_chosen_by_a_switch_and_the_page_is_kept(client: Client):
    response = client.post("/language/", {"language": "en", "next": "/jobs/?page=2"})

    assert response["Location"] == "/jobs/?page=2"
    assert client.get(LOGIN)["Content-Language"] == "en"
    client.post("/language/", {"language": "zh-hant"})
    assert client.get(LOGIN)["Content-Language"] == "zh-hant"


@pytest.fixture
def demonstration(tmp_path: Path) -> dict[str, str]:
    load_reference()
    return make_demonstration(tmp_path / "accounts.json")[0]


def test_a_demonstration_account_logs_in_under_debug(
    client: Client, demonstration: dict[str, str], settings
):
    settings.DEBUG = True
    person = demonstration

    assert log_in(client, person["username"], person["password"]).status_code == 302


def test_a_demonstration_account_is_refused_where_debug_is_off(
    client: Client, demonstration: dict[str, str], settings
):
    settings.DEBUG = False
    person = demonstration
    bearer = {"authorization": f"Bearer {person['token']}"}

    assert log_in(client, person["username"], person["password"]).status_code == 200
    assert client.get("/api/v1/units", headers=bearer).status_code == 401


def test_a_session_of_a_demonstration_ends_when_debug_is_turned_off(
    client: Client, demonstration: dict[str, str], settings
):
    settings.DEBUG = True
    log_in(client, demonstration["username"], demonstration["password"])
    assert client.get("/jobs/").status_code == 200

    settings.DEBUG = False

    assert client.get("/jobs/").status_code == 302


def test_a_token_is_kept_as_a_hash_and_opens_the_api(client: Client):
    user = make_user()
    store_token(user=user, name="mine", token="dengta_secret")
    bearer = {"authorization": "Bearer dengta_secret"}

    assert "secret" not in str(user.tokens.values())
    assert client.get("/api/v1/units", headers=bearer).status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/api/v1/units", headers=bearer).status_code == 401
