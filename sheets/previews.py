"""A proposal or a verdict as its page shows it."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bsc import jobs
from bsc.models import MAIN_PLAN, Job, Unit
from bsc.periods import common_era
from bsc.wording import failure_in_words, step_in_words
from sheets.boards import Grid, Tab, board_of
from sheets.forms.readings import Severity
from sheets.messages import FORM_WORDS, NOUN_WORDS, default_in_words, message
from sheets.models import ImportBatch

Status = ImportBatch.Status

# Counted with others that people know: told only where they alone may change.
QUIET_NOUNS = {"scorecards", "series", "statements", "plan_rows"}
SEVERITY_WORDS = {
    Severity.ERROR: _("error"),
    Severity.ASK: _("question"),
    Severity.WARN: _("warning"),
    Severity.NOTE: _("note"),
}


@dataclass(frozen=True, slots=True)
class NounCount:
    """How many of one noun the file shows, and what becomes of them."""

    name: str
    shown: int
    created: int
    changed: int
    unchanged: int
    left: int

    @property
    def words(self) -> str:
        """What becomes of them, in words; kinds that are 0 are not said."""
        for count, word in (
            (self.created, gettext("new")),
            (self.changed, gettext("changed")),
            (self.unchanged, gettext("as before")),
        ):
            if count == self.shown and not self.left:
                return word
        told = [
            (self.created, gettext("%(count)s new")),
            (self.changed, gettext("%(count)s changed")),
            (self.unchanged, gettext("%(count)s as before")),
            (self.left, gettext("%(count)s not on these sheets")),
        ]
        parts = [words % {"count": count} for count, words in told if count]
        return gettext(", ").join(parts)


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One doubt; `url` leads to its cell where the cell is in a picture."""

    number: int
    severity: str
    word: str
    sheet: str
    cell: str
    text: str
    default: str
    url: str


@dataclass(frozen=True, slots=True)
class Severities:
    """One severity with the number of its issues."""

    severity: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    name: str
    form: str
    is_read: bool
    unit: str
    year: str
    plan: str
    rows: int
    url: str


@dataclass(frozen=True, slots=True)
class Preview:
    sheets: list[SheetLine]
    nouns: list[NounCount]
    severities: list[Severities]
    issues: list[IssueLine]
    heading: str
    verdict: str
    tabs: list[Tab]
    grid: Grid | None

    @property
    def is_read(self) -> bool:
        """Say whether any sheet of the file is read."""
        return any(sheet.is_read for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Working:
    """What a job is doing; `percent` is None where the end is not known."""

    words: str
    percent: int | None


def working_of(job: Job | None) -> Working | None:
    """Return what the job of a batch is doing; None where it is over."""
    if job is None or job.is_over:
        return None
    progress = jobs.progress_of(job)
    return Working(step_in_words(progress.code), progress.percent)


def trouble_of(batch: ImportBatch, job: Job | None) -> str:
    """Return why a batch stopped half way; "" where it did not."""
    if batch.status == Status.APPLIED:
        is_rated = job is None or job.state == Job.State.DONE or not job.is_over
        return "" if is_rated else gettext("Applied, but the results are not reckoned.")
    if batch.status not in {Status.UPLOADED, Status.RUNNING}:
        return ""
    if job is None or job.state == Job.State.DONE:
        return gettext("The work was never started. Nothing was written.")
    if not job.is_over:
        return ""
    if job.state == Job.State.INTERRUPTED:
        return gettext("The work was interrupted. Nothing half done was kept.")
    return failure_in_words(job)


def preview_of(batch: ImportBatch, sheet: str = "") -> Preview | None:
    """Return what the page shows of a batch; None while it is being read.

    `sheet` is the number of the sheet that is drawn, from 1; the first with a doubt
    where it names none.
    """
    told = batch.verdict or batch.proposal
    if not told:
        return None
    counts = [
        NounCount(
            str(NOUN_WORDS[noun]),
            change["created"] + change["changed"] + change["unchanged"],
            change["created"],
            change["changed"],
            change["unchanged"],
            change["left"],
        )
        for noun, change in told["changes"].items()
        if noun in NOUN_WORDS and any(change.values())
        if noun not in QUIET_NOUNS or change["changed"]
    ]
    board = board_of(batch.pictures, told["issues"], sheet)
    issues = [
        _line(number, issue, board.urls.get(number, ""))
        for number, issue in enumerate(told["issues"], 1)
    ]
    numbers = Counter(line.severity for line in issues)
    names = dict(
        Unit.objects.filter(code__in={s["unit"] for s in told["sheets"]}).values_list(
            "code", "name"
        )
    )
    return Preview(
        sheets=[_sheet(sheet, batch, names) for sheet in told["sheets"]],
        nouns=counts,
        severities=[
            Severities(str(s), str(SEVERITY_WORDS[s]), numbers[str(s)])
            for s in Severity
        ],
        issues=issues,
        heading=ngettext("%(count)s doubt", "%(count)s doubts", len(issues))
        % {"count": len(issues)},
        verdict=_verdict(batch, told, counts, asked=numbers["ask"]),
        tabs=board.tabs,
        grid=board.grid,
    )


def _verdict(
    batch: ImportBatch, told: dict, counts: list[NounCount], *, asked: int
) -> str:
    """Return the sentence at the foot of the page."""
    changes = any(count.created or count.changed for count in counts)
    if batch.status == Status.REFUSED:
        return gettext("Nothing was written. Mend the errors and upload it again.")
    if batch.status == Status.DISCARDED:
        return gettext("Discarded. Nothing was written.")
    if not any(sheet["form"] for sheet in told["sheets"]):
        return gettext("No sheet of this file is read yet; there is nothing to write.")
    if batch.status == Status.APPLIED:
        return gettext("Applied.") if changes else gettext("Applied; nothing changed.")
    if not changes:
        return gettext("No errors. Everything on these sheets is already stored.")
    if asked:
        return ngettext(
            "No errors. %(count)s question takes its default unless you discard.",
            "No errors. %(count)s questions take their defaults unless you discard.",
            asked,
        ) % {"count": asked}
    return gettext("No errors, ready to apply. Nothing is written yet.")


def _sheet(sheet: dict, batch: ImportBatch, names: dict[str, str]) -> SheetLine:
    plan = sheet["plan"] or ""
    url = ""
    if batch.status == Status.APPLIED and sheet["unit"]:
        place = {"code": sheet["unit"], "year": common_era(sheet["year"])}
        url = (
            reverse("reports:map", kwargs=place)
            if plan == MAIN_PLAN
            else reverse("reports:plan-map", kwargs={**place, "plan": plan})
        )
    word = FORM_WORDS.get(sheet["form"])
    return SheetLine(
        name=sheet["name"],
        form=str(word) if word else gettext("not read"),
        is_read=bool(sheet["form"]),
        unit=names.get(sheet["unit"], ""),
        year=str(sheet["year"] or ""),
        plan="" if plan == MAIN_PLAN else plan,
        rows=sheet["rows"],
        url=url,
    )


def _line(number: int, issue: dict, url: str) -> IssueLine:
    return IssueLine(
        number=number,
        severity=issue["severity"],
        word=str(SEVERITY_WORDS[Severity(issue["severity"])]),
        sheet=issue["sheet"] or "",
        cell=issue["cell"] or "",
        text=message(issue["code"], issue.get("params", {})) or issue["message"],
        default=default_in_words(issue["default"]),
        url=url,
    )
