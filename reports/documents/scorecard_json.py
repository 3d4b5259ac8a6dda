"""A scorecard as JSON: the fixed field names that other systems build on.

Years are 民國: strings where they are keys, a number as `year`. Numbers are decimal
strings, None where there is none; counts stay numbers.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from actions.models import BudgetLine
from bsc.models import Objective, Scorecard, Theme, ThemeMember
from bsc.periods import Period, roc
from kpi.models import Erratum, PublishedResult, Result, SelfRating, Statement, Target
from reports.dashboards.contents import (
    CardContent,
    KpiContent,
    PlanContent,
    RowContent,
    card_content,
)
from reports.dashboards.official import OfficialResult

SCHEMA = "scorecard"
RATINGS = ("innovation", "challenge", "contribution")


def scorecard_as_json(card: Scorecard) -> dict[str, Any]:
    """Return all that `card` holds under the fixed names. About 15 queries."""
    content = card_content(card)
    themes = list(card.themes.order_by("position", "pk"))
    perspectives = list(card.perspectives.order_by("position", "pk"))
    members = _members(card)
    results = _results(card)
    shared = {
        "schema": SCHEMA,
        "organization": card.unit.name_in(card.year),
        "unit": card.unit.code,
        "year": roc(card.year),
        "year_ce": card.year,
        "plan": card.plan,
        "status": card.status,
        "seal": card.seal.digest if hasattr(card, "seal") else None,
        "errata": _errata(card),
        "title": card.title or None,
        "title_map": card.map_title or None,
        "mission": card.mission or None,
        "vision": card.vision or None,
        "core_values": card.core_values or None,
        "core_values_published": card.core_values_text or None,
        "parent_theme": {"name": card.parent_text} if card.parent_text else None,
        "themes": [_theme(theme, members.get(theme.pk)) for theme in themes],
        "perspectives": [
            {
                "code": perspective.code,
                "name": perspective.name,
                "label_in_map": perspective.map_label or None,
                "label_in_table": perspective.table_label or None,
            }
            for perspective in perspectives
        ],
        "objectives": [
            _objective(objective)
            for objective in content.objectives
            if objective.row != Objective.Row.TOP
        ],
        "ksfs": [
            {
                "code": factor.code or None,
                "text": factor.name,
                "objective": objective.code,
                "text_published": factor.text or None,
            }
            for objective in content.objectives
            for factor in content.factors.get(objective.pk, [])
        ],
        "kpis": [
            _kpi(one, objective, content, results)
            for objective in content.objectives
            for one in content.kpis[objective.pk]
        ],
        "action_plans": _action_plans(content),
        "table_rows": _table_rows(content),
    }
    if card.unit.is_simulated:
        shared["simulated"] = True
    top = [one for one in content.objectives if one.row == Objective.Row.TOP]
    if top:
        shared["top_objectives"] = {"items": [_objective(one) for one in top]}
    return shared


def _errata(card: Scorecard) -> list[dict[str, Any]]:
    errata = card.errata.filter(state=Erratum.State.APPROVED).select_related("kpi")
    return [
        {
            "kpi": erratum.kpi.code if erratum.kpi else None,
            "what": erratum.what,
            "sealed": erratum.printed,
            "corrected": erratum.corrected,
            "reason": erratum.reason,
        }
        for erratum in errata
    ]


def decimal_text(value: Decimal | None) -> str | None:
    """Return a stored number as machines read it: 7.7, without the column's zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _members(card: Scorecard) -> dict[int, list[ThemeMember]]:
    members: dict[int, list[ThemeMember]] = defaultdict(list)
    for member in (
        ThemeMember.objects.filter(theme__scorecard=card)
        .select_related("unit")
        .order_by("position", "pk")
    ):
        members[member.theme_id].append(member)
    return members


def _theme(theme: Theme, members: list[ThemeMember] | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": theme.code,
        "name": theme.name,
        "label_published": theme.label or None,
    }
    if members:
        said["agencies"] = {
            "lead": next((one.name for one in members if one.is_lead), None),
            "members": [
                {
                    "name": member.name,
                    "unit": member.unit.code,
                    "lead": member.is_lead,
                    "line": member.line,
                }
                for member in members
            ],
        }
    return said


def _objective(objective: Objective) -> dict[str, Any]:
    return {
        "code": objective.code,
        "code_published": objective.code_text or objective.code,
        "name": objective.name,
        "theme": objective.theme.code if objective.theme else None,
        "perspective": objective.perspective.code if objective.perspective else None,
        "mark": objective.mark or None,
        "text_in_map": objective.map_text or None,
        "text_in_table": objective.table_text or None,
    }


def _kpi(
    one: KpiContent,
    objective: Objective,
    content: CardContent,
    results: dict[int, dict[int, dict[str, Any]]],
) -> dict[str, Any]:
    kpi = one.kpi
    return {
        "code": kpi.code,
        "name": kpi.name,
        "objective": objective.code,
        "ksf": _factor_code(one, objective, content),
        "text_published": kpi.text or None,
        "formula_text": kpi.formula_text or None,
        "formula_cell": kpi.formula_cell or None,
        "unit": kpi.measure or None,
        "unit_published": kpi.measure_text or None,
        "direction": kpi.direction,
        "notes": kpi.notes,
        "owners": one.owners,
        "actuals": {
            str(roc(year)): _statement(statement)
            for year, statement in sorted(one.statements.items())
        },
        "targets": {
            str(roc(year)): _target(target)
            for year, target in sorted(one.targets.items())
        },
        "results": {
            str(roc(year)): result
            for year, result in sorted(results.get(kpi.pk, {}).items())
        },
    }


def _factor_code(
    one: KpiContent, objective: Objective, content: CardContent
) -> str | None:
    """Return the code of the KPI's factor: its own, else the objective's only one."""
    if one.kpi.success_factor:
        return one.kpi.success_factor.code or None
    factors = content.factors.get(objective.pk, [])
    return factors[0].code or None if len(factors) == 1 else None


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "value": decimal_text(statement.value),
        "comparator": statement.comparator or None,
        "note": statement.note or None,
        "absence": statement.absence or None,
    }


def _target(target: Target) -> dict[str, Any]:
    said: dict[str, Any] = {
        "text": target.printed or target.text or decimal_text(target.value),
        "value": decimal_text(target.value),
        "comparator": target.comparator or None,
        "note": target.note or None,
        "absence": None,
    }
    if target.parts:
        said["parts"] = target.parts
    return said


def _results(card: Scorecard) -> dict[int, dict[int, dict[str, Any]]]:
    """Return the official results of the card's KPIs, by KPI and year. 3 queries."""
    published = {
        (row.kpi_id, row.period): row
        for row in PublishedResult.objects.filter(kpi__scorecard=card).select_related(
            "kpi"
        )
    }
    computed = {
        (row.kpi_id, row.period): row
        for row in Result.objects.filter(
            kpi__scorecard=card, standing=Result.Standing.OFFICIAL
        ).select_related("kpi", "rules")
    }
    order = {level: place for place, level in enumerate(SelfRating.Level)}
    ratings: dict[tuple[int, str], SelfRating] = {}
    found_ratings = SelfRating.objects.filter(kpi__scorecard=card)
    for rating in sorted(found_ratings, key=lambda row: order[row.level]):
        if None not in (rating.innovation, rating.challenge, rating.contribution):
            ratings[rating.kpi_id, rating.period] = rating
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for key in {*published, *computed}:
        row = published.get(key) or computed[key]
        result = OfficialResult(row.kpi, published.get(key), computed.get(key), None)
        found[key[0]][Period.parse(key[1]).year] = _result(result, ratings.get(key))
    return found


def _result(result: OfficialResult, rating: SelfRating | None) -> dict[str, Any]:
    official = result.published or result.computed
    return {
        "achievement": decimal_text(official.achievement if official else None),
        "reached": result.reached,
        **{
            name: decimal_text(getattr(rating, name) if rating else None)
            for name in RATINGS
        },
        "total": decimal_text(result.total),
        "light": result.light,
        "exempt": result.kpi.is_exempt,
        "standing": Result.Standing.OFFICIAL.value,
    }


def _plan_key(code: str, kpi: str) -> str:
    """Return what tells two plans of one printed code apart: the row they stand in."""
    return f"{code}@{kpi}"


def _action_plans(content: CardContent) -> list[dict[str, Any]]:
    plans = []
    for objective in content.objectives:
        for one in content.kpis[objective.pk]:
            for row in one.rows:
                keys = [_plan_key(plan.code, one.kpi.code) for plan in row.plans]
                for plan, key in zip(row.plans, keys, strict=True):
                    said: dict[str, Any] = {
                        "key": key,
                        "code": plan.code or None,
                        "name": _printed_name(plan),
                        "text_published": plan.text,
                        "kpis": [one.kpi.code],
                        "objective": objective.code,
                        "budgets": _budgets(row),
                        "owners": row.owners,
                    }
                    if len(keys) > 1 and row.budgets:
                        said["budget_cell_shared_by"] = keys
                    plans.append(said)
    return plans


def _printed_name(plan: PlanContent) -> str:
    """Return a plan's name as its row prints it: the text less the code before it."""
    if not plan.code or not plan.text.startswith(plan.code):
        return plan.name
    return plan.text.removeprefix(plan.code).lstrip(". ") or plan.name


def _budgets(row: RowContent) -> dict[str, dict[str, Any]]:
    return {
        str(roc(line.year)): {
            "text": _budget_text(line),
            "value": decimal_text(line.amount),
            "stage": line.stage,
        }
        for line in row.budgets
    }


def _budget_text(line: BudgetLine) -> str:
    return line.printed or decimal_text(line.amount) or ""


def _table_rows(content: CardContent) -> list[dict[str, Any]]:
    """Return the rows as printed; a printed row of two KPIs is one row again."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for objective in content.objectives:
        for one in content.kpis[objective.pk]:
            for row in one.rows or [None]:
                said = _table_row(one, objective, content, row)
                number = row.row.printed_row if row is not None else 0
                key = ("row", number) if number else (one.kpi.code, 0)
                known = rows.setdefault(key, said)
                if known is not said:
                    known["kpis"] += said["kpis"]
                    known["action_plans"] += said["action_plans"]
    return list(rows.values())


def _table_row(
    one: KpiContent,
    objective: Objective,
    content: CardContent,
    row: RowContent | None,
) -> dict[str, Any]:
    perspective = objective.perspective
    return {
        "perspective": (perspective.table_label or perspective.code)
        if perspective
        else None,
        "objective": objective.code,
        "ksf": _factor_code(one, objective, content),
        "kpi": one.kpi.code,
        "kpis": [one.kpi.code],
        "action_plans": [_plan_key(plan.code, one.kpi.code) for plan in row.plans]
        if row
        else [],
        "budgets": _budgets(row) if row else {},
        "plan_owners": row.owners if row else [],
    }
