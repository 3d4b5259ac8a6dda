"""The API's door: who is asking, and the units."""

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer

from bsc.accounts import may_log_in
from bsc.models import ApiToken, Scorecard, Unit, User


class PersonalToken(HttpBearer):
    """A personal token in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = (
            ApiToken.objects.select_related("user")
            .filter(digest=ApiToken.digest_of(token))
            .first()
        )
        if found is None or not may_log_in(found.user):
            return None
        today = timezone.localdate()
        if found.last_used_on != today:
            ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
        request.user = found.user
        return found.user


class UnitOut(Schema):
    """A unit; `parent` is the code of the unit above, None for the city.

    What a `simulated` unit holds is invented.
    """

    code: str
    name: str
    short_name: str
    kind: str
    parent: str | None
    years: list[int]
    simulated: bool


router = Router(tags=["units"])


@router.get("/units", response=list[UnitOut])
def units(request: HttpRequest) -> list[dict]:
    """List the units in the order of the tree, with the 民國 years of their cards."""
    cards = Scorecard.objects.visible_to(request.user)
    rows = list(Unit.objects.prefetch_related(Prefetch("scorecards", cards)))
    by_path = {row.path: row.code for row in rows}
    step = Unit.steplen
    return [
        {
            "code": row.code,
            "name": row.name,
            "short_name": row.short_name,
            "kind": row.kind,
            "parent": by_path.get(row.path[:-step]),
            "years": sorted({card.roc_year for card in row.scorecards.all()}),
            "simulated": row.is_simulated,
        }
        for row in rows
    ]
