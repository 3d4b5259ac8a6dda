"""How a total came about, as a small table and sentences: 總得分怎麼來."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bsc.numbers import half_up, plain
from kpi.models import RatingRules, Result
from kpi.scoring import Step
from kpi.scoring.rules import Standing
from kpi.wording import LEVELS, STANDINGS, step_text
from reports.dashboards.cells import year_text

# The codes of steps that speak of the light.
_OF_LIGHT = frozenset({"band", "lowest-band", "only-band", "by-hand", "unknown"})
# A sum is shown to so many decimals; the sentences above it have the exact ratio.
SHOWN_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class TracePart:
    """One part of a total: 85 × 25% is 21.25."""

    name: str
    points: str
    weight: str
    product: str


@dataclass(frozen=True, slots=True)
class TraceBoard:
    """The steps of one result in words, and its sum as a table where it has one."""

    before: tuple[str, ...]
    parts: tuple[TracePart, ...]
    raw: str
    total: str
    light: tuple[str, ...]
    rules: str
    rules_source: str


def trace_board(result: Result | None) -> TraceBoard | None:
    """Return how `result` was reckoned; None where nothing was."""
    if result is None:
        return None
    steps = [Step(code, params) for code, params in result.trace]
    summed = next((step for step in steps if step.code == "total"), None)
    before = [step for step in steps if step.code not in _OF_LIGHT | {"total", "mark"}]
    after = [step for step in steps if step.code in _OF_LIGHT | {"mark"}]
    return TraceBoard(
        before=tuple(step_text(step) for step in before),
        parts=_parts(summed.params["parts"]) if summed else (),
        raw=_number(summed.params["raw"]) if summed else "",
        total=summed.params["total"] if summed else "",
        light=tuple(step_text(step) for step in after),
        rules=rules_text(result.rules),
        rules_source=result.rules.source if result.rules else "",
    )


def _parts(text: str) -> tuple[TracePart, ...]:
    """Return the parts of a sum such as 100×25% + 85×25%, as the trace keeps it."""
    names = (_("achievement"), _("innovation"), _("challenge"), _("contribution"))
    found = []
    for name, part in zip(names, text.split(" + "), strict=False):
        points, _times, weight = part.partition("×")
        product = Decimal(points) * Decimal(weight.rstrip("%")).scaleb(-2)
        found.append(
            TracePart(
                name,
                _number(points),
                weight,
                plain(product, SHOWN_DECIMALS),
            )
        )
    return tuple(found)


def _number(text: str) -> str:
    return plain(half_up(Decimal(text), SHOWN_DECIMALS))


def rules_text(rules: RatingRules | None) -> str:
    """Return which rules hold and what they rest on, in words."""
    if rules is None:
        return ""
    return _("Rating rules of %(year)s, %(level)s, %(standing)s") % {
        "year": year_text(rules.year),
        "level": LEVELS[rules.level],
        "standing": STANDINGS[Standing(rules.standing)],
    }
