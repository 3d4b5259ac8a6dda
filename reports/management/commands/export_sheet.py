"""Write a published form of one card to a file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bsc.models import MAIN_PLAN, Scorecard
from bsc.periods import common_era
from reports.documents.scorecard_json import scorecard_as_json

FORMS = (
    "strategy-map",
    "scorecard",
    "results",
    "light-table",
    "revision",
    "main-tasks",
    "work-plan",
    "kpi-definitions",
    "open-data",
    "stratml",
)
FORMATS = ("xlsx", "ods", "csv", "json", "pdf", "odt", "docx", "pptx", "xml")
WRITTEN = {("scorecard", "json")}

REFUSED, USAGE = 1, 2


class Command(BaseCommand):
    help = "Write a published form of one card to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("form", choices=FORMS)
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, metavar="Y", help="109 or 2020")
        parser.add_argument("--plan", default=MAIN_PLAN, metavar="P")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        form, kind = options["form"], options["format"]
        if (form, kind) not in WRITTEN:
            self._stop(
                USAGE, f"{form} cannot be written as {kind}; scorecard as json can"
            )
        try:
            year = common_era(options["year"])
        except ValueError as error:
            self._stop(USAGE, str(error))
        card = (
            Scorecard.objects.filter(
                unit__code=options["unit"], year=year, plan=options["plan"]
            )
            .select_related("unit")
            .first()
        )
        if card is None:
            asked = f"{options['unit']} {options['year']} {options['plan']}"
            self._stop(REFUSED, f"there is no scorecard {asked}")
        text = json.dumps(scorecard_as_json(card), ensure_ascii=False, indent=2)
        try:
            options["output"].write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            self._stop(REFUSED, f"cannot write {options['output']}: {error.strerror}")

    def _stop(self, code: int, words: str) -> None:
        self.stderr.write(words)
        sys.exit(code)
