"""Uploads in tests without pages: read, answered, applied."""

from pathlib import Path

from django.core.files.base import ContentFile

from bsc.models import User
from sheets import services
from sheets.models import ImportBatch
from tests.integration.importing import rows_with_keys


def uploaded(path: Path, by: User | None = None, **options) -> ImportBatch:
    """Return the batch of a file that is read and proposed."""
    batch = services.store_upload(
        file=ContentFile(path.read_bytes(), path.name),
        file_name=path.name,
        by=by,
        options=options,
    )
    services.propose_batch(batch)
    batch.refresh_from_db()
    return batch


def applied(path: Path, by: User | None = None, **options) -> ImportBatch:
    """Return the batch of a file that is brought in."""
    batch = uploaded(path, by, **options)
    apply(batch)
    assert batch.status == ImportBatch.Status.APPLIED, batch.issues[:3]
    return batch


def apply(batch: ImportBatch) -> None:
    services.apply_batch(batch)
    if batch.status == ImportBatch.Status.APPLIED:
        services.rate_cards(batch.verdict["sheets"])
    batch.refresh_from_db()


def key_of(batch: ImportBatch, code: str) -> str:
    """Return the key of the first issue of a proposal with `code`."""
    return issue_of(batch, code)["key"]


def issue_of(batch: ImportBatch, code: str) -> dict:
    return next(one for one in batch.issues if one["code"] == code)


def codes_of(batch: ImportBatch) -> set[str]:
    return {one["code"] for one in batch.issues}


def everything() -> dict[str, list[str]]:
    """Return every row with its key as it stands, but history and when it was rated."""
    return {
        label: [_without_moment(row) for row in rows]
        for label, rows in rows_with_keys().items()
        if not label.split(".")[1].startswith("Historical")
    }


def _without_moment(row: str) -> str:
    return row.partition("'computed_at'")[0]
