"""Answering the doubts of a file on its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sheets import services
from sheets.boards import Place
from sheets.doubts import answers_in
from sheets.models import ImportBatch
from sheets.services.columns import ASIDE, UNKNOWN, column_of
from sheets.uploads import SaidForm
from sheets.views import finding


@login_required
@require_POST
def answer_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was answered, or take the default of all that is open.

    An answered column may be kept as a wording, which later files are read by.
    """
    batch = finding.batch_of(request, pk)
    if not finding.may_say(request, batch):
        raise PermissionDenied

    place = Place.of(request.GET)
    accepts = "accept" in request.POST
    if accepts and not finding.is_as_seen(request, batch):
        return redirect(reverse("sheets:import-detail", args=[pk]) + place.url())
    is_kept = keep_answers(request, batch)
    if is_kept and "keep" in request.POST:
        _keep_wording(request, batch, request.POST["keep"])
    if is_kept and accepts:
        finding.path_of(batch)
        try:
            services.accept_defaults(batch, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The defaults are accepted."))
    return redirect(reverse("sheets:import-detail", args=[pk]) + place.url())


def keep_answers(request: HttpRequest, batch: ImportBatch) -> bool:
    """Keep the answers that a form gives anew; say whether they could be kept."""
    given = answers_in(request.POST, batch.doubts)
    form = SaidForm(request.POST, user=request.user)
    if not form.is_valid():
        told = (word for errors in form.errors.values() for word in errors)
        messages.error(request, " ".join(told))
        return False
    said = form.new_in(batch.options)
    if not given and not said:
        return True
    finding.path_of(batch)
    try:
        services.answer_batch(batch, given, by=request.user, said=said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, _("The answers are kept."))
    return True


def _keep_wording(request: HttpRequest, batch: ImportBatch, key: str) -> None:
    """Let every later file be read by the answer to which column a heading is."""
    if not finding.may_teach(request):
        raise PermissionDenied
    doubt = batch.doubts.named([key]).filter(code=UNKNOWN).first()
    if doubt is None or doubt.answer in (None, "", ASIDE):
        messages.error(request, _("This is no longer asked of this file."))
        return
    column, stage = column_of(doubt.answer)
    try:
        wording = services.learn_wording(
            doubt.params["heading"], column=column, stage=stage, by=request.user
        )
        services.answer_batch(batch, {}, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("From now on every file is read so: %(wording)s.")
        messages.success(request, words % {"wording": wording})
