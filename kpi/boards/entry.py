"""The pages of entry: a section's KPIs with their figures under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bsc.models import Evidence, Scorecard, Unit, User
from bsc.numbers import count as count_text
from bsc.periods import Period
from kpi.boards.entry_heads import period_text
from kpi.boards.entry_known import known_of, to_report
from kpi.boards.entry_rows import EntryRow, EvidenceView, evidence_views, row_of
from kpi.boards.entry_words import RoundView, Spread, round_view, spread_of
from kpi.models import Entry, Kpi
from kpi.services import rights
from kpi.services.refusals import Conflict


@dataclass(frozen=True, slots=True)
class EntryBoard:
    """A section's KPIs of one period: the rows to fill, and those sent."""

    unit: Unit
    period: Period
    heading: str
    rows: tuple[EntryRow, ...]
    round: RoundView | None
    spread: tuple[Spread, ...]
    may_edit: bool
    user: int

    @property
    def open_rows(self) -> tuple[EntryRow, ...]:
        return tuple(row for row in self.rows if row.is_open)

    @property
    def sent_rows(self) -> tuple[EntryRow, ...]:
        return tuple(row for row in self.rows if not row.is_open)

    @property
    def begun(self) -> int:
        return sum(row.live.is_begun for row in self.open_rows)

    @property
    def empty(self) -> int:
        return len(self.open_rows) - self.begun

    @property
    def unexplained(self) -> int:
        return sum(row.is_unexplained for row in self.open_rows)

    @property
    def whole(self) -> str:
        """How many KPIs are in the care of the section, in words."""
        return ngettext(
            "%(count)s KPI of this section",
            "%(count)s KPIs of this section",
            len(self.rows),
        ) % {"count": count_text(len(self.rows))}

    @property
    def sent(self) -> str:
        """How many of them are sent, in words; empty where none is."""
        count = len(self.sent_rows)
        return _("%(count)s sent") % {"count": count} if count else ""

    @property
    def lead(self) -> str:
        """How far the section is, in one sentence."""
        parts = []
        if self.begun:
            parts.append(_("%(count)s begun") % {"count": self.begun})
        if self.empty:
            parts.append(_("%(count)s not yet reported") % {"count": self.empty})
        if self.sent:
            parts.append(self.sent)
        listed = pgettext("enumeration", ", ").join(parts)
        return _("%(whole)s: %(parts)s.") % {"whole": self.whole, "parts": listed}

    @property
    def foot(self) -> str:
        """What is still to do before all is sent."""
        parts = []
        if self.empty:
            parts.append(_("%(count)s not yet reported") % {"count": self.empty})
        if self.unexplained:
            parts.append(_("%(count)s not yet explained") % {"count": self.unexplained})
        if not parts:
            return _("Everything is filled in. Drafts are kept as you type.")
        return _("Still to do: %(parts)s. Drafts are kept as you type.") % {
            "parts": pgettext("enumeration", ", ").join(parts)
        }


def entry_board(
    unit: Unit,
    period: Period,
    user: User,
    *,
    today: date,
    typed: Mapping[int, Mapping[str, str]] | None = None,
    conflicts: Mapping[int, Conflict] | None = None,
) -> EntryBoard:
    """Return all that the entry page of `unit` shows; a fixed number of queries.

    `typed` is what was typed and not kept, by the key of the KPI, and `conflicts` why.
    """
    units = Unit.objects.at_or_below([unit])
    owned = Kpi.objects.entered_by_units(units, period.year)
    kpis = list(to_report(owned, period))
    known = known_of(kpis, period, on=today)
    rows = tuple(
        row_of(
            kpi,
            known,
            may_edit=_is_open(kpi) and rights.may_record(user, kpi),
            may_sign=rights.may_sign(user, kpi),
            editor=_editor(kpi),
            typed=(typed or {}).get(kpi.pk),
            conflict=(conflicts or {}).get(kpi.pk),
        )
        for kpi in kpis
    )
    rates = any(row.points for row in rows)
    return EntryBoard(
        unit=unit,
        period=period,
        heading=_("Actuals of %(period)s") % {"period": period_text(period)},
        rows=rows,
        round=round_view(known.rounds.values(), today),
        spread=spread_of(period, is_simulated=unit.is_simulated) if rates else (),
        may_edit=any(row.may_edit for row in rows),
        user=user.pk,
    )


def row_board(
    kpi: Kpi,
    period: Period,
    kept: Entry,
    *,
    today: date,
    typed: Mapping[str, str] | None = None,
    conflict: Conflict | None = None,
) -> EntryRow:
    """Return what changes in a KPI's row as one types; it comes `to_report`.

    `kept` is the entry as it stands now.
    """
    known = known_of([kpi], period, on=today, entries={kpi.pk: kept}, with_files=False)
    return row_of(
        kpi, known, may_edit=True, may_sign=False, typed=typed, conflict=conflict
    )


@dataclass(frozen=True, slots=True)
class FilesRow:
    """The files of one KPI's figure, in its row."""

    pk: int
    code: str
    evidence: tuple[EvidenceView, ...]
    may_edit: bool
    version: int | None

    @property
    def prefix(self) -> str:
        return f"k{self.pk}"


def evidence_of(kpi: Kpi, period: Period, *, may_edit: bool) -> FilesRow:
    """Return the files that prove a KPI's figure so far."""
    entry = Entry.objects.filter(kpi=kpi, period=period.code).first()
    files = Evidence.objects.filter(entries__kpi=kpi, entries__period=period.code)
    views = evidence_views(files.select_related("uploaded_by"))
    version = entry.version if entry else None
    return FilesRow(kpi.pk, kpi.code, views, may_edit, version)


def _is_open(kpi: Kpi) -> bool:
    return kpi.scorecard.status != Scorecard.Status.CLOSED


def _editor(kpi: Kpi) -> str:
    """Return the unit that enters the figures where several are responsible."""
    owners = list(kpi.owners.all())
    named = next((owner for owner in owners if owner.is_editor), None)
    return named.name if named is not None and len(owners) > 1 else ""
