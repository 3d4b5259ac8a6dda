"""One figure as a reviewer weighs it: what it says, why, and what stands in force."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bsc.numbers import plain
from bsc.periods import Period
from kpi.boards.entry_heads import day_text
from kpi.boards.entry_known import Known, known_of, to_report
from kpi.boards.entry_rows import EntryRow, row_of
from kpi.models import Actual, Entry, Kpi, SelfRating
from kpi.scoring import Absence
from kpi.services import rights
from kpi.wording import ABSENCES

# What a reviewer may confirm and approve all the same.
CONFIRMABLE = ("in-force-changed", "unsigned")


@dataclass(frozen=True, slots=True)
class Fact:
    """A line beside a figure: what it is, and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which an entry differs from the figure in force."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step was not taken; `code` is set where it may be confirmed."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One figure that waits, with all that a reviewer weighs."""

    pk: int
    version: int
    state: str
    step: str
    row: EntryRow
    url: str
    section: str
    sent: str
    facts: tuple[Fact, ...]
    ratings: tuple[Fact, ...]
    in_force: str
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...] = ()
    is_picked: bool = False

    @property
    def pick(self) -> str:
        return f"{self.pk}:{self.version}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded for the items of one period."""

    known: Known
    kpis: Mapping[int, Kpi]
    in_force: Mapping[int, Actual]


def loaded_by_period(entries: Iterable[Entry]) -> dict[str, Loaded]:
    """Load what the items of `entries` show, by their period."""
    keys: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        keys[entry.period].append(entry.kpi_id)
    return {code: loaded_of(some, Period.parse(code)) for code, some in keys.items()}


def loaded_of(keys: Collection[int], period: Period) -> Loaded:
    kpis = {kpi.pk: kpi for kpi in to_report(Kpi.objects.filter(pk__in=keys), period)}
    actuals = Actual.objects.filter(
        series__in=[kpi.series_id for kpi in kpis.values()],
        period=period.code,
        state=Actual.State.APPROVED,
    )
    return Loaded(
        known=known_of(kpis.values(), period, on=timezone.localdate()),
        kpis=kpis,
        in_force={actual.series_id: actual for actual in actuals},
    )


def entry_url(entry: Entry) -> str:
    return reverse("kpi:entry-detail", kwargs={"pk": entry.pk})


def refusals_of(error: ValidationError) -> tuple[Refusal, ...]:
    """Return the reasons in an error, each with its code where it may be confirmed."""
    return tuple(
        Refusal(" ".join(one.messages), one.code if one.code in CONFIRMABLE else "")
        for one in error.error_list
    )


def item_of(
    entry: Entry,
    loaded: Loaded,
    *,
    refused: ValidationError | None = None,
    is_picked: bool = False,
) -> Item:
    kpi = entry.kpi
    in_force = loaded.in_force.get(kpi.series_id)
    return Item(
        pk=entry.pk,
        version=entry.version,
        state=entry.state,
        step="approve" if entry.state == Entry.State.CHECKED else "check",
        row=row_of(loaded.kpis[kpi.pk], loaded.known, may_edit=False, may_sign=False),
        url=entry_url(entry),
        section=" ".join(owner.name for owner in rights.editors_of(kpi)),
        sent=_sent(entry),
        facts=_facts(entry),
        ratings=_ratings(entry),
        in_force=figure_text(in_force, kpi) if in_force else "",
        changes=_changes(entry, in_force) if in_force else (),
        refusals=refusals_of(refused) if refused else (),
        is_picked=is_picked,
    )


def _sent(entry: Entry) -> str:
    if entry.submitted_at is None:
        return ""
    at = timezone.localtime(entry.submitted_at)
    return _("%(who)s, %(at)s") % {
        "who": entry.submitted_by,
        "at": f"{at:%Y-%m-%d %H:%M}",
    }


def figure_text(figure: Entry | Actual, kpi: Kpi) -> str:
    """Return what a figure says, with its measure; empty where it says nothing."""
    if figure.absence:
        return str(ABSENCES[Absence(figure.absence)])
    if figure.value is None:
        return figure.text
    places = len(plain(figure.value).partition(".")[2])
    text = plain(figure.value, max(places, kpi.decimals if places else 0), grouped=True)
    return f"{text}%" if kpi.measure == "%" else f"{text} {kpi.measure}".strip()


def _facts(entry: Entry) -> tuple[Fact, ...]:
    """Return the explanation, and what else was typed beside the figure."""
    due = day_text(entry.remedy_due_on) if entry.remedy_due_on else ""
    months = (
        f"{entry.month_from}–{entry.month_until}"
        if entry.month_from is not None
        else ""
    )
    lines = (
        (_("Why there is none"), entry.absence_reason),
        (_("Months"), months),
        (_("Kind of cause"), entry.get_control_display() if entry.control else ""),
        (_("Cause"), entry.explanation),
        (_("Remedy"), entry.remedy),
        (_("Remedy due"), due),
        (_("Why late"), entry.late_reason),
    )
    return tuple(Fact(label, text) for label, text in lines if text)


def _ratings(entry: Entry) -> tuple[Fact, ...]:
    """Return the points given so far, level by level."""
    names = {
        "innovation": _("innovation"),
        "challenge": _("challenge"),
        "contribution": _("contribution"),
    }
    levels = dict(SelfRating.Level.choices)
    found = []
    for level, given in entry.ratings.items():
        points = [
            f"{words} {given[name]}" for name, words in names.items() if given.get(name)
        ]
        said = "　".join([*points, *([given["basis"]] if given.get("basis") else [])])
        if said:
            found.append(Fact(str(levels.get(level, level)), said))
    return tuple(found)


def _changes(entry: Entry, in_force: Actual) -> tuple[Change, ...]:
    """Return in what an entry differs from the figure in force."""
    kpi = entry.kpi
    pairs = (
        (_("Figure"), figure_text(in_force, kpi), figure_text(entry, kpi)),
        (_("Cause"), in_force.explanation, entry.explanation),
        (_("Remedy"), in_force.remedy, entry.remedy),
        (_("Why there is none"), in_force.absence_reason, entry.absence_reason),
    )
    return tuple(
        Change(label, before, now) for label, before, now in pairs if before != now
    )
