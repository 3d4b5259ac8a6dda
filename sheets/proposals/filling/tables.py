"""A scorecard or a table of definitions, put on the slates."""

from kpi.models import Kpi
from sheets.cells import decimals_of
from sheets.forms.readings import KpiReading, ScorecardReading
from sheets.proposals.filling.filler import Filler


def fill_table(
    filler: Filler, scorecard, sheet: str, reading: ScorecardReading
) -> None:
    perspectives = filler.perspectives(scorecard, reading, "table_label")
    themes = filler.themes(scorecard, reading)
    objectives = _table_objectives(filler, scorecard, reading, themes, perspectives)
    factors = _factors(filler, reading, objectives)
    for place, kpi in enumerate(reading.kpis, 1):
        _kpi(filler, scorecard, sheet, kpi, place, objectives, factors)
    _rows(filler, sheet, reading)


def _table_objectives(filler: Filler, scorecard, reading, themes, perspectives) -> dict:
    found = {}
    on_map = {o.code for o in filler.card.map[1].objectives} if filler.card.map else ()
    tops = [
        o
        for o in (filler.card.map[1].objectives if filler.card.map else ())
        if o.row == "top"
    ]
    for place, objective in enumerate(reading.objectives, 1 + len(tops)):
        key = (*filler.card.key, objective.code)
        known = filler.slates.objectives.get(key)
        said: dict[str, object] = {}
        # Where it stands is what the map shows; a table only tells what is new.
        if objective.code not in on_map and (known is None or not known.map_text):
            said["theme"] = themes.get(objective.theme)
            said["perspective"] = perspectives.get(objective.perspective)
        found[objective.code] = filler.slates.objectives.put(
            key,
            scorecard=scorecard,
            code=objective.code,
            table_name=objective.name,
            table_text=objective.text,
            position=place,
            **said,
        )
    return found


def _factors(filler: Filler, reading: ScorecardReading, objectives: dict) -> list:
    places: dict[str, int] = {}
    found = []
    for factor in reading.factors:
        place = places[factor.objective] = places.get(factor.objective, 0) + 1
        found.append(
            filler.slates.factors.put(
                (*filler.card.key, factor.objective, place),
                objective=objectives[factor.objective],
                code=factor.code,
                name=factor.name,
                text=factor.text,
                position=place,
            )
        )
    return found


def _kpi(filler: Filler, scorecard, sheet, kpi: KpiReading, place, objectives, factors):
    key = (*filler.card.key, kpi.code)
    said: dict[str, object] = {}
    if kpi.direction or kpi.code in filler.negative:
        said["direction"] = kpi.direction or Kpi.Direction.NEGATIVE
        said["direction_basis"] = kpi.direction_basis or "achievement"
    for name in ("formula_text", "formula_cell", "measure", "measure_text"):
        if text := getattr(kpi, name):
            said[name] = text
    if kpi.notes:
        said["notes"] = list(kpi.notes)
    if kpi.factor is not None:
        said["success_factor"] = factors[kpi.factor]
    figures = [*kpi.actuals.values(), *kpi.targets.values()]
    if figures:
        said["decimals"] = max(decimals_of(figure.text) for figure in figures)
    series = filler.slates.series.get(key) or filler.slates.series.put(
        key, name=kpi.name
    )
    filler.slates.series.seen.add(key)
    row = filler.slates.kpis.put(
        key,
        series=series,
        scorecard=scorecard,
        objective=objectives[kpi.objective],
        code=kpi.code,
        name=kpi.name,
        text=kpi.text,
        position=place,
        **said,
    )
    for unit, name, order in filler.units(kpi.owners, sheet, kpi.owners_cell):
        filler.put_below(
            filler.slates.owners,
            (*key, unit.pk),
            filler.slates.kpis,
            key,
            kpi=row,
            unit=unit,
            name=name,
            position=order,
        )
    for year, figure in kpi.targets.items():
        filler.target(row, key, year, figure)
    for year, figure in kpi.actuals.items():
        filler.statement(scorecard, sheet, key, year, figure)


def _rows(filler: Filler, sheet: str, reading: ScorecardReading) -> None:
    places: dict[str, int] = {}
    printed: dict[str, int] = {}
    for row in reading.rows:
        place = places[row.kpi] = places.get(row.kpi, 0) + 1
        number = printed.setdefault(row.cell, len(printed) + 1)
        key = (*filler.card.key, row.kpi, place)
        planned = filler.slates.rows.put(
            key,
            kpi=filler.slates.kpis.rows[(*filler.card.key, row.kpi)],
            position=place,
            printed_row=number,
        )
        for unit, name, order in filler.units(row.owners, sheet, row.owners_cell):
            filler.put_below(
                filler.slates.row_owners,
                (*key, unit.pk),
                filler.slates.rows,
                key,
                row=planned,
                unit=unit,
                name=name,
                position=order,
            )
        for order, plan in enumerate(row.plans, 1):
            name = plan_name(plan.name)
            filler.slates.links.put(
                (*key, order),
                row=planned,
                plan=filler.slates.plans.put(name, name=name),
                code=plan.code,
                text=plan.text,
                position=order,
            )
        for money in row.budgets:
            filler.slates.budgets.put(
                (*key, money.year, money.stage),
                row=planned,
                year=money.year,
                stage=money.stage,
                kind=money.kind,
                amount=money.amount,
                printed=money.text,
            )


def plan_name(text: str) -> str:
    """Return the name a plan is known by: as printed less a closing 。."""
    return text.rstrip("。").strip()
