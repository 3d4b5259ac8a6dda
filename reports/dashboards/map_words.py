"""What a map says in words: what it is without lights, and what its lights rest on."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bsc.models import Scorecard
from kpi.models import RatingRules
from kpi.scoring import Light, Standing
from kpi.wording import STANDINGS
from reports.dashboards.cells import listed, year_text
from reports.dashboards.lights import light_view
from reports.dashboards.map_kpis import Tally


def kpi_count(count: int) -> str:
    """Return how many KPIs there are, in words."""
    return ngettext("%(count)s KPI", "%(count)s KPIs", count) % {"count": count}


def map_words(
    card: Scorecard, tally: Tally, *, has_perspectives: bool
) -> tuple[str, ...]:
    """Return what the map is, once, where it has no lights."""
    found = []
    if not has_perspectives:
        found.append(_("This plan has no published map; objectives stand by group."))
    if tally.has_lights:
        return tuple(found)
    year = year_text(card.year)
    if not tally.kpis:
        found.append(_("This map has no KPIs."))
    elif tally.has_results:
        found.append(_("No rating rules yet: achievement and reached are shown."))
    elif tally.has_figures:
        found.append(
            _("Actuals of %(year)s not yet reported: last actual → target of %(year)s.")
            % {"year": year}
        )
    else:
        found.append(_("Figures of %(year)s not yet reported.") % {"year": year})
    return tuple(found)


def map_legend(
    tally: Tally,
    rules: RatingRules | None,
    codes: Mapping[str, bool],
    *,
    has_links: bool,
) -> tuple[str, ...]:
    """Return what stands below a map; `codes` says of each theme whether it is lit."""
    found = []
    silent = [code for code, is_lit in codes.items() if not is_lit]
    if tally.has_lights and silent:
        found.append(
            _("%(themes)s: %(light)s, no results imported yet")
            % {
                "themes": _ranges(silent, list(codes)),
                "light": light_view(Light.UNKNOWN).text,
            }
        )
    if tally.has_lights and rules is not None:
        found.append(_standing_words(rules))
    if not has_links:
        found.append(_("Links of objectives: not yet entered"))
    return tuple(found)


def _ranges(codes: list[str], order: list[str]) -> str:
    """Return codes with their runs in `order` joined: A–D, F–H."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and order.index(code) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    texts = [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return listed(texts)


def _standing_words(rules: RatingRules) -> str:
    """Return what the bounds of the lights rest on."""
    if rules.standing == RatingRules.Standing.ANNOUNCED:
        return _("Bounds of the lights: %(document)s") % {"document": rules.document}
    return _("Bounds of the lights %(standing)s (rules of %(year)s)") % {
        "standing": STANDINGS[Standing(rules.standing)],
        "year": year_text(rules.year),
    }
