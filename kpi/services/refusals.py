"""Why a service takes no entry: codes, their words, and who wrote in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.entries import Check, Demand, Problem
from kpi.models import Entry, ReviewStep

WORDS = {
    "stale": _("%(who)s changed this at %(at)s, after you opened it."),
    "locked": _("This figure is sent (%(state)s); it changes only when it comes back."),
    "not-sent": _("This figure is %(state)s; that step is not its next."),
    "closed-card": _("The year of this card is closed; it takes errata only."),
    "wrong-period": _("This KPI is of %(year)s and takes no figure of another year."),
    "withdrawn": _("This KPI was withdrawn from its plan."),
    "round-closed": _("The round closed on %(day)s and takes no late entries."),
    "late-reason": _("The round closed on %(day)s: say why this comes late."),
    "not-your-unit": _("You enter no figures for the units responsible for this KPI."),
    "not-the-editor": _("%(unit)s enters the figures of this KPI; you may sign them."),
    "not-an-owner": _("%(unit)s is not responsible for this KPI, or enters it itself."),
    "not-yours-to-check": _("Managers of the responsible unit check this figure."),
    "not-yours-to-approve": _("Managers of the card's unit approve this figure."),
    "not-yours-to-plan": _("Planners of the card's unit do this."),
    "own-entry": _("You entered or sent this figure; somebody else reviews it."),
    "two-people": _("Somebody else than who asked agrees to a reopening."),
    "already-signed": _("Your unit has signed this figure."),
    "no-reason": _("Say why."),
    "unknown-box": _("This KPI has no box “%(box)s”."),
    "too-long": _("A box takes at most %(most)s characters."),
    "not-ready": _("This figure is not complete yet."),
    "direction-unconfirmed": _(
        "A planner confirms first whether higher or lower is better for this KPI."
    ),
    "in-force-changed": _(
        "Since this entry began, the figure in force changed from %(before)s to"
        " %(now)s. Approve only if %(entry)s is to replace it."
    ),
    "unsigned": _("Not yet signed by %(units)s."),
    "bad-points": _("Points go from 0 to 100, and need a written basis."),
    "light-needs-reason": _("A light given by hand needs its reason."),
    "light-not-by-hand": _("The rules of this card leave no light to people."),
    "nothing-to-reopen": _("Only an approved figure is reopened."),
    "already-asked": _("A reopening of this figure was asked for already."),
    "not-asked": _("Nobody asked to reopen this figure."),
}


def refusal(code: str, **params: Any) -> ValidationError:
    """Return the error of `code`, with its words."""
    return ValidationError(WORDS[code], code=code, params=params)


@dataclass(frozen=True, slots=True)
class Difference:
    """A box in which two people typed: what stands, by whom and when; and this one's."""

    box: str
    stands: str
    mine: str
    who: str
    at: str


class Conflict(ValidationError):
    """Somebody wrote in between: code "stale"; params `who` and `at` (local time).

    `entry` is what stands now and `typed` what this person had typed. `differences`
    tell of each box that is not the same who typed what stands there. Nothing was
    written.
    """

    def __init__(
        self,
        entry: Entry,
        typed: Mapping[str, str],
        last_step: ReviewStep | None = None,
    ) -> None:
        self.entry, self.typed = entry, dict(typed)
        self.differences = tuple(
            _difference(entry, name, text)
            for name, text in typed.items()
            if entry.typed.get(name, "") != text
        )
        who, at = entry.entered_by, entry.entered_at
        if last_step is not None and (at is None or last_step.at >= at):
            who, at = last_step.by, last_step.at
        super().__init__(
            WORDS["stale"], code="stale", params={"who": str(who), "at": _moment(at)}
        )

    @property
    def differs(self) -> tuple[str, ...]:
        """The names of the boxes that are not the same."""
        return tuple(each.box for each in self.differences)


def _difference(entry: Entry, name: str, text: str) -> Difference:
    typed = entry.typed_by.get(name, {})
    at = typed.get("at")
    return Difference(
        box=name,
        stands=entry.typed.get(name, ""),
        mine=text,
        who=typed.get("who") or str(entry.entered_by or ""),
        at=_moment(datetime.fromisoformat(at) if at else entry.entered_at),
    )


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""


class NotReady(ValidationError):
    """An entry that cannot be sent as it stands: code "not-ready".

    `problems` are boxes that say nothing or what cannot be; `doubts` are checks that
    wait for a confirmation; `unexplained` are boxes of the explanation that are empty
    though `reasons` ask for them. Their words are in `kpi.entry_wording`.
    """

    def __init__(
        self,
        *,
        problems: Sequence[Problem] = (),
        doubts: Sequence[Check] = (),
        unexplained: Sequence[Problem] = (),
        reasons: Sequence[Demand] = (),
    ) -> None:
        self.problems, self.doubts = tuple(problems), tuple(doubts)
        self.unexplained, self.reasons = tuple(unexplained), tuple(reasons)
        super().__init__(WORDS["not-ready"], code="not-ready")
