"""The words for what jobs do and how they fail; jobs themselves keep codes."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bsc.models import Job

_KINDS = {
    "import": _("Reading an uploaded file"),
    "apply": _("Applying an import"),
    "undo": _("Undoing an import"),
    "copy": _("Writing a copy with comments"),
    "rate": _("Computing results"),
}
_STEPS = {
    "waiting": _("Waiting for its turn"),
    "opening": _("Checking that the file is safe to open"),
    "reading": _("Reading the sheets"),
    "comparing": _("Comparing with what is stored"),
    "applying": _("Writing the changes"),
    "undoing": _("Taking the changes back"),
    "annotating": _("Writing the comments"),
    "rating": _("Computing results"),
    "waiting-for-service": _("Waiting for a service that does not answer"),
}
_FAILURES = {
    "unexpected": _(
        "It stopped on an error that we did not expect. The error is in the log of"
        " the server, under the number of this job. Nothing half done was kept."
    ),
    "not-queued": _(
        "It could not be handed to a worker: the queue does not answer."
        " Try again in a few minutes."
    ),
    "unavailable": _(
        "The database or the queue did not answer for too long. What was committed"
        " stands; it can run again."
    ),
    "too-long": _("It took longer than a job may, and was ended. It can run again."),
    "gave-up": _(
        "Its worker stopped several times, so it is not tried again by itself."
        " Look at the log of the server before you run it again."
    ),
    "invalid": _("It was refused: %(reason)s"),
    "not-allowed": _("Whoever started it may not do this (any more)."),
}


def kind_in_words(kind: str) -> str:
    """Return what a job of `kind` does; the code itself where it is not known."""
    return str(_KINDS.get(kind, kind))


def step_in_words(code: str) -> str:
    """Return what a running job is doing; "Working" where the step is not known."""
    return str(_STEPS.get(code, gettext("Working")))


def failure_in_words(job: Job) -> str:
    """Return why `job` failed or ended early; "" where it did not."""
    if job.state == Job.State.CANCELLED:
        return gettext(
            "It was cancelled. Nothing half done was kept; it can run again."
        )
    if job.state != Job.State.FAILED:
        return ""
    error: dict[str, Any] = job.outcome.get("error", {})
    words = _FAILURES.get(error.get("code", ""), _FAILURES["unexpected"])
    return str(words) % error
