"""A table of revisions, held against the two cards it speaks of."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from bsc.matching import Kind
from bsc.names import comparable
from bsc.periods import roc
from sheets.cells import depth_of, quantity_of
from sheets.forms.readings import Severity
from sheets.forms.revised import RevisionReading
from sheets.proposals.cards import CardSheets
from sheets.proposals.checks.tallies import Tally
from sheets.proposals.issues import Issue
from sheets.proposals.letters import Letters
from sheets.proposals.lineage.evidence import printed_moves
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

DIFFERS, COUNT_DIFFERS = "revision-differs", "revision-count-differs"
# What stands where a thing has no code: it is gone, or new.
NONE = "—"
_NOUNS = {2: "kpis", 3: "plans"}


def check_revision(
    tally: Tally, card: CardSheets, slates: Slates, reading: RevisionReading
) -> None:
    """Compare counts, codes, names and targets with the card and the one before it.

    What cannot be compared, for want of a card, is noted.
    """
    before = card_before(slates, card.key)
    sides = {True: card.key if card.key in slates.scorecards.rows else None}
    sides[False] = before
    for key, year in ((sides[True], card.year), (before, card.year - 1)):
        if key is None:
            told = {"year": str(roc(year))}
            note = Issue(
                Severity.NOTE, tally.sheet, None, "revision-without-card", told
            )
            tally.issues.append(note)
    things = {side: _Things(slates, key) for side, key in sides.items() if key}
    _check_counts(tally, reading, things)
    _check_names(tally, reading, things)
    _check_targets(tally, reading, things, slates, card.year)
    if len(things) == len(sides):
        _check_moves(tally, reading, things)


def card_before(slates: Slates, key: Key) -> Key | None:
    """Return the key of the nearest earlier card of the same unit and plan."""
    unit, year, plan = key
    years = [k[1] for k in slates.scorecards.rows if (k[0], k[2]) == (unit, plan)]
    last = max((other for other in years if other < year), default=None)
    return (unit, last, plan) if last else None


class _Things:
    """What stands on one card: counts by noun and perspective, names, and successors."""

    def __init__(self, slates: Slates, card: Key) -> None:
        self.card = card
        self.year = str(roc(card[1]))
        letters = Letters(slates)
        self.names: dict[str, dict[str, str]] = {"kpis": {}, "plans": {}}
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        for key, row in slates.objectives.rows.items():
            if key[:3] == card:
                self._count("objectives", letters.of_objective(row))
        for key in slates.factors.rows:
            if key[:3] == card:
                objective = slates.objectives.rows[key[:-1]]
                self._count("ksfs", letters.of_objective(objective))
        for key, row in slates.kpis.rows.items():
            if key[:3] == card and not row.is_withdrawn:
                self.names["kpis"][row.code] = row.name
                self._count("kpis", letters.of_kpi(row))
        told = set()
        for key, link in slates.links.rows.items():
            kpi = slates.kpis.get(key[:4])
            if key[:3] != card or kpi is None or kpi.is_withdrawn:
                continue
            # A printed row of two KPIs is two rows here, and is counted once.
            entry = (slates.rows.rows[key[:-1]].printed_row, key[-1], link.code)
            if entry not in told:
                told.add(entry)
                self._count("plans", letters.of_kpi(kpi))
            if link.code:
                self.names["plans"].setdefault(link.code, link.plan.name)
        self.steps = _steps_from(slates, card)

    def _count(self, noun: str, letter: str) -> None:
        self.counts[noun][letter] += 1
        if letter:
            self.counts[noun][""] += 1


def _steps_from(slates: Slates, card: Key) -> dict[str, dict[str, list[str]]]:
    """Return by noun and code the codes that things of a card bear afterwards."""
    found: dict[str, dict[str, list[str]]] = {
        "kpis": defaultdict(list),
        "plans": defaultdict(list),
    }
    for key, row in slates.kpi_steps.rows.items():
        if key[:3] == card and row.kind != Kind.REPLACED:
            found["kpis"][key[3]].append(key[-1])
    links = slates.links.rows
    for key, row in slates.plan_steps.rows.items():
        half = len(key) // 2
        one, other = links.get(key[:half]), links.get(key[half:])
        if key[:3] == card and one and other and row.kind != Kind.REPLACED:
            found["plans"][one.code].append(other.code)
    return found


def _check_counts(
    tally: Tally, reading: RevisionReading, things: Mapping[bool, _Things]
) -> None:
    before: dict[tuple[str, str], int] = {}
    for count in reading.counts:
        place = (count.noun, count.perspective)
        if not count.is_after:
            before[place] = count.count
        elif count.delta is not None and place in before:
            delta = count.count - before[place]
            texts = (count.text, f"{count.count}({delta:+d})")
            at = count.cell
            tally.compare(DIFFERS, at, count.delta, delta, texts, label=count.label)
        shown = things.get(count.is_after)
        if shown is None or count.noun not in shown.counts:
            continue
        tally.compare(
            COUNT_DIFFERS,
            count.cell,
            count.count,
            shown.counts[count.noun][count.perspective],
            label=count.label,
            noun=count.noun,
            year=shown.year,
        )


def _check_names(
    tally: Tally, reading: RevisionReading, things: Mapping[bool, _Things]
) -> None:
    """Compare names with those that the cards have; what has no such code, too."""
    for item in reading.items:
        for is_after, code, name, text, cell in (
            (False, item.before, item.before_name, item.before_text, item.before_cell),
            (True, item.after, item.after_name, item.after_text, item.after_cell),
        ):
            shown = things.get(is_after)
            if not code or not name or shown is None or item.noun not in shown.names:
                continue
            held = shown.names[item.noun].get(code)
            found = f"{code} {held}" if held is not None else NONE
            tally.compare(
                DIFFERS,
                cell,
                comparable(name),
                comparable(held or ""),
                (text, found),
                label=shown.year,
            )


def _check_moves(
    tally: Tally, reading: RevisionReading, things: Mapping[bool, _Things]
) -> None:
    """Compare what is printed to go on, to go or to come with the lineage."""
    steps = things[False].steps
    for before, after, text, cell in printed_moves(reading):
        noun = _NOUNS.get(depth_of(before), "")
        if noun and before in things[False].names[noun]:
            after_codes = steps[noun].get(before, [])
            found = after if after in after_codes else ", ".join(after_codes)
            shown = (text, f"{before} → {found or NONE}")
            tally.compare(DIFFERS, cell, after, found, shown, label=before)
    came = {
        noun: {to: code for code, codes in of_noun.items() for to in codes}
        for noun, of_noun in steps.items()
    }
    for item in reading.items:
        if item.noun not in steps or (item.before and item.after):
            continue
        text = f"{item.before_text or NONE} → {item.after_text or NONE}"
        code = item.before or item.after
        if item.before:
            found = ", ".join(steps[item.noun].get(code, []))
            shown = (text, f"{code} → {found or NONE}")
        else:
            found = came[item.noun].get(code, "")
            shown = (text, f"{found or NONE} → {code}")
        tally.compare(DIFFERS, item.cell, "", found, shown, label=code)


def _check_targets(
    tally: Tally,
    reading: RevisionReading,
    things: Mapping[bool, _Things],
    slates: Slates,
    year: int,
) -> None:
    """Compare targets of the card's year, as its card and the one before have them."""
    for target in reading.targets:
        shown = things.get(target.is_after)
        if shown is None:
            continue
        held = slates.targets.get((*shown.card, target.code, year))
        if held is None and not target.is_after:
            # The earlier card may have no target for this year.
            continue
        printed = quantity_of(target.text)
        value = printed.value if printed.value is not None else comparable(target.text)
        found = NONE
        stored: object = None
        if held is not None:
            found = held.printed or held.text
            stored = held.value if held.value is not None else comparable(held.text)
        texts = (target.text, found)
        label = f"{shown.year} {target.code}"
        tally.compare(DIFFERS, target.cell, value, stored, texts, label=label)
