"""Results of a card, reckoned again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from bsc import jobs
from bsc.models import Unit
from bsc.permissions import Action, require
from kpi import tasks


@login_required
@require_POST
def rate_card(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Start a job that reckons the open results of one unit and year again."""
    unit = get_object_or_404(Unit, code=code)
    require(request.user, Action.RATE, unit)

    job = jobs.enqueue(tasks.rate, code, year, kind="rate", owner=request.user)
    return redirect("bsc:job", pk=job.pk)
