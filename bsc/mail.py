"""Notices by mail: one digest a person and day, in the person's language.

Mail is a copy of the inbox. A notice is claimed before it is sent, so that two runs
at once send it once; what could not be sent is released, noted and tried again, a
few times. A process that dies while it sends leaves that one digest to the inbox.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bsc import notice_wording
from bsc.models import Notice, User, WorkDay
from bsc.workdays import is_work_day

logger = logging.getLogger(__name__)

MOST_FAILURES = 5
MOST_IN_A_MAIL = 50
# A server that refuses three people in a row is away: the next run asks it again.
MOST_IN_A_ROW = 3
OFFICE_HOURS = range(7, 19)


class Mailed(NamedTuple):
    """How many people got their digest, and how many did not for a failure."""

    sent: int
    failed: int


def is_office_hour(at: datetime) -> bool:
    """Say whether mail goes out at this moment: in the hours of a working day."""
    local = timezone.localtime(at)
    calendar = WorkDay.objects.filter(day=local.date()).as_calendar()
    return local.hour in OFFICE_HOURS and is_work_day(local.date(), calendar)


def send_digests(*, at: datetime) -> Mailed:
    """Send everybody who has notices not mailed yet a digest of them, once a day.

    Three queries, and two for each person. A second run on the same day sends only
    what failed before.
    """
    sent = failed = in_a_row = 0
    connection = mailers.default
    try:
        for person, notices in _waiting(at):
            claimed = _claim(notices, at)
            if not claimed:
                continue
            error = _send(connection, person, claimed)
            if error:
                _release(claimed, error)
                failed += 1
                in_a_row += 1
                if in_a_row == MOST_IN_A_ROW:
                    break
            else:
                sent += 1
                in_a_row = 0
    finally:
        connection.close()
    return Mailed(sent, failed)


def _waiting(at: datetime) -> list[tuple[User, list[Notice]]]:
    """Return the people who wait for a digest, with their notices, oldest first."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    had_today = Notice.objects.filter(
        mailed_at__gte=midnight, mailed_at__lt=midnight + timedelta(days=1)
    ).values("recipient")
    by_person: dict[User, list[Notice]] = defaultdict(list)
    waiting = (
        Notice.objects.to_mail(most_failures=MOST_FAILURES)
        .exclude(recipient__in=had_today)
        .select_related("recipient")
        .order_by("recipient", "created_at", "pk")
    )
    for notice in waiting.iterator(chunk_size=500):
        by_person[notice.recipient].append(notice)
    return list(by_person.items())


def _claim(notices: list[Notice], at: datetime) -> list[Notice]:
    """Mark as mailed what no other run has, and return it."""
    keys = [notice.pk for notice in notices]
    free = Notice.objects.filter(pk__in=keys, mailed_at=None)
    if free.update(mailed_at=at) == len(keys):
        return notices
    # Another run came between: it has all of them, or those it saw before us.
    ours = Notice.objects.filter(pk__in=keys, mailed_at=at)
    return list(ours.order_by("created_at", "pk"))


def _release(notices: list[Notice], error: str) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        mailed_at=None, mail_failures=F("mail_failures") + 1, mail_error=error[:200]
    )


def _send(connection, person: User, notices: list[Notice]) -> str:
    """Send one digest; return why it failed, "" where it went out."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        message = _digest(person, notices)
    try:
        connection.send_messages([message])
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors; an address that cannot be one is a ValueError.
        logger.warning("Mail to user %s failed: %s", person.pk, error)
        return f"{type(error).__name__}: {error}"
    return ""


def _digest(person: User, notices: list[Notice]) -> EmailMessage:
    """Return the mail: its subject holds a number and our own words, nothing typed."""
    subject = ngettext(
        "Dengta: %(count)s notice", "Dengta: %(count)s notices", len(notices)
    ) % {"count": len(notices)}
    return EmailMessage(subject, _body(person, notices), to=[person.email])


def _body(person: User, notices: list[Notice]) -> str:
    shown = notices[:MOST_IN_A_MAIL]
    parts = [
        _("%(person)s,") % {"person": person},
        _("this is what the portal has to tell you:"),
        *(_told(notice) for notice in shown),
    ]
    if more := len(notices) - len(shown):
        parts.append(_("Further notices in your inbox: %(more)s.") % {"more": more})
    choose = _(
        "Your inbox, where you also choose whether and in which language you get this"
        " mail:"
    )
    parts.append(f"{choose}\n{settings.SITE_URL}{reverse('bsc:inbox')}")
    return "\n\n".join(parts) + "\n"


def _told(notice: Notice) -> str:
    kind, words = notice_wording.kind_text(notice.kind), notice_wording.sentence(notice)
    address = f"\n  {settings.SITE_URL}{notice.url}" if notice.url else ""
    return f"- {kind}: {words}{address}"
