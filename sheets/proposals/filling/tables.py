"""A scorecard or a table of definitions, put on the slates."""

from actions.models import PlanRow
from sheets.cells import decimals_of
from sheets.forms.readings import (
    KpiReading,
    RowReading,
    ScorecardReading,
    Severity,
)
from sheets.proposals.filling.filler import Filler
from sheets.proposals.issues import Issue
from sheets.proposals.slates import Key


def fill_table(
    filler: Filler, scorecard, sheet: str, reading: ScorecardReading
) -> None:
    perspectives = filler.perspectives(scorecard, reading, "table_label")
    themes = filler.themes(scorecard, reading)
    objectives = _table_objectives(filler, scorecard, reading, themes, perspectives)
    factors = _factors(filler, reading, objectives)
    for place, kpi in enumerate(reading.kpis, 1):
        _kpi(filler, scorecard, sheet, kpi, place, objectives, factors)
    _rows(filler, reading)


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
    """Put the factors and return them in the order of the reading."""
    slate = filler.slates.factors
    below: dict[str, list[int]] = {}
    for number, factor in enumerate(reading.factors):
        below.setdefault(factor.objective, []).append(number)
    found: list = [None] * len(reading.factors)
    for code, numbers in below.items():
        printed = [reading.factors[number] for number in numbers]
        keys = filler.in_order(
            slate,
            (*filler.card.key, code),
            printed,
            [
                (lambda key: slate.rows[key].text, lambda factor: factor.text),
                (lambda key: slate.rows[key].name, lambda factor: factor.name),
            ],
        )
        for number, factor, (key, place) in zip(numbers, printed, keys, strict=True):
            found[number] = slate.put(
                key,
                objective=objectives[code],
                code=factor.code,
                name=factor.name,
                text=factor.text,
                position=place,
            )
    return found


def _kpi(filler: Filler, scorecard, sheet, kpi: KpiReading, place, objectives, factors):
    key = (*filler.card.key, kpi.code)
    name, text = kpi.name, kpi.text
    known = filler.slates.kpis.get(key)
    if not name:
        # A cell with a bare code names nothing, so it cannot take a name away.
        severity = Severity.WARN if known else Severity.ERROR
        doubt = Issue(severity, sheet, kpi.cell, "no-name", {"code": kpi.code})
        filler.issues.append(doubt)
        if known:
            name, text = known.name, known.text
    said: dict[str, object] = {}
    if kpi.direction:
        said["direction"], said["direction_basis"] = kpi.direction, kpi.direction_basis
    elif kpi.code in filler.directions:
        said["direction"], said["direction_basis"] = filler.directions[kpi.code]
    for part in ("formula_text", "formula_cell", "measure", "measure_text"):
        if getattr(kpi, part):
            said[part] = getattr(kpi, part)
    if kpi.notes:
        said["notes"] = list(kpi.notes)
    if kpi.factor is not None:
        said["success_factor"] = factors[kpi.factor]
    figures = [*kpi.actuals.values(), *kpi.targets.values()]
    if figures:
        said["decimals"] = max(decimals_of(figure.text) for figure in figures)
    chain, at = filler.slates.series, filler.slates.series_key(key)
    series = chain.get(at) or chain.put(at, name=name)
    chain.seen.add(at)
    row = filler.slates.kpis.put(
        key,
        series=series,
        scorecard=scorecard,
        objective=objectives[kpi.objective],
        code=kpi.code,
        name=name,
        text=text,
        position=place,
        # What a plan lists again is back in it.
        is_withdrawn=False,
        **said,
    )
    filler.put_owners(
        filler.slates.kpis,
        filler.slates.owners,
        key,
        kpi.owners,
        kpi.owners_cell,
        kpi.owner_texts,
        kpi=row,
    )
    for year, figure in kpi.targets.items():
        filler.target(row, key, year, figure)
    for year, figure in kpi.actuals.items():
        filler.statement(scorecard, sheet, key, year, figure)


def _rows(filler: Filler, reading: ScorecardReading) -> None:
    """Put the printed rows of plans, and number those that stand beside them last."""
    slate = filler.slates.rows
    numbers: dict[str, int] = {}
    below: dict[str, list[RowReading]] = {}
    for row in reading.rows:
        numbers.setdefault(row.cell, len(numbers) + 1)
        below.setdefault(row.kpi, []).append(row)
    names = {plan.pk: plan.name for plan in filler.slates.plans.rows.values()}
    named = _plans_of_rows(filler, names)
    for code, rows in below.items():
        parent = (*filler.card.key, code)
        keys = filler.in_order(
            slate,
            parent,
            rows,
            [
                (named.get, lambda row: tuple(plan_name(p.name) for p in row.plans)),
                (
                    lambda key: next(iter(named.get(key, ())), None),
                    lambda row: next((plan_name(p.name) for p in row.plans), None),
                ),
            ],
        )
        for row, (key, place) in zip(rows, keys, strict=True):
            planned = slate.put(
                key,
                kpi=filler.slates.kpis.rows[parent],
                position=place,
                printed_row=numbers[row.cell],
            )
            _row(filler, key, planned, row, names)
    if numbers:
        left = slate.left(lambda key: key[:3] == filler.card.key)
        left.sort(key=lambda key: (slate.rows[key].printed_row, slate.rows[key].pk))
        for number, key in enumerate(left, len(numbers) + 1):
            slate.change(key, printed_row=number)


def _plans_of_rows(
    filler: Filler, names: dict[int, str]
) -> dict[Key, tuple[str | None, ...]]:
    """Return the plans of every row that stands, in order; None for one not named."""
    links = filler.slates.links.rows
    found: dict[Key, list[str | None]] = {}
    for key in sorted(filler.slates.links.known, key=lambda key: links[key].position):
        found.setdefault(key[:-1], []).append(names.get(links[key].plan_id))
    return {key: tuple(plans) for key, plans in found.items()}


def _row(
    filler: Filler, key: Key, planned: PlanRow, row: RowReading, names: dict[int, str]
) -> None:
    filler.put_owners(
        filler.slates.rows,
        filler.slates.row_owners,
        key,
        row.owners,
        row.owners_cell,
        row.owner_texts,
        row=planned,
    )
    links, plans = filler.slates.links, filler.slates.plans

    def name_at(at: Key) -> str | None:
        return names.get(links.rows[at].plan_id)

    keys = filler.in_order(
        links,
        key,
        row.plans,
        [
            (
                lambda at: (links.rows[at].code, name_at(at)),
                lambda plan: (plan.code, plan_name(plan.name)),
            ),
            (
                name_at,
                lambda plan: plan_name(plan.name),
            ),
            (lambda at: links.rows[at].code, lambda plan: plan.code or None),
        ],
    )
    for plan, (at, place) in zip(row.plans, keys, strict=True):
        name = plan_name(plan.name)
        links.put(
            at,
            row=planned,
            plan=plans.put((name,), name=name),
            code=plan.code,
            text=plan.text,
            position=place,
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
