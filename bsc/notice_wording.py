"""What notices say, in the reader's language; notices themselves keep codes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from bsc.models import Notice
from bsc.periods import Period
from bsc.workdays import day_label

KINDS = {
    "opening": _("Reporting has opened"),
    "due-soon": _("Due soon"),
    "overdue": _("Overdue"),
    "reminder": _("Reminder"),
    "returned": _("Returned"),
    "approved": _("Approved"),
    "turned-poor": _("The light turned poor"),
    "no-owner": _("Nobody is responsible"),
    "reopening-asked": _("A reopening was asked for"),
    "reopening-refused": _("The reopening was refused"),
    "reopened": _("Reopened"),
}
_SENTENCES = {
    "opening": _(
        "%(round)s: your figures of %(period)s are to be sent by %(due)s; KPIs: %(count)s."
    ),
    "due-soon": _(
        "%(round)s: %(step)s is due on %(due)s, in working days: %(left)s;"
        " KPIs: %(count)s."
    ),
    "overdue": _("%(round)s: %(step)s was due on %(due)s; KPIs: %(count)s."),
    "reminder": _(
        "%(round)s: %(by)s reminds you of figures not sent yet, due on %(due)s;"
        " KPIs: %(count)s."
    ),
    "returned": _("%(kpi)s, %(period)s: returned by %(by)s: %(note)s"),
    "approved": _("%(kpi)s, %(period)s: approved by %(by)s."),
    "turned-poor": _("%(kpi)s, %(period)s: the light is poor."),
    "no-owner": _(
        "%(card)s: no unit is responsible for some KPIs, so nobody can enter them:"
        " %(codes)s."
    ),
    "reopening-asked": _("%(kpi)s, %(period)s: %(by)s asks to reopen it: %(note)s"),
    "reopening-refused": _(
        "%(kpi)s, %(period)s: %(by)s does not agree to reopen it: %(note)s"
    ),
    "reopened": _("%(kpi)s, %(period)s: reopened by %(by)s: %(note)s"),
}
_STEPS = {
    "send": _("sending"),
    "check": _("checking by the section's head"),
    "approve": _("approval by the card's unit"),
}


def kind_text(kind: str) -> str:
    """Return what a notice of `kind` is about; the code itself where it is not known."""
    return str(KINDS.get(kind, kind))


def sentence(notice: Notice) -> str:
    """Return what a notice says."""
    words = _SENTENCES.get(notice.kind)
    if words is None:
        return kind_text(notice.kind)
    given: dict[str, Any] = dict(notice.parameters)
    told = {name: _WORDS.get(name, str)(value) for name, value in given.items()}
    try:
        return str(words) % told
    except KeyError:
        # Kept by an earlier version, which knew fewer parameters.
        return kind_text(notice.kind)


def _day(value: str) -> str:
    return day_label(date.fromisoformat(value), get_language() or "")


def _period(value: str) -> str:
    return Period.parse(value).label(get_language() or "")


def _codes(value: list[str]) -> str:
    return pgettext("enumeration", ", ").join(value)


_WORDS: dict[str, Callable[[Any], str]] = {
    "due": _day,
    "period": _period,
    "step": lambda value: str(_STEPS.get(value, value)),
    "codes": _codes,
}
