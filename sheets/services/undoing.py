"""Take an import back: what it changed, and nothing that somebody changed since."""

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bsc.models import Scorecard, Unit, User
from bsc.permissions import Action, units_where
from sheets.models import ImportBatch
from sheets.proposals.dependents import Place
from sheets.services.applying import rate_cards, reason_of
from sheets.services.confirmations import confirmations_since
from sheets.services.reading import Report, silent
from sheets.services.records import Record, model_of, value_of
from sheets.services.rows import change_rows, create_rows, remove_rows
from sheets.services.takebacks import Takeback, missing_targets, take_back
from sheets.services.writing import link_again

# The verdict names so many of the rows that were left; it counts all.
NAMED = 200


def undo_batch(
    batch: ImportBatch, by: User | None, *, report: Report = silent
) -> dict[str, Any]:
    """Restore what the import of `batch` changed, and return the verdict.

    The verdict counts by noun what was `removed`, `changed` back and `restored`, and
    lists under `kept` what was left because somebody changed it since, a newer import
    shows it as it stands, or other rows hang on it: noun, name, why, by whom and when.
    `kept_count` counts all of them, `kept_by` by why.
    All or nothing. Raises ValidationError where there is nothing to undo or a card is
    closed, PermissionDenied where `by` may not import for a unit of the file.
    """
    report(0, 4, "opening")
    with transaction.atomic():
        list(Unit.objects.select_for_update().filter(depth=1))
        held = ImportBatch.objects.select_for_update()
        batch.refresh_from_db(from_queryset=held)
        if batch.status != ImportBatch.Status.APPLIED or batch.undo is None:
            raise ValidationError(_("There is nothing of this import to undo."))
        record = Record.unpacked(batch.undo)
        _require_allowed(batch, record, by)
        report(1, 4, "comparing")
        confirmed = confirmations_since(batch)
        takeback = take_back(record, reason_of(batch), confirmed)
        report(2, 4, "undoing")
        told = _execute(record, takeback, by, f"undo {reason_of(batch)}")
        units = Unit.objects.filter(pk__in={key[0] for key in record.cards})
        link_again(units, by=by, reason=f"undo {reason_of(batch)}")
        report(3, 4, "rating")
        rate_cards(batch.verdict["sheets"])
        batch.verdict = {**batch.verdict, "undone": told}
        batch.status = ImportBatch.Status.UNDONE
        batch.undone_at, batch.undone_by, batch.undo = timezone.now(), by, None
        batch.save(
            update_fields=["verdict", "status", "undone_at", "undone_by", "undo"]
        )
    return told


def foresee_undo(batch: ImportBatch, by: User | None) -> dict[str, Any]:
    """Return what `undo_batch` would do now, told as it tells it. Writes nothing.

    `sheets.undone.foreseen_of` says it in words. It loads every row that the import
    wrote, as undoing does: for the page that asks whether to undo, not for every page.
    What is restored is counted as if nothing had taken its place. Raises as
    `undo_batch` does.
    """
    if batch.status != ImportBatch.Status.APPLIED or batch.undo is None:
        raise ValidationError(_("There is nothing of this import to undo."))
    record = Record.unpacked(batch.undo)
    _require_allowed(batch, record, by)
    takeback = take_back(record, reason_of(batch), confirmations_since(batch))
    counts: dict[str, Counter[str]] = {}
    for label in record.order:
        if noun := record.nouns.get(label):
            model = model_of(label)
            found = Counter(
                removed=len(takeback.removed.get(model, ())),
                changed=len(takeback.changed.get(model, ((), ()))[0]),
                restored=len(record.removed.get(label, ())),
            )
            if +found:
                counts.setdefault(noun, Counter()).update(found)
    return _told(record, counts, takeback)


def _require_allowed(batch: ImportBatch, record: Record, by: User | None) -> None:
    of_file = Scorecard.objects.none()
    for unit, year, plan in record.cards:
        of_file |= Scorecard.objects.filter(unit=unit, year=year, plan=plan)
    if of_file.filter(status=Scorecard.Status.CLOSED).exists():
        raise ValidationError(
            _("A card of this import is closed; it takes errata only.")
        )
    if by is None:
        return
    codes = {sheet["unit"] for sheet in batch.verdict["sheets"] if sheet["unit"]}
    allowed = units_where(by, Action.IMPORT).filter(code__in=codes)
    if allowed.count() != len(codes):
        raise PermissionDenied


def _execute(
    record: Record, takeback: Takeback, by: User | None, reason: str
) -> dict[str, Any]:
    """Remove, change back and restore, in an order that no constraint forbids."""
    counts: dict[str, Counter[str]] = {}

    def count(label: str, what: str, number: int) -> None:
        if (noun := record.nouns.get(label)) and number:
            counts.setdefault(noun, Counter())[what] += number

    for label in reversed(record.order):
        model = model_of(label)
        rows = takeback.removed.get(model, [])
        remove_rows(model, rows, by=by, reason=reason)
        count(label, "removed", len(rows))
    for label in record.order:
        model = model_of(label)
        rows, columns = takeback.changed.get(model, ([], []))
        change_rows(model, rows, columns, by=by, reason=reason)
        count(label, "changed", len(rows))
    lost: set[Place] = set()
    for label in record.order:
        model = model_of(label)
        rows = _restored(record, model, lost, takeback, by=by, reason=reason)
        count(label, "restored", rows)
    return _told(record, counts, takeback)


def _told(
    record: Record, counts: dict[str, Counter[str]], takeback: Takeback
) -> dict[str, Any]:
    """Return what is told of an undo, before and after it."""
    none = {"removed": 0, "changed": 0, "restored": 0}
    return {
        "changes": {noun: {**none, **found} for noun, found in counts.items()},
        "kept": [kept.as_json(record.nouns) for kept in takeback.kept[:NAMED]],
        "kept_count": len(takeback.kept),
        "kept_by": dict(Counter(kept.why for kept in takeback.kept)),
    }


def _restored(
    record: Record,
    model: type[models.Model],
    lost: set[Place],
    takeback: Takeback,
    *,
    by: User | None,
    reason: str,
) -> int:
    """Bring back the rows of one model that the import removed, under their keys.

    A row whose place somebody has taken, or whose owner is gone, stays away: it is
    noted as kept, and what belongs to it is lost with it.
    """
    rows = [
        model(**{name: value_of(model, name, kept) for name, kept in values.items()})
        for values in record.removed.get(model._meta.label, ())
    ]
    if not rows:
        return 0
    gone = missing_targets(model, rows)
    waiting = []
    for row in rows:
        targets = {
            (field.related_model, getattr(row, field.attname))
            for field in model._meta.concrete_fields
            if field.is_relation
        }
        if targets & (lost | gone):
            takeback.keep(row, "gone")
            lost.add((model, row.pk))
        else:
            waiting.append(row)
    try:
        with transaction.atomic():
            create_rows(model, waiting, by=by, reason=reason)
        return len(waiting)
    except IntegrityError:
        back = 0
    for row in waiting:
        try:
            with transaction.atomic():
                create_rows(model, [row], by=by, reason=reason)
            back += 1
        except IntegrityError:
            takeback.keep(row, "taken")
            lost.add((model, row.pk))
    return back
