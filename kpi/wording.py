"""What the rules' codes say in words, in the reader's language.

`kpi.scoring` knows no language: it returns codes with parameters, and here
gettext turns them into what a page, a document or the API prints.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bsc.numbers import MINUS, plain
from kpi.scoring import (
    Absence,
    Basis,
    Direction,
    Level,
    Light,
    Mark,
    Reason,
    Standing,
    Step,
    Why,
)

SYMBOLS: dict[Light, str] = {
    Light.EXCELLENT: "★",
    Light.GOOD: "●",
    Light.FAIR: "▲",
    Light.POOR: "×",
    Light.UNKNOWN: "?",
}

LIGHTS: dict[Light, Promise] = {
    Light.EXCELLENT: pgettext_lazy("light", "excellent"),
    Light.GOOD: pgettext_lazy("light", "good"),
    Light.FAIR: pgettext_lazy("light", "fair"),
    Light.POOR: pgettext_lazy("light", "poor"),
    Light.UNKNOWN: pgettext_lazy("light", "unknown"),
}

STANDINGS: dict[Standing, Promise] = {
    Standing.ANNOUNCED: pgettext_lazy("rules", "announced"),
    Standing.INFERRED: pgettext_lazy("rules", "inferred"),
    Standing.DEFAULT: pgettext_lazy("rules", "default"),
}

BASES: dict[Basis, Promise] = {
    Basis.TOTAL: gettext_lazy("total"),
    Basis.ACHIEVEMENT: gettext_lazy("achievement"),
    Basis.BY_HAND: gettext_lazy("by hand"),
    Basis.QUOTA: gettext_lazy("quota"),
}

LEVELS: dict[Level, Promise] = {
    Level.CITY: pgettext_lazy("level", "city"),
    Level.BUREAU: pgettext_lazy("level", "bureau"),
    Level.CENTRE: pgettext_lazy("level", "centre"),
}

ABSENCES: dict[Absence, Promise] = {
    Absence.NOT_MEASURED: gettext_lazy("no actual value"),
    Absence.NO_STATISTICS: gettext_lazy("no statistics available"),
    Absence.NOT_APPLICABLE: gettext_lazy("not applicable"),
}

DIRECTIONS: dict[Direction, Promise] = {
    Direction.POSITIVE: gettext_lazy("positive: higher is better"),
    Direction.NEGATIVE: gettext_lazy("negative: lower is better"),
    Direction.UNCONFIRMED: gettext_lazy("direction not confirmed, scored as positive"),
}

REASONS: dict[Reason, Promise] = {
    Reason.EXEMPT: gettext_lazy("exempt from rating"),
    Reason.NO_TARGET: gettext_lazy("no target"),
    Reason.NOT_ENTERED: gettext_lazy("not yet reported"),
    Reason.NOT_MEASURED: ABSENCES[Absence.NOT_MEASURED],
    Reason.NO_STATISTICS: ABSENCES[Absence.NO_STATISTICS],
    Reason.NOT_APPLICABLE: ABSENCES[Absence.NOT_APPLICABLE],
    Reason.NOT_STATED: gettext_lazy(
        "target and actual cannot be compared as numbers, "
        "and nobody has stated whether the target is reached"
    ),
    Reason.STATED_NOT_REACHED: gettext_lazy("not reached, without a number to score"),
    Reason.ZERO_TARGET: gettext_lazy("the target is 0, so there is no achievement"),
    Reason.NO_RULES: gettext_lazy("no rating rules yet"),
    Reason.NO_SELF_RATING: gettext_lazy("no self-rating yet"),
    Reason.BY_HAND: gettext_lazy("the light is given by hand and is not given yet"),
    Reason.QUOTA: gettext_lazy("the light follows from the rank among all KPIs"),
}

MARKS: dict[Mark, Promise] = {
    Mark.UNCONFIRMED: DIRECTIONS[Direction.UNCONFIRMED],
    Mark.AGAINST_DIRECTION: gettext_lazy(
        "the comparator runs against the direction; the comparator decides"
    ),
    Mark.RATIO_MEANINGLESS: gettext_lazy(
        "the actual is 0 or below, so a ratio is meaningless"
    ),
    Mark.ZERO_TARGET: gettext_lazy("the target is 0, so there is no achievement"),
    Mark.BY_OVERALL: gettext_lazy(
        "not every part was measured; the overall figure decides"
    ),
}

CHOICES: dict[Why, Promise] = {
    Why.OWN: gettext_lazy("the rules of its own level and year"),
    Why.EARLIER_YEAR: gettext_lazy("the rules of the nearest earlier year"),
    Why.LEVEL_ABOVE: gettext_lazy("the rules of the level above"),
    Why.NOT_ADOPTED: gettext_lazy("no planner has adopted the rules yet"),
    Why.NO_SELF_RATINGS: gettext_lazy(
        "the rules need self-ratings, and this scorecard has none"
    ),
    Why.NO_EARLIER_RULES: gettext_lazy("no rules hold for this year"),
}

_SENTENCES: dict[str, Promise] = {
    "actual-by-target": gettext_lazy(
        "%(actual)s ÷ %(target)s × 100 %(sign)s %(achievement)s"
    ),
    "target-by-actual": gettext_lazy(
        "%(target)s ÷ %(actual)s × 100 %(sign)s %(achievement)s"
    ),
    "excess-over-target": gettext_lazy(
        "100 + (%(actual)s − %(less)s) ÷ |%(target)s| × 100 %(sign)s %(achievement)s"
    ),
    "shortfall-below-target": gettext_lazy(
        "100 + (%(target)s − %(less)s) ÷ |%(target)s| × 100 %(sign)s %(achievement)s"
    ),
    "reached": gettext_lazy("Reached: %(actual)s %(sign)s %(target)s"),
    "not-reached": gettext_lazy("Not reached: %(actual)s %(sign)s %(target)s"),
    "part-reached": gettext_lazy("%(label)s: reached, %(actual)s %(sign)s %(target)s"),
    "part-not-reached": gettext_lazy(
        "%(label)s: not reached, %(actual)s %(sign)s %(target)s"
    ),
    "reached-in-parts": gettext_lazy("Reached: each of the %(parts)s parts is"),
    "not-reached-in-parts": gettext_lazy(
        "Not reached: not each of the %(parts)s parts is"
    ),
    "stated-reached": gettext_lazy(
        "Reached, as stated: target “%(target)s”, actual “%(actual)s”"
    ),
    "stated-not-reached": gettext_lazy(
        "Not reached, as stated: target “%(target)s”, actual “%(actual)s”"
    ),
    "zero-target-counted": gettext_lazy(
        "The target is 0, so there is no achievement; counted as %(counted)s"
    ),
    "achievement": gettext_lazy("Achievement %(achievement)s"),
    "counted": gettext_lazy("Achievement %(achievement)s, counted as %(counted)s"),
    "total": gettext_lazy("%(parts)s %(sign)s %(raw)s → %(total)s"),
    "band": gettext_lazy("%(measured)s ≥ %(lower)s: %(light)s (%(standing)s)"),
    "lowest-band": gettext_lazy("%(measured)s < %(upper)s: %(light)s (%(standing)s)"),
    "only-band": gettext_lazy("%(measured)s: %(light)s (%(standing)s)"),
    "by-hand": gettext_lazy("Given by hand: %(light)s (%(standing)s)"),
    "quota": gettext_lazy("By its rank among all KPIs: %(light)s (%(standing)s)"),
    "unknown": gettext_lazy("%(light)s: %(reason)s"),
    "mark": gettext_lazy("Note: %(mark)s"),
}

# What these subtract stands in brackets where it is below 0.
_SUBTRACTED = {"excess-over-target": "target", "shortfall-below-target": "actual"}

# Parameters that are texts already: signs, labels, formulas, and the total,
# which keeps its printed zero.
_TEXTS = frozenset({"sign", "label", "parts", "total"})


def light_text(light: str) -> str:
    """Return a light as it is printed: ●良, ? 績效不明."""
    lamp = Light(light)
    space = " " if lamp == Light.UNKNOWN else ""
    return f"{SYMBOLS[lamp]}{space}{LIGHTS[lamp]}"


def step_text(step: Step) -> str:
    """Return one step of a trace in words."""
    if step.code == "direction":
        return str(DIRECTIONS[Direction(step.params["direction"])])
    words = {name: _word(step.code, name, text) for name, text in step.params.items()}
    code = step.code
    if code in _SUBTRACTED:
        less = words[_SUBTRACTED[code]]
        words["less"] = f"({less})" if less.startswith(MINUS) else less
    if code == "unknown":
        words["light"] = light_text(Light.UNKNOWN)
    if code == "lowest-band" and not step.params["upper"]:
        code = "only-band"
    return str(_SENTENCES[code]) % words


def _word(code: str, name: str, text: str) -> str:
    if name == "light":
        return light_text(text)
    if name == "standing":
        return str(STANDINGS[Standing(text)])
    if name == "reason":
        return str(REASONS[Reason(text)])
    if name == "mark":
        return str(MARKS[Mark(text)])
    if name in _TEXTS or code.startswith("stated-") or not text:
        return text
    try:
        return plain(Decimal(text), grouped=True)
    except ArithmeticError:
        return text


def trace_text(steps: Iterable[Step]) -> str:
    """Return a trace in words, a line a thought; what counts and the total share one."""
    lines: list[str] = []
    total_follows = False
    for step in steps:
        words = step_text(step)
        if step.code == "total" and total_follows:
            lines[-1] = _("%(first)s; %(second)s") % {
                "first": lines[-1],
                "second": words,
            }
        else:
            lines.append(words)
        total_follows = step.code in ("achievement", "counted", "zero-target-counted")
    return "\n".join(lines)
