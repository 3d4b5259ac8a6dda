"""Background work, as people see it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bsc.querysets import JobQuerySet


class Job(models.Model):
    """A piece of background work: who asked for it, how it stands, how it ended.

    Progress lives in the cache while it runs (`bsc.jobs.progress_of`); the row
    keeps the outcome. `process` names the host, process and its start, so that a job
    is called interrupted only when that process is gone. `attempts` counts the runs
    since somebody asked for it; `checkpoint` is how far they came.
    """

    # Failures that say nothing against trying the same again.
    PASSING = frozenset(
        {"not-queued", "unexpected", "unavailable", "too-long", "gave-up"}
    )

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    task = models.CharField(max_length=100, editable=False)
    arguments = models.JSONField(default=list, editable=False)
    state = models.CharField(
        _("state"), max_length=11, choices=State, default=State.QUEUED
    )
    process = models.CharField(max_length=100, blank=True, editable=False)
    outcome = models.JSONField(_("outcome"), default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="jobs",
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    cancel_asked_at = models.DateTimeField(_("to be cancelled"), null=True)
    checkpoint = models.JSONField(default=dict, blank=True, editable=False)
    queued_at = models.DateTimeField(_("queued"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-queued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("bsc:job", kwargs={"pk": self.pk})

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.QUEUED, self.State.RUNNING}

    @property
    def may_run_again(self) -> bool:
        if self.state == self.State.FAILED:
            return self.outcome.get("error", {}).get("code") in self.PASSING
        return self.state in {self.State.INTERRUPTED, self.State.CANCELLED}

    @property
    def may_be_cancelled(self) -> bool:
        return not self.is_over and self.cancel_asked_at is None
