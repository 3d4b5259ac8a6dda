"""What the codes of `kpi.entries` say in words: boxes, problems, checks, demands."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from bsc.numbers import MINUS, plain
from bsc.periods import roc
from kpi.entries import Box, Check, Demand, Distance, Kind, Problem
from kpi.entries.codes import CheckCode, DemandCode, ProblemCode

LABELS: dict[Kind, Promise] = {
    Kind.VALUE: gettext_lazy("actual"),
    Kind.INPUT: gettext_lazy("input"),
    Kind.PREVIOUS: gettext_lazy("last year's figure"),
    Kind.PART: gettext_lazy("part"),
    Kind.TEXT: gettext_lazy("actual in words"),
    Kind.REACHED: gettext_lazy("target reached"),
    Kind.ABSENCE: gettext_lazy("why there is no number"),
    Kind.REASON: gettext_lazy("reason why there is no number"),
    Kind.MONTHS: gettext_lazy("months covered"),
    Kind.INNOVATION: gettext_lazy("innovation"),
    Kind.CHALLENGE: gettext_lazy("challenge"),
    Kind.CONTRIBUTION: gettext_lazy("contribution"),
    Kind.BASIS: gettext_lazy("basis"),
    Kind.LIGHT: gettext_lazy("light given by hand"),
    Kind.CONTROL: gettext_lazy("kind of cause"),
    Kind.EXPLANATION: gettext_lazy("cause"),
    Kind.REMEDY: gettext_lazy("remedy"),
    Kind.REMEDY_DUE: gettext_lazy("remedy due"),
    Kind.LATE_REASON: gettext_lazy("why late"),
}

PROBLEMS: dict[ProblemCode, Promise] = {
    "too-long": gettext_lazy("This is too long: at most %(maximum)s characters."),
    "odd-character": gettext_lazy(
        "It holds a sign that nobody can see (%(character)s). Type it again."
    ),
    "zero-or-nothing": gettext_lazy(
        "Type 0 where it was none, or choose why there is no number."
    ),
    "unit-differs": gettext_lazy(
        "It is typed in “%(typed)s”, but it is counted in “%(unit)s”."
    ),
    "broken-separator": gettext_lazy(
        "The commas of “%(typed)s” are not at every three digits: write 1,234 or 1234."
    ),
    "too-large": gettext_lazy(
        "This number is too large. Is it in the unit of measure?"
    ),
    "too-many-decimals": gettext_lazy("A number has at most six decimals."),
    "too-many-digits": gettext_lazy("A number has at most %(maximum)s digits."),
    "in-words": gettext_lazy(
        "Write the whole number in digits: 2,683,257 for 268萬3,257."
    ),
    "bracketed": gettext_lazy("Write a number below 0 with a minus sign: -1,000."),
    "comparator": gettext_lazy("Write what was measured, without ≥, ≤ or “at least”."),
    "exponent": gettext_lazy("Write all digits of the number, without an exponent."),
    "range": gettext_lazy("Write one number: a range cannot be scored."),
    "calculation": gettext_lazy(
        "Write the number itself; what is reckoned has a box for each figure."
    ),
    "not-finite": gettext_lazy("This is no number that can be stored."),
    "not-a-number": gettext_lazy(
        "“%(typed)s” is no number. Write digits, such as 1,234.5, "
        "or choose why there is no number."
    ),
    "not-points": gettext_lazy("Points go from 0 to 100, with at most two decimals."),
    "count-below-zero": gettext_lazy("What is counted in “%(unit)s” is not below 0."),
    "not-months": gettext_lazy("Write the months covered as 1-6 or 7-12月."),
    "other-year": gettext_lazy("These months belong to another year."),
    "months-outside": gettext_lazy("These months are not of the period."),
    "not-a-date": gettext_lazy("Write a day as 112.6.30 or 2023-06-30."),
    "date-without-day": gettext_lazy("The day is missing: write 112.6.30."),
    "no-such-day": gettext_lazy("There is no such day."),
    "due-before-end": gettext_lazy(
        "A remedy is due after the period that it mends: not before %(end)s."
    ),
    "due-too-late": gettext_lazy("This day is more than ten years ahead."),
    "unknown-choice": gettext_lazy("Choose one of those offered."),
    "value-and-text": gettext_lazy("Give a number or words, not both."),
    "value-and-absence": gettext_lazy(
        "There is a figure and also a reason why there is none. Keep one of them."
    ),
    "absence-in-part": gettext_lazy(
        "Leave the box of a part empty where it was not measured."
    ),
    "value-is-reckoned": gettext_lazy(
        "The value comes from the boxes of the formula. Fill those."
    ),
    "division-by-zero": gettext_lazy(
        "Nothing can be divided by 0. Where there was no case, choose why there is"
        " no number."
    ),
    "nothing-entered": gettext_lazy("Nothing is entered yet."),
    "input-missing": gettext_lazy("“%(label)s” is missing."),
    "value-missing": gettext_lazy("The actual is missing."),
    "reached-missing": gettext_lazy(
        "Say whether the target is reached: it cannot be compared as a number."
    ),
    "points-missing": gettext_lazy("The points are missing."),
    "light-missing": gettext_lazy("The light is missing: it is given by hand."),
    "basis-missing": gettext_lazy("Write what the self-rating rests on."),
    "reason-missing": gettext_lazy("Say why there is no number."),
    "late-reason-missing": gettext_lazy("The round is closed: say why it is late."),
    "explanation-missing": gettext_lazy("To be filled before it is sent."),
}

CHECKS: dict[CheckCode, Promise] = {
    "outside-bounds": gettext_lazy(
        "%(value)s lies beyond the natural bound of %(bound)s."
    ),
    "over-whole": gettext_lazy(
        "%(value)s: the part is more than the whole. Are the boxes the right way round?"
    ),
    "below-zero": gettext_lazy("%(value)s is below 0. Is that so?"),
    "tenfold": gettext_lazy(
        "%(value)s is about ten times or a tenth of the usual %(usual)s."
        " Has the point or a digit slipped?"
    ),
    "hundredfold": gettext_lazy(
        "%(value)s is about a hundred times or a hundredth of the usual %(usual)s."
        " Has the point or a digit slipped?"
    ),
    "thousandfold": gettext_lazy(
        "%(value)s is about a thousand times or a thousandth of the usual %(usual)s."
        " Is it in the unit of measure?"
    ),
    "far-from-series": gettext_lazy(
        "%(value)s is far from the last %(years)s years,"
        " which lie between %(lowest)s and %(highest)s."
    ),
    "equal-to-target": gettext_lazy(
        "%(value)s is the target to the digit. Was it measured so?"
    ),
    "unchanged-from-last-year": gettext_lazy(
        "%(value)s is last year's figure to the digit. Is it this year's?"
    ),
    "parts-differ": gettext_lazy("The parts sum to %(sum)s, not to %(value)s."),
    "counterpart-differs": gettext_lazy(
        "Another scorecard says otherwise of the same: %(others)s; here %(value)s."
    ),
    "more-decimals": gettext_lazy(
        "%(value)s has more decimals than this KPI is printed with (%(decimals)s)."
    ),
    "fraction-of-count": gettext_lazy(
        "%(value)s is no whole number, but it is counted in “%(unit)s”."
    ),
}
# Where the parts are rates, the whole lies between them.
_BETWEEN_PARTS = gettext_lazy(
    "%(value)s does not lie between its parts, from %(lowest)s to %(highest)s."
)
_OF_INPUT = pgettext_lazy("check of an input", "%(label)s: %(check)s")

DEMANDS: dict[DemandCode, Promise] = {
    "not-reached": gettext_lazy("The target of %(target)s is not reached: explain."),
    "streak": gettext_lazy("The target was missed %(years)s years in a row: explain."),
    "below-limit": gettext_lazy(
        "The achievement of %(achievement)s is below %(limit)s: explain."
    ),
    "light-poor": gettext_lazy("The light is ×poor: explain."),
    "light-fair": gettext_lazy("The light is ▲fair: explain."),
    "far-above": gettext_lazy(
        "The achievement of %(achievement)s is above %(limit)s: explain how that came."
    ),
    "equal-to-target": gettext_lazy(
        "The figure is the target of %(target)s to the digit:"
        " confirm it, or explain how that came."
    ),
}
_STATED_NOT_REACHED = gettext_lazy("The target is not reached: explain.")

_LARGE = re.compile(r"\d{4,}(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# Parameters that are words already, and no numbers to format.
_WORDS = frozenset(("typed", "unit", "label", "others", "character", "sign"))


def box_label(box: Box) -> str:
    """Return what a box is called: its printed words, else ours."""
    if box.kind == Kind.PREVIOUS:
        return _("%(label)s, last year") % {"label": box.label}
    return box.label or str(LABELS[box.kind])


def problem_text(problem: Problem) -> str:
    """Return what is wrong with a box, or missing in it."""
    return str(PROBLEMS[problem.code]) % _shown(problem.params)


def check_text(check: Check) -> str:
    """Return what is asked about a figure."""
    params = _shown(check.params)
    words = CHECKS[check.code]
    if check.code == "parts-differ" and "lowest" in params:
        words = _BETWEEN_PARTS
    text = str(words) % params
    if "label" in params:
        return str(_OF_INPUT) % {"label": params["label"], "check": text}
    return text


def demand_text(demand: Demand) -> str:
    """Return why a figure must be explained."""
    words = DEMANDS[demand.code]
    if demand.code == "not-reached" and "target" not in demand.params:
        words = _STATED_NOT_REACHED
    return str(words) % _shown(demand.params)


def distance_text(distance: Distance) -> str:
    """Return what would have been enough: 再 1 件即達標：22 ÷ 46 × 100 ＝ 47.83."""
    is_less = distance.amount < 0
    params = {
        "amount": plain(abs(distance.amount), grouped=True),
        "unit": _unit(distance),
        "label": distance.label,
        "calculation": _LARGE.sub(_grouped, distance.calculation).replace("-", MINUS),
        "value": plain(distance.value, grouped=True),
    }
    if not distance.calculation:
        words = (
            _("%(amount)s %(unit)s less would reach the target of %(value)s.")
            if is_less
            else _("%(amount)s %(unit)s more would reach the target of %(value)s.")
        )
    elif is_less:
        words = _(
            "%(amount)s %(unit)s less would reach the target:"
            " %(calculation)s = %(value)s."
        )
    else:
        words = _(
            "%(amount)s %(unit)s more would reach the target:"
            " %(calculation)s = %(value)s."
        )
    text = " ".join((words % params).split())
    if not distance.label:
        return text
    return _("“%(label)s”: %(distance)s") % {"label": distance.label, "distance": text}


def _unit(distance: Distance) -> str:
    """Return what is missing: a percentage is missed by percentage points."""
    if distance.unit in ("%", "％") and not distance.calculation:
        return _("percentage points")
    return distance.unit


def _shown(params: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text if name in _WORDS else _number(text) for name, text in params.items()
    }


def _grouped(number: re.Match[str]) -> str:
    return plain(Decimal(number[0]), grouped=True)


def _number(text: str) -> str:
    if _DAY.fullmatch(text):
        return _day_text(date.fromisoformat(text))
    try:
        return plain(Decimal(text), grouped=True)
    except InvalidOperation:
        return text


def _day_text(day: date) -> str:
    """Return a day as it is typed: 111.12.31 in Chinese, 2022-12-31 else."""
    if (get_language() or "").startswith("zh"):
        return f"{roc(day.year)}.{day.month}.{day.day}"
    return day.isoformat()
