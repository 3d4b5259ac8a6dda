"""`make_bulk`: a simulated city of any size, written many rows at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from random import Random

from django.db import transaction

from bsc.history import create_with_history
from bsc.models import (
    MAIN_PLAN,
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    Theme,
    Unit,
)
from bsc.periods import Period
from bsc.services import save_unit
from kpi.models import (
    Actual,
    Kpi,
    KpiOwner,
    SelfRating,
    Series,
    Statement,
    Target,
)
from kpi.services import refresh_results
from reports.simulation.plans import PERSPECTIVES

REASON = "make_city"
# Units whose rows are held in memory and written together.
AT_ONCE = 25
THEMES, OBJECTIVES = 8, 81
CENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city is to be: KPIs are those of a unit in a year."""

    units: int
    kpis: int
    years: int

    @property
    def kpi_years(self) -> int:
        return self.units * self.kpis * self.years


def code_of(size: Size, seed: int) -> str:
    """Return the code of the city; another size or seed is another city."""
    return f"sim-{size.units}x{size.kpis}x{size.years}-{seed}"


def make_bulk(
    *,
    size: Size,
    seed: int,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Unit | None:
    """Write a city with figures for every KPI and year; None where it stands already.

    Each KPI has its owner, target, actual, self-rating and statement, and its result is
    reckoned. The figures are written at once, all or none; nothing goes through review.
    `progress` is told how many KPI-years of how many are written.
    """
    code = code_of(size, seed)
    if Unit.objects.filter(code=code).exists():
        return None
    years = tuple(range(now.year - size.years, now.year))
    with transaction.atomic():
        city = Unit(code=code, name=f"模擬市（{code}）", kind=Unit.Kind.CITY)
        city.is_simulated = True
        city = save_unit(unit=city, parent=None)
        units = _units(city, size.units)
        objectives = _city_cards(city, years)
        done = 0
        for some in batched(units, AT_ONCE, strict=False):
            _write(some, size, years, Random(f"{seed} {some[0].code}"), objectives)
            done += len(some) * size.kpis * size.years
            if progress is not None:
                progress(done, size.kpi_years)
    for year in years:
        kpis = Kpi.objects.filter(
            scorecard__unit__path__startswith=city.path, scorecard__year=year
        )
        refresh_results(kpis, Period(year), at=now)
    return city


def _units(city: Unit, count: int) -> list[Unit]:
    width = len(str(count))
    units = [
        save_unit(
            unit=Unit(
                code=f"{city.code}-{number:0{width}}",
                name=f"模擬第{number}局",
                short_name=f"第{number}局",
                kind=Unit.Kind.BUREAU,
            ),
            parent=city,
        )
        for number in range(1, count + 1)
    ]
    # Those below a unit write its number of children beside the model.
    return list(Unit.objects.filter(pk__in=[unit.pk for unit in units]))


def _city_cards(city: Unit, years: tuple[int, ...]) -> dict[int, list[Objective]]:
    """Write the city's map of each year: as many objectives as the largest known."""
    found = {}
    for year in years:
        card = Scorecard(unit=city, year=year, vision="模擬資料之城市")
        _add([card])
        themes = [
            Theme(scorecard=card, code=letter, name=f"模擬主題{letter}", position=at)
            for at, letter in enumerate("ABCDEFGH"[:THEMES])
        ]
        places = _perspectives(card)
        _add(themes)
        _add(places)
        rows = []
        for at in range(OBJECTIVES):
            theme, place = themes[at % THEMES], places[at // THEMES % len(places)]
            code = f"{theme.code}{place.code}{at // (THEMES * len(places)) + 1}"
            rows.append(
                Objective(
                    scorecard=card,
                    theme=theme,
                    perspective=place,
                    code=code,
                    name=f"模擬策略目標{code}",
                    position=at,
                )
            )
        _add(rows)
        _add(
            [
                ObjectiveLink(cause=cause, effect=effect)
                for effect, cause in zip(rows, rows[THEMES:], strict=False)
            ]
        )
        found[year] = rows
    return found


def _perspectives(card: Scorecard) -> list[Perspective]:
    return [
        Perspective(scorecard=card, code=code, name=name, position=at)
        for at, (code, name) in enumerate(PERSPECTIVES)
    ]


def _add(rows: list) -> None:
    create_with_history(rows, by=None, reason=REASON)


def _write(
    units: tuple[Unit, ...],
    size: Size,
    years: tuple[int, ...],
    chance: Random,
    above: dict[int, list[Objective]],
) -> None:
    """Write the cards of some units, and all that stands on them."""
    series = {
        unit.pk: [Series(name=f"模擬指標{n}") for n in range(1, size.kpis + 1)]
        for unit in units
    }
    _add([one for rows in series.values() for one in rows])
    for year in years:
        cards = [Scorecard(unit=unit, year=year, plan=MAIN_PLAN) for unit in units]
        _add(cards)
        places = {card.pk: _perspectives(card) for card in cards}
        _add([one for rows in places.values() for one in rows])
        objectives = {
            card.pk: [
                Objective(
                    scorecard=card,
                    perspective=place,
                    code=f"A{place.code}1",
                    name=f"模擬策略目標A{place.code}1",
                    position=at,
                    supports=above[year][at],
                )
                for at, place in enumerate(places[card.pk])
            ]
            for card in cards
        }
        _add([one for rows in objectives.values() for one in rows])
        kpis = [
            kpi
            for card in cards
            for kpi in _kpis(card, series[card.unit_id], objectives[card.pk])
        ]
        _add(kpis)
        for rows in _figures(kpis, year, chance):
            if isinstance(rows[0], Statement):
                Statement.objects.bulk_create(rows, batch_size=500)
            else:
                _add(rows)


def _kpis(
    card: Scorecard, series: list[Series], objectives: list[Objective]
) -> Iterator[Kpi]:
    for at, one in enumerate(series):
        objective = objectives[at % len(objectives)]
        yield Kpi(
            series=one,
            scorecard=card,
            objective=objective,
            code=f"{objective.code}.{at // len(objectives) + 1}",
            name=one.name,
            measure="%",
            direction=Kpi.Direction.POSITIVE,
            direction_basis="confirmed",
            position=at,
        )


def _figures(kpis: list[Kpi], year: int, chance: Random) -> Iterator[list]:
    """Return owners, targets, actuals, statements and self-ratings of some KPIs."""
    period = str(year)
    yield [
        KpiOwner(kpi=kpi, unit=kpi.scorecard.unit, name=kpi.scorecard.unit.short_name)
        for kpi in kpis
    ]
    # The figure of a year is near its target: some miss it, most do not.
    targets = [Decimal(chance.randint(6000, 9000)) / CENT for _kpi in kpis]
    yield [
        Target(kpi=kpi, year=year, value=value)
        for kpi, value in zip(kpis, targets, strict=True)
    ]
    values = [
        (value * chance.randint(60, 110) / 100).quantize(Decimal("0.01"))
        for value in targets
    ]
    yield [
        Actual(
            series=kpi.series, period=period, value=value, state=Actual.State.APPROVED
        )
        for kpi, value in zip(kpis, values, strict=True)
    ]
    yield [
        Statement(
            scorecard=kpi.scorecard,
            series=kpi.series,
            period=period,
            text=f"{value}",
            value=value,
        )
        for kpi, value in zip(kpis, values, strict=True)
    ]
    yield [
        SelfRating(
            kpi=kpi,
            period=period,
            innovation=chance.randint(70, 97),
            challenge=chance.randint(70, 97),
            contribution=chance.randint(70, 97),
            basis="模擬",
        )
        for kpi in kpis
    ]
