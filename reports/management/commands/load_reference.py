"""`load_reference`: what every installation needs before its first sheet."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from bsc.services import load_units, load_work_days
from kpi.reference import load_rules

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "Load units with their names, rating rules and the calendar of working days."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for noun, file_name, load in (
            ("units and names", "units.json", load_units),
            ("rating rules", "rating_rules.json", load_rules),
            ("days of the calendar", "workdays.json", load_work_days),
        ):
            done = load(json.loads((FIXTURES / file_name).read_text()))
            self.stdout.write(
                f"{noun}: {done.created} created, {done.changed} changed,"
                f" {done.unchanged} unchanged"
            )
