"""The scorecard as a table: bands, merged cells, figures, plans, money and notes."""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actions.models import BudgetLine
from bsc.models import Objective, Scorecard, SuccessFactor
from kpi.formula import open_divisor
from kpi.models import Kpi
from reports.dashboards.cells import (
    Cell,
    MoneyCell,
    money_cell,
    statement_cell,
    target_cell,
    year_text,
)
from reports.dashboards.contents import (
    CardContent,
    FactorContent,
    KpiContent,
    RowContent,
    card_content,
)
from reports.dashboards.doubts import (
    MIDDLE_DOT,
    Notes,
    notes_of,
)
from reports.dashboards.imports import ImportNote, import_notes
from reports.dashboards.places import (
    by_place,
    kpi_count,
    objective_count,
    place_code,
    place_title,
)
from reports.dashboards.scorecard_columns import Columns, columns_of, counts_of, sums_of

# A text in pieces, each with whether it is the piece that is doubted.
Pieces = tuple[tuple[str, bool], ...]

# How a printed note says that a KPI is negative.
NEGATIVE_NOTE = "負向指標"


@dataclass(frozen=True, slots=True)
class FactorCell:
    factors: tuple[tuple[str, Pieces, tuple[int, ...]], ...]
    span: int


@dataclass(frozen=True, slots=True)
class PlanCell:
    code: str
    name: str
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KpiCell:
    kpi: Kpi
    span: int
    actuals: tuple[tuple[str, Cell], ...]
    targets: tuple[tuple[str, Cell], ...]
    owners: tuple[str, ...]
    notes: tuple[str, ...]
    formula: Pieces
    formula_marks: tuple[int, ...]
    name: Pieces
    marks: tuple[int, ...]

    @property
    def is_negative(self) -> bool:
        return self.kpi.direction == Kpi.Direction.NEGATIVE


@dataclass(frozen=True, slots=True)
class TableRow:
    """One printed row; a cell that a row above already spans is None."""

    objective: Objective | None
    objective_span: int
    factor: FactorCell | None
    kpi: KpiCell | None
    plans: tuple[PlanCell, ...] = ()
    no_plan_marks: tuple[int, ...] = ()
    budgets: tuple[tuple[str, MoneyCell], ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A perspective, or a group of a plan without any, with its rows."""

    code: str
    title: str
    counts: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class ScorecardBoard:
    """A card's table with its counts, sums and notes; all numbers are texts."""

    card: Scorecard
    columns: Columns
    counts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    shares_budgets: bool
    bands: tuple[Band, ...]
    notes: Notes
    import_notes: tuple[ImportNote, ...]
    has_kpis: bool
    json_url: str


def scorecard_board(card: Scorecard) -> ScorecardBoard:
    """Return the scorecard of `card` as its table prints it. Costs 7 queries."""
    content = card_content(card)
    notes = notes_of(content)
    columns = columns_of(content)
    sums, shares = sums_of(content, columns)
    return ScorecardBoard(
        card=card,
        columns=columns,
        counts=counts_of(content),
        sums=sums,
        shares_budgets=shares,
        bands=_bands(content, columns, notes),
        notes=notes,
        import_notes=import_notes(card),
        has_kpis=bool(content.all_kpis),
        json_url=card.url_of("scorecard-json"),
    )


def _bands(content: CardContent, columns: Columns, notes: Notes) -> tuple[Band, ...]:
    bands = []
    for objectives in by_place(content.objectives, lambda objective: objective):
        kpis = sum(len(content.kpis[objective.pk]) for objective in objectives)
        bands.append(
            Band(
                code=place_code(objectives[0]),
                title=place_title(objectives[0]),
                counts=pgettext("enumeration", ", ").join(
                    (objective_count(len(objectives)), kpi_count(kpis))
                ),
                rows=tuple(
                    row
                    for objective in objectives
                    for row in _objective_rows(objective, content, columns, notes)
                ),
            )
        )
    return tuple(bands)


def _objective_rows(
    objective: Objective, content: CardContent, columns: Columns, notes: Notes
) -> list[TableRow]:
    kpis = content.kpis[objective.pk]
    factors = content.factors.get(objective.pk, [])
    if not kpis:
        return [TableRow(objective, 1, _factor_cell(factors, notes, 1), None)]
    heights = {one.kpi.pk: max(1, len(one.rows)) for one in kpis}
    height = sum(heights.values())
    rows: list[TableRow] = []
    if not any(one.kpi.success_factor_id for one in kpis):
        groups = [(factors, kpis)]
    else:
        groups = [
            (_factor_of(factor), list(found))
            for factor, found in groupby(kpis, key=lambda one: one.kpi.success_factor)
        ]
    for named, found in groups:
        factor = _factor_cell(named, notes, sum(heights[one.kpi.pk] for one in found))
        for one in found:
            cell = _kpi_cell(one, heights[one.kpi.pk], columns, notes)
            for row in one.rows or [None]:
                first = not rows
                rows.append(
                    _table_row(
                        objective if first else None,
                        height,
                        factor,
                        cell,
                        row,
                        one,
                        columns,
                        notes,
                    )
                )
                factor = cell = None
    return rows


def _factor_of(factor: SuccessFactor | None) -> list[FactorContent]:
    if factor is None:
        return []
    return [FactorContent(factor.pk, factor.code, factor.name, factor.text)]


def _factor_cell(factors: list[FactorContent], notes: Notes, span: int) -> FactorCell:
    return FactorCell(
        tuple(
            (factor.code, _name_pieces(factor.name), notes.at("factor", factor.pk))
            for factor in factors
        ),
        span,
    )


def _kpi_cell(one: KpiContent, span: int, columns: Columns, notes: Notes) -> KpiCell:
    pk = one.kpi.pk
    return KpiCell(
        kpi=one.kpi,
        span=span,
        actuals=tuple(
            (
                _("%(kind)s %(year)s")
                % {"kind": pgettext("figure", "Actual"), "year": year_text(year)},
                statement_cell(one.statements.get(year)),
            )
            for year in columns.actuals
        ),
        targets=tuple(
            (
                _("%(kind)s %(year)s")
                % {"kind": pgettext("figure", "Target"), "year": year_text(year)},
                _marked(
                    target_cell(one.targets.get(year)), notes.at("target", pk, year)
                ),
            )
            for year in columns.targets
        ),
        owners=tuple(one.owners),
        notes=_other_notes(one.kpi),
        formula=_formula_pieces(one.kpi.formula_text),
        formula_marks=notes.at("formula", pk),
        name=_name_pieces(one.kpi.name),
        marks=notes.at("kpi", pk),
    )


def _name_pieces(name: str) -> Pieces:
    """Return a name with its middle dots apart, which may stand for commas."""
    parts = re.split(f"({MIDDLE_DOT})", name)
    return tuple((part, part == MIDDLE_DOT) for part in parts if part)


def _formula_pieces(formula: str) -> Pieces:
    """Return a formula with the divisor apart that can be read in two ways."""
    bounds = open_divisor(formula)
    if bounds is None:
        return ((formula, False),) if formula else ()
    begin, end = bounds
    pieces = (
        (formula[:begin], False),
        (formula[begin:end], True),
        (formula[end:], False),
    )
    return tuple(piece for piece in pieces if piece[0])


def _other_notes(kpi: Kpi) -> tuple[str, ...]:
    """Return the KPI's notes but for the one that says it is negative: that is said."""
    return tuple(note for note in kpi.notes if NEGATIVE_NOTE not in note)


def _marked(cell: Cell, marks: tuple[int, ...]) -> Cell:
    return replace(cell, marks=marks) if marks else cell


def _table_row(
    objective: Objective | None,
    height: int,
    factor: FactorCell | None,
    kpi: KpiCell | None,
    row: RowContent | None,
    one: KpiContent,
    columns: Columns,
    notes: Notes,
) -> TableRow:
    plans = row.plans if row else []
    lines = {(line.year, line.stage): line for line in row.budgets} if row else {}
    return TableRow(
        objective=objective,
        objective_span=height,
        factor=factor,
        kpi=kpi,
        plans=tuple(
            PlanCell(plan.code, plan.name, notes.at("plan", plan.pk)) for plan in plans
        ),
        no_plan_marks=notes.at("no-plan", one.kpi.pk),
        budgets=tuple(
            (
                column.label,
                _money(lines.get((column.year, column.stage)), len(plans), notes),
            )
            for column in columns.budgets
        ),
        owners=tuple(row.owners) if row else (),
    )


def _money(line: BudgetLine | None, plans: int, notes: Notes) -> MoneyCell:
    return money_cell(line, plans, notes.at("budget", line.pk) if line else ())
