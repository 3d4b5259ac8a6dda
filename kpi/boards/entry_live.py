"""What a row says while somebody types: value, light, arithmetic, distance, checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bsc.numbers import achievement_text, half_up, plain
from kpi import scoring
from kpi.boards.entry_drawings import Gauge, gauge
from kpi.entries import (
    Check,
    Definition,
    Demand,
    Problem,
    Reading,
    distance,
    doubts,
    missing_explanations,
    must_explain,
    read,
    unconfirmed,
)
from kpi.entry_wording import check_text, demand_text, distance_text, problem_text
from kpi.models import Entry, Kpi
from kpi.scoring import Light, Rules, Score, Step
from kpi.wording import ABSENCES, LIGHTS, REASONS, STANDINGS, step_text

# The steps of a trace that a person follows while typing.
_SUMS = frozenset(
    {
        "actual-by-target",
        "target-by-actual",
        "excess-over-target",
        "shortfall-below-target",
        "zero-target-counted",
        "total",
        "part-reached",
        "part-not-reached",
        "stated-reached",
        "stated-not-reached",
    }
)


@dataclass(frozen=True, slots=True)
class LightView:
    """A light with its word."""

    code: str
    word: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A question about a figure, and whether it was answered for it before."""

    key: str
    box: str
    text: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class CardRules:
    """The rules a card is rated by; `is_adopted` is false for what would hold."""

    rules: Rules
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class Live:
    """All of a row that follows from what was typed.

    `value` is the figure, `nothing` the words where there is none. `errors` are what
    is wrong with a box, `lacking` what must be there before the figure is sent, and
    `left` what of it stays once the questions are answered.
    """

    is_begun: bool
    version: int | None
    value: str
    nothing: str
    measure: str
    light: LightView | None
    reason: str
    rules_words: str
    gauge: Gauge | None
    sentences: tuple[str, ...]
    distance: str
    checks: tuple[CheckView, ...]
    demands: tuple[str, ...]
    needs: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    lacking: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    saved: str

    @property
    def is_explained(self) -> bool:
        """Whether words are asked for at all."""
        return bool(self.demands)


def live_of(
    kpi: Kpi,
    definition: Definition,
    entry: Entry | None,
    rules: CardRules | None,
    *,
    typed: Mapping[str, str] | None = None,
) -> Live:
    """Return what a row says for what is kept, or for `typed` where that is given."""
    boxes = (entry.typed if entry else {}) if typed is None else typed
    reading = read(boxes, definition)
    score = _score(kpi, definition, reading, rules)
    confirmed = entry.confirmed if entry else {}
    asked = doubts(reading, definition)
    waiting = {check.key for check in unconfirmed(asked, confirmed)}
    demands = must_explain(reading, definition, score, confirmed)
    lacking = (*reading.missing, *missing_explanations(boxes, demands))
    # Once every question is answered, fewer words may be asked for.
    answered = {check.key: check.value for check in asked}
    still = must_explain(reading, definition, score, answered)
    left = (*reading.missing, *missing_explanations(boxes, still))
    is_begun = any(text.strip() for text in boxes.values())
    return Live(
        is_begun=is_begun,
        version=entry.version if entry else None,
        value=_value(definition, reading),
        nothing=_nothing(reading),
        measure=definition.measure,
        light=_light(score),
        reason=_reason(score),
        rules_words=_rules_words(rules),
        gauge=_gauge(kpi, score, rules),
        sentences=_sentences(kpi, score),
        distance=_distance(definition, reading, score),
        checks=tuple(_check_view(check, waiting) for check in asked),
        demands=tuple(demand_text(demand) for demand in demands),
        needs=_needs(demands),
        errors=_worded(reading.problems),
        lacking=_once(_worded(lacking)),
        left=_once(_worded(left)),
        saved=saved_text(entry),
    )


def _score(
    kpi: Kpi, definition: Definition, reading: Reading, rules: CardRules | None
) -> Score | None:
    figure = reading.figure
    if figure is None:
        return None
    return scoring.score(
        definition.direction,
        definition.target,
        figure,
        reading.rating,
        rules.rules if rules else None,
        exempt=definition.is_exempt,
        achievement_decimals=kpi.achievement_decimals,
        by_hand=reading.light,
    )


def _value(definition: Definition, reading: Reading) -> str:
    if reading.value is None:
        return reading.text
    places = len(plain(reading.value).partition(".")[2])
    if reading.outcome is None:
        return plain(reading.value, grouped=True)
    return plain(reading.value, max(definition.decimals, places), grouped=True)


def _nothing(reading: Reading) -> str:
    if reading.absence is not None:
        return str(ABSENCES[reading.absence])
    if reading.value is None and not reading.text:
        return _("not yet reported")
    return ""


def _light(score: Score | None) -> LightView | None:
    if score is None:
        return None
    return LightView(str(score.light), str(LIGHTS[Light(score.light)]))


def _reason(score: Score | None) -> str:
    if score is None or score.reason is None:
        return ""
    return str(REASONS[score.reason])


def _rules_words(rules: CardRules | None) -> str:
    if rules is None:
        return ""
    words = STANDINGS[rules.rules.standing]
    if rules.is_adopted:
        return _("%(standing)s limits") % {"standing": words}
    return _("%(standing)s limits, not adopted yet") % {"standing": words}


def _gauge(kpi: Kpi, score: Score | None, rules: CardRules | None) -> Gauge | None:
    if score is None or rules is None or score.light == Light.UNKNOWN:
        return None
    if rules.rules.basis == scoring.Basis.TOTAL and score.total is not None:
        words = pgettext("gauge", "total %(points)s") % {"points": plain(score.total)}
        return gauge(rules.rules, score.total, words)
    if rules.rules.basis == scoring.Basis.ACHIEVEMENT and score.achievement is not None:
        printed = achievement_text(score.achievement, kpi.achievement_decimals)
        words = pgettext("gauge", "achievement %(percent)s") % {"percent": printed}
        return gauge(rules.rules, score.achievement, words)
    return None


def _sentences(kpi: Kpi, score: Score | None) -> tuple[str, ...]:
    if score is None:
        return ()
    return tuple(
        step_text(_as_printed(step, kpi)) for step in score.trace if step.code in _SUMS
    )


def _as_printed(step: Step, kpi: Kpi) -> Step:
    """Return a step whose achievement has the printed places, not all there are."""
    exact = step.params.get("achievement")
    if exact is None:
        return step
    printed = half_up(Decimal(exact), kpi.achievement_decimals)
    sign = "=" if printed == Decimal(exact) else "≈"
    params = {**step.params, "achievement": str(printed), "sign": sign}
    return Step(step.code, params)


def _distance(definition: Definition, reading: Reading, score: Score | None) -> str:
    if score is None or score.reached:
        return ""
    missing = distance(definition, reading)
    return distance_text(missing) if missing is not None else ""


def _check_view(check: Check, waiting: set[str]) -> CheckView:
    is_confirmed = check.key not in waiting
    return CheckView(check.key, check.box, check_text(check), is_confirmed)


def _needs(demands: tuple[Demand, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(box for demand in demands for box in demand.boxes))


def _worded(problems: tuple[Problem, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((problem.box, problem_text(problem)) for problem in problems)


def _once(worded: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(worded))


def saved_text(entry: Entry | None) -> str:
    """Return when the draft was kept; empty where none is."""
    if entry is None or entry.entered_at is None or not entry.is_editable:
        return ""
    return moment_text(entry.entered_at)


def moment_text(moment: datetime) -> str:
    """Return a moment as people say it: the time today, else the day before it."""
    local = timezone.localtime(moment)
    time = f"{local:%H:%M}"
    if local.date() == timezone.localdate():
        return time
    return f"{local.month}/{local.day} {time}"
