"""The words for what may be answered to a doubt of an import."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sheets.models import ColumnWording
from sheets.proposals.questions import ALIAS, NEW_SECTION, SKIP
from sheets.services.columns import ASIDE, UNKNOWN, column_of

# What an answer does; a choice that is no code of ours is taken as it is.
_CHOICES = {
    "negative": _("Lower is better"),
    "positive": _("Higher is better"),
    "unconfirmed": _("Leave it unconfirmed"),
    "words": _("Keep it in words"),
    "keep": _("Keep the figure in force"),
    "restate": _("Take the printed figure as the one in force"),
    "same": _("It is the same KPI"),
    "replaced": _("It takes the place of the earlier KPI"),
    "apart": _("They are two KPIs"),
    "other": _("They are two objectives"),
    "same-objective": _("It is one objective"),
    "table": _("The name in the table"),
    "map": _("The name on the map"),
    SKIP: _("Do not read it"),
    ASIDE: _("None of these: leave the column aside"),
}


def choice_in_words(code: str, choice: str, params: Mapping[str, str | int]) -> str:
    """Return what a choice of the doubt `code` means, in words.

    The name of a unit stands in `params` under the choice that means it.
    """
    if choice.startswith(ALIAS):
        name = params.get(choice) or choice.removeprefix(ALIAS)
        return gettext("It is %(unit)s") % {"unit": name}
    if choice == NEW_SECTION:
        words = gettext("A new section below %(unit)s")
        return words % {"unit": params.get("parent_name", params.get("parent", ""))}
    if code == UNKNOWN and choice != ASIDE:
        return column_in_words(choice)
    if words := _CHOICES.get(choice):
        return str(words)
    return gettext("Take %(choice)s") % {"choice": choice}


def column_in_words(choice: str) -> str:
    """Return which column a choice means: a target, or a budget by its stage."""
    column, stage = column_of(choice)
    if stage:
        return str(dict(ColumnWording.Stage.choices).get(stage, stage))
    return str(dict(ColumnWording.Column.choices).get(column, column))
