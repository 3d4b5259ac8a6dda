"""Before and after: what is told of two years' cards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bsc.matching import Item, Kind, Sort, Step, sort_of
from bsc.names import comparable
from bsc.periods import roc
from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue, listed
from sheets.proposals.lineage.pairs import Pair
from sheets.proposals.slates import Key
from sheets.proposals.slating import Slates

NEW, GONE = "new", "gone"
# In this order; what is the same is only counted.
CHANGES = (
    Kind.MOVED.value,
    Kind.RENUMBERED.value,
    Kind.RENAMED.value,
    Kind.SPLIT.value,
    Kind.MERGED.value,
    Kind.REPLACED.value,
    GONE,
    NEW,
)
WITH_NAMES = (Kind.RENAMED, Kind.REPLACED)


@dataclass(slots=True)
class Compared:
    """The things of one sort in two cards, and the steps between them."""

    earlier: list[Item]
    later: list[Item]
    steps: list[Step]


def notes_of(
    slates: Slates, pair: Pair, compared: dict[str, Compared]
) -> Iterator[Issue]:
    """Yield counts before and after, what changed by its kind, and what to look at."""
    years = {"earlier": str(roc(pair.earlier[1])), "later": str(roc(pair.later[1]))}
    sections = _sections(slates, pair)
    for noun, found in compared.items():
        if not found.earlier or not found.later or noun == "themes":
            continue
        told = {
            "noun": noun,
            **years,
            "before": str(len(found.earlier)),
            "after": str(len(found.later)),
            "sections": _by_section(found, sections),
        }
        yield Issue(Severity.NOTE, pair.sheet, None, "compared-with-year", told)
        yield from _changes(pair, noun, years, _changed(found))
    yield from _changes(pair, "ksfs", years, _factors_renamed(slates, compared))
    yield from _factors_left_behind(slates, pair, compared["objectives"])
    yield from _plans_like_kpis(pair, compared["action_plans"])


def _sections(slates: Slates, pair: Pair) -> dict[str, str]:
    """Return the names of the perspectives by code, in the later card's order."""
    rows = [
        row
        for card in (pair.later, pair.earlier)
        for key, row in slates.perspectives.rows.items()
        if key[:3] == card
    ]
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.position):
        names.setdefault(row.code, row.name)
    return names


def _by_section(found: Compared, sections: dict[str, str]) -> str:
    """Return "顧客 7 → 6、財務 1" of what stands in a perspective; "" for none."""
    before = Counter(item.section for item in found.earlier if item.section)
    after = Counter(item.section for item in found.later if item.section)
    said = []
    for code, name in sections.items():
        one, other = before[code], after[code]
        if one or other:
            said.append(f"{name} {one}" if one == other else f"{name} {one} → {other}")
    return "、".join(said)


def _changed(found: Compared) -> dict[str, list[str]]:
    """Return what is told of each change: codes, and names where they are others."""
    earlier = {item.key: item for item in found.earlier}
    later = {item.key: item for item in found.later}
    told: dict[str, list[str]] = {}
    order = {key: place for place, key in enumerate(earlier)}
    for step in sorted(found.steps, key=lambda step: order[step.earlier]):
        one, other = earlier[step.earlier], later[step.later]
        if step.kind in WITH_NAMES:
            words = f"{one.code} {one.name} → {other.code} {other.name}"
        else:
            words = f"{_label(one)} → {_label(other)}"
        told.setdefault(step.kind.value, []).append(words)
    went = {step.earlier for step in found.steps}
    came = {step.later for step in found.steps}
    told[GONE] = [_label(item) for item in found.earlier if item.key not in went]
    told[NEW] = [_label(item) for item in found.later if item.key not in came]
    return told


def _label(item: Item) -> str:
    return item.code or item.name


def _changes(
    pair: Pair, noun: str, years: dict[str, str], told: dict[str, list[str]]
) -> Iterator[Issue]:
    for change in CHANGES:
        if not (words := told.get(change)):
            continue
        params = {
            "noun": noun,
            "change": change,
            **years,
            "count": str(len(words)),
            "names": listed(words),
        }
        yield Issue(Severity.NOTE, pair.sheet, None, "changed-since-year", params)


def _factors(slates: Slates) -> dict[Key, list]:
    """Return the success factors by their objective's key, in order."""
    found: dict[Key, list] = {}
    for key, row in slates.factors.rows.items():
        found.setdefault(key[:-1], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.position)
    return found


def _factors_renamed(
    slates: Slates, compared: dict[str, Compared]
) -> dict[str, list[str]]:
    """Return the factors that read otherwise, where each objective has one."""
    factors = _factors(slates)
    told = []
    for step in compared["objectives"].steps:
        one, other = (factors.get(key, ()) for key in (step.earlier, step.later))
        if len(one) == len(other) == 1:
            before, after = one[0].name, other[0].name
            if comparable(before) != comparable(after):
                told.append(f"{step.later[-1]} {before} → {after}")
    return {Kind.RENAMED.value: told}


def _factors_left_behind(
    slates: Slates, pair: Pair, objectives: Compared
) -> Iterator[Issue]:
    """Warn of an objective that has another name above the factors it had."""
    if not (pair.card.key == pair.later and pair.card.table):
        return
    factors = _factors(slates)
    sheet, reading = pair.card.table
    cells = {factor.objective: factor.cell for factor in reading.factors}
    names = {item.key: item.name for item in (*objectives.earlier, *objectives.later)}
    for step in objectives.steps:
        one, other = (
            [comparable(row.name) for row in factors.get(key, ())]
            for key in (step.earlier, step.later)
        )
        code = step.later[-1]
        if step.kind is Kind.RENAMED and one and one == other and code in cells:
            told = {
                "code": str(code),
                "before": names[step.earlier],
                "after": names[step.later],
                "factor": factors[step.later][0].name,
            }
            yield Issue(Severity.WARN, sheet, cells[code], "ksf-not-updated", told)


def _plans_like_kpis(pair: Pair, plans: Compared) -> Iterator[Issue]:
    """Warn of a plan that was renamed and now reads like something to measure."""
    if not (pair.card.key == pair.later and pair.card.table):
        return
    sheet, reading = pair.card.table
    cells = {plan.code: plan.cell for row in reading.rows for plan in row.plans}
    items = {item.key: item for item in (*plans.earlier, *plans.later)}
    for step in plans.steps:
        one, other = items[step.earlier], items[step.later]
        if step.kind is Kind.RENAMED and _is_like_a_kpi(one, other):
            told = {"code": other.code, "before": one.name, "after": other.name}
            cell = cells.get(other.code)
            yield Issue(Severity.WARN, sheet, cell, "plan-like-kpi", told)


def _is_like_a_kpi(one: Item, other: Item) -> bool:
    telling = (Sort.SATISFACTION, Sort.GROWTH, Sort.SHARE)
    return sort_of(other.name) in telling and sort_of(one.name) not in telling
