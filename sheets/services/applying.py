"""Apply what a file would change: all of it, or nothing."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from bsc.permissions import Action, units_where
from kpi.models import Kpi
from kpi.services import refresh_results
from sheets.forms.readings import Severity
from sheets.models import ImportBatch
from sheets.proposals import Issue, Options, Proposal
from sheets.proposals.questions import NEW_SECTION
from sheets.services.doubting import head_of, keep_doubts
from sheets.services.reading import (
    Content,
    Report,
    keep_proposal,
    options_of,
    propose_content,
    read,
    silent,
)
from sheets.services.records import Record
from sheets.services.writing import write

OPEN = {ImportBatch.Status.PROPOSED, ImportBatch.Status.RUNNING}
# What two proposals of one file are compared by: not the language they are told in.
COMPARED = ("sheets", "changes", "fingerprint", "compared")


def apply_file(
    path: Path,
    options: Options,
    *,
    by: User | None,
    reason: str,
    strict: bool = False,
    report: Report = silent,
) -> Proposal:
    """Write what the file at `path` says: all of it, or nothing.

    Where the proposal is refused, or `strict` and it asks something, nothing is
    written. What was read is rated afterwards.
    """
    report(0, 4, "opening")
    content = read(path, options.file_name)
    report(1, 4, "comparing")
    with transaction.atomic():
        proposal = _proposal_now(content, options)
        if strict and proposal.is_asking:
            proposal.refuse()
        if not proposal.is_refused:
            report(2, 4, "applying")
            write(proposal, by=by, reason=reason)
    if not proposal.is_refused:
        report(3, 4, "rating")
        rate_cards(proposal.sheets)
    return proposal


def _proposal_now(content: Content, options: Options) -> Proposal:
    """Propose inside the caller's transaction; imports take turns.

    The proposal is made there, so that it speaks of the database as it is now.
    """
    list(Unit.objects.select_for_update().filter(depth=1))
    return propose_content(content, options)


def apply_batch(
    batch: ImportBatch, *, by: User | None = None, report: Report = silent
) -> None:
    """Apply an uploaded file and keep verdict and record on its batch, in one go.

    `by` is who applied it; who uploaded it where nobody is named. Where the file would
    now change something else than the person saw, or they may no longer import for a
    unit of it, nothing is written: the new proposal waits on the batch and says so.
    """
    by = by or batch.uploaded_by
    report(0, 4, "opening")
    content = read(Path(batch.file.path), batch.file_name)
    report(1, 4, "comparing")
    reason = reason_of(batch)
    with transaction.atomic():
        # A second run of a job finds here what the first has done.
        held = ImportBatch.objects.select_for_update()
        batch.refresh_from_db(
            fields=["status", "proposal", "answers", "options"], from_queryset=held
        )
        if batch.status not in OPEN:
            return
        proposal = _proposal_now(content, options_of(batch))
        if notice := _notice(batch, proposal, by):
            proposal.issues.insert(0, notice)
            keep_proposal(batch, proposal)
            keep_doubts(batch, proposal.issues)
            batch.save(update_fields=["proposal", "status", "unit"])
            return
        is_applied = not proposal.is_refused
        record = Record()
        if is_applied:
            report(2, 4, "applying")
            record = write(proposal, by=by, reason=reason)
        batch.verdict = head_of(proposal, applied=is_applied)
        if batch.verdict["doubts"] != batch.proposal.get("doubts"):
            # Else they are those that the person saw.
            keep_doubts(batch, proposal.issues)
        batch.status = (
            ImportBatch.Status.APPLIED if is_applied else ImportBatch.Status.REFUSED
        )
        batch.applied_at = timezone.now() if is_applied else None
        batch.applied_by = by if is_applied else None
        batch.undo = record.packed() if is_applied else None
        batch.save(
            update_fields=["verdict", "status", "applied_at", "applied_by", "undo"]
        )


def reason_of(batch: ImportBatch) -> str:
    """Return what the history of a row says of its change by this import."""
    return f"import {batch.pk}"


def _notice(batch: ImportBatch, proposal: Proposal, by: User | None) -> Issue | None:
    """Return why a proposal is not written though nothing in it is wrong."""
    if names := _units_not_allowed(proposal, by):
        told = {"names": "、".join(names)}
        return Issue(Severity.WARN, None, None, "not-allowed", told)
    if not batch.proposal:
        return None
    now = head_of(proposal, applied=False)
    if all(now[name] == batch.proposal.get(name, now[name]) for name in COMPARED):
        return None
    return Issue(Severity.WARN, None, None, "changed-since")


def _units_not_allowed(proposal: Proposal, by: User | None) -> list[str]:
    """Return the units of a file that the person may not import for.

    A new section takes the planner of the unit it is to stand below.
    """
    if by is None:
        return []
    codes = {sheet["unit"] for sheet in proposal.sheets if sheet["unit"]}
    codes |= {
        str(issue.params["parent"])
        for issue in proposal.issues
        if issue.code == "unknown-unit" and issue.answer == NEW_SECTION
    }
    allowed = units_where(by, Action.IMPORT).filter(code__in=codes)
    refused = codes - set(allowed.values_list("code", flat=True))
    named = Unit.objects.filter(code__in=refused)
    return list(named.values_list("name", flat=True))


def rate_cards(sheets: list[dict]) -> None:
    """Reckon the results of the units that the sheets of a verdict speak of.

    Of all their years: a sheet may restate a figure of a year before its own, or lead
    a KPI to the figures of another year. What is as before is not written.
    """
    units = {sheet["unit"] for sheet in sheets if sheet["unit"]}
    cards = Scorecard.objects.filter(unit__code__in=units).order_by()
    for code, year in sorted(cards.values_list("unit__code", "year").distinct()):
        kpis = Kpi.objects.open_in(unit=code, year=year).in_plan()
        refresh_results(kpis, Period(year), at=timezone.now())
