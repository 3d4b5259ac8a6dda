"""All years of a KPI: what each card says of each year, and where it is printed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bsc.models import Scorecard
from kpi.models import Kpi, Statement, Target
from reports.dashboards.cells import (
    Cell,
    nothing_cell,
    statement_cell,
    target_cell,
    text_cell,
    year_text,
)
from reports.dashboards.imports import CardImport
from reports.dashboards.lights import LightView, light_view
from reports.dashboards.official import OfficialResult
from reports.dashboards.results import not_yet, own_actual

# What a row does not speak of: a later year's actual, an earlier year's target.
NOT_MEANT = "—"


@dataclass(frozen=True, slots=True)
class YearRow:
    """What one card says of one year, and where it is printed."""

    year: str
    unit: str
    code: str
    url: str
    is_current: bool
    target: Cell
    actual: Cell
    achievement: Cell
    total: Cell
    light: LightView | None
    kind: str
    source: str
    brought: str


def year_rows(
    kpi: Kpi,
    series: list[Kpi],
    targets: dict[int, dict[int, Target]],
    statements: dict[int, dict[int, Statement]],
    results: dict[int, OfficialResult],
    imports: dict[int, CardImport],
) -> tuple[YearRow, ...]:
    """Return a row for each year and card of the series, oldest first. No queries."""
    rows = []
    for one in series:
        card = one.scorecard
        years = {card.year, *targets[one.pk], *statements[card.pk]}
        for year in sorted(years):
            statement = statements[card.pk].get(year)
            result = results[one.pk] if year == card.year else None
            target = targets[one.pk].get(year)
            rows.append(
                (
                    year,
                    card.year,
                    _year_row(
                        kpi,
                        one,
                        year,
                        statement,
                        target,
                        result,
                        imports.get(card.pk),
                    ),
                )
            )
    rows.sort(key=lambda row: row[:2])
    return tuple(row for _year, _card_year, row in rows)


def _year_row(
    kpi: Kpi,
    one: Kpi,
    year: int,
    statement: Statement | None,
    target: Target | None,
    result: OfficialResult | None,
    brought: CardImport | None,
) -> YearRow:
    card = one.scorecard
    # A card sets targets for its own year and later, and prints earlier actuals.
    before, later = year < card.year, year > card.year
    actual = statement_cell(statement)
    if statement is None:
        actual = nothing_cell(NOT_MEANT if later else _("not published"))
        if result is not None:
            actual = own_actual(result)
    nothing = nothing_cell(NOT_MEANT if result is None else not_yet(result))
    return YearRow(
        year=year_text(year),
        unit=card.unit.short_name or card.unit.name,
        code=one.code,
        url=one.get_absolute_url(),
        is_current=one.pk == kpi.pk and year == card.year,
        target=nothing_cell(NOT_MEANT)
        if before and target is None
        else target_cell(target),
        actual=actual,
        achievement=text_cell(result.achievement_text) or nothing
        if result
        else nothing,
        total=text_cell(result.total_text) or nothing if result else nothing,
        light=light_view(result.light) if result else None,
        kind="chip" if result and result.published else "calc",
        source=_source(card, statement, result),
        brought=brought.words if brought else "",
    )


def _source(
    card: Scorecard, statement: Statement | None, result: OfficialResult | None
) -> str:
    """Return the card, sheet and cell that a row was read from."""
    published = result.published if result else None
    sheet, cell = "", ""
    if statement is not None and statement.cell:
        sheet, cell = statement.sheet, statement.cell
    elif published is not None:
        sheet, cell = published.sheet, published.cell
    name = _("%(unit)s %(year)s") % {
        "unit": card.unit.short_name or card.unit.name,
        "year": year_text(card.year),
    }
    return " ".join(part for part in (name, sheet, cell) if part)
