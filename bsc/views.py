"""Pages about background work, and the inbox."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bsc import jobs, notice_wording, notices, wording
from bsc.models import Job, Membership, Notice

JOBS_A_PAGE = 50
NOTICES_A_PAGE = 50


@login_required
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    """One's own jobs, or for an administrator all; for htmx only what changes."""
    sees_all = request.user.is_superuser or Membership.Role.ADMIN in request.user.roles
    is_all = sees_all and request.GET.get("whose") == "all"
    wanted = Job.objects.visible_to(request.user)
    wanted = wanted if is_all else wanted.filter(owner=request.user)
    jobs.interrupt_lost(wanted)
    found = wanted.select_related("owner")
    page = Paginator(found, JOBS_A_PAGE).get_page(request.GET.get("page"))
    is_part = request.htmx and not request.htmx.boosted
    template = "bsc/_jobs.html" if is_part else "bsc/job_list.html"
    context = {
        "page": page,
        "rows": _rows(list(page)),
        "query": request.GET.urlencode(),
        "has_running": any(not job.is_over for job in page),
        "sees_all": sees_all,
        "is_all": is_all,
    }
    return render(request, template, context)


@login_required
@never_cache
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A job's page; for htmx only the part that changes while it runs."""
    job = jobs.settle(get_object_or_404(Job.objects.visible_to(request.user), pk=pk))
    is_part = request.htmx and not request.htmx.boosted
    template = "bsc/_job.html" if is_part else "bsc/job_detail.html"
    return render(request, template, _standing(job))


@login_required
@require_POST
def run_job_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        jobs.run_again(jobs.settle(job))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The job is waiting for its turn."))
    return redirect(job)


@login_required
@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        jobs.cancel(jobs.settle(job))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The job is cancelled, or ends at its next step."))
    return redirect(job)


def _rows(shown: list[Job]) -> list[dict[str, Any]]:
    """Return what the list shows of each job. No query."""
    progress = jobs.progress_of_each(shown)
    return [
        {
            "job": job,
            "words": wording.kind_in_words(job.kind),
            "step": wording.step_in_words(progress[job.pk].code),
            "failure": wording.failure_in_words(job),
            "progress": progress[job.pk],
            "nobody": _("by itself"),
        }
        for job in shown
    ]


def _standing(job: Job) -> dict[str, Any]:
    """Return what the page of a job shows: words, and how far it is."""
    progress = jobs.progress_of(job)
    return {
        "job": job,
        "kind": wording.kind_in_words(job.kind),
        "step": wording.step_in_words(progress.code),
        "failure": wording.failure_in_words(job),
        "progress": progress,
    }


@login_required
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """What the person was told, the newest first, and whether they want it by mail."""
    own = Notice.objects.filter(recipient=request.user)
    page = Paginator(own, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "notice": notice,
            "kind": notice_wording.kind_text(notice.kind),
            "text": notice_wording.sentence(notice),
        }
        for notice in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "unread": request.user.unread,
        "is_simulated": request.user.is_simulated,
        "languages": settings.LANGUAGES,
        "language": request.user.language or settings.LANGUAGE_CODE,
    }
    return render(request, "bsc/inbox.html", context)


@login_required
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read, and lead to what it is about."""
    own = Notice.objects.filter(recipient=request.user)
    notice = get_object_or_404(own, pk=pk)
    notices.mark_read(own.filter(pk=pk), at=timezone.now())
    is_ours = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if notice.url and is_ours else "bsc:inbox")


@login_required
@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    own = Notice.objects.filter(recipient=request.user)
    notices.mark_read(own, at=timezone.now())
    return redirect("bsc:inbox")


@login_required
@require_POST
def mail_choice(request: HttpRequest) -> HttpResponse:
    """Keep whether the person gets notices by mail, and in which language."""
    chosen = request.POST.get("language", "")
    notices.choose_mail(
        user=request.user,
        is_mailed=bool(request.POST.get("is_mailed")),
        language=chosen if chosen in dict(settings.LANGUAGES) else "",
    )
    messages.success(request, _("Your choice is kept."))
    return redirect("bsc:inbox")
