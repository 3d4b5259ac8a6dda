"""Pages about background work."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bsc import jobs, wording
from bsc.models import Job

JOBS_A_PAGE = 50


@login_required
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    own = Job.objects.filter(owner=request.user)
    jobs.interrupt_lost(own)
    page = Paginator(own, JOBS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"job": job, "words": wording.kind_in_words(job.kind)} for job in page]
    return render(request, "bsc/job_list.html", {"page": page, "rows": rows})


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
