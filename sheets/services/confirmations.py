"""What newer imports show as an older one left it: it stays when that one is undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F

from bsc.models import Scorecard
from kpi.models import Actual, Kpi
from sheets.models import ImportBatch
from sheets.proposals.dependents import KEYS_A_QUERY
from sheets.services.records import Record


@dataclass(slots=True)
class Confirmations:
    """The newest import that shows a row, by its model and key, with the columns shown."""

    shown: dict[str, dict[int, tuple[frozenset[str], ImportBatch]]] = field(
        default_factory=dict
    )

    def of(self, row: models.Model) -> tuple[frozenset[str], ImportBatch | None]:
        """Return the columns of a row that newer imports show, and the newest of them."""
        of_model = self.shown.get(row._meta.label, {})
        return of_model.get(row.pk, (frozenset(), None))

    def note(self, record: Record, batch: ImportBatch) -> None:
        """Add what one import shows; what is noted later is newer."""
        for label, groups in record.confirmed.items():
            known = self.shown.setdefault(label, {})
            for columns, keys in groups:
                named = frozenset(columns)
                for key in keys:
                    before = known.get(key, (frozenset(), None))[0]
                    known[key] = (named | before, batch)


def confirmations_since(batch: ImportBatch) -> Confirmations:
    """Return what imports after `batch` show of the same units and stands undone.

    One query, and one for every such import.
    """
    found = Confirmations()
    units = _units_of(batch.verdict.get("sheets") or [])
    newer = (
        ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED)
        .filter(applied_at__gte=batch.applied_at, undo__isnull=False)
        .exclude(pk=batch.pk)
        .order_by("applied_at", "pk")
        .annotate(sheets=F("verdict__sheets"))
        .select_related("applied_by")
        .only("file_name", "applied_at", "applied_by")
    )
    for other in newer:
        if units & _units_of(other.sheets or []):
            found.note(Record.unpacked(other.undo), other)
    return found


def _units_of(sheets: Iterable[dict]) -> set[str]:
    return {sheet["unit"] for sheet in sheets if sheet["unit"]}


def sealed(model: type[models.Model], keys: Iterable[int]) -> set[int]:
    """Return the keys of KPIs of closed cards, and of figures in force of their years.

    A closed year takes errata only, even where an import of another year is undone.
    """
    found: set[int] = set()
    keys = [*keys]
    closed = Kpi.objects.filter(scorecard__status=Scorecard.Status.CLOSED)
    for at in range(0, len(keys), KEYS_A_QUERY):
        some = keys[at : at + KEYS_A_QUERY]
        if model is Kpi:
            found |= {*closed.filter(pk__in=some).values_list("pk", flat=True)}
        elif model is Actual:
            figures = Actual.objects.filter(pk__in=some)
            years = closed.filter(series__actuals__in=figures).order_by()
            of_year = {*years.values_list("series", "scorecard__year").distinct()}
            found |= {
                key
                for key, series, period in figures.values_list("pk", "series", "period")
                if (series, int(period[:4])) in of_year
            }
    return found
