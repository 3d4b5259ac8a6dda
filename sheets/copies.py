"""The copies with comments: of a small file at once, of a large one by a job.

What a job has written is kept beside the file, under the import's number and a digest of
all that the copy tells, and goes with the import.
"""

import hashlib
import json
import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from django.conf import settings
from django.utils.translation import gettext

from bsc import jobs
from bsc.models import Job
from bsc.wording import failure_in_words, step_in_words
from sheets.hidden import hidden
from sheets.models import ImportBatch

KIND = "copy"
# A file with no more rows, and no more doubts, is copied while a person waits.
ROWS_AT_ONCE = 600
DOUBTS_AT_ONCE = 600


def told_of(batch: ImportBatch) -> dict:
    """Return what is known of a file: its verdict, before that its proposal."""
    return batch.verdict or batch.proposal


def is_copied_at_once(batch: ImportBatch) -> bool:
    """Say whether a copy of this file is made while a person waits for it."""
    rows = sum(outline["row_count"] for outline in batch.pictures)
    doubts = sum(told_of(batch).get("doubts", {}).get("numbers", {}).values())
    return rows <= ROWS_AT_ONCE and doubts <= DOUBTS_AT_ONCE


@dataclass(frozen=True)
class Copy:
    """The copy of an import in one language, with or without what is stored."""

    batch: ImportBatch
    language: str
    may_see: bool

    @cached_property
    def issues(self) -> list[dict]:
        issues = self.batch.issues
        return issues if self.may_see else [hidden(issue) for issue in issues]

    @cached_property
    def mark(self) -> str:
        """A digest of what the copy tells, and how; no doubt is loaded for it."""
        digest = told_of(self.batch).get("told") or self.issues
        told = json.dumps(
            [self.language, self.may_see, digest], ensure_ascii=False, sort_keys=True
        )
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def name(self) -> str:
        return posixpath.join(self.batch.copies_folder, f"{self.mark}.xlsx")

    @property
    def is_there(self) -> bool:
        return self.batch.file.storage.exists(self.name)

    def open(self) -> IO[bytes]:
        return self.batch.file.storage.open(self.name)

    def keep(self, content: IO[bytes]) -> None:
        """Keep the content in place of copies that tell what is no longer so."""
        storage = self.batch.file.storage
        stale = set()
        if storage.exists(self.batch.copies_folder):
            _, names = storage.listdir(self.batch.copies_folder)
            stale = {*names} - self._valid_names()
        if not self.is_there:
            storage.save(self.name, content)
        for name in stale:
            storage.delete(posixpath.join(self.batch.copies_folder, name))

    def _valid_names(self) -> set[str]:
        """Return the names of all copies that are true now, whoever asked for them."""
        return {
            posixpath.basename(Copy(self.batch, language, may_see).name)
            for language, _ in settings.LANGUAGES
            for may_see in (True, False)
        }


@dataclass(frozen=True, slots=True)
class CopyState:
    """What a page says of the copy: ready, being written, or still to be asked for.

    `words` say what is being done, or why it failed; `percent` is None where the end is
    not known.
    """

    is_ready: bool
    is_working: bool = False
    words: str = ""
    percent: int | None = None


def state_of(copy: Copy) -> CopyState:
    """Return how the copy stands. One query at most."""
    if is_copied_at_once(copy.batch) or copy.is_there:
        return CopyState(is_ready=True)
    job = jobs_of(copy).first()
    if job is None:
        return CopyState(is_ready=False)
    job = jobs.settle(job)
    if not job.is_over:
        progress = jobs.progress_of(job)
        words = step_in_words(progress.code)
        return CopyState(False, True, words, progress.percent)
    if job.state == Job.State.INTERRUPTED:
        return CopyState(False, words=gettext("The work was interrupted."))
    return CopyState(False, words=failure_in_words(job))


def jobs_of(copy: Copy):
    """Return the jobs that write this very copy, the newest first."""
    return Job.objects.filter(kind=KIND, arguments=arguments_of(copy))


def arguments_of(copy: Copy) -> list:
    """Return what the job of a copy is told."""
    return [copy.batch.pk, copy.language, copy.may_see, copy.mark]
