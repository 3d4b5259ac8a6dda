"""What becomes of the things of an import, counted by noun, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bsc import numbers
from kpi.models import Actual
from sheets.messages import NOUN_WORDS

# The kinds of nothing, and of money, as a count tells them apart.
ABSENCES = dict(Actual._meta.get_field("absence").choices)
BUDGETS = {
    "amount": _("%(count)s amounts"),
    "zero": _("%(count)s zero"),
    "none": _("%(count)s none"),
    "blank": _("%(count)s blank"),
}
# Counted with others that people know: told only where they alone may change.
QUIET_NOUNS = {"scorecards", "series", "statements", "plan_rows"}


@dataclass(frozen=True, slots=True)
class NounCount:
    """How many of one noun the file shows, and what becomes of them."""

    name: str
    shown: int
    created: int
    changed: int
    unchanged: int
    left: int
    removed: int
    # So many of the removed are only withdrawn: they keep their figures.
    withdrawn: int = 0
    # So many of the shown are no figures, but a nothing that is told apart.
    absent: int = 0
    # The kinds among them, in words.
    kinds: str = ""

    @property
    def shown_text(self) -> str:
        return numbers.count(self.shown - self.absent)

    @property
    def is_mixed(self) -> bool:
        """Say whether not the same becomes of all of them."""
        return self.shown not in {self.created, self.changed, self.unchanged} or bool(
            self.left or self.removed
        )

    @property
    def words(self) -> str:
        """What becomes of them, in words; of the rest nothing does."""
        for count, word in (
            (self.created, gettext("new")),
            (self.changed, gettext("changed")),
            (self.unchanged, gettext("as before")),
        ):
            if count == self.shown and not self.is_mixed:
                return word
        left = (self.left, gettext("%(count)s not on these sheets"))
        return self._told(self._news, left)

    @property
    def all_words(self) -> str:
        """What becomes of them, and which kinds there are among them."""
        return gettext(", ").join(part for part in (self.words, self.kinds) if part)

    @property
    def news(self) -> str:
        """What changes of them, in words; "" where nothing does.

        Where it is the same for all of them their kinds are told as well.
        """
        if self.is_mixed or self.shown == self.unchanged:
            return self._told(self._news)
        told = next(
            words % {"count": self.shown_text} for count, words in self._news if count
        )
        return gettext(", ").join(part for part in (told, self.kinds) if part)

    @property
    def _news(self) -> tuple[tuple[int, str], ...]:
        return (
            (self.created, gettext("%(count)s new")),
            (self.changed, gettext("%(count)s changed")),
            (self.removed - self.withdrawn, gettext("%(count)s removed")),
            (self.withdrawn, gettext("%(count)s withdrawn")),
        )

    @staticmethod
    def _told(news, *more: tuple[int, str]) -> str:
        parts = [
            words % {"count": numbers.count(count)}
            for count, words in (*news, *more)
            if count
        ]
        return gettext(", ").join(parts)


def nouns_of(
    changes: dict,
    withdrawn: Mapping[str, int] | None = None,
    kinds: Mapping[str, Mapping[str, int]] | None = None,
) -> list[NounCount]:
    """Return the counts of the nouns that people know, of which there is anything.

    `withdrawn` and `kinds` are as `sheets.proposals.kinds` tells them.
    """
    withdrawn, kinds = withdrawn or {}, kinds or {}
    return [
        NounCount(
            str(NOUN_WORDS[noun]),
            change["created"] + change["changed"] + change["unchanged"],
            change["created"],
            change["changed"],
            change["unchanged"],
            change["left"],
            change["removed"],
            withdrawn.get(noun, 0),
            sum(kinds.get(noun, {}).get(absence, 0) for absence in ABSENCES),
            gettext(", ").join(
                _kinds_in_words(
                    kinds.get(noun, {}),
                    change["created"] + change["changed"] + change["unchanged"],
                )
            ),
        )
        for noun, change in changes.items()
        if noun in NOUN_WORDS and any(change.values())
        if noun not in QUIET_NOUNS or change["changed"]
    ]


def _kinds_in_words(kinds: Mapping[str, int], shown: int) -> Iterable[str]:
    """Yield what a count is made of; not of which kind of money all of it is."""
    for absence, word in ABSENCES.items():
        if count := kinds.get(absence):
            words = gettext("and %(count)s “%(absence)s”")
            yield words % {"count": numbers.count(count), "absence": word}
    for kind, words in BUDGETS.items():
        if (count := kinds.get(kind)) and count != shown:
            yield words % {"count": numbers.count(count)}
    if (codes := kinds.get("codes")) and codes != shown:
        yield ngettext("%(count)s code", "%(count)s codes", codes) % {
            "count": numbers.count(codes)
        }
