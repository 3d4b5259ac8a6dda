"""Recall by which codes a card holds what a sheet names in words only."""

from collections.abc import Iterator

from django.db.models import Q

from bsc.models import Objective, Scorecard
from bsc.services import UnitDirectory
from kpi.models import Kpi
from sheets.forms.completing import Codes, codes_by_name, lacks_codes
from sheets.forms.readings import SheetReading
from sheets.proposals import Options
from sheets.proposals.naming import plan_of, unit_of


def codes_held(
    readings: tuple[SheetReading, ...], options: Options, directory: UnitDirectory
) -> Codes:
    """Return the codes of objectives and KPIs by name, where a sheet lacks codes.

    They are those of the sheet's card, else of the latest one of its unit and plan.
    Three queries a sheet that lacks some, and none where none does.
    """
    named: list[tuple[str, str]] = []
    for sheet in readings:
        if sheet.reading is None or not lacks_codes(sheet):
            continue
        unit = options.unit or unit_of(sheet, readings, directory)
        if unit is None:
            continue
        year = options.year or sheet.reading.year
        plan = options.plan or plan_of(sheet.reading.title)[0]
        until = Q() if year is None else Q(year__lte=year)
        cards = Scorecard.objects.filter(until, unit=unit, plan=plan)
        if (card := cards.order_by("-year").first()) is not None:
            named += _named_on(card)
    return codes_by_name(named)


def _named_on(card: Scorecard) -> Iterator[tuple[str, str]]:
    """Yield every name of an objective or KPI of a card, with its code."""
    for objective in Objective.objects.filter(scorecard=card):
        for words in (objective.name, objective.map_name, objective.table_name):
            if words:
                yield words, objective.code
    for kpi in Kpi.objects.filter(scorecard=card, is_withdrawn=False):
        yield kpi.name, kpi.code
