"""Rows for tests: plain functions with plain defaults; a test names what it is about."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from actions.models import ActionPlan, BudgetLine, PlanLink, PlanRow
from bsc.models import (
    Evidence,
    Job,
    Membership,
    Objective,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    Unit,
    User,
)
from bsc.services import save_unit
from kpi.models import (
    Actual,
    Entry,
    Erratum,
    Kpi,
    KpiOwner,
    LightBand,
    PublishedResult,
    RatingRules,
    Result,
    Round,
    Seal,
    SelfRating,
    Series,
    Statement,
    Target,
)
from kpi.services import digest_of
from sheets.models import ImportBatch

Role = Membership.Role
PASSWORD = "a password for tests"
_numbers = count(1)

BANDS = (("excellent", "92.5"), ("good", "80"), ("fair", "75"), ("poor", None))


def make_unit(
    code: str | None = None, *, parent: Unit | None = None, **fields: Any
) -> Unit:
    """Return a unit: the city without a parent, else a bureau below it."""
    number = next(_numbers)
    kind = Unit.Kind.BUREAU if parent is not None else Unit.Kind.CITY
    code = code or f"unit-{number}"
    defaults = {"name": f"單位{number}", "short_name": "", "kind": kind}
    unit = Unit(code=code, **(defaults | fields))
    return save_unit(unit=unit, parent=parent)


def make_user(
    username: str | None = None,
    *,
    role: str | None = None,
    unit: Unit | None = None,
    **fields: Any,
) -> User:
    """Return a person; with a role, in `unit` or in a unit of its own."""
    user = User(username=username or f"user{next(_numbers)}", **fields)
    user.set_password(PASSWORD)
    user.save()
    if role is not None:
        unit = unit or make_unit()
        Membership.objects.create(user=user, unit=unit, role=role)
    return user


def ines(unit: Unit) -> User:
    """Return Ines, who plans in `unit`: she edits."""
    return make_user("ines", display_name="Ines", role=Role.PLANNER, unit=unit)


def vera(unit: Unit) -> User:
    """Return Vera, who audits in `unit`: she sees and changes nothing."""
    return make_user("vera", display_name="Vera", role=Role.AUDITOR, unit=unit)


def omar() -> User:
    """Return Omar, who plans in a city of his own: he belongs elsewhere."""
    return make_user("omar", display_name="Omar", role=Role.PLANNER)


def make_scorecard(
    unit: Unit | None = None, year: int = 2020, **fields: Any
) -> Scorecard:
    return Scorecard.objects.create(unit=unit or make_unit(), year=year, **fields)


def make_sealed_card(by: User, unit: Unit, year: int = 2019) -> Scorecard:
    """Return a card closed by `by`, sealed with next to nothing in it."""
    card = make_scorecard(unit, year, status=Scorecard.Status.CLOSED)
    Seal.objects.create(
        scorecard=card,
        content="{}",
        digest=digest_of("{}"),
        sealed_by=by,
        sealed_at=timezone.now(),
    )
    return card


def make_erratum(by: User, card: Scorecard, **fields: Any) -> Erratum:
    """Return a correction that waits for a manager."""
    defaults = {
        "what": "願景",
        "printed": "安全",
        "corrected": "安心",
        "reason": "誤植",
    }
    return Erratum.objects.create(
        scorecard=card,
        proposed_by=by,
        proposed_at=timezone.now(),
        **(defaults | fields),
    )


def make_theme(
    scorecard: Scorecard | None = None, code: str = "E", **fields: Any
) -> Theme:
    defaults = {"name": "強化社會支持"}
    return Theme.objects.create(
        scorecard=scorecard or make_scorecard(), code=code, **(defaults | fields)
    )


def make_perspective(
    scorecard: Scorecard | None = None, code: str = "C", **fields: Any
) -> Perspective:
    defaults = {"name": "顧客"}
    return Perspective.objects.create(
        scorecard=scorecard or make_scorecard(), code=code, **(defaults | fields)
    )


def make_objective(
    scorecard: Scorecard | None = None, code: str | None = None, **fields: Any
) -> Objective:
    number = next(_numbers)
    defaults = {"name": f"策略目標{number}"}
    return Objective.objects.create(
        scorecard=scorecard or make_scorecard(),
        code=code or f"O{number}",
        **(defaults | fields),
    )


def make_success_factor(
    objective: Objective | None = None, **fields: Any
) -> SuccessFactor:
    defaults = {"name": "關鍵成功因素"}
    return SuccessFactor.objects.create(
        objective=objective or make_objective(), **(defaults | fields)
    )


def make_kpi(
    code: str | None = None,
    *,
    unit: Unit | None = None,
    scorecard: Scorecard | None = None,
    objective: Objective | None = None,
    owners: tuple[Unit, ...] = (),
    **fields: Any,
) -> Kpi:
    """Return a KPI, positive and in percent, on a card of `unit` where none is named."""
    number = next(_numbers)
    if objective is not None:
        scorecard = objective.scorecard
    scorecard = scorecard or make_scorecard(unit)
    defaults = {
        "name": f"指標{number}",
        "measure": "%",
        "direction": Kpi.Direction.POSITIVE,
    }
    values = defaults | fields
    series = values.pop("series", None) or Series.objects.create(name=values["name"])
    kpi = Kpi.objects.create(
        series=series,
        scorecard=scorecard,
        objective=objective or make_objective(scorecard),
        code=code or f"K{number}",
        **values,
    )
    for position, owner in enumerate(owners):
        KpiOwner.objects.create(kpi=kpi, unit=owner, name=owner.name, position=position)
    return kpi


def make_target(
    kpi: Kpi | None = None,
    value: str | None = "80",
    year: int | None = None,
    **fields: Any,
) -> Target:
    """Return a target of the card's year; `value` None wants a `text`."""
    kpi = kpi or make_kpi()
    return Target.objects.create(
        kpi=kpi,
        year=year or kpi.scorecard.year,
        value=None if value is None else Decimal(value),
        **fields,
    )


def make_actual(
    kpi: Kpi | None = None,
    value: str | None = "90",
    period: str | None = None,
    **fields: Any,
) -> Actual:
    """Return an approved figure of the card's year; `value` None wants text or absence."""
    kpi = kpi or make_kpi()
    defaults = {"state": Actual.State.APPROVED}
    return Actual.objects.create(
        series=kpi.series,
        period=period or str(kpi.scorecard.year),
        value=None if value is None else Decimal(value),
        **(defaults | fields),
    )


def make_entry(
    kpi: Kpi | None = None, value: str = "90", period: str | None = None, **fields: Any
) -> Entry:
    """Return a draft of the card's year in which a value was typed."""
    kpi = kpi or make_kpi()
    defaults = {"typed": {"value": value}, "value": Decimal(value)}
    return Entry.objects.create(
        kpi=kpi,
        period=period or str(kpi.scorecard.year),
        **(defaults | fields),
    )


def make_evidence(entry: Entry, by: User, name: str = "a.txt") -> Evidence:
    """Return a file that proves an entry's figure."""
    evidence = Evidence.objects.create(
        unit=by.held[0].unit,
        file=ContentFile(b"21", name),
        name=name,
        content_type="text/plain",
        size=2,
        digest="0" * 64,
        uploaded_by=by,
    )
    entry.evidence.add(evidence)
    return evidence


def make_statement(
    kpi: Kpi | None = None, text: str = "90%", period: str | None = None, **fields: Any
) -> Statement:
    kpi = kpi or make_kpi()
    return Statement.objects.create(
        scorecard=kpi.scorecard,
        series=kpi.series,
        period=period or str(kpi.scorecard.year),
        text=text,
        **fields,
    )


def make_self_rating(
    kpi: Kpi | None = None,
    points: tuple[str, str, str] = ("80", "85", "85"),
    **fields: Any,
) -> SelfRating:
    """Return a self-rating: innovation, challenge and contribution."""
    kpi = kpi or make_kpi()
    innovation, challenge, contribution = map(Decimal, points)
    defaults = {"period": str(kpi.scorecard.year)}
    return SelfRating.objects.create(
        kpi=kpi,
        innovation=innovation,
        challenge=challenge,
        contribution=contribution,
        **(defaults | fields),
    )


def make_rules(level: str = "city", year: int = 2020, **fields: Any) -> RatingRules:
    """Return the rules of 109: 25, 25, 30 and 20 percent, with their bands."""
    defaults = {
        "standing": RatingRules.Standing.INFERRED,
        "zero_target": "full-when-reached",
        "achievement_weight": Decimal("0.25"),
        "innovation_weight": Decimal("0.25"),
        "challenge_weight": Decimal("0.30"),
        "contribution_weight": Decimal("0.20"),
    }
    rules = RatingRules.objects.create(level=level, year=year, **(defaults | fields))
    for position, (light, lower) in enumerate(BANDS):
        LightBand.objects.create(
            rules=rules,
            light=light,
            lower=None if lower is None else Decimal(lower),
            position=position,
        )
    return rules


def make_round(scorecard: Scorecard | None = None, **fields: Any) -> Round:
    """Return the round of a card's year, in January of the next."""
    card = scorecard or make_scorecard()
    days = ("opens_on", 4), ("due_on", 15), ("check_due_on", 22)
    days = (*days, ("approve_due_on", 29), ("closes_on", 20))
    defaults = {
        "name": f"{card.roc_year}年",
        "period": str(card.year),
        **{name: date(card.year + 1, 1, day) for name, day in days},
    }
    found = Round.objects.create(**(defaults | fields))
    found.scorecards.add(card)
    return found


def make_result(
    kpi: Kpi | None = None,
    light: str = "good",
    total: str | None = "87.5",
    **fields: Any,
) -> Result:
    kpi = kpi or make_kpi()
    defaults = {
        "period": str(kpi.scorecard.year),
        "achievement": Decimal("110.625"),
        "is_reached": True,
        "fingerprint": "0" * 32,
        "computed_at": timezone.now(),
    }
    return Result.objects.create(
        kpi=kpi,
        light=light,
        total=None if total is None else Decimal(total),
        **(defaults | fields),
    )


def make_published_result(
    kpi: Kpi | None = None,
    light: str = "good",
    total: str | None = "87.5",
    **fields: Any,
) -> PublishedResult:
    kpi = kpi or make_kpi()
    defaults = {
        "period": str(kpi.scorecard.year),
        "achievement": Decimal("110.6"),
        "texts": {"total": total or "", "light": "●良", "achievement": "110.6"},
    }
    return PublishedResult.objects.create(
        kpi=kpi,
        light=light,
        total=None if total is None else Decimal(total),
        **(defaults | fields),
    )


def make_plan_row(
    kpi: Kpi | None = None, plans: tuple[str, ...] = ("行動計畫",), **fields: Any
) -> PlanRow:
    """Return a printed row of a KPI that names `plans`."""
    row = PlanRow.objects.create(kpi=kpi or make_kpi(), **fields)
    for position, name in enumerate(plans):
        plan, _made = ActionPlan.objects.get_or_create(name=name)
        PlanLink.objects.create(row=row, plan=plan, text=name, position=position)
    return row


def make_budget_line(
    row: PlanRow | None = None, amount: str | None = "1000", **fields: Any
) -> BudgetLine:
    """Return a budget of the card's year; `amount` None is 無."""
    row = row or make_plan_row()
    defaults = {
        "year": row.kpi.scorecard.year,
        "stage": BudgetLine.Stage.BUDGET,
        "kind": BudgetLine.Kind.NONE if amount is None else BudgetLine.Kind.AMOUNT,
        "amount": None if amount is None else Decimal(amount),
    }
    return BudgetLine.objects.create(row=row, **(defaults | fields))


def make_job(owner: User | None = None, **fields: Any) -> Job:
    """Return a job that is done."""
    defaults = {"kind": "rate", "task": "kpi.tasks.rate", "state": Job.State.DONE}
    return Job.objects.create(owner=owner, **(defaults | fields))


def make_import(
    by: User | None = None, unit: Unit | None = None, **fields: Any
) -> ImportBatch:
    """Return an upload that was applied; its file is not there."""
    defaults = {
        "file_name": "table.xlsx",
        "checksum": "0" * 64,
        "status": ImportBatch.Status.APPLIED,
    }
    return ImportBatch.objects.create(
        uploaded_by=by or make_user(), unit=unit, **(defaults | fields)
    )
