"""The words for what may be answered to a doubt of an import."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sheets.proposals.questions import ALIAS, NEW_SECTION, SKIP

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
    "table": _("The name in the table"),
    "map": _("The name on the map"),
    SKIP: _("Do not read it"),
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
    if words := _CHOICES.get(choice):
        return str(words)
    return gettext("Take %(choice)s") % {"choice": choice}
