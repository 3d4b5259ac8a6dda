"""People, their roles in units, and their tokens for the API."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models.notices import Notice
from bsc.models.units import Unit


class User(AbstractUser):
    """A person with an account of their own."""

    display_name = models.CharField(_("name"), max_length=60, blank=True)
    is_demonstration = models.BooleanField(
        _("demonstration account"),
        default=False,
        help_text=_("Made by load_demo; cannot log in where DEBUG is off."),
    )
    language = models.CharField(
        _("language of mails"), max_length=10, blank=True, choices=settings.LANGUAGES
    )
    is_mailed = models.BooleanField(_("gets notices by mail"), default=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def held(self) -> "list[Membership]":
        """The person's roles, each with its unit; asked for once a request.

        Every page shows how many notices are unread: it is asked for with them.
        """
        unread = Notice.objects.unread().filter(recipient=OuterRef("user")).order_by()
        counted = unread.values("recipient").values(count=Count("pk"))
        return list(
            self.memberships.select_related("unit").annotate(
                unread=Coalesce(Subquery(counted), 0)
            )
        )

    @property
    def unread(self) -> int:
        """How many notices wait to be read; a query only for who has no role."""
        if self.held:
            return self.held[0].unread
        return self.notices.unread().count()

    @property
    def roles(self) -> set[str]:
        return {membership.role for membership in self.held}

    @property
    def is_simulated(self) -> bool:
        """Whether all roles of the person are in simulated units, and they have one."""
        return bool(self.held) and all(one.unit.is_simulated for one in self.held)


class Membership(models.Model):
    """A person's role in a unit; it holds for the units below as well."""

    class Role(models.TextChoices):
        STAFF = "staff", _("unit staff")
        MANAGER = "manager", _("manager")
        PLANNER = "planner", _("planner")
        AUDITOR = "auditor", _("auditor")
        ADMIN = "admin", _("administrator")

    user = models.ForeignKey(
        User,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role in a unit")
        verbose_name_plural = _("roles in units")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"


class ApiToken(models.Model):
    """A personal token for the API, of which only the hash is kept."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="token_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
