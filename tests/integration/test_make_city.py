"""模擬市: made by the services, marked on every page, and apart from real units."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from bsc.services import UnitDirectory, save_unit
from kpi.boards.entry_words import spread_of
from kpi.boards.wall import wall_board
from kpi.models import (
    Actual,
    Entry,
    Erratum,
    Kpi,
    Result,
    ReviewStep,
    Round,
    SelfRating,
    Statement,
    Target,
)
from kpi.services.definitions import definition_of
from reports.documents.scorecard_json import scorecard_as_json
from reports.documents.seals import holds
from reports.simulation.bulk import Size, make_bulk
from reports.simulation.city_cards import CARDS
from reports.simulation.demo import make_demo
from reports.simulation.invention import invented
from reports.simulation.plans import ACCOUNTS, CITY, UNITS
from tests.factories import (
    make_actual,
    make_kpi,
    make_scorecard,
    make_self_rating,
    make_unit,
    make_user,
)
from tests.integration.importing import kept_for_a_module, load_reference

NOW = datetime(2026, 6, 10, 2, 30, tzinfo=UTC)
FIRST, BEFORE, CURRENT = "2023", "2024", "2025"
SEED = 7
MARK = "Simulated data"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Let 模擬市 stand for all tests of this module."""

    def prepare() -> None:
        load_reference()
        assert make_demo(seed=SEED, now=NOW)

    with kept_for_a_module(django_db_blocker, prepare):
        yield


@pytest.fixture
def client(client: Client, settings) -> Client:
    # Its people are demonstrations, who log in under DEBUG alone.
    settings.DEBUG = True
    client.cookies["django_language"] = "en"
    return client


def counts() -> dict[str, int]:
    models = (Unit, User, Scorecard, Kpi, Target, Actual, Entry, ReviewStep, Statement)
    return {model.__name__: model.objects.count() for model in models}


def test_one_seed_gives_one_city_and_another_seed_another():
    card = CARDS[0]

    def told(seed: int) -> list:
        years = (2023, 2024, 2025)
        return [invented(plan, card.unit, years, seed) for plan in card.kpis]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_every_seed_tells_the_story_that_is_planned():
    years = (2023, 2024, 2025)
    told = [
        (plan, at, one)
        for seed in range(1, 40)
        for card in CARDS
        for plan in card.kpis
        for at, one in enumerate(invented(plan, card.unit, years, seed))
    ]
    for plan, at, one in told:
        is_missed = plan.outcomes[at] in "MFP"
        assert ("remedy" in one.typed) == is_missed, plan
        assert not is_missed or (plan.cause and plan.remedy), plan
        if "value" in one.typed:
            is_below = Decimal(one.typed["value"]) < Decimal(plan.targets[at])
            assert (is_below != plan.is_negative) == is_missed, plan


def test_every_light_occurs_and_remedies_work(city, db):
    lights = {
        year: Counter(
            Result.objects.filter(period=year, standing="official").values_list(
                "light", flat=True
            )
        )
        for year in (FIRST, BEFORE, CURRENT)
    }
    assert set(lights[FIRST]) == {"excellent", "good", "fair", "poor", "unknown"}
    assert set(lights[CURRENT]) >= {"excellent", "good", "fair", "poor"}
    for card in CARDS:
        for plan in card.kpis:
            results = Result.objects.filter(
                kpi__scorecard__unit__code=card.unit, kpi__code=plan.code
            ).order_by("period")
            for at, result in zip(range(2), results, strict=False):
                letter = plan.outcomes[at]
                is_exempt = result.kpi.is_exempt
                wanted = {
                    "E": "excellent",
                    "G": "good",
                    "M": "good",
                    "F": "fair",
                    "P": "poor",
                    "U": "unknown",
                }[letter]
                assert result.light == ("unknown" if is_exempt else wanted), plan.code
                assert result.is_reached == {"U": None}.get(letter, letter in "EG")
    missed = Actual.objects.filter(
        period=FIRST,
        series__kpis__results__is_reached=False,
        series__kpis__results__period=FIRST,
    )
    assert missed.count() >= 10
    assert all(one.explanation and one.remedy and one.control for one in missed)


def test_its_figures_went_the_whole_way_by_different_people(city, db):
    steps = Counter(ReviewStep.objects.values_list("action", flat=True))
    assert set(steps) >= {
        "submitted",
        "recalled",
        "signed",
        "checked",
        "approved",
        "returned",
        "asked",
        "reopened",
    }
    assert not ReviewStep.objects.filter(at__gte=NOW).exists()
    for entry in Entry.objects.filter(state="approved").prefetch_related("writers"):
        steps = list(entry.steps.order_by("at", "pk"))
        moments = [step.at for step in steps]
        assert moments == sorted(moments)
        approver = steps[-1].by
        assert steps[-1].action == "approved"
        assert approver not in entry.writers.all()
        actual = entry.kpi.series.actuals.get(period=entry.period)
        assert actual.value == entry.value
        assert actual.history.latest("history_date").history_date == steps[-1].at
    again = Entry.objects.get(steps__action="reopened")
    figures = again.kpi.series.actuals.get(period=again.period).history
    assert len(set(figures.values_list("value", flat=True))) == 2


def test_the_first_year_is_sealed_with_an_erratum_and_its_seal_holds(city, db):
    cards = Scorecard.objects.filter(year=int(FIRST))
    assert {card.status for card in cards} == {"closed"}
    assert all(holds(card) for card in cards)
    assert json.loads(cards[0].seal.content)["simulated"] is True
    erratum = Erratum.objects.get()
    assert (erratum.state, erratum.scorecard.unit.code) == ("approved", CITY)


def test_the_current_round_is_half_done(city, db):
    planner = User.objects.get(username="sim-planner")
    states: Counter[str] = Counter()
    boards = [
        wall_board(round, planner, only_open=False)
        for round in Round.objects.filter(period=CURRENT)
    ]
    for board in boards:
        states.update({code: number for code, _word, number in board.counts})
    assert set(states) == {
        "empty",
        "draft",
        "returned",
        "submitted",
        "checked",
        "approved",
    }
    assert all(states.values())
    sent = sum(board.sent for board in boards)
    total = sum(board.total for board in boards)
    assert total / 3 < sent < total
    assert Kpi.objects.without_owner().filter(scorecard__year=int(CURRENT)).count() == 1
    assert Entry.objects.exclude(late_reason="").count() == 1
    late = [
        cell
        for board in boards
        for card in board.cards
        for row in card.rows
        for cell in row.cells
        if cell.is_late
    ]
    assert {"submitted", "empty", "draft"} <= {cell.state for cell in late}
    assert Result.objects.filter(period=CURRENT, standing="provisional").exists()


def test_a_second_run_changes_nothing(city, db, settings, tmp_path: Path):
    settings.DEBUG = True
    told = [StringIO(), StringIO()]
    before = counts()

    for out in told:
        call_command(
            "make_city", demo=True, accounts=tmp_path / "accounts.json", stdout=out
        )

    assert counts() == before
    assert told[0].getvalue() == told[1].getvalue()
    assert told[0].getvalue().count("API token: dengta_") == len(ACCOUNTS) == 4
    kept = json.loads((tmp_path / "accounts.json").read_text())
    for person in ACCOUNTS:
        user = User.objects.get(username=person.username)
        assert user.check_password(kept[person.username]["password"])
    # Nobody else of the city can log in.
    others = User.objects.exclude(username__in=kept)
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_without_debug_no_account_is_opened(city, db, settings, tmp_path: Path):
    settings.DEBUG = False
    out = StringIO()

    call_command(
        "make_city", demo=True, accounts=tmp_path / "accounts.json", stdout=out
    )

    assert "password" not in out.getvalue()
    assert not (tmp_path / "accounts.json").exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_real_account_is_left_alone(city, db):
    # As if the city were not there, and one of its people a real one.
    Unit.objects.filter(code=CITY).update(code="other")
    User.objects.filter(username="sim-head").update(is_demonstration=False)
    before = counts()

    with pytest.raises(CommandError):
        call_command("make_city", demo=True)

    assert counts() == before


def test_every_kind_of_page_is_marked(city, db, client: Client):
    kpi = Kpi.objects.get(
        scorecard__unit__code=CITY, scorecard__year=int(CURRENT), code="CC1.1"
    )
    place = {"code": CITY, "year": int(CURRENT)}
    section = {"code": "sim-care-home", "year": int(CURRENT)}
    round = Round.objects.filter(period=CURRENT).latest("pk")
    entry = Entry.objects.filter(kpi=kpi).get()
    pages = {
        "sim-manager": [
            reverse("reports:home"),
            *(
                reverse(f"reports:{tab}", kwargs=place)
                for tab in ("map", "scorecard", "results", "lights")
            ),
            reverse("reports:seal", kwargs={**place, "year": int(FIRST)}),
            kpi.get_absolute_url(),
            kpi.objective.get_absolute_url(),
            reverse("kpi:review-queue"),
            reverse("kpi:entry-detail", kwargs={"pk": entry.pk}),
            reverse("bsc:inbox"),
        ],
        "sim-staff": [
            *(
                reverse(f"kpi:{tab}", kwargs=section)
                for tab in (
                    "entry",
                    "entry-grid",
                    "entry-sent",
                    "entry-years",
                    "entry-print",
                    "send",
                )
            ),
        ],
        "sim-planner": [
            reverse("reports:close", kwargs=place),
            reverse("kpi:plan", kwargs=place),
            reverse("reports:kpi-history", kwargs={"pk": kpi.pk}),
            reverse("kpi:round-list"),
            reverse("kpi:round-new"),
            reverse("kpi:round", kwargs={"pk": round.pk}),
            reverse("kpi:round-edit", kwargs={"pk": round.pk}),
            reverse("kpi:wall", kwargs={"pk": round.pk}),
            reverse("kpi:ask-reopening", kwargs={"pk": kpi.pk, "year": int(CURRENT)}),
        ],
    }
    for username, addresses in pages.items():
        client.force_login(User.objects.get(username=username))
        for address in addresses:
            shown = client.get(address)
            assert shown.status_code == 200, address
            assert shown.content.decode().count(MARK) == 2, address


def test_what_is_exported_is_marked(city, db, client: Client, tmp_path: Path):
    client.force_login(User.objects.get(username="sim-manager"))
    for address in (
        reverse("reports:scorecard-json", kwargs={"code": CITY, "year": int(CURRENT)}),
        f"/api/v1/scorecards/{CITY}/{int(CURRENT) - 1911}",
        f"/api/v1/results/{CITY}/{int(CURRENT) - 1911}",
    ):
        assert client.get(address).json()["simulated"] is True, address
    units = {
        one["code"]: one["simulated"] for one in client.get("/api/v1/units").json()
    }
    assert (units[CITY], units["taipei"]) == (True, False)
    file = tmp_path / "card.json"
    year = str(int(CURRENT) - 1911)
    call_command(
        "export_sheet", "scorecard", unit=CITY, year=year, format="json", output=file
    )
    assert json.loads(file.read_text())["simulated"] is True


def test_real_units_and_simulated_ones_do_not_mix(city, db, client: Client):
    taipei = Unit.objects.get(code="taipei")
    card = make_scorecard(taipei, int(BEFORE), vision="成為宜居永續城市")
    kpi = make_kpi(scorecard=card, name="長照服務涵蓋率", measure="%")
    make_actual(kpi, "99", BEFORE)
    make_self_rating(kpi, period=BEFORE)
    auditor = make_user(role="auditor", unit=taipei)
    client.force_login(auditor)

    home = client.get("/").content.decode()
    page = client.get(card.get_absolute_url()).content.decode()
    of_city = client.get(f"/units/{CITY}/").url
    simulated = client.get(of_city).content.decode()

    # Their own map and units, and one way to try things out.
    assert "成為宜居永續城市" in home
    assert home.count("模擬市") == 1
    assert f'<a href="{of_city}">模擬市</a>' in home
    assert "模擬市" not in page and MARK not in page
    assert "模擬市長青照顧中心" in simulated and "臺北市政府" not in simulated
    assert "simulated" not in scorecard_as_json(card)
    # No figure of one is held against the other's.
    kpi = Kpi.objects.with_owners().get(pk=kpi.pk)
    assert definition_of(kpi, Period(int(BEFORE))).counterparts == ()
    assert all("(1 KPIs)" in one.words for one in spread_of(Period(int(BEFORE))))
    # A sheet that names a unit of ours finds none of theirs.
    directory = UnitDirectory.load()
    assert directory.find("模擬市長青照顧中心", near=taipei) is None
    city_unit = Unit.objects.get(code=CITY)
    found = directory.find("模擬市長青照顧中心", near=city_unit)
    assert found is not None and found.code == "sim-care"


def test_units_below_a_simulated_one_are_simulated_and_stay_there(city, db):
    assert Unit.objects.filter(is_simulated=True).count() == len(UNITS)
    city_unit, taipei = (Unit.objects.get(code=code) for code in (CITY, "taipei"))

    below = make_unit("sim-new", parent=city_unit)

    assert below.is_simulated
    assert not make_unit(parent=taipei).is_simulated
    with pytest.raises(ValidationError):
        save_unit(unit=below, parent=taipei)
    with pytest.raises(ValidationError):
        save_unit(unit=Unit.objects.get(code="dvpc-hr"), parent=city_unit)


def test_a_city_of_any_size_is_written_at_once_and_rated(city, db):
    size = Size(units=3, kpis=5, years=2)

    made = make_bulk(size=size, seed=1, now=NOW)

    assert made is not None and made.is_simulated
    kpis = Kpi.objects.filter(scorecard__unit__path__startswith=made.path)
    assert kpis.count() == size.kpi_years == 30
    assert Kpi.history.filter(id__in=kpis).count() == 30
    assert kpis.filter(owners__isnull=False, targets__isnull=False).count() == 30
    series = kpis.values("series")
    for model in (Actual, Statement):
        assert model.objects.filter(series__in=series).count() == 30
    assert SelfRating.objects.filter(kpi__in=kpis).count() == 30
    lit = Result.objects.filter(kpi__in=kpis).exclude(light="unknown")
    assert lit.count() == 30
    assert len(set(lit.values_list("light", flat=True))) >= 3
    below = Unit.objects.filter(path__startswith=made.path)
    assert below.filter(is_simulated=True).count() == below.count() == 4
    before = counts()
    assert make_bulk(size=size, seed=1, now=NOW) is None
    assert counts() == before
