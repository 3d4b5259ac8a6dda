"""KPIs led to one series or to two, with the figures that are theirs."""

from bsc.matching import Kind
from bsc.periods import roc
from kpi.models import Actual, Statement
from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

# The columns that make up a figure.
OF_A_FIGURE = (
    "value",
    "text",
    "absence",
    "is_reached",
    "parts",
    "exclusions",
    "month_from",
    "month_until",
    "explanation",
    "state",
)


def is_barred(slates: Slates, one: Key, other: Key) -> bool:
    """Say whether two KPIs can neither be joined nor parted: both are of closed cards.

    Joined they stay so, and apart, too: the series of a closed card never changes.
    """
    ends = {
        key: {key, *slates.same_series(key)} & slates.closed for key in (one, other)
    }
    if slates.series_key(one) == slates.series_key(other):
        return any(key[1] < other[1] for key in ends[other]) and any(
            key[1] >= other[1] for key in ends[other]
        )
    return bool(ends[one] and ends[other])


class Joining:
    """Leads KPIs to one series or to two; the series of a closed card never changes.

    Neither does the figure in force of a closed card's year: what other cards print of
    it is told.
    """

    def __init__(self, slates: Slates, in_file: set[Key], issues: list[Issue]) -> None:
        self.slates = slates
        self.in_file = in_file
        self.issues = issues
        self.actuals = slates.actuals
        self._periods: dict[Key, list[Key]] | None = None
        self._by_series: dict[Key, set[Key]] = {}
        for kpi, series in slates.series_keys.items():
            self._by_series.setdefault(series, set()).add(kpi)

    def take(self, one: Key, other: Key, kind: Kind, sheet: str) -> bool:
        """Join or part two KPIs as a step says; False where closed cards forbid it."""
        keys = self.slates.series_keys
        ours, theirs = keys.get(one), keys.get(other)
        are_one = ours is not None and ours == theirs
        if are_one is (kind is Kind.REPLACED) and is_barred(self.slates, one, other):
            told = {"earlier": self._named(one), "later": self._named(other)}
            self.issues.append(Issue(Severity.WARN, sheet, None, "series-closed", told))
            return False
        if kind is Kind.REPLACED:
            self._part(one, other)
        else:
            self._join(one, other, sheet)
        return True

    def _named(self, kpi: Key) -> str:
        row = self.slates.kpis.get(kpi)
        return f"{roc(kpi[1])} {kpi[-1]} {row.name if row else ''}".strip()

    def _join(self, one: Key, other: Key, sheet: str) -> None:
        """Make two KPIs one series; what hangs on either is kept."""
        keys = self.slates.series_keys
        ours, theirs = keys.get(one), keys.get(other)
        if ours is None and theirs is None:
            self._lead(one, one)
            self._lead(other, one)
        elif ours is None or theirs is None:
            self._lead(one if ours is None else other, ours or theirs)
        elif ours != theirs:
            if self._closed(theirs):
                ours, theirs = theirs, ours
            self._merge(ours, theirs, sheet)
        else:
            return
        self.slates.renamed_series.add(self.slates.series_key(one))

    def _merge(self, kept: Key, gone: Key, sheet: str) -> None:
        """Give all of one series to another, and take the empty one away."""
        slates = self.slates
        if slates.series.get(kept) is None or slates.series.get(gone) is None:
            self._lead_all(gone, kept)
            return
        row = slates.series.rows[kept]
        sealed = {key[1] for key in self._closed(kept)}
        for member in self._members(gone):
            if member in slates.kpis.rows:
                slates.kpis.change(member, series=row)
            for at in slates.statements.below(member):
                slates.statements.change(at, series=row)
        for at in self._figures(gone):
            there = (*kept, at[-1])
            if int(str(at[-1])[:4]) in sealed:
                self._drop(there, at, sheet)
            elif there in self.actuals.rows:
                self._settle(there, at)
            else:
                self._move(at, there, row)
        slates.series.remove(gone)
        self._lead_all(gone, kept)

    def _part(self, one: Key, other: Key) -> None:
        """Give a KPI, and those after it, a series of their own.

        Where these are of closed cards, those before it get one instead.
        """
        slates = self.slates
        shared = slates.series_keys.get(one)
        if shared is None or shared != slates.series_keys.get(other):
            return
        members = self._members(shared)
        after = [key for key in members if key[1] >= other[1]]
        before = [key for key in members if key not in after]
        is_last = not slates.closed.intersection(after)
        going, staying = (after, before) if is_last else (before, after)
        named = other if is_last else one
        name = slates.kpis.rows[named].name if named in slates.kpis.rows else ""
        own = ("parted", *named)
        row = slates.series.put(own, name=name)
        theirs, others = (
            {at[-1] for key in some for at in slates.statements.below(key)}
            for some in (going, staying)
        )
        sealed = {key[1] for key in slates.closed.intersection(staying)}
        for key in going:
            if key in slates.kpis.rows:
                slates.kpis.change(key, series=row)
            for at in slates.statements.below(key):
                slates.statements.change(at, series=row)
            self._lead(key, own)
        slates.renamed_series.add(shared)
        for at in self._figures(shared):
            period = at[-1]
            year = int(str(period)[:4])
            is_theirs = period in theirs or (year >= other[1]) is is_last
            if is_theirs and period not in others and year not in sealed:
                self._move(at, (*own, period), row)
            elif period in theirs:
                self.actuals.add((*own, period), _copied(self.actuals.rows[at], row))

    def _members(self, series: Key) -> list[Key]:
        return sorted(self._by_series.get(series, ()), key=lambda kpi: kpi[1])

    def _closed(self, series: Key) -> set[Key]:
        return self.slates.closed & self._by_series.get(series, set())

    def _lead(self, kpi: Key, series: Key) -> None:
        before = self.slates.series_keys.get(kpi)
        if before is not None:
            self._by_series[before].discard(kpi)
        self._by_series.setdefault(series, set()).add(kpi)
        self.slates.lead(kpi, series)

    def _lead_all(self, gone: Key, kept: Key) -> None:
        for member in self._members(gone):
            self._lead(member, kept)

    def _figures(self, series: Key) -> list[Key]:
        """Return the keys of the figures of a series, those that came to it too."""
        if self._periods is None:
            self._periods = {}
            for at in self.actuals.rows:
                self._periods.setdefault(at[:-1], []).append(at)
        return [at for at in self._periods.get(series, ()) if at in self.actuals.rows]

    def _move(self, at: Key, to: Key, series) -> None:
        self.actuals.rekey(at, to)
        self.actuals.change(to, series=series)
        self._periods.setdefault(to[:-1], []).append(to)

    def _drop(self, kept: Key, gone: Key, sheet: str) -> None:
        """Take a figure of a closed year away, and tell where it is not the one kept.

        Where the file prints it, filling tells so at its cell.
        """
        one, other = self.actuals.get(kept), self.actuals.rows[gone]
        members = self._members(gone[:-1])
        is_in_file = any(kpi[:3] in self.in_file for kpi in members)
        if not is_in_file and (one is None or said(one) != said(other)):
            told = {
                "code": str(members[-1][-1]),
                "year": str(roc(int(str(kept[-1])[:4]))),
                "printed": str(other),
                "held": "" if one is None else str(one),
            }
            self.issues.append(
                Issue(Severity.WARN, sheet, None, "restated-closed", told)
            )
        self.actuals.remove(gone)

    def _settle(self, kept: Key, gone: Key) -> None:
        """Keep one of two figures for a period, and remember that they differ.

        The earliest card that prints one decides; where the file speaks of that card
        itself, filling it asks, and the other figure waits in force until then.
        """
        one, other = self.actuals.rows[kept], self.actuals.rows[gone]
        if said(one) != said(other):
            self.slates.conflicts.add(kept)
            first = self._first_to_say(kept[-1], (kept[:-1], gone[:-1]))
            wanted = said(first[1]) if first else said(one)
            if first and first[0][:3] in self.in_file:
                wanted = said(other) if wanted == said(one) else said(one)
            if wanted == said(other):
                self.actuals.change(
                    kept, **{name: getattr(other, name) for name in OF_A_FIGURE}
                )
        self.actuals.remove(gone)

    def _first_to_say(self, period, series) -> tuple[Key, Statement] | None:
        statements = self.slates.statements.rows
        members = [kpi for one in series for kpi in self._members(one)]
        for kpi in sorted(members, key=lambda kpi: kpi[1]):
            if statement := statements.get((*kpi, period)):
                return kpi, statement
        return None


def said(row: Actual | Statement) -> tuple:
    """Return value, words and absence: what two figures are compared by."""
    if isinstance(row, Actual):
        return row.value, row.text, row.absence
    has_words = row.value is None and not row.absence
    return row.value, row.text if has_words else "", row.absence


def _copied(row: Actual, series) -> Actual:
    figures = {name: getattr(row, name) for name in OF_A_FIGURE}
    return Actual(series=series, period=row.period, **figures)
