"""A results sheet, put on the slates."""

from bsc.numbers import half_up
from kpi.models import Kpi, SelfRating
from sheets.cells import decimals_of
from sheets.forms.readings import ResultReading, ResultsReading, Severity
from sheets.forms.spread import placed
from sheets.proposals.filling.filler import Filler
from sheets.proposals.issues import Issue

# The most points of each, and the decimals that are kept of them.
POINTS = {
    "innovation": (100, 2),
    "challenge": (100, 2),
    "contribution": (100, 2),
    "total": (999, 4),
}


def fill_results(
    filler: Filler, scorecard, sheet: str, reading: ResultsReading
) -> None:
    for result in reading.results:
        key = (*filler.card.key, result.code)
        kpi = filler.slates.kpis.get(key)
        if kpi is None:
            filler.issues.append(
                Issue(
                    Severity.ERROR,
                    sheet,
                    result.cell,
                    "unknown-kpi",
                    {"code": result.code, "name": result.name},
                )
            )
            continue
        _result(filler, scorecard, sheet, key, kpi, result)


def _result(
    filler: Filler, scorecard, sheet, key, kpi: Kpi, result: ResultReading
) -> None:
    year = filler.card.year
    period = str(year)
    said: dict[str, object] = {"result_name": result.name}
    if result.code in filler.directions:
        said["direction"], said["direction_basis"] = filler.directions[result.code]
    if result.exemption:
        said["is_exempt"] = True
        said["exemption_reason"] = result.exemption
    if result.achievement is not None:
        said["achievement_decimals"] = max(1, decimals_of(result.texts["achievement"]))
    figures = [f for f in (result.target, result.actual) if f is not None]
    if figures:
        said["decimals"] = max(decimals_of(figure.text) for figure in figures)
    filler.slates.kpis.put(key, **said)
    if result.target is not None:
        filler.target(kpi, key, year, result.target)
    if result.actual is not None:
        filler.statement(
            scorecard, sheet, key, year, result.actual, reached=stated(result)
        )
    if _bad_points(filler, sheet, result):
        return
    ratings = (result.innovation, result.challenge, result.contribution)
    if any(points is not None for points in ratings):
        filler.slates.self_ratings.put(
            (*key, period),
            kpi=kpi,
            period=period,
            level=SelfRating.Level.SELF,
            innovation=result.innovation,
            challenge=result.challenge,
            contribution=result.contribution,
        )
    filler.slates.published.put_at(
        (*key, period),
        dict(zip(("sheet", "cell"), placed(sheet, result.cell), strict=True)),
        kpi=kpi,
        period=period,
        achievement=result.achievement,
        total=result.total,
        light=result.light,
        texts=result.texts,
        exemption_text=result.exemption,
    )


def _bad_points(filler: Filler, sheet: str, result: ResultReading) -> bool:
    """Say whether points are printed that cannot be; each is an error at its cell."""
    before = len(filler.issues)
    for name, (most, decimals) in POINTS.items():
        points = getattr(result, name)
        if points is None:
            continue
        if 0 <= points <= most and points == half_up(points, decimals):
            continue
        told = {"text": result.texts[name], "limit": str(most)}
        cell = result.cells.get(name, result.cell)
        filler.issues.append(Issue(Severity.ERROR, sheet, cell, "bad-points", told))
    return len(filler.issues) > before


def stated(result: ResultReading) -> bool | None:
    """Return what a printed achievement states of a target without a number."""
    is_in_words = result.target is not None and result.target.value is None
    if not is_in_words or result.achievement is None:
        return None
    return result.achievement >= 100
