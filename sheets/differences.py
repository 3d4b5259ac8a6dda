"""What a file changes of what is stored, as the page lists it."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Model
from django.utils.translation import gettext

from bsc import numbers

# A year of the common era in a key; other numbers there are places.
YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one thing, in words; "" is nothing."""

    thing: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """The first differences; `rest` says how many more there are, "" for none."""

    lines: list[Difference]
    count: int
    rest: str


def differences_of(told: dict) -> Differences | None:
    """Return what a proposal or a verdict says of changes; None where it says none."""
    found = told.get("differences") or []
    if not found:
        return None
    count = told["difference_count"]
    rest = gettext("%(count)s more are not listed.")
    more = count - len(found)
    return Differences(
        [_difference(difference) for difference in found],
        count,
        rest % {"count": numbers.count(more)} if more else "",
    )


def _difference(told: dict) -> Difference:
    model = apps.get_model(told["model"])
    field = model._meta.get_field(told["field"])
    words = _words(field)
    if field.get_internal_type() == "BooleanField":
        words |= {"True": gettext("yes"), "False": gettext("no")}
    before, after = (words.get(told[name], told[name]) for name in ("before", "after"))
    return Difference(
        f"{model._meta.verbose_name} {_thing(model, told['thing'])}",
        str(field.verbose_name),
        before,
        after,
    )


def _thing(model: type[Model], parts: list[str]) -> str:
    """Return codes, years and stages of a thing; its place among others is no news."""
    words = {}
    for field in model._meta.concrete_fields:
        words |= _words(field)
    told = []
    for part in parts:
        if YEAR.fullmatch(part):
            told.append(numbers.roc_year(int(part)))
        elif not part.isdecimal():
            told.append(words.get(part, part))
    return " ".join(told)


def _words(field: Field) -> dict[str, str]:
    return {str(value): str(word) for value, word in field.flatchoices}
