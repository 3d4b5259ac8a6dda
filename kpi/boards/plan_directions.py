"""The directions of a card's KPIs, each with what speaks for it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from bsc.models import Scorecard
from bsc.numbers import plain, roc_year
from kpi.boards.plan import target_text
from kpi.directions import Hint, Printed, hints_of
from kpi.models import Actual, Kpi, KpiLineage, PublishedResult, Target
from kpi.scoring import Direction
from kpi.services import target_figure

HINTS: dict[str, Promise] = {
    "achievement": gettext_lazy(
        "%(year)s: target %(target)s, actual %(actual)s and the printed achievement"
        " %(achievement)s fit only so"
    ),
    "comparator": gettext_lazy("the target of %(year)s says %(sign)s"),
    "targets-fall": gettext_lazy("the targets fall: %(values)s"),
    "targets-rise": gettext_lazy("the targets rise: %(values)s"),
    "word": gettext_lazy("its name says “%(word)s”"),
    "year-before": gettext_lazy("so it was in %(year)s (%(code)s)"),
}
BASES: dict[str, Promise] = {
    "printed": gettext_lazy("printed on a sheet"),
    "confirmed": gettext_lazy("confirmed by a person"),
}


@dataclass(frozen=True, slots=True)
class HintLine:
    """What speaks for one direction, in words."""

    direction: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One direction that can be chosen; ticked only where it stands already."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """One KPI: where it stands, what speaks for what, and the choice."""

    pk: int
    code: str
    name: str
    url: str
    targets: str
    was: str
    basis: str
    stands: str
    is_open: bool
    hints: tuple[HintLine, ...]
    disagrees: bool
    options: tuple[Option, ...]


def directions_board(
    card: Scorecard, chosen: dict[int, str] | None = None
) -> tuple[DirectionRow, ...]:
    """Return the KPIs of a card, the open ones first. Five queries.

    `chosen` is what a person ticked on a page that is shown again.
    """
    kpis = list(card.kpis.in_plan())
    keys = [kpi.pk for kpi in kpis]
    targets: dict[int, dict[int, Target]] = defaultdict(dict)
    for target in Target.objects.filter(kpi__in=keys):
        targets[target.kpi_id][target.year] = target
    printed = _printed(kpis, targets)
    before = _year_before(keys)
    rows = [
        _row(kpi, targets[kpi.pk], printed[kpi.pk], before.get(kpi.pk), chosen or {})
        for kpi in kpis
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_open))


def _printed(
    kpis: list[Kpi], targets: dict[int, dict[int, Target]]
) -> dict[int, list[Printed]]:
    """Return printed achievements with the target and the actual of their year."""
    by_pk = {kpi.pk: kpi for kpi in kpis}
    published = PublishedResult.objects.filter(kpi__in=by_pk, achievement__isnull=False)
    actuals = {
        (series, period): value
        for series, period, value in Actual.objects.filter(
            series__in={kpi.series_id for kpi in kpis},
            state=Actual.State.APPROVED,
            value__isnull=False,
        ).values_list("series", "period", "value")
    }
    found: dict[int, list[Printed]] = defaultdict(list)
    for row in published:
        kpi = by_pk[row.kpi_id]
        if not row.period.isdecimal():
            continue
        target = targets[kpi.pk].get(int(row.period))
        actual = actuals.get((kpi.series_id, row.period))
        if target is None or target.value is None or actual is None:
            continue
        decimals = kpi.achievement_decimals
        found[kpi.pk].append(
            Printed(int(row.period), target.value, actual, row.achievement, decimals)
        )
    return found


def _year_before(keys: list[int]) -> dict[int, Kpi]:
    """Return the KPI that each was before, where that one has a direction."""
    steps = KpiLineage.objects.filter(later__in=keys).exclude(
        kind=KpiLineage.Kind.REPLACED
    )
    steps = steps.exclude(earlier__direction=Kpi.Direction.UNCONFIRMED)
    found = steps.select_related("earlier__scorecard")
    return {step.later_id: step.earlier for step in found}


def _row(
    kpi: Kpi,
    targets: dict[int, Target],
    printed: list[Printed],
    before: Kpi | None,
    chosen: dict[int, str],
) -> DirectionRow:
    figures = {
        year: target_figure(row.value, row.comparator, row.text, row.parts)
        for year, row in targets.items()
    }
    hints = list(hints_of(kpi.name, figures, printed))
    if before is not None:
        params = {"year": str(before.scorecard.year), "code": before.code}
        hints.append(Hint("year-before", Direction(before.direction), params))
    is_unknown = kpi.direction == Kpi.Direction.UNCONFIRMED
    # What was only reckoned stands, and is not ticked: a person says whether it is so.
    is_open = is_unknown or kpi.direction_basis not in BASES
    ticked = chosen.get(kpi.pk, "" if is_open else kpi.direction)
    years = [
        f"{roc_year(year)} {target_text(row)}" for year, row in sorted(targets.items())
    ]
    return DirectionRow(
        pk=kpi.pk,
        code=kpi.code,
        name=kpi.name,
        url=reverse("kpi:plan-kpi", kwargs={"pk": kpi.pk}),
        targets=pgettext("enumeration of counts", "; ").join(years),
        was=kpi.direction,
        basis="" if is_open else str(BASES[kpi.direction_basis]),
        stands="" if is_unknown or not is_open else str(kpi.get_direction_display()),
        is_open=is_open,
        hints=tuple(map(_line, hints)),
        disagrees=len({one.direction for one in hints}) > 1,
        options=tuple(
            Option(direction.value, str(direction.label), ticked == direction)
            for direction in (Kpi.Direction.POSITIVE, Kpi.Direction.NEGATIVE)
        ),
    )


def _line(hint: Hint) -> HintLine:
    params = dict(hint.params)
    if "year" in params:
        params["year"] = roc_year(int(params["year"]))
    for name in ("target", "actual", "achievement"):
        if name in params:
            params[name] = plain(Decimal(params[name]), grouped=True)
    if "values" in params:
        numbers = (plain(Decimal(n), grouped=True) for n in params["values"].split())
        params["values"] = " → ".join(numbers)
    direction = Kpi.Direction(hint.direction)
    return HintLine(
        hint.direction.value,
        str(direction.label),
        str(HINTS[hint.code]) % params,
    )
