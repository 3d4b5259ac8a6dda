"""Rules of rating made, changed and adopted; and what that would change, unwritten."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from bsc import planning
from bsc.models import Scorecard, Unit, User
from bsc.periods import Period
from bsc.permissions import Action, may
from kpi.models import Actual, Kpi, LightBand, RatingRules, Result
from kpi.scoring import Basis, Rules, Score, lights_by_quota
from kpi.services.inputs import Chunk, official_inputs, result_of
from kpi.services.results import CHUNK
from kpi.services.rules import all_rules, carrying, choose_rules, rules_of

# So many KPIs are named on a page; all of them are counted.
MOST_NAMED = 200
FIELDS = (
    "level",
    "year",
    "name",
    "standing",
    "is_adopted",
    "basis",
    "uses_self_rating",
    "achievement_weight",
    "innovation_weight",
    "challenge_weight",
    "contribution_weight",
    "clamp_low",
    "clamp_high",
    "total_decimals",
    "zero_target",
    "minimum_rated",
    "document",
    "source",
)
WORDS = {
    "not-yours": gettext_lazy("Planners of the city keep the rules of rating."),
    "no-document": gettext_lazy("Announced rules name the number of their document."),
    "sealed": gettext_lazy(
        "%(card)s was closed under these rules, and a closed year is never rated"
        " again: make rules of a later year instead."
    ),
    "impossible": gettext_lazy(
        "These rules cannot be: bands go down from the best light to the worst, the"
        " last without a bound, and weights sum to 100%%. (%(reason)s)"
    ),
    "stands-already": gettext_lazy("This level and year have such rules already."),
    "no-reason": gettext_lazy("Say why the rules change."),
    "unseen": gettext_lazy("Look first at what this would change; nothing is saved."),
    "adopted": gettext_lazy("These rules are adopted already."),
}


@dataclass(frozen=True, slots=True)
class BandValues:
    """A band of lights: from `lower` up; the last has no bound."""

    light: str
    lower: Decimal | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A KPI whose light or total would be another."""

    kpi: int
    card: int
    period: str
    light: str
    new_light: str
    total: Decimal | None
    new_total: Decimal | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What rules would change among the official results; nothing was written.

    `flips` are the first of those whose light changes; `lit` counts all of them, and
    `totalled` those whose total changes and whose light stays. `before` and `after`
    count lights. `fingerprint` stands for the rules that were looked at.
    """

    cards: int
    kpis: int
    lit: int
    totalled: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    flips: tuple[Flip, ...]
    fingerprint: str


def may_keep_rules(user: User) -> bool:
    """Say whether `user` plans in the city itself: its first unit. One query."""
    if user.is_superuser:
        return True
    city = Unit.objects.first()
    return city is not None and may(user, Action.EDIT_RULES, city)


def version_of_rules(row: RatingRules) -> str:
    """Return what stands for rules as their form shows them; empty for new ones."""
    return planning.version_of(*_histories(row)) if row.pk else ""


def _histories(row: RatingRules) -> list:
    return [
        RatingRules.history.filter(id=row.pk),
        LightBand.history.filter(rules_id=row.pk),
    ]


def _refusal(code: str, *, box: str = "", **params: Any) -> ValidationError:
    error = ValidationError(WORDS[code], code=code, params=params)
    return ValidationError({box: [error]}) if box else error


def _drafted(
    row: RatingRules, values: Mapping[str, Any], bands: Sequence[BandValues]
) -> Any:
    """Return rules as they would stand, without a row. Raises ValidationError."""
    fields = {name: getattr(row, name) for name in FIELDS} | dict(values)
    listed = list(bands)
    draft = SimpleNamespace(
        pk=row.pk, bands=SimpleNamespace(all=lambda: listed), **fields
    )
    if draft.standing == RatingRules.Standing.ANNOUNCED and not draft.document.strip():
        raise _refusal("no-document", box="document")
    try:
        rules_of(draft)
    except ValueError as error:
        raise _refusal("impossible", reason=str(error)) from error
    return draft


def _require_keeper(by: User) -> None:
    if not may_keep_rules(by):
        raise _refusal("not-yours")


def _require_unsealed(row: RatingRules) -> None:
    """Refuse to change rules by which a closed card was rated."""
    if row.pk is None:
        return
    closed = Scorecard.objects.filter(
        status=Scorecard.Status.CLOSED, kpis__results__rules=row
    )
    card = closed.select_related("unit").first()
    if card is not None:
        raise _refusal("sealed", card=str(card))


def fingerprint_of(values: Mapping[str, Any], bands: Sequence[BandValues]) -> str:
    """Return what stands for rules as they are typed."""
    said = [(name, str(values[name])) for name in sorted(values)]
    said += [(band.light, str(band.lower)) for band in bands]
    return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()


def preview_rules(
    *,
    rules: RatingRules,
    values: Mapping[str, Any],
    bands: Sequence[BandValues],
) -> Preview:
    """Return what would change were these rules saved. Nothing is written.

    Both sides are reckoned from the figures in force, for every open card whose rules
    would be others. Raises ValidationError where the rules cannot be.
    """
    draft = _drafted(rules, values, bands)
    rows = all_rules()
    others = [row for row in rows if row.pk != rules.pk or rules.pk is None]
    lights, new_lights = Counter(), Counter()
    cards: set[int] = set()
    flips: list[Flip] = []
    lit = totalled = seen = 0
    for period, touched in _touched(rows, [*others, draft], draft):
        for flip in _compared(period, touched):
            cards.add(flip.card)
            seen += 1
            lights[flip.light] += 1
            new_lights[flip.new_light] += 1
            if flip.light != flip.new_light:
                lit += 1
                if len(flips) < MOST_NAMED:
                    flips.append(flip)
            elif flip.total != flip.new_total:
                totalled += 1
    return Preview(
        cards=len(cards),
        kpis=seen,
        lit=lit,
        totalled=totalled,
        before=dict(lights),
        after=dict(new_lights),
        flips=tuple(flips),
        fingerprint=fingerprint_of(values, bands),
    )


# By card: the rules that hold, and those that would.
type Touched = dict[int, tuple[Rules | None, Rules | None]]


def _touched(before: list, after: list, draft: Any) -> Iterator[tuple[Period, Touched]]:
    """Yield each period with the open cards whose rules would be others."""
    cards = list(
        Scorecard.objects.exclude(status=Scorecard.Status.CLOSED).select_related("unit")
    )
    by_year: dict[int, list[Scorecard]] = {}
    for card in cards:
        by_year.setdefault(card.year, []).append(card)
    codes = (
        Actual.objects.filter(state=Actual.State.APPROVED)
        .order_by()
        .values_list("period", flat=True)
        .distinct()
    )
    plain: dict[int, Rules] = {}
    for code in sorted(codes):
        period = Period.parse(code)
        of_year = by_year.get(period.year, [])
        rated = carrying([card.pk for card in of_year], period)
        touched: Touched = {}
        for card in of_year:
            given = {"has_self_ratings": card.pk in rated}
            held = choose_rules(card.unit, period.year, rows=before, **given).rules
            new = choose_rules(card.unit, period.year, rows=after, **given).rules
            if new is draft or (held is not None and held.pk == draft.pk):
                touched[card.pk] = (_plain(held, plain), _plain(new, plain))
        if touched:
            yield period, touched


def _plain(row: Any, known: dict[int, Rules]) -> Rules | None:
    if row is None:
        return None
    if id(row) not in known:
        known[id(row)] = rules_of(row)
    return known[id(row)]


def _compared(period: Period, touched: Touched) -> Iterator[Flip]:
    """Yield each rated KPI of some cards as it is rated, and as it would be."""
    keys = list(
        Kpi.objects.in_plan()
        .filter(scorecard__in=touched)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    found: dict[int, list[tuple[int, Score, Score]]] = {card: [] for card in touched}
    for chunk in batched(keys, CHUNK, strict=False):
        for kpi, card, asked in official_inputs(Chunk(chunk), period):
            held, new = touched[card]
            scores = result_of(asked, held), result_of(asked, new)
            found[card].append((kpi, *scores))
    for card, rows in found.items():
        sides = [
            _lights([row[side + 1] for row in rows], touched[card][side])
            for side in (0, 1)
        ]
        for (kpi, held, new), light, new_light in zip(rows, *sides, strict=True):
            yield Flip(kpi, card, period.code, light, new_light, held.total, new.total)


def _lights(scores: list[Score], rules: Rules | None) -> list[str]:
    if rules is not None and rules.basis == Basis.QUOTA:
        return [
            str(each)
            for each in lights_by_quota([score.total for score in scores], rules)
        ]
    return [str(score.light) for score in scores]


@transaction.atomic
def save_rules(
    *,
    rules: RatingRules,
    values: Mapping[str, Any],
    bands: Sequence[BandValues],
    by: User,
    reason: str,
    seen: str,
    version: str = "",
) -> RatingRules:
    """Store rules with their bands, new or changed.

    `seen` is the fingerprint of the preview that the person looked at. The results
    are reckoned again by whoever calls. Raises ValidationError: not-yours, no-reason,
    no-document, sealed, impossible, stands-already, unseen, and stale.
    """
    _require_keeper(by)
    if rules.pk is not None:
        RatingRules.objects.select_for_update().get(pk=rules.pk)
        planning.require_version(version, *_histories(rules))
    _require_unsealed(rules)
    _drafted(rules, values, bands)
    if not reason.strip():
        raise _refusal("no-reason", box="reason")
    if seen != fingerprint_of(values, bands):
        raise _refusal("unseen")
    same = RatingRules.objects.filter(
        level=values["level"],
        year=values["year"],
        uses_self_rating=values["uses_self_rating"],
    )
    if same.exclude(pk=rules.pk).exists():
        raise _refusal("stands-already", box="year")
    is_new = rules.pk is None
    if planning.set_values(rules, values) or is_new:
        rules.full_clean()
        planning.keep(rules, by=by, reason=reason)
    _set_bands(rules, bands, by=by, reason=reason)
    return rules


def _set_bands(
    rules: RatingRules, bands: Sequence[BandValues], *, by: User, reason: str
) -> None:
    held = {band.light: band for band in rules.bands.all()}
    for light in held.keys() - {band.light for band in bands}:
        planning.remove(held[light], by=by, reason=reason)
    for position, said in enumerate(bands):
        band = held.get(said.light) or LightBand(rules=rules, light=said.light)
        was = (band.pk is not None, band.lower, band.position)
        if was == (True, said.lower, position):
            continue
        if band.lower != said.lower:
            # What published rows allowed was said of the bound before.
            band.above = band.at_most = None
        band.lower, band.position = said.lower, position
        planning.keep(band, by=by, reason=reason)


@transaction.atomic
def adopt_rules(*, rules: RatingRules, by: User, reason: str) -> RatingRules:
    """Let rules hold that stood ready. Raises ValidationError as `save_rules` does."""
    _require_keeper(by)
    row = RatingRules.objects.select_for_update().get(pk=rules.pk)
    if row.is_adopted:
        raise _refusal("adopted")
    if not reason.strip():
        raise _refusal("no-reason", box="reason")
    row.is_adopted = True
    planning.keep(row, by=by, reason=reason)
    return row


def years_rated(year: int) -> list[int]:
    """Return the years with figures in which rules of `year` may hold: it and later."""
    codes = Actual.objects.filter(period__gte=str(year)).order_by()
    periods = codes.values_list("period", flat=True).distinct()
    return sorted({Period.parse(code).year for code in periods})


def used_by(row: RatingRules) -> int:
    """Return how many KPIs have an official result by these rules."""
    return Result.objects.filter(rules=row, standing=Result.Standing.OFFICIAL).count()
