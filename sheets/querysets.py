"""Questions to the table of imports."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from bsc.permissions import Action, units_where

if TYPE_CHECKING:
    from bsc.models import User


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep what `user` uploaded, and imports of units they may import for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(uploaded_by=user) | Q(unit__in=units_where(user, Action.IMPORT))
        )
