"""All years of a section's KPIs: what was printed or approved, and the targets."""

from dataclasses import dataclass

from bsc.models import Unit
from bsc.numbers import plain
from bsc.periods import Period
from kpi.boards.entry_heads import period_text
from kpi.boards.entry_rows import target_words
from kpi.models import Actual, Kpi, Statement, Target
from kpi.scoring import Absence
from kpi.wording import ABSENCES


@dataclass(frozen=True, slots=True)
class YearCell:
    """One year of a KPI: its figure or why there is none, and its target."""

    text: str
    nothing: str
    target: str


@dataclass(frozen=True, slots=True)
class YearsRow:
    """One KPI through the years."""

    code: str
    name: str
    url: str
    measure: str
    cells: tuple[YearCell, ...]


@dataclass(frozen=True, slots=True)
class YearsBoard:
    """The years in order, and a row a KPI."""

    years: tuple[str, ...]
    rows: tuple[YearsRow, ...]


def years_board(unit: Unit, period: Period) -> YearsBoard:
    """Return every year that anything is known of; five queries."""
    units = Unit.objects.at_or_below([unit])
    kpis = list(
        Kpi.objects.entered_by_units(units, period.year).order_by(
            "scorecard", "position", "pk"
        )
    )
    series = [kpi.series_id for kpi in kpis]
    cards = {kpi.series_id: kpi.scorecard_id for kpi in kpis}
    printed: dict[tuple[int, int], Statement] = {}
    for one in Statement.objects.filter(series__in=series).order_by("pk"):
        key = (one.series_id, Period.parse(one.period).year)
        if key not in printed or one.scorecard_id == cards[one.series_id]:
            printed[key] = one
    approved = {
        (one.series_id, Period.parse(one.period).year): one
        for one in Actual.objects.filter(series__in=series, state=Actual.State.APPROVED)
    }
    targets: dict[tuple[int, int], Target] = {}
    for target in (
        Target.objects.filter(kpi__series__in=series)
        .exclude(kpi__scorecard__status="draft")
        .select_related("kpi__scorecard")
        .order_by("kpi__scorecard__year")
    ):
        if target.kpi.scorecard.year <= period.year:
            targets[target.kpi.series_id, target.year] = target
    years = sorted({year for _key, year in (*printed, *approved, *targets)})
    return YearsBoard(
        years=tuple(period_text(Period(year)) for year in years),
        rows=tuple(
            YearsRow(
                kpi.code,
                kpi.name,
                kpi.get_absolute_url(),
                kpi.measure,
                tuple(
                    _cell(
                        approved.get((kpi.series_id, year)),
                        printed.get((kpi.series_id, year)),
                        targets.get((kpi.series_id, year)),
                    )
                    for year in years
                ),
            )
            for kpi in kpis
        ),
    )


def _cell(
    actual: Actual | None, statement: Statement | None, target: Target | None
) -> YearCell:
    aim = target_words(target)
    if statement is not None:
        if statement.absence:
            return YearCell("", str(ABSENCES[Absence(statement.absence)]), aim)
        return YearCell(statement.text, "", aim)
    if actual is None:
        return YearCell("", "", aim)
    if actual.absence:
        return YearCell("", str(ABSENCES[Absence(actual.absence)]), aim)
    text = actual.text if actual.value is None else plain(actual.value, grouped=True)
    return YearCell(text, "", aim)
