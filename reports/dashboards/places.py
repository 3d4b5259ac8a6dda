"""Where KPIs stand on a card: under a perspective, else under a group."""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from bsc.models import Objective


def place_code(objective: Objective) -> str:
    """Return the code of an objective's perspective, else of its theme."""
    found = objective.perspective or objective.theme
    return found.code if found else ""


def place_order(objective: Objective) -> tuple[int, str]:
    """Return what sorts objectives by the order of their perspectives or groups."""
    found = objective.perspective or objective.theme
    return (found.position, found.code) if found else (-1, "")


def place_title(objective: Objective) -> str:
    """Return the heading of a perspective or group, as the table prints it."""
    if objective.perspective and objective.perspective.table_label:
        return objective.perspective.table_label
    return place_name(objective)


def place_name(objective: Objective) -> str:
    """Return the full name of a perspective, 內部流程構面, or that of a group."""
    if objective.perspective:
        return _("%(name)s perspective") % {"name": objective.perspective.name}
    return objective.theme.name if objective.theme else ""


def by_place[Thing](
    things: Iterable[Thing], objective_of: Callable[[Thing], Objective]
) -> list[list[Thing]]:
    """Return the things a perspective, in its order; within one the order stays."""

    def place(thing: Thing) -> tuple[int, str]:
        return place_order(objective_of(thing))

    ordered = sorted(things, key=place)
    return [list(found) for _place, found in groupby(ordered, key=place)]


def kpi_count(count: int) -> str:
    return npgettext("scorecard", "%(count)s KPI", "%(count)s KPIs", count) % {
        "count": count
    }


def objective_count(count: int) -> str:
    return npgettext(
        "scorecard", "%(count)s objective", "%(count)s objectives", count
    ) % {"count": count}
