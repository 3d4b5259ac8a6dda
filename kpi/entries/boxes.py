"""`boxes_of`: the boxes of one KPI, in the order in which they are filled."""

from collections.abc import Iterator

from kpi.entries.definitions import Box, Definition, Kind
from kpi.entries.texts import unit_of_label

POINTS = ("innovation", "challenge", "contribution")


def boxes_of(definition: Definition) -> tuple[Box, ...]:
    """Return the boxes that a KPI asks for, each once, in the order of filling.

    The figure first: one box per input of a formula that is understood (`input:0` …),
    `previous:0` … for a figure of last year that nobody has entered yet, else `value`;
    `part:0` … for a target in parts; `text` and `reached` where the target is in
    words. Then why there is none, the months, the self-rating, the explanation.
    """
    return (*figure_boxes(definition), *_other_boxes(definition))


def figure_boxes(definition: Definition) -> tuple[Box, ...]:
    """Return the boxes that the figure itself is typed into."""
    return tuple(_figure(definition))


def _figure(definition: Definition) -> Iterator[Box]:
    formula, target = definition.parsed, definition.target
    if formula is None:
        yield Box("value", "", Kind.VALUE, definition.measure, definition.last)
    elif definition.is_single:
        label = formula.labels[0]
        yield Box("input:0", label, Kind.INPUT, definition.measure, definition.last)
    else:
        for at, label in enumerate(formula.labels):
            past = definition.previous.get(label)
            yield Box(f"input:{at}", label, Kind.INPUT, unit_of_label(label), past)
        for at, label in enumerate(formula.previous):
            if definition.previous.get(label) is None:
                name = f"previous:{at}"
                yield Box(name, label, Kind.PREVIOUS, unit_of_label(label))
    if target is None:
        return
    for at, part in enumerate(target.parts):
        yield Box(f"part:{at}", part.label, Kind.PART, definition.measure)
    if definition.goal is None:
        yield Box("text", "", Kind.TEXT)
        yield Box("reached", "", Kind.REACHED)


def _other_boxes(definition: Definition) -> Iterator[Box]:
    yield Box("absence", "", Kind.ABSENCE)
    yield Box("absence_reason", "", Kind.REASON)
    yield Box("months", "", Kind.MONTHS)
    if definition.is_rated:
        for name in POINTS:
            yield Box(name, "", Kind(name))
    if definition.is_light_given:
        yield Box("light", "", Kind.LIGHT)
    if definition.is_rated or definition.is_light_given:
        yield Box("basis", "", Kind.BASIS)
    yield Box("control", "", Kind.CONTROL)
    yield Box("explanation", "", Kind.EXPLANATION)
    yield Box("remedy", "", Kind.REMEDY)
    yield Box("remedy_due_on", "", Kind.REMEDY_DUE)
    if definition.is_late:
        yield Box("late_reason", "", Kind.LATE_REASON)
