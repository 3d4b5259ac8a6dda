"""Codes of objectives and KPIs that a table leaves out, whole or in part.

Nothing is invented silently: the code that is taken is asked, at the cell.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sheets.cells import Coded, depth_of, has_code, normal, parent_of
from sheets.cells.codes import PERSPECTIVES, SPANNING
from sheets.forms.figures import Report
from sheets.forms.readings import (
    Doubt,
    MapReading,
    ObjectiveReading,
    Severity,
    SheetReading,
)

SKIP = "skip"
# How a code was found that no cell prints: from the codes below it, from a map that
# names the objective, or as the next number.
BY_KPI, BY_MAP, BY_STORED, BY_NUMBER = "kpi", "map", "stored", "number"
_SHOWN = 40

# Codes by the names, as `normal` gives them, of what bears them.
type Codes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Names:
    """Codes of objectives by their names on the maps of a file, and codes that are held.

    `held` are those of a card's objectives and KPIs as they are stored.
    """

    on_maps: Codes = field(default_factory=dict)
    held: Codes = field(default_factory=dict)


@dataclass(slots=True)
class Completing:
    """Gives codes to what stands without one in one table, each name the same code."""

    report: Report
    names: Names = field(default_factory=Names)
    _objectives: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _kpis: dict[tuple[str, str], str] = field(default_factory=dict)

    def objective(
        self,
        name: str,
        kpi: str,
        place: tuple[str, str],
        known: Mapping[str, ObjectiveReading],
        at: str,
    ) -> str:
        """Return the code of an objective that is named in words only.

        It is that of the KPI beside it (`kpi`, "" without one), else that by which a
        map of the file, or what is stored, knows the name, else the next number at its
        `place`: the open perspective, and the group of numbers if one is open ("2-").
        """
        perspective, group = place
        words = normal(name)
        parent = parent_of(kpi) if depth_of(kpi) > 1 else ""
        if parent and (parent not in known or normal(known[parent].name) == words):
            choices, by = [parent], BY_KPI
        elif given := self._objectives.get((*place, words)):
            return given
        elif choices := _free(self.names.on_maps, words, perspective, known):
            by = BY_MAP
        elif choices := _free(self.names.held, words, perspective, known):
            by = BY_STORED
        else:
            stem = group or _stem(perspective, known)
            choices, by = [next_code(stem, known)], BY_NUMBER
        code = choices[0]
        self._objectives[(*place, words)] = code
        if code not in known:
            self._ask(name, choices, by, at)
        return code

    def kpi(
        self, coded: Coded, objective: str, known: Container[str], at: str
    ) -> Coded:
        """Return a KPI with its whole code.

        One that lacks its theme (F1.1) takes that of the objective, one without any
        code that by which its name is stored, else the next free number.
        """
        lacks_theme = coded.code[:1].isalpha() and (
            parent_of(coded.code) == objective[1:]
        )
        if depth_of(coded.code) > 1 and not lacks_theme:
            return coded
        if depth_of(coded.code) > 1:
            whole = replace(coded, code=objective[0] + coded.code)
        elif given := self._kpis.get((objective, normal(coded.text))):
            return Coded(given, coded.text, coded.text)
        else:
            held = self.names.held.get(normal(coded.text), ())
            own = [c for c in held if parent_of(c) == objective and c not in known]
            mark = "-" if "-" in objective else "."
            code = own[0] if own else next_code(f"{objective}{mark}", known)
            whole = Coded(code, coded.text, coded.text)
            self._kpis[objective, normal(coded.text)] = whole.code
        params = {"printed": coded.code or coded.text[:_SHOWN], "code": whole.code}
        self.report(
            Doubt(Severity.ASK, "code-completed", at, params, default=whole.code)
        )
        return whole

    def _ask(self, name: str, choices: list[str], by: str, at: str) -> None:
        self.report(doubt_of_code(name, choices, by, at))


def doubt_of_code(name: str, choices: list[str], by: str, at: str) -> Doubt:
    """Return the question which code an objective has that is named in words."""
    params = {"printed": name[:_SHOWN], "code": choices[0], "by": by}
    offered = (*choices, SKIP)
    return Doubt(Severity.ASK, "objective-code", at, params, choices[0], offered)


def _free(
    codes: Codes, words: str, perspective: str, known: Container[str]
) -> list[str]:
    """Return the codes of objectives of a name, those of the perspective if any are."""
    free = [c for c in codes.get(words, ()) if c not in known and depth_of(c) == 1]
    return [code for code in free if code[1:2] == perspective] or free


def names_on_maps(sheets: Iterable[SheetReading]) -> Codes:
    """Return the codes of objectives by their names on the maps of a file."""
    maps = (s.reading for s in sheets if isinstance(s.reading, MapReading))
    return codes_by_name((o.name, o.code) for shown in maps for o in shown.objectives)


def codes_by_name(named: Iterable[tuple[str, str]]) -> Codes:
    """Return the codes of names, each once and in order; `named` are names and codes."""
    found: dict[str, tuple[str, ...]] = {}
    for name, code in named:
        words = normal(name)
        found[words] = tuple(dict.fromkeys((*found.get(words, ()), code)))
    return found


def lacks_codes(sheet: SheetReading) -> bool:
    """Say whether a table names objectives or KPIs by words that no code tells apart."""
    return any(
        (doubt.code == "objective-code" and doubt.params["by"] != BY_KPI)
        or (doubt.code == "code-completed" and not has_code(doubt.params["printed"]))
        for doubt in sheet.doubts
    )


def _stem(perspective: str, known: Iterable[str]) -> str:
    """Return how codes of a perspective begin: TC, or EC in a card of one theme."""
    if perspective not in PERSPECTIVES or not perspective:
        return "1-"
    letters = {code[0] for code in known if code[1:2] in PERSPECTIVES}
    return (letters.pop() if len(letters) == 1 else SPANNING) + perspective


def next_code(stem: str, known: Container[str]) -> str:
    """Return the next free code that begins with `stem`."""
    number = 1
    while f"{stem}{number}" in known:
        number += 1
    return f"{stem}{number}"
