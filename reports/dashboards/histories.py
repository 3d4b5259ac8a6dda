"""What was changed about a KPI: who, when, from what to what, and why."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bsc.numbers import plain
from kpi.boards.review import step_of
from kpi.models import Actual, Kpi, ReviewStep, SelfRating, Target
from kpi.wording import ABSENCES, DIRECTIONS
from reports.dashboards.cells import period_text


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `before` is empty for what was new, `after` for what was removed.

    A step of review changes nothing itself: its `after` is what the entry said then.
    """

    when: str
    who: str
    what: str
    before: str
    after: str
    reason: str
    is_step: bool = False


def kpi_history(kpi: Kpi) -> tuple[Change, ...]:
    """Return all changes of a KPI, and the steps of its review, newest first.

    Changes are those of its definition, targets, points and figures. Two queries.
    """
    rows = (
        _rows(Target.history.filter(kpi_id=kpi.pk), "target", "year", "printed", "text")
        .union(
            _rows(
                Actual.history.filter(series_id=kpi.series_id),
                "actual",
                "period",
                "absence",
                "text",
            ),
            _ratings(kpi),
            _definitions(kpi),
            all=True,
        )
        .order_by("history_date", "history_id")
    )
    before: dict[tuple[str, str], str] = {}
    changes: list[tuple[datetime, Change]] = []
    for row in rows:
        place = "" if row["kind"] == "definition" else row["place"]
        key = (row["kind"], place)
        after = "" if row["history_type"] == "-" else _said(row)
        known = before.get(key, "")
        if after == known:
            continue
        before[key] = after
        change = Change(
            when=_moment(row["history_date"]),
            who=row["who"] or _("the system"),
            what=_what(row),
            before=known,
            after=after,
            reason=_why(row["history_change_reason"] or ""),
        )
        changes.append((row["history_date"], change))
    # What a step led to stands above it: both are of the same moment.
    changes = [*_steps(kpi), *changes]
    changes.sort(key=lambda one: one[0])
    return tuple(change for _at, change in reversed(changes))


def _steps(kpi: Kpi) -> list[tuple[datetime, Change]]:
    """Return the steps of the review of a KPI's figures, with what was sent."""
    taken = (
        ReviewStep.objects.filter(entry__kpi=kpi)
        .select_related("entry", "by", "agreed_by", "unit")
        .order_by("at", "pk")
    )
    found = []
    for step in taken:
        words = step_of(step, kpi)
        what = _("reporting %(year)s, %(step)s") % {
            "year": period_text(step.entry.period),
            "step": words.action,
        }
        change = Change(
            _moment(step.at), words.who, what, "", words.said, words.note, is_step=True
        )
        found.append((step.at, change))
    return found


_COLUMNS = ("history_id", "history_date", "history_type", "history_change_reason")


def _values(rows: QuerySet, **named) -> QuerySet:
    """Return the history rows as the columns that a union of them has."""
    named_so = NullIf(F("history_user__display_name"), Value(""))
    who = Coalesce(named_so, F("history_user__username"))
    texts = {name: Cast(value, CharField()) for name, value in named.items()}
    return rows.order_by().values(*_COLUMNS, who=who, **texts)


def _rows(rows: QuerySet, kind: str, place: str, printed: str, text: str) -> QuerySet:
    return _values(
        rows,
        kind=Value(kind),
        place=F(place),
        as_printed=F(printed),
        number=F("value"),
        words=F(text),
    )


def _ratings(kpi: Kpi) -> QuerySet:
    points = [Cast(name, CharField()) for name in ("innovation", "challenge")]
    return _values(
        SelfRating.history.filter(kpi_id=kpi.pk),
        kind=Value("self-rating"),
        place=Concat(F("period"), Value(" "), F("level")),
        as_printed=Value(""),
        number=Value(""),
        words=Concat(
            points[0],
            Value(" / "),
            points[1],
            Value(" / "),
            Cast("contribution", CharField()),
        ),
    )


def _definitions(kpi: Kpi) -> QuerySet:
    return _values(
        Kpi.history.filter(id=kpi.pk),
        kind=Value("definition"),
        place=F("direction"),
        as_printed=F("formula_text"),
        number=F("measure"),
        words=Concat(F("code"), Value(" "), F("name")),
    )


def _said(row: dict[str, str]) -> str:
    """Return in words what a version says."""
    match row["kind"]:
        case "actual" if row["as_printed"]:
            return str(ABSENCES.get(row["as_printed"], row["as_printed"]))
        case "self-rating":
            return " / ".join(_number(part) for part in row["words"].split(" / "))
        case "definition":
            said = (row["words"], row["as_printed"], row["number"])
            words = str(DIRECTIONS[row["place"]])
            return " · ".join(part for part in (*said, words) if part)
        case _:
            return row["as_printed"] or row["words"] or _number(row["number"])


def _number(text: str | None) -> str:
    try:
        return plain(Decimal(text or ""))
    except InvalidOperation:
        return text or ""


def _what(row: dict[str, str]) -> str:
    match row["kind"]:
        case "target":
            return _("target %(year)s") % {"year": period_text(row["place"])}
        case "actual":
            return _("actual %(year)s") % {"year": period_text(row["place"])}
        case "self-rating":
            period, _space, level = row["place"].partition(" ")
            return _("self-rating %(year)s, %(level)s") % {
                "year": period_text(period),
                "level": SelfRating.Level(level).label,
            }
        case _:
            return _("definition")


_ENTRY = re.compile(r"entry \d+, (?P<who>.+?)(?:: (?P<why>.*))?", re.DOTALL)
_IMPORT = re.compile(r"(?P<undo>undo )?import (?P<pk>\d+)(?:: (?P<why>.*))?", re.DOTALL)


def _why(reason: str) -> str:
    """Return in words why a row was changed: the portal's own marks, or as typed."""
    if mark := _ENTRY.fullmatch(reason):
        words = _("entered by %(who)s") % {"who": mark["who"]}
    elif mark := _IMPORT.fullmatch(reason):
        undone, done = _("import %(pk)s taken back"), _("import %(pk)s")
        words = (undone if mark["undo"] else done) % {"pk": mark["pk"]}
    else:
        return reason
    return (
        _("%(what)s: %(why)s") % {"what": words, "why": mark["why"]}
        if mark["why"]
        else words
    )


def _moment(when: datetime) -> str:
    return date_format(timezone.localtime(when), "Y-m-d H:i")
