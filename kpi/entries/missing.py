"""What must be there before an entry is sent; while somebody types it is no mistake."""

from collections.abc import Iterator

from kpi.entries.boxes import POINTS
from kpi.entries.definitions import Box, Definition, Kind
from kpi.entries.reading import Problem, Reading


def missing_in(
    reading: Reading, definition: Definition, boxes: tuple[Box, ...]
) -> Iterator[Problem]:
    """Return the empty boxes of a reading that must be filled; `boxes` are the figure's.

    Source: docs/rules.md, "What people type".
    """
    if reading.is_empty:
        yield Problem(boxes[0].name, "nothing-entered")
    elif reading.absence is None:
        yield from _figures(reading, definition, boxes)
        yield from _judgement(reading, definition)
    elif not reading.absence_reason:
        yield Problem("absence_reason", "reason-missing")
    if definition.is_late and not reading.late_reason:
        yield Problem("late_reason", "late-reason-missing")


def _figures(
    reading: Reading, definition: Definition, boxes: tuple[Box, ...]
) -> Iterator[Problem]:
    outcome = reading.outcome
    if definition.parsed is not None and outcome is not None:
        empty = {
            Kind.INPUT: outcome.missing,
            Kind.PREVIOUS: outcome.missing_previous,
        }
        for box in boxes:
            if box.label in empty.get(box.kind, ()):
                yield Problem(box.name, "input-missing", {"label": box.label})
    elif reading.value is None and not reading.text:
        yield Problem(boxes[0].name, "value-missing")
    is_compared = definition.target is None or definition.goal is not None
    is_stated_only = reading.text or (reading.value is not None and not is_compared)
    if is_stated_only and reading.is_reached is None:
        yield Problem("reached", "reached-missing")


def _judgement(reading: Reading, definition: Definition) -> Iterator[Problem]:
    is_judged = False
    if definition.is_rated:
        points = {name: getattr(reading, name) for name in POINTS}
        is_judged = any(value is not None for value in points.values())
        for name, value in points.items():
            if value is None:
                yield Problem(name, "points-missing")
    if definition.is_light_given:
        is_judged = is_judged or reading.light is not None
        if reading.light is None:
            yield Problem("light", "light-missing")
    if is_judged and not reading.basis:
        yield Problem("basis", "basis-missing")
