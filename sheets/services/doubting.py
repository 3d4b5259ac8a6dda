"""Keep the doubts of a proposal in rows, so that a page loads only those it shows."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from sheets.forms.readings import Severity
from sheets.grid import position
from sheets.models import ImportBatch, ImportDoubt
from sheets.proposals import Issue, Proposal

A_TIME = 500
# What tells a person why their file was not applied; part of no file.
NOTICES = ("changed-since", "not-allowed")


def head_of(proposal: Proposal, *, applied: bool) -> dict[str, Any]:
    """Return what is kept of a proposal on its batch: all but the doubts themselves.

    `doubts` counts them, `told` is a digest of all that they tell, `compared` of what
    two proposals are compared by.
    """
    return {
        **proposal.as_json(applied=applied, with_params=True, with_issues=False),
        "doubts": counted(proposal.issues),
        "told": digest_of(proposal.issues),
        "compared": digest_of(
            issue for issue in proposal.issues if issue.code not in NOTICES
        ),
    }


def keep_doubts(batch: ImportBatch, issues: Iterable[Issue]) -> None:
    """Keep the doubts of a batch, in place of those that were kept before."""
    batch.doubts.all().delete()
    # Some at a time: a file may have tens of thousands.
    for some in batched(_rows(batch, issues), A_TIME):
        ImportDoubt.objects.bulk_create(some)


def counted(issues: Iterable[Issue]) -> dict[str, Any]:
    """Return how many doubts there are, as a page tells them.

    `numbers` by severity, `cells` by sheet and severity of those at a cell; `open` wait
    for an answer, `open_asks` of them have a default; no answer ends `lasting_errors`.
    """
    numbers: Counter[str] = Counter()
    cells: dict[str, Counter[str]] = {}
    waiting: Counter[str] = Counter()
    lasting = 0
    for issue in issues:
        severity = str(issue.severity)
        numbers[severity] += 1
        if issue.cell:
            cells.setdefault(issue.sheet or "", Counter())[severity] += 1
        if issue.severity is Severity.ERROR and not issue.can_end:
            lasting += 1
        elif issue.is_open:
            waiting[severity] += 1
    return {
        "numbers": dict(numbers),
        "cells": {sheet: dict(found) for sheet, found in cells.items()},
        "open": waiting.total(),
        "open_asks": waiting[str(Severity.ASK)],
        "lasting_errors": lasting,
    }


def digest_of(issues: Iterable[Issue]) -> str:
    """Return a digest of doubts and answers, whatever the language they are told in."""
    lines = sorted(
        repr(
            (
                str(issue.severity),
                issue.sheet,
                issue.cell,
                issue.code,
                sorted((name, str(value)) for name, value in issue.params.items()),
                issue.default,
                issue.answer,
            )
        )
        for issue in issues
    )
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def _rows(batch: ImportBatch, issues: Iterable[Issue]) -> Iterator[ImportDoubt]:
    places: Counter[str] = Counter()
    for number, issue in enumerate(issues, 1):
        severity = str(issue.severity)
        places[severity] += 1
        yield ImportDoubt(
            batch=batch,
            number=number,
            place=places[severity],
            severity=severity,
            sheet=issue.sheet or "",
            is_of_file=issue.sheet is None,
            cell=issue.cell or "",
            row=position(issue.cell)[0] if issue.cell else None,
            code=issue.code,
            key=issue.key,
            params=issue.params,
            default=issue.default or "",
            choices=list(issue.choices),
            answer=issue.answer or "",
            is_learned=issue.is_learned,
            is_answerable=bool(issue.choices),
        )
