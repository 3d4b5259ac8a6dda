"""How people log in, their tokens for the API, and the demonstration accounts."""

import json
import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path

from allauth.account.adapter import DefaultAccountAdapter
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bsc.models import ApiToken, Membership, Unit, User

Role = Membership.Role
TOKEN_PREFIX = "dengta_"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


def client_address(request: HttpRequest) -> str:
    """Return the address that asked the outermost proxy of ours; also called by axes.

    Each proxy adds one to the header, and whatever stands before those of
    TRUSTED_PROXIES anybody may have written. Who came past them is told by the
    connection.
    """
    told = [
        one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")
    ]
    count = settings.TRUSTED_PROXIES
    address = told[-count] if 0 < count <= len(told) else ""
    try:
        return str(ip_address(address))
    except ValueError:
        return request.META.get("REMOTE_ADDR", "")


class AccountBackend(ModelBackend):
    """Names and passwords, for people who may log in here.

    One backend for every door, so that an unknown name, a wrong password and an
    account that is closed take the same time and get the same answer. A session of
    an account that was closed ends with its next request.
    """

    def user_can_authenticate(self, user: User) -> bool:
        return may_log_in(user)


def may_log_in(user: User) -> bool:
    """Say whether the account is open; demonstration accounts are, under DEBUG."""
    return user.is_active and (settings.DEBUG or not user.is_demonstration)


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict | None = None,
) -> HttpResponse:
    """Answer a login to an account that failed too often; called by axes."""
    minutes = int(get_cool_off(request).total_seconds() // 60)
    context = {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "account/locked.html", context, status=429)


def store_token(*, user: User, name: str, token: str) -> None:
    """Keep the hash of `token` as the token `name` of `user`."""
    digest = ApiToken.digest_of(token)
    ApiToken.objects.update_or_create(user=user, name=name, defaults={"digest": digest})


# One account a role: its name, the person, the role and the unit's code.
DEMONSTRATION = (
    ("staff", "林怡君", Role.STAFF, "dvpc-sexual"),
    ("manager", "陳志明", Role.MANAGER, "dvpc"),
    ("planner", "王淑芬", Role.PLANNER, "taipei"),
    ("auditor", "張建宏", Role.AUDITOR, "taipei"),
    ("admin", "李佩珊", Role.ADMIN, "taipei"),
)


@transaction.atomic
def make_demonstration(
    path: Path, people: Iterable[tuple[str, str, str, str]] = DEMONSTRATION
) -> list[dict[str, str]]:
    """Make the demonstration accounts; return username, role, password, token of each.

    `people` are told by username, name, role and the code of their unit.

    Passwords and tokens are made once and kept in `path`, which only its owner may
    read, so that a second run returns the same. Raises ValidationError where a real
    account bears one of the names, Unit.DoesNotExist before the reference units are
    loaded.
    """
    people = list(people)
    names = [name for name, *_rest in people]
    if User.objects.filter(username__in=names, is_demonstration=False).exists():
        raise ValidationError(_("A real account bears the name of a demonstration."))
    secrets_of = _kept_secrets(path, names)
    accounts = []
    for username, person, role, code in people:
        kept = secrets_of[username]
        unit = Unit.objects.get(code=code)
        user, _made = User.objects.update_or_create(
            username=username,
            defaults={"display_name": person, "is_demonstration": True},
        )
        if not user.check_password(kept["password"]):
            user.set_password(kept["password"])
            user.save(update_fields=["password"])
        Membership.objects.get_or_create(user=user, unit=unit, role=role)
        store_token(user=user, name="demonstration", token=kept["token"])
        label = str(Role(role).label)
        accounts.append({"username": username, "role": label, **kept})
    return accounts


def _kept_secrets(path: Path, names: Iterable[str]) -> dict[str, dict[str, str]]:
    kept = json.loads(path.read_text()) if path.exists() else {}
    for username in names:
        if username not in kept:
            token = TOKEN_PREFIX + secrets.token_urlsafe(32)
            kept[username] = {"password": secrets.token_urlsafe(9), "token": token}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(kept, indent=2))
    return kept
