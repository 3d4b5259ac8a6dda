"""What the pages of entry say beside their rows: due days, spreads, words of scripts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bsc.numbers import plain
from bsc.periods import Period
from kpi.boards.entry_heads import day_text
from kpi.models import Round, SelfRating


@dataclass(frozen=True, slots=True)
class RoundView:
    """When the figures are due, in words; `is_late` once that day has passed."""

    name: str
    due: str
    left: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How all units rated one criterion: the lowest, the middle, the highest."""

    name: str
    words: str


def round_view(rounds: Iterable[Round], today: date) -> RoundView | None:
    """Return the round that is due first; None where there is none."""
    found = min(rounds, key=lambda one: one.due_on, default=None)
    if found is None:
        return None
    days = (found.due_on - today).days
    if days > 0:
        words = ngettext("%(count)s day left", "%(count)s days left", days)
    elif days < 0:
        words = ngettext("%(count)s day late", "%(count)s days late", -days)
    else:
        words = _("due today")
    left = words % {"count": abs(days)} if days else words
    return RoundView(found.name, day_text(found.due_on), left, days < 0)


def spread_of(period: Period, *, is_simulated: bool = False) -> tuple[Spread, ...]:
    """Return how all units rated in this year, or in the year before where none did.

    All real ones, or all simulated ones.
    """
    names = {
        "innovation": _("innovation"),
        "challenge": _("challenge"),
        "contribution": _("contribution"),
    }
    codes = (period.code, str(period.year - 1))
    rows = list(
        SelfRating.objects.filter(
            period__in=codes, kpi__scorecard__unit__is_simulated=is_simulated
        )
        .order_by()
        .values_list("period", *names)
    )
    chosen = [row for row in rows if row[0] == codes[0]] or rows
    found = []
    for place, name in enumerate(names.values(), start=1):
        points = sorted(row[place] for row in chosen if row[place] is not None)
        if points:
            words = _("%(low)s to %(high)s, middle %(middle)s (%(count)s KPIs)") % {
                "low": plain(points[0]),
                "high": plain(points[-1]),
                "middle": plain(median(points)),
                "count": len(points),
            }
            found.append(Spread(name, words))
    return tuple(found)


def words_of_scripts(whole: str, sent: str) -> dict[str, str]:
    """Return what the scripts of the entry pages say, by their own names.

    `whole` and `sent` are parts of the sentence that says how far the section is.
    """
    return {
        "saving": _("Saving …"),
        "unsaved": _("Not saved yet."),
        "offline": _(
            "Not saved yet: no connection. It is kept on this computer and sent"
            " once the connection is back."
        ),
        "expired": _(
            "Not saved yet: your log-in has expired. It is kept on this computer."
        ),
        "login": _("Log in again"),
        "conflict": _("Not saved: somebody else changed this row."),
        "kept": _("Kept on this computer from before; being saved."),
        "uploading": _("Uploading …"),
        "lost": _("The file did not arrive. Try again."),
        "pasted": _("%(count)s cells pasted.").replace("%(count)s", "{count}"),
        "beyond": _("%(count)s values had no cell and were left out.").replace(
            "%(count)s", "{count}"
        ),
        "undone": _("Taken back."),
        "empty": _("%(count)s not yet reported").replace("%(count)s", "{count}"),
        "unexplained": _("%(count)s not yet explained").replace("%(count)s", "{count}"),
        "begun": _("%(count)s begun").replace("%(count)s", "{count}"),
        "sent": sent,
        "lead": _("%(whole)s: %(parts)s.") % {"whole": whole, "parts": "{parts}"},
        "enumeration": pgettext("enumeration", ", "),
        "foot": _("Still to do: %(parts)s. Drafts are kept as you type.").replace(
            "%(parts)s", "{parts}"
        ),
        "foot_done": _("Everything is filled in. Drafts are kept as you type."),
    }
