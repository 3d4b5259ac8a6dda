"""`load_demo`: the published workbooks and one account a role, to look around."""

import hashlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from bsc.accounts import make_demonstration
from bsc.models import User
from sheets import services
from sheets.models import ImportBatch

WORKBOOKS = settings.BASE_DIR / "fixtures" / "workbooks"
HERE = "http://{}:{}/"
PLANNER = "planner"


class Command(BaseCommand):
    help = "Import the published workbooks, rate them, and make one account a role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accounts",
            type=Path,
            default=settings.VAR_DIR / "demo-accounts.json",
            help="where passwords and tokens are kept; readable by its owner only",
        )

    def handle(self, *args: Any, accounts: Path, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "Demonstration accounts are for trying the portal out:"
                " they are refused where DEBUG is off."
            )
        try:
            people = make_demonstration(accounts)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if self._import_workbooks(User.objects.get(username=PLANNER)):
            call_command("rate", stdout=self.stdout)
        self._introduce(people)

    def _import_workbooks(self, by: User) -> int:
        """Import the workbooks not yet applied, and return how many those were.

        Each is an upload of the demonstration's planner, listed with the others.
        """
        imported = 0
        for path in sorted(WORKBOOKS.glob("*.xlsx")):
            checksum = hashlib.sha256(path.read_bytes()).hexdigest()
            applied = ImportBatch.objects.filter(
                checksum=checksum, status=ImportBatch.Status.APPLIED
            )
            if applied.exists():
                continue
            with path.open("rb") as file:
                batch = services.store_upload(
                    file=File(file, path.name), file_name=path.name, by=by, options={}
                )
            services.propose_batch(batch)
            services.apply_batch(batch)
            if batch.status != ImportBatch.Status.APPLIED:
                raise CommandError(f"{path.name} was refused: {batch.verdict}")
            self.stdout.write(f"imported {path.name}")
            imported += 1
        return imported

    def _introduce(self, people: list[dict[str, str]]) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        self.stdout.write(f"\nDengta: {HERE.format(host, port)}\n\n")
        for person in people:
            self.stdout.write(
                "{role}: {username} / {password}   API token: {token}".format(**person)
            )
        self.stdout.write("")
