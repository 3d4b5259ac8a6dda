"""Questions to the table of figures on their way: whose, and waiting for whom."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from bsc.models import Scorecard
from bsc.permissions import Action, units_where

if TYPE_CHECKING:
    from bsc.models import Unit, User

UNDER_WAY = ("submitted", "checked")


class EntryQuerySet(models.QuerySet):
    def of_units(self, units: "models.QuerySet[Unit]") -> Self:
        """Keep the entries whose responsible unit or card's unit is among `units`."""
        among = self.model._default_manager.filter(
            Q(kpi__owners__unit__in=units) | Q(kpi__scorecard__unit__in=units)
        )
        return self.filter(pk__in=among.values("pk"))

    def visible_to(self, user: "User") -> Self:
        """Keep the entries that `user` may see before they are approved."""
        return self.of_units(units_where(user, Action.SEE_DRAFT))

    def with_kpi(self) -> Self:
        """Load each entry's KPI, card, its unit, owners and writers. Three queries."""
        return self.select_related(
            "kpi__scorecard__unit", "entered_by", "submitted_by"
        ).prefetch_related(
            Prefetch("kpi__owners", self._owners.select_related("unit")), "writers"
        )

    def under_way(self) -> Self:
        """Keep what is sent and not yet approved: what provisional results rest on."""
        return self.filter(state__in=UNDER_WAY)

    def to_check_by(self, user: "User") -> Self:
        """Keep what waits for `user` as the head of a section that enters it."""
        units = units_where(user, Action.REVIEW)
        named = self._owners.filter(is_editor=True).values("kpi")
        editors = self._owners.filter(
            Q(is_editor=True) | ~Q(kpi__in=named), unit__in=units
        )
        rows = self.filter(state="submitted", kpi__in=editors.values("kpi"))
        return rows._not_by(user)._open()

    def to_approve_by(self, user: "User") -> Self:
        """Keep what waits for `user` as a manager of the card's unit or above."""
        units = units_where(user, Action.REVIEW)
        rows = self.filter(state="checked", kpi__scorecard__unit__in=units)
        return rows._not_by(user)._open()

    def waiting_for(self, user: "User") -> Self:
        """Keep what waits for a review by `user`: to check, or to approve."""
        entries = self.model._default_manager
        return self.filter(
            Q(pk__in=entries.to_check_by(user).order_by().values("pk"))
            | Q(pk__in=entries.to_approve_by(user).order_by().values("pk"))
        )

    def to_sign_by(self, user: "User") -> Self:
        """Keep what a unit of `user` is to sign and has not signed since it was sent."""
        signed = self._steps.filter(
            entry=OuterRef(OuterRef("pk")),
            unit=OuterRef("unit"),
            action__in=["submitted", "signed"],
            at__gte=OuterRef(OuterRef("submitted_at")),
        )
        waiting = self._owners.filter(
            ~Exists(signed),
            kpi=OuterRef("kpi"),
            is_editor=False,
            unit__in=units_where(user, Action.RECORD),
        )
        return self.under_way().filter(Exists(waiting))._open()

    def to_reopen_by(self, user: "User") -> Self:
        """Keep the approved ones whose reopening was asked for and waits for `user`."""
        last = self._steps.filter(entry=OuterRef("pk")).order_by("-at", "-pk")
        units = units_where(user, Action.REVIEW)
        return (
            self.annotate(
                last_action=Subquery(last.values("action")[:1]),
                asked_by=Subquery(last.values("by")[:1]),
            )
            .filter(
                state="approved",
                last_action="asked",
                kpi__scorecard__unit__in=units,
            )
            .exclude(asked_by=user.pk)
            ._open()
        )

    def _not_by(self, user: "User") -> Self:
        """Leave out what the person typed or sent: somebody else reviews it."""
        return self.exclude(
            Q(entered_by=user.pk) | Q(submitted_by=user.pk) | Q(writers=user.pk)
        )

    def _open(self) -> Self:
        return self.exclude(kpi__scorecard__status=Scorecard.Status.CLOSED)

    @property
    def _owners(self) -> models.QuerySet:
        kpi = self.model._meta.get_field("kpi").related_model
        return kpi._meta.get_field("owners").related_model._default_manager.all()

    @property
    def _steps(self) -> models.QuerySet:
        return self.model._meta.get_field("steps").related_model._default_manager.all()
