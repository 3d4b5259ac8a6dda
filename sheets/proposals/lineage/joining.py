"""KPIs of several years as one series: found, asked, joined and parted."""

from collections.abc import Hashable, Iterable
from dataclasses import replace

from bsc.matching import Item, Kind, Step
from bsc.periods import roc
from sheets.forms.readings import Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.lineage.chains import Joining, is_barred
from sheets.proposals.lineage.evidence import weighed_steps
from sheets.proposals.lineage.pairs import Contents, Pair, pairs_of
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

SAME, REPLACED = "same", "replaced"


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
        pair.steps = weighed_steps(pair, earlier, later, given, issues)
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
    joining = Joining(slates, {card.key for card in cards}, issues)
    for pair in pairs:
        pair.steps = [
            step
            for step in pair.steps
            if joining.take(step.earlier, step.later, step.kind, pair.sheet)
        ]
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
    if is_barred(slates, one.key, other.key):
        # Nothing can be chosen: joining tells so.
        return step
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
