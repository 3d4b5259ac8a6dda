"""A checked figure put in force: the actual, its inputs, and what the card prints."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from bsc.models import User
from bsc.periods import Period, roc
from kpi.models import Actual, ActualInput, Entry, Kpi, Statement
from kpi.models.figures import Absence, Figure
from kpi.services.printing import printed_figure
from kpi.services.steps import figure_said

COLUMNS = tuple(field.name for field in Figure._meta.fields)
MOST_REASON = 100


def standing_actual(entry: Entry) -> Actual | None:
    """Return the row of the entry's series and period, held until the end."""
    return (
        Actual.objects.select_for_update()
        .filter(series=entry.kpi.series_id, period=entry.period)
        .first()
    )


def said_in_force(actual: Actual | None) -> dict[str, str]:
    """Return what the figure in force says; nothing where there is none."""
    if actual is None or actual.state != Actual.State.APPROVED:
        return {}
    return figure_said(actual)


def put_in_force(
    entry: Entry, actual: Actual | None, *, by: User, at: datetime, reason: str
) -> Actual | None:
    """Write an entry's figure as the one in force, with its inputs; return it.

    None where somebody made the row of its series and period at this moment.
    """
    row = actual or Actual(series=entry.kpi.series, period=entry.period, version=0)
    for name in COLUMNS:
        setattr(row, name, getattr(entry, name))
    row.state = Actual.State.APPROVED
    row.version += 1
    row.entered_by, row.approved_by, row.approved_at = entry.entered_by, by, at
    row._history_user, row._change_reason = by, reason
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return None
    _keep_inputs(row, by=by, reason=reason)
    return row


def reason_of(entry: Entry, why: str) -> str:
    """Return why a figure changed, as its history keeps it."""
    words = f"entry {entry.pk}, {entry.entered_by}"
    return (f"{words}: {why}" if why else words)[:MOST_REASON]


def _keep_inputs(actual: Actual, *, by: User, reason: str) -> None:
    """Keep the inputs of the figure's own period; those of the year before are there."""
    said = {
        each["label"]: Decimal(each["value"])
        for each in actual.computation.get("inputs", [])
        if Period.parse(each["period"]).code == actual.period
    }
    held = {row.label: row for row in actual.inputs.all()}
    for label in held.keys() - said.keys():
        row = held.pop(label)
        row._history_user, row._change_reason = by, reason
        row.delete()
    for position, (label, value) in enumerate(said.items()):
        row = held.get(label) or ActualInput(actual=actual, label=label)
        if row.pk and (row.value, row.position) == (value, position):
            continue
        row.value, row.position = value, position
        row._history_user, row._change_reason = by, reason
        row.save()


# Sheets are Chinese documents, whatever language the one who approves reads.
ABSENCES = {
    Absence.NOT_MEASURED.value: "無實際值",
    Absence.NO_STATISTICS.value: "無相關統計數據",
    Absence.NOT_APPLICABLE.value: "不適用",
}


def state_as_printed(entry: Entry) -> None:
    """Let the entry's card print its figure, where it prints none of the period yet.

    As the card prints others: with the KPI's decimals, and with the sign of the measure
    and the separators where the last figures of the series have them.
    """
    kpi = entry.kpi
    own = {"series": kpi.series_id, "period": entry.period}
    if Statement.objects.filter(scorecard=kpi.scorecard_id, **own).exists():
        return
    Statement.objects.get_or_create(
        scorecard=kpi.scorecard,
        series=kpi.series,
        period=entry.period,
        defaults={
            "text": _printed(entry, kpi)[:200],
            "value": entry.value,
            "absence": entry.absence,
            "note": _months(entry),
        },
    )


def _printed(entry: Entry, kpi: Kpi) -> str:
    if entry.absence:
        return ABSENCES[entry.absence]
    if entry.value is None:
        return entry.text
    samples = (
        Statement.objects.filter(series=kpi.series_id, value__isnull=False)
        .order_by("-scorecard__year", "-period")
        .values_list("text", flat=True)[:3]
    )
    text = printed_figure(
        entry.value,
        kpi.decimals,
        like=list(samples),
        parts=[(each["label"], Decimal(each["value"])) for each in entry.parts],
    )
    months = _months(entry)
    return f"{text} ({months})" if months else text


def _months(entry: Entry) -> str:
    """Return the part of the year as sheets print it: 109年7-12月."""
    if entry.month_from is None or entry.month_until is None:
        return ""
    year = roc(Period.parse(entry.period).year)
    if entry.month_from == entry.month_until:
        return f"{year}年{entry.month_from}月"
    return f"{year}年{entry.month_from}-{entry.month_until}月"
