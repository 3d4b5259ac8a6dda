"""Doubts of a whole import, and the nouns its changes are counted by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sheets.forms.readings import Doubt, Severity
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

_ORDER = {severity: place for place, severity in enumerate(Severity)}
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt with its sheet; `sheet` is "" for text and CSV, None for the file."""

    severity: Severity
    sheet: str | None
    cell: str | None
    code: str
    params: dict[str, str | int] = field(default_factory=dict)
    default: str | None = None

    @classmethod
    def of(cls, doubt: Doubt, sheet: str) -> "Issue":
        return cls(
            Severity(doubt.severity),
            sheet,
            doubt.cell,
            doubt.code,
            dict(doubt.params),
            doubt.default,
        )

    def as_json(self, *, with_params: bool = False) -> dict:
        more = {"params": self.params} if with_params else {}
        return {
            "severity": str(self.severity),
            "sheet": self.sheet,
            "cell": self.cell,
            "code": self.code,
            "message": message(self.code, self.params),
            "default": self.default,
            **more,
        }


def in_order(issues: Iterable[Issue], sheets: Iterable[dict]) -> list[Issue]:
    """Return the issues by severity, then by sheet of the file, row and column."""
    places = {sheet["name"]: place for place, sheet in enumerate(sheets)}

    def place(issue: Issue) -> tuple:
        cell = _CELL.fullmatch(issue.cell or "")
        letters, row = cell.groups() if cell else ("", "0")
        at = places.get(issue.sheet, -1)
        return (_ORDER[issue.severity], at, int(row), len(letters), letters)

    return sorted(issues, key=place)
