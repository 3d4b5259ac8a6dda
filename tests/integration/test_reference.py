"""What every installation starts from: units with their names, rules, demonstration."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from bsc.accounts import make_demonstration
from bsc.models import ApiToken, Scorecard, Unit, UnitName, User
from bsc.permissions import Action, may
from bsc.services import UnitDirectory, load_units
from kpi.models import LightBand, RatingRules, Result
from sheets.models import ImportBatch
from tests import worlds
from tests.factories import make_kpi, make_scorecard, make_unit, make_user
from tests.integration.importing import import_all, rows_with_keys

pytestmark = pytest.mark.django_db

UNITS = json.loads((settings.BASE_DIR / "fixtures" / "units.json").read_text())
TRUTH = settings.BASE_DIR / "tests" / "truth"


@pytest.fixture
def reference() -> None:
    call_command("load_reference", verbosity=0)


def everything() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Unit, UnitName, RatingRules, LightBand)
    ]


def test_a_second_load_changes_nothing(reference):
    before = everything()

    call_command("load_reference", verbosity=0)

    assert everything() == before


def test_units_stand_where_the_design_puts_them(reference):
    centre = Unit.objects.get(code="dvpc")

    assert [unit.code for unit in Unit.objects.get_ancestors(centre)] == [
        "taipei",
        "dosw",
    ]
    assert centre.numchild == 8
    assert Unit.objects.get(code="group-e").lead.code == "dosw"


def test_every_name_of_the_published_sheets_is_known(reference):
    directory = UnitDirectory.load()
    centre = directory.by_code["dvpc"]
    names = set()
    for year in ("109", "110"):
        city = json.loads((TRUTH / f"city-{year}.json").read_text())
        for theme in city["themes"]:
            names |= {member["name"] for member in theme["agencies"]["members"]}
    work_plan = json.loads((TRUTH / "workplan-098.json").read_text())
    names |= set(work_plan["executing_agencies"])
    names |= {"社會局 （家暴防治中心）", "臺北市政府社會局", "台北市政府"}
    names.add("臺北市家庭暴力暨性侵害防治中心")
    card = json.loads((TRUTH / "center-111.json").read_text())
    sections = {owner for kpi in card["kpis"] for owner in kpi["owners"]}

    assert [name for name in names if directory.find(name) is None] == []
    assert len(sections) == 8
    assert [name for name in sections if not directory.find(name, near=centre)] == []


def test_the_labour_bureau_bears_the_name_of_the_year(reference):
    labour = UnitDirectory.load().find("勞工局")

    assert labour.name_in(2009) == "臺北市政府勞工局"
    assert labour.name_in(2020) == "臺北市政府勞動局"


def test_the_directory_costs_one_query(reference, django_assert_num_queries):
    with django_assert_num_queries(1):
        directory = UnitDirectory.load()
        directory.find("性保組", near=directory.by_code["dvpc"])


def test_a_section_is_known_only_around_its_own_unit():
    city = make_unit("city")
    health = make_unit("health", parent=city)
    police = make_unit("police", parent=city)
    make_unit("health-hr", parent=health, name="人事室", kind="section")
    directory = UnitDirectory.load()

    assert directory.find("人事室", near=health).code == "health-hr"
    assert directory.find("人事室", near=police) is None
    assert directory.find("人事室") is None


def test_a_name_that_several_bear_names_none():
    city = make_unit("city")
    make_unit(parent=city, name="甲局", short_name="甲")
    make_unit(parent=city, name="甲處", short_name="甲")

    assert UnitDirectory.load().find("甲") is None


@pytest.mark.parametrize(
    "text", ["社會局", "臺北市政府社會局", "台北市政府 社會局", "社 會 局", "社會局。"]
)
def test_a_name_is_known_however_it_was_typed(reference, text: str):
    assert UnitDirectory.load().find(text).code == "dosw"


def test_what_a_person_changed_stays(reference):
    person = make_user()
    unit = Unit.objects.get(code="dol")
    unit.short_name = "勞局"
    unit._history_user = person
    unit.save()
    UnitName.objects.create(unit=unit, name="勞動處")
    removed = UnitName.objects.get(unit=unit, name="勞工局")
    removed._history_user = person
    removed.delete()
    rules = RatingRules.objects.get(level="bureau")
    rules.is_adopted = True
    rules._history_user = person
    rules.save()

    call_command("load_reference", verbosity=0)

    unit.refresh_from_db()
    rules.refresh_from_db()
    assert unit.short_name == "勞局"
    assert set(unit.names.values_list("name", flat=True)) == {
        "勞動處",
        "臺北市政府勞工局",
        "臺北市政府勞動局",
        "勞動局",
    }
    assert rules.is_adopted


def test_a_changed_reference_changes_what_nobody_touched(reference):
    definitions = [row | {"name": "新名"} for row in UNITS if row["code"] == "taipei"]

    done = load_units(definitions)

    assert done.changed == 1
    assert Unit.objects.get(code="taipei").name == "新名"


def test_the_default_bands_wait_for_a_planner(reference):
    default = RatingRules.objects.filter(standing="default")

    assert default.count() == 2
    assert not default.filter(is_adopted=True).exists()


def test_the_demonstration_has_one_account_a_role(reference, tmp_path: Path):
    path = tmp_path / "accounts.json"

    first = make_demonstration(path)
    again = make_demonstration(path)

    assert again == first
    assert len(first) == len({person["role"] for person in first}) == 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ApiToken.objects.count() == 5
    assert not ApiToken.objects.filter(digest__in=[p["token"] for p in first]).exists()
    for person in first:
        user = User.objects.get(username=person["username"])
        assert user.is_demonstration
        assert user.check_password(person["password"])
    planner = User.objects.get(username="planner")
    assert may(planner, Action.IMPORT, Unit.objects.get(code="dvpc"))


def test_a_real_account_is_never_made_a_demonstration(
    reference, settings, tmp_path: Path
):
    settings.DEBUG = True
    admin = make_user("admin")

    with pytest.raises(CommandError, match=r"帳號|account"):
        call_command("load_demo", accounts=tmp_path / "accounts.json")

    admin.refresh_from_db()
    assert not admin.is_demonstration


def test_no_demonstration_where_debug_is_off(reference, settings, tmp_path: Path):
    settings.DEBUG = False

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo", accounts=tmp_path / "accounts.json")

    assert refusal.value.returncode == 1
    assert not User.objects.exists()


def test_the_demonstration_brings_every_workbook_in_once(
    reference, settings, tmp_path: Path
):
    settings.DEBUG = True
    told = [StringIO(), StringIO()]

    for out in told:
        call_command("load_demo", accounts=tmp_path / "accounts.json", stdout=out)

    batches = ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED)
    assert batches.count() == len(
        list((settings.BASE_DIR / "fixtures").glob("*/*.xlsx"))
    )
    assert Scorecard.objects.filter(unit__code="group-e", year=2020).exists()
    assert Result.objects.count() == 19
    first, second = (out.getvalue().partition("\nDengta")[2] for out in told)
    assert first == second
    assert first.count("API token: dengta_") == 5


def test_a_world_that_is_copied_is_the_one_that_was_made():
    made_by = []

    def prepare() -> None:
        import_all(["group-e-109"])
        made_by.append("the import")

    with transaction.atomic():
        worlds.bring("of this test", prepare)
        made = rows_with_keys()
        transaction.set_rollback(True)
    assert not Unit.objects.exists()

    worlds.bring("of this test", prepare)

    assert made_by == ["the import"]
    assert rows_with_keys() == made
    assert made["bsc.HistoricalObjective"]
    # What comes after gets keys of its own.
    make_kpi(scorecard=make_scorecard())
