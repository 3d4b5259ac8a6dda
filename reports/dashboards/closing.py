"""What there is to know before a year is closed, and what stands once it is."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bsc.models import Scorecard
from kpi.models import Actual, Entry, Erratum, Kpi, Target
from kpi.services.closing import UNDER_REVIEW
from reports.dashboards.official import official_results

WORDS = {
    "under-review": _("Figures are sent and not yet approved or returned"),
    "not-reported": _("KPIs have no approved figure, and no reason why there is none"),
    "drafts": _("Entries were begun and never sent; they stay as they are"),
    "no-target": _("KPIs have no target for this year"),
    "unconfirmed": _("KPIs have no confirmed direction"),
    "unexplained": _("Missed targets have no cause and remedy"),
    "differs": _("Published results differ from the reckoned ones"),
}
# Nothing is sealed while somebody still decides about it.
BLOCKING = frozenset({"under-review"})


@dataclass(frozen=True, slots=True)
class Named:
    """A KPI that an item of the list names."""

    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at before closing, with the KPIs it is about."""

    code: str
    words: str
    kpis: tuple[Named, ...]

    @property
    def is_blocking(self) -> bool:
        return self.code in BLOCKING

    @property
    def count(self) -> int:
        return len(self.kpis)


@dataclass(frozen=True, slots=True)
class CheckList:
    """All there is to look at; what is in order is only counted."""

    items: tuple[Item, ...]
    in_order: int
    kpis: int

    @property
    def is_blocked(self) -> bool:
        return any(item.is_blocking for item in self.items)

    @property
    def to_confirm(self) -> frozenset[str]:
        """The codes that whoever closes the year says they have seen."""
        return frozenset(item.code for item in self.items if not item.is_blocking)


@dataclass(frozen=True, slots=True)
class Correction:
    """An erratum in words."""

    erratum: Erratum
    kpi: Named | None
    may_decide: bool


def check_list(card: Scorecard) -> CheckList:
    """Return what there is to know of `card` before it is closed. Six queries."""
    year = str(card.year)
    approved = Actual.objects.filter(
        series=OuterRef("series"), period=year, state=Actual.State.APPROVED
    )
    entries = Entry.objects.filter(kpi=OuterRef("pk"), period__startswith=year)
    drafts = [Entry.State.DRAFT, Entry.State.RETURNED]
    kpis = list(
        Kpi.objects.filter(scorecard=card)
        .in_plan()
        .annotate(
            is_reported=Exists(approved),
            is_explained=Exists(approved.filter(~Q(explanation="") & ~Q(remedy=""))),
            is_under_review=Exists(entries.filter(state__in=UNDER_REVIEW)),
            is_begun=Exists(entries.filter(state__in=drafts)),
            has_target=Exists(
                Target.objects.filter(kpi=OuterRef("pk"), year=card.year)
            ),
        )
        .order_by("position", "pk")
    )
    results = {one.kpi.pk: one for one in official_results(card)}
    found = {
        "under-review": [kpi for kpi in kpis if kpi.is_under_review],
        "not-reported": [kpi for kpi in kpis if not kpi.is_reported],
        "drafts": [kpi for kpi in kpis if kpi.is_begun],
        "no-target": [kpi for kpi in kpis if not kpi.has_target],
        "unconfirmed": [
            kpi for kpi in kpis if kpi.direction == Kpi.Direction.UNCONFIRMED
        ],
        "unexplained": [
            kpi
            for kpi in kpis
            if kpi.pk in results
            and results[kpi.pk].reached is False
            and not kpi.is_explained
        ],
        "differs": [
            kpi for kpi in kpis if kpi.pk in results and results[kpi.pk].differences
        ],
    }
    items = tuple(
        Item(code, str(WORDS[code]), tuple(_named(kpi) for kpi in rows))
        for code, rows in found.items()
        if rows
    )
    return CheckList(items, in_order=len(found) - len(items), kpis=len(kpis))


def corrections(card: Scorecard, *, sees_all: bool, decider: int | None) -> list:
    """Return the errata of `card`: those approved, or all. One query.

    `decider` is the key of a person who may decide, None for nobody.
    """
    errata = card.errata.select_related("kpi", "proposed_by", "decided_by")
    if not sees_all:
        errata = errata.filter(state=Erratum.State.APPROVED)
    return [
        Correction(
            erratum,
            _named(erratum.kpi) if erratum.kpi else None,
            erratum.state == Erratum.State.PROPOSED
            and decider not in (None, erratum.proposed_by_id),
        )
        for erratum in errata
    ]


def _named(kpi: Kpi) -> Named:
    return Named(kpi.code, kpi.name, reverse("reports:kpi", kwargs={"pk": kpi.pk}))
