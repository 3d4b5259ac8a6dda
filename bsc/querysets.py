"""Questions to the tables of the ground floor."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

if TYPE_CHECKING:
    from datetime import date

    from bsc.models import Unit, User


class UnitQuerySet(MP_NodeQuerySet):
    def at_or_below(self, units: "Iterable[Unit]") -> Self:
        """Keep `units`, all units under them, and the groups they lead."""
        wanted = Q(pk__in=[])
        for unit in units:
            wanted |= Q(path__startswith=unit.path) | Q(lead=unit)
        return self.filter(wanted)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):
    """Units in the order of the tree."""

    def get_queryset(self) -> UnitQuerySet:
        # The package's manager names its own queryset class, and would lose ours.
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class ScorecardQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep the cards that `user` may see: those in force or closed, and drafts.

        Drafts are for those who have a role in the unit, above it, or in the lead of
        the group; administrators keep accounts and see no figures of a draft.
        """
        if not user.is_authenticated:
            return self.none()
        wanted = Q(status__in=["in-force", "closed"])
        for unit in {one.unit for one in user.held if one.role != "admin"}:
            wanted |= Q(unit__path__startswith=unit.path) | Q(unit__lead=unit)
        return self.filter(wanted)

    def touching(self, units: "Iterable[Unit]") -> Self:
        """Keep the cards of `units` and those of the units right below them."""
        units = list(units)
        below = Q(unit__in=units)
        for unit in units:
            below |= Q(unit__path__startswith=unit.path, unit__depth=unit.depth + 1)
        return self.filter(below).select_related("unit")


class WorkDayQuerySet(models.QuerySet):
    def as_calendar(self) -> "dict[date, bool]":
        """Return each of these days with whether offices work on it. One query.

        The calendar of all years is some twenty rows a year; see `bsc.workdays`.
        """
        return dict(self.values_list("day", "is_working"))


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> Self:
        """Keep those that their recipients have not marked as read."""
        return self.filter(read_at=None)

    def to_mail(self, *, most_failures: int) -> Self:
        """Keep those not mailed yet that may be mailed to active people with mail."""
        return self.filter(
            mailed_at=None,
            mail_failures__lt=most_failures,
            recipient__is_active=True,
            recipient__is_mailed=True,
        ).exclude(recipient__email="")


class JobQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep the jobs that `user` started; an administrator sees every job."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser or "admin" in user.roles:
            return self
        return self.filter(owner=user)
