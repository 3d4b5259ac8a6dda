"""Two printings of one KPI: where they contradict each other, and both as one."""

from dataclasses import replace
from typing import Any

from sheets.cells import normal
from sheets.forms.readings import Figure, KpiReading

type Figures = dict[int, Figure]


def difference_of(known: KpiReading, again: KpiReading) -> tuple[str, str] | None:
    """Return where two KPIs of one code contradict each other, None if nowhere."""
    pairs = [(known.name, again.name), (known.formula_text, again.formula_text)]
    for year in known.targets.keys() & again.targets.keys():
        pairs.append((known.targets[year].text, again.targets[year].text))
    for year in known.actuals.keys() & again.actuals.keys():
        pairs.append((known.actuals[year].text, again.actuals[year].text))
    for first, second in pairs:
        if first and second and normal(first) != normal(second):
            return first, second
    return None


def other_owners(known: KpiReading, again: KpiReading) -> bool:
    """Say whether both printings name who is responsible, and not the same units."""
    return bool(known.owners and again.owners) and (
        set(map(normal, known.owners)) != set(map(normal, again.owners))
    )


def joined(known: KpiReading, again: KpiReading) -> KpiReading:
    """Return a KPI with all that two printings say; what both say is the first's."""
    more: dict[str, Any] = {
        "targets": known.targets | again.targets | known.targets,
        "actuals": known.actuals | again.actuals | known.actuals,
    }
    if known.factor is None:
        more["factor"] = again.factor
    if not known.formula_cell:
        more["formula_text"] = again.formula_text
        more["formula_cell"] = again.formula_cell
        more["notes"] = (*known.notes, *again.notes)
    if not known.measure:
        more["measure"], more["measure_text"] = again.measure, again.measure_text
    if not known.direction:
        more["direction"] = again.direction
        more["direction_basis"] = again.direction_basis
    if not known.owners:
        more["owners"], more["owner_texts"] = again.owners, again.owner_texts
        more["owners_cell"] = again.owners_cell
    if not known.name:
        more["name"], more["text"] = again.name, again.text
    if not known.perspective:
        more["perspective"] = again.perspective
    return replace(known, **more)
