"""What the last imports said of a card: from which file, when, with what doubts."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bsc.models import Scorecard
from bsc.models.strategy import MAIN_PLAN
from bsc.periods import roc
from sheets.messages import message
from sheets.models import ImportBatch

# Enough to find the last file of a card; older ones are on the import pages.
_LATEST = 30

# What the card's own notes say already, in their own words and at their cells.
_SAID_BY_NOTES = frozenset(
    {
        "broken-separator",
        "code-mismatch",
        "code-reused",
        "direction-unconfirmed",
        "no-plan",
        "target-below-last",
    }
)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """One doubt of an import, with the cell it stands at."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class CardImport:
    """The last import that brought a card: its batch and the sheets it took."""

    batch: ImportBatch
    sheets: frozenset[str]

    @property
    def words(self) -> str:
        """Which file, who brought it and when."""
        when = self.batch.applied_at
        return _("%(file)s, imported by %(who)s on %(when)s") % {
            "file": self.batch.file_name,
            "who": self.batch.uploaded_by or _("the system"),
            "when": date_format(timezone.localtime(when), "Y-m-d H:i") if when else "",
        }


def last_imports(cards: list[Scorecard]) -> dict[int, CardImport]:
    """Return the last applied import of each card, by key. Costs one query."""
    wanted = {
        (card.unit.code, str(year), card.plan): card.pk
        for card in cards
        for year in (card.year, roc(card.year))
    }
    found: dict[int, CardImport] = {}
    for batch in (
        ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED)
        .select_related("uploaded_by")
        .defer("proposal")
        .order_by("-applied_at", "-pk")[:_LATEST]
    ):
        sheets: dict[int, set[str]] = {}
        for sheet in batch.verdict.get("sheets", []):
            key = (
                sheet.get("unit"),
                str(sheet.get("year")),
                sheet.get("plan") or MAIN_PLAN,
            )
            if sheet.get("form") and key in wanted:
                sheets.setdefault(wanted[key], set()).add(sheet["name"])
        for card, names in sheets.items():
            found.setdefault(card, CardImport(batch, frozenset(names)))
    return found


def import_notes(card: Scorecard) -> tuple[ImportNote, ...]:
    """Return what the last import of `card` asked or warned of. Costs two queries.

    What the card's own notes say is left out.
    """
    found = last_imports([card]).get(card.pk)
    if found is None:
        return ()
    return tuple(
        ImportNote(
            " ".join(part for part in (doubt.sheet, doubt.cell) if part),
            message(doubt.code, doubt.params),
        )
        for doubt in found.batch.doubts.filter(
            is_of_file=False, sheet__in=found.sheets, severity__in=("ask", "warn")
        )
        if doubt.code not in _SAID_BY_NOTES
    )
