"""The boxes of a KPI as fields of a page, and its formula as a fraction of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bsc.numbers import plain
from kpi.entries import Box, Definition, Kind, boxes_of
from kpi.entry_wording import box_label
from kpi.formula import (
    Binary,
    Expression,
    Label,
    Named,
    Negative,
    Number,
    Parsed,
    Previous,
    labels_of,
    previous_of,
)

NUMBERS = frozenset({Kind.VALUE, Kind.INPUT, Kind.PREVIOUS, Kind.PART})
POINTS = frozenset({Kind.INNOVATION, Kind.CHALLENGE, Kind.CONTRIBUTION})
EXPLAINING = frozenset({Kind.CONTROL, Kind.EXPLANATION, Kind.REMEDY, Kind.REMEDY_DUE})


@dataclass(frozen=True, slots=True)
class Field:
    """One box on a page: what it is called, and what was typed into it."""

    name: str
    form_name: str
    id: str
    label: str
    kind: Kind
    unit: str
    text: str
    past: str
    errors: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        """The name of the place where its errors stand."""
        return f"error-{self.name}"


@dataclass(frozen=True, slots=True)
class Term:
    """A box in a sum, or what stands in its place: `text` with its `value`.

    `sign` stands before it where it is not the first.
    """

    sign: str
    field: Field | None = None
    text: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    """A formula drawn: what is counted, what it is divided by, and times how much."""

    above: tuple[Term, ...]
    below: tuple[Term, ...]
    factor: str


def fields_of(
    definition: Definition,
    typed: Mapping[str, str],
    *,
    prefix: str,
    errors: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Field]:
    """Return the boxes of a KPI by their name, in the order of filling.

    `prefix` keeps the boxes of one KPI apart from those of another on the same page.
    """
    wrong = errors or {}
    return {
        box.name: Field(
            name=box.name,
            form_name=f"{prefix}-{box.name}",
            id=f"{prefix}-{box.name}".replace(":", "-").replace("_", "-"),
            label=_label(box),
            kind=box.kind,
            unit=box.unit,
            text=typed.get(box.name, ""),
            past=_past_text(box),
            errors=wrong.get(box.name, ()),
        )
        for box in boxes_of(definition)
    }


def _label(box: Box) -> str:
    if box.kind == Kind.PREVIOUS:
        return _("%(label)s, last year") % {"label": box.label}
    return box.label or box_label(box)


def _past_text(box: Box) -> str:
    return "" if box.past is None else plain(box.past, grouped=True)


def fraction_of(definition: Definition, fields: Mapping[str, Field]) -> Fraction | None:
    """Return the formula as a fraction of its boxes; None where it is none."""
    parsed = definition.parsed
    if parsed is None or parsed.numerator is None or parsed.denominator is None:
        return None
    drawing = _Drawing(definition, parsed, fields)
    above = drawing.terms(parsed.numerator, "")
    below = drawing.terms(parsed.denominator, "")
    if above is None or below is None or drawing.is_incomplete:
        return None
    factor = "" if parsed.factor == 1 else f"× {plain(parsed.factor, grouped=True)} "
    return Fraction(tuple(above), tuple(below), f"{factor}＝")


class _Drawing:
    """Walks a formula and lays each box down where it is first met."""

    def __init__(
        self, definition: Definition, parsed: Parsed, fields: Mapping[str, Field]
    ) -> None:
        self._definition = definition
        self._of_label = {
            label: fields[f"input:{place}"]
            for place, label in enumerate(labels_of(parsed.expression))
            if f"input:{place}" in fields
        }
        self._last_year = {
            label: fields[f"previous:{place}"]
            for place, label in enumerate(previous_of(parsed.expression))
            if f"previous:{place}" in fields
        }
        self._laid: set[str] = set()

    @property
    def is_incomplete(self) -> bool:
        """Whether a box of the formula found no place."""
        return len(self._laid) < len(self._of_label) + len(self._last_year)

    def terms(self, part: Expression, sign: str) -> list[Term] | None:
        """Return a sum as its terms; None where it is more than a sum."""
        if isinstance(part, Label):
            return [self._box(sign, part.name, self._of_label)]
        if isinstance(part, Previous):
            return [self._previous(sign, part.name)]
        if isinstance(part, Number):
            return [Term(sign, text=plain(part.value, grouped=True))]
        if isinstance(part, Named):
            return self.terms(part.inner, sign)
        if isinstance(part, Negative):
            return self.terms(part.inner, _turned(sign))
        if isinstance(part, Binary) and part.sign in ("+", "-"):
            left = self.terms(part.left, sign)
            is_taken = (part.sign == "-") != (sign == "−")
            right = self.terms(part.right, "−" if is_taken else "＋")
            return None if left is None or right is None else left + right
        return None

    def _box(self, sign: str, name: str, places: Mapping[str, Field]) -> Term:
        field = places.get(name)
        if field is None or field.name in self._laid:
            return Term(sign, text=name, value=_("as above"))
        self._laid.add(field.name)
        return Term(sign, field)

    def _previous(self, sign: str, name: str) -> Term:
        words = _("%(label)s, last year") % {"label": name}
        if name in self._last_year:
            return self._box(sign, name, self._last_year)
        value = self._definition.previous.get(name)
        return Term(
            sign,
            text=words,
            value=_("not known") if value is None else plain(value, grouped=True),
        )


def _turned(sign: str) -> str:
    return "＋" if sign == "−" else "−"
