"""A section's figures on their way: typed, kept, known to others, signed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from bsc.periods import Period
from kpi.models import Entry, Kpi, KpiOwner, Result
from kpi.services import entries, owners, review
from kpi.services.definitions import definition_of
from kpi.services.refusals import Conflict, NotReady
from tests.factories import make_actual, make_kpi, make_target
from tests.integration.offices import AT, PERIOD, Office, again, fresh

pytestmark = pytest.mark.django_db

FORMULA = "(依限完成件數/通報件數)*100%"


@pytest.fixture
def office() -> Office:
    return Office()


def code_of(error) -> str:
    return error.value.code


def test_whatever_is_typed_is_kept_right_or_wrong(office: Office):
    entry = office.save({"value": "about ninety", "explanation": "  "})

    entry = again(entry)
    assert entry.typed == {"value": "about ninety", "explanation": "  "}
    assert (entry.value, entry.state, entry.version) == (None, "draft", 1)
    assert (entry.entered_by, entry.entered_at) == (office.clerk, AT)


def test_what_the_boxes_say_is_kept_beside_what_was_typed(office: Office):
    entry = again(office.save({"value": "１,０９０．５", "months": "7-12"}))

    assert entry.typed["value"] == "１,０９０．５"
    assert str(entry.value) == "1090.500000"
    assert (entry.month_from, entry.month_until) == (7, 12)


def test_boxes_that_are_not_sent_stay_and_an_empty_text_empties_its_box(office: Office):
    entry = office.save({"value": "90", "explanation": "人力不足"})
    entry = office.save({"value": "91"}, version=entry.version)
    assert entry.typed == {"value": "91", "explanation": "人力不足"}

    entry = again(office.save({"explanation": ""}, version=entry.version))
    assert (entry.typed, entry.explanation, entry.version) == ({"value": "91"}, "", 3)


def test_a_formula_gives_the_value_and_keeps_its_inputs(office: Office):
    kpi = office.make_kpi("AC1.2", owners=(office.adult,), formula_text=FORMULA)

    entry = again(office.save({"input:0": "45", "input:1": "46"}, kpi=kpi))

    assert str(entry.value) == "97.830000"
    told = {each["label"]: each["value"] for each in entry.computation["inputs"]}
    assert told == {"依限完成件數": "45", "通報件數": "46"}


def test_the_second_person_is_told_who_changed_what_and_loses_nothing(office: Office):
    first = office.save({"value": "90", "explanation": "甲"})
    office.save(
        {"value": "91"},
        by=office.colleague,
        at=AT + timedelta(minutes=5),
        version=first.version,
    )
    office.save(
        {"explanation": "乙"}, at=AT + timedelta(minutes=7), version=first.version + 1
    )

    with pytest.raises(Conflict) as refused:
        office.save({"value": "92", "explanation": "甲"}, version=first.version)

    conflict = refused.value
    assert conflict.code == "stale"
    assert conflict.params == {"who": "Clerk", "at": "01-11 10:37"}
    told = [
        (each.box, each.stands, each.mine, each.who, each.at)
        for each in conflict.differences
    ]
    assert told == [
        ("value", "91", "92", "Colleague", "01-11 10:35"),
        ("explanation", "乙", "甲", "Clerk", "01-11 10:37"),
    ]
    assert conflict.typed == {"value": "92", "explanation": "甲"}
    assert again(first).typed == {"value": "91", "explanation": "乙"}


def test_the_same_sent_again_is_no_conflict_and_writes_nothing(office: Office):
    first = office.save({"value": "90"})
    # The answer was lost on the way; the page sends what it has once more.
    repeated = office.save({"value": "90"})
    later = office.save({"value": "90"}, by=office.colleague, version=None)

    assert repeated.pk == later.pk == first.pk
    assert again(first).version == 1
    assert again(first).entered_by == office.clerk


def test_a_first_write_finds_that_somebody_was_there_before(office: Office):
    office.save({"value": "90"})

    with pytest.raises(Conflict) as refused:
        office.save({"value": "91"}, by=office.colleague)
    assert refused.value.entry.typed == {"value": "90"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"no-such-box": "1"}, "unknown-box"),
        ({"input:0": "1"}, "unknown-box"),
        ({"explanation": "字" * 5001}, "too-long"),
    ],
)
def test_what_no_page_sends_is_refused(office: Office, typed: dict, code: str):
    with pytest.raises(ValidationError) as refused:
        office.save(typed)
    assert code_of(refused) == code
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"value": "9" * 5000},
        {"value": "1e400"},
        {"value": "NaN"},
        {"value": "\0\ud7ff", "text": "字" * 5000},
        {"late_reason": "字" * 5000, "absence_reason": "字" * 5000},
        {"remedy_due_on": "112.13.45", "months": "0-99"},
        {"absence": "nonsense", "control": "nonsense", "reached": "perhaps"},
        {"value": "1", "absence": "not-measured"},
        {"value": "123456789012345.123456789"},
        {"innovation": "1e9", "light": "purple", "basis": "字" * 5000},
    ],
)
def test_absurd_boxes_are_kept_as_typed_and_break_nothing(office: Office, typed: dict):
    kpi = office.make_kpi("AC1.3", owners=(office.adult,))
    kpi.targets.all().delete()
    kpi.targets.create(year=2020, text="高於6都平均值")

    entry = again(office.save(typed, kpi=kpi))

    wanted = {name: text.replace("\0", "") for name, text in typed.items()}
    assert entry.typed == wanted
    with pytest.raises(NotReady):
        office.submit(entry)


def test_a_closed_card_and_a_withdrawn_kpi_take_nothing(office: Office):
    withdrawn = office.make_kpi("W1", owners=(office.adult,), is_withdrawn=True)
    with pytest.raises(ValidationError) as refused:
        office.save(kpi=withdrawn)
    assert code_of(refused) == "withdrawn"

    office.card.status = "closed"
    office.card.save()
    with pytest.raises(ValidationError) as refused:
        office.save()
    assert code_of(refused) == "closed-card"


def test_a_card_takes_figures_of_its_own_year_only(office: Office):
    with pytest.raises(ValidationError) as refused:
        entries.save_draft(
            kpi=fresh(office.kpi),
            period=Period(2021),
            typed={"value": "1"},
            by=office.clerk,
            at=AT,
            version=None,
        )
    assert code_of(refused) == "wrong-period"


def test_only_staff_of_a_responsible_unit_enter(office: Office):
    allowed = set()
    for name, person in office.people.items():
        kpi = office.make_kpi(f"K-{name}", owners=(office.adult,))
        try:
            office.save(kpi=kpi, by=person)
        except ValidationError as error:
            assert error.code == "not-your-unit"
        else:
            allowed.add(name)
    assert allowed == {"clerk"}


def test_an_imported_figure_is_changed_by_a_reopening_only(office: Office):
    make_actual(office.kpi, "88")
    with pytest.raises(ValidationError) as refused:
        office.save()
    assert code_of(refused) == "locked"


def test_any_responsible_section_enters_until_the_planner_names_one(office: Office):
    kpi = office.make_kpi("AC1.4", owners=(office.adult, office.child))
    office.save({"value": "1"}, kpi=kpi, by=office.neighbour)

    owners.name_editor(kpi=fresh(kpi), unit=office.adult, by=office.ines)
    with pytest.raises(ValidationError) as refused:
        office.save({"value": "2"}, kpi=kpi, by=office.neighbour, version=1)
    assert code_of(refused) == "not-the-editor"
    assert "成保組" in refused.value.messages[0]
    office.save({"value": "2"}, kpi=kpi, by=office.clerk, version=1)

    owners.name_editor(kpi=fresh(kpi), unit=office.child, by=office.ines)
    office.save({"value": "3"}, kpi=kpi, by=office.neighbour, version=2)
    named = KpiOwner.history.filter(is_editor=True).latest()
    assert (named.unit, named.history_user) == (office.child, office.ines)
    owners.name_editor(kpi=fresh(kpi), unit=None, by=office.ines)
    office.save({"value": "4"}, kpi=kpi, by=office.clerk, version=3)


def test_naming_an_editor_is_the_planners_and_of_an_owner(office: Office):
    kpi = office.make_kpi("AC1.4", owners=(office.adult,))
    for by, unit, code in (
        (office.boss, office.adult, "not-yours-to-plan"),
        (office.omar, office.adult, "not-yours-to-plan"),
        (office.ines, office.child, "not-an-owner"),
    ):
        with pytest.raises(ValidationError) as refused:
            owners.name_editor(kpi=fresh(kpi), unit=unit, by=by)
        assert code_of(refused) == code


def test_the_others_see_and_sign_once(office: Office):
    kpi = office.make_kpi("AC1.4", owners=(office.adult, office.child))
    entry = office.submitted(kpi=kpi)
    assert list(Entry.objects.to_sign_by(office.neighbour)) == [entry]
    assert not Entry.objects.to_sign_by(office.clerk).exists()

    sign = {"entry": entry, "unit": office.child, "at": AT}
    step = entries.sign(by=office.neighbour, **sign)

    assert (step.unit, step.by, step.said["value"]) == (
        office.child,
        office.neighbour,
        "90",
    )
    assert not Entry.objects.to_sign_by(office.neighbour).exists()
    for given, code in (
        ({"by": office.neighbour}, "already-signed"),
        ({"by": office.clerk}, "not-your-unit"),
        ({"by": office.clerk, "unit": office.adult}, "already-signed"),
        ({"by": office.clerk, "unit": office.bureau}, "not-an-owner"),
    ):
        with pytest.raises(ValidationError) as refused:
            entries.sign(**(sign | given))
        assert code_of(refused) == code


def test_a_signature_holds_for_what_was_sent_and_no_longer(office: Office):
    kpi = office.make_kpi("AC1.4", owners=(office.adult, office.child))
    entry = office.submitted(kpi=kpi)
    entries.sign(entry=entry, unit=office.child, by=office.neighbour, at=AT)
    back = office.return_entry(entry)
    later = AT + timedelta(hours=1)
    mended = office.save({"value": "91"}, kpi=kpi, version=back.version, at=later)
    sent = office.submit(mended, at=later)

    assert [owner.unit for owner in review.unsigned(again(sent))] == [office.child]
    assert list(Entry.objects.to_sign_by(office.neighbour)) == [sent]


def test_provisional_results_are_those_of_the_entries_under_way(office: Office):
    other = office.make_kpi("AC1.9", owners=(office.adult,))
    office.approved("100", kpi=other)
    entry = office.submitted("88")

    result = Result.objects.get(kpi=office.kpi)
    assert (result.standing, str(result.achievement)) == ("provisional", "110.000000")
    assert Result.objects.filter(kpi=other, standing="provisional").count() == 0

    entries.recall(entry=again(entry), by=office.clerk, at=AT, version=entry.version)
    assert not Result.objects.filter(kpi=office.kpi).exists()


def test_last_years_inputs_are_filled_in_for_a_change(office: Office):
    text = "(今年度轉介人數-去年度轉介人數)/去年度轉介人數*100%"
    before = make_kpi("OLD", formula_text=text, series=office.kpi.series)
    actual = make_actual(before, "5", "2019")
    actual.inputs.create(label="轉介人數", value=40)
    Kpi.objects.filter(pk=office.kpi.pk).update(formula_text=text)

    definition = definition_of(fresh(office.kpi), PERIOD)
    assert {label: str(value) for label, value in definition.previous.items()} == {
        "轉介人數": "40.000000"
    }
    entry = again(office.save({"input:0": "50"}))
    assert str(entry.value) == "25.000000"


def test_the_same_thing_told_otherwise_elsewhere_is_known(office: Office):
    name = "進入性侵害案件減少被害人重複陳述作業{}執行率"
    Kpi.objects.filter(pk=office.kpi.pk).update(name=name.format(""))
    city = make_kpi("EP5.2", name=name.format("之"))
    make_target(city)
    make_actual(city, "90.34")

    (told,) = definition_of(fresh(office.kpi), PERIOD).counterparts
    assert (told.label, str(told.value)) == (city.scorecard.unit.name, "90.340000")


def test_who_has_reported_is_asked_of_the_kpis(office: Office):
    drafted = office.make_kpi("B1", owners=(office.adult,))
    sent = office.make_kpi("B2", owners=(office.adult,))
    imported = office.make_kpi("B3", owners=(office.child,))
    nobodys = office.make_kpi("B4", owners=())
    office.save(kpi=drafted)
    office.submitted(kpi=sent)
    make_actual(imported)

    kpis = Kpi.objects.filter(scorecard=office.card)
    assert set(kpis.reported(PERIOD)) == {sent, imported}
    assert set(kpis.not_reported(PERIOD)) == {office.kpi, drafted, nobodys}
    assert set(kpis.without_owner()) == {nobodys}
    units = type(office.adult).objects.at_or_below([office.adult])
    assert set(kpis.entered_by_units(units, 2020)) == {office.kpi, drafted, sent}
    states = {
        kpi.code: (kpi.entry_state, kpi.is_in_force) for kpi in kpis.with_entry(PERIOD)
    }
    assert states == {
        "AC1.1": (None, False),
        "B1": ("draft", False),
        "B2": ("submitted", False),
        "B3": (None, True),
        "B4": (None, False),
    }
