import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bsc.models import Scorecard, Unit
from bsc.periods import Period, common_era
from kpi import services
from kpi.models import Kpi
from kpi.scoring import Light


class Command(BaseCommand):
    help = "Compute the results of open cards again: of one year, or of every year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", help="a unit's code; every unit without it")
        parser.add_argument("--year", help="109 or 2020; every year without it")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, unit: str | None, year: str | None, as_json: bool, **options):
        if unit is not None and not Unit.objects.filter(code=unit).exists():
            raise CommandError(f"No unit has the code {unit}.", returncode=2)
        try:
            years = [common_era(year)] if year is not None else _years()
        except ValueError as error:
            raise CommandError(f"Not a year: {year}.", returncode=2) from error
        lights = {str(light): 0 for light in Light}
        answer = {"rated": 0, "changed": 0, "lights": lights}
        for each in years:
            done = services.refresh_results(
                Kpi.objects.open_in(unit=unit, year=each).in_plan(),
                Period.parse(each),
                at=timezone.now(),
            )
            answer["rated"] += done.rated
            answer["changed"] += done.changed
            for light, count in done.lights.items():
                lights[light] += count
        if as_json:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write("{rated} rated, {changed} changed".format(**answer))


def _years() -> list[int]:
    years = Scorecard.objects.order_by("year").values_list("year", flat=True)
    return list(years.distinct())
