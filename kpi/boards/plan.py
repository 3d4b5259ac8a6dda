"""A plan as its planners see it: everything on the card, and what is still open."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from bsc.models import (
    MAIN_PLAN,
    Objective,
    ObjectiveLink,
    Scorecard,
    Unit,
    User,
)
from bsc.numbers import plain, roc_year
from bsc.periods import Period
from bsc.permissions import Action, may
from kpi.models import Kpi, Target

MOST_CODES = 8


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from the city down to this page."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PlanHead:
    """The second row of the frame on the pages of a plan, and the way to it."""

    title: str
    year: str
    status: str
    is_draft: bool
    is_closed: bool
    tab: str
    plan_url: str
    directions_url: str
    map_url: str
    crumbs: tuple[Crumb, ...]
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a plan with the page on which it is changed."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI of the plan, and what is still open about it."""

    code: str
    name: str
    url: str
    targets_url: str
    target: str
    direction: str
    owners: str
    is_unconfirmed: bool
    is_withdrawn: bool
    is_exempt: bool


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective with its KSFs and KPIs."""

    text: str
    url: str
    place: str
    factors: tuple[Line, ...]
    kpis: tuple[KpiLine, ...]
    add_kpi: str
    add_factor: str


@dataclass(frozen=True, slots=True)
class PlanBoard:
    """What the page of a plan shows."""

    facts: tuple[tuple[str, str], ...]
    themes: tuple[Line, ...]
    perspectives: tuple[Line, ...]
    links: tuple[Line, ...]
    objectives: tuple[ObjectiveLine, ...]
    open_questions: tuple[Line, ...]
    adds: dict[str, str]


def plan_url(card: Scorecard, name: str = "plan") -> str:
    """Return the address of the plan's page, or of its directions."""
    parts = {"code": card.unit.code, "year": card.year}
    if card.plan == MAIN_PLAN:
        return reverse(f"kpi:{name}", kwargs=parts)
    return reverse(f"kpi:{name}-of-plan", kwargs={**parts, "plan": card.plan})


def edit_url(card: Scorecard, user: User) -> str:
    """Return where the person edits the plan of a card; "" where they may not."""
    is_open = card.status != Scorecard.Status.CLOSED
    return plan_url(card) if is_open and may(user, Action.EDIT_PLAN, card) else ""


def plan_head(card: Scorecard, *, tab: str = "", page: str = "") -> PlanHead:
    """Return the head of one of a plan's pages. One query, for the units above."""
    unit = card.unit
    ends = range(unit.steplen, len(unit.path), unit.steplen)
    above = Unit.objects.filter(path__in=[unit.path[:end] for end in ends])
    name = card.title if card.plan != MAIN_PLAN and card.title else unit.name
    year = Period(card.year).title(get_language() or "zh-hant")
    crumbs = [
        Crumb(each.name, reverse("reports:unit", kwargs={"code": each.code}))
        for each in above
    ]
    crumbs.append(Crumb(unit.name, card.get_absolute_url()))
    crumbs.append(Crumb(page or _("Edit the plan")))
    return PlanHead(
        title=name,
        year=year,
        status=card.get_status_display(),
        is_draft=card.status == Scorecard.Status.DRAFT,
        is_closed=card.status == Scorecard.Status.CLOSED,
        tab=tab,
        plan_url=plan_url(card),
        directions_url=plan_url(card, "directions"),
        map_url=card.get_absolute_url(),
        crumbs=tuple(crumbs),
        is_simulated=unit.is_simulated,
    )


def plan_board(card: Scorecard) -> PlanBoard:
    """Return what the page of a plan shows. Eight queries, whatever its size."""
    targets = Target.objects.filter(year=card.year)
    kpis = list(
        card.kpis.prefetch_related("owners", Prefetch("targets", targets, "of_year"))
    )
    by_objective: dict[int, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        by_objective[kpi.objective_id].append(kpi)
    objectives = card.objectives.select_related(
        "theme", "perspective", "first_theme", "last_theme"
    ).prefetch_related("success_factors")
    links = ObjectiveLink.objects.filter(cause__scorecard=card).select_related(
        "cause", "effect"
    )
    return PlanBoard(
        facts=_facts(card),
        themes=tuple(
            Line(str(theme), _part_url("themes", theme.pk), _members(theme))
            for theme in card.themes.prefetch_related("members")
        ),
        perspectives=tuple(
            Line(str(one), _part_url("perspectives", one.pk))
            for one in card.perspectives.all()
        ),
        links=tuple(
            Line(f"{link.cause.code} → {link.effect.code}", _part_url("links", link.pk))
            for link in links
        ),
        objectives=tuple(
            _objective(card, objective, by_objective[objective.pk])
            for objective in objectives
        ),
        open_questions=_open_questions(card, [k for k in kpis if not k.is_withdrawn]),
        adds={
            kind: reverse("kpi:plan-part-new", kwargs={"pk": card.pk, "kind": kind})
            for kind in ("themes", "perspectives", "objectives", "links")
        },
    )


def _part_url(kind: str, pk: int) -> str:
    return reverse("kpi:plan-part", kwargs={"kind": kind, "pk": pk})


def _facts(card: Scorecard) -> tuple[tuple[str, str], ...]:
    nothing = _("not given")
    said = (
        (_("Status"), card.get_status_display()),
        (_("Mission"), card.mission),
        (_("Vision"), card.vision),
        (_("Core values"), pgettext("enumeration", ", ").join(card.core_values)),
        (_("Belongs to"), card.parent_text),
    )
    return tuple((name, text or nothing) for name, text in said)


def _members(theme) -> str:
    names = [
        _("%(unit)s (lead)") % {"unit": member.name} if member.is_lead else member.name
        for member in theme.members.all()
    ]
    return pgettext("enumeration", ", ").join(names)


def _objective(card: Scorecard, objective: Objective, kpis: list[Kpi]) -> ObjectiveLine:
    if objective.row == Objective.Row.TOP:
        place = _("above the perspectives")
    elif objective.perspective is not None:
        place = objective.perspective.name
    else:
        place = _("no perspective")
    themes = [
        theme.code
        for theme in (objective.first_theme, objective.last_theme)
        if theme is not None
    ]
    if len(set(themes)) > 1:
        place = _("%(place)s, themes %(first)s to %(last)s") % {
            "place": place,
            "first": themes[0],
            "last": themes[-1],
        }
    elif objective.theme is not None:
        place = _("%(place)s, theme %(theme)s") % {
            "place": place,
            "theme": objective.theme.code,
        }
    query = f"?objective={objective.pk}"
    of_card = {"pk": card.pk}
    return ObjectiveLine(
        text=str(objective),
        url=_part_url("objectives", objective.pk),
        place=place,
        factors=tuple(
            Line(f"{factor.code} {factor.name}".strip(), _part_url("ksfs", factor.pk))
            for factor in objective.success_factors.all()
        ),
        kpis=tuple(_kpi(kpi) for kpi in kpis),
        add_kpi=reverse("kpi:plan-kpi-new", kwargs=of_card) + query,
        add_factor=reverse("kpi:plan-part-new", kwargs={**of_card, "kind": "ksfs"})
        + query,
    )


def _kpi(kpi: Kpi) -> KpiLine:
    is_open = kpi.direction == Kpi.Direction.UNCONFIRMED
    return KpiLine(
        code=kpi.code,
        name=kpi.name,
        url=reverse("kpi:plan-kpi", kwargs={"pk": kpi.pk}),
        targets_url=reverse("kpi:plan-targets", kwargs={"pk": kpi.pk}),
        target=target_text(kpi.of_year[0]) if kpi.of_year else "",
        direction=str(kpi.get_direction_display()),
        owners=pgettext("enumeration", ", ").join(
            owner.name for owner in kpi.owners.all()
        ),
        is_unconfirmed=is_open,
        is_withdrawn=kpi.is_withdrawn,
        is_exempt=kpi.is_exempt,
    )


def target_text(target: Target) -> str:
    """Return a target as people read it: as printed, else its sign and number."""
    if target.printed or target.value is None:
        return target.printed or target.text
    return f"{target.comparator}{plain(target.value, grouped=True)}"


def _open_questions(card: Scorecard, kpis: list[Kpi]) -> tuple[Line, ...]:
    """Return what a planner still has to say, each with where it is said."""
    unconfirmed = [k for k in kpis if k.direction == Kpi.Direction.UNCONFIRMED]
    without_owner = [k for k in kpis if not k.owners.all()]
    without_target = [k for k in kpis if not k.of_year]
    found = []
    if unconfirmed:
        words = ngettext(
            "%(count)s KPI has no confirmed direction.",
            "%(count)s KPIs have no confirmed direction.",
            len(unconfirmed),
        )
        text = words % {"count": len(unconfirmed)}
        found.append(Line(text, plan_url(card, "directions"), _("Confirm them")))
    if without_target:
        words = ngettext(
            "%(count)s KPI has no target of %(year)s: %(codes)s",
            "%(count)s KPIs have no target of %(year)s: %(codes)s",
            len(without_target),
        )
        found.append(_first_of(without_target, words, "kpi:plan-targets"))
    if without_owner:
        words = ngettext(
            "No unit is responsible for %(count)s KPI: %(codes)s",
            "No unit is responsible for %(count)s KPIs: %(codes)s",
            len(without_owner),
        )
        found.append(_first_of(without_owner, words, "kpi:plan-kpi"))
    return tuple(found)


def _first_of(kpis: list[Kpi], words: str, page: str) -> Line:
    codes = pgettext("enumeration", ", ").join(kpi.code for kpi in kpis[:MOST_CODES])
    text = words % {
        "count": len(kpis),
        "year": roc_year(kpis[0].scorecard.year),
        "codes": codes + (" …" if len(kpis) > MOST_CODES else ""),
    }
    url = reverse(page, kwargs={"pk": kpis[0].pk})
    return Line(text, url, _("Begin with the first"))
