"""Which rules hold for which card, as the rules of `kpi.scoring`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bsc.models import Scorecard, Unit
from bsc.periods import Period
from kpi import scoring
from kpi.models import Kpi, RatingRules, SelfRating
from kpi.scoring import Basis, Choice, Rules, Why

LEVELS_BY_KIND = {
    Unit.Kind.CITY: RatingRules.Level.CITY,
    Unit.Kind.GROUP: RatingRules.Level.CITY,
    Unit.Kind.BUREAU: RatingRules.Level.BUREAU,
}


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The rules by which a card's entries would be rated, and the boxes they ask for.

    `rules` is None where none hold.
    """

    rules: Rules | None
    uses_self_rating: bool
    light_by_hand: bool


def rules_of(row: RatingRules) -> Rules:
    """Return what a row of rules says, as the rules of `kpi.scoring`.

    Costs no query where `bands` is prefetched.
    """
    weights = {
        name: getattr(row, f"{name}_weight")
        for name in ("achievement", "innovation", "challenge", "contribution")
    }
    return scoring.rules_from_fields(
        {
            "weights": weights if any(weights.values()) else None,
            "bands": [
                {"light": band.light, "lower": band.lower} for band in row.bands.all()
            ],
            "basis": row.basis,
            "uses_self_rating": row.uses_self_rating,
            "clamp_low": row.clamp_low,
            "clamp_high": row.clamp_high,
            "total_decimals": row.total_decimals,
            "zero_target": row.zero_target,
            "standing": row.standing,
            "minimum_rated": row.minimum_rated,
        }
    )


def level_of(unit: Unit) -> str:
    """Return the level whose rules a unit's card is rated by."""
    return LEVELS_BY_KIND.get(Unit.Kind(unit.kind), RatingRules.Level.CENTRE)


def choose_rules(
    unit: Unit, year: int, *, has_self_ratings: bool, rows: Iterable[RatingRules]
) -> Choice[RatingRules]:
    """Return which of `rows` hold for a card, and why."""
    return scoring.choose_rules(
        rows, level_of(unit), year, has_self_ratings=has_self_ratings
    )


def all_rules() -> list[RatingRules]:
    """Return every row of rules with its bands. Two queries."""
    return list(RatingRules.objects.prefetch_related("bands"))


def carrying(cards: Iterable[int], period: Period) -> set[int]:
    """Return which of the cards carry self-ratings of `period`. One query."""
    rows = SelfRating.objects.filter(
        kpi__scorecard__in=cards, period=period.code
    ).order_by()
    return set(rows.values_list("kpi__scorecard", flat=True).distinct())


def entry_rules(
    kpis: Collection[Kpi],
    period: Period,
    *,
    rows: Collection[RatingRules] | None = None,
    carried: Collection[tuple[int, str]] | None = None,
) -> dict[int, EntryRules]:
    """Return by which rules the entries of each KPI's card would be rated, by card.

    A card has boxes for self-ratings where its plan has carried some up to this year,
    or where rules made for its own level ask for them and none goes without. Three
    queries, less two where the `rows` of rules and one where the plans that `carried`
    some are given; the KPIs come with their card and its unit.
    """
    cards = {kpi.scorecard_id: kpi.scorecard for kpi in kpis}
    if rows is None:
        rows = all_rules()
    if carried is None:
        carried = _plans_with_ratings(cards.values(), period)
    found = {}
    for key, card in cards.items():
        bare = choose_rules(card.unit, period.year, has_self_ratings=False, rows=rows)
        with_them = choose_rules(
            card.unit, period.year, has_self_ratings=True, rows=rows
        )
        asks_itself = bare.rules is None and with_them.why != Why.LEVEL_ABOVE
        offers = (card.unit_id, card.plan) in carried or asks_itself
        row = (with_them if offers else bare).rules
        rules = rules_of(row) if row is not None else None
        found[key] = EntryRules(
            rules,
            rules is not None and offers and rules.uses_self_rating,
            rules is not None and rules.basis == Basis.BY_HAND,
        )
    return found


def _plans_with_ratings(
    cards: Iterable[Scorecard], period: Period
) -> set[tuple[int, str]]:
    """Return the units and plans of cards that carried self-ratings up to a year."""
    rows = SelfRating.objects.filter(
        kpi__scorecard__unit__in={card.unit_id for card in cards},
        kpi__scorecard__year__lte=period.year,
    ).order_by()
    plans = rows.values_list("kpi__scorecard__unit", "kpi__scorecard__plan")
    return set(plans.distinct())


def fingerprint_of_rules(row: RatingRules) -> str:
    """Return what stands for all of a row of rules that a result depends on."""
    fields = (
        row.pk,
        row.basis,
        row.uses_self_rating,
        row.achievement_weight,
        row.innovation_weight,
        row.challenge_weight,
        row.contribution_weight,
        row.clamp_low,
        row.clamp_high,
        row.total_decimals,
        row.zero_target,
        row.standing,
        [(band.light, band.lower) for band in row.bands.all()],
    )
    return repr(fields)
