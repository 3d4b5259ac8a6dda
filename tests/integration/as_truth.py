"""What the database says of a card, in the shape of the files in tests/truth."""

from actions.models import PlanLink, PlanRow
from bsc.models import Scorecard
from kpi.models import Kpi, Statement, Target


def only(keys: str, *rows: dict) -> list[dict]:
    """Return the rows with these keys, "" where the truth has null or lacks one."""
    return [{key: row.get(key) or "" for key in keys.split()} for row in rows]


def by_code(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: row["code"])


def themes(card: Scorecard) -> list[dict]:
    return [
        {"code": theme.code, "name": theme.name, "label_published": theme.label}
        for theme in card.themes.all()
    ]


def perspectives(card: Scorecard, map_key: str, table_key: str) -> list[dict]:
    return [
        {"code": each.code, "name": each.name}
        | ({map_key: each.map_label} if map_key else {})
        | ({table_key: each.table_label} if table_key else {})
        for each in card.perspectives.all()
    ]


def objectives(card: Scorecard) -> list[dict]:
    return [
        {
            "code": each.code,
            "code_published": each.code_text,
            "name": each.name,
            "theme": each.theme.code if each.theme else "",
            "perspective": each.perspective.code if each.perspective else "",
            "text_in_map": each.map_text,
            "text_in_table": each.table_text,
            "mark": f"({each.mark})" if each.mark else "",
            "row": each.row,
            "spans": [
                theme.code if theme else ""
                for theme in (each.first_theme, each.last_theme)
            ],
            "kpis": [kpi.code for kpi in each.kpis.all()],
        }
        for each in card.objectives.select_related(
            "theme", "perspective", "first_theme", "last_theme"
        )
    ]


def factors(card: Scorecard) -> list[dict]:
    return [
        {
            "code": factor.code,
            "text": factor.name,
            "objective": objective.code,
            "perspective": objective.perspective.code,
            "text_published": factor.text,
        }
        for objective in card.objectives.exclude(perspective=None)
        for factor in objective.success_factors.all()
    ]


def figure(row: Target | Statement, text: str) -> dict:
    """Return a figure as the truth writes it: only what is printed."""
    told = {"text": text, "value": row.value}
    told |= {"comparator": row.comparator} if row.comparator else {}
    return told | ({"note": row.note} if row.note else {})


def kpis(card: Scorecard) -> list[dict]:
    found = []
    for kpi in card.kpis.select_related("objective__perspective", "success_factor"):
        perspective = kpi.objective.perspective
        statements = kpi.series.statements.filter(scorecard=card)
        targets = {str(t.year - 1911): figure(t, t.printed) for t in kpi.targets.all()}
        actuals = {str(int(s.period) - 1911): figure(s, s.text) for s in statements}
        direction = "" if kpi.direction == "unconfirmed" else kpi.direction
        found.append(
            {
                "code": kpi.code,
                "name": kpi.name,
                "name_in_results": kpi.result_name,
                "objective": kpi.objective.code,
                "perspective": perspective.code if perspective else "",
                "ksf": kpi.success_factor.code if kpi.success_factor else "",
                "text_published": kpi.text,
                "formula_text": kpi.formula_text,
                "formula_cell": kpi.formula_cell,
                "unit": kpi.measure,
                "unit_published": kpi.measure_text,
                "direction": direction,
                "notes": kpi.notes or "",
                "owners": [owner.name for owner in kpi.owners.all()] or "",
                "actuals": actuals or "",
                "targets": targets or "",
                "plans": [link.code for link in links(kpi)],
            }
        )
    return found


def links(kpi: Kpi) -> list[PlanLink]:
    return list(
        PlanLink.objects.filter(row__kpi=kpi).order_by("row__position", "position")
    )


def money(row: PlanRow) -> dict:
    return {
        str(line.year - 1911): {"text": line.printed, "value": line.amount}
        for line in row.budgets.all()
    }


def plans(card: Scorecard) -> list[dict]:
    return [
        {
            "key": f"{link.code}@{row.kpi.code}",
            "code": link.code,
            "name": link.text.removeprefix(link.code).removeprefix(".").strip(),
            "known_as": link.plan.name,
            "text_published": link.text,
            "kpis": [row.kpi.code],
            "objective": row.kpi.objective.code,
            "budgets": money(row) or "",
            "owners": [owner.name for owner in row.owners.all()] or "",
        }
        for row in rows(card)
        for link in row.links.select_related("plan")
    ]


def rows(card: Scorecard) -> list[PlanRow]:
    found = PlanRow.objects.filter(kpi__scorecard=card)
    order = ("printed_row", "kpi__position", "position")
    return list(found.order_by(*order).select_related("kpi__objective__perspective"))


def printed_rows(card: Scorecard) -> list[dict]:
    """Return the printed rows: rows of several KPIs that share a number are one."""
    found: dict[int, dict] = {}
    for row in rows(card):
        objective = row.kpi.objective
        told = found.setdefault(
            row.printed_row,
            {
                "perspective": objective.perspective.table_label,
                "objective": objective.code,
                "kpis": [],
                "action_plans": [],
                "budgets": money(row),
                "plan_owners": [owner.name for owner in row.owners.all()],
            },
        )
        told["kpis"].append(row.kpi.code)
        told["action_plans"] += [link.code for link in row.links.all()]
    return list(found.values())
