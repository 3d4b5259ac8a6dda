"""Changes to a plan by its planners: who may, why, and upon what they saw.

Every change of a card goes through `open_plan`, which holds the card until the end of
the transaction: two planners of one card take turns, and none meets a closing year.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Max, Model, ProtectedError, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, pgettext

from bsc.linking import link_cards
from bsc.models import (
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeMember,
    Unit,
    User,
)
from bsc.permissions import Action, may
from bsc.versions import require_version, version_of

type Part = Theme | Perspective | Objective | SuccessFactor | ObjectiveLink

# As many characters as the history keeps of a reason.
LONGEST_REASON = 100
# So many of those in the way are named.
MOST_TOLD = 4

WORDS = {
    "closed-card": gettext_lazy(
        "The year of this card is closed; it takes errata only."
    ),
    "not-yours": gettext_lazy("Planners of the card's unit do this."),
    "no-reason": gettext_lazy("The plan is in force: say why it changes."),
    "other-card": gettext_lazy("This belongs to another card."),
    "in-use": gettext_lazy("This is still in use by: %(what)s."),
    "stays-in-force": gettext_lazy("A plan in force does not become a draft again."),
    "code-taken": gettext_lazy("Another of this card has this code."),
    "themes-turned": gettext_lazy("The last theme stands before the first."),
    "needs-theme": gettext_lazy("Choose the first theme as well."),
}


def refusal(code: str, *, box: str = "", **params: Any) -> ValidationError:
    """Return the error of `code`, with its words; `box` is where it stands."""
    error = ValidationError(WORDS[code], code=code, params=params)
    return ValidationError({box: [error]}) if box else error


def open_plan(card: Scorecard, *, by: User, reason: str) -> Scorecard:
    """Hold a card for a change by `by`, and return it as it stands.

    Raises ValidationError: closed-card, not-yours, and no-reason (at the box "reason")
    where the plan is in force.
    """
    cards = Scorecard.objects.select_for_update(of=("self",)).select_related("unit")
    held = cards.get(pk=card.pk)
    if held.status == Scorecard.Status.CLOSED:
        raise refusal("closed-card")
    if not may(by, Action.EDIT_PLAN, held):
        raise refusal("not-yours")
    if held.status == Scorecard.Status.IN_FORCE and not reason.strip():
        raise refusal("no-reason", box="reason")
    return held


def keep(row: Model, *, by: User, reason: str) -> None:
    """Store a row, and in its history the person and the reason."""
    row._history_user = by
    row._change_reason = Truncator(reason.strip()).chars(LONGEST_REASON)
    row.save()


def remove(row: Model, *, by: User, reason: str) -> None:
    """Take a row away, and keep in its history who did and why."""
    row._history_user = by
    row._change_reason = Truncator(reason.strip()).chars(LONGEST_REASON)
    row.delete()


def set_values(row: Model, values: Mapping[str, Any]) -> list[str]:
    """Set the columns of a row, and return the names of those that changed."""
    changed = [name for name, value in values.items() if _held(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _held(row: Model, name: str) -> Any:
    try:
        return getattr(row, name)
    except ObjectDoesNotExist:
        return None


def card_of(part: Part) -> Scorecard:
    """Return the card that a part of a plan stands on."""
    if isinstance(part, SuccessFactor):
        return part.objective.scorecard
    if isinstance(part, ObjectiveLink):
        return part.cause.scorecard
    return part.scorecard


@transaction.atomic
def save_part(
    *,
    part: Part,
    values: Mapping[str, Any],
    by: User,
    reason: str = "",
    version: str = "",
    members: Sequence[Unit] | None = None,
    lead: Unit | None = None,
) -> Part:
    """Store a theme, perspective, objective, KSF or link, new or changed.

    A new one stands last among its like. `members` and `lead` are the units of a
    theme. Cards that hang on what changed are linked again. Raises ValidationError as
    `open_plan` and `require_version` do; code-taken, other-card.
    """
    card = open_plan(card_of(part), by=by, reason=reason)
    is_new = part.pk is None
    if not is_new:
        require_version(version, *_histories(part))
    changed = set_values(part, values)
    _require_of_card(part, card)
    _forget_printed(part, changed, is_new=is_new)
    if is_new and hasattr(part, "position") and "position" not in values:
        part.position = _next_position(part)
    _require_code_once(part, card)
    part.full_clean(validate_constraints=True, validate_unique=False)
    if is_new or changed:
        keep(part, by=by, reason=reason)
    if isinstance(part, Theme) and members is not None:
        _set_members(part, members, lead, by=by, reason=reason)
    if not isinstance(part, SuccessFactor | Perspective):
        link_again(card, by=by, reason=reason)
    return part


@transaction.atomic
def remove_part(*, part: Part, by: User, reason: str = "", version: str = "") -> None:
    """Take a part off its card. Raises ValidationError in-use where things hang on it.

    And as `open_plan` and `require_version` do.
    """
    card = open_plan(card_of(part), by=by, reason=reason)
    require_version(version, *_histories(part))
    hanging = _hanging_on(part)
    if hanging:
        raise refusal("in-use", what=pgettext("enumeration", ", ").join(hanging))
    try:
        remove(part, by=by, reason=reason)
    except ProtectedError as error:
        names = sorted({str(row) for row in error.protected_objects})
        raise refusal(
            "in-use", what=pgettext("enumeration", ", ").join(names[:MOST_TOLD])
        ) from error
    link_again(card, by=by, reason=reason)


def _hanging_on(part: Part) -> list[str]:
    """Return what would lose its place silently with a part."""
    if isinstance(part, Theme):
        spanning = part.scorecard.objectives.filter(first_theme=part)
        spanning |= part.scorecard.objectives.filter(last_theme=part)
        return [str(row) for row in spanning[:MOST_TOLD]]
    if isinstance(part, Objective):
        return [str(row) for row in part.success_factors.all()[:MOST_TOLD]]
    return []


def _histories(part: Part) -> list[QuerySet]:
    own = type(part).history.filter(id=part.pk)
    if isinstance(part, Theme):
        return [own, ThemeMember.history.filter(theme_id=part.pk)]
    return [own]


def version_of_part(part: Part) -> str:
    """Return what stands for a part as its form shows it; empty for a new one."""
    return version_of(*_histories(part)) if part.pk else ""


def _require_of_card(part: Part, card: Scorecard) -> None:
    """Refuse relations to parts of other cards, and themes in the wrong order."""
    for name in ("theme", "perspective", "first_theme", "last_theme", "effect"):
        related = getattr(part, name, None)
        if related is not None and related.scorecard_id != card.pk:
            raise refusal("other-card", box=name)
    if isinstance(part, SuccessFactor) and part.objective.scorecard_id != card.pk:
        raise refusal("other-card", box="objective")
    if isinstance(part, Objective) and part.last_theme is not None:
        if part.first_theme is None:
            raise refusal("needs-theme", box="first_theme")
        order = [(t.position, t.pk) for t in (part.first_theme, part.last_theme)]
        if order[0] > order[1]:
            raise refusal("themes-turned", box="last_theme")


def _require_code_once(part: Part, card: Scorecard) -> None:
    if isinstance(part, SuccessFactor | ObjectiveLink):
        return
    same = type(part).objects.filter(scorecard=card, code=part.code)
    if same.exclude(pk=part.pk).exists():
        raise refusal("code-taken", box="code")


def _next_position(part: Part) -> int:
    if isinstance(part, SuccessFactor):
        like = part.objective.success_factors
    else:
        like = type(part).objects.filter(scorecard=part.scorecard)
    last = like.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


# What a map or table printed of a part, and the columns it no longer goes with.
PRINTED: dict[type, tuple[str, ...]] = {
    Theme: ("label",),
    Perspective: ("map_label", "table_label"),
    Objective: ("code_text", "map_name", "table_name", "map_text", "table_text"),
    SuccessFactor: ("text",),
}


def _forget_printed(part: Part, changed: Iterable[str], *, is_new: bool) -> None:
    """Empty what is kept as printed where a code or a name no longer says so."""
    if is_new or not set(changed) & {"code", "name"}:
        return
    for name in PRINTED.get(type(part), ()):
        setattr(part, name, "")


def _set_members(
    theme: Theme,
    units: Sequence[Unit],
    lead: Unit | None,
    *,
    by: User,
    reason: str,
) -> None:
    """Let a theme have these units; who stays keeps the name and line as printed."""
    if lead is not None and lead not in units:
        units = [lead, *units]
    held = {member.unit_id: member for member in theme.members.all()}
    wanted = {unit.pk for unit in units}
    for key, member in held.items():
        if key not in wanted:
            remove(member, by=by, reason=reason)
    lines = [member.line for key, member in held.items() if key in wanted]
    places = [member.position for member in held.values()]
    next_line, place = max(lines, default=0) + 1, max(places, default=-1) + 1
    for unit in units:
        is_lead = lead is not None and unit.pk == lead.pk
        member = held.get(unit.pk)
        if member is None:
            member = ThemeMember(
                theme=theme,
                unit=unit,
                name=unit.short_name or unit.name,
                is_lead=is_lead,
                line=1 if is_lead else next_line,
                position=place,
            )
            place += 1
            keep(member, by=by, reason=reason)
        elif member.is_lead != is_lead:
            member.is_lead = is_lead
            keep(member, by=by, reason=reason)


def link_again(card: Scorecard, *, by: User, reason: str) -> None:
    """Find again what the card and the cards below it hang under.

    Objectives that are one by a person's answer stay one.
    """
    cards = list(Scorecard.objects.touching([card.unit]))
    joined = Objective.objects.filter(scorecard__in=cards, same_as__isnull=False)
    answered = dict.fromkeys(joined.values_list("pk", "same_as"), True)
    link_cards(cards, answered=answered, by=by, reason=reason)


CARD_FIELDS = (
    "title",
    "map_title",
    "mission",
    "vision",
    "core_values",
    "parent_text",
)


@transaction.atomic
def save_card(
    *,
    card: Scorecard,
    values: Mapping[str, Any],
    by: User,
    reason: str = "",
    version: str = "",
) -> Scorecard:
    """Store what a card says at its head, and whether it is in force.

    `values` are of CARD_FIELDS and "status": what is in force stays so, and closing
    has a service of its own. Raises ValidationError as `open_plan` and
    `require_version` do; stays-in-force.
    """
    held = open_plan(card, by=by, reason=reason)
    require_version(version, Scorecard.history.filter(id=held.pk))
    was_in_force = held.status == Scorecard.Status.IN_FORCE
    changed = set_values(held, values)
    if was_in_force and held.status != Scorecard.Status.IN_FORCE:
        raise refusal("stays-in-force", box="status")
    if "core_values" in changed:
        held.core_values_text = ""
    if "parent_text" in changed and not held.parent_text:
        held.parent_theme = held.parent_objective = None
    if held.status == Scorecard.Status.CLOSED:
        raise refusal("closed-card", box="status")
    held.full_clean()
    if changed:
        keep(held, by=by, reason=reason)
        link_again(held, by=by, reason=reason)
    return held
