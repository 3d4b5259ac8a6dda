"""KPIs of other units' cards, in other years, that are called and measured alike.

The bureau's 家庭暴力高危機案件解列後再列管率 of 107 is the group's of 109. Nobody joins
them but a person: they are asked about, and stay apart without an answer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from django.db.models import Q

from bsc.matching import Item, Kind, bare_name, may_be_one_measure
from bsc.names import comparable
from bsc.periods import roc
from kpi.models import Kpi
from sheets.forms.readings import KpiReading, Severity
from sheets.proposals.cards import CardSheets
from sheets.proposals.issues import Issue
from sheets.proposals.lineage.chains import Joining
from sheets.proposals.questions import Questions
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

APART, SAME = "apart", "same"
# A name that so many KPIs bear tells nothing of any.
MOST_ALIKE = 2_000
# What one office writes behind a name and another does not: how long it counts.
_SPAN = re.compile(r"\((?:年度|全年|當年|累計)\)$")


def kpis_elsewhere(cards: Iterable[CardSheets]) -> list[int]:
    """Return the keys of KPIs of other lines of cards that bear a name of the file's.

    A line are the cards of one unit and plan. One query; of the KPIs that bear another
    name only names are looked at, one after the other.
    """
    cards = [card for card in cards if card.table]
    names = {_called(kpi) for card in cards for kpi in card.table[1].kpis} - {""}
    if not names:
        return []
    own = Q(pk__in=[])
    for card in cards:
        own |= Q(scorecard__unit=card.unit, scorecard__plan=card.plan)
    others = Kpi.objects.exclude(own).filter(
        is_withdrawn=False,
        scorecard__unit__is_simulated__in={card.unit.is_simulated for card in cards},
    )
    alike = (
        kpi.pk
        for kpi in others.order_by().only("name", "measure").iterator()
        if _called(kpi) in names
    )
    return list(islice(alike, MOST_ALIKE))


def _called(kpi: Kpi | KpiReading) -> str:
    """Return the name for comparison, without a unit or a span of time behind it."""
    return bare_name(_SPAN.sub("", comparable(kpi.name)), kpi.measure)


def join_elsewhere(
    slates: Slates,
    cards: Iterable[CardSheets],
    elsewhere: Iterable[int],
    questions: Questions,
    issues: list[Issue],
) -> list[tuple[Key, Key]]:
    """Ask of each KPI of the file whether it goes on from, or to, one of another unit.

    Asked is where only one other line has that name, not in the same year, and neither
    goes on in a line of its own. Returns the steps that were answered: ends by key.
    No query.
    """
    cards = list(cards)
    by_name: dict[str, list[Kpi]] = defaultdict(list)
    wanted = {*elsewhere}
    for kpi in slates.kpis.rows.values() if wanted else ():
        if kpi.pk in wanted:
            by_name[_called(kpi)].append(kpi)
    if not by_name:
        return []
    joining = Joining(slates, {card.key for card in cards}, issues)
    steps = []
    for card in cards:
        for read in card.table[1].kpis if card.table else ():
            key = (*card.key, read.code)
            other = _only_one(card, read, by_name.get(_called(read), ()))
            if other is None:
                continue
            ends = sorted((key, _key_of(other)), key=lambda end: end[1])
            if not _is_free(slates, *ends):
                continue
            sheet = card.table[0]
            issue = questions.put(_question(sheet, card, read, other))
            issues.append(issue)
            if issue.choice == SAME and joining.take(
                _key_of(other), key, Kind.SAME, sheet
            ):
                steps.append((ends[0], ends[1]))
    return steps


def put_elsewhere(slates: Slates, steps: Iterable[tuple[Key, Key]]) -> None:
    """Put the steps that were answered, once the file's own KPIs stand."""
    kpis = slates.kpis.rows
    for one, other in steps:
        if one in kpis and other in kpis:
            key = (*one, *other)
            slates.kpi_steps.put(
                key, earlier=kpis[one], later=kpis[other], kind=Kind.MOVED.value
            )
            slates.confirmed.append((slates.kpi_steps, key))


def _only_one(card: CardSheets, read: KpiReading, alike: Iterable[Kpi]) -> Kpi | None:
    """Return the nearest of the KPIs that are alike, where one line has them all."""
    own = Item(read.code, read.code, read.name, measure=read.measure)
    others = [
        kpi
        for kpi in alike
        if may_be_one_measure(
            own, Item(kpi.code, kpi.code, kpi.name, measure=kpi.measure)
        )
    ]
    lines = {(kpi.scorecard.unit_id, kpi.scorecard.plan) for kpi in others}
    years = {kpi.scorecard.year: kpi for kpi in others}
    if len(lines) != 1 or len(years) != len(others) or card.year in years:
        return None
    before = [year for year in years if year < card.year]
    return years[max(before) if before else min(years)]


def _is_free(slates: Slates, one: Key, other: Key) -> bool:
    """Say whether neither KPI goes on to, or from, another one at this end."""
    if slates.series_key(one) == slates.series_key(other):
        return False
    after = any(key[1] > one[1] for key in slates.same_series(one))
    before = any(key[1] < other[1] for key in slates.same_series(other))
    return not after and not before


def _key_of(kpi: Kpi) -> Key:
    card = kpi.scorecard
    return (card.unit_id, card.year, card.plan, kpi.code)


def _question(sheet: str, card: CardSheets, read: KpiReading, other: Kpi) -> Issue:
    years = (card.year, other.scorecard.year)
    ours = f"{roc(card.year)} {card.unit.name} {read.code} {read.name}"
    there = other.scorecard
    theirs = f"{roc(there.year)} {there.unit.name} {other.code} {other.name}"
    earlier, later = (ours, theirs) if years[0] < years[1] else (theirs, ours)
    told = {"code": read.code, "earlier": earlier, "later": later}
    return Issue(
        Severity.ASK,
        sheet,
        read.cell,
        "same-kpi-elsewhere",
        told,
        APART,
        (APART, SAME),
    )
