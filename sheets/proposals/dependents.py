"""Which rows cannot go because other rows point at them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import batched

from django.db import models

from bsc.models import LineageStep, Objective, Scorecard, Unit
from kpi.models import Kpi, Result, Series
from sheets.models import ObjectiveAnswer

type Place = tuple[type[models.Model], int]

# What is found again from the cards that are there keeps nothing.
DERIVED = {
    Objective: frozenset({"same_as_id"}),
    Scorecard: frozenset({"fills_theme_id", "parent_theme_id", "parent_objective_id"}),
}
# A query takes no more parameters than this on every database.
KEYS_A_QUERY = 10_000


def held(
    going: Mapping[type[models.Model], Iterable[int]],
    turning: Mapping[Place, Mapping[str, object]] | None = None,
) -> dict[Place, Place]:
    """Return which of the rows that are to go must stay, and by what each is held.

    `going` are keys by model. A row is held by one that points at it and stays; a KPI
    also by its series, for the figures that hang there. Results, derived links and
    steps of lineage hold nothing, nor does a column that `turning` turns elsewhere: it
    has values of columns by row.
    """
    turning = turning or {}
    gone = {(model, key) for model, keys in going.items() for key in keys}
    holders: dict[Place, list[Place]] = defaultdict(list)
    found: dict[Place, Place] = {}
    for model, keys in going.items():
        for relation in _pointing_at(model):
            for pointing, target in _rows_pointing(relation, keys):
                by = (relation.related_model, pointing)
                if relation.field.attname in turning.get(by, ()):
                    continue
                if by in gone:
                    holders[by].append((model, target))
                else:
                    found.setdefault((model, target), by)
    for section in _units_with_others_below(going.get(Unit, ())):
        found.setdefault((Unit, section), (Unit, section))
    if going.get(Kpi) and going.get(Series):
        for keys in batched(going[Kpi], KEYS_A_QUERY):
            of_kpi = Kpi.objects.filter(pk__in=keys).order_by()
            for kpi, series in of_kpi.values_list("pk", "series_id"):
                holders[Series, series].append((Kpi, kpi))
    waiting = list(found)
    while waiting:
        place = waiting.pop()
        for target in holders.get(place, ()):
            if target not in found:
                found[target] = place
                waiting.append(target)
    return found


def _pointing_at(model: type[models.Model]) -> list:
    """Return the relations by which rows of other tables, or its own, point at it."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and relation.field.db_constraint
        and relation.related_model is not Result
        and not issubclass(relation.related_model, LineageStep | ObjectiveAnswer)
        and relation.field.attname not in DERIVED.get(relation.related_model, ())
    ]


def _rows_pointing(relation, keys: Iterable[int]) -> Iterable[tuple[int, int]]:
    column = relation.field.attname
    for some in batched(keys, KEYS_A_QUERY):
        rows = relation.related_model._base_manager.filter(**{f"{column}__in": some})
        yield from rows.order_by().values_list("pk", column)


def _units_with_others_below(keys: Iterable[int]) -> list[int]:
    """Return the units with a unit below that is not to go: the tree has no relation."""
    keys = set(keys)
    if not keys:
        return []
    return [
        unit.pk
        for unit in Unit.objects.filter(pk__in=keys)
        if Unit.objects.filter(path__startswith=unit.path).exclude(pk__in=keys).exists()
    ]
