"""What other systems ask of the API."""

import json

import pytest
from django.core.management import call_command

from bsc.models import ApiToken, User
from tests.integration.importing import load_reference

SCORE = "/api/v1/score"


@pytest.fixture
def reference(db):
    load_reference()


@pytest.fixture
def bearer(db) -> dict[str, str]:
    """Return the headers of a person with a token and no role."""
    person = User.objects.create_user("vera")
    ApiToken.objects.create(user=person, name="test", digest=ApiToken.digest_of("key"))
    return {"authorization": "Bearer key"}


def ask(client, bearer, questions):
    return client.post(
        SCORE, json.dumps(questions), content_type="application/json", headers=bearer
    )


@pytest.mark.parametrize(
    ("question", "achievement", "reached", "total", "light"),
    [
        # EC1.2 of 109: 90.25, half up.
        (
            {
                "direction": "positive",
                "target": "40",
                "actual": "62.07",
                "innovation": "89",
                "challenge": "84",
                "contribution": "89",
            },
            "155.175000",
            True,
            "90.3",
            "good",
        ),
        # EP5.1: lower is better.
        (
            {
                "direction": "negative",
                "target": "3.57",
                "actual": "2.88",
                "innovation": "85",
                "challenge": "85",
                "contribution": "85",
            },
            "123.958333",
            True,
            "88.8",
            "good",
        ),
        # EP2.2: shown as it is, counted as 0.
        (
            {
                "direction": "positive",
                "target": "3.4",
                "actual": "-1",
                "innovation": "85",
                "challenge": "99",
                "contribution": "99",
            },
            "-29.411765",
            False,
            "70.8",
            "poor",
        ),
        # A missing part makes the total missing, never 0.
        (
            {"direction": None, "target": "81", "comparator": ">=", "actual": "81"},
            "100.000000",
            True,
            None,
            "unknown",
        ),
        # An exempt KPI has no total; reached is its own fact.
        (
            {"target": "1", "actual": "2", "exempt": True},
            "200.000000",
            True,
            None,
            "unknown",
        ),
    ],
)
def test_a_score_is_as_published(
    client, reference, bearer, question, achievement, reached, total, light
):
    response = ask(client, bearer, [question])

    assert response.status_code == 200
    (answer,) = response.json()
    assert answer.pop("trace")
    assert answer == {
        "achievement": achievement,
        "reached": reached,
        "total": total,
        "light": light,
    }


@pytest.mark.parametrize(
    "question",
    [
        {"target": "NaN"},
        {"target": "1e400"},
        {"actual": "twelve"},
        {"comparator": "about"},
        {"innovation": "101"},
        {"direction": "sideways"},
        {"rules": "42nd"},
        {"rules": "1"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(client, reference, bearer, question):
    assert ask(client, bearer, [question]).status_code == 422


def test_at_most_a_thousand_are_scored_at_once(client, reference, bearer):
    assert ask(client, bearer, [{}] * 1000).status_code == 200
    assert ask(client, bearer, [{}] * 1001).status_code == 422


def test_a_stranger_is_asked_who_they_are(client, reference):
    assert ask(client, {}, []).status_code == 401
    assert ask(client, {"authorization": "Bearer other"}, []).status_code == 401
    assert client.get("/api/v1/units").status_code == 401


def test_units_are_listed_with_what_is_above_them(client, reference, bearer):
    units = client.get("/api/v1/units", headers=bearer).json()

    by_code = {unit["code"]: unit for unit in units}
    assert by_code["taipei"]["parent"] is None
    assert by_code["dvpc"]["parent"] == "dosw"
    assert by_code["dvpc-sexual"]["parent"] == "dvpc"


def test_a_scorecard_and_its_results_come_whole(client, reference, bearer):
    call_command("import_sheet", "fixtures/workbooks/group-e-109.xlsx", verbosity=0)
    call_command("rate", verbosity=0)

    card = client.get("/api/v1/scorecards/group-e/109", headers=bearer).json()
    results = client.get("/api/v1/results/group-e/2020", headers=bearer).json()

    assert len(card["kpis"]) == 19
    assert len(results["results"]) == 19
    assert results["results"]["EP2.2"]["light"] == "poor"
    assert results["results"]["EP1.2"]["exempt"] is True
    kpi = card["kpis"][0]
    found = client.get("/api/v1/scorecards/group-e/108", headers=bearer)
    assert (kpi["code"], found.status_code) == ("EC1.1", 404)
