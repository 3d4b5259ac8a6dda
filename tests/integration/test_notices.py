"""People are told once; the inbox keeps it, and one digest a day brings it by mail."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from bsc import mail, notice_wording
from bsc.models import Notice, Unit, User, WorkDay
from bsc.notices import MOST_TEXT, people_of, tell
from bsc.permissions import Action
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db

# A Friday morning in Taipei.
FRIDAY = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
RETURNED = {"kpi": "AC1.1 指標", "period": "2026", "by": "主管", "note": "請補說明"}


def told(*people: User, key: str = "returned:1", **given: Any) -> int:
    values = {"kind": "returned", "parameters": RETURNED, "url": "/work/"}
    return tell(recipients=people, key=key, **(values | given))


def mailed_person(name: str = "ines", **fields: Any) -> User:
    return make_user(name, email=f"{name}@example.gov.tw", **fields)


def test_nobody_is_told_the_same_thing_twice():
    one, other, gone = mailed_person(), make_user(), make_user(is_active=False)

    assert told(one, gone) == 1
    assert told(one, other) == 1
    assert told(one, other, key="returned:2") == 2

    assert Notice.objects.count() == 4
    assert not gone.notices.exists()


def test_many_are_told_with_as_many_queries_as_few():
    taken = []
    for count in (2, 200):
        people = [make_user() for _number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert told(*people) == count
        taken.append(len(captured))

    assert taken[0] == taken[1]


def test_long_words_are_kept_short():
    person = mailed_person()

    told(person, parameters=RETURNED | {"note": "長" * 5000})

    assert len(person.notices.get().parameters["note"]) == MOST_TEXT


def test_whoever_is_nearest_is_told():
    city = make_unit()
    bureau = make_unit(parent=city)
    section, other = (
        make_unit(parent=bureau, kind=Unit.Kind.SECTION) for _number in range(2)
    )
    group = make_unit(parent=city, kind=Unit.Kind.GROUP, lead=bureau)
    in_city = make_user(role="staff", unit=city)
    in_bureau = make_user(role="staff", unit=bureau)
    in_section = make_user(role="staff", unit=section)
    make_user(role="manager", unit=other)
    make_user(role="staff", unit=other, is_active=False)

    with CaptureQueriesContext(connection) as captured:
        people = people_of([city, bureau, section, other, group], Action.RECORD)

    assert people == {
        city.pk: [in_city],
        bureau.pk: [in_bureau],
        section.pk: [in_section],
        other.pk: [in_bureau],
        group.pk: [in_bureau],
    }
    assert len(captured) <= 3


@pytest.mark.parametrize(
    ("kind", "parameters", "chinese"),
    [("returned", RETURNED, "AC1.1 指標"), ("gone", {}, "gone")],
)
def test_a_notice_is_put_into_the_readers_words(kind, parameters, chinese):
    person = mailed_person()
    told(person, kind=kind, parameters=parameters)

    with translation.override("zh-hant"):
        assert chinese in notice_wording.sentence(person.notices.get())


@pytest.mark.parametrize("kind", notice_wording.KINDS)
def test_a_notice_of_an_older_version_still_says_what_it_is_about(kind: str):
    person = mailed_person()
    told(person, kind=kind, parameters={})

    assert notice_wording.sentence(person.notices.get())


def test_the_inbox_shows_ones_own_and_counts_what_is_unread(client: Client):
    person, other = mailed_person(), make_user()
    told(person, other)
    told(other, key="returned:2", parameters=RETURNED | {"note": "別人的"})
    client.force_login(person)

    page = client.get("/notices/").content.decode()

    assert "AC1.1 指標" in page
    assert "別人的" not in page
    assert "unread-count" in page

    response = client.post(f"/notices/{person.notices.get().pk}/open/")

    assert (response.status_code, response["Location"]) == (302, "/work/")
    assert "unread-count" not in client.get("/notices/").content.decode()
    assert other.notices.unread().count() == 2


def test_anothers_notice_is_not_found(client: Client):
    person, other = mailed_person(), make_user()
    told(other)
    client.force_login(person)

    response = client.post(f"/notices/{other.notices.get().pk}/open/")

    assert response.status_code == 404
    assert other.notices.unread().exists()


def test_a_notice_leads_nowhere_but_here(client: Client):
    person = mailed_person()
    told(person, url="https://elsewhere.example/")
    client.force_login(person)

    response = client.post(f"/notices/{person.notices.get().pk}/open/")

    assert response["Location"] == "/notices/"


def test_all_are_marked_as_read_at_once(client: Client):
    person = mailed_person()
    for number in range(3):
        told(person, key=f"returned:{number}")
    client.force_login(person)

    client.post("/notices/read/")

    assert not person.notices.unread().exists()


def test_a_long_inbox_takes_the_queries_of_a_short_one(client: Client):
    taken = []
    for count in (2, 40):
        person = make_user()
        for number in range(count):
            told(person, key=f"returned:{number}")
        client.force_login(person)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/notices/").status_code == 200
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 8


def test_a_person_gets_one_digest_in_their_language():
    chinese, english = mailed_person(), mailed_person("vera", language="en")
    for number in range(3):
        told(chinese, english, key=f"returned:{number}")

    assert mail.send_digests(at=FRIDAY) == (2, 0)
    assert mail.send_digests(at=FRIDAY + timedelta(hours=2)) == (0, 0)

    digests = {message.to[0]: message for message in mailbox.outbox}
    assert len(mailbox.outbox) == 2
    assert digests["vera@example.gov.tw"].subject == "Dengta: 3 notices"
    assert "returned by 主管: 請補說明" in digests["vera@example.gov.tw"].body
    assert digests["ines@example.gov.tw"].body.count("AC1.1 指標") == 3
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_what_comes_later_waits_for_the_next_day():
    person = mailed_person()
    told(person)
    mail.send_digests(at=FRIDAY)
    told(person, key="returned:2")

    assert mail.send_digests(at=FRIDAY + timedelta(hours=3)) == (0, 0)
    assert mail.send_digests(at=FRIDAY + timedelta(days=3)) == (1, 0)


def test_a_long_digest_says_how_much_more_there_is():
    person = mailed_person(language="en")
    for number in range(mail.MOST_IN_A_MAIL + 7):
        told(person, key=f"returned:{number}")

    mail.send_digests(at=FRIDAY)

    assert "Further notices in your inbox: 7." in mailbox.outbox[0].body


@pytest.mark.parametrize(
    "fields",
    [{"email": ""}, {"is_mailed": False}, {"is_active": True, "email": ""}],
)
def test_who_wants_no_mail_or_has_no_address_gets_none(fields: dict):
    told(make_user(**({"email": "a@example.gov.tw"} | fields)))

    assert mail.send_digests(at=FRIDAY) == (0, 0)
    assert mailbox.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "a@example.gov.tw\nBcc: thief@example.com",
        "a@example.gov.tw\r\n\r\nhello",
        "nobody",
    ],
)
def test_an_address_cannot_carry_another_header(address: str, settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Written"}}
    Written.messages.clear()
    person = make_user(email=address)
    told(person)

    mail.send_digests(at=FRIDAY)

    assert not any("thief" in text.partition("\n\n")[0] for text in Written.messages)
    if "\n" in address:
        assert person.notices.get().mail_failures == 1


def test_typed_words_reach_no_header(settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Written"}}
    Written.messages.clear()
    person = mailed_person(display_name="x\r\nBcc: thief@example.com")
    told(person, parameters=RETURNED | {"kpi": "x\r\nBcc: thief@example.com"})

    assert mail.send_digests(at=FRIDAY) == (1, 0)

    assert "thief" not in Written.messages[0].partition("\n\n")[0]


class Written(EmailBackend):
    """Writes mail as a server would get it."""

    messages: list[str] = []

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            self.messages.append(message.message().as_string())
        return len(messages)


class Refusing(EmailBackend):
    """Refuses mail, as a server that is away."""

    tried = 0

    def send_messages(self, messages: Any) -> int:
        type(self).tried += 1
        raise ConnectionRefusedError("no server")


@pytest.fixture
def refusing(settings) -> type[Refusing]:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}
    Refusing.tried = 0
    return Refusing


def test_a_failure_is_noted_and_tried_again_a_few_times(refusing, settings):
    person = mailed_person()
    told(person)

    for hour in range(mail.MOST_FAILURES + 3):
        mail.send_digests(at=FRIDAY + timedelta(hours=hour))

    notice = person.notices.get()
    assert refusing.tried == notice.mail_failures == mail.MOST_FAILURES
    assert notice.mail_error == "ConnectionRefusedError: no server"
    assert notice.mailed_at is None


def test_what_failed_goes_out_when_the_server_is_back(refusing, settings):
    person = mailed_person()
    told(person)
    assert mail.send_digests(at=FRIDAY) == (0, 1)

    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    }

    assert mail.send_digests(at=FRIDAY + timedelta(minutes=15)) == (1, 0)
    assert len(mailbox.outbox) == 1


def test_a_server_that_is_away_is_not_asked_for_everybody(refusing):
    told(*(mailed_person(f"person{number}") for number in range(20)))

    assert mail.send_digests(at=FRIDAY) == (0, mail.MOST_IN_A_ROW)
    assert refusing.tried == mail.MOST_IN_A_ROW


def test_two_runs_at_once_send_a_digest_once():
    person = mailed_person()
    for number in range(3):
        told(person, key=f"returned:{number}")
    ((_person, waiting),) = mail._waiting(FRIDAY)

    first = mail._claim(waiting, FRIDAY)
    second = mail._claim(waiting, FRIDAY + timedelta(microseconds=1))

    assert len(first) == 3
    assert second == []


@pytest.mark.parametrize(
    ("moment", "is_office"),
    [
        (datetime(2026, 11, 27, 6, 59), False),
        (datetime(2026, 11, 27, 7, 0), True),
        (datetime(2026, 11, 27, 18, 59), True),
        (datetime(2026, 11, 27, 19, 0), False),
        (datetime(2026, 11, 28, 10, 0), False),  # a Saturday
        (datetime(2026, 12, 25, 10, 0), False),  # a holiday
        (datetime(2025, 2, 8, 10, 0), True),  # a Saturday that is worked
    ],
)
def test_mail_goes_out_in_the_hours_of_offices(moment: datetime, is_office: bool):
    WorkDay.objects.create(day=date(2026, 12, 25), is_working=False)
    WorkDay.objects.create(day=date(2025, 2, 8), is_working=True)

    assert mail.is_office_hour(timezone.make_aware(moment)) is is_office


def test_a_person_chooses_language_and_whether_to_get_mail(client: Client):
    person = mailed_person()
    client.force_login(person)

    client.post("/notices/mail/", {"language": "en"})

    person.refresh_from_db()
    assert (person.language, person.is_mailed) == ("en", False)

    client.post("/notices/mail/", {"language": "xx", "is_mailed": "1"})

    person.refresh_from_db()
    assert (person.language, person.is_mailed) == ("", True)
