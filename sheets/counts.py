"""What becomes of the things of an import, counted by noun, in words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from bsc import numbers
from sheets.messages import NOUN_WORDS

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

    @property
    def shown_text(self) -> str:
        return numbers.count(self.shown)

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
    def news(self) -> str:
        """What changes of them, in words; "" where nothing does."""
        return self._told(self._news)

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
    changes: dict, withdrawn: Mapping[str, int] | None = None
) -> list[NounCount]:
    """Return the counts of the nouns that people know, of which there is anything."""
    withdrawn = withdrawn or {}
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
        )
        for noun, change in changes.items()
        if noun in NOUN_WORDS and any(change.values())
        if noun not in QUIET_NOUNS or change["changed"]
    ]


def withdrawn_in(issues: list[dict]) -> Counter[str]:
    """Return by noun how many of the removed are only withdrawn."""
    found: Counter[str] = Counter()
    for issue in issues:
        if issue["code"] == "withdrawn":
            found[issue["params"]["noun"]] += int(issue["params"]["count"])
    return found
