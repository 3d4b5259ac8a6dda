"""What approval writes: the figure in force, its history, its inputs, what the card prints."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpi.models import Actual, Kpi, ReviewStep, Statement
from kpi.services.wordings import said_text
from tests.factories import (
    make_actual,
    make_statement,
)
from tests.integration.offices import AT, Office, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_card_prints_what_was_approved_and_never_otherwise(office: Office):
    office.kpi.targets.update(value=1200)
    office.approved("1234.5")
    statement = Statement.objects.get()
    assert (statement.text, statement.value, statement.scorecard) == (
        "1,234.50",
        Decimal("1234.5"),
        office.card,
    )
    entry = office.reopened()
    entry = office.save({"value": "1300"}, version=entry.version)
    office.approve(office.check(office.submit(entry)))

    assert Actual.objects.get().value == 1300
    assert Statement.objects.get().text == "1,234.50"


@pytest.mark.parametrize(
    ("typed", "before", "text"),
    [
        ({"value": "91.6"}, "88.50", "91.60"),
        ({"value": "91.6"}, "88.5%", "91.60%"),
        ({"value": "100"}, "88", "100"),
        ({"value": "100"}, "88.50", "100.00"),
        ({"value": "4143"}, "1200", "4143"),
        ({"value": "4143"}, "1,200", "4,143"),
        ({"value": "88", "months": "7-12"}, "85", "88 (109年7-12月)"),
        ({"value": "91.605"}, "88.50", "91.605"),
        ({"absence": "no-statistics", "absence_reason": "停辦"}, "", "無相關統計數據"),
    ],
)
def test_a_statement_is_printed_as_the_others_of_its_series(
    office: Office, typed: dict[str, str], before: str, text: str
):
    office.kpi.targets.update(value=Decimal(typed.get("value", "80")) - Decimal("0.1"))
    Kpi.objects.filter(pk=office.kpi.pk).update(measure="件次")
    if before:
        make_statement(office.kpi, before, "2019", value=Decimal(1))
    entry = office.submit_after_all(office.save(typed))
    office.approve(office.check(entry))
    assert Statement.objects.get(period="2020").text == text


def test_history_tells_who_changed_what_when_from_what_and_why(office: Office):
    office.approved("90")
    entry = office.reopened(reason="更正分母")
    assert Actual.objects.get().value == 90
    entry = office.save({"value": "95"}, version=entry.version, by=office.colleague)
    office.approve(office.check(office.submit(entry, by=office.colleague)))

    told = [
        (
            str(version.value),
            version.history_user,
            version.entered_by,
            version.approved_by,
            version.approved_at,
            version.history_change_reason,
        )
        for version in Actual.history.order_by("history_id")
    ]
    assert told == [
        (
            "90.000000",
            office.boss,
            office.clerk,
            office.boss,
            AT,
            f"entry {entry.pk}, Clerk",
        ),
        (
            "95.000000",
            office.boss,
            office.colleague,
            office.boss,
            AT,
            f"entry {entry.pk}, Colleague: 更正分母",
        ),
    ]
    step = ReviewStep.objects.get(action="reopened")
    assert (step.by, step.agreed_by, step.note) == (
        office.ines,
        office.boss,
        "更正分母",
    )


def test_inputs_of_a_formula_are_in_force_with_their_figure(office: Office):
    kpi = office.make_kpi(
        "AC1.2", owners=(office.adult,), formula_text="(完成件數/通報件數)*100%"
    )
    entry = office.save({"input:0": "45", "input:1": "50"}, kpi=kpi)
    actual = office.approve(office.check(office.submit(entry)))

    def told() -> list[tuple[str, str]]:
        return [(row.label, f"{row.value:f}") for row in actual.inputs.all()]

    assert told() == [("完成件數", "45.000000"), ("通報件數", "50.000000")]
    entry = office.reopened(kpi=kpi)
    assert entry.typed["input:1"] == "50"
    entry = office.save({"input:1": "46"}, kpi=kpi, version=entry.version)
    entry = office.submit_after_all(entry)
    actual = office.approve(office.check(entry))
    assert (f"{actual.value:f}", told()[1][1]) == ("97.830000", "46.000000")
    changed = actual.inputs.get(label="通報件數").history.latest()
    assert (changed.history_user, changed.history_type) == (office.boss, "~")


def test_a_figure_printed_meanwhile_is_shown_and_kept_beside(office: Office):
    entry = office.checked("90")
    make_actual(office.kpi, "46.15", version=3)
    make_statement(office.kpi, "46.15")

    with pytest.raises(ValidationError) as refused:
        office.approve(entry)
    (error,) = refused.value.error_list
    assert error.code == "in-force-changed"
    assert error.params == {
        "before": said_text({}),
        "now": "46.15",
        "entry": "90",
    }
    assert Actual.objects.get().value == Decimal("46.15")
    assert again(entry).state == "checked"

    office.approve(entry, confirmed=["in-force-changed"])
    actual = Actual.objects.get()
    assert (actual.value, actual.version) == (90, 4)
    assert Statement.objects.get().text == "46.15"
    assert [str(row.value) for row in actual.history.order_by("history_id")] == [
        "46.150000",
        "90.000000",
    ]


def test_the_same_figure_printed_meanwhile_asks_nothing(office: Office):
    entry = office.checked("90")
    make_actual(office.kpi, "90")
    assert office.approve(entry).entered_by == office.clerk
