"""KPIs over the API: what a score would be, and the figures of a series."""

from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Body, Router, Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator, ConfigDict, Field

from bsc.numbers import half_up
from bsc.periods import Period, common_era
from kpi import scoring
from kpi.models import Kpi, RatingRules, Series, Statement
from kpi.scoring import ActualFigure, Comparator, Direction, Rating, TargetFigure
from kpi.services import rules_of
from kpi.wording import trace_text

router = Router(tags=["kpis"])

# With more digits a ratio of two of them would outgrow what the rules reckon with.
Number = Annotated[Decimal, Field(max_digits=25, allow_inf_nan=False)]
Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=25)]


def _spelt(text: object) -> object:
    """Return a comparator as we write it: >= is ≥."""
    if isinstance(text, str) and text:
        try:
            return str(Comparator.parse(text))
        except ValueError:
            return text
    return text or None


class Question(Schema):
    """One KPI as it might stand; numbers as decimal strings."""

    # A name spelt wrong is told, and not taken for a figure that is missing.
    model_config = ConfigDict(extra="forbid")

    direction: Literal["positive", "negative", "unconfirmed"] | None = None
    target: Number | None = None
    comparator: Annotated[
        Literal["≥", ">", "≤", "<", "="] | None, BeforeValidator(_spelt)
    ] = None
    actual: Number | None = None
    innovation: Points | None = None
    challenge: Points | None = None
    contribution: Points | None = None
    exempt: bool = False
    rules: str = "109"


class Answer(Schema):
    """What the rules give; None is what they do not. Percent, points, words."""

    achievement: str | None
    reached: bool | None
    total: str | None
    light: str
    trace: list[str]


@router.post("/score", response=list[Answer])
def score(
    request: HttpRequest,
    questions: Body[Annotated[list[Question], Field(max_length=1000)]],
) -> list[dict]:
    """Score what-if figures; nothing is stored. At most 1,000 at once."""
    rules = {
        name: _city_rules(name) for name in {question.rules for question in questions}
    }
    return [_answer(question, rules[question.rules]) for question in questions]


def _city_rules(name: str) -> scoring.Rules:
    try:
        year = common_era(name)
    except ValueError as error:
        raise HttpError(422, f"rules: no year: {name}") from error
    row = (
        RatingRules.objects.filter(level=RatingRules.Level.CITY, year=year)
        .prefetch_related("bands")
        .first()
    )
    if row is None:
        raise HttpError(422, f"rules: the city has none for {name}")
    return rules_of(row)


def _answer(question: Question, rules: scoring.Rules) -> dict:
    comparator = question.comparator
    result = scoring.score(
        Direction(question.direction or "unconfirmed"),
        TargetFigure(question.target, Comparator(comparator) if comparator else None)
        if question.target is not None
        else None,
        ActualFigure(question.actual) if question.actual is not None else None,
        Rating.of(question.innovation, question.challenge, question.contribution),
        rules,
        exempt=question.exempt,
    )
    achievement = result.achievement
    return {
        "achievement": None if achievement is None else f"{half_up(achievement, 6):f}",
        "reached": result.reached,
        "total": None if result.total is None else f"{result.total:f}",
        "light": str(result.light),
        "trace": trace_text(result.trace).splitlines(),
    }


class PointOut(Schema):
    """What one card prints of a series for one period."""

    period: str
    unit: str
    simulated: bool
    year: int
    plan: str
    text: str
    value: str | None
    comparator: str | None
    absence: str | None
    note: str | None
    cell: str


class SeriesOut(Schema):
    """A series with the codes it bears and what its cards print."""

    id: int
    name: str
    kpis: list[dict]
    statements: list[PointOut]


@router.get("/series/{series_id}", response=SeriesOut)
def series(request: HttpRequest, series_id: int) -> dict:
    """Return one KPI through its years: its codes and its printed figures."""
    # By its key alone, which may be a number larger than any table holds.
    found = get_object_or_404(Series, pk=series_id)
    kpis = list(
        Kpi.objects.visible_to(request.user)
        .filter(series=found)
        .select_related("scorecard__unit")
        .order_by("scorecard__year")
    )
    if not kpis:
        raise HttpError(404, "Not Found")
    statements = (
        Statement.objects.filter(
            series=found, scorecard__in=[kpi.scorecard_id for kpi in kpis]
        )
        .select_related("scorecard__unit")
        .order_by("period", "scorecard__year")
    )
    return {
        "id": series_id,
        "name": found.name,
        "kpis": [
            {
                "unit": kpi.scorecard.unit.code,
                "simulated": kpi.scorecard.unit.is_simulated,
                "year": kpi.scorecard.roc_year,
                "plan": kpi.scorecard.plan,
                "code": kpi.code,
                "name": kpi.name,
            }
            for kpi in kpis
        ],
        "statements": [
            {
                "period": Period.parse(row.period).roc_code,
                "unit": row.scorecard.unit.code,
                "simulated": row.scorecard.unit.is_simulated,
                "year": row.scorecard.roc_year,
                "plan": row.scorecard.plan,
                "text": row.text,
                "value": None if row.value is None else f"{row.value.normalize():f}",
                "comparator": row.comparator or None,
                "absence": row.absence or None,
                "note": row.note or None,
                "cell": row.cell,
            }
            for row in statements
        ],
    }
