"""One card spread over several sheets: what each adds, put together as one reading.

The addresses of a further sheet bear its name (`工作表2!B4`), as the reading they are
put into is another sheet's; `placed` takes them apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sheets.cells import normal
from sheets.forms.joining import difference_of, joined, other_owners
from sheets.forms.readings import (
    Claim,
    Doubt,
    FactorReading,
    KpiReading,
    MapReading,
    Money,
    ObjectiveReading,
    PerspectiveReading,
    Reading,
    ResultsReading,
    RowReading,
    ScorecardReading,
    Severity,
    ThemeReading,
)
from sheets.forms.results import content_of
from sheets.forms.texts.layouts import moved

_OF_SHEET = "!"
_SPANNING = "T"
# So many things that both print differently are no slip of the pen.
_VERSION = 3


def placed(sheet: str | None, cell: str | None) -> tuple[str | None, str | None]:
    """Return sheet and cell of an address that may bear the name of its sheet."""
    if cell is None or _OF_SHEET not in cell:
        return sheet, cell
    name, _, address = cell.rpartition(_OF_SHEET)
    return name, address


@dataclass(frozen=True, slots=True)
class Spread:
    """Two sheets of one card as one reading, and the doubts at cells of the second."""

    reading: Reading
    doubts: tuple[Doubt, ...]


def spread_over(first: Reading, second: Reading, sheet: str) -> Spread | None:
    """Return both sheets of one card together; `sheet` names the second.

    None where the second adds nothing, or where most of what both print differs: then
    it is no further part, but the same sheet again or another version of it.
    """

    def home(cell: str) -> str:
        return f"{sheet}{_OF_SHEET}{cell}" if cell and _OF_SHEET not in cell else cell

    other = moved(second, home, with_rows=True)
    both = _Both()
    match first, other:
        case ScorecardReading(), ScorecardReading():
            found: Reading | None = both.scorecards(first, other)
        case MapReading(), MapReading():
            found = both.maps(first, other)
        case ResultsReading(), ResultsReading():
            found = both.results(first, other)
        case _:
            return None
    is_version = both.conflicts >= _VERSION and both.conflicts * 2 > both.shared
    if found is None or not both.adds or is_version:
        return None
    return Spread(found, tuple(both.doubts))


@dataclass(slots=True)
class _Both:
    """Puts two readings together, counting what both print and what differs."""

    doubts: list[Doubt] = field(default_factory=list)
    shared: int = 0
    conflicts: int = 0
    adds: bool = False

    # Scorecards

    def scorecards(
        self, first: ScorecardReading, second: ScorecardReading
    ) -> ScorecardReading:
        objectives = self._objectives(first.objectives, second.objectives)
        factors, places = _factors(first.factors, second.factors)
        kpis = {kpi.code: kpi for kpi in first.kpis}
        for kpi in second.kpis:
            if kpi.factor is not None:
                kpi = replace(kpi, factor=places[kpi.factor])
            known = kpis.get(kpi.code)
            kpis[kpi.code] = self._kpi(known, kpi) if known else kpi
            self.adds |= kpis[kpi.code] != known
        rows, is_whole = self._rows(first.rows, second.rows)
        sums = [
            replace(
                held,
                first=held.first + len(first.rows),
                last=held.last + len(first.rows),
            )
            for held in (second.sums if is_whole else ())
        ]
        return replace(
            first,
            unit_text=first.unit_text or second.unit_text,
            perspectives=_by_code(first.perspectives, second.perspectives),
            themes=_by_code(first.themes, second.themes),
            objectives=objectives,
            factors=factors,
            kpis=tuple(kpis.values()),
            rows=rows,
            sums=(*first.sums, *sums),
            claims=(*_of_part(first), *_of_part(second)),
        )

    def _objectives(
        self, first: Iterable[ObjectiveReading], second: Iterable[ObjectiveReading]
    ) -> tuple[ObjectiveReading, ...]:
        found = {objective.code: objective for objective in first}
        for objective in second:
            known = found.setdefault(objective.code, objective)
            if known is objective:
                self.adds = True
            elif normal(known.name) != normal(objective.name):
                params = {"code": known.code, "first": known.name}
                params["second"] = objective.name
                self._tell(Severity.WARN, "name-varies", objective.cell, params)
            else:
                found[known.code] = replace(
                    known,
                    theme=known.theme or objective.theme,
                    perspective=known.perspective or objective.perspective,
                )
        return tuple(found.values())

    def _kpi(self, known: KpiReading, again: KpiReading) -> KpiReading:
        self.shared += 1
        difference = difference_of(known, again)
        if known.objective != again.objective:
            difference = (known.objective, again.objective)
        if difference:
            self._conflict(known.code, known.cell, difference, again.cell)
            return known
        if other_owners(known, again):
            params = {"code": known.code, "first": "、".join(known.owners)}
            params["second"] = "、".join(again.owners)
            self._tell(Severity.WARN, "owners-vary", again.owners_cell, params)
        return joined(known, again)

    def _rows(
        self, first: tuple[RowReading, ...], second: tuple[RowReading, ...]
    ) -> tuple[tuple[RowReading, ...], bool]:
        """Return the rows of both, and whether all of the second's are at the end."""
        found = list(first)
        is_whole = True
        for row in second:
            same = [
                n
                for n, known in enumerate(first)
                if known.kpi == row.kpi
                and (_plans(known) == _plans(row) or _is_blank(row))
            ]
            blank = [
                n
                for n, known in enumerate(found)
                if known.kpi == row.kpi and _is_blank(known)
            ]
            if same:
                is_whole = False
                found[same[0]] = self._row(found[same[0]], row)
            elif blank:
                is_whole = False
                found[blank[0]] = row
            else:
                found.append(row)
        self.adds |= found != list(first)
        return tuple(found), is_whole

    def _row(self, known: RowReading, again: RowReading) -> RowReading:
        budgets = {(money.year, money.stage): money for money in known.budgets}
        for money in again.budgets:
            held = budgets.setdefault((money.year, money.stage), money)
            if held.kind == "blank":
                budgets[money.year, money.stage] = money
            elif money.kind != "blank" and _amount(held) != _amount(money):
                difference = (held.text, money.text)
                self._conflict(known.kpi, held.cell, difference, money.cell)
        owners = known if known.owners else again
        return replace(
            known,
            budgets=tuple(budgets.values()),
            owners=owners.owners,
            owner_texts=owners.owner_texts,
            owners_cell=owners.owners_cell,
        )

    # Maps

    def maps(self, first: MapReading, second: MapReading) -> MapReading | None:
        texts = ("mission", "vision", "core_values_text", "parent_text")
        pairs = [(getattr(first, name), getattr(second, name)) for name in texts]
        if any(one and two and normal(one) != normal(two) for one, two in pairs):
            return None
        themes = _by_code(first.themes, second.themes)
        found = {objective.code: objective for objective in first.objectives}
        for objective in second.objectives:
            known = found.setdefault(objective.code, objective)
            if known is objective:
                self.adds = True
                continue
            self.shared += 1
            if normal(known.name) != normal(objective.name):
                difference = (known.name, objective.name)
                self._conflict(known.code, known.cell, difference, objective.cell)
        letters = [theme.code for theme in themes] or [""]
        spans = {"first_theme": letters[0], "last_theme": letters[-1]}
        members = {(m.theme, normal(m.name)): m for m in first.members}
        for member in second.members:
            members.setdefault((member.theme, normal(member.name)), member)
        return replace(
            first,
            unit_text=first.unit_text or second.unit_text,
            core_values=first.core_values or second.core_values,
            **{
                name: pair[0] or pair[1]
                for name, pair in zip(texts, pairs, strict=True)
            },
            themes=themes,
            members=tuple(members.values()),
            perspectives=_by_code(first.perspectives, second.perspectives),
            objectives=tuple(
                replace(o, **spans) if o.code[0] == _SPANNING else o
                for o in found.values()
            ),
            claims=(*first.claims, *second.claims),
        )

    # Results

    def results(self, first: ResultsReading, second: ResultsReading) -> ResultsReading:
        found = {result.code or normal(result.name): result for result in first.results}
        for result in second.results:
            known = found.setdefault(result.code or normal(result.name), result)
            if known is result:
                self.adds = True
                continue
            self.shared += 1
            if content_of(known) != content_of(result):
                texts = [" ".join(one.texts.values())[:60] for one in (known, result)]
                self._conflict(
                    known.code or known.name,
                    known.cell,
                    (texts[0], texts[1]),
                    result.cell,
                )
        return replace(
            first,
            unit_text=first.unit_text or second.unit_text,
            results=tuple(found.values()),
        )

    # Doubts

    def _conflict(
        self, code: str, cell: str, difference: tuple[str, str], at: str
    ) -> None:
        self.conflicts += 1
        params = {"code": code, "first": f"{cell} {difference[0]}"}
        params["second"] = difference[1]
        self._tell(Severity.ERROR, "duplicate-code", at, params)

    def _tell(
        self, severity: Severity, code: str, at: str, params: dict[str, str]
    ) -> None:
        self.doubts.append(Doubt(severity, code, placed(None, at)[1], params))


def _factors(
    first: tuple[FactorReading, ...], second: tuple[FactorReading, ...]
) -> tuple[tuple[FactorReading, ...], list[int]]:
    """Return the factors of both, and where each of the second's stands now."""
    found = list(first)
    known = {(f.objective, normal(f.text)): place for place, f in enumerate(first)}
    places = []
    for factor in second:
        key = (factor.objective, normal(factor.text))
        if key not in known:
            known[key] = len(found)
            found.append(factor)
        places.append(known[key])
    return tuple(found), places


def _by_code[Thing: (PerspectiveReading, ThemeReading)](
    first: tuple[Thing, ...], second: tuple[Thing, ...]
) -> tuple[Thing, ...]:
    found = {thing.code: thing for thing in first}
    for thing in second:
        found.setdefault(thing.code, thing)
    return tuple(found.values())


def _of_part(reading: ScorecardReading) -> Iterable[Claim]:
    """Return what a sheet counts, as of its perspective where it has only one."""
    counted = Counter(kpi.perspective for kpi in reading.kpis)
    if len(counted) != 1:
        return reading.claims
    (perspective,) = counted
    return tuple(
        replace(claim, perspective=claim.perspective or perspective)
        for claim in reading.claims
    )


def _plans(row: RowReading) -> list[tuple[str, str]]:
    return [(plan.code, normal(plan.name)) for plan in row.plans]


def _is_blank(row: RowReading) -> bool:
    is_free = all(money.kind == "blank" for money in row.budgets)
    return is_free and not row.plans


def _amount(money: Money) -> tuple[str, object]:
    return money.kind, money.amount
