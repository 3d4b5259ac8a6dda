"""Doubts of a whole import, and the nouns its changes are counted by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bsc.services import plain_name
from sheets.forms.readings import Doubt, Severity
from sheets.forms.spread import placed
from sheets.messages import message

NOUNS = (
    "units",
    "scorecards",
    "themes",
    "objectives",
    "ksfs",
    "series",
    "kpis",
    "targets",
    "actuals",
    "statements",
    "self_ratings",
    "published_results",
    "action_plans",
    "plan_rows",
    "budget_lines",
    "main_tasks",
    "work_items",
)

# What tells two issues of one cell apart, and one question from another next year: a
# name, as codes change from year to year, else the first two of these.
TELLING = (
    "earlier",
    "later",
    "code",
    "label",
    "heading",
    "column",
    "noun",
    "text",
    "printed",
    "year",
)
# What ends once a person says what the file does not: its year, or whose it is.
SAID = frozenset({"no-year", "unknown-unit"})
NAMES_SHOWN = 12
_ORDER = {severity: place for place, severity in enumerate(Severity)}
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt with its sheet; `sheet` is "" for text and CSV, None for the file.

    `choices` are what a person may choose, the default first; empty where nothing can
    be answered. `answer` is what was chosen. `is_learned` says that the default is
    what somebody answered to the same question before.
    """

    severity: Severity
    sheet: str | None
    cell: str | None
    code: str
    params: dict[str, str | int] = field(default_factory=dict)
    default: str | None = None
    choices: tuple[str, ...] = ()
    answer: str | None = None
    is_learned: bool = False

    def __post_init__(self) -> None:
        # A reading of several sheets says of its cells on which of them they are.
        sheet, cell = placed(self.sheet, self.cell)
        object.__setattr__(self, "sheet", sheet)
        object.__setattr__(self, "cell", cell)

    @classmethod
    def of(cls, doubt: Doubt, sheet: str) -> "Issue":
        return cls(
            Severity(doubt.severity),
            sheet,
            doubt.cell,
            doubt.code,
            dict(doubt.params),
            doubt.default,
            doubt.choices,
        )

    @property
    def key(self) -> str:
        """What names this issue in every proposal of the same file."""
        if self.code == "unknown-unit":
            return f"{self.code}|{_bare(plain_name(str(self.params['name'])))}"
        names = ("name",) if "name" in self.params else TELLING
        told = [str(self.params[name]) for name in names if name in self.params]
        parts = (self.code, self.sheet or "", self.cell or "", *told[:2])
        return "|".join(_bare(part) for part in parts)

    @property
    def choice(self) -> str | None:
        """What is done: the answer, else the default."""
        return self.answer or self.default

    @property
    def is_open(self) -> bool:
        """Say whether it asks, or ends by an answer, and nobody has answered.

        What only may be answered, a warning with another reading, does not wait.
        """
        is_asked = self.severity is Severity.ASK or (
            self.severity is Severity.ERROR and self.can_end
        )
        return is_asked and not self.answer

    @property
    def can_end(self) -> bool:
        """Say whether a person can end it on the page, by an answer or what they say."""
        return bool(self.choices) or self.code in SAID

    def as_json(self, *, with_params: bool = False) -> dict:
        """Return what `import_sheet --json` prints of it, and more for a page."""
        more = {}
        if with_params:
            more = {
                "params": self.params,
                "key": self.key,
                "choices": list(self.choices),
                "answer": self.answer,
                "learned": self.is_learned,
            }
        return {
            "severity": str(self.severity),
            "sheet": self.sheet,
            "cell": self.cell,
            "code": self.code,
            "message": message(self.code, self.params),
            "default": self.default,
            **more,
        }


def listed(names: Sequence[str]) -> str:
    """Return the first of many names as one text, with … where there are more."""
    told = "、".join(names[:NAMES_SHOWN])
    return f"{told} …" if len(names) > NAMES_SHOWN else told


def _bare(text: str) -> str:
    return text.replace("|", "｜")


def in_order(issues: Iterable[Issue], sheets: Iterable[dict]) -> list[Issue]:
    """Return the issues by severity, then by sheet of the file, row and column."""
    places = {sheet["name"]: place for place, sheet in enumerate(sheets)}

    def place(issue: Issue) -> tuple:
        cell = _CELL.fullmatch(issue.cell or "")
        letters, row = cell.groups() if cell else ("", "0")
        at = places.get(issue.sheet, -1)
        return (_ORDER[issue.severity], at, int(row), len(letters), letters)

    return sorted(issues, key=place)
