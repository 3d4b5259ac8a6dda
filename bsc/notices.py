"""Telling people: stored once a person and thing, read in the inbox, sent by mail.

`tell` may be called again for the same thing: `key` names it, and nobody is told
twice. Words are made by `bsc.notice_wording` for the reader, not here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bsc.history import BATCH_SIZE
from bsc.models import Membership, Notice, Unit, User
from bsc.permissions import TABLE, Action

MOST_TEXT = 300


class Message(NamedTuple):
    """What one person is to be told."""

    recipient: User
    kind: str
    key: str
    parameters: Mapping[str, Any]
    url: str


def tell(
    *,
    recipients: Iterable[User],
    kind: str,
    key: str,
    parameters: Mapping[str, Any],
    url: str,
) -> int:
    """Tell several people the same; return how many were not told before."""
    return tell_each(
        [Message(person, kind, key, parameters, url) for person in recipients]
    )


def tell_each(messages: Iterable[Message]) -> int:
    """Tell each person what is theirs; return how many were not told before.

    `parameters` are words, numbers and days as JSON keeps them. Two queries for every
    500 messages. A second call, or one at the same time, tells nobody twice.
    """
    wanted = {
        (one.recipient.pk, one.key): one for one in messages if one.recipient.is_active
    }
    told = 0
    pairs = list(wanted)
    for start in range(0, len(pairs), BATCH_SIZE):
        batch = pairs[start : start + BATCH_SIZE]
        known = set(
            Notice.objects.filter(
                key__in={key for _person, key in batch},
                recipient__in={person for person, _key in batch},
            ).values_list("recipient", "key")
        )
        fresh = [_notice(wanted[pair]) for pair in batch if pair not in known]
        Notice.objects.bulk_create(fresh, ignore_conflicts=True)
        told += len(fresh)
    return told


def _notice(message: Message) -> Notice:
    return Notice(
        recipient=message.recipient,
        kind=message.kind,
        key=message.key,
        parameters={
            name: value[:MOST_TEXT] if isinstance(value, str) else value
            for name, value in message.parameters.items()
        },
        url=message.url,
    )


def people_of(units: Iterable[Unit], action: Action) -> dict[int, list[User]]:
    """Return who is to be told of what is to be done in each unit, by its key.

    They are the people with a role for `action` in the unit itself; where it has none,
    those of the nearest unit above, or of the unit that leads the group. One query.
    """
    roles = TABLE[action] or frozenset()
    lines = {unit.pk: _line_of(unit) for unit in units}
    held = (
        Membership.objects.filter(
            role__in=roles,
            user__is_active=True,
            unit__path__in={path for line in lines.values() for path in line},
        )
        .select_related("user")
        .order_by("user_id")
        .values_list("unit__path", "user_id")
    )
    by_path: dict[str, set[int]] = defaultdict(set)
    for path, person in held:
        by_path[path].add(person)
    people = User.objects.in_bulk({one for some in by_path.values() for one in some})
    return {
        pk: [
            people[one]
            for one in sorted(next((by_path[at] for at in line if at in by_path), ()))
        ]
        for pk, line in lines.items()
    }


def _line_of(unit: Unit) -> list[str]:
    """Return the paths of a unit and those above it, the nearest first."""
    paths = [unit.path]
    if unit.lead_id is not None:
        paths.append(unit.lead.path)
    for path in tuple(paths):
        ends = range(len(path) - Unit.steplen, 0, -Unit.steplen)
        paths += [path[:end] for end in ends]
    return sorted(
        dict.fromkeys(paths), key=lambda path: (path != unit.path, -len(path))
    )


def mark_read(notices: QuerySet[Notice], *, at: datetime) -> int:
    """Mark those of `notices` as read that are not; return how many."""
    return notices.filter(read_at=None).update(read_at=at)


def choose_mail(*, user: User, is_mailed: bool, language: str) -> None:
    """Keep whether a person gets notices by mail, and in which language."""
    user.is_mailed, user.language = is_mailed, language
    user.save(update_fields=["is_mailed", "language"])
