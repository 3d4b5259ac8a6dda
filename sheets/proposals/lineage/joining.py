"""KPIs of several years as one series: found, asked, joined and parted."""

from collections.abc import Hashable, Iterable
from dataclasses import replace

from bsc.matching import Item, Kind, Step, kpi_steps
from bsc.periods import roc
from kpi.models import Actual, Statement
from sheets.forms.readings import Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.lineage.pairs import Contents, Pair, pairs_of
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

SAME, REPLACED = "same", "replaced"
# The columns that say what a figure is.
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


def join_years(
    slates: Slates,
    cards: Iterable[CardSheets],
    questions: Questions,
    issues: list[Issue],
) -> list[Pair]:
    """Lead each KPI of the cards to its series of other years, and return the pairs.

    A doubtful step is asked at the KPI's cell. No query: all stands on the slates.
    """
    cards = list(cards)
    pairs = pairs_of(slates, cards)
    if not pairs:
        return []
    contents = Contents(slates, cards)
    compared = {(pair.earlier, pair.later) for pair in pairs}
    known = [
        key for key in slates.kpi_steps.rows if (key[:3], key[4:7]) not in compared
    ]
    onward: set[Hashable] = {key[:4] for key in known}
    from_before: set[Hashable] = {key[4:] for key in known}
    for pair in pairs:
        earlier, later = contents.pair(pair)
        if not pair.is_near:
            # What went on elsewhere is not looked for; a name alone must do.
            earlier = [replace(i, place=None) for i in earlier if i.key not in onward]
            later = [item for item in later if item.key not in from_before]
        given = _settled(slates, pair)
        pair.steps = kpi_steps(earlier, later, given)
        items = {item.key: item for item in (*earlier, *later)}
        pair.steps = [
            _asked(slates, pair, step, items, questions, issues)
            if step.is_doubtful
            else step
            for step in pair.steps
            if pair.is_near or not step.is_doubtful
        ]
        onward |= {step.earlier for step in pair.steps}
        from_before |= {step.later for step in pair.steps}
    joining = _Joining(slates, {card.key for card in cards})
    for pair in pairs:
        for step in pair.steps:
            if step.kind is Kind.REPLACED:
                joining.part(step.earlier, step.later)
            else:
                joining.join(step.earlier, step.later)
    return pairs


def _settled(slates: Slates, pair: Pair) -> dict[tuple[Hashable, Hashable], Kind]:
    """Return the steps between two cards that a person has confirmed."""
    return {
        (key[:4], key[4:]): Kind(row.kind)
        for key, row in slates.kpi_steps.rows.items()
        if row.confirmed_at and (key[:3], key[4:7]) == (pair.earlier, pair.later)
    }


def _asked(
    slates: Slates,
    pair: Pair,
    step: Step,
    items: dict[Hashable, Item],
    questions: Questions,
    issues: list[Issue],
) -> Step:
    """Ask whether two KPIs are the same, and return the step as it is to be taken."""
    one, other = items[step.earlier], items[step.later]
    default = REPLACED if step.kind is Kind.REPLACED else SAME
    are_joined = {step.earlier, step.later} <= slates.series_keys.keys()
    if are_joined and slates.series_key(one.key) == slates.series_key(other.key):
        default = SAME
    read = other if pair.card.key == pair.later else one
    cells = {k.code: k.cell for k in pair.card.table[1].kpis} if pair.card.table else {}
    told = {
        "code": read.code,
        "earlier": _named(pair.earlier, one),
        "later": _named(pair.later, other),
    }
    issue = questions.put(
        Issue(
            Severity.ASK,
            pair.card.table[0] if read.code in cells else pair.sheet,
            cells.get(read.code),
            "same-kpi",
            told,
            default,
            (default, SAME if default == REPLACED else REPLACED),
        )
    )
    issues.append(issue)
    if issue.answer is not None:
        slates.confirmed.append((slates.kpi_steps, (*one.key, *other.key)))
    kind = Kind.REPLACED if issue.choice == REPLACED else Kind.RENAMED
    return replace(step, kind=kind)


def _named(card: Key, item: Item) -> str:
    return f"{roc(card[1])} {item.code} {item.name}"


class _Joining:
    """Leads KPIs to one series or to two, with the figures that are theirs."""

    def __init__(self, slates: Slates, in_file: set[Key]) -> None:
        self.slates = slates
        self.in_file = in_file
        self.actuals = slates.actuals
        self._periods: dict[Key, list[Key]] | None = None
        self._by_series: dict[Key, set[Key]] = {}
        for kpi, series in slates.series_keys.items():
            self._by_series.setdefault(series, set()).add(kpi)

    def join(self, one: Key, other: Key) -> None:
        """Make two KPIs one series; what hangs on either is kept."""
        keys = self.slates.series_keys
        ours, theirs = keys.get(one), keys.get(other)
        if ours is None and theirs is None:
            self._lead(one, one)
            self._lead(other, one)
        elif ours is None or theirs is None:
            self._lead(one if ours is None else other, ours or theirs)
        elif ours != theirs:
            self._merge(ours, theirs)
        else:
            return
        self.slates.renamed_series.add(self.slates.series_key(one))

    def _merge(self, kept: Key, gone: Key) -> None:
        """Give all of one series to another, and take the empty one away."""
        slates = self.slates
        if slates.series.get(kept) is None or slates.series.get(gone) is None:
            self._lead_all(gone, kept)
            return
        row = slates.series.rows[kept]
        for member in self._members(gone):
            if member in slates.kpis.rows:
                slates.kpis.change(member, series=row)
            for at in slates.statements.below(member):
                slates.statements.change(at, series=row)
        for at in self._figures(gone):
            there = (*kept, at[-1])
            if there in self.actuals.rows:
                self._settle(there, at)
            else:
                self._move(at, there, row)
        slates.series.remove(gone)
        self._lead_all(gone, kept)

    def part(self, one: Key, other: Key) -> None:
        """Give a KPI, and those after it, a series of their own."""
        slates = self.slates
        shared = slates.series_keys.get(one)
        if shared is None or shared != slates.series_keys.get(other):
            return
        members = self._members(shared)
        going = [key for key in members if key[1] >= other[1]]
        staying = [key for key in members if key not in going]
        name = slates.kpis.rows[other].name if other in slates.kpis.rows else ""
        own = ("parted", *other)
        row = slates.series.put(own, name=name)
        theirs, others = (
            {at[-1] for key in some for at in slates.statements.below(key)}
            for some in (going, staying)
        )
        for key in going:
            if key in slates.kpis.rows:
                slates.kpis.change(key, series=row)
            for at in slates.statements.below(key):
                slates.statements.change(at, series=row)
            self._lead(key, own)
        slates.renamed_series.add(shared)
        for at in self._figures(shared):
            period = at[-1]
            is_theirs = period in theirs or str(period)[:4] >= str(other[1])
            if is_theirs and period not in others:
                self._move(at, (*own, period), row)
            elif period in theirs:
                self.actuals.add((*own, period), _copied(self.actuals.rows[at], row))

    def _members(self, series: Key) -> list[Key]:
        return sorted(self._by_series.get(series, ()), key=lambda kpi: kpi[1])

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
