"""All that the rows of entry show, loaded for many KPIs in few queries.

What is one row a KPI comes with the KPI itself: its target, its entry, the last step of
its review and its round. The rest is one query a table.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import (
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from bsc.models import Evidence
from bsc.periods import Period
from kpi.boards.entry_live import CardRules
from kpi.entries import Definition
from kpi.models import (
    Entry,
    Kpi,
    RatingRules,
    ReviewStep,
    Round,
    SelfRating,
    Statement,
    Target,
)
from kpi.services.definitions import Given, definitions_of
from kpi.services.rules import all_rules, choose_rules, entry_rules, rules_of

YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a review: who did what, when, and with which note."""

    action: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Known:
    """What was loaded for all rows at once, by the key of the KPI or of its series."""

    period: Period
    definitions: Mapping[int, Definition]
    entries: Mapping[int, Entry]
    rules: Mapping[int, CardRules | None]
    targets: Mapping[int, Target]
    statements: Mapping[tuple[int, str], Statement]
    rounds: Mapping[int, Round]
    steps: Mapping[int, Step]
    plans: Mapping[int, tuple[str, ...]]
    evidence: Mapping[int, list[Evidence]] = field(default_factory=dict)


def to_report(kpis: QuerySet[Kpi], period: Period) -> QuerySet[Kpi]:
    """Load KPIs with all that is one row of theirs in `period`. Two queries."""
    steps = ReviewStep.objects.filter(
        entry__kpi=OuterRef("pk"), entry__period=period.code
    ).exclude(action=ReviewStep.Action.SIGNED)
    rounds = Round.objects.filter(
        scorecards=OuterRef("scorecard"), period=period.code
    ).order_by("-opens_on", "-pk")
    ratings = SelfRating.objects.filter(
        kpi__scorecard__unit=OuterRef("scorecard__unit"),
        kpi__scorecard__plan=OuterRef("scorecard__plan"),
        kpi__scorecard__year__lte=period.year,
    )
    return (
        kpis.with_owners()
        .with_entry(period)
        .annotate(
            own_target=FilteredRelation(
                "targets", condition=Q(targets__year=period.year)
            ),
            carries_ratings=Exists(ratings),
            own_round=Subquery(
                rounds.values(
                    row=JSONObject(name="name", due_on="due_on", closes_on="closes_on")
                )[:1]
            ),
            last_step=Subquery(
                steps.order_by("-at", "-pk").values(
                    row=JSONObject(
                        action="action",
                        name="by__display_name",
                        username="by__username",
                        at="at",
                        note="note",
                    )
                )[:1]
            ),
        )
        .select_related("objective", "own_target", "own_entry__entered_by")
        .order_by("scorecard", "position", "pk")
    )


def known_of(
    kpis: Collection[Kpi],
    period: Period,
    *,
    on: date,
    entries: Mapping[int, Entry] | None = None,
    with_files: bool = True,
) -> Known:
    """Load what the rows of KPIs show that come `to_report`.

    `entries` stand in the place of those the KPIs came with.
    """
    # Django leaves the name of a relation out where it leads to nothing.
    held = {kpi.pk: kpi.own_entry for kpi in kpis if hasattr(kpi, "own_entry")}
    held |= entries or {}
    targets = {kpi.pk: kpi.own_target for kpi in kpis if hasattr(kpi, "own_target")}
    rounds = {
        kpi.scorecard_id: _round_of(kpi.own_round) for kpi in kpis if kpi.own_round
    }
    rows = all_rules()
    carried = {
        (kpi.scorecard.unit_id, kpi.scorecard.plan)
        for kpi in kpis
        if kpi.carries_ratings
    }
    rules = entry_rules(kpis, period, rows=rows, carried=carried)
    definitions = definitions_of(
        kpis, period, on=on, entries=held, given=Given(rules, targets, rounds)
    )
    return Known(
        period=period,
        definitions=definitions,
        entries=held,
        rules=_card_rules(kpis, definitions, period, rows),
        targets=targets,
        statements=_statements(kpis, period),
        rounds=rounds,
        steps={kpi.pk: _step_of(kpi.last_step) for kpi in kpis if kpi.last_step},
        plans=_plans(kpis),
        evidence=_evidence(held.values()) if with_files else {},
    )


def _round_of(said: Mapping[str, Any]) -> Round:
    return Round(
        name=said["name"],
        due_on=date.fromisoformat(said["due_on"]),
        closes_on=date.fromisoformat(said["closes_on"]),
    )


def _step_of(said: Mapping[str, Any]) -> Step:
    at = datetime.fromisoformat(said["at"])
    # SQLite keeps moments without their zone, which is always UTC.
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    by = said["name"] or said["username"]
    return Step(said["action"], by, at, said["note"])


def _card_rules(
    kpis: Collection[Kpi],
    definitions: Mapping[int, Definition],
    period: Period,
    rows: Collection[RatingRules],
) -> dict[int, CardRules | None]:
    """Return the rules by which each KPI's card is rated, or would be once adopted."""
    rated = {kpi.scorecard_id for kpi in kpis if definitions[kpi.pk].uses_self_rating}
    of_card: dict[int, CardRules | None] = {}
    for card in {kpi.scorecard_id: kpi.scorecard for kpi in kpis}.values():
        choice = choose_rules(
            card.unit, period.year, has_self_ratings=card.pk in rated, rows=rows
        )
        row = choice.rules or choice.instead
        of_card[card.pk] = (
            CardRules(rules_of(row), is_adopted=choice.rules is not None)
            if row is not None
            else None
        )
    return {kpi.pk: of_card[kpi.scorecard_id] for kpi in kpis}


def _statements(
    kpis: Collection[Kpi], period: Period
) -> dict[tuple[int, str], Statement]:
    """Return what was printed of the last years: by the KPI's card, else by another."""
    years = [str(year) for year in range(period.year - YEARS_BACK, period.year)]
    cards = {kpi.series_id: kpi.scorecard_id for kpi in kpis}
    found: dict[tuple[int, str], Statement] = {}
    rows = Statement.objects.filter(series__in=cards, period__in=years)
    for one in rows.order_by("pk"):
        key = (one.series_id, one.period)
        if key not in found or one.scorecard_id == cards[one.series_id]:
            found[key] = one
    return found


def _plans(kpis: Collection[Kpi]) -> dict[int, tuple[str, ...]]:
    """Return the names of the plans in each KPI's rows, in their order."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    rows = Kpi.objects.filter(pk__in=[kpi.pk for kpi in kpis])
    for key, name in (
        rows.filter(plan_rows__links__isnull=False)
        .order_by("plan_rows__position", "plan_rows__links__position")
        .values_list("pk", "plan_rows__links__plan__name")
    ):
        found[key][name] = None
    return {key: tuple(names) for key, names in found.items()}


def _evidence(entries: Collection[Entry]) -> dict[int, list[Evidence]]:
    """Return the files of each entry, oldest first, by its key."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = Entry.evidence.through.objects.filter(
        entry__in=[entry.pk for entry in entries]
    )
    for row in rows.select_related("evidence__uploaded_by").order_by("evidence"):
        found[row.entry_id].append(row.evidence)
    return found
