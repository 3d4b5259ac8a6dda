"""Rounds of reporting: made and changed; whose figures are due, and who is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bsc.models import Scorecard, User
from bsc.periods import Period
from bsc.permissions import Action, units_where
from bsc.workdays import Calendar, add_work_days
from kpi.models import Round

DAYS_TO_CHECK = 5
DAYS_TO_APPROVE = 5
DAYS_TO_CLOSE = 5
MOST_WORK_DAYS = 60


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a round, as its model names them."""

    opens_on: date
    due_on: date
    check_due_on: date
    approve_due_on: date
    closes_on: date


def reckon_days(
    *,
    opens_on: date,
    due_on: date,
    calendar: Calendar,
    days_to_check: int = DAYS_TO_CHECK,
    days_to_approve: int = DAYS_TO_APPROVE,
    days_to_close: int = DAYS_TO_CLOSE,
) -> Days:
    """Return the days of a round from its first two, counted in working days.

    Checking follows the due day, approval follows checking, and the round closes so
    many working days after it is due; 0 is the same day.
    """
    check = _after(due_on, days_to_check, calendar)
    return Days(
        opens_on=opens_on,
        due_on=due_on,
        check_due_on=check,
        approve_due_on=_after(check, days_to_approve, calendar),
        closes_on=_after(due_on, days_to_close, calendar),
    )


def _after(day: date, count: int, calendar: Calendar) -> date:
    return add_work_days(day, count, calendar) if count else day


@transaction.atomic
def create_round(
    *,
    name: str,
    period: Period,
    scorecards: Iterable[Scorecard],
    days: Days,
    refuses_late: bool,
    by: User,
) -> Round:
    """Store a round of `scorecards`. Raises ValidationError; see `change_round`."""
    return _save(Round(), name, period, scorecards, days, refuses_late, by)


@transaction.atomic
def change_round(
    *,
    round: Round,
    name: str,
    period: Period,
    scorecards: Iterable[Scorecard],
    days: Days,
    refuses_late: bool,
    by: User,
) -> Round:
    """Store other days or cards of a round.

    Raises ValidationError with the code no-cards, not-yours, other-year, closed-card
    or in-another-round, and where the days do not follow each other.
    """
    stands = Round.objects.select_for_update().get(pk=round.pk)
    _require_rights(stands.scorecards.select_related("unit"), by)
    return _save(stands, name, period, scorecards, days, refuses_late, by)


def _save(
    round: Round,
    name: str,
    period: Period,
    scorecards: Iterable[Scorecard],
    days: Days,
    refuses_late: bool,
    by: User,
) -> Round:
    # Locked, so that no other round takes a card between the question and the answer.
    wanted = {card.pk for card in scorecards}
    cards = list(
        Scorecard.objects.filter(pk__in=wanted)
        .select_for_update(of=("self",))
        .select_related("unit")
        .order_by("pk")
    )
    _require_cards(round, period, cards, by)
    round.name, round.period, round.refuses_late = name, period.code, refuses_late
    for field in Days.__slots__:
        setattr(round, field, getattr(days, field))
    round.full_clean(exclude=["scorecards"])
    round._history_user = by
    round.save()
    round.scorecards.set(cards)
    return round


def _require_cards(
    round: Round, period: Period, cards: Sequence[Scorecard], by: User
) -> None:
    if not cards:
        raise ValidationError(_("Choose at least one scorecard."), code="no-cards")
    _require_rights(cards, by)
    before = set(round.scorecards.values_list("pk", flat=True)) if round.pk else set()
    for card in cards:
        if card.year != period.year:
            raise ValidationError(
                _("%(card)s is not a scorecard of the period's year."),
                code="other-year",
                params={"card": card},
            )
        if card.status == Scorecard.Status.CLOSED and card.pk not in before:
            raise ValidationError(
                _("The year of %(card)s is closed."),
                code="closed-card",
                params={"card": card},
            )
    elsewhere = (
        Round.objects.filter(period=period.code, scorecards__in=cards)
        .exclude(pk=round.pk)
        .values_list("scorecards", "name")
    )
    held = dict(elsewhere)
    taken = [card for card in cards if card.pk in held]
    if taken:
        raise ValidationError(
            [
                ValidationError(
                    _("%(card)s is in the round “%(round)s” of this period already."),
                    code="in-another-round",
                    params={"card": card, "round": held[card.pk]},
                )
                for card in taken
            ]
        )


def _require_rights(cards: Iterable[Scorecard], by: User) -> None:
    held = set(units_where(by, Action.SET_ROUNDS).values_list("pk", flat=True))
    for card in cards:
        if card.unit_id not in held:
            raise ValidationError(
                _("You plan no rounds for %(unit)s."),
                code="not-yours",
                params={"unit": card.unit},
            )
