import json
import re
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from bsc.models import Unit
from bsc.periods import common_era
from sheets import services
from sheets.proposals import Options


class Command(BaseCommand):
    help = "Bring in one file of published sheets: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", help="a unit's code, where the file names none")
        parser.add_argument("--year", help="111 or 2022, where the file names none")
        parser.add_argument("--plan", help="a plan's code; bsc without it")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--strict", action="store_true", help="refuse where something is asked"
        )
        parser.add_argument(
            "--whole", action="store_true", help="this file is the whole plan"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, file: Path, dry_run: bool, strict: bool, as_json: bool, **options
    ) -> None:
        said = self._options(file, **options)
        if dry_run:
            proposal = services.read_and_propose(file, said)
            if strict and proposal.is_asking:
                proposal.refuse()
        else:
            reason = f"import_sheet {file.name}"
            proposal = services.apply_file(
                file, said, by=None, reason=reason[:100], strict=strict
            )
        applied = not dry_run and not proposal.is_refused
        # Messages are told in the language of the offices.
        with translation.override("zh-hant"):
            told = proposal.as_json(applied=applied)
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self._tell(told)
        if proposal.is_refused:
            raise SystemExit(1)

    def _options(self, file: Path, *, unit, year, plan, whole, **options) -> Options:
        """Return what was said. Raises CommandError with 2 where it cannot be."""
        if not file.is_file():
            raise CommandError(f"No such file: {file}", returncode=2)
        found = Unit.objects.filter(code=unit).first() if unit is not None else None
        if unit is not None and found is None:
            raise CommandError(f"No unit has the code {unit}.", returncode=2)
        if plan is not None and not re.fullmatch(r"[a-z0-9-]{1,40}", plan):
            raise CommandError(f"Not a plan's code: {plan}.", returncode=2)
        try:
            in_common_era = common_era(year) if year is not None else None
        except ValueError as error:
            raise CommandError(f"Not a year: {year}.", returncode=2) from error
        return Options(found, in_common_era, plan, file.name, is_whole=whole)

    def _tell(self, told: dict) -> None:
        for sheet in told["sheets"]:
            form = sheet["form"] or "-"
            self.stdout.write(f"{sheet['name']}: {form}, {sheet['rows']} rows")
        for noun, counts in told["changes"].items():
            if any(counts.values()):
                parts = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
                self.stdout.write(f"{noun}: {parts}")
        for issue in told["issues"]:
            place = " ".join(filter(None, [issue["sheet"], issue["cell"]]))
            self.stdout.write(f"{issue['severity']} {place} {issue['message']}")
