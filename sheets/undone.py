"""What became of an import that was undone, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bsc import numbers
from sheets.messages import NOUN_WORDS

_WHY = {
    "changed": _("changed since"),
    "confirmed": _("shown by a newer import as well"),
    "closed": _("its year is closed"),
    "in-use": _("in use by other rows"),
    "removed": _("deleted since"),
    "gone": _("what it belonged to is gone"),
    "taken": _("something else stands in its place"),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing took away and put back, and what it left, a line each.

    `count` is of all that was left; `kept` tells the first of them, `reasons` how many
    there are of each.
    """

    words: str
    kept: list[str]
    count: int
    reasons: str = ""


def undone_of(verdict: dict) -> Undone | None:
    """Return what the undoing of an import did; None where it was not undone."""
    told = verdict.get("undone")
    return None if told is None else _undone(told)


def foreseen_of(told: dict) -> Undone:
    """Return what undoing an import would do, as `services.foresee_undo` tells it.

    For the page that asks whether to undo: `words` say what would be deleted and put
    back, `kept` lists what would stay and why: changed since, shown by a newer import
    as well (with its file, who applied it and when), or of a closed year.
    """
    return _undone(told)


def _undone(told: dict) -> Undone:
    changes = told["changes"].items()
    parts = (
        (gettext("Deleted: %(things)s."), _things(changes, "removed")),
        (
            gettext("Put back as before: %(things)s."),
            _things(changes, "changed", "restored"),
        ),
    )
    words = " ".join(words % {"things": things} for words, things in parts if things)
    reasons = gettext(", ").join(
        gettext("%(count)s %(why)s")
        % {"count": numbers.count(count), "why": _WHY.get(why, why)}
        for why, count in told.get("kept_by", {}).items()
    )
    kept = [_kept(thing) for thing in told["kept"]]
    return Undone(words, kept, told["kept_count"], reasons)


def things_in_words(counts: Iterable[tuple[str, int]]) -> str:
    """Return nouns with their counts, as a sentence lists them; those of 0 are left."""
    told = [
        gettext("%(count)s %(noun)s") % {"count": numbers.count(count), "noun": noun}
        for noun, count in counts
        if count
    ]
    return gettext(", ").join(told)


def _things(changes: Iterable[tuple[str, dict]], *names: str) -> str:
    return things_in_words(
        (str(NOUN_WORDS[noun]), sum(found.get(name, 0) for name in names))
        for noun, found in changes
        if noun in NOUN_WORDS
    )


def _kept(thing: dict) -> str:
    """Return one thing that was left: what it is, why, and who changed it when."""
    words = _WHY.get(thing["why"], thing["why"])
    noun = NOUN_WORDS.get(thing["noun"], "")
    told = f"{noun} {thing['name']}".strip() or thing["model"]
    line = gettext("%(thing)s: %(why)s") % {"thing": told, "why": words}
    if file := thing.get("file"):
        line += gettext(" (%(file)s)") % {"file": file}
    if thing["by"] and thing["at"]:
        at = timezone.localtime(datetime.fromisoformat(thing["at"]))
        when = date_format(at, "Y-m-d H:i")
        line += gettext(" (%(who)s, %(when)s)") % {"who": thing["by"], "when": when}
    return line
