"""The pages of rounds: their days, their cards, and how far each is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.forms import BaseForm
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bsc.models import Scorecard, WorkDay
from bsc.numbers import roc_year
from bsc.periods import Period
from bsc.workdays import (
    Calendar,
    day_label,
    is_work_day,
    parse_day,
    years_unknown,
)
from kpi.boards.wall import SENT, standings_of
from kpi.models import Round


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of a round, with what is to be known of it."""

    label: str
    text: str
    iso: str
    doubt: str = ""
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class RoundLine:
    """When a round is due, and where it stands."""

    period: str
    due: str
    state: str
    state_word: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in the list: when, how far, and what of it is late."""

    pk: int
    name: str
    url: str
    line: RoundLine
    sent: int
    kpis: int
    cards: int

    @property
    def percent(self) -> int:
        return 100 * self.sent // self.kpis if self.kpis else 0


@dataclass(frozen=True, slots=True)
class RoundBoard:
    """A round's own page."""

    row: RoundRow
    days: tuple[DayView, ...]
    cards: tuple[tuple[str, str], ...]
    rule: str
    note: str


def round_rows(rounds: Iterable[Round], *, today: date) -> tuple[RoundRow, ...]:
    """Return the rows of a list of rounds; five queries for any number of them."""
    rounds = list(rounds)
    standings = standings_of(rounds)
    rows = []
    for round in rounds:
        states = Counter(one.state for one in standings[round.pk].values())
        cards = {one.card for one in standings[round.pk].values()}
        rows.append(
            RoundRow(
                pk=round.pk,
                name=round.name,
                url=round.get_absolute_url(),
                line=round_line(round, today=today),
                sent=sum(states[state] for state in SENT),
                kpis=states.total(),
                cards=len(cards),
            )
        )
    return tuple(rows)


def round_line(round: Round, *, today: date) -> RoundLine:
    """Return the period, the due day and the state of a round in words; no query."""
    code, word = state_of(round, today)
    language = get_language() or ""
    return RoundLine(
        period=Period.parse(round.period).label(language),
        due=day_label(round.due_on, language),
        state=code,
        state_word=word,
    )


def state_of(round: Round, today: date) -> tuple[str, str]:
    """Return where a round stands on a day: a code, and its word."""
    if today < round.opens_on:
        return "coming", pgettext("round", "not yet open")
    if today <= round.due_on:
        return "open", pgettext("round", "open")
    if today <= round.closes_on:
        return "late", pgettext("round", "due day passed")
    return "closed", pgettext("round", "closed")


def round_board(round: Round, *, today: date) -> RoundBoard:
    """Return a round's page; seven queries."""
    calendar = WorkDay.objects.as_calendar()
    cards = (
        round.scorecards.select_related("unit")
        .prefetch_related("unit__names")
        .order_by("unit__path", "plan")
    )
    return RoundBoard(
        row=round_rows([round], today=today)[0],
        days=day_views(round, calendar, today),
        cards=tuple((card_text(card), card.url_of("scorecard")) for card in cards),
        rule=_("After it has closed it takes nothing more.")
        if round.refuses_late
        else _("After it has closed it takes figures with a reason."),
        note=calendar_note(round.days, calendar),
    )


def day_views(round: Round, calendar: Calendar, today: date) -> tuple[DayView, ...]:
    """Return the days of a round in order, each with a doubt where offices are closed."""
    labels = (
        _("Opens"),
        _("Sections send until"),
        _("Heads check until"),
        _("Units approve until"),
        _("Closes"),
    )
    return tuple(
        DayView(
            label,
            day_label(day, get_language() or ""),
            day.isoformat(),
            doubt_of(day, calendar),
            is_past=day < today,
        )
        for label, day in zip(labels, round.days, strict=True)
    )


def doubt_of(day: date, calendar: Calendar) -> str:
    """Return that offices are closed on `day`; empty where they work."""
    return "" if is_work_day(day, calendar) else _("not a working day")


def calendar_note(days: Collection[date], calendar: Calendar) -> str:
    """Return of which years the calendar says nothing; empty where it knows all."""
    unknown = years_unknown(days, calendar)
    if not unknown:
        return ""
    years = [roc_year(year) for year in unknown]
    return _(
        "The government calendar of %(years)s is not in the portal yet: only weekends"
        " were left out."
    ) % {"years": pgettext("enumeration", ", ").join(years)}


def card_text(card: Scorecard) -> str:
    """Return a card as lists name it: its unit, and its plan where it is another."""
    plan = "" if card.plan == "bsc" else f" ({card.plan})"
    return f"{card.unit.name_in(card.year)}{plan}"


@dataclass(frozen=True, slots=True)
class CardChoice:
    """A card that may be chosen for a round."""

    pk: int
    name: str
    is_chosen: bool
    depth: int


@dataclass(frozen=True, slots=True)
class CardYear:
    """The cards of one year that may be chosen."""

    text: str
    choices: tuple[CardChoice, ...]
    is_open: bool


def card_choices(form: BaseForm) -> tuple[CardYear, ...]:
    """Return the cards to choose from by year, newest first; two queries.

    A year is unfolded where one of its cards is chosen; without any, the newest.
    """
    chosen = {str(one) for one in form["scorecards"].value() or ()}
    by_year: dict[int, list[CardChoice]] = defaultdict(list)
    for card in form.fields["scorecards"].queryset.prefetch_related("unit__names"):
        by_year[card.year].append(
            CardChoice(
                card.pk, card_text(card), str(card.pk) in chosen, card.unit.depth
            )
        )
    newest = max(by_year, default=0)
    return tuple(
        CardYear(
            Period(year).label(get_language() or ""),
            tuple(choices),
            any(one.is_chosen for one in choices) or (not chosen and year == newest),
        )
        for year, choices in by_year.items()
    )


def form_notes(form: BaseForm, calendar: Calendar) -> tuple[str, ...]:
    """Return what is to be known of the days that stand in a form."""
    days = {}
    for name in ("opens_on", "due_on", "check_due_on", "approve_due_on", "closes_on"):
        value = form[name].value()
        try:
            days[name] = value if isinstance(value, date) else parse_day(value or "")
        except ValueError:
            continue
    notes = [
        _("%(label)s: %(day)s is no working day.")
        % {"label": form[name].label, "day": day_label(day, get_language() or "")}
        for name, day in days.items()
        if not is_work_day(day, calendar)
    ]
    unknown = calendar_note(list(days.values()), calendar)
    return (*notes, unknown) if unknown else tuple(notes)
