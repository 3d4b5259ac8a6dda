"""The doubts of an import as its page lists them: each with its cell and its answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sheets import messages
from sheets.boards import LISTED, Board, Pages, Place, pages_of
from sheets.choices import choice_in_words
from sheets.forms.readings import Severity
from sheets.hidden import hidden
from sheets.proposals.issues import SAID
from sheets.querysets import ImportDoubtQuerySet
from sheets.services.columns import ASIDE, UNKNOWN

SEVERITY_WORDS = {
    Severity.ERROR: _("error"),
    Severity.ASK: _("question"),
    Severity.WARN: _("warning"),
    Severity.NOTE: _("note"),
}
# What an answer is posted as: this and the key of its doubt.
FIELD = "answer:"
OTHER = "other"
NO_YEAR = "no-year"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a person may answer; the first is what is done without an answer."""

    value: str
    words: str
    is_default: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One doubt; `url` leads to its cell where the cell is drawn.

    `choices` are given where a person may answer; `answer` tells what was answered.
    `takes_other`: any unit may be chosen, `other` is the one that was.
    """

    number: int
    severity: str
    word: str
    sheet: str
    cell: str
    text: str
    default: str
    url: str
    name: str = ""
    choices: tuple[Choice, ...] = ()
    answer: str = ""
    is_learned: bool = False
    takes_other: bool = False
    other: str = ""
    is_open: bool = False
    # The year, or the unit, of the whole file may be said; the answer may be kept as a
    # wording of a column, by its key.
    takes_year: bool = False
    takes_unit: bool = False
    kept_as: str = ""


@dataclass(frozen=True, slots=True)
class Severities:
    """One severity with the number of its doubts, and the list of them alone."""

    severity: str
    word: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Doubts:
    """A part of the list of doubts: those of one severity, where one is asked for.

    `numbers` counts all of the file by severity; `open` those that wait for an
    answer, `has_defaults` whether some have a default; `can_be_answered` whether no
    error stands but such as an answer ends.
    """

    lines: list[IssueLine]
    severities: list[Severities]
    numbers: Counter[str]
    open: int
    has_defaults: bool
    can_be_answered: bool
    pages: Pages | None

    @property
    def is_asking(self) -> bool:
        """Say whether any doubt of this part takes an answer."""
        return any(line.choices for line in self.lines)


def doubts_of(
    doubts: ImportDoubtQuerySet,
    counts: Mapping[str, Any],
    board: Board,
    *,
    may_answer: bool,
    may_see: bool,
) -> Doubts:
    """Return the part of the list that the place of `board` names. One query.

    `counts` are those of all doubts (see `sheets.services.doubting`).
    """
    place = board.place
    numbers = Counter(counts.get("numbers", {}))
    count = numbers[place.severity] if place.severity else numbers.total()
    parts = -(-count // LISTED)
    part = min(max(place.part, 1), max(parts, 1))
    shown = doubts.listed(place.severity, (part - 1) * LISTED + 1, LISTED)
    told = [(doubt.number, doubt.as_issue()) for doubt in shown]
    if not may_see:
        told = [(number, hidden(issue)) for number, issue in told]
    return Doubts(
        lines=[
            _line(number, issue, board.url(issue["sheet"], issue["cell"]), may_answer)
            for number, issue in told
        ],
        severities=[
            _severity(severity, numbers[str(severity)], board.place)
            for severity in Severity
        ],
        numbers=numbers,
        open=counts.get("open", 0),
        has_defaults=bool(counts.get("open_asks")),
        can_be_answered=not counts.get("lasting_errors"),
        pages=pages_of(
            part,
            count,
            LISTED,
            gettext("%(first)s to %(last)s of %(count)s"),
            lambda number: board.place.url(part=number),
        ),
    )


def _is_open(issue: dict) -> bool:
    """Say whether a doubt asks, or ends by an answer, and nobody has answered.

    What only may be answered, a warning with another reading, does not wait.
    """
    can_end = bool(issue.get("choices")) or issue["code"] in SAID
    is_asked = issue["severity"] == Severity.ASK or (
        issue["severity"] == Severity.ERROR and can_end
    )
    return is_asked and not issue.get("answer")


def answers_in(posted, doubts: ImportDoubtQuerySet) -> dict[str, str]:
    """Return what a form answers anew, by the key of the doubt; "" takes an answer back.

    One query.
    """
    given = {}
    keys = [name.removeprefix(FIELD) for name in posted if name.startswith(FIELD)]
    for issue in (doubt.as_issue() for doubt in doubts.named(keys)):
        name = f"{FIELD}{issue['key']}"
        answer = posted[name]
        if answer == OTHER:
            # Another unit than those proposed is chosen in a list of its own.
            answer = posted.get(f"{name}:{OTHER}") or issue.get("answer") or ""
        if answer != (issue.get("answer") or ""):
            given[issue["key"]] = answer
    return given


def _severity(severity: Severity, count: int, place: Place) -> Severities:
    is_current = place.severity == severity
    # Asking for what is shown shows all of them again.
    url = place.url(severity="" if is_current else str(severity), part=0)
    return Severities(
        str(severity), str(SEVERITY_WORDS[severity]), count, url, is_current
    )


def _line(number: int, issue: dict, url: str, may_answer: bool) -> IssueLine:
    params = issue.get("params", {})
    choices = issue.get("choices") or ()
    answer = issue.get("answer") or ""
    has_default = issue["severity"] != Severity.ERROR and not _is_unknown(issue)

    def worded(choice: str) -> str:
        return choice_in_words(issue["code"], choice, params)

    return IssueLine(
        number=number,
        severity=issue["severity"],
        word=str(SEVERITY_WORDS[Severity(issue["severity"])]),
        sheet=issue["sheet"] or "",
        cell=issue["cell"] or "",
        text=messages.message(issue["code"], params),
        default=messages.default_in_words(issue["default"]),
        url=url,
        name=f"{FIELD}{issue.get('key', '')}",
        choices=tuple(
            Choice(
                value,
                worded(value),
                is_default=has_default and value == choices[0],
                is_chosen=value == answer,
            )
            for value in (choices if may_answer else ())
        ),
        answer=worded(answer) if answer else "",
        is_learned=bool(issue.get("learned")),
        takes_other=may_answer and bool(choices) and _is_unknown(issue),
        other=answer if answer not in choices else "",
        is_open=may_answer and _is_open(issue),
        takes_year=may_answer and issue["code"] == NO_YEAR,
        takes_unit=may_answer and not choices and _is_unknown(issue),
        kept_as=issue["key"] if may_answer and _is_teaching(issue) else "",
    )


def _is_teaching(issue: dict) -> bool:
    """Say whether an answer tells by which words a column is headed."""
    return issue["code"] == UNKNOWN and issue.get("answer") not in (None, "", ASIDE)


def _is_unknown(issue: dict) -> bool:
    """Say whether a unit is asked for: none is taken where nobody answers."""
    return issue["code"] == "unknown-unit"
