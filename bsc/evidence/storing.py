"""Evidence given, handed out and taken away."""

import hashlib
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bsc.evidence.child import examined
from bsc.evidence.kinds import KINDS, Refused, name_of
from bsc.models import Evidence, Unit, User

REFUSALS: dict[str, Promise] = {
    "kind-not-taken": _(
        "Files ending in “%(end)s” are not taken. Give a PDF, a picture (PNG, JPEG),"
        " a document (DOCX, ODT), a sheet (XLSX, ODS) or a text (CSV, TXT)."
    ),
    "empty": _("The file is empty."),
    "too-large": _("The file is larger than %(most)s MB."),
    "not-what-it-says": _(
        "Its content is not what its name says (%(end)s). Save it again in that format."
    ),
    "two-in-one": _(
        "Something else is hidden in this file (%(end)s). Save it again, and give that."
    ),
    "broken": _("The file cannot be opened (%(end)s). Save it again, and give that."),
    "unpacks-too-large": _("What is packed in the file (%(end)s) is too large."),
    "locked": _("The file is locked by a password. Give it without one."),
    "holds-programs": _(
        "The file holds macros, scripts or other files within it (%(end)s)."
        " Save it without them, for example as a PDF."
    ),
    "fetches": _(
        "The document fetches a part of itself from elsewhere. Save it as a PDF."
    ),
}


class CheckedFile(NamedTuple):
    """A file that may be kept: its name, its kind, and its content as it is kept."""

    name: str
    end: str
    content: bytes


def checked_file(name: str, content: bytes) -> CheckedFile:
    """Look a file through and take out who made it; nothing is stored yet.

    Raises ValidationError where it is not taken.
    """
    clean = name_of(name)
    try:
        return CheckedFile(clean, *examined(clean, content))
    except Refused as refused:
        raise ValidationError(
            REFUSALS[refused.code], code=refused.code, params=refused.params
        ) from refused


def store_evidence(*, unit: Unit, file: CheckedFile, by: User) -> Evidence:
    """Keep a checked file of evidence; it is not yet tied to anything."""
    evidence = Evidence(
        unit=unit,
        name=file.name,
        content_type=KINDS[file.end],
        size=len(file.content),
        digest=hashlib.sha256(file.content).hexdigest(),
        uploaded_by=by,
    )
    evidence.file.save(f"file{file.end}", ContentFile(file.content), save=False)
    evidence.save()
    return evidence


@transaction.atomic
def discard_evidence(*, evidence: Evidence) -> None:
    """Take a file away; it is deleted once the transaction holds."""
    place, storage = evidence.file.name, evidence.file.storage
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(place))
