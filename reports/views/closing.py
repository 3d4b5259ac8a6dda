"""A year closed and sealed; what was sealed, and the corrections beside it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bsc.models import MAIN_PLAN, Scorecard
from bsc.permissions import Action, may, require
from kpi import services
from kpi.models import Erratum
from reports.dashboards.closing import check_list, corrections
from reports.dashboards.frame import card_head, with_tabs
from reports.documents.seals import holds, sealed_content
from reports.forms import CloseForm, DecisionForm, ErratumForm


@login_required
def close_year(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    visible = Scorecard.objects.visible_to(request.user)
    card = get_object_or_404(with_tabs(visible), unit__code=code, year=year, plan=plan)
    require(request.user, Action.CLOSE, card)
    if card.status == Scorecard.Status.CLOSED:
        return redirect(card.url_of("seal"))

    listed = check_list(card)
    answer = request.POST if request.method == "POST" else None
    form = CloseForm(answer, to_confirm=listed.to_confirm)
    if form.is_valid():
        try:
            services.close_year(
                scorecard=card,
                content_of=sealed_content,
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The year is closed and sealed."))
            return redirect(card.url_of("seal"))
    head = card_head(card, visible, tab="map", page=_("Close the year"))
    context = {"head": head, "crumbs": head.crumbs, "form": form, "list": listed}
    return render(request, "reports/close_year.html", context | {"card": card})


@login_required
def seal(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    """What was sealed, whether it still holds, and its errata; a POST proposes one."""
    visible = Scorecard.objects.visible_to(request.user)
    cards = with_tabs(visible).select_related("seal__sealed_by")
    card = get_object_or_404(
        cards, unit__code=code, year=year, plan=plan, seal__isnull=False
    )
    may_propose = may(request.user, Action.REOPEN, card)
    form = ErratumForm(card=card) if may_propose else None
    if request.method == "POST":
        require(request.user, Action.REOPEN, card)
        form = ErratumForm(request.POST, card=card)
        if form.is_valid():
            try:
                services.propose_erratum(
                    scorecard=card,
                    by=request.user,
                    at=timezone.now(),
                    **form.cleaned_data,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The erratum waits for a manager."))
                return redirect(card.url_of("seal"))
    head = card_head(card, visible, tab="map", page=_("Seal"))
    decides = may(request.user, Action.REVIEW, card)
    context = {
        "head": head,
        "crumbs": head.crumbs,
        "card": card,
        "holds": holds(card),
        "sealed_url": card.url_of("sealed-json"),
        "form": form,
        "corrections": corrections(
            card,
            sees_all=may(request.user, Action.SEE_DRAFT, card),
            decider=request.user.pk if decides else None,
        ),
    }
    return render(request, "reports/seal.html", context)


@login_required
def sealed_json(
    request: HttpRequest, code: str, year: int, plan: str = MAIN_PLAN
) -> HttpResponse:
    """The very bytes whose SHA-256 is printed."""
    visible = Scorecard.objects.visible_to(request.user).select_related("seal", "unit")
    card = get_object_or_404(
        visible, unit__code=code, year=year, plan=plan, seal__isnull=False
    )
    response = HttpResponse(card.seal.content, content_type="application/json")
    name = f"sealed-{code}-{card.roc_year}-{plan}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def decide_erratum(request: HttpRequest, pk: int) -> HttpResponse:
    cards = Scorecard.objects.visible_to(request.user)
    errata = Erratum.objects.select_related("scorecard__unit")
    erratum = get_object_or_404(errata.filter(scorecard__in=cards), pk=pk)
    require(request.user, Action.REVIEW, erratum.scorecard)

    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide_erratum(
                erratum=erratum, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The erratum is decided."))
    return redirect(erratum.scorecard.url_of("seal"))
