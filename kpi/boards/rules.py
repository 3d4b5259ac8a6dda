"""The rules of rating as a list, and what a change of them would do."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bsc.models import Scorecard, User
from bsc.numbers import plain, points, roc_year, share
from bsc.periods import Period
from kpi.models import Kpi, RatingRules, Result
from kpi.scoring import Light
from kpi.services.rulebook import Preview
from kpi.wording import LIGHTS, SYMBOLS


@dataclass(frozen=True, slots=True)
class RulesLine:
    """One row of rules: what it says, where it comes from, how many it rates."""

    name: str
    level: str
    year: str
    standing: str
    is_adopted: bool
    basis: str
    weights: str
    bands: str
    document: str
    source: str
    rated: int
    url: str
    adopt_url: str
    copy_url: str


@dataclass(frozen=True, slots=True)
class LightCount:
    """How many KPIs have a light, and would have it."""

    light: str
    word: str
    before: int
    after: int
    change: str


@dataclass(frozen=True, slots=True)
class FlipLine:
    """A KPI whose light would be another."""

    card: str
    code: str
    name: str
    url: str
    period: str
    light: str
    light_word: str
    new_light: str
    new_light_word: str
    totals: str


@dataclass(frozen=True, slots=True)
class PreviewBoard:
    """What a change would do, in words."""

    kpis: int
    lit: int
    totalled: int
    cards: int
    counts: tuple[LightCount, ...]
    flips: tuple[FlipLine, ...]
    not_named: int
    fingerprint: str


def rules_board() -> tuple[RulesLine, ...]:
    """Return every row of rules, level by level. Two queries."""
    official = Q(results__standing=Result.Standing.OFFICIAL)
    rows = RatingRules.objects.prefetch_related("bands")
    order = {level: place for place, level in enumerate(RatingRules.Level)}
    found = list(rows.annotate(rated=Count("results", filter=official)))
    found.sort(key=lambda row: (order[row.level], row.year))
    return tuple(_line(row) for row in found)


def _line(row: RatingRules) -> RulesLine:
    weights = [
        (_("achievement"), row.achievement_weight),
        (_("innovation"), row.innovation_weight),
        (_("challenge"), row.challenge_weight),
        (_("contribution"), row.contribution_weight),
    ]
    return RulesLine(
        name=str(row),
        level=str(row.get_level_display()),
        year=roc_year(row.year),
        standing=str(row.get_standing_display()),
        is_adopted=row.is_adopted,
        basis=str(row.get_basis_display()),
        weights=pgettext("enumeration", ", ").join(
            f"{name} {share(of)}" for name, of in weights if of
        ),
        bands=" ".join(
            f"{SYMBOLS[Light(band.light)]}{plain(band.lower)}"
            for band in row.bands.all()
            if band.lower is not None
        ),
        document=row.document,
        source=row.source,
        rated=row.rated,
        url=reverse("kpi:rules-edit", kwargs={"pk": row.pk}),
        adopt_url=""
        if row.is_adopted
        else reverse("kpi:rules-adopt", kwargs={"pk": row.pk}),
        copy_url=reverse("kpi:rules-new") + f"?from={row.pk}",
    )


def preview_board(preview: Preview, user: User) -> PreviewBoard:
    """Return a preview in words; KPIs the person may not see are counted only."""
    seen = Kpi.objects.filter(
        scorecard__in=Scorecard.objects.visible_to(user)
    ).select_related("scorecard__unit")
    kpis = seen.in_bulk([flip.kpi for flip in preview.flips])
    language = get_language() or "zh-hant"
    flips = []
    for flip in preview.flips:
        kpi = kpis.get(flip.kpi)
        if kpi is None:
            continue
        totals = ""
        if flip.total != flip.new_total:
            both = (flip.total, flip.new_total)
            totals = " → ".join("—" if n is None else points(n) for n in both)
        flips.append(
            FlipLine(
                card=str(kpi.scorecard),
                code=kpi.code,
                name=kpi.name,
                url=kpi.get_absolute_url(),
                period=Period.parse(flip.period).label(language),
                light=flip.light,
                light_word=str(LIGHTS[Light(flip.light)]),
                new_light=flip.new_light,
                new_light_word=str(LIGHTS[Light(flip.new_light)]),
                totals=totals,
            )
        )
    return PreviewBoard(
        kpis=preview.kpis,
        lit=preview.lit,
        totalled=preview.totalled,
        cards=preview.cards,
        counts=tuple(_count(light, preview) for light in Light),
        flips=tuple(flips),
        not_named=preview.lit - len(flips),
        fingerprint=preview.fingerprint,
    )


def _count(light: Light, preview: Preview) -> LightCount:
    before = preview.before.get(str(light), 0)
    after = preview.after.get(str(light), 0)
    change = after - before
    sign = f"+{change}" if change > 0 else plain(change) if change else ""
    return LightCount(str(light), str(LIGHTS[light]), before, after, sign)
