"""The last look before sending: what is ready, what is missing, what to confirm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kpi.boards.entry_live import CheckView
from kpi.boards.entry_rows import EntryRow
from kpi.entry_wording import problem_text
from kpi.services.refusals import Conflict, NotReady


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing or wrong, and the box where it is mended."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SendRow:
    """One KPI before sending: `lacks` keep it back, `asks` wait for a confirmation."""

    row: EntryRow
    lacks: tuple[Lack, ...]
    asks: tuple[CheckView, ...]
    confirmed: tuple[CheckView, ...]
    errors: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.lacks and self.row.may_edit


@dataclass(frozen=True, slots=True)
class Sending:
    """All KPIs that are not sent: ready, not ready, and not begun."""

    ready: tuple[SendRow, ...]
    waiting: tuple[SendRow, ...]
    empty: tuple[SendRow, ...]


def sending_board(
    rows: Iterable[EntryRow], refused: Mapping[int, ValidationError]
) -> Sending:
    """Return what can be sent and what cannot; `refused` is what a sending met."""
    listed = [_send_row(row, refused.get(row.pk)) for row in rows]
    begun = [one for one in listed if one.row.live.is_begun]
    return Sending(
        ready=tuple(one for one in begun if one.is_ready),
        waiting=tuple(one for one in begun if not one.is_ready),
        empty=tuple(one for one in listed if not one.row.live.is_begun),
    )


def _send_row(row: EntryRow, error: ValidationError | None) -> SendRow:
    found = (*row.live.errors, *row.live.left)
    return SendRow(
        row=row,
        lacks=tuple(_lack(row, box, text) for box, text in found),
        asks=tuple(check for check in row.live.checks if not check.is_confirmed),
        confirmed=tuple(check for check in row.live.checks if check.is_confirmed),
        errors=_words(error),
    )


def _lack(row: EntryRow, box: str, text: str) -> Lack:
    fields = {field.name: field for field in row.all_fields}
    if box not in fields:
        return Lack(text, f"row-{row.pk}")
    words = _("%(box)s: %(words)s") % {"box": fields[box].label, "words": text}
    return Lack(words, fields[box].id)


def _words(error: ValidationError | None) -> tuple[str, ...]:
    """Return why a figure was not sent, with every part of it in words."""
    if error is None:
        return ()
    if isinstance(error, Conflict):
        return (*error.messages, _("Look at it again before you send it."))
    if isinstance(error, NotReady):
        return (*error.messages, *(problem_text(one) for one in error.problems))
    return tuple(error.messages)
