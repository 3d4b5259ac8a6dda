"""The units that a file names: known ones, and those a person has answered."""

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from bsc.models import Unit, UnitName
from bsc.services import UnitDirectory, plain_name
from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue
from sheets.proposals.questions import ALIAS, NEW_SECTION, Questions

CANDIDATES = 5
LIKENESS = 0.3
# Beyond so many unknown names nobody looks for what each might be.
COMPARED_NAMES = 60
LONGEST_ALIAS = UnitName._meta.get_field("name").max_length
LONGEST_CODE = Unit._meta.get_field("code").max_length


@dataclass(slots=True)
class Units:
    """Finds the unit a cell names, and asks where nobody knows it.

    An answer holds for all spellings of a name. `sections` and `aliases` are what answers
    add: new ones below the card's unit, and further names of units. Both are by the key
    of a unit, the one above or the one meant, and the name as it is compared.
    """

    directory: UnitDirectory
    questions: Questions
    sections: dict[tuple[int, str], Unit] = field(default_factory=dict)
    aliases: dict[tuple[int, str], tuple[Unit, str]] = field(default_factory=dict)
    _alike: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str, near: Unit) -> Unit | None:
        return self.directory.find(name, near=near)

    def ask(
        self, name: str, sheet: str, cell: str, near: Unit | None
    ) -> tuple[Issue, Unit | None]:
        """Return the issue of a name nobody knows, and the unit that was answered.

        Unanswered it is an error. A sheet whose title names nobody (`near` is None) is
        of no card, so that no section can be made for it.
        """
        params: dict[str, str | int] = {"name": name}
        choices = self._candidates(name, near)
        # What each choice means is told in words later, without another query.
        params |= {choice: self._name_of(choice) for choice in choices}
        if near is not None:
            choices = (*choices, NEW_SECTION)
            params |= {"parent": near.code, "parent_name": near.name}
        issue = self.questions.put(
            Issue(Severity.ERROR, sheet, cell, "unknown-unit", params, choices=choices)
        )
        unit = self._answered(issue, name, near)
        if unit is None:
            return replace(issue, answer=None), None
        if issue.answer and issue.answer not in choices:
            params[issue.answer] = unit.name
        return replace(issue, severity=Severity.ASK, params=params), unit

    def _name_of(self, choice: str) -> str:
        unit = self.directory.by_code.get(choice.removeprefix(ALIAS))
        return unit.name if unit else ""

    def _answered(self, issue: Issue, name: str, near: Unit | None) -> Unit | None:
        answer = issue.answer or ""
        if answer == NEW_SECTION and near is not None:
            return self._section(name, near)
        if not answer.startswith(ALIAS):
            return None
        unit = self.directory.by_code.get(answer.removeprefix(ALIAS))
        if unit is not None and len(name) <= LONGEST_ALIAS:
            self.aliases.setdefault((unit.pk, plain_name(name)), (unit, name))
        return unit

    def _section(self, name: str, near: Unit) -> Unit:
        """Return the new section of that name below `near`, the same for each cell."""
        key = (near.pk, plain_name(name))
        if key not in self.sections:
            number = 1
            taken = {unit.code for unit in self.sections.values()}
            taken |= self.directory.by_code.keys()
            while (code := _section_code(near.code, number)) in taken:
                number += 1
            self.sections[key] = Unit(code=code, name=name, kind=Unit.Kind.SECTION)
        return self.sections[key]

    def _candidates(self, name: str, near: Unit | None) -> tuple[str, ...]:
        """Return aliases of the units whose names are most like `name`, the best first.

        Units below the card's come before others that are as like.
        """
        key = (near.pk if near else 0, plain_name(name))
        if key not in self._alike:
            found: list[tuple[float, bool, str]] = []
            if len(self._alike) < COMPARED_NAMES:
                found = self._compared(key[1], near)
            self._alike[key] = tuple(f"{ALIAS}{code}" for *_, code in found)
        return self._alike[key]

    def _compared(self, name: str, near: Unit | None) -> list[tuple[float, bool, str]]:
        matcher = SequenceMatcher(b=name, autojunk=False)
        found = []
        for unit in self.directory.by_code.values():
            is_near = near is not None and unit.path.startswith(near.path)
            if unit.kind == Unit.Kind.SECTION and not is_near:
                continue
            likeness = 0.0
            for known in {unit.name, unit.short_name}:
                matcher.set_seq1(plain_name(known))
                if known and matcher.quick_ratio() > likeness:
                    likeness = max(likeness, matcher.ratio())
            if likeness >= LIKENESS or (is_near and unit != near):
                found.append((-likeness, not is_near, unit.code))
        return sorted(found)[:CANDIDATES]


def _section_code(above: str, number: int) -> str:
    """Return a code for a section that is no longer than one may be."""
    ending = f"-s{number}"
    return above[: LONGEST_CODE - len(ending)] + ending


def unit_key(unit: Unit) -> int | str:
    """Return what tells a unit apart in a key; a new one has no key of its own yet."""
    return unit.pk or unit.code
