"""`make_city`: a city that never was, to try the portal out or to measure it by."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bsc.accounts import make_demonstration
from bsc.models import Unit
from reports.simulation.bulk import Size, make_bulk
from reports.simulation.demo import make_demo
from reports.simulation.plans import ACCOUNTS, CITY

HERE = "http://{}:{}/units/{}/"


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"a number from 1 up, not {text}")
    return int(text)


class Command(BaseCommand):
    help = (
        "Make a simulated city: 模擬市 with figures that went the whole way (--demo),"
        " or one of any size with figures written at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make 模擬市")
        parser.add_argument("--units", type=_count, default=20, metavar="N")
        parser.add_argument("--kpis", type=_count, default=20, metavar="N")
        parser.add_argument("--years", type=_count, default=5, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument(
            "--accounts",
            type=Path,
            default=settings.VAR_DIR / "demo-accounts.json",
            help="where passwords and tokens are kept; readable by its owner only",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["demo"]:
                self._demo(options["seed"], options["accounts"])
            else:
                size = Size(options["units"], options["kpis"], options["years"])
                self._bulk(size, options["seed"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _demo(self, seed: int, accounts: Path) -> None:
        made = make_demo(seed=seed, now=timezone.now())
        city = Unit.objects.get(code=CITY)
        self.stdout.write(f"{city}: {'made' if made else 'there already'}")
        if not settings.DEBUG:
            self.stdout.write("Its people log in only where DEBUG is on.")
            return
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        self.stdout.write(f"\n{city}: {HERE.format(host, port, CITY)}\n\n")
        for person in make_demonstration(accounts, ACCOUNTS):
            self.stdout.write(
                "{role}: {username} / {password}   API token: {token}".format(**person)
            )
        self.stdout.write("")

    def _bulk(self, size: Size, seed: int) -> None:
        city = make_bulk(
            size=size, seed=seed, now=timezone.now(), progress=self._progress
        )
        if city is None:
            self.stdout.write("there already")
        else:
            self.stdout.write(f"{city.code}: {size.kpi_years:,} KPI-years")

    def _progress(self, done: int, total: int) -> None:
        self.stdout.write(f"{done:,} of {total:,}")
