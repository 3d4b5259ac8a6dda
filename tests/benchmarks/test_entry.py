"""One value saved end to end, against a bare view that saves one row with history."""

import gc
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from config.urls import urlpatterns as of_the_portal
from kpi.models import Entry, Kpi, Target
from kpi.services.rights import may_record
from tests.factories import make_actual
from tests.integration.offices import PERIOD, Office

TIMES, ROUNDS = 15, 5
MOST = 4


@login_required
@require_POST
def save_bare(request: HttpRequest, pk: int) -> HttpResponse:
    kpis = Kpi.objects.visible_to(request.user).with_owners()
    kpi = get_object_or_404(kpis, pk=pk)
    if not may_record(request.user, kpi):
        raise PermissionDenied
    with transaction.atomic():
        target = Target.objects.select_for_update().get(kpi=kpi)
        target.value = Decimal(request.POST["value"])
        target.save()
    return HttpResponse("saved")


urlpatterns = [path("bare/<int:pk>/", save_bare), *of_the_portal]


@pytest.fixture
def office(db, settings) -> Office:
    settings.ROOT_URLCONF = __name__
    office = Office()
    for at in range(20):
        kpi = office.make_kpi(
            f"B{at}",
            owners=(office.adult,),
            formula_text="(依限完成派案評估之案件/通報件數)*100%",
        )
        for year in ("2017", "2018", "2019"):
            make_actual(kpi, "88.5", year)
    return office


def seconds_of(work: Callable[[int], None], first: int) -> float:
    """Return the processor's seconds of many, which a busy machine does not lengthen."""
    gc.collect()
    before = time.process_time()
    for at in range(first, first + TIMES):
        work(at)
    return time.process_time() - before


def test_saving_a_value_costs_little_more_than_one_row_with_history(
    client: Client, office: Office
):
    client.force_login(office.clerk)
    kpi = Kpi.objects.get(code="B7")
    draft = reverse("kpi:save-draft", kwargs={"pk": kpi.pk, "year": PERIOD})
    bare = f"/bare/{kpi.pk}/"
    version = ""

    def save(at: int) -> None:
        nonlocal version
        typed = {"input:0": f"{at}", "input:1": "400", "version": version}
        assert client.post(draft, typed).status_code == 200
        version = str(Entry.objects.values_list("version", flat=True).get())

    def save_one(at: int) -> None:
        assert client.post(bare, {"value": f"{at}"}).status_code == 200
        # What the other asks for beside its page.
        Target.objects.values_list("value", flat=True).get(kpi=kpi)

    save(1), save_one(1)
    ratios = []
    for at in range(ROUNDS):
        first = 2 + at * TIMES
        ratios.append(seconds_of(save, first) / seconds_of(save_one, first))
    ratio = sorted(ratios)[ROUNDS // 2]
    with CaptureQueriesContext(connection) as captured:
        save(399)
    entry = Entry.objects.get()
    assert entry.version == 2 + ROUNDS * TIMES
    assert str(entry.value) == "99.750000"
    print(
        f"\nsaving a value: {ratio:.2f}x a bare view that saves one row with history"
        f" (at most {MOST}x), {len(captured)} queries"
    )
    assert ratio <= MOST
