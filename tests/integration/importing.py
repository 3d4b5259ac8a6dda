"""Importing in tests: the workbooks, altered ones, and the whole database as text."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import openpyxl
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from bsc.models import Job, Unit, User
from sheets import services
from sheets.models import ImportBatch
from sheets.proposals import Options, Proposal
from tests import worlds
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
WORKBOOKS = ROOT / "fixtures" / "workbooks"
READ = (
    "city-109",
    "city-110",
    "group-e-109",
    "group-e-110",
    "bureau-107",
    "center-111",
    "safety-net-107",
)
APPS = ("bsc", "kpi", "actions")
NOTHING_CHANGED = {"created": 0, "changed": 0, "left": 0, "removed": 0}

# When a row was written, and what only tells rows of one database apart.
OF_THE_WRITING = {"id", "computed_at", "fingerprint"}
ABOVE = {"scorecard", "unit", "kpi", "objective", "row", "theme"}
OWN_WORDS = {"code", "name", "year", "plan", "period", "position", "text"}


def workbook(name: str) -> Path:
    return WORKBOOKS / f"{name}.xlsx"


def load_reference() -> None:
    """Load units, names and rules, which one test of a run does by the command."""
    command = partial(call_command, "load_reference", verbosity=0, stdout=io.StringIO())
    worlds.bring("reference", command)


@contextmanager
def kept_for_a_module(blocker, prepare: Callable[[], None]) -> Iterator[None]:
    """Prepare the test database once for all tests of a module, and take it back.

    The tests must carry the mark `django_db`, else there is no test database.
    """
    with blocker.unblock(), transaction.atomic():
        prepare()
        yield
        transaction.set_rollback(True)


def import_all(names: Iterable[str] = READ) -> None:
    """Import published workbooks in this order, after the reference data."""
    names = tuple(names)

    def prepare() -> None:
        load_reference()
        for name in names:
            assert not import_file(workbook(name)).is_refused, name

    worlds.bring(names, prepare)


def import_file(path: Path, *, strict: bool = False, **options) -> Proposal:
    said = Options(file_name=path.name, **options)
    return services.apply_file(path, said, by=None, reason="a test", strict=strict)


def altered(
    name: str, folder: Path, alter: Callable[[openpyxl.Workbook], None], to: str = ""
) -> Path:
    """Return a published workbook in which `alter` has changed something."""
    book = openpyxl.load_workbook(workbook(name))
    alter(book)
    path = folder / (to or f"{name}.xlsx")
    book.save(path)
    return path


def counts_of(proposal: Proposal) -> dict[str, dict[str, int]]:
    """Return the counts of the nouns of which there is anything."""
    return {
        noun: {what: count for what, count in counts.items() if count}
        for noun, counts in proposal.changes().items()
        if any(counts.values())
    }


def issues_of(proposal: Proposal, code: str) -> list[tuple[str | None, str | None]]:
    """Return sheet and cell of every issue with `code`."""
    return [
        (issue.sheet, issue.cell) for issue in proposal.issues if issue.code == code
    ]


@cache
def _models() -> list[type[models.Model]]:
    models_of_ours = [m for app in APPS for m in apps.get_app_config(app).get_models()]
    return [model for model in models_of_ours if model is not Job]


def rows_with_keys() -> dict[str, list[str]]:
    """Return every row as it stands, keys and history included; no jobs."""
    found = {}
    for model in _models():
        rows = model._base_manager.order_by("pk").values()
        found[model._meta.label] = [repr(row) for row in rows]
    return found


def rows_by_meaning() -> dict[str, list[str]]:
    """Return every row that is no history, told by what it says and not by its key.

    A relation is told by the row it points at.
    """
    rows = {
        (model, row.pk): row
        for model in _models()
        if not model.__name__.startswith("Historical")
        for row in model._base_manager.all()
    }

    @cache
    def name(model: type[models.Model], key: object) -> str:
        """Return what tells a row apart in any database: its own words and above."""
        row = rows[model, key]
        told = [model.__name__]
        for field in model._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.is_relation and field.name in ABOVE and value is not None:
                told.append(name(field.related_model, value))
            elif field.name in OWN_WORDS and not field.is_relation:
                told.append(str(value))
        return " / ".join(told)

    found: dict[str, list[str]] = {}
    for (model, _), row in rows.items():
        parts = {}
        for field in model._meta.concrete_fields:
            if field.name in OF_THE_WRITING:
                continue
            value = getattr(row, field.attname)
            is_ours = field.is_relation and (field.related_model, value) in rows
            parts[field.name] = name(field.related_model, value) if is_ours else value
        said = json.dumps(parts, ensure_ascii=False, default=str)
        found.setdefault(model._meta.label, []).append(said)
    return {label: sorted(said) for label, said in found.items()}


# The pages of an import


def person(name: str, role: str, unit: str) -> User:
    return make_user(name, role=role, unit=Unit.objects.get(code=unit))


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def upload(
    client: Client,
    path: Path,
    django_capture_on_commit_callbacks,
    **more: str,
) -> ImportBatch:
    """Upload a file, let its job run, and return its batch."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/imports/new/", {"file": file, **more})
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("sheets:import-detail", args=[batch.pk])
    return batch


def post(client: Client, name: str, batch: ImportBatch, on_commit) -> int:
    with on_commit(execute=True):
        answer = client.post(reverse(f"sheets:{name}", args=[batch.pk]))
    batch.refresh_from_db()
    return answer.status_code


def page(client: Client, batch: ImportBatch) -> str:
    answer = client.get(reverse("sheets:import-detail", args=[batch.pk]))
    assert answer.status_code == 200
    return answer.content.decode()
