"""What became of the things of one year's card in the next year's.

Objectives, KPIs and plans are matched by what they are called and where they
stand. A code is a label: `EC1.1` of one year is another KPI in the next, so no two
KPIs are ever joined by their codes alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bsc.names import comparable


class Kind(StrEnum):
    """What became of a thing in a later card."""

    SAME = "same"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of one card.

    `place` is what it hangs under, in the words of the later card: the earlier
    card's objective by the key of its successor, None where it has none. `section`
    is its perspective. `measure` is the printed one, "%" where only its figures
    say so, "" where nothing does.
    """

    key: Hashable
    code: str
    name: str
    place: Hashable = None
    section: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """From a thing to its successor; `is_doubtful` where a person should confirm."""

    earlier: Hashable
    later: Hashable
    kind: Kind
    is_doubtful: bool = False


class Sort(StrEnum):
    """What sort of quantity a KPI is; two sorts are two measures."""

    SATISFACTION = "satisfaction"
    GROWTH = "growth"
    SHARE = "share"
    NUMBER = "number"
    UNKNOWN = ""


# Names are compared as `comparable` writes them: half width, no spaces.
_SATISFACTION = re.compile("滿意度$|滿意率$|滿意比[率例]$")
_GROWTH = re.compile("(成長|增長|增加|減少|降低|下降)(率|比率|比例|幅度)$")
_SHARE = re.compile("(率|比例|比重|占比|百分比|%)$")
_NUMBER = re.compile("(數|量|人次|場次|件|額|金額)$")
_UNIT_IN_NAME = re.compile(
    r"\((%|‰|人|人次|件|家|處|所|場|場次|次|戶|元|分|區|案)數?\)$"
)
_PERCENT = {"%", "百分比", "百分率"}
# Shared pairs of signs, of those of the shorter name.
ALIKE = 0.3
# So many things of one place are compared with each other, and no more.
MOST_COMPARED = 30


def bare_name(name: str, measure: str = "") -> str:
    """Return a KPI's name for comparison, without a unit in brackets at its end."""
    plain = comparable(name)
    if measure and plain.endswith(printed := f"({comparable(measure)})"):
        return plain.removesuffix(printed)
    return _UNIT_IN_NAME.sub("", plain)


def sort_of(name: str, measure: str = "") -> Sort:
    """Return the sort of quantity; a telling name goes before the printed measure."""
    plain = bare_name(name, measure)
    if _SATISFACTION.search(plain):
        return Sort.SATISFACTION
    if _GROWTH.search(plain):
        return Sort.GROWTH
    if not measure and (unit := _UNIT_IN_NAME.search(comparable(name))):
        measure = unit[1]
    if measure:
        is_share = comparable(measure) in _PERCENT
        return Sort.SHARE if is_share else Sort.NUMBER
    if _SHARE.search(plain):
        return Sort.SHARE
    return Sort.NUMBER if _NUMBER.search(plain) else Sort.UNKNOWN


def likeness(one: str, other: str) -> float:
    """Return the part of the shorter name's pairs of signs that both have: 0 to 1."""
    pairs = [
        {name[at : at + 2] for at in range(len(name) - 1)}
        for name in (comparable(one), comparable(other))
    ]
    shorter = min(len(each) for each in pairs)
    return len(pairs[0] & pairs[1]) / shorter if shorter else 0.0


def objective_steps(earlier: Iterable[Item], later: Iterable[Item]) -> list[Step]:
    """Return what became of objectives or themes: by name first, then by code."""
    pool = _Pool(earlier, later)
    for test in _by_name(lambda item: comparable(item.name)):
        pool.pair(test, kind_of)
    pool.pair(lambda item: item.code or None, lambda one, other: (Kind.RENAMED, False))
    return pool.steps


def kpi_steps(
    earlier: Iterable[Item],
    later: Iterable[Item],
    given: Mapping[tuple[Hashable, Hashable], Kind] | None = None,
) -> list[Step]:
    """Return what became of KPIs.

    Same name and measure is the same KPI wherever it stands. At the same place
    another name with the same measure is the same KPI renamed, and another measure
    under the same code replaces it: both are doubtful. `given` are pairs that a
    person has settled. What is in no step is gone, or new.
    """
    pool = _Pool(earlier, later)
    pool.settle(given or {})

    def named(item: Item) -> str:
        return bare_name(item.name, item.measure)

    for test in _by_name(lambda item: (named(item), *_measure_of(item))):
        pool.pair(test, kind_of)
    for test in _by_name(named):
        pool.pair(
            test,
            lambda one, other: (
                kind_of(one, other)
                if may_be_one_measure(one, other)
                else (Kind.REPLACED, True)
            ),
        )
    renamed = (Kind.RENAMED, True)
    pool.pair(
        lambda item: (item.place, item.code) if item.place is not None else None,
        lambda one, other: renamed if _is_one_measure(one, other) else None,
    )
    pool.pair_alike(renamed)
    pool.pair(
        lambda item: (item.place, item.code) if item.place is not None else None,
        lambda one, other: (Kind.REPLACED, True),
    )
    return pool.steps


def plan_steps(earlier: Iterable[Item], later: Iterable[Item]) -> list[Step]:
    """Return what became of the entries of action plans.

    By name, then by the parts of a name that lists several plans (split, merged),
    then by their place: their KPI's successor and their number under it.
    """
    pool = _Pool(earlier, later)
    for test in _by_name(lambda item: comparable(item.name)):
        pool.pair(test, kind_of)
    pool.part()
    pool.pair(
        lambda item: (
            (item.place, _number_of(item.code)) if item.place is not None else None
        ),
        lambda one, other: (
            Kind.RENAMED if likeness(one.name, other.name) >= ALIKE else Kind.REPLACED,
            False,
        ),
    )
    return pool.steps


Found = tuple[Kind, bool] | None
Test = Callable[[Item], Hashable]


class _Pool:
    """The things of two cards that are not matched yet, and the steps found so far."""

    def __init__(self, earlier: Iterable[Item], later: Iterable[Item]) -> None:
        self.earlier = {item.key: item for item in earlier}
        self.later = {item.key: item for item in later}
        self.steps: list[Step] = []

    def _join(self, one: Item, other: Item, found: tuple[Kind, bool]) -> None:
        del self.earlier[one.key], self.later[other.key]
        self.steps.append(Step(one.key, other.key, *found))

    def settle(self, given: Mapping[tuple[Hashable, Hashable], Kind]) -> None:
        for (one, other), kind in given.items():
            if one in self.earlier and other in self.later:
                self._join(self.earlier[one], self.later[other], (kind, False))

    def pair(self, test: Test, judge: Callable[[Item, Item], Found]) -> None:
        """Join what `test` says the same of, in order; None is like nothing."""
        waiting: dict[Hashable, list[Item]] = defaultdict(list)
        for item in self.earlier.values():
            if (said := test(item)) is not None:
                waiting[said].append(item)
        for queue in waiting.values():
            queue.reverse()
        for item in list(self.later.values()):
            queue = waiting.get(test(item), [])
            if queue and (found := judge(queue[-1], item)):
                self._join(queue.pop(), item, found)

    def pair_alike(self, found: tuple[Kind, bool]) -> None:
        """Join what stands at one place and measures the same, the likest first.

        Where one is left of each they need not be alike; a place with very many
        is left to persons.
        """
        places: dict[Hashable, tuple[list[Item], list[Item]]] = {}
        for side, items in enumerate((self.earlier, self.later)):
            for item in items.values():
                if item.place is not None and _measure_of(item)[0]:
                    place = (item.place, _measure_of(item)[0])
                    places.setdefault(place, ([], []))[side].append(item)
        for ones, others in places.values():
            if not ones or not others or len(ones) + len(others) > MOST_COMPARED:
                continue
            least = 0.0 if len(ones) == len(others) == 1 else ALIKE
            pairs = [
                (-likeness(one.name, other.name), at, to)
                for at, one in enumerate(ones)
                for to, other in enumerate(others)
                if may_be_one_measure(one, other)
            ]
            for unlike, at, to in sorted(pairs):
                is_free = ones[at].key in self.earlier and others[to].key in self.later
                if is_free and -unlike >= least:
                    self._join(ones[at], others[to], found)

    def part(self) -> None:
        """Join a name that lists several plans with each of them, either way."""
        for whole, parts, kind in (
            (self.earlier, self.later, Kind.SPLIT),
            (self.later, self.earlier, Kind.MERGED),
        ):
            named = {comparable(item.name): item for item in parts.values()}
            for item in list(whole.values()):
                said = _listed(item.name)
                found = [named[part] for part in said if part in named]
                if len(said) < 2 or len(found) < len(said):
                    continue
                for one in found:
                    pair = (item, one) if kind is Kind.SPLIT else (one, item)
                    self.steps.append(Step(pair[0].key, pair[1].key, kind))
                    named.pop(comparable(one.name), None)
                    parts.pop(one.key, None)
                del whole[item.key]


def _by_name(name: Test) -> Sequence[Test]:
    """Return tests by name: with the code, with the place, alone."""
    return (
        lambda item: (name(item), item.code),
        lambda item: (name(item), item.place),
        name,
    )


def kind_of(one: Item, other: Item) -> tuple[Kind, bool]:
    """Return what became of a thing that keeps its name."""
    if (one.section, one.place) != (other.section, other.place):
        return Kind.MOVED, False
    return (Kind.SAME if one.code == other.code else Kind.RENUMBERED), False


def _measure_of(item: Item) -> tuple[Sort, str]:
    """Return the sort of quantity, and what a number counts where that is printed."""
    quantity = sort_of(item.name, item.measure)
    counted = comparable(item.measure) if quantity is not Sort.SHARE else ""
    return quantity, counted.removesuffix("數") or counted


def may_be_one_measure(one: Item, other: Item) -> bool:
    """Say whether nothing speaks against one measure; what is unknown does not."""
    return all(
        said == also or not said or not also
        for said, also in zip(_measure_of(one), _measure_of(other), strict=True)
    )


def _is_one_measure(one: Item, other: Item) -> bool:
    """Say whether two measures are one; where either is unknown, names must be alike."""
    if not may_be_one_measure(one, other):
        return False
    is_known = _measure_of(one)[0] and _measure_of(other)[0]
    return bool(is_known) or likeness(one.name, other.name) >= ALIKE


def _number_of(code: str) -> str:
    """Return the last number of a code: the place of a plan under its KPI."""
    return re.split(r"[.\-]", code.rstrip("."))[-1]


def _listed(name: str) -> list[str]:
    """Return the parts of a name that are joined by 、 outside of brackets."""
    parts, depth, start = [], 0, 0
    plain = comparable(name)
    for at, sign in enumerate(plain):
        depth += (sign in "(「《") - (sign in ")」》")
        if sign == "、" and depth == 0:
            parts.append(plain[start:at])
            start = at + 1
    return [*parts, plain[start:]]
